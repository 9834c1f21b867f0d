"""Attacks the commands that write in a ledger: killed at a call or at any moment, on disks that are full or do not confirm, with a
bit turned anywhere, and two at once.

    python3 ledgers.py SUSTAIN [--long] [--seed N] [--trials N] [--only TRIAL]

Whatever happens, the ledger is as before or as after, it verifies, what the command said of it is true, and the next command goes on.
A bit that is turned anywhere in the folder of a ledger is found.
"""

import csv
import errno
import json
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from desk import LIMIT, Attack, Batch
from scenes import HERE, OF_THE_MACHINE, need_injector

CLAIMS = 90
# How many moments of a command it is killed at, and how many sizes of a disk are tried.
MOMENTS, SIZES = 40, 40
# How many bits are turned in each file of a ledger in the long form.
BITS = 60
# What is said where nothing was recorded, and where it was.
NOT_RECORDED = ("nothing was recorded", "nothing was published", "nothing that was there before was changed")
RECORDED = ("was recorded, but", "was recorded in ledger, but", "was published, but")


@dataclass
class Trial:
    """A command, and what goes wrong with it; or a file of the ledger, and the bit that is turned in it."""

    name: str
    command: str
    settings: dict = field(default_factory=dict)
    share: float | None = None
    file: str = ""
    bit: int = 0


