"""Attacks released rates: bounds every withheld count by what is published, and compares the bounds with the truth.

    python attack_rates.py SUSTAIN ROOM [--only NAME ...] [--without FAMILY ...] [--json FILE]

makes batches and rates in the folder ROOM with the program SUSTAIN, and then reads of each set of rates only what lies
outside not-for-release. What those files print, and what the definitions of the measures imply, are constraints on whole
numbers: printed counts, sums over the levels of a dimension, people observed and not observed, measures that are parts of
others, days of starts. The bounds of every count are narrowed until nothing changes, and for the narrowest of those left by
linear programs over the constraints round them.

A withheld count is found where its bounds meet, and nearly found where they are at most 4 apart. The exact counts, which
--unrounded writes, serve three ends alone: they tell how many withheld counts there are, they check that no constraint
contradicts them, and they check that every count lies within its bounds. A count that is 0 by the definitions alone, such
as people observed in a week before the extract, is not withheld from anybody and is left out.

It exits with 1 where a withheld count was found, where 2% or more were nearly found, or where a file shows a figure that the
table withholds. --without leaves a family of constraints out, to see how much depends on it.
"""

import argparse
import csv
import html
import json
import math
import re
import resource
import subprocess
import sys
import time
import zipfile
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

FROM, CUT_OFF, EARLIER_CUT_OFF, ON = "2017-12-01", "2019-03-31", "2019-02-28", "2018-10-15"
LAG_DAYS, MATURITY_DAYS = 38, 62
FIRST_OUTCOME, SAME_TERMS = "sustained_13_weeks", ("16 hours", "0 days of break more", "start within 14 days")
WINDOW_DAYS = {"sustained_13_weeks": 91, "job_start_16h": 1, "earned_1000": 238}
ALL = ("all", "all")
NEARLY, MOST_NEARLY = 4, 0.02
MOST_MEMORY = 2 << 30

# Of each profile the base, the threshold, and whether 0 is withheld too.
PROFILES = {"round-5": (5, 10, False), "round-10": (10, 10, False), "ons-10-5": (5, 10, True)}
UNIT_COSTS_FROM, QUARTILES_FROM, CURVE_PEOPLE = 30, 40, 100
FIGURES = ("rate", "lower", "upper", "lower_bound", "upper_bound")

COUNTS = {"referred", "referrals", "starts_in_month"}
VOLUMES = {"referrals_of_volume", "starts_of_volume"}
COSTS = {"cost_per_start", "cost_per_first_earnings", "cost_per_job_start", "cost_per_outcome"}
WEEKLY = {"employed_week", "employed_16_week"}
CURVES = WEEKLY | {"employed_month", "employed_16_month"}
WEEKS, CLAIMS, CHANGE = "weeks_in_work", "outcome_by_claim", "increase"
# Denominators that are numerators of other rows are hidden with them.
HIDDEN_FOR_ANOTHER = {"unclaimed_outcome", "first_job_of_out_of_work", "sensitivity", "target", "baseline"}
QUARTILES = {"lower_quartile": 1, "median": 2, "upper_quartile": 3}
OF_STARTERS = ("employed_week", "employed_before", "employed_after", CHANGE, WEEKS, "first_earnings_full",
               "job_start_full", "outcome_by_evidence_full", "out_of_work_at_start")

# The linear programs: for how many counts, for how many of those nearly found, over how many constraints, and how far off.
PROGRAMS, NEAR_PROGRAMS, MOST_ROWS, MOST_STEPS = 300, 100, 160, 4
SWEEPS = 400
UNKNOWN = 1_000_000.0


def day(text):
    return date.fromisoformat(text)


def next_month(first):
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def first_of(month):
    """The first day of a month, or of the first of several."""
    return day(f"{month[:7]}-01")


def end_of(month):
    """The day after a month, or after the last of several."""
    return next_month(day(f"{month[-7:]}-01"))


# What a release holds.


