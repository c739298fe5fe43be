#!/usr/bin/env python3
"""Write the fictional data of Helder Autoruiten into data/.

Usage: python3 generate.py [--out DIR]

Only the standard library is used, and of that no random numbers and no
logarithms: the generator below works on integers, so every platform and every
version of Python writes the same bytes.

What the data hold, on purpose:

1. The appointment line. On 10 June 2025 new planning software goes live. From
   then on the ease of making an appointment by telephone falls (`na_afspraak`),
   callers wait longer and are put through more often (`gesprekken`). The repair
   itself stays as good as it was, and so does NPS (`na_reparatie`).
2. A mix shift. "The mechanic was on time" scores lower for the mobile service
   than for the branches; neither falls. The mobile service grows from 20 % to
   58 % of the repairs, so the overall figure falls.
3. A change of definition. Until 31 March 2024 the ease of making an appointment
   was asked after the repair, since then directly after the booking. The answers
   step down by a quarter of a point.
4. Small segments. The branch in Terneuzen has under 10 answers in every quarter,
   the region of Zeeland between 10 and 30.
5. A hailstorm, 12 to 25 July 2025: more damage, more calls, longer waiting.
6. Who drives what. The grade of the repair and the mechanic go with recommending;
   how the appointment was made, looked back on after the repair, hardly does. Yet
   the bonus of customer service depends on NPS. What goes with an easy appointment is
   something else: being helped soon, then a time that suits.
7. Why people call. After a call one question is asked about its ease. Who calls about
   the invoice finds it hardest, and much of that calling could be avoided; who calls
   to report damage finds it easy, and has to call.
8. Who answers. The survey after the repair goes to everybody whose e-mail address is known;
   of the repairs of a day as many are answered as there are answers of that day.
9. Phases. Clients are new in their first year, grow in the two after it, are loyal from
   then on, and leaving once they have given notice.
"""
import argparse
import csv
import datetime
import os

# One seed a file, so that a change to one leaves the others alone. They were
# chosen so that chance does not blur the stories above.
SEEDS = {"opdrachtgevers": 1, "na_reparatie": 156, "looking_back": 2, "na_afspraak": 388, "gesprekken": 1, "reparaties": 1, "klachten": 1,
         "sinds": 3, "na_gesprek": 5, "why_easy": 6, "enquete": 7}
FIRST, LAST = datetime.date(2023, 4, 1), datetime.date(2025, 9, 30)
SOFTWARE = datetime.date(2025, 6, 10)
QUESTION_MOVED = datetime.date(2024, 4, 1)
HAIL = datetime.date(2025, 7, 12), datetime.date(2025, 7, 25)

# branch: region, share of the repairs in thousandths
BRANCHES = [
    ("Groningen", "N", 85), ("Leeuwarden", "N", 60),
    ("Zwolle", "O", 85), ("Enschede", "O", 75),
    ("Amsterdam", "R", 125), ("Rotterdam", "R", 120), ("Den Haag", "R", 90),
    ("Utrecht", "M", 95), ("Amersfoort", "M", 65),
    ("Eindhoven", "Z", 80), ("Tilburg", "Z", 70),
    ("Middelburg", "ZL", 38), ("Terneuzen", "ZL", 12),
]
TELEPHONE, ONLINE, CHAT, COUNTER = 1, 2, 3, 4
OWN_ACCOUNT = "9000"
GROUPS = {"Verzekeraar": 46, "Lease en wagenpark": 24, "Zakelijk": 12, "Particulier": 18}
WEIGHTS = {"Verzekeraar": "0.95", "Lease en wagenpark": "0.80", "Zakelijk": "1.10", "Particulier": "1.35"}


