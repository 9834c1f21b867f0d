"""Puts words that cannot be mistaken for others into every cell and header of every input, and looks for them afterwards.

    python3 sentinels.py SUSTAIN [--long] [--seed N] [--trials N] [--only TRIAL]

After every verb no word of a person is in what it printed, in an account, in a page or a table meant for others, or in the name
of a file: not from a column of people, a column that holds something else than words, a header, or above, among or below the
rows. In a column of words, a cell that is a number or a birth date from end to end is found out. What steers a terminal is never
printed, and markup never becomes part of a page.
"""

import csv
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from desk import ACCOUNTS, FAULT_OF_THE_PROGRAM, PERSONAL_COLUMNS, Attack, Batch, read_csv

CLAIMS = 24
DAYS = ["--extract-from", "2017-10-01", "--extract-to", "2019-03-31"]
NAME, NUMBER, BORN = "Qzvexmoor", "NC909090", "1901-02-03"
MARKUP = "<img src=x onerror=alert(1)>"
# What is looked for, in small letters without blanks: names, numbers and birth dates, however they are written.
NAMES = [NAME.lower()]
NUMBERS_AND_DATES = [NUMBER.lower(), BORN, "03/02/1901", "3february1901", "3feb1901", "19010203", "03.02.1901"]

CELLS = {
    "a name": NAME,
    "a number": NUMBER + "A",
    "a number with blanks": "nc 90 90 90 a",
    "a number without its last letter": NUMBER,
    "a birth date": BORN,
    "a birth date with slashes": "03/02/1901",
    "a birth date in words": "3 February 1901",
    "all of a person": f"{NAME}, {NUMBER}A, born {BORN}",
    "what steers a terminal": f"\x1b]0;{NAME}\x07\x1b[31m{NUMBER}A\x9b2J",
    "a formula": f'=HYPERLINK("http://{NUMBER}A","{NAME}")',
    "markup": f"{MARKUP}{NAME}",
    "two lines": f"{NAME}\n{NUMBER}A,{BORN}",
    "another direction": f"\u202e{NAME}\u2066{NUMBER}A",
    "a long text": f"{NAME} {NUMBER}A " * 800,
    "a path": f"../../{NAME}/{NUMBER}A",
    "a NUL": f"{NAME}\0{NUMBER}A",
}
# The cells that are a number or a date from end to end, which is found out in whatever column they stand.
FROM_END_TO_END = ("a number", "a number with blanks", "a number without its last letter", "a birth date",
                   "a birth date with slashes", "a birth date in words")
# Columns of words that anybody may choose. They are shown, so that a name that somebody writes into them is shown as what it was
# written there for, and so is a number within other words.
OF_WORDS = ("claim_id", "participant_id", "provider_id", "contract_id", "employer_name", "employment_type", "outcome", "cohort",
            "benefit", "end_reason")
# References of employers and numbers of payments, which may well look like a person's number.
OF_OTHERS = ("paye_reference", "paye_ref", "office_number", "payment_id")
# A pack is its provider's, which knows its claims and participants by the identifiers that it gave them.
IDENTIFIERS = ("claim_id", "participant_id")
# In these a date is what it says, and shown.
HOLD_DATES = ("job_start_date", "job_end_date", "outcome_date", "claim_date", "referral_date", "start_date", "end_date",
              "employment_start_date", "leaving_date", "payment_date", "received_at")
FILES = ("claims.csv", "register.csv", "earnings.csv")


