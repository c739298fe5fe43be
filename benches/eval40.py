#!/usr/bin/env python3
"""40 figures over four keys: `peil eval` beside DuckDB and beside the floor (reading alone), in one run.

    pip install numpy pyarrow duckdb
    python3 benches/answers.py 10000000 data/10m
    cargo build --release
    (cd benches/floor && cargo build --release)
    python3 benches/eval40.py data/10m --peil target/release/peil

The figures: for each of the ten answers n (rows with an answer on the scale), high and low (counts of its two end
classes) and wx (the sum of weight x answer), by month x segment x channel x region: 40 figures in 11,520 groups.
Blank (nps 11), not applicable (csat 6) and null are outside all four.

DuckDB runs three hand-written forms, frozen here: CASE, FILTER, and by code (grouped by the codes of nps too, folded
after); each with the weight as decimal (exact) and as double, and writes a CSV file of one row a group. `peil eval`
writes its tidy CSV, one row a group and figure, to a file. CPU is user + system of the whole process; for DuckDB of
the query alone, without Python's start. The floor is `decode` (ten answers and the weight) + `keys` (the four keys to
one number), see floor/. Rounds are interleaved; medians are printed, with the ratio to the floor at as many threads.

The sums of all groups of all 40 figures are compared, and with `--equal` every value of every group.
`--without peil,duckdb,floor` leaves parts out.
"""

import argparse
import csv
import json
import os
import pathlib
import statistics
import sys
import tempfile

from measure import Run, load

KEYS = ["segment", "channel", "region"]
# name, lowest and highest code of the scale, low up to, high from
ITEMS = [
    ("nps", 0, 10, 6, 9), ("csat", 1, 5, 2, 4), ("ces", 1, 7, 3, 5), ("recommend", 0, 10, 6, 9), ("ease", 1, 5, 2, 4),
    ("speed", 1, 5, 2, 4), ("staff", 1, 5, 2, 4), ("price", 1, 5, 2, 4), ("web", 1, 5, 2, 4), ("trust", 1, 5, 2, 4),
]
FIGURES = [f"{name}_{what}" for name, *_ in ITEMS for what in ("n", "high", "low", "wx")]


BLANK = {"nps": 11, "csat": 6}  # the only codes off the scale in these files


def sql(form, source, weight):
    w = "weight" if weight == "decimal" else "weight_double"
    clean = [f"CASE WHEN {n} <> {BLANK[n]} THEN {n} END AS {n}" if n in BLANK else n for n, *_ in ITEMS]
    source = f"(SELECT day, segment, channel, region, {w} AS w, {', '.join(clean)} FROM {source})"

    def four(name, high, low):
        up, down = f"{name} >= {high}", f"{name} <= {low}"
        if form == "filter":
            counts = f"count(*) FILTER ({up})", f"count(*) FILTER ({down})"
        else:
            counts = f"count(CASE WHEN {up} THEN 1 END)", f"count(CASE WHEN {down} THEN 1 END)"
        return f"count({name}) AS {name}_n, {counts[0]} AS {name}_high, {counts[1]} AS {name}_low, sum({name} * w) AS {name}_wx"

    keys = "date_trunc('month', day) AS m, segment, channel, region"
    if form != "code":
        select = ", ".join(four(name, high, low) for name, _, _, low, high in ITEMS)
        return (f"SELECT strftime(m, '%Y-%m') AS period, * EXCLUDE (m) "
                f"FROM (SELECT {keys}, {select} FROM {source} GROUP BY 1, 2, 3, 4)")
    name, _, _, low, high = ITEMS[0]
    select = ", ".join(four(name, high, low) for name, _, _, low, high in ITEMS[1:])
    outer = [f"sum(CASE WHEN {name} IS NOT NULL THEN rows END) AS {name}_n",
             f"sum(CASE WHEN {name} >= {high} THEN rows END) AS {name}_high",
             f"sum(CASE WHEN {name} <= {low} THEN rows END) AS {name}_low",
             f"sum({name} * weights) AS {name}_wx"]
    outer += [f"sum({n}) AS {n}" for n in FIGURES[4:]]
    return (f"SELECT strftime(m, '%Y-%m') AS period, segment, channel, region, {', '.join(outer)} FROM ("
            f"SELECT {keys}, {name}, count(*) AS rows, sum(w) AS weights, {select} "
            f"FROM {source} GROUP BY 1, 2, 3, 4, 5) GROUP BY m, 2, 3, 4")


DUCKDB = """
import duckdb, json, resource, sys, time
job = json.loads(sys.argv[1])
db = duckdb.connect()
db.execute(f"SET threads = {job['threads']}")
db.execute("SET enable_progress_bar = false")
cpu, wall = time.process_time(), time.perf_counter()
db.execute(f"COPY ({job['sql']}) TO '{job['out']}' (HEADER)")
print(json.dumps({"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall,
                  "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""

SOURCE = """\
project "Forty figures" {
  peil 1
  language en
  grain month
}

source answers "Generated answers" {
  files "answers-*.parquet"
  no persons "generated"
  complete
  time day
  column w from "weight"
%s
}

dimension segment "Segment" { from answers.segment }
dimension channel "Channel" { from answers.channel }
dimension region "Region" { from answers.region }

