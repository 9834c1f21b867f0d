"""Makes the batches and extracts that the benchmarks read: synthetic, in time order, people shuffled.

    python benches/inputs.py [--rows 100000000] [--claims 1000 10000 1000000]

`sustain sample` makes 1,970,200 claims with their register, their answer key and 37.6 million payments of people with
numbers that are never issued. Extracts of other sizes come from it:

* a larger one has further people: copies of everyone under other prefixes that are never issued, month by month,
  the rows of each stretch shuffled;
* a smaller one has all payments of the claimed people and those of some of the others, in the same order.

A batch of claims is taken from those that the answer key calls validated and stand alone, picked by a hash of their
number. To make claims fail, every other failing claim states too few hours, and every other one a job that began 150 days
before its pay did.
"""

import argparse
import sqlite3
import subprocess
from pathlib import Path

import duckdb
import numpy
import pyarrow
import pyarrow.compute as compute
import pyarrow.parquet as parquet

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target" / "release" / "sustain"
ROOM = ROOT / "target" / "bench"
SAMPLE = ROOM / "sample"
SHARES = (0, 5, 100)
# Prefixes kept for administration: nobody has a number that begins with one.
PREFIXES = ({"NC": "NC", "PZ": "PZ"}, {"NC": "CR", "PZ": "PY"}, {"NC": "MW", "PZ": "PP"})
GROUP_ROWS = 1 << 20
STRETCH_GROUPS = 8


def database():
    db = duckdb.connect(config={"threads": 2, "temp_directory": str(ROOM / "spill")})
    db.execute("SET enable_progress_bar = false")
    return db


def sample():
    """The batch that everything comes from."""
    if not SAMPLE.exists():
        ROOM.mkdir(parents=True, exist_ok=True)
        subprocess.run([PROGRAM, "-q", "sample", "--claims", "1970200", "--seed", "1", "--out", SAMPLE], check=True)


def claims(count):
    """A batch of so many claims, for each share of failing ones, with the register of their participants."""
    room = ROOM / f"claims-{count}"
    if room.exists():
        return room
    making = room.with_suffix(".making")
    making.mkdir(exist_ok=True)
    db = database()
    db.execute(f"""
        CREATE TABLE picked AS
        SELECT * FROM '{SAMPLE}/claims.parquet'
        WHERE outcome = 'sustained_13_weeks'
          AND claim_id IN (SELECT claim_id FROM read_csv('{SAMPLE}/expected.csv', all_varchar = true)
                           GROUP BY claim_id HAVING count(*) = 1 AND any_value(verdict) = 'validated')
        ORDER BY md5(claim_id) LIMIT {count}
    """)
    for share in SHARES:
        db.execute(f"""
            COPY (
                WITH ranked AS (SELECT *, row_number() OVER (ORDER BY claim_id) AS place FROM picked)
                SELECT * EXCLUDE place REPLACE (
                    CASE WHEN place % 100 < {share} AND place % 2 = 0 THEN '1' ELSE hours_per_week::VARCHAR END AS hours_per_week,
                    CASE WHEN place % 100 < {share} AND place % 2 = 1
                         THEN strftime(job_start_date::DATE - 150, '%Y-%m-%d') ELSE job_start_date::VARCHAR END AS job_start_date)
                FROM ranked ORDER BY claim_id
            ) TO '{making}/claims-{share}.parquet' (FORMAT parquet)
        """)
    db.execute(f"""
        COPY (SELECT * FROM '{SAMPLE}/register.parquet' WHERE participant_id IN (SELECT participant_id FROM picked)
              ORDER BY participant_id) TO '{making}/register.parquet' (FORMAT parquet)
    """)
    making.rename(room)
    return room


def month():
    """A ledger after a first month that left some 100,000 claims open, and a second month's extract of five million rows; with
    them, as one claims file, what the second month decides."""
    room = ROOM / "month"
    if room.exists():
        return room
    making = room.with_suffix(".making")
    making.mkdir(parents=True, exist_ok=True)
    batch, ledger = making / "batch", making / "ledger"
    subprocess.run([PROGRAM, "-q", "sample", "--claims", "120000", "--population", "72000", "--seed", "11", "--out", batch],
                   check=True)
    subprocess.run([PROGRAM, "-q", "ledger", "new", ledger, "--scheme", batch / "scheme.toml"], check=True)
    subprocess.run([PROGRAM, "-q", "month", ledger, "--claims", batch / "claims.parquet",
                    "--register", batch / "register.parquet", "--earnings", batch / "earnings.parquet",
                    "--extract-to", "2018-03-20"], check=True)
    events = sqlite3.connect(f"file:{ledger / 'ledger.sqlite'}?mode=ro", uri=True)
    decided = {claim for claim, in events.execute("SELECT claim_id FROM claim WHERE state IN ('open', 'due')")}
    claims = parquet.read_table(batch / "claims.parquet")
    decided = compute.is_in(claims["claim_id"], value_set=pyarrow.array(sorted(decided)))
    parquet.write_table(claims.filter(decided), making / "decided.parquet")
    making.rename(room)
    return room


