"""A list to two warm processes and back: multiprocessing.Pool, joblib or dask.bag."""
import json
import statistics
import sys
import time
from warm_by_hand import warm


def identity(item):
    return item


def items_of(kind, count):
    if kind == "integers":
        return list(range(count))
    return [{"id": n, "name": f"name {n % 1000}", "score": n / 8, "isActive": n % 3 == 0} for n in range(count)]


def main():
    style, kind, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with warm(style) as mapped:
        items = items_of(kind, count)
        seconds = []
        for _ in range(10):
            started = time.perf_counter()
            found = mapped(identity, items, -(-count // 64))
            seconds.append(time.perf_counter() - started)
    total = sum(range(count))
    result = f"{len(found)} items, {total}" if found == items else "another list"
    print(json.dumps({"seconds": statistics.median(seconds[3:]), "result": result}))


if __name__ == "__main__":
    main()
