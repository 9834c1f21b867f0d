"""Decides batches of which one text file is damaged, in every way and at every row.

    python3 texts.py SUSTAIN [--long] [--seed N] [--trials N] [--only TRIAL]

A run must refuse the file by name, or account for every row: the claims it read are in the three outcomes, each claim that the
damage did not touch is among them once, every byte of the file is told of, and the verdict of each claim that was not touched
is the one of the clean batch, or a query. Touched are the claims in a damaged row, those of the same participant or person, and
those of the person in a damaged row of earnings.
"""

import json
from dataclasses import dataclass, field

from desk import FAULT_OF_THE_PROGRAM, Attack, Batch, claims_are_accounted_for, files_of, verdicts_of
from pollutions import BETWEEN_ROWS, OF_FILE, OF_ROW, joined

CLAIMS = 40
DAYS = ["--extract-from", "2017-10-01", "--extract-to", "2019-03-31"]
SCHEME = ["validate", "--scheme", "../batch/scheme.toml", "--register", "../batch/register.csv"]
# In the long form, every so many rows of the earnings are damaged in every way.
EARNINGS_STEP = 23


@dataclass
class Trial:
    """A damaged file: how, which row, and which claims the damage touches."""

    file: str
    kind: str
    data: bytes = field(repr=False)
    touched: set = field(repr=False)
    row: int | None = None
    place: int = 0

    @property
    def name(self):
        where = "" if self.row is None else f" row {self.row} place {self.place}"
        return f"{self.file}{where}: {self.kind}"


def lost_rows(kind, rows):
    """The rows that damage of the whole file takes away: all, or the one that is taken for the header or joined with it."""
    if kind in ("header only", "nothing", "blank lines alone"):
        return range(rows)
    return [0] if kind in ("header missing", "header with its line end lost") else []


