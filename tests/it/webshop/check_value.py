"""Have customers of examples/webshop left for good? What the BG/NBD model says, fitted by the Python package lifetimes.

    python3 check_value.py online_retail_customer_month.csv > expected_value.csv

Needs lifetimes 0.11.3. A purchase is a month with orders; times are days from one month's start to another's. Written is
the mean probability of being alive, in %; nothing where lifetimes finds no parameters.
"""

import csv
import datetime as dt
import sys
import warnings
from collections import defaultdict

import numpy as np
from lifetimes import BetaGeoFitter
from lifetimes.utils import ConvergenceError

warnings.filterwarnings("ignore")


def month(text):
    year, number = text.split("-")
    return dt.date(int(year), int(number), 1)


bought = defaultdict(set)  # customer -> months with orders
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    for row in csv.DictReader(file):
        if int(row["orders"]) > 0:
            bought[row["CustomerID"]].add(month(row["month"]))

out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["period", "customers", "came_again", "alive"])
for name, last in [(f"{y}-Q{q}", dt.date(y, 3 * q, 1)) for y, q in ((2010, 4), (2011, 1), (2011, 2), (2011, 3), (2011, 4))]:
    histories = []
    for months in bought.values():
        months = sorted(it for it in months if it <= last)
        if months:
            histories.append((len(months) - 1, (months[-1] - months[0]).days, (last - months[0]).days))
    again, recent, age = np.array(histories, float).T
    alive = ""
    try:
        with open("/dev/null", "w") as sys.stdout:
            model = BetaGeoFitter().fit(again, recent, age)
        there = np.where(again == 0, 1.0, model.conditional_probability_alive(again, recent, age))
        alive = repr(float(100 * np.mean(there)))
    except (ConvergenceError, ValueError):
        pass
    sys.stdout = sys.__stdout__
    out.writerow([name, len(again), int((again > 0).sum()), alive])