class Random:
    """A 64-bit linear congruential generator (Knuth's MMIX constants)."""

    def __init__(self, seed):
        self.state = (seed * 0x9E3779B97F4A7C15 + 1) % 2**64
        for _ in range(8):
            self.unit()

    def unit(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 11) / 2**53

    def chance(self, p):
        return self.unit() < p

    def whole(self, low, high):
        return low + int(self.unit() * (high - low + 1))

    def pick(self, weighted):
        """One of [(thing, weight)]."""
        at = self.unit() * sum(w for _, w in weighted)
        for thing, weight in weighted:
            at -= weight
            if at < 0:
                return thing
        return weighted[-1][0]

    def answer(self, low, high, mean, spread=0.4):
        """An answer on low..high with this mean: binomial, with a taste per person."""
        steps = high - low
        p = (mean - low) / steps + (self.unit() - 0.5) * spread
        return low + sum(self.chance(p) for _ in range(steps))

    def good(self, p):
        """An answer on 1..5 that is 4 or 5 with chance p."""
        if self.chance(p):
            return 5 if self.chance(0.58) else 4
        return self.pick([(3, 70), (2, 20), (1, 10)])


def days(first, last):
    return [first + datetime.timedelta(n) for n in range((last - first).days + 1)]


def quarter(day):
    """0 for 2023-Q2, 9 for 2025-Q3."""
    return (day.year - 2023) * 4 + (day.month - 1) // 3 - 1


def hail(day):
    return HAIL[0] <= day <= HAIL[1]


def dutch_date(day):
    return day.strftime("%d-%m-%Y")


def euro(cents):
    return f"{cents // 100},{cents % 100:02d}"


def trouble(day):
    """How much of the software's trouble is felt on a day, 0 to 1."""
    if day < SOFTWARE:
        return 0.0
    return {6: 0.3, 7: 0.8, 8: 1.1, 9: 1.15}[day.month]


def mobile_share(day):
    return [0.20, 0.20, 0.21, 0.20, 0.21, 0.22, 0.27, 0.34, 0.44, 0.58][quarter(day)]


def channels(day):
    q = quarter(day)
    online = 300 + 12 * q
    chat = 70 + 5 * q
    return [(TELEPHONE, 1000 - online - chat - 55), (ONLINE, online), (CHAT, chat), (COUNTER, 55)]


def spread_over(r, first, last, per_day):
    """Days in order, each with a number of rows; Sundays are closed."""
    for day in days(first, last):
        if day.weekday() == 6:
            continue
        rate = per_day * (0.5 if day.weekday() == 5 else 1.1)
        if hail(day):
            rate *= 1.38
        for _ in range(int(rate) + r.chance(rate - int(rate))):
            yield day


def clients(r):
    """The list of clients at the end of every quarter: {date: {number: row}}."""
    running, number = {}, 1000
    for group, many in (("Verzekeraar", 9), ("Lease en wagenpark", 26), ("Zakelijk", 45)):
        for _ in range(many):
            number += 1
            running[str(number)] = [group, new_value(r, group), "Loopt", 0]
    running[OWN_ACCOUNT] = ["Particulier", None, "Loopt", 0]
    lists = {}
    ends = [datetime.date(2023, 3, 31)] + [d for d in days(FIRST, LAST) if (d + datetime.timedelta(1)).day == 1 and d.month % 3 == 0]
    for end in ends:
        for key in sorted(running):
            row = running[key]
            if row[1] is None:
                continue
            if row[2] == "Opgezegd":
                row[3] += 1
                if row[3] > 2:
                    del running[key]
            elif row[0] != "Verzekeraar" and r.chance(0.022):
                row[2] = "Opgezegd"
            else:
                row[1] = row[1] * r.whole(99, 103) // 100
        for _ in range(r.whole(1, 3)):
            number += 1
            group = "Lease en wagenpark" if r.chance(0.35) else "Zakelijk"
            running[str(number)] = [group, new_value(r, group), "Loopt", 0]
        lists[end] = {k: list(v) for k, v in sorted(running.items())}
    return lists


def new_value(r, group):
    low, high = {"Verzekeraar": (90, 260), "Lease en wagenpark": (18, 70), "Zakelijk": (3, 16)}[group]
    return r.whole(low, high) * 1000


