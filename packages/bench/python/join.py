"""What the payments to accounts come to, each times the rate of its account: multiprocessing.Pool, joblib or dask.bag."""
import json
import os
import sys
from accounts import rates_of
from by_hand import STYLES, ranges_of, text_of, timed


def paid_in(byte_range):
    rates = rates_of(os.path.dirname(byte_range[0]))
    payments = map(json.loads, text_of(byte_range).splitlines())
    return sum(payment["cents"] * rates.get(payment["account"], 0) for payment in payments)


def main():
    style, directory = sys.argv[1:]
    path = os.path.join(directory, "payments.jsonl")
    timed(lambda: sum(STYLES[style](paid_in, ranges_of(path, 16))))


if __name__ == "__main__":
    main()
