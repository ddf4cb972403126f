"""The sum of the numbers in very many files: multiprocessing.Pool, joblib or dask.bag."""
import sys
from by_hand import STYLES, chunks_of, text_files_in, timed


def sum_of_files(paths):
    total = 0
    for path in paths:
        with open(path, "rb") as file:
            for line in file.read().split():
                total += int(line)
    return total


def main():
    style, directory = sys.argv[1:]
    timed(lambda: sum(STYLES[style](sum_of_files, chunks_of(text_files_in(directory)))))


if __name__ == "__main__":
    main()
