#!/usr/bin/env python3
"""How long `peil check` takes over 100, 1,000 and 10,000 KPIs, and `peil --version`.

    cargo build --release
    python3 benches/check.py target/release/peil

Medians of 20 processes each, files in the page cache: wall, CPU and the most memory. Beside it `promtool check rules`
over 1,000 recording rules, where promtool is installed (Debian: `apt-get install prometheus`), and, with `--sidemantic`,
`sidemantic validate` over 400 metrics (`pip install sidemantic pyarrow pandas typer==0.19.2`). Fails when a project
gives an error or a warning, so that neither a quick refusal nor the drawing of findings is measured; `--allow-findings` measures all the same.
"""

import argparse
import pathlib
import shutil
import sys
import tempfile

import projects
from measure import load, median, runs

TIMES = 20


def row(name, some, note=""):
    print(f"{name:34} {median(some, 'wall') * 1000:8.1f} ms {median(some, 'cpu') * 1000:8.1f} ms CPU "
          f"{max(r.memory for r in some):7.1f} MiB  {note}")


def rules(n):
    out = ["groups:\n"]
    for i in range(n):
        if i % 50 == 0:
            out.append(f"- name: group{i // 50}\n  rules:\n")
        out.append(f"  - record: job:ratio{i}:rate5m\n    expr: sum by (job) (rate(errors_total{{code=~\"5..\", n=\"{i}\"}}[5m]))"
                   f" / sum by (job) (rate(requests_total{{n=\"{i}\"}}[5m]))\n    labels:\n      owner: team{i % 8}\n")
    return "".join(out)


def metrics(n):
    out = ["models:\n- name: survey\n  table: survey\n  primary_key: id\n  dimensions:\n"
           "  - {name: channel, type: categorical, sql: channel}\n  metrics:\n"]
    for i in range(n):
        channel = projects.CHANNELS[i % len(projects.CHANNELS)]
        out.append(f"  - {{name: k{i}, agg: avg, sql: \"case when q{i % 9 + 1} >= 4 then 1.0 else 0.0 end\", "
                   f"filters: [\"{{model}}.channel = '{channel}'\"]}}\n")
    return "".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peil", help="path of the binary")
    parser.add_argument("--sidemantic", help="path of Sidemantic's program, to be measured beside it")
    parser.add_argument("--allow-findings", action="store_true")
    args = parser.parse_args()
    peil = str(pathlib.Path(args.peil).resolve())
    print(load())
    row("peil --version", runs([peil, "--version"], TIMES, 3))
    before = None
    failed = False
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for n in (100, 1_000, 10_000):
            size = projects.write(n, folder / str(n))
            some = runs([peil, "check", str(folder / str(n)), "--deny", "warnings"], TIMES, 2)
            note = f"{size / 1e6:.2f} MB"
            if before:
                note += f", {median(some, 'cpu') / before:.1f} times the CPU of a tenth"
            before = median(some, "cpu")
            codes = {r.code for r in some}
            if codes != {0}:
                note += f"  EXIT {codes}"
                failed = True
            row(f"peil check, {n} KPIs", some, note)
        promtool = shutil.which("promtool")
        if promtool:
            (folder / "rules.yml").write_text(rules(1_000))
            some = runs([promtool, "check", "rules", str(folder / "rules.yml")], TIMES, 2)
            row("promtool check rules, 1000 rules", some, f"exit {some[0].code}")
        else:
            print("promtool is not installed")
        if args.sidemantic:
            (folder / "models").mkdir()
            (folder / "models" / "survey.yml").write_text(metrics(400))
            some = runs([args.sidemantic, "validate", str(folder / "models")], 5, 1)
            row("sidemantic validate, 400 metrics", some, f"exit {some[0].code}, median of 5")
    if failed and not args.allow_findings:
        sys.exit("a project had findings: see `peil check` on the folder that projects.py writes")


if __name__ == "__main__":
    main()