"""


def project(folder):
    columns = ["  columns segment, channel, region"]
    for name, a, b, _, _ in ITEMS:
        extra = {"nps": " blank 11", "csat": " not applicable 6"}.get(name, "")
        columns.append(f"  column {name} scale {a}..{b}{extra}")
    kpis = []
    for name, a, b, low, high in ITEMS:
        for what, formula in (("n", f"count({name})"), ("high", f"count({name} where {name} >= {high})"),
                              ("low", f"count({name} where {name} <= {low})"), ("wx", f"sum({name} * w)")):
            kpis.append(f'kpi {name}_{what} "{name} {what}" {{ from answers; formula {formula} }}\n')
    (folder / "project.peil").write_text(SOURCE % "\n".join(columns) + "".join(kpis))


def read_wide(path):
    with open(path, newline="") as file:
        return {(r["period"], *(r[k] for k in KEYS)): {f: r[f] for f in FIGURES} for r in csv.DictReader(file)}


def read_tidy(text):
    groups = {}
    for r in csv.DictReader(text.decode().splitlines()):
        groups.setdefault((r["period"], *(r[k] for k in KEYS)), {})[r["kpi"]] = r["value"]
    return groups


def sums(groups):
    return [sum(float(g.get(f) or 0) for g in groups.values()) for f in FIGURES]


def close(a, b):
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path, help="the folder that answers.py wrote")
    parser.add_argument("--peil", help="path of the binary")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--variant", default="random,ordered")
    parser.add_argument("--without", default="")
    parser.add_argument("--equal", action="store_true", help="compare every value of every group")
    args = parser.parse_args()
    without = set(args.without.split(",")) | (set() if args.peil else {"peil"})
    floor = pathlib.Path(__file__).parent / "floor/target/release/floor"
    print(load())
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        (folder / "p").mkdir()
        project(folder / "p")
        for variant in args.variant.split(","):
            data = args.data / variant
            files = sorted(str(f) for f in data.glob("*.parquet"))
            source = f"read_parquet({files})"
            seen = {}
            values = {}
            for _ in range(args.rounds):
                for threads in map(int, args.threads.split(",")):
                    def note(name, cpu, wall, memory):
                        seen.setdefault((threads, name), []).append((cpu, wall, memory))

                    if "floor" not in without:
                        for mode in ("decode", "keys", "all"):
                            run = Run([str(floor), mode, str(threads), *files])
                            if run.code:
                                sys.exit(f"{floor}: exit {run.code}; build it first")
                            note(f"floor: {mode}", run.cpu, run.wall, run.memory)
                    if "duckdb" not in without:
                        for form in ("case", "filter", "code"):
                            for weight in ("decimal", "double"):
                                out = folder / f"{form}-{weight}.csv"
                                job = {"sql": sql(form, source, weight), "threads": threads, "out": str(out)}
                                run = Run([sys.executable, "-c", DUCKDB, json.dumps(job)])
                                if run.code:
                                    sys.exit(f"DuckDB failed on {form}")
                                got = json.loads(run.output)
                                note(f"duckdb: {form}, {weight}", got["cpu"], got["wall"], got["memory"])
                                values[f"duckdb: {form}, {weight}"] = out
                    if "peil" not in without:
                        run = Run([str(pathlib.Path(args.peil).resolve()), "eval", str(folder / "p"), "--data", str(data),
                                   "--by", ",".join(KEYS), "--grain", "month", "--format", "csv", "--today", "2025-01-01",
                                   "--threads", str(threads)], to=folder / "peil.csv")
                        if run.code:
                            sys.exit(f"peil eval: exit {run.code}")
                        note("peil eval", run.cpu, run.wall, run.memory)
                        values["peil eval"] = folder / "peil.csv"
            report(variant, seen, args.threads)
            # In a process of its own: the memory of this one is a floor under what the system says of its children.
            sys.stdout.flush()
            if os.fork() == 0:
                compare(values, args.equal)
                sys.stdout.flush()
                os._exit(0)
            os.wait()
    print(load())


def report(variant, seen, threads):
    print(f"\n{variant}: medians")
    for t in map(int, threads.split(",")):
        mid = {n: [statistics.median(x) for x in zip(*v)] for (k, n), v in seen.items() if k == t}
        low = mid["floor: decode"][0] + mid["floor: keys"][0] if "floor: decode" in mid else None
        duck = min((m[0] for n, m in mid.items() if n.startswith("duckdb")), default=None)
        for name, (cpu, wall, memory) in mid.items():
            spread = [x[0] for x in seen[t, name]]
            line = f"  {t} thread{'s' if t > 1 else ' '} {name:24} {cpu:6.2f} CPU-s ({min(spread):.2f}-{max(spread):.2f}) {wall:6.2f} s {memory:6.0f} MiB"
            if low and not name.startswith("floor"):
                line += f"  {cpu / low:4.2f} x (decode + keys)"
            if duck and name == "peil eval":
                line += f"  DuckDB's best takes {duck / cpu:.2f} x"
            print(line)


def compare(values, equal):
    base = None
    for name, path in values.items():
        groups = read_tidy(path.read_bytes()) if name == "peil eval" else read_wide(path)
        total = sums(groups)
        if base is None:
            base = (name, groups, total)
            print(f"  {name}: {len(groups)} groups, nps_n {total[0]:.0f}, nps_wx {total[3]:.4f}")
            continue
        same = len(groups) == len(base[1]) and all(map(close, total, base[2]))
        if same and equal:
            same = all(close(float(g[f] or 0), float(groups[k].get(f) or 0)) for k, g in base[1].items() for f in FIGURES)
        print(f"  {name}: {'equal to' if same else 'NOT EQUAL TO'} {base[0]}")


if __name__ == "__main__":
    main()
