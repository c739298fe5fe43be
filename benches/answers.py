#!/usr/bin/env python3
"""Writes the answers that the evaluation benchmarks read: Parquet, always the same bytes of data for the same arguments.

    pip install numpy pyarrow
    python3 benches/answers.py ROWS OUT            # 10000000 takes about two minutes and 500 MB
    python3 benches/answers.py ROWS OUT --only random

Written are two folders with the same rows, each as four files of several row groups:

    OUT/random/answers-0.parquet ... -3     in random order, snappy
    OUT/ordered/answers-0.parquet ... -3    ordered by day (each file holds six months), zstd

Columns:

    day             date32         2023-01-01 .. 2024-12-31, 24 months
    segment         string         8 values        with month: 24 x 8 x 12 x 5 = 11,520 groups
    channel         string         12 values
    region          string         5 values
    customer        int32          one in five rows has one of its own; not null
    nps             int8           0..10, 11 = blank, null
    csat            int8           1..5, 6 = not applicable, null
    ces             int8           1..7, null
    recommend, ease, speed, staff, price, web, trust
                    int8           1..5 (recommend 0..10), null; shares of nulls 5 to 40 %
    weight          decimal(10,4)  0.2000 .. 4.9999
    weight_double   double         the same figures
    handle_minutes  double         log-normal, one in ten null
"""

import argparse
import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SEGMENTS = [f"segment {c}" for c in "ABCDEFGH"]
CHANNELS = ["web", "app", "phone", "mail", "chat", "shop", "letter", "visit", "partner", "kiosk", "social", "other"]
REGIONS = ["north", "east", "south", "west", "abroad"]

# name, lowest code, highest code, share of nulls, extra code and its share
ITEMS = [
    ("nps", 0, 10, 0.05, 11, 0.08),
    ("csat", 1, 5, 0.05, 6, 0.10),
    ("ces", 1, 7, 0.10, None, 0),
    ("recommend", 0, 10, 0.20, None, 0),
    ("ease", 1, 5, 0.10, None, 0),
    ("speed", 1, 5, 0.15, None, 0),
    ("staff", 1, 5, 0.20, None, 0),
    ("price", 1, 5, 0.25, None, 0),
    ("web", 1, 5, 0.40, None, 0),
    ("trust", 1, 5, 0.30, None, 0),
]
FILES = 4
ROW_GROUP = 500_000


def table(rng, rows):
    first = np.datetime64("2023-01-01")
    days = int((np.datetime64("2025-01-01") - first).astype(int))
    offset = int(first.astype("datetime64[D]").astype(int))
    columns = {"day": pa.array(rng.integers(0, days, rows, dtype=np.int32) + offset, pa.int32()).cast(pa.date32())}
    for name, values in (("segment", SEGMENTS), ("channel", CHANNELS), ("region", REGIONS)):
        share = np.linspace(2, 1, len(values))
        code = rng.choice(len(values), rows, p=share / share.sum()).astype(np.int32)
        columns[name] = pa.DictionaryArray.from_arrays(pa.array(code), pa.array(values))
    columns["customer"] = pa.array(rng.integers(0, max(rows // 5, 1), rows, dtype=np.int32))
    mood = rng.random(rows, dtype=np.float32)  # answers of one person go together
    for name, low, high, nulls, extra, share in ITEMS:
        x = np.clip(0.6 * mood + 0.4 * rng.random(rows, dtype=np.float32) + 0.1, 0, 0.999)
        x = (low + np.floor(x * (high - low + 1))).astype(np.int8)
        lot = rng.random(rows, dtype=np.float32)
        if extra is not None:
            x[lot > 1 - share] = extra
        columns[name] = pa.array(x, mask=lot < nulls)
    weight = rng.integers(2_000, 50_000, rows, dtype=np.int64)
    wide = np.zeros((rows, 2), dtype=np.int64)  # little-endian 128 bits
    wide[:, 0] = weight
    columns["weight"] = pa.Array.from_buffers(pa.decimal128(10, 4), rows, [None, pa.py_buffer(wide)])
    columns["weight_double"] = pa.array(weight / 10_000)
    minutes = np.round(np.exp(rng.normal(1.5, 0.8, rows)), 2)
    columns["handle_minutes"] = pa.array(minutes, mask=rng.random(rows) < 0.1)
    return pa.table(columns)


def write(folder, parts, codec):
    folder.mkdir(parents=True, exist_ok=True)
    for i, part in enumerate(parts):
        for name in ("segment", "channel", "region"):  # plain strings in the schema, dictionary pages in the file
            at = part.schema.get_field_index(name)
            part = part.set_column(at, name, part.column(name).cast(pa.string()))
        pq.write_table(
            part, folder / f"answers-{i}.parquet", compression=codec, row_group_size=ROW_GROUP,
            store_decimal_as_integer=True, store_schema=False,
        )
        print(folder / f"answers-{i}.parquet", part.num_rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--only", choices=["random", "ordered"])
    args = parser.parse_args()
    parts = [table(np.random.default_rng(20261121 + i), args.rows // FILES) for i in range(FILES)]
    if args.only != "ordered":
        write(args.out / "random", parts, "snappy")
    if args.only != "random":
        whole = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
        del parts
        order = np.argsort(whole.column("day").cast(pa.int32()).to_numpy(), kind="stable")
        month = whole.column("day").cast(pa.int32()).to_numpy()[order]
        starts = [np.datetime64(d).astype("datetime64[D]").astype(int) for d in ("2023-01-01", "2023-07-01", "2024-01-01", "2024-07-01", "2025-01-01")]
        cuts = np.searchsorted(month, starts)
        write(args.out / "ordered", (whole.take(pa.array(order[a:b])) for a, b in zip(cuts, cuts[1:])), "zstd")


if __name__ == "__main__":
    main()
