"""One record at a time on a warm multiprocessing.Pool of two."""
import json
import multiprocessing
import statistics
import time


def double(n):
    return 2 * n


def main():
    with multiprocessing.Pool(2) as pool:
        seconds = []
        for _ in range(700):
            started = time.perf_counter()
            (found,) = pool.map(double, [20])
            seconds.append(time.perf_counter() - started)
    print(json.dumps({"seconds": statistics.median(seconds[200:]), "result": str(found)}))


if __name__ == "__main__":
    main()
