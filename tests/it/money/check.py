"""Reasons, savings, the chain to euros and the lifecycle of examples/autoruit, by a program that knows nothing of Peil.

    python3 check.py ../../../examples/autoruit/data > expected.csv

Each line: what, period, name, value. Amounts and counts are exact; the rest are quotients of such.
"""

import csv
import datetime
import math
import sys
from collections import Counter, defaultdict
from fractions import Fraction

FOLDER = sys.argv[1]
PERIOD = "2025-Q3"
AVOIDABLE = {"Afspraak": (10, 20, 35), "Schade melden": (0, 5, 10), "Factuur": (40, 60, 80), "Klacht": (30, 50, 70), "Overig": (0, 10, 20)}
PER_POINT, MARGIN = ("0.05", "0.15", "0.3"), (8, 12, 15)
Z = 1.959963984540054


def rows(name, delimiter=","):
    with open(f"{FOLDER}/{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def day_of(text):
    if text[2] == "-":
        return datetime.date(int(text[6:]), int(text[3:5]), int(text[:2]))
    return datetime.date.fromisoformat(text)


def quarter(day):
    return f"{day.year}-Q{(day.month + 2) // 3}"


def say(what, name, value, period=PERIOD):
    print(f"{what},{period},{name},{float(value)!r}")


print("what,period,name,value")

# What customers call about: the mean ease of each reason, its contribution and impact, who is at risk.
answers = [(row["onderwerp"], int(row["gemak"])) for row in rows("na_gesprek") if quarter(day_of(row["datum"])) == PERIOD and row["gemak"] != "0"]
n, total = len(answers), sum(ease for _, ease in answers)
mean = Fraction(total, n)
say("score", "", mean)
say("at_risk", "", sum(ease <= 2 for _, ease in answers))
for reason in AVOIDABLE:
    own = [ease for it, ease in answers if it == reason]
    others = [ease for it, ease in answers if it != reason]
    p, m = Fraction(len(own), n), Fraction(sum(own), len(own))
    contribution = p * (m - mean)
    say("named", reason, len(own))
    say("score", reason, m)
    say("others", reason, Fraction(sum(others), len(others)))
    say("contribution", reason, contribution)
    say("impact", reason, mean - Fraction(sum(others), len(others)))
    # The error of a mean of (I - p)(s - m), row by row.
    squares = sum(((it == reason) - p) * (ease - mean) - contribution for it, ease in answers)
    assert squares == 0
    squares = sum((((it == reason) - p) * (ease - mean) - contribution) ** 2 for it, ease in answers)
    say("contribution_low", reason, float(contribution) - Z * math.sqrt(squares * Fraction(n, n - 1) / n**2))
    say("at_risk", reason, sum(ease <= 2 for ease in own))
    # On 1..7: good is beyond three quarters, bad up to a quarter.
    for bucket, ease in (("good", {6, 7}), ("between", {3, 4, 5}), ("bad", {1, 2})):
        say(f"named {bucket}", reason, sum(it in ease for it in own))

# What could be saved.
cost = defaultdict(Fraction)
for row in rows("gesprekken", ";"):
    if quarter(day_of(row["datum"])) == PERIOD:
        cost[row["onderwerp"]] += Fraction(row["kosten"].replace(",", "."))
for at, end in enumerate(("saving_low", "saving", "saving_high")):
    for reason, ends in AVOIDABLE.items():
        say(end, reason, cost[reason] * ends[at] / 100)
    say(end, "", sum(cost[reason] * ends[at] / 100 for reason, ends in AVOIDABLE.items()))


# From NPS to what it keeps: NPS of a quarter less that of a year before, weighted.
def nps(period):
    weight = score = Fraction(0)
    for row in rows("na_reparatie"):
        answer = int(row["V1 - Hoe waarschijnlijk is het dat u ons aanbeveelt?"])
        if quarter(day_of(row["datum"])) == period and answer != 99 and row["gewicht"]:
            w = Fraction(row["gewicht"])
            weight += w
            score += w * ((answer >= 9) - (answer <= 6))
    return 100 * score / weight


clients = rows("opdrachtgevers")
gain = nps("2025-Q3") - nps("2024-Q3")
value = sum(int(row["contractwaarde"]) for row in clients if row["peildatum"] == "2025-09-30" and row["status"] == "Loopt" and row["contractwaarde"])
say("chain", "nps_verandering", gain)
say("chain", "contractwaarde_totaal", value)
say("chain", "behoud_winst", gain * Fraction(PER_POINT[1]))
say("chain", "behouden_omzet", value * gain * Fraction(PER_POINT[1]) / 100)
say("chain", "behouden_marge", value * gain * Fraction(PER_POINT[1]) / 100 * MARGIN[1] / 100)
corners = [value * gain * Fraction(a) / 100 * b / 100 for a in (PER_POINT[0], PER_POINT[2]) for b in (MARGIN[0], MARGIN[2])]
say("chain_range_low", "behouden_marge", min(corners))
say("chain_range_high", "behouden_marge", max(corners))

# The phases of clients at the end of each quarter, and how they moved.
ORDER = ("nieuw", "groeiend", "trouw", "vertrekkend")
phases = defaultdict(dict)
for row in clients:
    tenure = (day_of(row["peildatum"]) - day_of(row["sinds"])).days
    phase = "nieuw" if tenure < 365 else "groeiend" if tenure < 1095 else "trouw"
    phases[row["peildatum"]][row["nummer"]] = "vertrekkend" if row["status"] == "Opgezegd" else phase
dates = sorted(phases)
for before, now in zip([None] + dates, dates):
    period = quarter(day_of(now))
    count = Counter(phases[now].values())
    for phase in ORDER:
        say("customers", phase, count[phase], period)
    if before is None:
        continue
    moves = Counter((phase, phases[now].get(number)) for number, phase in phases[before].items())
    there = Counter(phases[before].values())
    for phase in ORDER:
        say("came", phase, sum(it == phase for number, it in phases[now].items() if number not in phases[before]), period)
        if there[phase]:
            say("left", phase, moves[phase, None], period)
            for to in ORDER:
                say("flow", f"{phase} > {to}", moves[phase, to], period)
