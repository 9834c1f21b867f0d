"""Reads a finished run with DuckDB and PyArrow, as an analyst would, and compares what they read with its account."""

import csv
import json
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

run = Path(sys.argv[1])
account = json.loads((run / "run.json").read_text())
rows = {output["name"]: output["rows"] for output in account["outputs"]}
verdicts = ["validated", "rejected", "queried"]
personal = {"nino", "surname", "forename", "date_of_birth"}

# PyArrow: types, counts, metadata, and no statistics of personal columns.
for name, expected in rows.items():
    if name.startswith("verdicts."):
        continue
    if not name.endswith(".parquet"):
        assert expected == 1 and (run / name).stat().st_size > 0, name
        continue
    file = pq.ParquetFile(run / name)
    assert file.metadata.num_rows == expected, name
    of_run = ["sustain_run", "sustain_scheme", "sustain_cut_off"]
    assert file.schema_arrow.names[-3:] == of_run, name
    for row in file.read(of_run).group_by(of_run).aggregate([]).to_pylist():
        assert row["sustain_run"] == account["fingerprint"][:12] and row["sustain_scheme"] == account["scheme"]["id"], name
        assert str(row["sustain_cut_off"]) == account["cut_off"]["date"], name
    metadata = file.metadata.metadata
    assert metadata[b"sustain.scheme"].decode() == account["scheme"]["id"], name
    assert metadata[b"sustain.scheme_hash"].decode() == account["scheme"]["hash"], name
    for group in range(file.metadata.num_row_groups):
        for index in range(file.metadata.num_columns):
            column = file.metadata.row_group(group).column(index)
            if column.path_in_schema in personal:
                assert column.statistics is None or not column.statistics.has_min_max, column.path_in_schema
schemas = {name: pq.read_schema(run / f"{name}.parquet") for name in verdicts}
assert schemas["validated"].equals(schemas["rejected"]) and schemas["validated"].equals(schemas["queried"])
schema = schemas["validated"]
assert schema.field("achieved_on").type == pa.date32()
assert schema.field("amount_claimed").type == pa.decimal128(14, 2)
assert pa.types.is_list(schema.field("reasons").type)

# DuckDB: the three files as one table, every claim once, reasons unnested.
db = duckdb.connect()
db.execute(f"CREATE VIEW claims AS SELECT * FROM read_parquet({[str(run / f'{name}.parquet') for name in verdicts]})")
db.execute(f"CREATE VIEW findings AS SELECT * FROM '{run / 'findings.parquet'}'")
counted = dict(db.execute("SELECT verdict, count(*) FROM claims GROUP BY verdict").fetchall())
assert counted == {name: account["claims"][name] for name in verdicts}, counted
total, distinct = db.execute("SELECT count(*), count(DISTINCT claim_row) FROM claims").fetchone()
assert total == distinct == account["claims"]["read"]
unnested = db.execute("SELECT reason.code, count(*) FROM (SELECT unnest(reasons) AS reason FROM claims) GROUP BY 1").fetchall()
by_rule = {rule["code"]: rule["failed"] for rule in account["rules"] if rule["failed"]}
assert dict(unnested) == by_rule
assert dict(db.execute("SELECT code, count(*) FROM findings GROUP BY 1").fetchall()) == by_rule
# Every rule has one answer for every claim: it fails, passes, or does not apply.
answers = db.execute("""
    SELECT count(*), min(len(reasons) + len(passed) + len(not_applicable)), max(len(reasons) + len(passed) + len(not_applicable))
    FROM claims WHERE len(list_distinct(list_concat(list_transform(reasons, lambda one: one.code), passed,
                                                    list_transform(not_applicable, lambda one: one.code))))
                      = len(reasons) + len(passed) + len(not_applicable)""").fetchone()
assert answers == (total, len(account["rules"]), len(account["rules"])), answers
late = db.execute("SELECT count(*) FROM claims WHERE verdict = 'validated' AND achieved_on IS NULL").fetchone()[0]
assert late == 0, "a validated claim without the day it was achieved"
used = db.execute(
    f"SELECT count(*) FROM '{run / 'evidence.parquet'}' WHERE used AND taxable_pay > 0 AND cover_from > cover_to"
).fetchone()[0]
assert used == 0
# The flat table: a row for each claim and reason, and the same run put under itself, as months are.
with open(run / "verdicts.csv", newline="", encoding="utf-8") as file:
    flat = list(csv.DictReader(file))
without = db.execute("SELECT count(*) FROM claims WHERE len(reasons) = 0").fetchone()[0]
assert len(flat) == rows["verdicts.csv"] == sum(by_rule.values()) + without, len(flat)
assert {row["claim_row"] for row in flat} == {str(number) for (number,) in db.execute("SELECT claim_row FROM claims").fetchall()}
months = [str(run / "verdicts.csv")] * 2
assert db.execute(f"SELECT count(*) FROM read_csv({months}, all_varchar = true)").fetchone()[0] == 2 * len(flat)
stacked = [str(run / "rejected.parquet"), str(run / "queried.parquet")]
db.execute(f"SELECT sustain_cut_off, verdict, sum(payable) FROM read_parquet({stacked}, union_by_name = true) GROUP BY ALL")
print(f"{total} claims, {sum(by_rule.values())} findings and {rows['evidence.parquet']} evidence rows read by both")
