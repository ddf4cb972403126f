"""Integers of a generator, mapped in order by multiprocessing.Pool and added up."""
import json
import multiprocessing
import sys
import time


def mapped(n):
    return 2 * n + 1


def integers(count):
    for n in range(count):
        yield n


def main():
    count = int(sys.argv[1])
    started = time.perf_counter()
    total = previous = 0
    with multiprocessing.Pool(2) as pool:
        for n in pool.imap(mapped, integers(count), chunksize=1000):
            if n < previous:
                raise ValueError(f"{n} comes after {previous}")
            previous = n
            total += n
    print(json.dumps({"seconds": time.perf_counter() - started, "result": str(total)}))


if __name__ == "__main__":
    main()