def text_of(rows):
    """Rows as comma-separated values, quoted where they must be."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(rows)
    return target.getvalue()


def around(names, rows):
    """Ways in which people get into a file elsewhere than in a cell of a row."""
    header, body = text_of([names]), text_of(rows)
    person = f"{NAME},{NUMBER}A,{BORN}"
    middle = len(rows) // 2
    upper, lower = text_of(rows[:middle]), text_of(rows[middle:])
    first = rows[0][:]
    for column, value in (("nino", NUMBER + "A"), ("surname", NAME), ("forename", NAME), ("date_of_birth", BORN)):
        first[names.index(column)] = value
    first = text_of([first])
    return {
        "a title above": f"Payments of {NAME} {NUMBER}A born {BORN}\n{header}{body}",
        "a title of cells above": f"{person}\n{header}{body}",
        "four lines above": f"Report\nfor,{NAME}\n,{NUMBER}A\n{BORN},\n{header}{body}",
        "a row above the header": first + header + body,
        "the header lost": first + body,
        "the line end of the header lost": header.rstrip("\n") + "," + first + body,
        "the line end of the header lost, without a delimiter": header.rstrip("\n") + first + body,
        "the header in one quote": f'"{header.rstrip()}\n{first}{body}',
        "a header of another table in the middle": f"{header}{upper}name,{NAME},{NUMBER}A\n{lower}",
        "a note below": f"{header}{body}checked by {NAME} {NUMBER}A {BORN}\n",
        "a total below": f"{header}{body}Total {NAME},{NUMBER}A,{BORN}\n",
        "half a row below": f"{header}{body}{first[: len(first) // 2]}",
        "a row without its line end": f"{header}{upper}{first.rstrip()}{lower}",
        "a row with another delimiter": f"{header}{upper}{first.replace(',', ';')}{lower}",
        "a row in quotes": f'{header}{upper}"{first.rstrip()}"\n{lower}',
        "a row with an open quote": f'{header}{upper}"{first}{lower}',
        "a row with cells too many": f"{header}{upper}{first.rstrip()},{person}\n{lower}",
        "a row with a byte that is no text": f"{header}{upper}{first.rstrip()}".encode() + b"\xff\n" + lower.encode(),
        "a column named as a person": text_of([[*names, NAME]]) + text_of([*row, "1"] for row in rows),
        "a column named as a number": text_of([[*names, NUMBER + "A"]]) + text_of([*row, "1"] for row in rows),
        "a column named as a birth date": text_of([[*names, BORN]]) + text_of([*row, "1"] for row in rows),
        "two columns named as a person": text_of([[*names, NAME, NAME]]) + text_of([*row, "1", "2"] for row in rows),
        "a column named as what steers a terminal": text_of([[*names, CELLS["what steers a terminal"]]]) + text_of([*row, "1"] for row in rows),
        "a column named as markup": text_of([[*names, CELLS["markup"]]]) + text_of([*row, "1"] for row in rows),
        "a column without a name": text_of([[*names, ""]]) + text_of([*row, person] for row in rows),
        "a column of notes": text_of([[*names, "notes"]]) + text_of([*row, person] for row in rows),
        "only names of people": f"{person}\n" * 3,
        "everything in one column": "all\n" + "".join(f'"{line}"\n' for line in (header + first + body).splitlines()),
        "columns that ours are misspelt in": text_of([[f"{name}x" if name in PERSONAL_COLUMNS else name for name in names]]) + first + body,
    }


@dataclass
class Trial:
    """A file, the column or the way, and what is put there: in one row, in all, or around them."""

    file: str
    place: str
    what: str

    @property
    def name(self):
        return f"{self.file}: {self.place}: {self.what}"

    @property
    def column(self):
        return self.place.split(" in ")[0]

    @property
    def looked_for(self):
        """The words that may not be found after this trial."""
        if self.column in OF_OTHERS:
            return []
        if self.column in OF_WORDS:
            return NUMBERS_AND_DATES if self.what in FROM_END_TO_END else []
        dates_too = self.column not in HOLD_DATES
        return NAMES + [word for word in NUMBERS_AND_DATES if dates_too or word == NUMBER.lower()]


class Sentinels(Attack):
    def prepare(self):
        # Of each trial, how many verbs it ran.
        self.runs = []
        self.batch = Batch(self.program, self.room / "batch", CLAIMS)
        self.tables = {file: read_csv(self.room / "batch" / file) for file in FILES}
        (self.room / "clean").mkdir()
        self.program.must([*self.validate({}), "--out", "../run"], self.room / "clean")

    def inputs(self, dirty):
        claims, register, earnings = (dirty.get(file, f"../batch/{file}") for file in FILES)
        return claims, register, earnings

    def validate(self, dirty):
        claims, register, earnings = self.inputs(dirty)
        return ["validate", "--scheme", "../batch/scheme.toml", "--claims", claims, "--register", register, "--earnings", earnings,
                *DAYS, "--set-aside", "100%", "--threads", "1"]

    def trials(self):
        for file, (names, rows) in self.tables.items():
            for column in names:
                for what in CELLS:
                    yield Trial(file, f"{column} in one row", what)
                    yield Trial(file, f"{column} in all rows", what)
            for way in around(names, rows):
                yield Trial(file, "around the rows", way)

    def write(self, trial, path):
        names, rows = self.tables[trial.file]
        if trial.place == "around the rows":
            data = around(names, rows)[trial.what]
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
            return
        at = names.index(trial.column)
        # A row that many claims depend on, whichever file it is in.
        only = 2 if trial.place.endswith("one row") else None
        dirty = [[*row[:at], CELLS[trial.what], *row[at + 1:]] if only in (None, number) else row for number, row in enumerate(rows)]
        path.write_text(text_of([names, *dirty]), newline="")

    def attempt(self, trial, folder):
        self.write(trial, folder / trial.file)
        wrong, ran, stood = [], 0, False
        threads = ["--threads", "1"]
        claims, register, earnings = self.inputs({trial.file: trial.file})
        role = trial.file.removesuffix(".csv")
        orders = {
            "columns": ["columns", trial.file, "--input", role],
            "validate": [*self.validate({trial.file: trial.file}), "--out", "run"],
            "strict": [*[word for word in self.validate({trial.file: trial.file}) if word not in ("--set-aside", "100%")], "--out", "strict"],
            "check": ["check", "--scheme", "../batch/scheme.toml", "--claims", claims, "--register", register, *threads],
            "rates": ["rates", "--scheme", "lse-poc-2017", "--register", register, "--earnings", earnings, *DAYS, "--by",
                      "contract,provider", "--set-aside", "100%", "--out", "rates", *threads],
        }
        after = {
            "verify": ["verify", "run", *threads], "report of a claim": ["explain", "run", "C0000003", *threads],
            "claims as data": ["explain", "run", "C0000003", "--json", *threads],
            "packs": ["packs", "run", "--with-earnings", "--out", "packs", *threads],
            "diff": ["diff", "../run", "run", "--out", "diff", *threads],
            "audit-sample": ["audit-sample", "run", "--size", "6", "--seed", "1", "--out", "sample", *threads],
        }
        if trial.file == "earnings.csv":
            orders["prepare"] = ["prepare", "--earnings", earnings, "--set-aside", "100%", "--out", "store", *threads]
            del orders["check"]
        if trial.file == "claims.csv":
            del orders["rates"]
        for verb, words in orders.items():
            said = self.program.run(words, folder)
            ran += 1
            stood |= verb == "validate" and said.code == 0
            wrong += self.printed(trial, verb, said)
        for verb, words in after.items() if stood else ():
            said = self.program.run(words, folder)
            ran += 1
            wrong += self.printed(trial, verb, said)
        wrong += self.written(trial, folder)
        self.runs.append(ran)
        return f"{trial.file}: {'decided' if stood else 'refused'}", wrong

    def found(self, trial, text):
        plain = re.sub(r"[\s\u00a0]+", "", text.lower())
        return [word for word in trial.looked_for if word in plain] + self.batch.found_in(text)

    def printed(self, trial, verb, said):
        wrong = []
        if said.code not in (0, 1, 2, 3) or FAULT_OF_THE_PROGRAM in said.err:
            wrong.append(f"{verb} ended with {said.code}\n{said.err}")
        for where, text in (("standard output", said.out), ("standard error", said.err)):
            found = self.found(trial, text)
            if found:
                wrong.append(f"{verb} printed {', '.join(found)} on {where}:\n{text[:2000]}")
            steers = {f"U+{ord(letter):04X}" for letter in text if unicodedata.category(letter) in ("Cc", "Cf") and letter not in "\n\t"}
            if steers:
                wrong.append(f"{verb} printed {', '.join(sorted(steers))} on {where}")
        return wrong

    def written(self, trial, folder):
        """What is found in what the verbs wrote for others to read."""
        wrong = []
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder))
            if self.found(trial, path.name) or not path.name.isprintable():
                wrong.append(f"a file is named {name!r}")
            if not path.is_file() or path.parent == folder or "not-for-release" in name:
                continue
            own = trial.column in IDENTIFIERS and name.startswith(("packs/", "sample/"))
            for part, text in () if own else self.texts(path):
                found = self.found(trial, text)
                if found:
                    wrong.append(f"{part} holds {', '.join(found)}: {self.shown(text, found[0])}")
                if path.suffix == ".html" and MARKUP in re.sub(r"<script type=\"application/json\".*?</script>", "", text, flags=re.S):
                    wrong.append(f"{part} has markup of a cell in it")
        return wrong

    @staticmethod
    def texts(path):
        """The texts of accounts, pages and tables meant for others. The Parquet files of a run are personal data."""
        if path.suffix in (".xlsx", ".ods"):
            with zipfile.ZipFile(path) as archive:
                yield from ((f"{path.name}, {part}", archive.read(part).decode(errors="replace")) for part in archive.namelist())
        elif path.name in ACCOUNTS or path.suffix in (".html", ".csv"):
            yield path.name, path.read_text(errors="replace")

    @staticmethod
    def shown(text, word):
        at = text.lower().find(word)
        return repr(text[max(0, at - 60): at + 40])

    def run(self):
        self.prepare()
        trials = list(self.trials())
        print(f"{len(trials):,} dirty files")
        self.make(self.chosen(trials, 40), self.attempt)
        self.finish(f"dirty files read, in {sum(self.runs):,} runs of verbs")


if __name__ == "__main__":
    Sentinels(__doc__).run()