class Release:
    """The files of a set of rates outside not-for-release. Releases of one world count the same people of the same inputs."""

    def __init__(self, folder, world):
        self.folder, self.world = Path(folder), world
        with (self.folder / "rates.csv").open(newline="") as file:
            self.rows = [clean(row) for row in csv.DictReader(file)]
        self.profile = self.rows[0]["disclosure"]
        self.base, self.threshold, self.withholds_zero = PROFILES[self.profile]
        self.page = html.unescape((self.folder / "rates.html").read_text())
        observed = re.search(r"every day from (\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)", self.page)
        self.observed = tuple(map(day, observed.groups()))
        self.is_whole = "Not observed either:" not in self.page
        # "Nobody or everybody of fewer than 30 withheld", where the profile says so.
        says = re.search(r"Disclosure control: .*?</p>", self.page, re.S)
        rule = re.search(r"nobody or everybody of fewer than (\d+)", says[0])
        self.least_bare = int(rule[1]) if rule else UNKNOWN if self.withholds_zero else 0
        self.published = {place_of(row): row for row in self.rows}
        self.wholes = self.nesting()

    def nesting(self):
        """Of each provider its contract, or of each contract its provider, where each has one: who works for whom is public."""
        with (self.folder.parent / f"{self.folder.name}-nesting.csv").open(newline="") as file:
            return {(row["part"], row["level"]): (row["whole"], row["of"]) for row in csv.DictReader(file)}

    def printed(self, count):
        """The exact counts that are printed as `count`: a small one is withheld, so that 0 is 0."""
        if count == 0:
            return 0, 0
        # A multiple of 10 is that of the multiple of 5.
        fewest, most = (7, 2) if self.base == 10 else (self.base // 2, self.base - 1 - self.base // 2)
        return max(count - fewest, self.threshold), count + most


def clean(row):
    row = defaultdict(str, {name: value or "" for name, value in row.items() if name})
    row["period"] = row["period"].lstrip("'")
    row["level"] = row["level"].lstrip("'")
    return row


def place_of(row):
    return row["measure"], row["period"], row["group"], row["level"]


def truth_of(release):
    """The exact counts of a set of rates, by key."""
    found = {}
    with (release.folder / "not-for-release" / "rates-unrounded.csv").open(newline="") as file:
        for row in map(clean, csv.DictReader(file)):
            for column, count in exact_cells(row):
                key = key_of(release, row, column)
                assert found.setdefault(key, count) == count, f"a copy differs: {key} is {found[key]} and {count}"
    return found


def exact_cells(row):
    measure, whole = row["measure"], lambda name: int(row[name]) if row[name].isdigit() else None
    cells = []
    if measure in COSTS:
        cells.append(("N", whole("denominator")))
    elif measure == CHANGE:
        cells += zip("BANL", map(int, re.findall(r"\d+", row["note"])))
    elif measure != WEEKS:
        cells.append(("N", whole("numerator")))
    if measure not in COUNTS | VOLUMES | COSTS:
        cells.append(("D", whole("denominator")))
    if measure == CLAIMS and row["upper_bound"]:
        cells.append(("P", round(float(row["upper_bound"]) * int(row["denominator"]))))
    return [(column, count) for column, count in cells if count is not None]


def is_merged(level):
    return bool(re.match(r"other, \d+ levels|.* to not started$", level))


def key_of(release, row, column):
    measure = row["measure"]
    return (release.world, *same_as(measure, row["period"], column), row["group"], row["level"], column_of(measure, column))


def column_of(measure, column):
    """Of what `same_as` takes from another measure, the column there."""
    return "N" if (measure, column) == ("unclaimed_outcome", "D") else column


def same_as(measure, period, column):
    """The measure and period that hold the same count by definition."""
    if measure == "target":
        measure = "outcome_by_evidence_matured"
    if measure == "baseline":
        measure = "employed_before" if period.startswith("-") else "employed_after"
    if measure == WEEKS:
        period = ""
    if measure in COSTS:
        period = " ".join(period.split(" ")[:-1])
    if measure == "unclaimed_outcome" and column == "D":
        return "outcome_by_evidence_full", period
    if measure == "sensitivity" and (column in "DU" or period in SAME_TERMS):
        return "outcome_by_evidence_matured", FIRST_OUTCOME
    if column in "DU":
        if measure == "thirteen_weeks_or_more":
            return WEEKS, ""
        if measure == "paid_employment_on":
            return measure, f"{period.split(' ')[0]} any"
        if measure in WEEKLY:
            return "employed_week", ""
        measure = measure.replace("employed_16_", "employed_")
    return measure, period


# Whole numbers with bounds, and the constraints on them.


class System:
    """Whole numbers with bounds, linear constraints on them, and the rules of disclosure that are not linear."""

    def __init__(self, without):
        self.without = set(without)
        self.ids, self.keys = {}, []
        self.lower, self.upper, self.why = [], [], []
        self.terms, self.lows, self.highs, self.families = [], [], [], []
        self.gaps, self.smalls, self.bares, self.seen = {}, [], [], set()

    def var(self, key):
        found = self.ids.get(key)
        if found is None:
            found = self.ids[key] = len(self.keys)
            self.keys.append(key)
            self.lower.append(0.0)
            self.upper.append(UNKNOWN)
            self.why.append(["at least 0", "at most all"])
        return found

    def within(self, one, low, high, family):
        if family in self.without:
            return
        if low > self.lower[one]:
            self.lower[one], self.why[one][0] = float(low), family
        if high < self.upper[one]:
            self.upper[one], self.why[one][1] = float(high), family
        assert self.lower[one] <= self.upper[one], f"{self.keys[one]} cannot be printed so: {family}"

    def add(self, terms, low, high, family):
        """Takes up that the sum of `terms` lies between `low` and `high`."""
        if family in self.without:
            return
        merged = Counter()
        for one, factor in terms:
            merged[one] += factor
        terms = tuple(sorted((one, factor) for one, factor in merged.items() if factor))
        if terms and (terms, low, high) not in self.seen:
            self.seen.add((terms, low, high))
            self.terms.append(terms)
            self.lows.append(low)
            self.highs.append(high)
            self.families.append(family)

    def equal(self, sum_of, parts, family):
        self.add([(one, 1) for one in sum_of] + [(one, -1) for one in parts], 0, 0, family)

    def at_most(self, smaller, greater, family):
        """The sum of `smaller` is at most the sum of `greater`; nothing is said where one of them is not known."""
        if None not in smaller + greater:
            self.add([(one, -1) for one in smaller] + [(one, 1) for one in greater], 0, math.inf, family)

    def gap(self, one, threshold):
        """A published count: 0 or at least the threshold."""
        if "threshold" not in self.without:
            self.gaps[one] = max(self.gaps.get(one, 0), threshold)


class Bound:
    """The bounds of a system while they are narrowed."""

    def __init__(self, system, bare=False):
        self.system = system
        count, rows = len(system.keys), len(system.terms)
        self.sizes = np.fromiter(map(len, system.terms), dtype=np.int64, count=rows)
        self.row = np.repeat(np.arange(rows), self.sizes)
        self.column = np.fromiter((one for terms in system.terms for one, _ in terms), dtype=np.int64, count=len(self.row))
        self.factor = np.fromiter((by for terms in system.terms for _, by in terms), dtype=float, count=len(self.row))
        self.low, self.high = np.array(system.lows, dtype=float), np.array(system.highs, dtype=float)
        printed = {why for both in system.why for why in both}
        self.names = sorted(set(system.families) | printed | {"threshold", "reason", "program"})
        place = {name: number for number, name in enumerate(self.names)}
        self.family = np.array([place[name] for name in system.families], dtype=np.int64)
        self.lower, self.upper = np.array(system.lower), np.array(system.upper)
        self.why_lower = np.array([place[why[0]] for why in system.why])
        self.why_upper = np.array([place[why[1]] for why in system.why])
        self.place = place
        gaps = {} if bare else system.gaps
        self.gap = np.fromiter(gaps, dtype=np.int64, count=len(gaps))
        self.gap_from = np.array([float(gaps[one]) for one in gaps])
        self.smalls = [] if bare else system.smalls
        self.bares = [] if bare else system.bares
        self.entries = csr_matrix((np.ones(len(self.row)), (self.row, self.column)), shape=(rows, count))
        self.of_column = self.entries.T.tocsr()

    def narrow(self, sweeps=SWEEPS):
        """Narrows all bounds until nothing changes."""
        changed = np.ones(len(self.lower), dtype=bool)
        for _ in range(sweeps):
            before = self.lower.copy(), self.upper.copy()
            self.sweep(changed)
            self.rules()
            changed = (before[0] != self.lower) | (before[1] != self.upper)
            self.check()
            if not changed.any():
                return

    def check(self):
        wrong = np.flatnonzero(self.lower > self.upper)
        if len(wrong):
            one = wrong[0]
            raise AssertionError(f"a contradiction: {self.system.keys[one]} {self.says(one)}")

    def says(self, one):
        return (f"from {self.lower[one]} ({self.names[self.why_lower[one]]}) "
                f"to {self.upper[one]} ({self.names[self.why_upper[one]]})")

    def sweep(self, changed):
        active = np.asarray(self.entries @ changed.astype(float)).ravel() > 0
        entries = np.flatnonzero(active[self.row])
        row, column, by = self.row[entries], self.column[entries], self.factor[entries]
        ups = by > 0
        least = np.where(ups, by * self.lower[column], by * self.upper[column])
        most = np.where(ups, by * self.upper[column], by * self.lower[column])
        sums = np.zeros((2, len(self.low)))
        np.add.at(sums[0], row, least)
        np.add.at(sums[1], row, most)
        # What remains for one entry when all others take their least or most.
        room_high = (self.high[row] - (sums[0][row] - least)) / by
        room_low = (self.low[row] - (sums[1][row] - most)) / by
        high = np.floor(np.where(ups, room_high, room_low) + 1e-7)
        low = np.ceil(np.where(ups, room_low, room_high) - 1e-7)
        high[np.isnan(high)], low[np.isnan(low)] = np.inf, -np.inf
        self.take(column, low, high, self.family[row])

    def take(self, column, low, high, family):
        before = self.lower.copy(), self.upper.copy()
        np.maximum.at(self.lower, column, low)
        np.minimum.at(self.upper, column, high)
        tighter = (low == self.lower[column]) & (low > before[0][column])
        self.why_lower[column[tighter]] = family[tighter]
        tighter = (high == self.upper[column]) & (high < before[1][column])
        self.why_upper[column[tighter]] = family[tighter]

    def rules(self):
        lower, upper = self.lower[self.gap], self.upper[self.gap]
        raised = (lower > 0) & (lower < self.gap_from)
        self.lower[self.gap[raised]] = self.gap_from[raised]
        self.why_lower[self.gap[raised]] = self.place["threshold"]
        sunk = (upper < self.gap_from) & (upper > 0)
        self.upper[self.gap[sunk]] = 0
        self.why_upper[self.gap[sunk]] = self.place["threshold"]
        for ones, low, high in self.smalls:
            self.only_small(ones, low, high)
        for counted, people, least, whole in self.bares:
            # Nobody of a small group is published where nobody of all is.
            if self.lower[people] == 0 or (whole is not None and self.lower[whole] == 0):
                continue
            if self.upper[people] < least and self.lower[counted] < 1:
                self.lower[counted], self.why_lower[counted] = 1, self.place["threshold"]
            if self.upper[counted] == 0 and self.lower[people] < least:
                self.lower[people], self.why_lower[people] = least, self.place["threshold"]

    def only_small(self, ones, low, high):
        """One of these counts is small: where only one of them can be, it is."""
        can = [one for one in ones if self.lower[one] <= high and low <= self.upper[one]]
        if len(can) == 1:
            one = can[0]
            if self.lower[one] < low:
                self.lower[one], self.why_lower[one] = low, self.place["reason"]
            if self.upper[one] > high:
                self.upper[one], self.why_upper[one] = high, self.place["reason"]

    def neighbours(self, one):
        """The constraints round a count, nearest first, and no more than MOST_ROWS of them."""
        rows, ones, reached, frontier = [], {one}, set(), [one]
        for _ in range(MOST_STEPS):
            following = []
            for known in frontier:
                start, end = self.of_column.indptr[known], self.of_column.indptr[known + 1]
                for row in self.of_column.indices[start:end]:
                    if row in reached:
                        continue
                    if len(rows) == MOST_ROWS:
                        return rows
                    reached.add(row)
                    rows.append(row)
                    first = self.entries.indptr[row]
                    for other in self.entries.indices[first:first + self.sizes[row]]:
                        if other not in ones and self.lower[other] < self.upper[other]:
                            ones.add(other)
                            following.append(other)
            frontier = following
        return rows

    def program(self, one):
        """The bounds of a count by linear programs over the constraints round it."""
        rows = self.neighbours(one)
        ones = sorted({other for row in rows for other, _ in self.system.terms[row]})
        if one not in ones:
            return self.lower[one], self.upper[one]
        place = {other: number for number, other in enumerate(ones)}
        entries = [(number, place[other], by) for number, row in enumerate(rows) for other, by in self.system.terms[row]]
        matrix = csr_matrix(([by for *_, by in entries], ([row for row, *_ in entries], [other for _, other, _ in entries])),
                            shape=(len(rows), len(ones)))
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(ones))
            aim[place[one]] = sign
            # Whole numbers are rounded to afterwards: as an integer program the solver has given wrong optima.
            found = milp(aim, integrality=np.zeros(len(ones)), bounds=Bounds(self.lower[ones], self.upper[ones]),
                         constraints=LinearConstraint(matrix, self.low[rows], self.high[rows]))
            ends.append(sign * found.fun if found.status == 0 else None)
        low = self.lower[one] if ends[0] is None else max(self.lower[one], math.ceil(ends[0] - 1e-6))
        high = self.upper[one] if ends[1] is None else min(self.upper[one], math.floor(ends[1] + 1e-6))
        return low, high

    def programs(self, targets):
        """Runs the linear programs for the narrowest of these counts that are not found yet."""
        widths = sorted((self.upper[one] - self.lower[one], one) for one in targets if self.lower[one] < self.upper[one])
        near = [one for width, one in widths if width <= NEARLY]
        for one in near[:NEAR_PROGRAMS] + [one for width, one in widths if NEARLY < width][:PROGRAMS]:
            low, high = self.program(one)
            assert low <= high, f"a contradiction in the program of {self.system.keys[one]}"
            self.take(np.array([one]), np.array([low]), np.array([high]), np.array([self.place["program"]]))
        self.narrow()


