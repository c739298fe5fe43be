#!/usr/bin/env python3
"""How long `peil watch` takes to check 1,000 KPIs again after one of its twenty files was saved.

    cargo build --release --no-default-features
    python3 benches/recheck.py target/release/peil

The program says itself how long it took, from the save that it noticed to the findings: listing and reading the files,
parsing what changed, and the model, graph and checks. Median, least and most of 30 saves of each kind.
"""

import argparse
import pathlib
import re
import statistics
import subprocess
import tempfile
import time

import projects
from measure import load

TIMES = 30


def edits(text, at):
    """What is saved, by kind: the text of the round `at`, of a file with 50 KPIs."""
    def first(old, new):
        assert old in text, old
        return text.replace(old, new, 1)
    return {
        "a comment below all": f"{text}\n# {at}\n",
        "a comment above all": f"# {'x' * (1 + at % 7)}\n{text}",
        "a formula": first("q6 >= 4", f"q6 >= {2 + at % 3}"),
        "a norm": first("threshold 42 %", f"threshold {30 + at % 9} %"),
        "a name, wherever it stands": text.replace("k220", f"k220{'x' * (1 + at % 2)}"),
        "many titles": text.replace("Mean answer", f"Mean answer, {at},"),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peil", help="path of the binary")
    parser.add_argument("kpis", nargs="?", type=int, default=1_000)
    args = parser.parse_args()
    print(load())
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        projects.write(args.kpis, folder)
        (folder / "answers.csv").write_text("day,channel,region,recommend," + ",".join(f"q{i}" for i in range(1, 10)) + "\n")
        file = folder / "part04.peil"
        text = file.read_text()
        program = subprocess.Popen([str(pathlib.Path(args.peil).resolve()), "watch", str(folder)], stderr=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, text=True)
        def checked():
            for line in program.stderr:
                if found := re.search(r"checked in ([\d.]+) ms: 0 errors", line):
                    return float(found[1])
            raise SystemExit("watch ended")

        checked()
        for kind in edits(text, 0):
            times = []
            for at in range(TIMES):
                time.sleep(0.5)
                file.write_text(edits(text, at)[kind])
                times.append(checked())
            time.sleep(0.5)
            file.write_text(text)
            checked()
            print(f"{args.kpis} KPIs, {kind}: median {statistics.median(times):.1f} ms, "
                  f"least {min(times):.1f}, most {max(times):.1f}, of {len(times)}")
        program.kill()


if __name__ == "__main__":
    main()
