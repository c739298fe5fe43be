#!/usr/bin/env python3
"""Writes a project of N KPIs, on which `peil check` has nothing to say: the input of check.py.

    python3 benches/projects.py N OUT

Twenty files, half in Peil's own spelling and half in YAML, and the project file. Every KPI has a title, an owner,
norms and a formula, most with a `where`; one in ten is an index of two others. Ten KPIs measure a customer goal; every
customer goal has an enabler, which serves it and lifts the business goal of its file. The same N gives the same bytes.
"""

import argparse
import pathlib

FILES = 20
TEAMS = ["service", "web", "sales", "logistics", "finance", "stores", "insight", "product"]
CHANNELS = ["web", "app", "phone", "mail", "shop"]

PROJECT = """\
project "Benchmark" {
  peil 1
  language en
%s
  theme engagement "Engagement" color blue
  theme efficiency "Efficiency" color green
}

source survey "Answers after a contact" {
  files "answers.csv"
  survey transactional
  time day
  columns channel, region
  column recommend "Likely to recommend" scale 0..10 best 10 blank 11
%s
}
"""


def kpi(i, first):
    """Title, formula and norms of figure i, unlike all others; `first` is the first figure of its ten."""
    q, channel = f"survey.q{i % 9 + 1}", CHANNELS[i % len(CHANNELS)]
    share = ("worst", "20 %"), ("threshold", "42 %"), ("target", "45 % by 2026-12")
    score = ("worst", "2"), ("threshold", "3.5"), ("target", "4.2")
    points = ("worst", "-20"), ("threshold", "10"), ("target", "25")
    kind = i - first
    if kind == 9:
        return f"Contact index {i}", f"index(k{first}: 60 %, k{first + 3}: 40 %)", share
    if kind == 8:
        return f"Recommendation {i}", f'nps(survey.recommend where region = "r{i}")', points
    if kind in (1, 5):
        return f"Mean answer {i}", f'mean({q} where channel in ("{channel}", "c{i}"))', score
    if kind in (2, 6):
        return f"Satisfied {i}", f'csat({q} where region = "r{i}")', share
    return f"Easy for customers {i}", f'share({q} >= 4 where channel = "{channel}" and region in ("north", "r{i}"))', share


def dsl(part, kpis, out):
    team = TEAMS[part % len(TEAMS)]
    for first in range(kpis.start, kpis.stop, 10):
        some = range(first, min(first + 10, kpis.stop))
        for i in some:
            title, formula, norms = kpi(i, first)
            out.append(f"# Figure {i}, read by team {team} each month.\n")
            out.append(f'kpi k{i} "{title}" {{\n  formula {formula}\n  owner {team}\n')
            out.append("  norms " + ", ".join(f"{a} {b}" for a, b in norms) + "\n}\n\n")
        out.append(f'customer goal easy{first} "I get it done the first time {first}" {{\n  need "No second call"\n')
        out.append(f"  owner {team}\n  measured by " + ", ".join(f"k{i}" for i in some) + "\n}\n\n")
        out.append(f'enabler enabler{first} "One answer everywhere {first}" {{\n  owner {team}\n')
        out.append(f"  serves easy{first} strength 0.6 evidence hypothesis\n")
        out.append(f"  lifts loyal{part} strength 0.3 evidence hypothesis\n}}\n\n")
    out.append(f'business goal loyal{part} "Customers stay {part}" {{\n  theme {("engagement", "efficiency")[part // 2 % 2]}\n')
    out.append(f"  owner {team}\n  measured by k{kpis.start}\n}}\n")


def yaml(part, kpis, out):
    team = TEAMS[part % len(TEAMS)]
    firsts = range(kpis.start, kpis.stop, 10)
    out.append("kpi:\n")
    for first in firsts:
        for i in range(first, min(first + 10, kpis.stop)):
            title, formula, norms = kpi(i, first)
            out.append(f"  # Figure {i}, read by team {team} each month.\n")
            out.append(f"  k{i}:\n    title: {title}\n    formula: '{formula}'\n    owner: {team}\n")
            out.append("    norms: {" + ", ".join(f"{a}: {b}" for a, b in norms) + "}\n")
    out.append("goal:\n")
    for first in firsts:
        some = range(first, min(first + 10, kpis.stop))
        out.append(f"  easy{first}:\n    kind: customer\n    title: I get it done the first time {first}\n")
        out.append(f"    need: No second call\n    owner: {team}\n")
        out.append("    measured_by: [" + ", ".join(f"k{i}" for i in some) + "]\n")
    out.append(f"  loyal{part}:\n    kind: business\n    title: Customers stay {part}\n")
    out.append(f"    theme: {('engagement', 'efficiency')[part // 2 % 2]}\n    owner: {team}\n    measured_by: k{kpis.start}\n")
    out.append("enabler:\n")
    for first in firsts:
        out.append(f"  enabler{first}:\n    title: One answer everywhere {first}\n    owner: {team}\n")
        out.append(f"    serves: {{easy{first}: {{strength: 0.6, evidence: hypothesis}}}}\n")
        out.append(f"    lifts: {{loyal{part}: {{strength: 0.3, evidence: hypothesis}}}}\n")


def write(n, out):
    out.mkdir(parents=True, exist_ok=True)
    teams = "\n".join(f'  team {t} "Team {t}"' for t in TEAMS)
    columns = "\n".join(f'  column q{i} "Question {i}" scale 1..5 best 5 blank 0' for i in range(1, 10))
    (out / "project.peil").write_text(PROJECT % (teams, columns))
    size = 0
    for part in range(FILES):
        kpis = range(n * part // FILES, n * (part + 1) // FILES)
        if not kpis:
            continue
        text = []
        (dsl if part % 2 == 0 else yaml)(part, kpis, text)
        path = out / f"part{part:02}.{'peil' if part % 2 == 0 else 'yaml'}"
        path.write_text("".join(text))
        size += path.stat().st_size
    return size


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("n", type=int)
    parser.add_argument("out", type=pathlib.Path)
    args = parser.parse_args()
    print(f"{args.n} KPIs, {write(args.n, args.out)} bytes in {args.out}")
