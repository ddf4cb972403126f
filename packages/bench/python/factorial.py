"""Factorials of a million numbers from standard input, summed: a plain loop, Pool.map, or Pool.imap over chunks."""
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


def main():
    length, processes, style = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    numbers = random_integers(length)
    started = time.perf_counter()
    if style == "loop":
        total = sum_of_chunk(numbers)
    else:
        with multiprocessing.Pool(processes) as pool:
            if style == "map":
                total = sum(pool.map(factorial, numbers))
            else:
                size = -(-length // 64)
                total = sum(pool.imap(sum_of_chunk, [numbers[i : i + size] for i in range(0, length, size)]))
    print(json.dumps({"seconds": time.perf_counter() - started, "result": str(total)}))


if __name__ == "__main__":
    main()
