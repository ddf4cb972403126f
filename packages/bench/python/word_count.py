"""Counts the words of a file, or of all files in a directory: a plain loop, multiprocessing.Pool, joblib or dask.bag."""
import os
import re
import sys
from collections import Counter
from by_hand import STYLES, added, chunks_of, ranges_of, text_files_in, text_of, timed

WORD = re.compile("[a-z]+")
WORD_OF_BYTES = re.compile(b"[a-z]+")


def count_lines(path):
    counts = Counter()
    with open(path, encoding="utf8") as file:
        for line in file:
            counts.update(WORD.findall(line.lower()))
    return counts


def count_range(byte_range):
    """What is counted as bytes costs less than text."""
    return dict(Counter(WORD_OF_BYTES.findall(text_of(byte_range).lower())))


def count_files(paths):
    counts = Counter()
    for path in paths:
        with open(path, "rb") as file:
            counts.update(WORD_OF_BYTES.findall(file.read().lower()))
    return dict(counts)


def counts_of(style, path):
    if style == "loop":
        return count_lines(path)
    if os.path.isdir(path):
        return added(STYLES[style](count_files, chunks_of(text_files_in(path))))
    # Few ranges: each has most of the words, and all of those are sent and merged again.
    return added(STYLES[style](count_range, ranges_of(path, 4)))


def verdict(counts):
    return f"{sum(counts.values())} words, {len(counts)} different, at most {max(counts.values())} times"


def main():
    style, path = sys.argv[1:]
    timed(lambda: verdict(counts_of(style, path)))


if __name__ == "__main__":
    main()