def held(lists, day):
    return lists[max(d for d in lists if d <= day)]


def client(r, lists, day):
    group = r.pick(list(GROUPS.items()))
    return r.pick([(k, 1) for k, v in held(lists, day).items() if v[0] == group]), group


def branch(r):
    return r.pick([((name, region), share) for name, region, share in BRANCHES])


def na_reparatie(r, lists):
    head = ["datum", "opdrachtgever", "regio", "vestiging", "locatie",
            "V1 - Hoe waarschijnlijk is het dat u ons aanbeveelt?", "V2 - Welk cijfer geeft u de reparatie?",
            "V3 - De monteur", "V4 - Op tijd", "V5 - Factuur", "V6 - De afspraak", "gewicht"]
    rows = []
    # Numbers of its own, so that the other answers stay what they were.
    looking_back = Random(SEEDS["looking_back"])
    for day in spread_over(r, FIRST, LAST, 5.9):
        number, group = client(r, lists, day)
        name, region = branch(r)
        mobile = r.chance(mobile_share(day))
        q = quarter(day)
        bucket = r.pick([("up", 560 + 3 * q), ("mid", 340 - 4 * q), ("down", 100 + q)])
        recommend = {"up": lambda: r.whole(9, 10), "mid": lambda: r.whole(7, 8),
                     "down": lambda: r.pick([(6, 50), (5, 25), (4, 10), (3, 7), (2, 4), (0, 4)])}[bucket]()
        mark = min(10, max(1, r.answer(1, 10, {"up": 9.05, "mid": 8.3, "down": 7.0}[bucket], 0.12)))
        mechanic = r.good({"up": 0.965, "mid": 0.87, "down": 0.62}[bucket])
        on_time = r.good((0.66 if mobile else 0.90) + 0.004 * q)
        invoice = 6 if group != "Particulier" and r.chance(0.55) else r.good(0.825)
        if r.chance(0.02):
            recommend = 99
        if r.chance(0.015):
            mark = 99
        if r.chance(0.02):
            on_time = 0
        if r.chance(0.02):
            mechanic = 0
        weight = "" if r.chance(0.004) else WEIGHTS[group]
        booked = looking_back.good({"up": 0.80, "mid": 0.765, "down": 0.70}[bucket] - 0.12 * trouble(day))
        if looking_back.chance(0.02):
            booked = 0
        rows.append([day.isoformat(), number, region, name, "M" if mobile else "V",
                     recommend, mark, mechanic, on_time, invoice, booked, weight])
    return head, rows


