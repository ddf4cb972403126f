"""So many tasks that do nothing on a warm multiprocessing.Pool of two."""
import json
import multiprocessing
import sys
import time


def no_op(value):
    return value


def main():
    tasks = int(sys.argv[1])
    with multiprocessing.Pool(2) as pool:
        for _ in pool.imap(no_op, range(200)):
            pass
        started = time.perf_counter()
        for _ in pool.imap(no_op, range(tasks)):
            pass
        seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "result": "undefined"}))


if __name__ == "__main__":
    main()