# What an intruder knows of one world.


class World:
    """The counts of one world: which tables and levels there are, and how its counts relate by definition."""

    def __init__(self, name, releases, system):
        self.name, self.system, self.releases = name, system, releases
        self.tables, self.periods, self.levels = defaultdict(set), defaultdict(list), defaultdict(set)
        self.broken_down, self.wholes = set(), {}
        for release in releases:
            self.wholes |= release.wholes
            for row in release.rows:
                measure, period, group, level = place_of(row)
                self.tables[measure, period, group].add(level)
                self.levels[group].add(level)
                self.broken_down.add((measure, group))
                if period not in self.periods[measure]:
                    self.periods[measure].append(period)
        self.observed, self.is_whole = releases[0].observed, all(release.is_whole for release in releases)
        self.cut_off = self.observed[1] + timedelta(LAG_DAYS)
        self.groups = [(group, level) for group in sorted(self.levels) for level in sorted(self.levels[group])]
        weeks = [int(week) for week in self.periods.get("employed_week", [])]
        self.curve = (min(weeks), max(weeks) + 1) if weeks else None

    def key(self, measure, period, column, group):
        return (self.name, *same_as(measure, period, column), *group, column_of(measure, column))

    def get(self, measure, period, column, group):
        """A count; None where the measure is not broken down so. Of a level that a table lacks nothing is known."""
        dimension, level = group
        if (measure, dimension) not in self.broken_down:
            return None
        one = self.system.var(self.key(measure, period, column, group))
        return one

    def aux(self, name, group, *more):
        return self.system.var((self.name, name, *map(str, more), *group, "aux"))

    def relate(self):
        for group in self.groups:
            self.complements(group)
            self.people(group)
            self.parts(group)
            self.ranges(group)
            self.changes(group)
            self.outcomes(group)
            self.spending(group)
            self.claims(group)
            if self.is_whole:
                self.dates(group)
        self.sums()

    def complements(self, group):
        """Of every share: the people counted and those not counted are the people of the group."""
        for measure, periods in self.periods.items():
            if measure in COUNTS | VOLUMES | COSTS | {WEEKS, CHANGE, "target", "baseline"}:
                continue
            for period in periods:
                counted, people, rest = (self.get(measure, period, column, group) for column in "NDC")
                if None not in (counted, people, rest):
                    self.system.equal([people], [counted, rest], "row")

    def people(self, group):
        """People observed and not observed are all who started, or all in the register."""
        system = self.system
        referred, started = self.get("referred", "", "N", group), self.get("started", "", "N", group)
        if started is None:
            return
        recorded, later, never = (self.get("started", "", column, group) for column in "DUC")
        system.equal([referred], [recorded, later], "people")
        system.at_most([referred], [self.get("referrals", "", "N", group)], "people")
        if group[0] == "start_quarter" and not is_merged(group[1]):
            system.within(started if group[1] == "not started" else never, 0, 0, "people")
        history, register = self.aux("history", group), self.aux("register history", group)
        system.at_most([history], [started], "people")
        system.at_most([history], [register], "people")
        system.at_most([register], [referred], "people")
        system.at_most([register, started], [history, referred], "people")
        for measure in OF_STARTERS:
            for period in self.periods.get(measure, []):
                people, others = self.get(measure, period, "D", group), self.get(measure, period, "U", group)
                if None not in (people, others):
                    system.equal([started, later], [people, others], "people")
                    system.at_most([people], [history], "people")
        for measure in ("first_earnings_full", "job_start_full"):
            people = self.get(measure, "", "D", group)
            if people is not None and self.is_whole:
                system.equal([people], [history], "people")
        for period in self.periods.get("employed_month", []):
            people, others = self.get("employed_month", period, "D", group), self.get("employed_month", period, "U", group)
            if None not in (people, others):
                system.equal([referred], [people, others], "people")
                if self.observes(first_of(period), next_month(first_of(period)) - timedelta(1)):
                    system.equal([people], [register], "people")
        jobless = [self.get("out_of_work_at_start", "", column, group) for column in "NU"]
        following = [self.get("first_job_of_out_of_work", "", column, group) for column in "DU"]
        if None not in jobless + following:
            system.equal(jobless, following, "people")
        years = [self.get("referrals_of_volume", year, "N", group) for year in self.periods.get("referrals_of_volume", [])]
        if years:
            system.at_most(years, [self.get("referrals", "", "N", group)], "people")
        years = [self.get("starts_of_volume", year, "N", group) for year in self.periods.get("starts_of_volume", [])]
        if years:
            system.at_most(years, [started], "people")

    def observes(self, first, last):
        return self.is_whole and self.observed[0] <= first and last <= self.observed[1]

    def parts(self, group):
        """Measures that count a part of the people of another."""
        at_most, get = self.system.at_most, self.get
        for any_hours, sixteen in (("employed_week", "employed_16_week"), ("employed_month", "employed_16_month")):
            for period in self.periods.get(sixteen, []):
                at_most([get(sixteen, period, "N", group)], [get(any_hours, period, "N", group)], "hours")
        for matured, full in (("first_earnings_matured", "first_earnings_full"), ("job_start_matured", "job_start_full"),
                              ("outcome_by_evidence_matured", "outcome_by_evidence_full")):
            for period in self.periods.get(matured, []):
                for column in "NCU":
                    at_most([get(matured, period, column, group)], [get(full, period, column, group)], "matured")
        earned, began = (get(measure, "", "D", group) for measure in ("first_earnings_matured", "job_start_matured"))
        if None not in (earned, began):
            self.system.equal([earned], [began], "matured")
        for period in self.periods.get("paid_employment_on", []):
            on, hours = period.split(" ")
            if hours == "any":
                self.paid_on(on, group)
        for winter in self.periods.get("sustained_five_of_six_months", []):
            october = date(int(winter[:4]), 10, 1)
            months = [f"{october.year}-{month}" for month in (10, 11, 12)]
            months += [f"{october.year + 1}-{month:02}" for month in (1, 2, 3)]
            counted = get("sustained_five_of_six_months", winter, "N", group)
            by_month = [get("employed_month", month, "N", group) for month in months]
            if None not in by_month + [counted]:
                at_most([counted] * 5, by_month, "matured")

    def paid_on(self, on, group):
        get, system = self.get, self.system
        of = lambda hours, column="N": get("paid_employment_on", f"{on} {hours}", column, group)
        parts = [of(hours) for hours in ("under_16", "16_or_more", "hours_unknown")]
        if None in parts + [of("any")]:
            return
        system.equal([of("any")], parts, "hours")
        people, register, referred = of("any", "D"), self.aux("register history", group), get("referred", "", "N", group)
        system.at_most([people], [register], "people")
        observed = [register] if self.observes(day(on), day(on)) else []
        system.at_most([of("any", "U"), *observed], [referred], "people")
        for hours, measure in (("any", "employed_month"), ("16_or_more", "employed_16_month")):
            if self.observes(first_of(on[:7]), next_month(first_of(on[:7])) - timedelta(1)):
                system.at_most([of(hours)], [get(measure, on[:7], "N", group)], "months")

    def ranges(self, group):
        """A stretch of weeks beside the curve of those who are observed in all its weeks, which are people of the stretch."""
        at_most, get = self.system.at_most, self.get
        for measure in ("employed_before", "employed_after"):
            for period in self.periods.get(measure, []):
                first, end = map(int, period.split(" to "))
                counted, people, rest = (get(measure, period, column, group) for column in "NDC")
                weeks = [[get("employed_week", str(week), column, group) for column in "NDC"] for week in range(first, end)]
                if not self.draws(first, end) or counted is None or any(None in week for week in weeks):
                    continue
                at_most([weeks[0][1]], [people], "weeks")
                at_most([counted, weeks[0][1]], [week[0] for week in weeks] + [people], "weeks")
                for in_week, of_week, out_of_week in weeks:
                    at_most([in_week], [counted], "weeks")
                    at_most([rest, of_week], [out_of_week, people], "weeks")
        if self.draws(0, 1):
            working, jobless, asked = (get("out_of_work_at_start", "", column, group) for column in "CND")
            in_week, of_week, out_of_week = (get("employed_week", "0", column, group) for column in "NDC")
            at_most([of_week], [asked], "weeks")
            at_most([working, of_week], [in_week, asked], "weeks")
            at_most([out_of_week], [jobless], "weeks")
        self.weeks_in_work(group)

    def draws(self, first, end):
        """Whether the curve of weeks has all of these."""
        return self.curve is not None and self.curve[0] <= first and end <= self.curve[1]

    def weeks_in_work(self, group):
        """Thirteen weeks beside the weeks, and beside the mean and the quartiles that are published."""
        get, system = self.get, self.system
        counted, people, rest = (get("thirteen_weeks_or_more", "", column, group) for column in "NDC")
        weeks = [get("employed_week", str(week), "N", group) for week in range(52)]
        if self.draws(0, 52):
            system.at_most(weeks, [counted] * 52 + [rest] * 12, "weeks")
        for row in (row for release in self.releases for row in release.rows):
            if (row["measure"], row["group"], row["level"]) != (WEEKS, *group) or not row["rate"]:
                continue
            rate, share = float(row["rate"]), QUARTILES.get(row["period"])
            if share is None:
                system.add([(people, rate + 0.0501), (counted, -13)], 0, math.inf, "mean")
                system.add([(counted, 52), (rest, 12), (people, 0.0501 - rate)], 0, math.inf, "mean")
            elif rate < 13:
                system.add([(rest, 4), (people, -share)], 0, math.inf, "mean")
            else:
                system.add([(people, share), (rest, -4)], 1 - 1e-9, math.inf, "mean")

    def changes(self, group):
        """The change beside employment before and after, among those observed in both."""
        get, system = self.get, self.system
        for period in self.periods.get(CHANGE, []):
            before = [get("employed_before", "-13 to 0", column, group) for column in "NDC"]
            after = [get("employed_after", period, column, group) for column in "NDC"]
            gained, lost, was, now, people = (get(CHANGE, period, column, group) for column in "NLBAD")
            if None in before + after + [gained, people]:
                continue
            both, neither = self.aux("both", group, period), self.aux("neither", group, period)
            system.equal([people], [gained, lost, both, neither], "change")
            system.equal([was], [lost, both], "change")
            system.equal([now], [gained, both], "change")
            # The others of those observed before, or after, are not among the people of the change.
            for (counted, asked, rest), inside, outside in ((before, was, [gained, neither]), (after, now, [lost, neither])):
                system.at_most([people], [asked], "change")
                system.at_most([inside], [counted], "change")
                system.at_most(outside, [rest], "change")

    def outcomes(self, group):
        get, system = self.get, self.system
        periods = self.periods.get("sensitivity", [])
        number = lambda period: int(re.search(r"\d+", period)[0])
        named = lambda *endings: sorted((period for period in periods if period.endswith(endings)), key=number)
        certain = named(" hours", "certain")[::-1]
        chains = [certain, named(" hours", "possible")[::-1], named(" more"), named(" days")]
        chains += [[period, period.replace("certain", "possible")] for period in certain if "certain" in period]
        for chain in chains:
            for smaller, greater in zip(chain, chain[1:]):
                system.at_most([get("sensitivity", smaller, "N", group)], [get("sensitivity", greater, "N", group)], "outcomes")
        for period in self.periods.get("unclaimed_outcome", []):
            # Who met an outcome is observed.
            if (unobserved := get("unclaimed_outcome", period, "U", group)) is not None:
                system.within(unobserved, 0, 0, "people")
        for period in self.periods.get("outcome_by_evidence_full", []):
            people, history = get("outcome_by_evidence_full", period, "D", group), self.aux("history", group)
            if self.is_whole and people is not None:
                system.equal([people], [history], "people")

    def spending(self, group):
        """Unit costs: the people are those of another measure whose start is funded."""
        get, system = self.get, self.system
        if "all" not in self.periods.get("cost_per_start", []):
            return
        funded, started = get("cost_per_start", "all", "N", group), get("started", "", "N", group)
        system.at_most([funded], [started], "cost")
        bought_of = [("cost_per_first_earnings", "all", "first_earnings_full", ""),
                     ("cost_per_job_start", "all", "job_start_full", "")]
        bought_of += [("cost_per_outcome", period, "outcome_by_evidence_full", period[:-4])
                      for period in self.periods.get("cost_per_outcome", []) if period.endswith(" all")]
        for measure, period, whole, of in bought_of:
            bought, others = get(measure, period, "N", group), get(measure, period, "U", group)
            if None in (funded, bought, others):
                continue
            rest = self.aux("not bought", group, measure, period)
            system.equal([funded], [bought, rest, others], "cost")
            for part, column in ((bought, "N"), (rest, "C"), (others, "U")):
                system.at_most([part], [get(whole, of, column, group)], "cost")
        unobserved = get("cost_per_start", "all", "U", group)
        if unobserved is not None:
            system.within(unobserved, 0, 0, "cost")

    def claims(self, group):
        get, system = self.get, self.system
        for outcome in self.periods.get(CLAIMS, []):
            validated, possible, claims = (get(CLAIMS, outcome, column, group) for column in "NPD")
            system.at_most([validated], [possible], "claims")
            system.at_most([possible], [claims], "claims")
            if group == ALL and None not in (met := [get("unclaimed_outcome", outcome, column, group) for column in "ND"]):
                system.at_most([met[1]], [met[0], claims], "claims")

    def sums(self):
        """The levels of a dimension add up to everyone, and those nested in a level to it; the starts of months add up."""
        for measure, period, dimension in sorted(self.tables):
            if dimension == "all" or measure in ("target", "baseline"):
                continue
            levels = defaultdict(list)
            for level in sorted(self.levels[dimension]):
                levels[ALL].append(level)
                if (whole := self.whole_of(dimension, level)) and (measure, whole[0]) in self.broken_down:
                    levels[whole].append(level)
            for group, parts in levels.items():
                for column in "NDCULPAB":
                    keys = [self.key(measure, period, column, (dimension, level)) for level in parts]
                    whole = self.key(measure, period, column, group)
                    if whole in self.system.ids and all(part in self.system.ids for part in keys):
                        self.system.equal([self.system.ids[whole]], [self.system.ids[part] for part in keys], "sum")
        months = [self.get("starts_in_month", month, "N", ALL) for month in self.periods.get("starts_in_month", [])]
        if months:
            self.system.equal([self.get("started", "", "N", ALL)], months, "sum")

    def whole_of(self, dimension, level):
        """The level of another dimension that a level is nested in."""
        parts = {part for part, _ in self.wholes}
        if dimension not in parts:
            return None
        whole = next(iter(self.wholes.values()))[0]
        merged = [name for name in self.levels[whole] if is_merged(name)]
        _, _, of = level.partition(" levels of ")
        of = of or self.wholes.get((dimension, level), (whole, ""))[1]
        if of in self.levels[whole]:
            return whole, of
        return (whole, merged[0]) if len(merged) == 1 else None

    # Days of starts.

    def dates(self, group):
        """People by the day they started: everyone whose start lies between two days is observed in the same weeks."""
        months = sorted(self.periods.get("starts_in_month", []))
        history, started = self.aux("history", group), self.get("started", "", "N", group)
        if not months or started is None:
            return
        begin, end = first_of(months[0]), end_of(months[-1])
        if group[0] == "start_quarter" and (quarter := quarter_of(group[1])):
            begin, end = max(begin, quarter[0]), min(end, quarter[1])
        spans = [(one, first, last) for one, first, last in self.spans(group) if one is not None]
        both = [(ones, first, last) for ones, first, last in self.spans_of_both(group) if None not in ones]
        marks = sorted({mark for _, *ends in spans + both for mark in ends if begin < mark < end})
        some = sorted({mark for _, *ends in both for mark in ends if begin < mark < end})
        observed = self.running(group, "observed from", marks, begin, end, [(history, 1)])
        unobserved = self.running(group, "unobserved from", some, begin, end, [(started, 1), (history, -1)])
        for one, first, last in spans:
            self.system.add(between(observed, first, last) + [(one, -1)], 0, 0, "dates")
        for ones, first, last in both:
            terms = between(observed, first, last) + between(unobserved, first, last)
            self.system.add(terms + [(one, -1) for one in ones], 0, 0, "dates")

    def running(self, group, name, marks, begin, end, whole):
        """How many started before a day, as a function of the day that gives terms of a sum."""
        ones = {mark: self.aux(name, group, mark) for mark in marks}
        line = [[]] + [[(ones[mark], 1)] for mark in marks] + [whole]
        for earlier, later in zip(line, line[1:]):
            self.system.add(later + [(one, -by) for one, by in earlier], 0, math.inf, "dates")
        return lambda mark: [] if mark <= begin else whole if end <= mark else [(ones[mark], 1)]

    def spans(self, group):
        """Counts of people observed, each with the days of start that they have: from the first, before the last."""
        first, last = self.observed
        weeks = lambda number: timedelta(7 * number)
        in_weeks = lambda begin, end: (first - weeks(begin), last - weeks(end) + timedelta(2))
        get = lambda measure, period: self.get(measure, period, "D", group)
        if self.curve:
            yield get("employed_week", str(self.curve[0])), *ordered(in_weeks(*self.curve))
        for period in self.periods.get("employed_before", []):
            yield get("employed_before", period), *ordered(in_weeks(-13, 0))
        for period in self.periods.get("employed_after", []):
            after = in_weeks(*map(int, period.split(" to ")))
            yield get("employed_after", period), *ordered(after)
            if period in self.periods.get(CHANGE, []):
                yield get(CHANGE, period), *ordered((in_weeks(-13, 0)[0], after[1]))
        if WEEKS in self.periods:
            yield get(WEEKS, "mean"), *ordered(in_weeks(0, 52))
        if "out_of_work_at_start" in self.periods:
            yield get("out_of_work_at_start", ""), *ordered((first, last + timedelta(1)))
        for measure, period, latest in self.matured():
            yield get(measure, period), date.min, latest
        for winter in self.periods.get("sustained_five_of_six_months", []):
            october = date(int(winter[:4]), 10, 1)
            is_observed = self.observes(october, date(october.year + 1, 3, 31))
            yield get("sustained_five_of_six_months", winter), date.min, october if is_observed else date.min

    def matured(self):
        found = [(measure, "", 364) for measure in ("first_earnings_matured", "job_start_matured") if measure in self.periods]
        found += [("outcome_by_evidence_matured", outcome, WINDOW_DAYS[outcome])
                  for outcome in self.periods.get("outcome_by_evidence_matured", []) if outcome in WINDOW_DAYS]
        return [(measure, period, self.cut_off - timedelta(window + MATURITY_DAYS - 1)) for measure, period, window in found]

    def spans_of_both(self, group):
        """Counts of people whether observed or not, each with the days of their starts."""
        get, dimension = self.get, group[0]
        quarters = [quarter for level in self.levels["start_quarter"] if (quarter := quarter_of(level))]
        own = quarter_of(group[1]) if dimension == "start_quarter" else None
        for month in self.periods["starts_in_month"]:
            first, last = first_of(month), end_of(month)
            is_named = any(begin < last and first < end for begin, end in quarters)
            is_whole = own[0] <= first and last <= own[1] if own else is_merged(group[1]) and not is_named
            if group == ALL or (dimension == "start_quarter" and is_whole):
                yield [get("starts_in_month", month, "N", ALL)], first, last
        for begin, end in quarters:
            if group == ALL:
                level = next(level for level in self.levels["start_quarter"] if quarter_of(level) == (begin, end))
                yield [get("started", "", "N", ("start_quarter", level))], begin, end
            elif dimension == "start_quarter" and own is None:
                # Nobody of merged quarters started in one that is not.
                yield [], begin, end
        for measure, period, latest in self.matured():
            yield [get(measure, period, column, group) for column in "DU"], date.min, latest
        for winter in self.periods.get("sustained_five_of_six_months", []):
            both = [get("sustained_five_of_six_months", winter, column, group) for column in "DU"]
            yield both, date.min, date(int(winter[:4]), 10, 1)
        for year in self.periods.get("starts_of_volume", []):
            first, last = map(day, year.split(" to "))
            yield [get("starts_of_volume", year, "N", group)], first, last + timedelta(1)