def na_afspraak(r, lists):
    head = ["datum", "opdrachtgever", "regio", "kanaal", "gemak_melden", "gemak_afspraak",
            "gelukt", "bevestiging", "redenen", "snel", "tijdstip", "een_keer"]
    rows = []
    # Numbers of its own, so that the other answers stay what they were.
    why_easy = Random(SEEDS["why_easy"])
    for day in spread_over(r, FIRST, LAST, 6.6):
        number, _ = client(r, lists, day)
        _, region = branch(r)
        channel = r.pick(channels(day))
        felt = trouble(day)
        ease = {TELEPHONE: 5.12 - 0.60 * felt, ONLINE: 5.86 - 0.05 * felt,
                CHAT: 5.25 - 0.35 * felt, COUNTER: 5.35}[channel]
        report = {TELEPHONE: 5.35, ONLINE: 5.75, CHAT: 5.40, COUNTER: 5.45}[channel]
        if day < QUESTION_MOVED:
            ease += 0.25
        made = 0.87 - (0.13 * felt if channel == TELEPHONE else 0.02 * felt)
        confirmed = 0.83 - (0.06 * felt if channel == TELEPHONE else 0.01 * felt)
        ease_answer = r.answer(1, 7, ease)
        reasons = []
        if channel in (TELEPHONE, CHAT) and r.chance(0.17 + 0.20 * felt):
            reasons.append("Lang wachten")
        if r.chance(0.16 + (0.10 * felt if channel == TELEPHONE else 0)):
            reasons.append("Geen passend tijdstip")
        if channel == TELEPHONE and r.chance(0.10 + 0.08 * felt):
            reasons.append("Gegevens herhalen")
        if r.chance(0.07):
            reasons.append("Onduidelijke uitleg")
        if not reasons:
            reasons.append("Alles ging goed")
        if r.chance(0.22):
            reasons = []
        slow = 0.10 * felt if channel == TELEPHONE else 0.0
        helped = why_easy.good(0.18 + 0.105 * ease_answer - slow)
        moment = why_easy.good(0.36 + 0.065 * ease_answer)
        once = why_easy.good(0.58 + 0.030 * ease_answer)
        helped, moment, once = (0 if why_easy.chance(0.015) else it for it in (helped, moment, once))
        rows.append([day.isoformat(), number, region, channel,
                     8 if r.chance(0.12) else (0 if r.chance(0.02) else r.answer(1, 7, report)),
                     0 if r.chance(0.015) else ease_answer,
                     9 if r.chance(0.04) else (1 if r.chance(made) else 2),
                     6 if channel == COUNTER else (0 if r.chance(0.03) else r.good(confirmed)),
                     ";".join(reasons), helped, moment, once])
    return head, rows


def gesprekken(r, lists):
    head = ["datum", "opdrachtgever", "regio", "onderwerp", "wachttijd", "doorverbonden", "kosten"]
    rows = []
    for day in spread_over(r, FIRST, LAST, 9.4):
        number, _ = client(r, lists, day)
        _, region = branch(r)
        felt = trouble(day)
        subject = r.pick([("Afspraak", 46), ("Schade melden", 27), ("Factuur", 10), ("Klacht", 3.4 + 0.5 * felt), ("Overig", 14)])
        u = r.unit()
        wait = int((36 + 17 * felt + (9 if hail(day) else 0)) * u / (1.05 - u))
        forwarded = r.chance(0.105 + 0.075 * felt)
        cents = r.whole(420, 800) + (r.whole(120, 260) if forwarded else 0) + int(20 * felt)
        rows.append([dutch_date(day), number, region, subject, wait,
                     "onbekend" if r.chance(0.02) else ("ja" if forwarded else "nee"), euro(cents)])
    return head, rows


def reparaties(r, lists):
    head = ["nummer", "datum", "opdrachtgever", "regio", "vestiging", "locatie", "kanaal", "soort",
            "dagen", "bedrag", "herhaling"]
    rows = []
    for n, day in enumerate(spread_over(r, FIRST, LAST, 10.4)):
        number, _ = client(r, lists, day)
        name, region = branch(r)
        mobile = r.chance(mobile_share(day))
        chip = r.chance(0.31)
        cents = r.whole(7900, 11500) if chip else r.whole(42000, 66000) + n * 3 // 8
        wait = r.answer(0, 8, 2.25 + (1.2 if hail(day) else 0) + 0.25 * trouble(day))
        rows.append([f"R{n + 1:05d}", dutch_date(day), number, region, name, "M" if mobile else "V",
                     r.pick(channels(day)), "Sterreparatie" if chip else "Ruitvervanging",
                     wait, euro(cents), "ja" if r.chance(0.034) else "nee"])
    return head, rows


