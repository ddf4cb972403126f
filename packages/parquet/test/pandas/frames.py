"""Reads what forkfold has written, and writes what forkfold is to read: rows as lines of JSON, in the order of their ids."""

import glob
import json
import sys

import pandas
import pyarrow.dataset


def plain(value):
    if value is None or value is pandas.NaT or value is pandas.NA:
        return None
    if isinstance(value, float) and value != value:
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "") + "Z"
    return value.item() if hasattr(value, "item") else value


def read(what, directory):
    if what == "csv":
        options = {"keep_default_na": False, "na_values": ["NULL"], "dtype": {"note": str}, "parse_dates": ["at"]}
        frames = [pandas.read_csv(file, **options) for file in sorted(glob.glob(directory + "/*.csv*"))]
        return pandas.concat(frames)
    if what == "json":
        files = sorted(glob.glob(directory + "/*.jsonl*"))
        frame = pandas.concat([pandas.read_json(file, lines=True, dtype=False) for file in files])
        frame["at"] = pandas.to_datetime(frame["at"])
        return frame
    if what == "parquet":
        return pandas.read_parquet(directory)
    partitioning = pyarrow.dataset.partitioning(
        pyarrow.schema([("name", pyarrow.string()), ("year", pyarrow.int32())]), flavor="hive"
    )
    return pyarrow.dataset.dataset(directory, format=what.removesuffix("-parts"), partitioning=partitioning).to_table().to_pandas()


def write(rows, directory):
    frame = pandas.DataFrame(json.loads(rows))
    frame["at"] = pandas.to_datetime(frame["at"])
    frame.to_csv(directory + "/rows.csv", index=False, na_rep="NULL")
    frame.to_csv(directory + "/rows.tsv.gz", index=False, sep="\t", na_rep="NULL", lineterminator="\r\n", date_format="%Y-%m-%dT%H:%M:%S.%fZ")
    frame.to_json(directory + "/rows.jsonl", orient="records", lines=True, date_format="iso")
    frame.to_parquet(directory + "/rows.parquet", index=False, compression="zstd")
    frame.to_parquet(directory + "/parts", index=False, partition_cols=["name", "year"])


if sys.argv[1] == "write":
    write(sys.stdin.read(), sys.argv[2])
else:
    found = read(sys.argv[1], sys.argv[2]).sort_values("id")
    for row in found.to_dict("records"):
        print(json.dumps({key: plain(value) for key, value in row.items()}))
