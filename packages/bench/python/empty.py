"""Two records in and out of a multiprocessing.Pool of two."""
import multiprocessing


def identity(n):
    return n


if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        assert pool.map(identity, [1, 2], chunksize=1) == [1, 2]
