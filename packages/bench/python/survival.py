"""Squares of which the first process that comes to 20 is killed: multiprocessing.Pool, joblib or dask.bag."""
import os
import signal
import sys


def square_of(work):
    n, marker = work
    if n == 20:
        try:
            os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            pass
        else:
            os.kill(os.getpid(), signal.SIGKILL)
    return n * n


def pool(works):
    import multiprocessing

    with multiprocessing.Pool(2) as workers:
        return workers.map(square_of, works, chunksize=1)


def with_joblib(works):
    from joblib import Parallel, delayed

    return Parallel(n_jobs=2)(delayed(square_of)(work) for work in works)


def with_dask(works):
    import dask.bag

    bag = dask.bag.from_sequence(works, npartitions=64)
    return bag.map(square_of).compute(scheduler="processes", num_workers=2)


def main():
    marker, style = sys.argv[1], sys.argv[2]
    run = {"pool": pool, "joblib": with_joblib, "dask": with_dask}[style]
    try:
        squares = run([(n, marker) for n in range(64)])
        print("right result" if sum(squares) == 85344 else "wrong result", flush=True)
    except Exception as error:  # whatever it is, the user sees it
        print(f"error: {type(error).__name__}: {str(error).splitlines()[0][:60]}", flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
