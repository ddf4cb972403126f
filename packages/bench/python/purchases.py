"""What each user has paid, from lines of JSON: multiprocessing.Pool, joblib or dask.bag."""
import json
import sys
from by_hand import STYLES, added, ranges_of, text_of, timed


def sums_of(byte_range):
    sums = {}
    for line in text_of(byte_range).splitlines():
        purchase = json.loads(line)
        if purchase["paid"] and purchase["cents"] >= 1000:
            user = purchase["user"]
            sums[user] = sums.get(user, 0) + purchase["cents"]
    return sums


def verdict(sums):
    """As programs/purchases/verdict.ts says it."""
    most, first = 0, ""
    for user, cents in sums.items():
        if cents > most or (cents == most and user <= first):
            most, first = cents, user
    return f"{len(sums)} users, {sum(sums.values())} cents, most of them {most} by {first}"


def main():
    style, path = sys.argv[1:]
    timed(lambda: verdict(added(STYLES[style](sums_of, ranges_of(path, 16)))))


if __name__ == "__main__":
    main()