def quarter_of(level):
    """The first day of a quarter, or of several, and the one after its last; None of a level that is no quarter."""
    if not (named := re.fullmatch(r"(\d{4}) Q(\d)(?: to (\d{4}) Q(\d))?", level)):
        return None
    first, last = (date(int(year), 3 * int(quarter) - 2, 1)
                   for year, quarter in (named.group(1, 2), named.group(3, 4) if named[3] else named.group(1, 2)))
    return first, next_month(next_month(next_month(last)))


def ordered(ends):
    return ends if ends[0] < ends[1] else (date.min, date.min)


def between(running, first, last):
    return running(last) + [(one, -by) for one, by in running(first)]


# What is printed.


def read_release(release, world):
    """Takes up every cell of a release."""
    system = world.system
    for row in release.rows:
        group = (row["group"], row["level"])
        get = lambda column: world.get(row["measure"], row["period"], column, group)
        if row["suppressed"]:
            read_withheld(release, row, get, system)
        else:
            read_published(release, row, get, world, system)
    read_presence(release, world)
    read_unobserved(release, world)
    read_hidden(release, world)


def parts_of(row, world, group):
    """The people of the group, and the counts that the rules of disclosure are about."""
    measure, get = row["measure"], lambda column: world.get(row["measure"], row["period"], column, group)
    if measure in COUNTS | VOLUMES | {"cost_per_start"}:
        return get("N"), []
    if measure == WEEKS:
        return get("D"), []
    if measure in COSTS:
        funded = world.get("cost_per_start", "all", "N", group)
        return funded, [get("N"), remainder(world.system, funded, get("N"), "cost")]
    people = get("D")
    if measure == "started":
        return people, [get("N")]
    if measure in (CHANGE, CLAIMS):
        counted = [get("A"), get("B")] if measure == CHANGE else [get("N"), get("P")]
        return people, counted + [remainder(world.system, people, one, "row") for one in counted]
    return people, [get("N"), get("C")]


