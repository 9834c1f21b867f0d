"""Damages binary files: inputs in Parquet, a prepared store, and every file of what was published.

    python3 damages.py SUSTAIN [--long] [--seed N] [--trials N] [--only TRIAL]

Bits are flipped, ranges zeroed, pages exchanged, files cut, lengthened, emptied and taken away. An input has no checksums, so a
damaged one may say something else; it must be refused by name, or every claim in it be accounted for. A store, and whatever has
an account, must be found to be damaged: verify refuses it, and a verb that reads it refuses it too or comes to the same bytes.
"""

import json
import random
import shutil
import zlib
from dataclasses import dataclass

from desk import FAULT_OF_THE_PROGRAM, Attack, Batch, claims_are_accounted_for, files_of, verdicts_of

CLAIMS = 24
DAYS = ["--extract-from", "2017-10-01", "--extract-to", "2019-03-31", "--threads", "1"]
VALIDATE = ["validate", "--scheme", "lse-poc-2017"]
INPUTS = ("claims", "register", "earnings")
# Where the compressed bytes of a page begin.
ZSTANDARD = b"\x28\xb5\x2f\xfd"
# What people write in: it may be changed.
FILLED_IN = ("sample.csv", "sample.xlsx")


def flip_bit(data, draw):
    at = draw.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1:]


def flip_late_bit(data, draw):
    """A bit of the last part, where the metadata of Parquet and the seals of accounts stand."""
    tail = min(len(data), 2000)
    return data[:-tail] + flip_bit(data[-tail:], draw)


def other_byte(data, draw):
    at = draw.randrange(len(data))
    return data[:at] + bytes([(data[at] + draw.randrange(1, 256)) % 256]) + data[at + 1:]


def zero_range(data, draw):
    at, length = draw.randrange(len(data)), draw.choice([2, 16, 100, 512])
    return data[:at] + bytes(min(length, len(data) - at)) + data[at + length:]


def cut_short(data, draw):
    return data[: draw.randrange(len(data))]


def cut_out(data, draw):
    at = draw.randrange(len(data))
    return data[:at] + data[at + draw.choice([1, 8, 64]):]


def put_in(data, draw):
    at = draw.randrange(len(data) + 1)
    return data[:at] + draw.randbytes(draw.choice([1, 8, 64])) + data[at:]


def repeat(data, draw):
    at, length = draw.randrange(len(data)), draw.choice([1, 16, 256])
    return data[:at] + data[at:at + length] + data[at:]


