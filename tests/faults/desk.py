"""What the attacks share: the program, a batch with people who cannot be mistaken for words, and how trials are counted."""

import argparse
import atexit
import csv
import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

# How long one run of the program may take; a run of a small batch takes less than a second.
LIMIT = 120

# What no run may say, whatever happened to it.
FAULT_OF_THE_PROGRAM = "fault of the program"
VERDICT_FILES = ("validated.parquet", "rejected.parquet", "queried.parquet")
PERSONAL_COLUMNS = ("nino", "surname", "forename", "date_of_birth")
# The pages and accounts that README says hold no name, number or date of birth.
ACCOUNTS = ("run.json", "report.html", "store.json", "packs.json", "diff.json", "sample.json", "rates.json", "rates.html",
            "rates.csv", "rates.csv-metadata.json")


@dataclass
class Said:
    """How a run of the program ended, and what it printed."""

    code: int
    out: str
    err: str


class Program:
    """The program, as a person runs it in a folder."""

    def __init__(self, path):
        self.path = str(Path(path).resolve())

    def run(self, words, folder, **settings):
        command = [self.path, *words]
        environment = {**os.environ, "NO_COLOR": "1", **settings}
        try:
            ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            return Said(-999, "", f"it did not end within {LIMIT} seconds")
        return Said(ended.returncode, ended.stdout.decode(errors="replace"), ended.stderr.decode(errors="replace"))

    def must(self, words, folder):
        said = self.run(words, folder)
        if said.code != 0:
            raise SystemExit(f"sustain {shlex.join(words)} ended with {said.code}, without any fault\n{said.err}")
        return said


def files_of(folder):
    """Every file under a folder by its path in it; nothing where there is no folder."""
    folder = Path(folder)
    if not folder.is_dir():
        return None
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        names, *rows = list(csv.reader(file))
    return names, rows


def write_csv(path, names, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([names, *rows])


def verdicts_of(run):
    """The verdict of each claim of a run as its report has it, in the order of the report."""
    page = (run / "report.html").read_text()
    data = re.search(r'<script type="application/json" id="claims-data">(.*?)</script>', page, re.S)
    # A report without claims has no list of them.
    return [(claim[0], claim[4]) for claim in json.loads(data[1])] if data else []


def claims_are_accounted_for(account, verdicts):
    """What does not hold of the claims in a run's account: those it read are the ones it decided and wrote, and in its report."""
    counts = account["claims"]
    written = sum(file["rows"] for file in account["outputs"] if file["name"] in VERDICT_FILES)
    read = sum(file["rows"] for file in account["inputs"] if file["role"] == "claims")
    decided = counts["validated"] + counts["rejected"] + counts["queried"]
    if counts["read"] == read == written == len(verdicts) == decided:
        return []
    return [f"claims are not accounted for: {counts}, {read} rows in, {written} out, {len(verdicts)} in the report"]


class Batch:
    """A made-up batch whose people have names that no page would hold by chance, and the words that are theirs."""

    def __init__(self, program, folder, claims):
        self.folder = Path(folder)
        program.must(["sample", "--claims", str(claims), "--seed", "3", "--format", "csv", "--out", str(folder), "-q"], ".")
        self.words = set()
        renamed = {}
        for name in ("claims.csv", "register.csv", "earnings.csv"):
            names, rows = read_csv(self.folder / name)
            for row in rows:
                for column in (column for column in PERSONAL_COLUMNS if column in names):
                    place = names.index(column)
                    if column in ("surname", "forename") and row[place]:
                        # The same name stays the same one in every file.
                        row[place] = renamed.setdefault(row[place], f"Qx{column[0]}{len(renamed):03}zwick")
                    self.note(column, row[place])
            write_csv(self.folder / name, names, rows)

    def note(self, column, value):
        if column == "nino" and len(value) >= 8:
            self.words.add(value[:8].lower())
        elif column == "date_of_birth" and len(value) == 10:
            year, month, day = value.split("-")
            self.words |= {value, f"{day}/{month}/{year}"}
        elif column in ("surname", "forename") and value:
            self.words.add(value.lower())

    def found_in(self, text):
        """Words of people in a text."""
        text = text.lower()
        return sorted(word for word in self.words if word in text)

    def found_in_folder(self, folder):
        """Words of people in the accounts and pages of a folder, and in the names of its files."""
        found = []
        for path in Path(folder).rglob("*"):
            found += self.found_in(path.name)
            if path.name in ACCOUNTS:
                found += self.found_in(path.read_text(errors="replace"))
        return found


class Attack:
    """Trials that are made in any order, counted by what came out, and listed where something does not hold."""

    def __init__(self, description):
        parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("program", metavar="SUSTAIN")
        parser.add_argument("--long", action="store_true", help="every trial there is, instead of a sample of them")
        parser.add_argument("--seed", type=int, default=1, help="which trials the sample holds")
        parser.add_argument("--trials", type=int, help="how many trials the sample holds")
        parser.add_argument("--only", metavar="TRIAL", help="the one trial with this name, and what it left is kept")
        self.add_options(parser)
        self.options = parser.parse_args()
        self.program = Program(self.options.program)
        self.random = random.Random(self.options.seed)
        self.room = Path(tempfile.mkdtemp(prefix="sustain-attack-")).resolve()
        if not self.options.only:
            atexit.register(shutil.rmtree, self.room, ignore_errors=True)
        self.came_out = Counter()
        self.failures = []

    def add_options(self, parser):
        """Further options of an attack."""

    def chosen(self, trials, most, always=lambda trial: False):
        """The trials to be made, each of which has a name: all in the long form, else those that are always made and a sample."""
        if self.options.only:
            return [trial for trial in trials if trial.name == self.options.only]
        if self.options.long:
            return trials
        kept = [trial for trial in trials if always(trial)]
        others = [trial for trial in trials if not always(trial)]
        return kept + self.random.sample(others, min(self.options.trials or most, len(others)))

    def again(self, trial):
        """The command that repeats one trial."""
        return shlex.join(["python3", *(os.path.relpath(word) if word.endswith(".py") else word for word in sys.argv[:2]),
                           "--seed", str(self.options.seed), *self.kept_options(), "--only", trial.name])

    def kept_options(self):
        """Options that change what a trial is."""
        return []

    def make(self, trials, attempt):
        """Makes each trial in a folder of its own. An attempt returns what came out and a list of what does not hold."""
        workers = max(2, os.cpu_count() or 2)

        def one(numbered):
            number, trial = numbered
            folder = self.room / f"trial-{number}"
            folder.mkdir()
            came_out, wrong = attempt(trial, folder)
            if self.options.only:
                print(f"{trial.name}: {came_out}; what it left is in {folder}")
            else:
                shutil.rmtree(folder, ignore_errors=True)
            return trial, came_out, wrong

        with ThreadPoolExecutor(workers) as pool:
            for trial, came_out, wrong in pool.map(one, enumerate(trials)):
                self.came_out[came_out] += 1
                if wrong:
                    self.failures.append(trial)
                    print(f"DOES NOT HOLD: {trial.name}")
                    for line in wrong:
                        print("  " + line.strip().replace("\n", "\n  "))
                    print(f"  again: {self.again(trial)}", flush=True)

    def finish(self, what):
        """Prints the counts, and exits with 1 where something does not hold."""
        print(f"{sum(self.came_out.values()):,} {what}")
        for came_out, times in self.came_out.most_common():
            print(f"  {times:6,}  {came_out}")
        if not self.came_out:
            print("no trial was made")
        if self.failures:
            print(f"{len(self.failures):,} do not hold")
        sys.exit(1 if self.failures or not self.came_out else 0)
