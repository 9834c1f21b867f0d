"""Attacks every verb that writes by its disk: it is full after so many bytes, or does not confirm what was written.

    python3 disks.py SUSTAIN [--long] [--seed N] [--trials N] [--only TRIAL]

A disk that is full cuts a write short first and refuses the next ones; so much of it is left in each trial that the verb comes a
little further, up to a disk on which it just fits. Then each flush to the disk fails, one in each trial. The result must be
there whole or everything as before, what is said of it true, nothing left beside it, and a next run with room must do its work.
"""

import errno
from dataclasses import dataclass

from desk import Attack
from scenes import Scene, Stage, claims_of, need_injector, scenes

# How many sizes of a disk are tried for each verb in the long form.
SIZES = 120


@dataclass
class Trial:
    """A scene, and what is wrong with its disk: the bytes that fit, or a call to flush it and the error."""

    scene: Scene
    fits: int | None = None
    flush: str = ""
    error: str = ""

    @property
    def name(self):
        wrong = f"{self.flush}: {self.error}" if self.flush else f"{self.fits} bytes fit"
        return f"{self.scene.name}: {wrong}"

    @property
    def settings(self):
        if self.flush:
            return {"INJECT_CALL": self.flush, "INJECT_DO": f"error:{getattr(errno, self.error)}"}
        return {"INJECT_DISK": str(self.fits)}


def sizes(clean):
    """How many bytes fit: spread over all that is written, with the ends of files, which are where things are forgotten."""
    lengths = [len(data) for data in clean.out.values()]
    whole = sum(lengths)
    spread = {whole * step // SIZES for step in range(SIZES)}
    ends = {sum(lengths[:count]) + more for count in range(1, len(lengths)) for more in (-1, 0)}
    return sorted(size for size in spread | ends | {0, 1, whole - 1} if size < whole)


class Disks(Attack):
    def attempt(self, trial, folder):
        clean = self.clean[trial.scene.name]
        ended = self.stage.trial(trial.scene, clean, folder, **trial.settings)
        said = ended.said
        wrong = claims_of(said, ended.state) + self.stage.personal(said, folder)
        if trial.flush and not ended.was_hit:
            wrong.append(f"the disk was not flushed as before; it ended with {said.code}\n{said.err}")
        # With room for less than the result holds there can be none.
        if said.code == 0 and not self.is_old(trial, ended, clean):
            wrong.append("it ended with 0 on a disk that failed")
        if trial.flush and said.code != 3:
            wrong.append(f"it ended with {said.code}, though the disk did not confirm what was written")
        if ended.left:
            wrong.append(f"it left {', '.join(ended.left)}")
        wrong += self.stage.again_is_whole(trial.scene, clean, folder)
        state = {"after": "result whole", "before": "as before", "other": "something else"}[ended.state]
        kind = "flush failed" if trial.flush else "disk full"
        return f"{kind}: exit code {said.code}, {state}", wrong

    @staticmethod
    def is_old(trial, ended, clean):
        """Whether files that were already there make up for what did not fit: a store that is appended to keeps its parts."""
        return trial.scene.name == "append" and ended.state == "after" and trial.fits is not None

    def run(self):
        need_injector()
        self.stage = Stage(self)
        self.clean = {}
        trials = []
        for scene in (scene for scene in scenes() if scene.publishes):
            clean = self.clean[scene.name] = self.stage.clean(scene)
            trials += [Trial(scene, fits=fits) for fits in sizes(clean)]
            flushes = [call for call in clean.calls if call.startswith(("fsync ", "fdatasync "))]
            trials += [Trial(scene, flush=flush, error=error) for flush in flushes for error in ("EIO", "ENOSPC")]
        print(f"{len(trials):,} faults of the disk of {len(self.clean)} verbs")
        self.make(self.chosen(trials, 90, always=lambda trial: trial.fits in (0, 1)), self.attempt)
        self.finish("disks failed")


if __name__ == "__main__":
    Disks(__doc__).run()