def remainder(system, people, counted, family):
    rest = system.var(("rest", *map(str, system.keys[people]), *map(str, system.keys[counted]), "aux"))
    system.equal([people], [counted, rest], family)
    return rest


def read_published(release, row, get, world, system):
    measure, group = row["measure"], (row["group"], row["level"])
    people, counted = parts_of(row, world, group)
    printed = lambda one, text: system.within(one, *release.printed(int(text)), "printed")
    if measure == CHANGE:
        numbers = re.findall(r"\d+", row["note"])
        for column, text in zip("BANL", numbers):
            printed(get(column), text)
        if len(numbers) == 2 and int(row["denominator"]):
            least = 0 if int(row["denominator"]) < release.least_bare else 1
            system.smalls.append(([get("N"), get("L")], least, release.threshold - 1))
    elif measure != WEEKS:
        printed(get("N"), row["denominator" if measure in COSTS else "numerator"])
    if measure not in VOLUMES | COSTS | COUNTS:
        printed(get("D"), row["denominator"])
    if measure == CLAIMS and row["upper_bound"]:
        possible = round(float(row["upper_bound"]) * int(row["denominator"]))
        printed(get("P"), possible)
    for one in [people, *counted]:
        system.gap(one, release.threshold)
    if measure in COSTS:
        system.within(people, UNIT_COSTS_FROM, UNKNOWN, "threshold")
    if measure == WEEKS and row["note"]:
        system.within(people, 1, int(re.search(r"\d+", row["note"])[0]) - 1, "mean")
    if measure == WEEKS and row["period"] in QUARTILES and row["rate"]:
        system.within(people, QUARTILES_FROM, UNKNOWN, "mean")
    wholes = parts_of(row, world, ALL)[1] if group != ALL else [None] * len(counted)
    for one, whole in zip(counted, wholes):
        system.bares.append((one, people, release.least_bare, whole))


def read_withheld(release, row, get, system):
    """What a withheld row shows all the same, and that it counts somebody."""
    measure = row["measure"]
    if measure in COSTS:
        return
    if measure not in COUNTS | VOLUMES:
        system.within(get("D"), 1, UNKNOWN, "withheld")
    elif not release.withholds_zero:
        system.within(get("N"), 1, UNKNOWN, "withheld")
    if measure in VOLUMES | COUNTS | {WEEKS}:
        return
    for name, column in (("numerator", "N"), ("denominator", "D")):
        if row[name].isdigit():
            system.within(get(column), *release.printed(int(row[name])), "printed")


def read_unobserved(release, world):
    """The words on who is not observed: of each measure, over all its periods."""
    words, others, people = {}, defaultdict(list), defaultdict(list)
    for row in release.rows:
        measure, period, group, _ = place_of(row)
        if not row["not_observed"] or group != "all" or (measure == WEEKS and period != "mean"):
            continue
        words[measure] = row["not_observed"]
        others[measure].append((world.get(measure, period, "U", ALL), 1))
        # Of a cost the people are those whose start is funded, observed or not.
        asked = ("cost_per_start", "all", "N") if measure in COSTS else (measure, period, "D")
        people[measure].append((world.get(*asked, ALL), 1))
    for measure, word in words.items():
        read_word(word, others[measure], people[measure], world.system)


def read_word(word, others, people, system):
    times = lambda terms, by: [(one, by * factor) for one, factor in terms]
    if word == "none":
        for one, _ in others:
            system.within(one, 0, 0, "unobserved")
    elif word == "under 10%":
        system.add(others, 1, math.inf, "unobserved")
        system.add(people + times(others, -9), 1, math.inf, "unobserved")
    elif word == "10% to 50%":
        system.add(times(others, 9) + times(people, -1), 0, math.inf, "unobserved")
        system.add(people + times(others, -1), 0, math.inf, "unobserved")
    elif word == "over 50%":
        system.add(others + times(people, -1), 1, math.inf, "unobserved")


def read_presence(release, world):
    """A level has no rows of a measure where nobody is of any of its periods, observed or not."""
    people = defaultdict(list)
    for row in release.rows:
        measure, period, *group = place_of(row)
        if row["group"] != "all" and measure not in COSTS | {"started", WEEKS}:
            columns = "N" if measure in COUNTS | VOLUMES else "D" if measure == CLAIMS else "DU"
            people[measure, *group] += [(world.get(measure, period, column, tuple(group)), 1) for column in columns]
    for ones in people.values():
        world.system.add(ones, 1, math.inf, "present")


def read_hidden(release, world):
    """Of everyone a denominator that is not shown is small; a level of which one is not shown has no rows."""
    for row in release.rows:
        measure, period, dimension, level = place_of(row)
        if measure in HIDDEN_FOR_ANOTHER or row["denominator_unit"] not in ("people", "claims") or measure in COSTS | {WEEKS}:
            continue
        if dimension == "all" and not row["denominator"]:
            one = world.get(measure, period, "D", (dimension, level))
            world.system.within(one, 1, release.threshold - 1, "reason")


# Two worlds.