class Ledgers(Attack):
    def must(self, words, folder=None):
        return self.program.must([*words, "--threads", "1"], folder or self.room)

    def prepare(self):
        """The ledger before each command: after a month; and after its decisions, which are still to be paid."""
        self.injector = self.room / "injector.so"
        subprocess.run(["cc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-fPIC", "-shared", "-o", self.injector,
                        HERE / "injector.c"], check=True)
        self.batch = Batch(self.program, self.room / "batch", CLAIMS)
        inputs = ["--register", "../batch/register.csv", "--earnings", "../batch/earnings.csv", "--extract-to", "2019-03-31"]
        names, *rows = (self.room / "batch/claims.csv").read_text().splitlines(keepends=True)
        (self.room / "first.csv").write_text(names + "".join(rows[: len(rows) // 2]))
        (self.room / "second.csv").write_text(names + "".join(rows[len(rows) // 3:]))
        self.commands = {
            "month": ["month", "ledger", "--claims", "../second.csv", *inputs],
            "decide": ["decide", "ledger", "--decisions", "../decisions.csv"],
            "pay": ["pay", "ledger", "--out", "schedule"],
        }
        first = self.room / "begin"
        first.mkdir()
        self.must(["ledger", "new", "ledger", "--scheme", "../batch/scheme.toml"], first)
        self.must(["month", "ledger", "--claims", "../first.csv", *inputs], first)
        self.must(["worklist", "ledger", "--out", "list.csv"], first)
        with open(first / "list.csv", newline="", encoding="utf-8") as file:
            listed = list(csv.DictReader(file))
        for number, row in enumerate(listed):
            row |= {"decision": ("accept", "keep", "reject")[number % 3], "reason": "R1", "evidence": f"E{number}",
                    "decided_by": "A Smith", "decided_on": "2019-04-10"}
        with open(self.room / "decisions.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(listed[0]))
            writer.writeheader()
            writer.writerows(listed)
        os.remove(first / "list.csv")
        self.before = self.show(first)
        self.clean, self.takes, self.calls = {}, {}, {}
        for name, words in self.commands.items():
            folder = self.room / f"clean-{name}"
            shutil.copytree(first, folder)
            began = time.monotonic()
            self.must(words, folder)
            self.takes[name] = time.monotonic() - began
            self.clean[name] = self.show(folder)
            again = self.room / f"log-{name}"
            shutil.copytree(first, again)
            log = self.room / f"{name}.log"
            self.play(name, again, INJECT_LOG=str(log))
            calls = log.read_text().splitlines()
            self.calls[name] = [call for call in calls if not call.split(" ")[1].startswith(OF_THE_MACHINE)]
        self.first = first

    def show(self, folder):
        """How many events a ledger has, and the hash it ends with; nothing where it cannot be read."""
        said = self.program.run(["ledger", "show", "ledger", "--json"], folder)
        if said.code != 0:
            return None
        shown = json.loads(said.out)
        return shown["events"], shown["head"]

    def play(self, command, folder, **settings):
        if settings:
            settings = {**settings, "INJECT_ROOM": str(self.room), "LD_PRELOAD": str(self.injector)}
        return self.program.run([*self.commands[command], "--threads", "1"], folder, **settings)

    def trials(self):
        kills, faults, bits = [], [], []
        for name in self.commands:
            changing = [call for call in self.calls[name] if not call.startswith(("read ", "pread ", "mmap ", "close "))]
            for call in changing:
                for kind in ("SIGKILL", "SIGTERM"):
                    number = int(getattr(signal, kind))
                    for do in ("signal", "late"):
                        kills.append(Trial(f"{name}: {kind} {do} {call}", name, {"INJECT_CALL": call, "INJECT_DO": f"{do}:{number}"}))
            for step in range(MOMENTS):
                kills.append(Trial(f"{name}: SIGKILL after {step} of {MOMENTS}", name, share=step / MOMENTS))
            written = 600_000
            for step in range(SIZES):
                fits = written * step // SIZES if step > 4 else step * 512
                faults.append(Trial(f"{name}: {fits} bytes fit", name, {"INJECT_DISK": str(fits)}))
            for call in self.calls[name]:
                if call.startswith(("fsync ", "fdatasync ", "write ", "pwrite ", "ftruncate ", "unlink", "rename")):
                    for error in ("EIO", "ENOSPC"):
                        do = f"error:{getattr(errno, error)}"
                        faults.append(Trial(f"{name}: {error} of {call}", name, {"INJECT_CALL": call, "INJECT_DO": do}))
        folder = self.room / "clean-pay"
        for path in sorted((folder / "ledger").rglob("*")):
            if path.is_file() and path.stat().st_size:
                size = path.stat().st_size * 8
                for _ in range(BITS):
                    bit = self.random.randrange(size)
                    file = str(path.relative_to(folder))
                    bits.append(Trial(f"bit {bit} of {file}", "bit", file=file, bit=bit))
        return kills, faults, bits

    def attempt(self, trial, folder):
        if trial.command == "bit":
            return self.turn(trial, folder)
        if trial.command == "two":
            return self.two(folder)
        shutil.copytree(self.first, folder, dirs_exist_ok=True)
        if trial.share is not None:
            running = subprocess.Popen([self.program.path, *self.commands[trial.command], "--threads", "1"], cwd=folder,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            time.sleep(self.takes[trial.command] * trial.share)
            running.send_signal(signal.SIGKILL)
            out, err = running.communicate(timeout=LIMIT)
            text, code = (out + err).decode(errors="replace"), running.returncode
        else:
            said = self.play(trial.command, folder, INJECT_LOG=str(folder.with_suffix(".log")), **trial.settings)
            text, code = said.out + said.err, said.code
        return self.judge(trial, folder, text, code)

    def judge(self, trial, folder, text, code):
        wrong = []
        command, clean = trial.command, self.clean[trial.command]
        now = self.show(folder)
        # Paying records twice: the schedule, and that its files are in their place.
        between = command == "pay" and now is not None and now[0] == clean[0] - 1
        state = "after" if now == clean else "recorded" if between else "before" if now == self.before else "other"
        if state == "other":
            wrong.append(f"the ledger is neither as before nor as after: {now}\n{text}")
        if "panicked" in text or "fault of the program" in text:
            wrong.append(f"it failed by a fault of its own\n{text}")
        if code == 0 and state != "after":
            wrong.append(f"it ended with 0 and the ledger is not as after\n{text}")
        if state in ("after", "recorded") and any(words in text for words in NOT_RECORDED) and not any(words in text for words in RECORDED):
            wrong.append(f"it says that nothing was recorded, and it was\n{text}")
        if state == "before" and any(words in text for words in RECORDED):
            wrong.append(f"it says that it was recorded, and it was not\n{text}")
        if self.batch.found_in(text):
            wrong.append(f"it shows people:\n{text}")
        verified = self.program.run(["ledger", "verify", "ledger", "--json"], folder)
        if verified.code != 0:
            wrong.append(f"the ledger does not verify: {verified.err}\nafter\n{text}")
        elif "SIGTERM" in trial.name and code in (-signal.SIGTERM, 128 + signal.SIGTERM):
            left = [name for name in json.loads(verified.out)["not_recorded"] if not name.endswith(".html")]
            if left:
                wrong.append(f"it was asked to end and left {', '.join(left)}\n{text}")
        # The next command goes on: the same one where nothing was recorded, and paying where it was.
        if state in ("before", "recorded") or command == "pay":
            again = self.play(command, folder, **{})
            if again.code != 0 and not (command == "pay" and "already there" in again.err):
                wrong.append(f"the next command ended with {again.code}\n{again.err}")
            elif again.code == 0 and self.show(folder) != clean:
                wrong.append(f"the next command came to something else\n{again.err}")
        else:
            again = self.program.run(["pay", "ledger", "--out", "next"], folder)
            if again.code != 0:
                wrong.append(f"the next command ended with {again.code}\n{again.err}")
        verified = self.program.run(["ledger", "verify", "ledger", "--json"], folder)
        if verified.code != 0:
            wrong.append(f"the ledger does not verify after the next command: {verified.err}")
        elif json.loads(verified.out)["not_recorded"]:
            wrong.append(f"something was left: {json.loads(verified.out)['not_recorded']}")
        left = sorted(name for name in os.listdir(folder / "ledger") if name.startswith("."))
        if left:
            wrong.append(f"the next command left {', '.join(left)}")
        return f"{command}: {state}", wrong

    def turn(self, trial, folder):
        """Turns one bit."""
        shutil.copytree(self.room / "clean-pay", folder, dirs_exist_ok=True)
        path = folder / trial.file
        data = bytearray(path.read_bytes())
        data[trial.bit // 8] ^= 1 << trial.bit % 8
        path.write_bytes(data)
        said = self.program.run(["ledger", "verify", "ledger"], folder)
        wrong = [] if said.code in (2, 3) and said.err.startswith("error: ") else [f"it was not found: {said.code}\n{said.out}{said.err}"]
        if "panicked" in said.err or "fault of the program" in said.err:
            wrong.append(said.err)
        return "a turned bit found" if not wrong else "a turned bit not found", wrong

    def two(self, folder):
        """Two commands at once: one after the other, or one of them is refused."""
        shutil.copytree(self.first, folder, dirs_exist_ok=True)
        words = [[self.program.path, *self.commands["decide"]], [self.program.path, *self.commands["pay"]]]
        both = [subprocess.Popen(one, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for one in words]
        said = [one.communicate(timeout=LIMIT)[1].decode() for one in both]
        wrong = [text for one, text in zip(both, said, strict=True)
                 if one.returncode != 0 and not (one.returncode == 2 and "another command is writing" in text)]
        verified = self.program.run(["ledger", "verify", "ledger"], folder)
        if verified.code != 0:
            wrong.append(verified.err)
        refused = sum(one.returncode == 2 for one in both)
        return f"two at once: {refused} refused", wrong

    def run(self):
        need_injector()
        self.prepare()
        kills, faults, bits = self.trials()
        twos = [Trial(f"two at once, {number}", "two") for number in range(20)]
        # There are thousands of calls: the long form kills at more than five hundred of them.
        kills = self.random.sample(kills, min(len(kills), 600)) if self.options.long else kills
        print(f"{len(kills):,} kills, {len(faults):,} faults of the disk and {len(bits):,} turned bits of {len(self.commands)} commands")
        for trials, most in ((kills, 40), (faults, 40), (bits, 40), (twos, 3)):
            self.make(self.chosen(trials, most), self.attempt)
        self.finish("attacks on a ledger")


if __name__ == "__main__":
    Ledgers(__doc__).run()
