"""Integers of a generator, mapped in order and added up: multiprocessing.Pool.imap, or chunks by joblib or dask.bag."""
import itertools
import multiprocessing
import sys
from by_hand import PROCESSES, STYLES, timed

CHUNK = 1000


def mapped(n):
    return 2 * n + 1


def mapped_chunk(numbers):
    return [mapped(n) for n in numbers]


def integers(count):
    for n in range(count):
        yield n


def imap(count):
    with multiprocessing.Pool(PROCESSES) as pool:
        yield from pool.imap(mapped, integers(count), chunksize=CHUNK)


def in_chunks(style, count):
    numbers = integers(count)
    # Neither pulls from a generator as results are taken: they are given all chunks.
    chunks = list(iter(lambda: list(itertools.islice(numbers, CHUNK)), []))
    for chunk in STYLES[style](mapped_chunk, chunks):
        yield from chunk


def sum_in_order(numbers):
    total = previous = 0
    for n in numbers:
        if n < previous:
            raise ValueError(f"{n} comes after {previous}")
        previous = n
        total += n
    return total


def main():
    style, count = sys.argv[1], int(sys.argv[2])
    timed(lambda: sum_in_order(imap(count) if style == "pool" else in_chunks(style, count)))


if __name__ == "__main__":
    main()
