"""Times whole runs and their peak memory: many claims against their payments, with 0%, 5% and 100% of claims failing.

    python3 -m venv target/tools/python && target/tools/python/bin/pip install -r tests/interop/requirements.txt
    target/tools/python/bin/python benches/million.py --claims 1000000

The batch is made by `sustain sample` (Parquet). Claims that the answer key calls validated are kept, as many as asked
for; to make some fail, the hours they claim are set under the outcome's, so that each still has all its evidence
weighed and one finding more to write. Payments of the claims left out stay in the extract, as other people's do.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb

options = argparse.ArgumentParser()
options.add_argument("--claims", type=int, default=1_000_000)
options.add_argument("--runs", type=int, default=3)
options.add_argument("--threads", type=int, default=2)
options = options.parse_args()

root = Path(__file__).resolve().parent.parent
room = root / "target" / "bench" / str(options.claims)
program = root / "target" / "release" / "sustain"
subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=root, check=True)

if not (room / "sample").exists():
    room.mkdir(parents=True, exist_ok=True)
    # About 58 in 100 claims of a sample are validated.
    asked = options.claims * 100 // 55 + 200
    subprocess.run([program, "-q", "sample", "--claims", str(asked), "--seed", "1", "--out", room / "sample"], check=True)

db = duckdb.connect()
sample = room / "sample"
for share in (0, 5, 100):
    claims = room / f"claims-{share}.parquet"
    if not claims.exists():
        db.execute(f"""
            COPY (
                SELECT * REPLACE (CASE WHEN row_number() OVER (ORDER BY claim_id) % 100 < {share} THEN '1' ELSE hours_per_week END AS hours_per_week)
                FROM '{sample}/claims.parquet'
                WHERE claim_id IN (SELECT claim_id FROM read_csv('{sample}/expected.csv', all_varchar = true)
                                   GROUP BY claim_id HAVING count(*) = 1 AND any_value(verdict) = 'validated' AND any_value(codes) IS NULL)
                ORDER BY claim_id LIMIT {options.claims}
            ) TO '{claims}' (FORMAT parquet)
        """)
rows = db.execute(f"SELECT count(*) FROM '{sample}/earnings.parquet'").fetchone()[0]
print(f"{options.claims:,} claims, {rows:,} earnings rows, {options.threads} threads, {os.cpu_count()} cores")
print("failing  seconds (each run)             peak MiB  rejected")

for share in (0, 5, 100):
    times, peak, rejected = [], 0, ""
    for run in range(options.runs):
        out = room / f"result-{share}-{run}"
        subprocess.run(["rm", "-rf", out], check=True)
        command = [program, "validate", "--json", "--threads", str(options.threads), "--scheme", sample / "scheme.toml",
                   "--claims", room / f"claims-{share}.parquet", "--earnings", sample / "earnings.parquet",
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
