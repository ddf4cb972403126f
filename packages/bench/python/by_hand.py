"""Work that is cut by hand, done by two processes of multiprocessing.Pool, joblib or dask.bag, and put together."""
import json
import multiprocessing
import os
import time

PROCESSES = 2


def pool(function, tasks):
    with multiprocessing.Pool(PROCESSES) as workers:
        return workers.map(function, tasks, chunksize=1)


def with_joblib(function, tasks):
    from joblib import Parallel, delayed

    return Parallel(n_jobs=PROCESSES)(delayed(function)(task) for task in tasks)


def with_dask(function, tasks):
    import dask.bag

    bag = dask.bag.from_sequence(tasks, npartitions=len(tasks))
    return bag.map(function).compute(scheduler="processes", num_workers=PROCESSES)


STYLES = {"pool": pool, "joblib": with_joblib, "dask": with_dask}


def timed(work):
    """Does work and reports its time and what it found."""
    started = time.perf_counter()
    result = work()
    print(json.dumps({"seconds": time.perf_counter() - started, "result": str(result)}))


def chunks_of(items, count=64):
    size = -(-len(items) // count)
    return [items[i : i + size] for i in range(0, len(items), size)]


def ranges_of(path, count):
    """Cuts a file into byte ranges."""
    size = os.path.getsize(path)
    length = -(-size // count)
    return [(path, start, min(size, start + length)) for start in range(0, size, length)]


def text_of(byte_range):
    """The lines that start in a byte range, as bytes."""
    path, start, end = byte_range
    with open(path, "rb") as file:
        if start > 0:
            file.seek(start - 1)
            file.readline()
        if file.tell() >= end:
            return b""
        text = file.read(end - file.tell())
        return text if text.endswith(b"\n") else text + file.readline()


def text_files_in(directory):
    """The paths of all `.txt` files below a directory."""
    return [
        os.path.join(folder, name) for folder, _, names in os.walk(directory) for name in names if name.endswith(".txt")
    ]


def added(parts):
    """Adds up what parts have by their keys."""
    sums = {}
    for part in parts:
        for key, n in part.items():
            sums[key] = sums.get(key, 0) + n
    return sums
