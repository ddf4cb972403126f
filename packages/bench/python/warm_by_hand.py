"""Opens two processes of multiprocessing.Pool, joblib or dask.bag that go on from one call to the next."""
import contextlib
import multiprocessing
from by_hand import PROCESSES


@contextlib.contextmanager
def warm(style):
    """Gives a function that maps a function over items, in chunks of as many as it is told."""
    with contextlib.ExitStack() as stack:
        if style == "pool":
            pool = stack.enter_context(multiprocessing.Pool(PROCESSES))
            yield lambda function, items, chunk: pool.map(function, items)
        elif style == "joblib":
            from joblib import Parallel, delayed

            parallel = stack.enter_context(Parallel(n_jobs=PROCESSES))

            def with_joblib(function, items, chunk):
                parts = parallel(delayed(each)(function, items[i : i + chunk]) for i in range(0, len(items), chunk))
                return [result for part in parts for result in part]

            yield with_joblib
        else:
            import concurrent.futures

            import dask
            import dask.bag

            pool = stack.enter_context(concurrent.futures.ProcessPoolExecutor(PROCESSES))
            stack.enter_context(dask.config.set(pool=pool, scheduler="processes"))
            yield lambda function, items, chunk: dask.bag.from_sequence(items, partition_size=chunk).map(function).compute()


def each(function, items):
    return [function(item) for item in items]
