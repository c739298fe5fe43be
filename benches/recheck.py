#!/usr/bin/env python3
"""How long `peil watch` takes to check 1,000 KPIs again after one of its twenty files was saved.

    cargo build --release --no-default-features
    python3 benches/recheck.py target/release/peil

The program says itself how long it took, from the save that it noticed to the findings: listing and reading the files,
parsing the one that changed, and all of the model, graph and checks. Median, least and most of 30 saves.
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
        times = []
        for at in range(TIMES + 1):
            for line in program.stderr:
                if found := re.search(r"checked in ([\d.]+) ms: 0 errors", line):
                    break
            else:
                raise SystemExit("watch ended")
            if at:
                times.append(float(found[1]))
            time.sleep(0.5)
            file.write_text(text.replace("Mean answer", f"Mean answer, {at},"))
        program.kill()
    print(f"re-check of {args.kpis} KPIs after one edit: median {statistics.median(times):.1f} ms, "
          f"least {min(times):.1f}, most {max(times):.1f}, of {len(times)}")


if __name__ == "__main__":
    main()