def renamed(table, prefixes):
    """The same payments of other people."""
    ninos = table.column("nino").combine_chunks()
    of = compute.utf8_slice_codeunits(ninos, 0, 2)
    rest = compute.utf8_slice_codeunits(ninos, 2)
    for known, other in prefixes.items():
        of = compute.if_else(compute.equal(of, known), other, of)
    return table.set_column(0, table.schema.field("nino"), compute.binary_join_element_wise(of, rest, ""))


def large(rows):
    """An extract of more rows than the sample has."""
    path = ROOM / f"earnings-{rows}.parquet"
    if path.exists():
        return path
    base = parquet.ParquetFile(SAMPLE / "earnings.parquet")
    making, written, read = path.with_suffix(".making"), 0, 0
    shuffle = numpy.random.default_rng(1)
    with parquet.ParquetWriter(making, base.schema_arrow, compression="zstd") as writer:
        for first in range(0, base.num_row_groups, STRETCH_GROUPS):
            groups = list(range(first, min(first + STRETCH_GROUPS, base.num_row_groups)))
            stretch = base.read_row_groups(groups)
            read += stretch.num_rows
            copies = pyarrow.concat_tables(renamed(stretch, prefixes) for prefixes in PREFIXES).combine_chunks()
            # Everyone claimed for stands in the first copy; of the last as many are kept as make the rows asked for.
            due = rows * read // base.metadata.num_rows - written
            writer.write_table(copies.take(shuffle.permutation(due)))
            written += due
    making.rename(path)
    return path


def small(rows, source, batch):
    """An extract of fewer rows, with every payment of a batch's people, written as the large one is."""
    path = ROOM / f"earnings-{rows}-{batch.name}.parquet"
    if path.exists():
        return path
    db = database()
    db.execute(f"CREATE TABLE sought AS SELECT DISTINCT upper(replace(nino, ' ', ''))[:8] AS stem FROM '{batch}/claims-0.parquet'")
    total, claimed = db.execute(f"""
        SELECT count(*), count(*) FILTER (nino[:8] IN (SELECT stem FROM sought)) FROM '{source}'
    """).fetchone()
    per_million = 1_000_000 * (rows - claimed) // (total - claimed)
    making = path.with_suffix(".making")
    fewer = db.execute(f"""
        SELECT * FROM '{source}' WHERE nino[:8] IN (SELECT stem FROM sought) OR hash(nino[:8]) % 1000000 < {per_million}
    """).to_arrow_reader(GROUP_ROWS)
    schema = parquet.read_schema(source)
    with parquet.ParquetWriter(making, schema, compression="zstd") as writer:
        for batch in fewer:
            writer.write_table(pyarrow.Table.from_batches([batch]).cast(schema), row_group_size=GROUP_ROWS)
    making.rename(path)
    return path


def store(source):
    """The same extract as a prepared store."""
    path = source.with_suffix(".store")
    if not path.exists():
        subprocess.run([PROGRAM, "-q", "prepare", "--earnings", source, "--out", path], check=True)
    return path


def as_csv(source):
    """The same extract as CSV."""
    path = source.with_suffix(".csv")
    if not path.exists():
        making = path.with_suffix(".making")
        database().execute(f"COPY (SELECT * FROM '{source}') TO '{making}' (FORMAT csv, HEADER)")
        making.rename(path)
    return path


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=100_000_000)
    options.add_argument("--claims", type=int, nargs="+", default=[1_000, 10_000, 1_000_000])
    options = options.parse_args()
    sample()
    batches = {count: claims(count) for count in options.claims}
    extract = large(options.rows)
    small(options.rows // 10, extract, batches[10_000])
    as_csv(small(options.rows // 5, extract, batches[10_000]))


if __name__ == "__main__":
    main()