def people_and_starts(people, starts):
    """Of everyone who is counted at the first start, that start is among those counted."""
    grows = lambda key: key[1] not in ("referrals", "referrals_of_volume", CLAIMS)
    for key, one in list(people.system.ids.items()):
        other = (starts.name, *key[1:])
        if key[0] != people.name or len(key) != 6 or key[-1] not in "NDCULPAB" or other not in people.system.ids:
            continue
        if not compares(people, starts, key):
            continue
        if key[1] == CLAIMS:
            people.system.equal([one], [people.system.ids[other]], "between")
        elif grows(key):
            people.system.at_most([one], [people.system.ids[other]], "between")
    beside_merged(people, starts, grows)
    for group in people.groups:
        both = [world.get(measure, "", "N", group) for world, measure in
                ((starts, "referred"), (people, "started"), (people, "referred"), (starts, "started"))]
        if None not in both and compares(people, starts, (None, "referred", "", *group, "N")):
            people.system.equal(both[:2], both[2:], "between")


def compares(one, other, key):
    """Whether a count of two worlds is of the same levels, and of the same weeks."""
    _, measure, _, dimension, level, _ = key
    of_weeks = measure in WEEKLY and one.curve != other.curve
    return not of_weeks and (not is_merged(level) or one.levels[dimension] == other.levels[dimension])


def beside_merged(smaller, greater, grows):
    """Where two worlds merge other levels, the levels that do not stand alone in both are one group in both."""
    ids = smaller.system.ids
    for measure, period, dimension in smaller.tables:
        if smaller.levels[dimension] == greater.levels[dimension] or (measure, dimension) not in greater.broken_down:
            continue
        alone = {level for level in smaller.levels[dimension] & greater.levels[dimension] if not is_merged(level)}
        for column in "NDC":
            key = smaller.key(measure, period, column, (dimension, ""))
            if not grows(key) or not compares(smaller, greater, (*key[:3], dimension, "", column)):
                continue
            sides = [[world.key(measure, period, column, (dimension, level)) for level in world.levels[dimension] - alone]
                     for world in (smaller, greater)]
            if all(key in ids for side in sides for key in side):
                smaller.system.at_most(*([ids[key] for key in side] for side in sides), "between")


# Of the later release everyone is counted who was in the earlier one. Later pay can cover days that nothing covered before, so
# people in work only grow in number, and people out of work need not.
KEPT = {measure: "ND" for measure in ("employed_week", "employed_16_week", "employed_before", "employed_after",
                                      "thirteen_weeks_or_more", "sustained_five_of_six_months")}
KEPT |= {"out_of_work_at_start": "CD", CHANGE: "D", WEEKS: "D"}
GROWING = {"referred", "referrals", "started", "first_earnings_matured", "first_earnings_full", "job_start_matured",
           "job_start_full", "outcome_by_evidence_matured", "outcome_by_evidence_full", "referrals_of_volume",
           "starts_of_volume"}
REFERRALS = {"referred", "referrals", "referrals_of_volume"}


def a_month_apart(earlier, later):
    system = earlier.system

    def grows(key):
        _, measure, _, dimension, level, column = key
        if dimension in ("age", "start_quarter") and (measure in REFERRALS or level in ("", "not started") or is_merged(level)):
            return False
        return column in KEPT.get(measure, "") or (measure in GROWING and column == "N")

    for key, one in list(system.ids.items()):
        other = (later.name, *key[1:])
        if key[0] != earlier.name or other not in system.ids or len(key) != 6 or not compares(earlier, later, key):
            continue
        if key[1] == "starts_in_month":
            is_over = key[2] < earlier.cut_off.isoformat()[:7]
            system.add([(system.ids[other], 1), (one, -1)], 0, 0 if is_over else math.inf, "between")
        elif grows(key):
            system.at_most([one], [system.ids[other]], "between")
    beside_merged(earlier, later, grows)


# The attack.


def attack(name, folders, without, join=None):
    """Attacks the releases in these folders, each with the name of its world."""
    began = time.monotonic()
    system, releases, worlds, truth = system_of(folders, without, join)
    known = set(definitions_alone(system))
    for release in releases:
        read_release(release, worlds[release.world])
        worlds[release.world].sums()
    holds(system, truth)
    withheld = {one for release in releases for one in withheld_counts(release, worlds[release.world], truth)}
    targets = sorted(withheld - known)
    bound = Bound(system)
    bound.narrow()
    bound.programs(targets)
    return summary(name, system, bound, targets, len(withheld & known), truth, texts(releases), time.monotonic() - began)


def system_of(folders, without, join):
    """What the definitions say of these releases, before anything that is printed is taken up; and the exact counts."""
    system = System(without)
    releases = [Release(folder, world) for folder, world in folders]
    worlds = {world: World(world, [one for one in releases if one.world == world], system) for _, world in folders}
    truth = {}
    for release in releases:
        for key, count in truth_of(release).items():
            assert truth.setdefault(key, count) == count, f"releases of one world differ: {key}"
    for world in worlds.values():
        world.relate()
    if join:
        join(*worlds.values())
    return system, releases, worlds, truth


def definitions_alone(system):
    """The counts that are 0 by the definitions alone, before anything that is printed is taken up."""
    bound = Bound(system, bare=True)
    bound.narrow()
    return np.flatnonzero(bound.upper == 0)


def holds(system, truth):
    """Checks that the exact counts meet every constraint: with them as bounds, nothing contradicts."""
    bound = Bound(system)
    for key, count in truth.items():
        one = system.ids.get(key)
        if one is None:
            continue
        is_within = bound.lower[one] <= count <= bound.upper[one]
        assert is_within, f"the intruder is wrong: {key} is {count}, not {bound.says(one)}"
        bound.lower[one] = bound.upper[one] = count
    exact = bound.lower == bound.upper
    whole = np.asarray(bound.entries @ (~exact).astype(float)).ravel() == 0
    sums = np.zeros(len(bound.low))
    np.add.at(sums, bound.row, np.where(exact[bound.column], bound.factor * bound.lower[bound.column], 0))
    for row in np.flatnonzero(whole & ((sums < bound.low - 1e-6) | (bound.high + 1e-6 < sums))):
        parts = [(system.keys[one], by, bound.lower[one]) for one, by in system.terms[row]]
        raise AssertionError(f"the intruder is wrong ({system.families[row]}): {parts}")
    bound.narrow()


def withheld_counts(release, world, truth):
    """The counts that the release withholds and that there are. A count that one row prints is withheld by none. Of levels without
    rows how many people they are of is a secret where that is few: otherwise a row that is withheld would print it."""
    ids = world.system.ids
    is_secret = lambda key, count: not is_of_people(key) or 0 < count < release.threshold
    withheld = {ids[key] for key, count in truth_of(release).items() if key in ids and is_secret(key, count)}
    printed = set()
    for row in release.rows:
        measure = row["measure"]
        cells = [] if measure in COUNTS | VOLUMES | COSTS else [("denominator", "D")]
        if measure in COSTS:
            cells.append(("denominator", "N"))
        elif measure == CHANGE:
            moved = "note" if "gained" in row["note"] or row["denominator"] == "0" else ""
            cells += [("note", "B"), ("note", "A"), (moved, "N"), (moved, "L")]
        elif measure != WEEKS:
            cells.append(("numerator", "N"))
        if measure == CLAIMS:
            cells.append(("upper_bound", "P"))
        for cell, column in cells:
            key = world.key(measure, row["period"], column, (row["group"], row["level"]))
            if key in truth and key in world.system.ids:
                (printed if row[cell] else withheld).add(world.system.ids[key])
    return withheld - printed


def is_of_people(key):
    """Whether a count is how many people a row is of, not how many of them are counted."""
    _, measure, *_, column = key
    return column == "D" or (column == "N" and measure in COUNTS | VOLUMES)


def summary(name, system, bound, targets, known, truth, leaks, seconds):
    found, mechanisms, measures = [], Counter(), Counter()
    for one in targets:
        key, low, high = system.keys[one], int(bound.lower[one]), int(bound.upper[one])
        count = truth[key]
        assert low <= count <= high, f"{key} is {count}, not from {low} to {high}"
        if high - low <= NEARLY:
            why = " + ".join(sorted({bound.names[bound.why_lower[one]], bound.names[bound.why_upper[one]]}))
            how = "exactly" if low == high else "nearly"
            mechanisms[why, how] += 1
            measures[key[1], key[-1], how] += 1
            # Those of few people first.
            found.append((high - low, not 1 <= count <= 9, one, (key, low, high, count, why)))
    exact = [count for width, *_, (*_, count, _) in found if width == 0]
    return {
        "name": name, "withheld": len(targets), "known": known, "exact": len(exact),
        "few": sum(1 <= count <= 9 for count in exact), "nearly": len(found),
        "nearly_few": sum(count <= 9 for *_, (*_, count, _) in found), "leaks": leaks, "seconds": round(seconds, 1),
        "counts": len(system.keys), "constraints": len(system.terms),
        "offenders": [offender for *_, offender in sorted(found)],
        "mechanisms": [(*what, count) for what, count in mechanisms.most_common()],
        "measures": [(*what, count) for what, count in measures.most_common()],
    }


# Released text.


def texts(releases):
    """What the other released files show that rates.csv withholds or does not print."""
    checks = (row_leaks, headline_leaks, page_leaks, drawing_leaks, book_leaks, parquet_leaks, figure_leaks, metadata_leaks)
    return [f"{release.world} {release.profile}: {leak}" for release in releases for check in checks for leak in check(release)]