class Texts(Attack):
    def order(self, claims, earnings):
        return [*SCHEME, "--claims", claims, "--earnings", earnings, *DAYS, "--threads", "1", "--out", "out"]

    def prepare(self):
        self.batch = Batch(self.program, self.room / "batch", CLAIMS)
        (self.room / "clean").mkdir()
        self.program.must(self.order("../batch/claims.csv", "../batch/earnings.csv"), self.room / "clean")
        self.verdicts = dict(verdicts_of(self.room / "clean" / "out"))
        self.lines = {name: (self.room / "batch" / name).read_bytes().splitlines() for name in ("claims.csv", "earnings.csv")}
        names = self.lines["claims.csv"][0].decode().split(",")
        claims = [dict(zip(names, line.decode().split(","))) for line in self.lines["claims.csv"][1:]]
        for claim in claims:
            # Some of the batch's numbers are written with blanks or in small letters.
            claim["nino"] = claim["nino"].replace(" ", "").upper()
        self.claim_of_row = [claim["claim_id"] for claim in claims]
        self.alike = {}
        for claim in claims:
            # Two claims of one person, one participant or one number are weighed against each other.
            same = [other["claim_id"] for other in claims
                    if any(claim[column] and claim[column][:8] == other[column][:8] for column in ("nino", "participant_id", "claim_id"))]
            self.alike[claim["claim_id"]] = set(same)
        self.of_person = {}
        for claim in claims:
            self.of_person.setdefault(claim["nino"][:8], set()).update(self.alike[claim["claim_id"]])
        place = self.lines["earnings.csv"][0].decode().split(",").index("nino")
        self.person_of_row = [line.decode().split(",")[place][:8] for line in self.lines["earnings.csv"][1:]]

    def touched(self, file, rows):
        """The claims that damage of these rows may change; rows are counted from 0."""
        touched = set()
        for row in rows:
            if file == "claims.csv" and row < len(self.claim_of_row):
                touched |= self.alike[self.claim_of_row[row]]
            elif file == "earnings.csv" and row < len(self.person_of_row):
                touched |= self.of_person.get(self.person_of_row[row], set())
        return touched

    def trials(self):
        for file, lines in self.lines.items():
            rows = len(lines) - 1
            width = len(lines[0].split(b","))
            for kind, pollute in OF_FILE.items():
                yield Trial(file, kind, pollute(lines), self.touched(file, lost_rows(kind, rows)))
            for row in range(0, rows, 1 if file == "claims.csv" else EARNINGS_STEP):
                line = lines[row + 1]
                for kind, pollute in OF_ROW.items():
                    place = self.random.randrange(width)
                    polluted = pollute(line, place, width)
                    damaged = [*lines[: row + 1], *([polluted] if polluted is not None else []), *lines[row + 2:]]
                    yield Trial(file, kind, joined(damaged), self.touched(file, [row]), row, place)
                for kind, between in BETWEEN_ROWS.items():
                    damaged = [*lines[: row + 1], between(lines[0]), *lines[row + 1:]]
                    yield Trial(file, kind, joined(damaged), set(), row)
                yield Trial(file, "line end after it lost", joined(lines[: row + 1]) + line + joined(lines[row + 2:]),
                            self.touched(file, [row, row + 1]), row)
                yield Trial(file, "the file ends in the row", joined(lines[: row + 1]) + line[: len(line) // 3],
                            self.touched(file, range(row, rows)), row)

    def attempt(self, trial, folder):
        (folder / trial.file).write_bytes(trial.data)
        named = {name: trial.file if name == trial.file else f"../batch/{name}" for name in self.lines}
        said = self.program.run(self.order(named["claims.csv"], named["earnings.csv"]), folder)
        wrong = []
        shown = f"it ended with {said.code} and said:\n{said.err}"
        for name, text in (("standard output", said.out), ("standard error", said.err)):
            if self.batch.found_in(text):
                wrong.append(f"{name} holds personal data: {self.batch.found_in(text)}\n{text}")
        if self.batch.found_in_folder(folder):
            wrong.append(f"an account or a page holds personal data: {self.batch.found_in_folder(folder)}")
        if said.code in (2, 3):
            if not said.err.startswith("error: ") or trial.file not in said.err or FAULT_OF_THE_PROGRAM in said.err:
                wrong.append(f"the refusal is not clear. {shown}")
            if files_of(folder / "out") is not None:
                wrong.append(f"a refused run published. {shown}")
            return f"{trial.file} refused, exit code {said.code}", wrong
        if said.code != 0:
            return "no end that README names", [f"README names no such end. {shown}"]
        came_out, more = self.accounts(trial, folder / "out")
        return came_out, wrong + more

    def accounts(self, trial, out):
        """What does not hold of a run that stands."""
        account = json.loads((out / "run.json").read_text())
        verdicts = verdicts_of(out)
        wrong = claims_are_accounted_for(account, verdicts)
        for file in account["inputs"]:
            text = file["text"]
            told = sum(count for name, count in text.items() if name.endswith("_bytes"))
            if file["name"] == trial.file and file["encoding"] == "UTF-8" and told not in (file["bytes"], file["bytes"] - 3):
                wrong.append(f"{told} of the {file['bytes']} bytes of {file['name']} are told of")
        found = {}
        for claim, verdict in verdicts:
            found.setdefault(claim, []).append(verdict)
        changed = 0
        for claim, verdict in self.verdicts.items():
            now = found.get(claim, [])
            if claim in trial.touched:
                changed += now != [verdict]
            elif now not in ([verdict], ["queried"]):
                wrong.append(f"{claim}, which was not touched, was {verdict} and is now {' and '.join(now) or 'nowhere'}")
            else:
                changed += now != [verdict]
        set_aside = sum(file["quarantined"] for file in account["inputs"] if file["name"] == trial.file)
        rows = "rows" if set_aside else "no row"
        verdicts = "some verdicts changed" if changed else "all verdicts as before"
        return f"{trial.file} decided, {rows} set aside, {verdicts}", wrong

    def run(self):
        self.prepare()
        trials = list(self.trials())
        print(f"{len(trials):,} damaged files, {len(OF_FILE)} kinds of the whole file, {len(OF_ROW) + len(BETWEEN_ROWS) + 2} at a row; "
              f"clean: {len(self.verdicts)} claims")
        # The short form has each kind once at a row of each file.
        picked = set()
        if not self.options.long and not self.options.only:
            kinds = {}
            for trial in trials:
                kinds.setdefault((trial.file, trial.kind), []).append(trial)
            picked = {self.random.choice(alike).name for alike in kinds.values()}
        self.make(self.chosen(trials, 0, always=lambda trial: trial.name in picked), self.attempt)
        self.finish("damaged text files decided")


if __name__ == "__main__":
    Texts(__doc__).run()
