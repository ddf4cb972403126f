"""Factorials of a million numbers, summed: a plain loop, multiprocessing.Pool, joblib or dask.bag."""
import json
import multiprocessing
import sys
import time


def factorial(n):
    product = 1
    for i in range(2, n + 1):
        product *= i
    return product


def sum_of_chunk(numbers):
    return sum(map(factorial, numbers))


def random_integers(length, state=42):
    """The numbers of examples/factorial/random-integers.ts (mulberry32)."""
    mask = 0xFFFFFFFF
    numbers = bytearray(length)
    for i in range(length):
        state = (state + 0x6D2B79F5) & mask
        t = ((state ^ (state >> 15)) * (state | 1)) & mask
        t ^= (t + (t ^ (t >> 7)) * (t | 61)) & mask
        numbers[i] = 1 + ((t ^ (t >> 14)) * 99 >> 32)
    return bytes(numbers)


def chunks_of(numbers):
    size = -(-len(numbers) // 64)
    return [numbers[i : i + size] for i in range(0, len(numbers), size)]


def loop(numbers, _):
    return sum_of_chunk(numbers)


def pool_map(numbers, processes):
    with multiprocessing.Pool(processes) as pool:
        return sum(pool.map(factorial, numbers))


def pool_list(numbers, processes):
    with multiprocessing.Pool(processes) as pool:
        factorials = pool.map(factorial, numbers)
    return sum(factorials)


def pool_chunks(numbers, processes):
    with multiprocessing.Pool(processes) as pool:
        return sum(pool.imap(sum_of_chunk, chunks_of(numbers)))


def with_joblib(numbers, processes):
    from joblib import Parallel, delayed

    return sum(Parallel(n_jobs=processes)(delayed(sum_of_chunk)(chunk) for chunk in chunks_of(numbers)))


def with_dask(numbers, processes):
    import dask.bag

    bag = dask.bag.from_sequence(list(numbers), npartitions=64)
    return bag.map(factorial).sum().compute(scheduler="processes", num_workers=processes)


def main():
    length, processes, style = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    numbers = random_integers(length)
    styles = {"loop": loop, "map": pool_map, "list": pool_list, "chunks": pool_chunks, "joblib": with_joblib, "dask": with_dask}
    started = time.perf_counter()
    total = styles[style](numbers, processes)
    print(json.dumps({"seconds": time.perf_counter() - started, "result": str(total)}))


if __name__ == "__main__":
    main()
