"""Factorials of a million numbers, as a list or summed: a plain loop, multiprocessing.Pool, joblib or dask.bag."""
import multiprocessing
import sys
from by_hand import PROCESSES, STYLES, chunks_of, timed


def factorial(n):
    product = 1
    for i in range(2, n + 1):
        product *= i
    return product


def sum_of_chunk(numbers):
    return sum(map(factorial, numbers))


def factorials_of_chunk(numbers):
    return list(map(factorial, numbers))


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


def sum_of(style, what, numbers):
    if style == "loop":
        return sum_of_chunk(numbers)
    if style == "map":
        with multiprocessing.Pool(PROCESSES) as pool:
            factorials = pool.map(factorial, numbers)
        return sum(factorials)
    if what == "sum":
        return sum(STYLES[style](sum_of_chunk, chunks_of(numbers)))
    return sum(n for part in STYLES[style](factorials_of_chunk, chunks_of(numbers)) for n in part)


def main():
    style, what, length = sys.argv[1], sys.argv[2], int(sys.argv[3])
    numbers = random_integers(length)
    timed(lambda: sum_of(style, what, numbers))


if __name__ == "__main__":
    main()
