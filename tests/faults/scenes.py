"""Every verb at work on a small batch, each in a folder of its own, and what it comes to when nothing fails."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from desk import FAULT_OF_THE_PROGRAM, Batch, files_of

HERE = Path(__file__).resolve().parent
CLAIMS = 24
EXTRACT_TO = ["--extract-to", "2019-03-31"]
# Files of the machine that the program and its libraries look at before the batch; what they say changes no result.
OF_THE_MACHINE = ("/proc/", "/sys/", "/dev/", "/etc/")

# What the program says where nothing is to be seen of a run, and where its result is in its place.
NOTHING_PUBLISHED = ("nothing was published", "nothing that was there before was changed", "is unchanged")
PUBLISHED = ("was published, but", "result is in its place", "standard output could not be written")


@dataclass
class Scene:
    """A verb with its options, and what lies at `out` before it: nothing, or a copy of a folder."""

    name: str
    words: list
    before: str = ""
    publishes: bool = True


@dataclass
class Clean:
    """What a scene comes to when nothing fails."""

    said: object
    out: dict
    calls: list


@dataclass
class Outcome:
    """How a trial of a scene ended, what lies at `out` after it, and what was left beside it."""

    said: object
    state: str
    left: list
    was_hit: bool


def published(folder):
    """What was published in a folder. Parts that lie in a store and are not named by its account belong to nothing: an append
    that failed may leave them, and the next one writes over them."""
    files = files_of(folder)
    if not files or "store.json" not in files:
        return files
    try:
        named = {Path(part["name"]).stem for part in json.loads(files["store.json"])["parts"]}
    except ValueError:
        return files
    return {name: data for name, data in files.items() if name == "store.json" or Path(name).stem in named}


def scenes():
    inputs = ["--register", "../batch/register.csv", "--earnings", "../batch/earnings.csv", *EXTRACT_TO]
    validate = ["validate", "--scheme", "lse-poc-2017", "--claims", "../batch/claims.csv"]
    return [
        Scene("validate", [*validate, *inputs, "--out", "out"]),
        Scene("replace", [*validate, *inputs, "--history", "../earlier", "--out", "out", "--replace"], before="earlier"),
        Scene("from-store", [*validate, "--earnings", "../store", *EXTRACT_TO, "--out", "out"]),
        Scene("prepare", ["prepare", "--earnings", "../batch/earnings.csv", "--out", "out"]),
        Scene("append", ["prepare", "--earnings", "../batch/earnings.csv", "--out", "out", "--append"], before="first-store"),
        Scene("rates", ["rates", "--scheme", "lse-poc-2017", *inputs, "--run", "../run", "--by", "contract", "--out", "out"]),
        Scene("packs", ["packs", "../run", "--out", "out"]),
        Scene("packs-again", ["packs", "../run", "--out", "out", "--with-earnings", "--replace"], before="packs"),
        Scene("diff", ["diff", "../earlier", "../run", "--out", "out"]),
        Scene("audit-sample", ["audit-sample", "../run", "--size", "6", "--seed", "1", "--out", "out"]),
        Scene("sample", ["sample", "--claims", "12", "--seed", "5", "--format", "csv", "--out", "out"]),
        Scene("verify", ["verify", "../run"], publishes=False),
        Scene("verify-store", ["verify", "../store"], publishes=False),
        Scene("explain", ["explain", "../run", "C0000003"], publishes=False),
    ]


class Stage:
    """The inputs of all scenes, and the injector."""

    def __init__(self, attack):
        self.program, self.room = attack.program, attack.room
        self.injector = self.room / "injector.so"
        source = HERE / "injector.c"
        subprocess.run(["cc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-fPIC", "-shared", "-o", self.injector, source],
                       check=True)
        self.batch = Batch(self.program, self.room / "batch", CLAIMS)
        batch = self.room / "batch"
        names, *rows = (batch / "earnings.csv").read_text().splitlines(keepends=True)
        # An earlier extract of fewer rows, and two that cannot be read.
        (self.room / "first.csv").write_text(names + "".join(rows[: len(rows) // 2]) + "one,cell,too\n" * 2)
        inputs = ["--register", "batch/register.csv", "--earnings", "first.csv", "--extract-to", "2018-10-31"]
        claims = ["--claims", "batch/claims.csv"]
        for words in (["validate", "--scheme", "lse-poc-2017", *claims, *inputs, "--out", "earlier"],
                      ["validate", "--scheme", "lse-poc-2017", *claims, "--register", "batch/register.csv", "--earnings",
                       "batch/earnings.csv", *EXTRACT_TO, "--out", "run"],
                      ["prepare", "--earnings", "first.csv", "--out", "first-store"],
                      ["prepare", "--earnings", "batch/earnings.csv", "--out", "store"],
                      ["packs", "run", "--out", "packs"]):
            self.program.must([*words, "--threads", "1"], self.room)

    def set_up(self, scene, folder):
        """Lays what lies at `out` before a scene."""
        if scene.before:
            shutil.copytree(self.room / scene.before, folder / "out")

    def play(self, scene, folder, **settings):
        """Runs a scene in a folder, under the injector where there are settings for it."""
        if settings:
            settings = {**settings, "INJECT_ROOM": str(self.room), "LD_PRELOAD": str(self.injector)}
        return self.program.run([*scene.words, "--threads", "1"], folder, **settings)

    def clean(self, scene):
        """Plays a scene without a fault, and notes every call it makes."""
        folder = Path(tempfile.mkdtemp(prefix=f"{scene.name}-", dir=self.room))
        self.set_up(scene, folder)
        log = folder.with_suffix(".log")
        said = self.play(scene, folder, INJECT_LOG=str(log))
        if said.code != 0:
            raise SystemExit(f"{scene.name} ended with {said.code} under the injector, without any fault\n{said.err}")
        calls = [line for line in log.read_text().splitlines() if not line.split(" ")[1].startswith(OF_THE_MACHINE)]
        return Clean(said, files_of(folder / "out"), calls)

    def trial(self, scene, clean, folder, **settings):
        """Plays a scene in which something is made to fail."""
        self.set_up(scene, folder)
        before = published(folder / "out")
        log = folder.with_suffix(".log")
        said = self.play(scene, folder, INJECT_LOG=str(log), **settings)
        now = published(folder / "out")
        # A result that is replaced by an equal one is as before and as after.
        state = "after" if now == clean.out else "before" if now == before else "other"
        left = sorted(name for name in os.listdir(folder) if name != "out")
        return Outcome(said, state, left, log.exists() and "hit" in log.read_text().split())

    def again_is_whole(self, scene, clean, folder):
        """Plays a scene once more without a fault over what a trial left; returns what does not hold."""
        if scene.publishes and not scene.before and (folder / "out").exists() and scene.words[0] not in ("validate", "prepare"):
            shutil.rmtree(folder / "out")
        said = self.play(scene, folder)
        wrong = []
        if said.code != 0:
            wrong.append(f"the next run ended with {said.code}\n{said.err}")
        elif files_of(folder / "out") != clean.out:
            wrong.append("the next run made other files than a run without a fault")
        left = sorted(name for name in os.listdir(folder) if name != "out")
        if left:
            wrong.append(f"the next run left {', '.join(left)} where it was")
        return wrong

    def personal(self, said, folder):
        """What a trial shows of people."""
        wrong = []
        for name, text in (("standard output", said.out), ("standard error", said.err)):
            if self.batch.found_in(text):
                wrong.append(f"{name} holds personal data:\n{text}")
        if self.batch.found_in_folder(folder):
            wrong.append(f"an account or a page holds personal data: {self.batch.found_in_folder(folder)}")
        return wrong


def claims_of(said, state, can_speak=True):
    """Where what a run says and how it ended do not fit what lies at `out`. What it says is not asked for where its standard
    error was the thing that failed."""
    wrong, text = [], said.out + said.err
    shown = f"it ended with {said.code} and said:\n{said.err}"
    if said.code not in (0, 2, 3):
        wrong.append(f"README names no such end. {shown}")
    if FAULT_OF_THE_PROGRAM in text or "panicked" in text:
        wrong.append(f"it failed by a fault of its own. {shown}")
    if state == "other":
        wrong.append(f"what lies at out is neither as before nor as after. {shown}")
    if state == "after" and any(words in text for words in NOTHING_PUBLISHED):
        wrong.append(f"it says that nothing was published, and the result is there. {shown}")
    if state == "before" and any(words in text for words in PUBLISHED[:2]):
        wrong.append(f"it says that the result is there, and it is not. {shown}")
    if said.code == 2 and state == "after":
        wrong.append(f"it published and ended with 2. {shown}")
    if said.code in (2, 3) and can_speak and not said.err.startswith("error: "):
        wrong.append(f"it does not say why it ended. {shown}")
    if said.code == 3 and state == "after" and can_speak and not any(words in text for words in PUBLISHED):
        wrong.append(f"it published and does not say so. {shown}")
    return wrong


def need_injector():
    """Ends quietly where the machine has none of the system calls that the injector knows."""
    machine = os.uname()
    if (machine.sysname, machine.machine) != ("Linux", "x86_64"):
        print(f"not attacked on {machine.sysname} {machine.machine}: the injector knows the calls of Linux on x86-64 alone")
        sys.exit(0)