def row_leaks(release):
    """Withheld rows say that they are, and nothing else."""
    for row in release.rows:
        if row["suppressed"] not in ("", "withheld"):
            yield f"a reason is given: {row['suppressed']}"
        if row["suppressed"] and any(row[name] for name in FIGURES):
            yield f"a withheld row shows a figure: {place_of(row)}"
    if (release.folder / "disclosure.csv").exists():
        yield "disclosure.csv is released"


def figure_leaks(release):
    """Rows of one kind with the same printed counts have the same figures, or the figures are of exact counts."""
    rows = duckdb.sql(f"""SELECT measure, "group", period, note, {', '.join(FIGURES)}, numerator, denominator
                          FROM '{release.folder / "rates.parquet"}' WHERE rate IS NOT NULL""").fetchall()
    seen, differing = {}, Counter()
    for measure, _, period, note, *figures, numerator, denominator in rows:
        if measure == WEEKS:
            differing[f"{period} of weeks"] += abs(figures[0] * 10 - round(figures[0] * 10)) > 1e-9
            continue
        kind = measure if measure in VOLUMES | COSTS | {"started", CHANGE, CLAIMS} else "share"
        counts = kind, numerator, denominator, note if kind == CHANGE else "", figures[-1] if kind == CLAIMS else ""
        differing[measure] += seen.setdefault(counts, figures) != figures
    return [f"{count} rows of {measure} have other figures than rows of the same counts"
            for measure, count in differing.items() if count]


def headline_leaks(release):
    said = re.search(r"<p>([\d,]+|\[c\]) people were referred and ([\d,]+|\[c\]) of them started", release.page)
    cover = "\n".join(line for tab, lines in workbook(release) if tab == "cover" for cells in lines for line in cells)
    on_cover = re.search(r"Referred: ([\d,]+|\[c\])(?: people)?\. Started: ([\d,]+|\[c\])", cover)
    for where, found in (("the page", said), ("the cover", on_cover)):
        for measure, text in zip(("referred", "started"), found.groups() if found else ()):
            own = release.published[measure, "", *ALL]["numerator"]
            if text != "[c]" and text.replace(",", "") != own:
                yield f"{where} says that {text} people {measure}, where the row of everyone prints {own or 'nothing'}"


def page_leaks(release):
    """Rows of the page that are marked as withheld and show a figure."""
    told = {f"{int(row['numerator']):,}" for row in release.rows if row["suppressed"] and row["numerator"]}
    for line in re.findall(r"<tr>(.*?)</tr>", release.page):
        cells = [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line)]
        if len(cells) == 7 and cells[6] == "withheld":
            if any(re.search(r"\d", cells[place]) for place in (4, 5)) or (re.search(r"\d", cells[1]) and cells[1] not in told):
                yield f"the page shows figures of a withheld row: {cells}"


def drawing_leaks(release):
    """Marks of drawings that belong to no published row: bars of months, dots of outcomes, and points of the weekly curve."""
    drawings = re.findall(r"<svg.*?</svg>", release.page, re.S)
    shown = lambda measure, groups=("all",): [row for row in release.rows
                                              if row["measure"] == measure and row["group"] in groups and row["rate"]]
    months = [row for row in release.rows if row["measure"] == "starts_in_month" and row["numerator"]]
    dots = shown("outcome_by_evidence_matured", ("all", "contract", "provider")) + shown(CLAIMS)
    weeks = shown("employed_week") + shown("employed_16_week")
    bars = sum(drawing.count("<rect") for drawing in drawings)
    circles = sum(drawing.count("<circle") for drawing in drawings)
    # The first drawing is that of the weeks.
    points = sum(len(line.split()) for line in re.findall(r'<polyline[^>]* points="([^"]*)"', drawings[0])) if weeks else 0
    for what, drawn, most in (("bars", bars, len(months)), ("dots", circles, len(dots)), ("points of weeks", points, len(weeks))):
        if drawn > most:
            yield f"the page draws {drawn} {what}, where {most} are published"


def metadata_leaks(release):
    """What the metadata of files say beside the names of columns: only which levels have no rows."""
    told = json.loads((release.folder / "rates.csv-metadata.json").read_text())
    assert set(told) == {"@context", "url", "dc:title", "dc:description", "notes", "tableSchema"}, set(told)
    for note in told["notes"]:
        found = re.fullmatch("Levels of (.*) without rows, because they have nobody or too few people: (.*)\\. Measures: .*", note)
        if not found:
            yield f"the metadata say: {note}"
            continue
        dimension, levels = found[1].replace(" ", "_"), found[2].split("; ")
        published = {row["level"] for row in release.rows if row["group"] == dimension and row["measure"] == "referred"}
        if unknown := [level for level in levels if level not in published]:
            yield f"the metadata name levels that are not published: {dimension} {unknown}"
    keys = duckdb.sql(f"SELECT key::VARCHAR, value::VARCHAR FROM parquet_kv_metadata('{release.folder / 'rates.parquet'}')").fetchall()
    for key, value in keys:
        if not re.fullmatch(r"ARROW:schema|sustain\..*", key):
            yield f"rates.parquet has metadata called {key}"


def parquet_leaks(release):
    rows = duckdb.sql(f"""SELECT measure, coalesce(period, ''), "group", level, numerator, denominator, {', '.join(FIGURES)}
                          FROM '{release.folder / "rates.parquet"}'""").fetchall()
    for measure, period, group, level, *cells in rows:
        own = release.published[measure, period.lstrip("'"), group, level.lstrip("'")]
        for name, cell in zip(("numerator", "denominator", *FIGURES), cells):
            if cell is not None and not own[name]:
                yield f"rates.parquet shows the {name} of {measure} {period} {group} {level}"


def book_leaks(release):
    """Cells of the workbooks that are empty in rates.csv."""
    for tab, lines in workbook(release) + open_document(release):
        for cells in lines:
            own = release.published.get((tab, *(cell.lstrip("'") for cell in cells[:3])))
            if own is None or not own["suppressed"]:
                continue
            for name, place in (("numerator", 3), ("denominator", 4), ("rate", 6)):
                if place < len(cells) and re.match(r"^[\d.]+$", cells[place]) and not own[name]:
                    yield f"a workbook shows the {name} of {tab} {cells[:3]}"


@cache
def workbook(release):
    """The sheets of rates.xlsx: the tab, and the cells of each line."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(release.folder / "rates.xlsx") as book:
        tree = lambda name: ElementTree.fromstring(book.read(name))
        shared = ["".join(item.itertext()) for item in tree("xl/sharedStrings.xml")]
        tabs = [sheet.get("name") for sheet in tree("xl/workbook.xml").iter(f"{space}sheet")]
        sheets = []
        for number, tab in enumerate(tabs, 1):
            lines = []
            for row in tree(f"xl/worksheets/sheet{number}.xml").iter(f"{space}row"):
                cells = [(cell.get("t"), cell.findtext(f"{space}v") or "".join(cell.itertext()))
                         for cell in row.iter(f"{space}c")]
                lines.append([shared[int(text)] if kind == "s" else text for kind, text in cells])
            sheets.append((tab, lines))
    return sheets


def open_document(release):
    """The sheets of rates.ods: the tab, and the cells of each line."""
    table, office = ("{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}" % name for name in ("table", "office"))
    with zipfile.ZipFile(release.folder / "rates.ods") as book:
        root = ElementTree.fromstring(book.read("content.xml"))
    sheets = []
    for sheet in root.iter(f"{table}table"):
        lines = []
        for row in sheet.iter(f"{table}table-row"):
            cells = [cell.get(f"{office}value") or "".join(cell.itertext()) for cell in row
                     for _ in range(min(int(cell.get(f"{table}number-columns-repeated") or 1), 20))]
            lines.append(cells)
        sheets.append((sheet.get(f"{table}name"), lines))
    return sheets


# Batches and rates.

EVERY = "contract,provider,cohort,sex,age,start_quarter"
VOLUMES_AND_BASELINE = """
[[volume]]
says = "760 referrals annually, of each year."
number = 760
per = "year"
of = "referrals"
source = "SOURCE"

[[volume]]
says = "700 starts annually, of each year."
number = 700
per = "year"
of = "starts"
source = "SOURCE"

[[volume]]
says = "94 referrals annually, of each authority and year."
number = 94
per = "authority and year"
of = "referrals"
source = "SOURCE"

[[volume]]
says = "90 starts annually, of each authority and year."
number = 90
per = "authority and year"
of = "starts"
source = "SOURCE"