def answered(repairs, answers):
    """What became of the invitation after each repair: a column for `reparaties`.

    The two files are drawn apart, so a repair has no answer of its own: as many repairs of
    a day are answered as the day has answers, whichever they are.
    """
    # Numbers of its own, so that the other columns stay what they were.
    r = Random(SEEDS["enquete"])
    head, rows = repairs
    left = {}
    for day, *_ in answers[1]:
        left[day] = left.get(day, 0) + 1
    of_day = {}
    for row in rows:
        of_day.setdefault(datetime.datetime.strptime(row[1], "%d-%m-%Y").date().isoformat(), []).append(row)
    for day, done in of_day.items():
        open_, waiting = left.pop(day, 0), len(done)
        for row in done:
            # Selection sampling (Knuth, algorithm S): every choice of so many is as likely.
            if r.chance(open_ / waiting):
                open_ -= 1
                row.append("beantwoord")
            else:
                row.append("niet gemaild" if r.chance(0.12) else "geen antwoord")
            waiting -= 1
    assert not any(left.values()), "more answers than repairs on a day"
    return head + ["enquete"], rows


def klachten(r, lists):
    head = ["datum", "opdrachtgever", "regio", "dagen", "opgelost", "tevreden"]
    rows = []
    for day in spread_over(r, FIRST, LAST, 0.47):
        number, _ = client(r, lists, day)
        _, region = branch(r)
        solved = r.chance(0.86)
        rows.append([day.isoformat(), number, region, r.whole(1, 9) if solved else r.whole(6, 20),
                     "ja" if solved else "nee",
                     0 if r.chance(0.42) else r.good(0.70 if solved else 0.25)])
    return head, rows


def na_gesprek(r, lists):
    head = ["datum", "opdrachtgever", "regio", "onderwerp", "gemak"]
    rows = []
    means = {"Afspraak": 5.3, "Schade melden": 5.7, "Factuur": 3.9, "Klacht": 3.6, "Overig": 4.9}
    for day in spread_over(r, QUESTION_MOVED, LAST, 2.6):
        number, _ = client(r, lists, day)
        _, region = branch(r)
        felt = trouble(day)
        subject = r.pick([("Afspraak", 46), ("Schade melden", 27), ("Factuur", 10), ("Klacht", 3.4 + 0.5 * felt), ("Overig", 14)])
        ease = r.answer(1, 7, means[subject] - (0.6 * felt if subject == "Afspraak" else 0))
        rows.append([day.isoformat(), number, region, subject, 0 if r.chance(0.02) else ease])
    return head, rows


def since(lists):
    """The day on which each client became one: {number: date}."""
    r = Random(SEEDS["sinds"])
    first = min(lists)
    days_of = {}
    for day in sorted(lists):
        for number in lists[day]:
            if number in days_of:
                continue
            # Who is on the first list came in the ten years before it; others in the quarter of their list.
            days_of[number] = day - datetime.timedelta(r.whole(30, 3650) if day == first else r.whole(0, 80))
    return days_of


def opdrachtgevers(lists):
    head = ["peildatum", "nummer", "klantgroep", "contractwaarde", "status", "sinds"]
    days_of = since(lists)
    return head, [[day.isoformat(), number, group, "" if value is None else value, status, days_of[number].isoformat()]
                  for day, rows in lists.items() for number, (group, value, status, _) in rows.items()]


def write(folder, name, table, delimiter=","):
    head, rows = table
    with open(os.path.join(folder, name), "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f, delimiter=delimiter, lineterminator="\n")
        out.writerow(head)
        out.writerows(rows)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    options = argparse.ArgumentParser(description="Write the fictional data of Helder Autoruiten.")
    options.add_argument("--out", default=os.path.join(here, "data"))
    options = options.parse_args()
    os.makedirs(options.out, exist_ok=True)
    lists = clients(Random(SEEDS["opdrachtgevers"]))
    write(options.out, "opdrachtgevers.csv", opdrachtgevers(lists))
    tables = {table.__name__: table(Random(SEEDS[table.__name__]), lists)
              for table in (na_reparatie, na_afspraak, gesprekken, reparaties, klachten, na_gesprek)}
    tables["reparaties"] = answered(tables["reparaties"], tables["na_reparatie"])
    for name, table in tables.items():
        write(options.out, f"{name}.csv", table, ";" if name in ("gesprekken", "reparaties") else ",")


if __name__ == "__main__":
    main()
