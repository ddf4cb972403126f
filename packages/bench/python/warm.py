"""A list to a warm multiprocessing.Pool of two and back."""
import json
import multiprocessing
import statistics
import sys
import time


def identity(item):
    return item


def items_of(kind, count):
    if kind == "integers":
        return list(range(count))
    return [{"id": n, "name": f"name {n % 1000}", "score": n / 8, "isActive": n % 3 == 0} for n in range(count)]


def main():
    kind, count = sys.argv[1], int(sys.argv[2])
    with multiprocessing.Pool(2) as pool:
        items = items_of(kind, count)
        seconds = []
        for _ in range(10):
            started = time.perf_counter()
            found = pool.map(identity, items)
            seconds.append(time.perf_counter() - started)
    total = sum(range(count))
    result = f"{len(found)} items, {total}" if found == items else "another list"
    print(json.dumps({"seconds": statistics.median(seconds[3:]), "result": result}))


if __name__ == "__main__":
    main()
