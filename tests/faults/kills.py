"""Kills every verb that publishes, at one of its calls or at any moment, and looks at what is left.

    python3 kills.py SUSTAIN [--long] [--seed N] [--trials N] [--only TRIAL]

The signal comes just before or just after one call of the verb, or after a time. What lies at the result's place is then as
before or as after, and is verified; the next run does its work, and takes away what was left beside it. A verb that is asked to
end (SIGTERM, SIGINT, SIGHUP) leaves nothing beside it at all.
"""

import os
import signal
import subprocess
import time
from dataclasses import dataclass

from desk import LIMIT, Attack
from scenes import Scene, Stage, need_injector, published, scenes

SIGNALS = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")
# At how many moments of a verb it is killed without the injector.
MOMENTS = 24


@dataclass
class Trial:
    """A scene, a signal, and when it comes: by a call, or after a share of the time that the verb takes."""

    scene: Scene
    signal: str
    when: str

    @property
    def name(self):
        return f"{self.scene.name}: {self.signal} {self.when}"

    @property
    def settings(self):
        place, _, call = self.when.partition(" ")
        do = "signal" if place == "before" else "late"
        return {"INJECT_CALL": call, "INJECT_DO": f"{do}:{int(getattr(signal, self.signal))}"}

    @property
    def share(self):
        """The share of the time after which the signal comes; nothing where it comes at a call."""
        return float(self.when.split(" ")[1].rstrip("%")) / 100 if self.when.startswith("after ") and self.when.endswith("%") else None


def changes_names(trial):
    """The calls by which a result appears and what it replaces goes."""
    return trial.share is None and trial.when.split(" ")[1] in ("renameat2", "mkdir", "unlinkat", "rmdir", "flock", "fsync")


class Kills(Attack):
    def kill_after(self, trial, folder):
        """Runs a verb and sends it the signal after a while."""
        self.stage.set_up(trial.scene, folder)
        running = subprocess.Popen([self.program.path, *trial.scene.words, "--threads", "1"], cwd=folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(self.takes[trial.scene.name] * trial.share)
        running.send_signal(getattr(signal, trial.signal))
        out, err = running.communicate(timeout=LIMIT)
        return running.returncode, (out + err).decode(errors="replace")

    def attempt(self, trial, folder):
        clean = self.clean[trial.scene.name]
        before = published(self.room / trial.scene.before) if trial.scene.before else None
        if trial.share is None:
            ended = self.stage.trial(trial.scene, clean, folder, **trial.settings)
            code, text = ended.said.code, ended.said.out + ended.said.err
            if not ended.was_hit:
                return "the call was not made", [f"the call was not made this time; it ended with {code}\n{text}"]
        else:
            code, text = self.kill_after(trial, folder)
        now = published(folder / "out")
        state = "after" if now == clean.out else "before" if now == before else "other"
        wrong = []
        if code not in (0, 1, 2, 3, -getattr(signal, trial.signal), 128 + getattr(signal, trial.signal)):
            wrong.append(f"it ended with {code}\n{text}")
        if state == "other":
            wrong.append("what lies at out is neither as before nor as after")
        # A made-up batch has no account of its own; it is compared byte for byte alone.
        if now is not None and trial.scene.name != "sample":
            verified = self.program.run(["verify", "out", "-q"], folder)
            if verified.code != 0:
                wrong.append(f"what lies at out is not verified\n{verified.err}")
        left = sorted(name for name in os.listdir(folder) if name != "out")
        if left and trial.signal != "SIGKILL":
            wrong.append(f"it was asked to end and left {', '.join(left)}")
        if self.stage.batch.found_in(text):
            wrong.append(f"it printed personal data:\n{text}")
        wrong += self.stage.again_is_whole(trial.scene, clean, folder)
        state = {"after": "result whole", "before": "as before", "other": "something else"}[state]
        return f"{trial.signal}: {state}, {'something left and cleared away' if left else 'nothing left'}", wrong

    def run(self):
        need_injector()
        self.stage = Stage(self)
        self.clean, self.takes = {}, {}
        trials = []
        for scene in (scene for scene in scenes() if scene.publishes):
            clean = self.clean[scene.name] = self.stage.clean(scene)
            timed = self.room / f"{scene.name}-timed"
            timed.mkdir()
            self.stage.set_up(scene, timed)
            begun = time.monotonic()
            self.stage.play(scene, timed)
            self.takes[scene.name] = time.monotonic() - begun
            moments = [f"after {100 * 11 * moment / (10 * (MOMENTS - 1)):.1f}%" for moment in range(MOMENTS)]
            calls = [f"{place} {call}" for call in clean.calls for place in ("before", "past")]
            trials += [Trial(scene, name, when) for name in SIGNALS for when in [*moments, *calls]]
        print(f"{len(trials):,} kills of {len(self.clean)} verbs")
        self.make(self.sampled(trials), self.attempt)
        self.finish("kills")

    def sampled(self, trials):
        """In the short form half of the kills are at the calls by which names change, the rest at any call and any moment."""
        if self.options.long and not self.options.only:
            # Every call with the signal that nobody can handle, and a tenth of them with the others.
            return [trial for trial in trials if trial.signal == "SIGKILL" or changes_names(trial) or self.random.random() < 0.1]
        if self.options.only:
            return self.chosen(trials, 0)
        names = [trial for trial in trials if changes_names(trial)]
        others = [trial for trial in trials if not changes_names(trial)]
        count = (self.options.trials or 100) // 2
        return self.chosen(names, count) + self.chosen(others, count)


if __name__ == "__main__":
    Kills(__doc__).run()