def exchange_pages(data, draw):
    """The compressed bytes of two pages in each other's place; of a file without such pages, two halves of it."""
    starts = [at for at in range(len(data)) if data.startswith(ZSTANDARD, at)]
    if len(starts) < 3:
        return data[len(data) // 2:] + data[: len(data) // 2]
    one, other = sorted(draw.sample(range(len(starts) - 1), 2))
    (a, b), (c, d) = (starts[one], starts[one + 1]), (starts[other], starts[other + 1])
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


DAMAGES = {
    "a bit flipped": flip_bit, "a late bit flipped": flip_late_bit, "a byte changed": other_byte, "a range zeroed": zero_range,
    "cut short": cut_short, "a piece cut out": cut_out, "bytes put in": put_in, "a range repeated": repeat,
    "pages exchanged": exchange_pages, "emptied": lambda data, draw: b"", "lengthened": lambda data, draw: data + b"\0",
    "taken away": None,
}
# How often each kind of damage is done to each file in the long form: to inputs, and to what has an account.
TIMES = {"a bit flipped": (300, 30), "a late bit flipped": (150, 30), "a byte changed": (150, 15), "a range zeroed": (60, 6),
         "cut short": (60, 6), "a piece cut out": (40, 5), "bytes put in": (40, 5), "a range repeated": (40, 5),
         "pages exchanged": (60, 6)}


def say_the_same(one, other):
    """Whether two texts of JSON say the same. The seal of a store is over what its account says, and not over its blanks."""
    try:
        return one is not None and json.loads(one) == json.loads(other)
    except ValueError:
        return False


@dataclass
class Trial:
    """A file of a folder, and how it is damaged; the number draws where."""

    folder: str
    file: str
    damage: str
    number: int

    @property
    def name(self):
        return f"{self.folder}/{self.file}: {self.damage} {self.number}"

    def damaged(self, data):
        """The damaged bytes, the same for the same name; None where the file is to be taken away."""
        damage = DAMAGES[self.damage]
        return damage and damage(data, random.Random(zlib.crc32(self.name.encode())))


class Damages(Attack):
    def prepare(self):
        # The text batch has the numbers and birth dates of the Parquet batch.
        self.batch = Batch(self.program, self.room / "text", CLAIMS)
        self.program.must(["sample", "--claims", str(CLAIMS), "--seed", "3", "--format", "parquet", "--out", "inputs", "-q"], self.room)
        for file in (self.room / "inputs").iterdir():
            if file.suffix != ".parquet":
                file.unlink()
        inputs = self.inputs("inputs")
        for words in ([*VALIDATE, *inputs, *DAYS, "--out", "run"],
                      ["prepare", "--earnings", "inputs/earnings.parquet", "--out", "store"],
                      [*VALIDATE, "--claims", "text/claims.csv", "--earnings", "text/earnings.csv", *DAYS, "--out", "earlier"],
                      ["rates", "--scheme", "lse-poc-2017", *inputs[2:], "--run", "run", *DAYS, "--out", "rates"],
                      ["packs", "run", "--out", "packs"],
                      ["diff", "earlier", "run", "--out", "diff"],
                      ["audit-sample", "run", "--size", "6", "--seed", "1", "--out", "audit-sample"]):
            self.program.must(words, self.room)
        self.clean = {}
        for reader in (*self.readers("run"), *self.readers("store")):
            folder = self.room / f"clean-{reader}"
            folder.mkdir()
            said = self.program.must(self.words(reader, "..", ".."), folder)
            self.clean[reader] = (said.out.replace("../run", "run"), files_of(folder / "out"))

    @staticmethod
    def inputs(folder):
        return ["--claims", f"{folder}/claims.parquet", "--register", f"{folder}/register.parquet",
                "--earnings", f"{folder}/earnings.parquet"]

    @staticmethod
    def readers(folder):
        """The verbs that read a folder, beside verify."""
        return {"run": ("explain", "packs", "diff", "audit-sample", "history", "rates"), "store": ("validate",)}.get(folder, ())

    def words(self, reader, at, clean):
        """The words of a verb that reads the folder at this place, and what else it needs from the clean one."""
        run, out = f"{at}/run", ["--out", "out", "--threads", "1"]
        return {
            "explain": ["explain", run, "C0000003", "--threads", "1"],
            "packs": ["packs", run, *out],
            "diff": ["diff", f"{clean}/earlier", run, *out],
            "audit-sample": ["audit-sample", run, "--size", "6", "--seed", "1", *out],
            "history": [*VALIDATE, *self.inputs(f"{clean}/inputs"), *DAYS, "--history", run, "--out", "out"],
            "rates": ["rates", "--scheme", "lse-poc-2017", *self.inputs(f"{clean}/inputs")[2:], "--run", run, *DAYS, "--out", "out"],
            "validate": [*VALIDATE, *self.inputs(f"{clean}/inputs")[:4], "--earnings", f"{at}/store", *DAYS, "--out", "out"],
        }[reader]

    def trials(self):
        for folder in ("inputs", "store", "run", "rates", "packs", "diff", "audit-sample"):
            for file in files_of(self.room / folder):
                for damage in DAMAGES:
                    # A file that was named and is not there is no damaged file.
                    if folder == "inputs" and damage == "taken away":
                        continue
                    times = TIMES.get(damage, (1, 1))[folder != "inputs"]
                    yield from (Trial(folder, file, damage, number) for number in range(times))

    def attempt(self, trial, folder):
        shutil.copytree(self.room / trial.folder, folder / trial.folder)
        path = folder / trial.folder / trial.file
        data = path.read_bytes()
        damaged = trial.damaged(data)
        if damaged == data or (trial.file == "store.json" and say_the_same(damaged, data)):
            return "the damage changed nothing", []
        if damaged is None:
            path.unlink()
        else:
            path.write_bytes(damaged)
        if trial.folder == "inputs":
            return self.decided(trial, folder)
        wrong = []
        verified = self.program.run(["verify", trial.folder, "--threads", "1"], folder)
        # The sheets of an audit sample may be changed, and must be there.
        may_change = trial.folder == "audit-sample" and trial.file in FILLED_IN and damaged is not None
        if verified.code == 0 and not may_change:
            wrong.append(f"verify does not find the damage:\n{verified.out}")
        wrong += self.unclear(verified)
        came_out = ["may be changed" if may_change else "found by verify"]
        readers = self.readers(trial.folder)
        if readers and not self.options.long:
            readers = [random.Random(trial.name).choice(readers)]
        for reader in readers:
            said = self.program.run(self.words(reader, ".", ".."), folder)
            out = files_of(folder / "out")
            wrong += self.unclear(said)
            if said.code == 0 and (said.out.replace("./run", "run"), out) != self.clean[reader]:
                wrong.append(f"{reader} comes to something else from the damaged {trial.folder}\n{said.out}")
            elif said.code != 0 and out is not None:
                wrong.append(f"{reader} ended with {said.code} and published")
            came_out.append("read to the same end" if said.code == 0 else "refused by its reader")
            shutil.rmtree(folder / "out", ignore_errors=True)
        return f"{trial.folder}: {', '.join(sorted(set(came_out)))}", wrong

    def unclear(self, said):
        if self.batch.found_in(said.out + said.err):
            return [f"it printed personal data:\n{said.out}{said.err}"]
        shown = f"it ended with {said.code} and said:\n{said.err}"
        if said.code not in (0, 2, 3):
            return [f"README names no such end. {shown}"]
        if FAULT_OF_THE_PROGRAM in said.err or (said.code and not said.err.startswith("error: ")):
            return [f"the refusal is not clear. {shown}"]
        return []

    def decided(self, trial, folder):
        """Decides a batch of which one input is damaged."""
        said = self.program.run([*VALIDATE, *self.inputs("inputs"), *DAYS, "--out", "out"], folder)
        wrong = self.unclear(said)
        if said.code in (2, 3):
            if trial.file not in said.err:
                wrong.append(f"the refusal does not name {trial.file}:\n{said.err}")
            if (folder / "out").exists():
                wrong.append("a refused run published")
            return f"inputs: {trial.file} refused, exit code {said.code}", wrong
        if wrong:
            return "no end that README names", wrong
        if self.batch.found_in_folder(folder / "out"):
            wrong.append(f"an account or a page holds personal data: {self.batch.found_in_folder(folder / 'out')}")
        account, verdicts = json.loads((folder / "out" / "run.json").read_text()), verdicts_of(folder / "out")
        wrong += claims_are_accounted_for(account, verdicts)
        if trial.file == "claims.parquet":
            return "inputs: decided, every claim accounted for", wrong
        clean = verdicts_of(self.room / "run")
        if [claim for claim, _ in clean] != [claim for claim, _ in verdicts]:
            wrong.append("other claims are in the report than in the claims file")
        return f"inputs: decided, {'the same' if clean == verdicts else 'other'} verdicts", wrong

    def run(self):
        self.prepare()
        trials = list(self.trials())
        print(f"{len(trials):,} damaged files")
        # The short form damages every file of what has an account once at least, and stores and inputs in every way.
        picked = set()
        files = {(trial.folder, trial.file) for trial in trials if trial.folder not in ("inputs", "store")}
        for folder, file in sorted(files):
            picked.add(self.random.choice([trial.name for trial in trials if (trial.folder, trial.file) == (folder, file)]))
        for folder, file, damage in sorted({(trial.folder, trial.file, trial.damage) for trial in trials if trial.folder in ("inputs", "store")}):
            picked.add(self.random.choice([trial.name for trial in trials if (trial.folder, trial.file, trial.damage) == (folder, file, damage)]))
        self.make(self.chosen(trials, 120, always=lambda trial: trial.name in picked), self.attempt)
        self.finish("damaged files read")


if __name__ == "__main__":
    Damages(__doc__).run()
