"""Times whole runs and their peak memory: many claims against their payments, with 0%, 5% and 100% of claims failing.

    python3 -m venv target/tools/python && target/tools/python/bin/pip install -r tests/interop/requirements.txt
    target/tools/python/bin/python benches/million.py --claims 1000000 --rows 10000000

The batch is made by `sustain sample` (Parquet). Of the claims that the answer key calls validated, those of the people
with the fewest payments are kept, as many as asked for; the extract holds all payments of these people, and is filled up
to the rows asked for with those of others where they are fewer, in the order in which the sample has them. To make claims fail, the hours
they claim are set under the outcome's, so that each still has all its evidence weighed and one finding more to write.
"""

import argparse
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pyarrow.parquet

options = argparse.ArgumentParser()
options.add_argument("--claims", type=int, default=1_000_000)
options.add_argument("--rows", type=int, default=10_000_000)
options.add_argument("--runs", type=int, default=3)
options.add_argument("--threads", type=int, default=2)
options = options.parse_args()

root = Path(__file__).resolve().parent.parent
room = root / "target" / "bench" / str(options.claims)
program = root / "target" / "release" / "sustain"
subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=root, check=True)

sample = room / "sample"
earnings = room / "earnings.parquet"


def prepare():
    """Makes the batch. It runs in a process of its own: a child begins with the peak memory of the process it is forked from."""
    if not (room / "sample").exists():
        room.mkdir(parents=True, exist_ok=True)
        # More than half the claims of a sample are validated; there are numbers for 1.98 million claims' people.
        asked = options.claims * 197 // 100 + 200
        subprocess.run([program, "-q", "sample", "--claims", str(asked), "--seed", "1", "--out", room / "sample"], check=True)

    db = duckdb.connect(config={"enable_progress_bar": False})
    if not earnings.exists():
        db.execute(f"""
            CREATE TABLE kept AS
            SELECT claims.claim_id, any_value(nino) AS nino, any_value(payments) AS payments
            FROM '{sample}/claims.parquet' AS claims
            JOIN (SELECT nino[:8] AS stem, count(*) AS payments FROM '{sample}/earnings.parquet' GROUP BY stem) ON nino[:8] = stem
            WHERE claims.claim_id IN (SELECT claim_id FROM read_csv('{sample}/expected.csv', all_varchar = true)
                                      GROUP BY claim_id HAVING count(*) = 1 AND any_value(verdict) = 'validated')
            GROUP BY claims.claim_id ORDER BY payments, claims.claim_id LIMIT {options.claims}
        """)
        db.execute(f"""
            COPY (
                WITH paid AS (SELECT *, file_row_number AS place, nino[:8] IN (SELECT nino[:8] FROM kept) AS claimed
                              FROM read_parquet('{sample}/earnings.parquet', file_row_number = true)),
                     others AS (SELECT place FROM paid WHERE NOT claimed ORDER BY place
                                LIMIT greatest(0, {options.rows} - (SELECT count(*) FROM paid WHERE claimed)))
                SELECT * EXCLUDE (place, claimed, file_row_number) FROM paid
                WHERE claimed OR place IN (SELECT place FROM others) ORDER BY place
            ) TO '{earnings}' (FORMAT parquet, COMPRESSION zstd)
        """)
        for share in (0, 5, 100):
            db.execute(f"""
                COPY (
                    SELECT * REPLACE (CASE WHEN row_number() OVER (ORDER BY claim_id) % 100 < {share} THEN '1' ELSE hours_per_week END AS hours_per_week)
                    FROM '{sample}/claims.parquet' WHERE claim_id IN (SELECT claim_id FROM kept) ORDER BY claim_id
                ) TO '{room}/claims-{share}.parquet' (FORMAT parquet)
            """)


if __name__ == "__main__":
    preparing = multiprocessing.get_context("spawn").Process(target=prepare)
    preparing.start()
    preparing.join()
    if preparing.exitcode != 0:
        sys.exit("the batch could not be made")
    rows = pyarrow.parquet.read_metadata(earnings).num_rows
    claims = pyarrow.parquet.read_metadata(room / "claims-0.parquet").num_rows
    print(f"{claims:,} claims, {rows:,} earnings rows, {options.threads} threads, {os.cpu_count()} cores")
    print("failing  seconds (each run)             peak MiB  rejected", flush=True)

    for share in (0, 5, 100):
        times, peak, rejected = [], 0, ""
        for run in range(options.runs):
            out = room / f"result-{share}-{run}"
            subprocess.run(["rm", "-rf", out], check=True)
            command = [program, "validate", "--json", "--threads", str(options.threads), "--scheme", sample / "scheme.toml",
                       "--claims", room / f"claims-{share}.parquet", "--earnings", earnings,
                       "--register", sample / "register.parquet", "--extract-to", "2019-03-31", "--out", out]
            begun = time.monotonic()
            process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
            account = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            times.append(time.monotonic() - begun)
            if status != 0:
                sys.exit(f"the run ended with {os.waitstatus_to_exitcode(status)}")
            peak = max(peak, usage.ru_maxrss // 1024)
            rejected = next(line.split(":")[1].strip(" ,") for line in account.splitlines() if '"rejected"' in line)
            subprocess.run(["rm", "-rf", out], check=True)
        print(f"{share:>6}%  {'  '.join(f'{seconds:.1f}' for seconds in times):<28}  {peak:>8,}  {int(rejected):,}", flush=True)
