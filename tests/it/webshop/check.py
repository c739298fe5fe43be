"""The figures of examples/webshop, computed by a program that knows nothing of Peil.

    python3 check.py online_retail_customer_month.csv > expected.csv

A customer is there at the start of a quarter who has a month with orders in the three months before it. Its country is
that of its last such month; of several rows of one month, that of the last in the file. Amounts are exact.
"""

import csv
import sys
from collections import defaultdict
from fractions import Fraction

KNOWN = {"United Kingdom", "Germany", "France", "EIRE", "Belgium", "Spain", "Switzerland", "Portugal"}


def quarter(month):
    year, number = month.split("-")
    return int(year) * 4 + (int(number) - 1) // 3


def name(index):
    return f"{index // 4}-Q{index % 4 + 1}"


rows = defaultdict(list)  # customer -> quarter, month, place in the file, country, orders, revenue
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    for place, row in enumerate(csv.DictReader(file)):
        item = (quarter(row["month"]), row["month"], place, row["Country"], int(row["orders"]), Fraction(row["rev"]))
        rows[row["CustomerID"]].append(item)

ordered = defaultdict(lambda: defaultdict(list))  # customer -> quarter -> rows with orders
spent = defaultdict(lambda: defaultdict(Fraction))  # customer -> quarter -> revenue
for customer, items in rows.items():
    for item in items:
        spent[customer][item[0]] += item[5]
        if item[4] > 0:
            ordered[customer][item[0]].append(item)

quarters = sorted({item[0] for items in rows.values() for item in items})
sums = defaultdict(lambda: [0, 0, Fraction(0), Fraction(0), Fraction(0)])  # n, stayed, start, end, least
cohorts = defaultdict(lambda: [0, 0])
for customer in rows:
    for now in quarters:
        before = ordered[customer].get(now - 1)
        if not before:
            continue
        country = max(before, key=lambda it: (it[1], it[2]))[3]
        start, end = spent[customer][now - 1], spent[customer].get(now, Fraction(0))
        for key in ((now, ""), (now, country if country in KNOWN else "*")):
            cell = sums[key]
            cell[0] += 1
            cell[1] += bool(ordered[customer].get(now))
            cell[2] += start
            cell[3] += end
            cell[4] += min(start, end)
    first = min(ordered[customer], default=None)
    # The quarter that ends so long after the cohort's must be over: the file stops on 9 December 2011.
    if first is not None and first + 2 < quarters[-1]:
        cohorts[first][0] += 1
        cohorts[first][1] += bool(ordered[customer].get(first + 2))

out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["kpi", "period", "country", "value", "n"])
for (period, country), (n, stayed, start, end, least) in sorted(sums.items()):
    figures = {
        "retention": Fraction(100 * stayed, n),
        "churn": Fraction(100 * (n - stayed), n),
        "nrr": 100 * end / start,
        "grr": 100 * least / start,
        "revenue_lost": 100 * (start - least) / start,
    }
    for kpi, value in figures.items():
        out.writerow([kpi, name(period), country, repr(float(value)), n])
for period, (n, stayed) in sorted(cohorts.items()):
    out.writerow(["cohort", name(period), "", repr(float(Fraction(100 * stayed, n))), n])
