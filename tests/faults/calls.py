"""Attacks every verb by the system: each call that it makes of a file fails once, or is cut short.

    python3 calls.py SUSTAIN [--long] [--seed N] [--trials N] [--only TRIAL]

A trial is a verb, one of its calls, and what becomes of that call. After each, the program must have ended with a code that
README names; its result is there whole, byte for byte the one of a run without a fault, or everything is as before; what it
says of its result is true; nobody's data is in what it says; and nothing is left beside the result, unless the call that failed
was one that clears away, and then the next run clears it away. A call that is interrupted or cut short changes nothing.

The sample of the short form is drawn anew for each --seed; --long makes every trial.
"""

import errno
from dataclasses import dataclass

from desk import Attack
from scenes import Scene, Stage, claims_of, need_injector, scenes

READS = ("read", "readv", "pread")
WRITES = ("write", "writev", "pwrite")
CLEARS_AWAY = ("unlink", "unlinkat", "rmdir")
# What may become of each call. The first are errors; `after` is made and told as failed all the same.
BECOMES = {
    **{name: ["EIO", "EINTR", "short"] for name in READS},
    **{name: ["EIO", "ENOSPC", "EDQUOT", "EINTR", "short"] for name in WRITES},
    "copy_file_range": ["EIO", "ENOSPC", "short"],
    "sendfile": ["EIO", "ENOSPC", "short"],
    "open": ["EIO", "EACCES", "EMFILE", "ENOSPC", "EINTR"],
    "openat": ["EIO", "EACCES", "EMFILE", "ENOSPC", "EINTR"],
    "close": ["after EIO"],
    "fsync": ["EIO", "ENOSPC", "EDQUOT", "EINTR", "after EIO"],
    "fdatasync": ["EIO", "ENOSPC", "EDQUOT", "EINTR", "after EIO"],
    "ftruncate": ["EIO", "ENOSPC", "EINTR"],
    "fallocate": ["EIO", "ENOSPC"],
    "rename": ["EIO", "ENOSPC", "EACCES"],
    "renameat": ["EIO", "ENOSPC", "EACCES"],
    "renameat2": ["EIO", "ENOSPC", "EACCES", "EDQUOT"],
    "mkdir": ["EIO", "ENOSPC", "EACCES", "EDQUOT"],
    "mkdirat": ["EIO", "ENOSPC", "EACCES", "EDQUOT"],
    **{name: ["EIO", "EACCES"] for name in (*CLEARS_AWAY, "stat", "lstat", "newfstatat", "statx")},
    "fstat": ["EIO"],
    "getdents64": ["EIO"],
    "readlink": ["EIO"],
    "access": ["EACCES"],
    "lseek": ["EIO"],
    "dup": ["EMFILE"],
    "flock": ["EINTR", "ENOLCK"],
    "mmap": ["EACCES", "EMFILE"],
}
# What a program has to bear: the call can be made again at once.
MUST_BEAR = {name: ("EINTR", "short") for name in (*READS, *WRITES, "fsync", "fdatasync", "ftruncate")}
MUST_BEAR |= {"open": ("EINTR",), "openat": ("EINTR",), "copy_file_range": ("short",), "sendfile": ("short",)}


@dataclass
class Trial:
    """A scene, one of its calls, and what becomes of it."""

    scene: Scene
    call: str
    becomes: str

    @property
    def name(self):
        return f"{self.scene.name}: {self.call}: {self.becomes}"

    @property
    def told(self):
        if self.becomes == "short":
            return "short"
        kind, _, error = self.becomes.rpartition(" ")
        return f"{kind or 'error'}:{getattr(errno, error)}"


def becomes_of(call, folders):
    """What may become of a call. That a folder is opened or closed is neither interrupted nor put off by any file system."""
    name, about, _ = call.split(" ")
    in_folder = name in ("open", "openat", "close") and about in folders
    return [becomes for becomes in BECOMES[name] if not (in_folder and (becomes == "EINTR" or becomes.startswith("after ")))]


def is_turn(trial):
    """The calls by which a result appears: few of many, and always tried."""
    return trial.call.split(" ")[0] in ("renameat2", "mkdir", "flock") or "stdout" in trial.call


class Calls(Attack):
    def attempt(self, trial, folder):
        clean = self.clean[trial.scene.name]
        ended = self.stage.trial(trial.scene, clean, folder, INJECT_CALL=trial.call, INJECT_DO=trial.told)
        said, (call, about, _) = ended.said, trial.call.split(" ")
        if not ended.was_hit:
            return "the call was not made", [f"the call was not made this time; it ended with {said.code}\n{said.err}"]
        wrong = claims_of(said, ended.state if trial.scene.publishes else "none", can_speak=about != "stderr")
        wrong += self.stage.personal(said, folder)
        if said.code == 0:
            if trial.scene.publishes and ended.state != "after":
                wrong.append("it ended with 0, and its result is not there")
            if said.out != clean.said.out and about != "stdout":
                wrong.append(f"it ended with 0 and printed something else:\n{said.out}")
        elif trial.becomes in MUST_BEAR.get(call, ()):
            wrong.append(f"it ended with {said.code}, though the call could be made again\n{said.err}")
        if ended.left:
            # What could not be looked at could not be taken away either.
            clears = call in CLEARS_AWAY or (".sustain-*" in about and call in ("openat", "getdents64", "newfstatat", "statx"))
            if not clears:
                wrong.append(f"it left {', '.join(ended.left)}, and could clear it away")
            wrong += self.stage.again_is_whole(trial.scene, clean, folder)
        state = {"after": "result whole", "before": "as before", "other": "something else"}[ended.state]
        return f"exit code {said.code}, {state if trial.scene.publishes else 'read only'}", wrong

    def run(self):
        need_injector()
        self.stage = Stage(self)
        self.clean = {}
        trials = []
        for scene in scenes():
            self.clean[scene.name] = self.stage.clean(scene)
            calls = self.clean[scene.name].calls
            folders = {call.split(" ")[1] for call in calls if call.startswith("getdents64 ")}
            trials += [Trial(scene, call, becomes) for call in calls for becomes in becomes_of(call, folders)]
        print(f"{len(trials):,} faults in {sum(len(clean.calls) for clean in self.clean.values()):,} calls of {len(self.clean)} verbs")
        self.make(self.chosen(trials, 250, always=is_turn), self.attempt)
        self.finish("faults injected")


if __name__ == "__main__":
    Calls(__doc__).run()
