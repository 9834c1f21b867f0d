"""Times sustain beside DuckDB and Polars doing the same work on the same files, and prints one table.

    python3 -m venv target/tools/bench && target/tools/bench/bin/pip install -r benches/requirements.txt
    target/tools/bench/bin/python benches/run.py                 # everything: some hours, 25 GB of disk
    target/tools/bench/bin/python benches/run.py --only parquet-100M-10k --runs 5

Each row of the table is one piece of work. Its contestants take turns, so that a machine that slows down slows all of
them; what is told is the median of their runs, the peak memory of the largest, and how many times as long as sustain the
others took. Before anything is timed, every contestant's verdicts are compared claim by claim.

* sustain: a whole run: inputs hashed, every verdict with its reasons, evidence and findings written, flushed and verified.
* DuckDB, Polars: `peer_duckdb.py` and `peer_polars.py`: the verdicts alone.
* month-5M-100k: a month of a ledger with 100,000 open claims, and a plain run (validate) that decides the same claims.
* scan: DuckDB looking at the NINO column of the extract and at nothing else, the floor of any tool that reads it.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import inputs

HERE = Path(__file__).resolve().parent
THREADS = "2"
CUT_OFF = "2019-03-31"
MIB = 1024


def run(command):
    """Seconds and peak MiB of a process. It is started by a small one: a child begins with its parent's peak."""
    # What was written to make the inputs is on the disk before the clock starts.
    os.sync()
    begun = time.monotonic()
    starter = [sys.executable, "-S", "-c", "import os, sys; os.execv(sys.argv[1], sys.argv[1:])"]
    process = subprocess.Popen([*starter, *map(str, command)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"this ended with {os.waitstatus_to_exitcode(status)}: {' '.join(map(str, command))}")
    return time.monotonic() - begun, usage.ru_maxrss / MIB


def clear(path):
    subprocess.run(["rm", "-rf", path], check=True)


class Verdicts:
    """One batch of claims decided against one extract."""

    def __init__(self, name, batch, share, extract, store=None, peers=("duckdb", "polars"), scan=True):
        self.name, self.batch, self.share, self.extract, self.store = name, batch, share, extract, store
        self.contestants = ["sustain", *(["store"] if store else []), *peers, *(["scan"] if scan else [])]

    def out(self, contestant):
        name = f"out-{contestant}"
        return inputs.ROOM / (name if contestant in ("sustain", "store") else f"{name}.parquet")

    def command(self, contestant):
        claims, register = self.batch / f"claims-{self.share}.parquet", self.batch / "register.parquet"
        if contestant in ("sustain", "store"):
            return [inputs.PROGRAM, "-q", "validate", "--threads", THREADS, "--scheme", inputs.SAMPLE / "scheme.toml",
                    "--claims", claims, "--register", register, "--extract-to", CUT_OFF,
                    "--earnings", self.store if contestant == "store" else self.extract, "--out", self.out(contestant)]
        if contestant == "scan":
            reader = f"read_csv('{self.extract}', all_varchar = true)" if self.extract.suffix == ".csv" else f"'{self.extract}'"
            question = f"SELECT bit_xor(hash(nino)) FROM {reader}"
            return [sys.executable, "-c", f'import duckdb; db = duckdb.connect(config={{"threads": {THREADS}}}); '
                                          f'db.execute("SET enable_progress_bar = false"); db.execute("{question}").fetchall()']
        return [sys.executable, HERE / f"peer_{contestant}.py", "--claims", claims, "--register", register,
                "--earnings", self.extract, "--cut-off", CUT_OFF, "--threads", THREADS, "--out", self.out(contestant)]

    def time(self, contestant):
        clear(self.out(contestant))
        return run(self.command(contestant))

    def agree(self):
        """Runs everyone once, for the verdicts and to warm the files up."""
        for contestant in self.contestants:
            self.time(contestant)
        db, results = inputs.database(), self.out("sustain")
        own = " UNION ALL ".join(f"SELECT claim_id, verdict FROM '{results}/{verdict}.parquet'"
                                 for verdict in ("validated", "rejected", "queried"))
        for contestant in set(self.contestants) - {"sustain", "scan"}:
            other = f"SELECT claim_id, verdict FROM '{self.out(contestant)}'"
            if contestant == "store":
                other = own.replace(str(results), str(self.out("store")))
            differing = db.execute(f"SELECT count(*) FROM (({own}) EXCEPT ({other}))").fetchone()[0]
            claims, others = (db.execute(f"SELECT count(*) FROM ({rows})").fetchone()[0] for rows in (own, other))
            if differing or claims != others:
                sys.exit(f"{self.name}: {contestant} differs from sustain on {differing} of {claims} claims")


class Prepare:
    """Writing an extract sorted by person."""

    def __init__(self, name, extract):
        self.name, self.extract, self.share, self.contestants = name, extract, "", ["sustain", "duckdb"]

    def time(self, contestant):
        out = inputs.ROOM / f"out-prepare-{contestant}"
        clear(out)
        if contestant == "sustain":
            return run([inputs.PROGRAM, "-q", "prepare", "--threads", THREADS, "--earnings", self.extract, "--out", out])
        spill = inputs.ROOM / "spill"
        query = f"COPY (SELECT * FROM '{self.extract}' ORDER BY nino) TO '{out}' (FORMAT parquet, COMPRESSION zstd)"
        return run([sys.executable, "-c", f'import duckdb; db = duckdb.connect(config={{"threads": {THREADS}, '
                                          f'"temp_directory": "{spill}"}}); db.execute("SET enable_progress_bar = false"); '
                                          f'db.execute("{query}")'])

    def agree(self):
        self.time("sustain")


class Month:
    """A month of a ledger beside a plain run that decides the same claims."""

    name, share, contestants = "month-5M-100k", "", ["sustain", "validate"]

    def __init__(self):
        self.room = inputs.month()

    def time(self, contestant):
        batch, out = self.room / "batch", inputs.ROOM / f"out-month-{contestant}"
        clear(out)
        extract = ["--threads", THREADS, "--register", batch / "register.parquet", "--earnings", batch / "earnings.parquet",
                   "--extract-to", CUT_OFF]
        if contestant == "sustain":
            subprocess.run(["cp", "-a", self.room / "ledger", out], check=True)
            return run([inputs.PROGRAM, "-q", "month", out, *extract])
        return run([inputs.PROGRAM, "-q", "validate", "--scheme", batch / "scheme.toml",
                    "--claims", self.room / "decided.parquet", *extract, "--out", out])

    def agree(self):
        for contestant in self.contestants:
            self.time(contestant)


def all_work(only):
    # The month has inputs of its own, which are small.
    if not only or Month.name in only:
        yield Month()
    if only == [Month.name]:
        return
    inputs.sample()
    batches = {count: inputs.claims(count) for count in (1_000, 10_000, 1_000_000)}
    large = inputs.large(100_000_000)
    small = inputs.small(10_000_000, large, batches[10_000])
    middle = inputs.small(20_000_000, large, batches[10_000])
    text = inputs.as_csv(middle)
    store = inputs.store(large)
    work = [Verdicts("parquet-100M-1k", batches[1_000], 5, large, store)]
    for share in inputs.SHARES:
        work.append(Verdicts("parquet-100M-10k", batches[10_000], share, large, store))
    work.append(Verdicts("parquet-10M-10k", batches[10_000], 5, small))
    work.append(Verdicts("csv-20M-10k", batches[10_000], 5, text))
    for share in inputs.SHARES:
        work.append(Verdicts("parquet-100M-1M", batches[1_000_000], share, large, scan=False))
    work.append(Prepare("prepare-100M", large))
    yield from work


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--only", nargs="+", help="the names of the pieces of work to do")
    options.add_argument("--share", type=int, nargs="+", help="the shares of failing claims to do them for")
    options.add_argument("--runs", type=int, default=5)
    options = options.parse_args()
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=inputs.ROOT, check=True)
    print("| work | failing | contestant | median s | least to most | peak MiB | times sustain |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for work in all_work(options.only):
        if options.only and work.name not in options.only or options.share and work.share not in (*options.share, ""):
            continue
        work.agree()
        measured = {contestant: [] for contestant in work.contestants}
        for _ in range(options.runs):
            for contestant in work.contestants:
                measured[contestant].append(work.time(contestant))
                seconds, peak = measured[contestant][-1]
                print(f"{work.name} {work.share}: {contestant} {seconds:.2f} s, {peak:,.0f} MiB", file=sys.stderr, flush=True)
        own = statistics.median(seconds for seconds, _ in measured["sustain"])
        for contestant, runs in measured.items():
            seconds = sorted(seconds for seconds, _ in runs)
            median, peak = statistics.median(seconds), max(peak for _, peak in runs)
            share = f"{work.share}%" if work.share != "" else ""
            print(f"| {work.name} | {share} | {contestant} | {median:.2f} | {seconds[0]:.2f} to {seconds[-1]:.2f} "
                  f"| {peak:,.0f} | {median / own:.3f} |", flush=True)


if __name__ == "__main__":
    main()
