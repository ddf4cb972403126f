"""Counts the words of a file: a plain loop, multiprocessing.Pool, joblib or dask.bag."""
import json
import multiprocessing
import os
import re
import sys
import time
from collections import Counter

WORD = re.compile("[a-z]+")
WORD_OF_BYTES = re.compile(b"[a-z]+")


def count_lines(lines):
    counts = Counter()
    for line in lines:
        counts.update(WORD.findall(line.lower()))
    return counts


def count_range(path, start, end):
    """The words of the lines that start in a byte range. What is counted as bytes costs less than text."""
    with open(path, "rb") as file:
        if start > 0:
            file.seek(start - 1)
            file.readline()
        if file.tell() >= end:
            return Counter()
        data = file.read(end - file.tell())
        if not data.endswith(b"\n"):
            data += file.readline()
    return Counter(WORD_OF_BYTES.findall(data.lower()))


def ranges_of(path, count=4):
    """Few of them: each has most of the words, and all of those are sent and merged again."""
    size = os.path.getsize(path)
    length = -(-size // count)
    return [(path, start, min(size, start + length)) for start in range(0, size, length)]


def loop(path, _):
    with open(path, encoding="utf8") as file:
        return count_lines(file)


def pool(path, processes):
    total = Counter()
    with multiprocessing.Pool(processes) as workers:
        for counts in workers.starmap(count_range, ranges_of(path), chunksize=1):
            total.update(counts)
    return total


def with_joblib(path, processes):
    from joblib import Parallel, delayed

    total = Counter()
    for counts in Parallel(n_jobs=processes)(delayed(count_range)(*part) for part in ranges_of(path)):
        total.update(counts)
    return total


def with_dask(path, processes):
    import dask.bag

    lines = dask.bag.read_text(path, blocksize=-(-os.path.getsize(path) // 4))
    words = lines.map(str.lower).map(WORD.findall).flatten()
    return dict(words.frequencies().compute(scheduler="processes", num_workers=processes))


def main():
    path, processes, style = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    count = {"loop": loop, "pool": pool, "joblib": with_joblib, "dask": with_dask}[style]
    started = time.perf_counter()
    counts = count(path, processes)
    seconds = time.perf_counter() - started
    result = f"{sum(counts.values())} words, {len(counts)} different, at most {max(counts.values())} times"
    print(json.dumps({"seconds": seconds, "result": result}))


if __name__ == "__main__":
    main()