[[baseline]]
says = "About 6%."
cohort = "learning_disability"
share = "6"
source = "SOURCE"
"""


class Room:
    """A folder of batches and rates, made with the program."""

    def __init__(self, program, folder):
        self.program, self.folder = Path(program).resolve(), Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def sustain(self, *arguments):
        subprocess.run([self.program, "-q", *map(str, arguments)], check=True)

    def batch(self, name, claims, with_run):
        """A batch with the volumes and a baseline in its scheme, what was spent, and a run of its claims."""
        batch = self.folder / name
        self.sustain("sample", "--claims", claims, "--seed", 20, "--format", "parquet", "--out", batch)
        scheme = (batch / "scheme.toml").read_text()
        source = re.search('^id = "(.*)"', scheme.split("[[source]]")[1], re.M)[1]
        (batch / "rates-scheme.toml").write_text(scheme + VOLUMES_AND_BASELINE.replace("SOURCE", source))
        self.funding(batch, batch / "register.parquet")
        if with_run:
            self.sustain("validate", "--scheme", batch / "scheme.toml", "--claims", batch / "claims.parquet",
                         "--register", batch / "register.parquet", "--earnings", earnings_of(batch),
                         "--extract-from", FROM, "--extract-to", CUT_OFF, "--out", batch / "run")
        return batch

    def funding(self, batch, register):
        rows = duckdb.sql(f"SELECT DISTINCT contract_id FROM '{register}' WHERE contract_id IS NOT NULL ORDER BY 1").fetchall()
        contracts = [name for name, in rows]
        spent = [(contract, "2017-11-01", "2019-05-31" if place % 2 else "2018-06-30", 10_000_000 + place * 1_234_567, payer)
                 for place, contract in enumerate(contracts[1:]) for payer in ("DWP", "a council")]
        lines = [f"{contract},{first},{last},{pence // 100}.{pence % 100:02},{payer}\n"
                 for contract, first, last, pence, payer in spent]
        (batch / f"{Path(register).stem}-funding.csv").write_text("contract_id,from,to,amount,payer\n" + "".join(lines))

    def rates(self, batch, name, profile, by=EVERY, register="register.parquet", earnings=None, to=CUT_OFF, on=ON,
              run=True, sensitivity=True, funding=True, scheme="rates-scheme.toml", more=()):
        out = batch / name
        options = ["--on", on] if on else []
        options += ["--run", batch / "run"] if run else []
        options += ["--sensitivity"] if sensitivity else []
        options += ["--funding", batch / f"{Path(register).stem}-funding.csv"] if funding else []
        self.sustain("rates", "--scheme", batch / scheme, "--register", batch / register,
                     "--earnings", earnings or earnings_of(batch), "--extract-from", FROM, "--extract-to", to, "--by", by,
                     "--disclosure", profile, "--unrounded", *options, *more, "--out", out)
        self.nesting(batch / register, batch / f"{name}-nesting.csv")
        return out

    def nesting(self, register, file):
        """Who works for whom: the contract of each provider or the provider of each contract, where each has one."""
        for part, whole in (("provider", "contract"), ("contract", "provider")):
            found = duckdb.sql(f"""SELECT {part}_id, min({whole}_id), count(DISTINCT {whole}_id)
                                   FROM '{register}' GROUP BY 1""").fetchall()
            if all(number == 1 for *_, number in found):
                break
            found = []
        lines = [f"{part},{level},{whole},{of}\n" for level, of, _ in found]
        file.write_text("part,level,whole,of\n" + "".join(lines))

    def small_contracts(self, batch):
        """The register with contracts of 3 to 25 people."""
        duckdb.sql(f"""
            COPY (
                WITH numbered AS (SELECT *, row_number() OVER (ORDER BY participant_id) - 1 AS place
                                  FROM '{batch / "register.parquet"}'),
                     sized AS (SELECT contract, 3 + (contract * 7) % 23 AS size FROM range(60) AS contracts(contract)),
                     ended AS (SELECT contract, sum(size) OVER (ORDER BY contract) AS until FROM sized)
                SELECT numbered.* EXCLUDE (place) REPLACE ('CT-' || lpad(contract::VARCHAR, 2, '0') AS contract_id)
                FROM numbered ASOF JOIN ended ON numbered.place < ended.until ORDER BY participant_id
            ) TO '{batch / "small.parquet"}'""")
        self.funding(batch, batch / "small.parquet")

    def earlier(self, batch):
        """The register and the earnings as they were a month before."""
        files = f"{earnings_of(batch)}/*.parquet" if earnings_of(batch).is_dir() else earnings_of(batch)
        duckdb.sql(f"""
            COPY (SELECT * REPLACE (CASE WHEN start_date <= '{EARLIER_CUT_OFF}' THEN start_date END AS start_date)
                  FROM '{batch / "register.parquet"}' WHERE referral_date <= '{EARLIER_CUT_OFF}')
            TO '{batch / "earlier.parquet"}';
            COPY (SELECT * FROM '{files}' WHERE payment_date <= '{EARLIER_CUT_OFF}')
            TO '{batch / "earlier-earnings.parquet"}'""")
        self.funding(batch, batch / "earlier.parquet")


def earnings_of(batch):
    return batch / "earnings.parquet" if (batch / "earnings.parquet").exists() else batch / "earnings"


# The scenarios. Each gives attacks: a name, the folders of the releases with the worlds they are of, and what joins two worlds.


def of_80_people(room):
    batch = room.batch("small", 85, True)
    for profile in PROFILES:
        yield f"80 people, {profile}", [(room.rates(batch, profile, profile), "one")], None


def of_130_people(room):
    batch = room.batch("between", 140, False)
    yield "130 people, round-5", [(room.rates(batch, "round-5", "round-5", run=False), "one")], None


def of_600_people(room):
    batch = room.batch("medium", 620, True)
    found = {profile: room.rates(batch, profile, profile) for profile in PROFILES}
    for profile, out in found.items():
        yield f"600 people, {profile}", [(out, "one")], None
    yield "600 people, round-10 beside round-5", [(found["round-5"], "one"), (found["round-10"], "one")], None


def with_small_contracts(room):
    batch = room.batch("contracts", 620, False)
    room.small_contracts(batch)
    out = room.rates(batch, "rates", "round-5", by="contract,sex", register="small.parquet", run=False, sensitivity=False)
    yield "contracts of 3 to 25 people, round-5", [(out, "one")], None


def a_month_later(room):
    batch = room.batch("months", 620, False)
    room.earlier(batch)
    plain = {"run": False, "sensitivity": False, "by": "contract,cohort,sex,start_quarter"}
    first = room.rates(batch, "first", "round-5", register="earlier.parquet", earnings=batch / "earlier-earnings.parquet",
                       to=EARLIER_CUT_OFF, **plain)
    second = room.rates(batch, "second", "round-5", **plain)
    yield "a release a month after another, round-5", [(first, "earlier"), (second, "later")], a_month_apart


def with_other_options(room):
    batch = room.batch("options", 620, False)
    # A scheme with baselines always has results by cohort.
    plain = {"run": False, "sensitivity": False, "funding": False, "scheme": "scheme.toml"}
    one = room.rates(batch, "contract", "round-5", by="contract", **plain)
    two = room.rates(batch, "cohort", "round-5", by="contract,cohort", **plain)
    starts = room.rates(batch, "starts", "round-5", by="contract,cohort", more=("--count", "starts"), **plain)
    yield "by contract beside by contract and cohort, round-5", [(one, "people"), (two, "people")], None
    yield "starts beside people, round-5", [(two, "people"), (starts, "starts")], people_and_starts


def of_5000_people(room):
    batch = room.batch("large", 5200, True)
    out = room.rates(batch, "round-5", "round-5", sensitivity=False)
    yield "5,000 people, round-5", [(out, "one")], None
    by_week = room.rates(batch, "curves", "round-5", run=False, sensitivity=False, funding=False, more=("--curves",))
    yield "5,000 people with curves of groups, round-5", [(by_week, "one")], None


SCENARIOS = (of_5000_people, of_600_people, of_130_people, of_80_people, with_small_contracts, a_month_later,
             with_other_options)


def show(found):
    share = found["nearly"] / found["withheld"] if found["withheld"] else 0
    print(f"{found['name']}: {found['withheld']} counts withheld, {found['exact']} found exactly "
          f"({found['few']} of them of 1 to 9), {found['nearly']} within 2 "
          f"({share:.1%}; {found['nearly_few']} of them under 10); "
          f"{found['known']} more are 0 by definition; {found['seconds']} s")
    for key, low, high, count, why in found["offenders"][:10]:
        _, measure, *where, column = key
        print(f"    {measure} {' '.join(map(str, where))} {column}: from {low} to {high}, it is {count} ({why})")
    if found["mechanisms"]:
        print("    last narrowed by: " + "; ".join(f"{why} {count} {how}" for why, how, count in found["mechanisms"][:8]))
    for leak in found["leaks"][:10]:
        print(f"    text: {leak}")
    sys.stdout.flush()
    return found["exact"] == 0 and share < MOST_NEARLY and not found["leaks"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("sustain")
    arguments.add_argument("room", type=Path)
    arguments.add_argument("--only", nargs="*", default=[], help="names of scenarios")
    arguments.add_argument("--without", nargs="*", default=[], help="families of constraints to leave out")
    arguments.add_argument("--json", type=Path, help="where to write all that was found")
    given = arguments.parse_args()
    room = Room(given.sustain, given.room)
    # One process attacks while the program makes the next rates.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        asked = []
        for scenario in SCENARIOS:
            if given.only and scenario.__name__ not in given.only:
                continue
            for name, folders, join in scenario(room):
                asked.append(pool.submit(attack, name, folders, given.without, join))
        results = [one.result() for one in asked]
    is_good = all([show(found) for found in results])
    if given.json:
        given.json.write_text(json.dumps(results, indent=1, default=str) + "\n")
    took = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) * 1024
    assert took <= MOST_MEMORY, f"this attack took {took >> 20} MiB of memory, which is more than {MOST_MEMORY >> 20}"
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
