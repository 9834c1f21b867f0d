"""Gives the program inputs that are made to exhaust it, and holds it to memory and time.

    python tests/loads/loads.py PROGRAM [--long] [--only NAME]

Each load is an input of one kind of excess: a file that unpacks to a thousand times its size, a million damaged rows, one
person with millions of payments. The program must refuse it with a message or decide it, within the memory and the time
that stand beside the load. `--long` makes the loads as large as people's worst files; without it they are smaller, and the
bounds with them. The loads that need a Parquet writer use PyArrow.
"""

import argparse
import gzip
import os
import resource
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

MIB = 1 << 20

CLAIM_COLUMNS = ("claim_id,provider_id,contract_id,participant_id,nino,surname,forename,date_of_birth,outcome,"
                 "employment_type,job_start_date,claim_date")
EARNING_COLUMNS = ("nino,surname,forename,date_of_birth,office_number,paye_ref,employer_name,payroll_id,"
                   "employment_start_date,payment_date,pay_frequency,earnings_periods,taxable_pay,hours_band,payment_id")
PAYDAYS = ["2018-05-31", "2018-06-30", "2018-07-31"]


def nino(person: int) -> str:
    """The number of a made-up person: three letters so that ten million people differ."""
    prefixes = ["NC", "NE", "NH", "NJ", "NL", "NM", "NR", "NS", "NX", "NY"]
    return f"{prefixes[person // 1_000_000 % 10]}{person % 1_000_000:06}A"


def claim(number: int, person: int | None = None) -> str:
    person = number if person is None else person
    return (f"C{number},PR1,CT1,P{person},{nino(person)},Bramblewick,Zoe,1990-01-15,sustained_13_weeks,employed,"
            f"2018-05-01,2018-12-01")


def payment(person: int, payday: str, identifier: int) -> str:
    return (f"{nino(person)},Bramblewick,Zoe,1990-01-15,123,A246,Quarry Mills,7,2018-05-01,{payday},M1,1,1200.00,D,"
            f"{identifier}")


def write(path: Path, header: str, rows, end: str = "\n") -> None:
    with open(path, "w", buffering=MIB, encoding="ascii") as file:
        file.write(header + "\n")
        for row in rows:
            file.write(row + end)


def write_claims(folder: Path, people: int = 3) -> None:
    write(folder / "claims.csv", CLAIM_COLUMNS, (claim(person) for person in range(people)))


def write_earnings(folder: Path, people: int = 3, name: str = "earnings.csv") -> None:
    rows = (payment(person, payday, 3 * person + month) for person in range(people) for month, payday in enumerate(PAYDAYS))
    write(folder / name, EARNING_COLUMNS, rows)


def write_payments_of_one(folder: Path, person: int, payments: int) -> None:
    write(folder / "earnings.csv", EARNING_COLUMNS, (payment(person, PAYDAYS[row % 3], row) for row in range(payments)))


VALIDATE = "validate --scheme lse-poc-2017 --claims claims.csv --earnings {} --out out -q"


@dataclass
class Load:
    """An input of one kind of excess; `make` writes it into a folder, of a size, and answers the arguments."""

    name: str
    make: Callable[[Path, int], str]
    quick: int
    long: int
    codes: tuple[int, ...]
    quick_mib: int
    long_mib: int
    seconds: int


LOADS: list[Load] = []


def load(quick: int, long: int, codes: tuple[int, ...], quick_mib: int, long_mib: int, seconds: int):
    def add(make):
        LOADS.append(Load(make.__name__, make, quick, long, codes, quick_mib, long_mib, seconds))
        return make

    return add


def packed_json(folder: Path, mib: int, opening: bytes, one: bytes, closing: bytes) -> None:
    write_claims(folder)
    with gzip.open(folder / "earnings.json.gz", "wb", compresslevel=9) as file:
        file.write(opening)
        for _ in range(mib):
            file.write(one * (MIB // len(one)))
        file.write(closing)


@load(quick=5, long=60, codes=(2,), quick_mib=200, long_mib=700, seconds=120)
def json_of_empty_payments(folder: Path, mib: int) -> str:
    """One response of millions of payments with nothing in them."""
    packed_json(folder, mib, b'{"matchPattern": 63, "taxYears": [', b"{},", b"{}]}")
    return VALIDATE.format("earnings.json.gz")


@load(quick=3, long=60, codes=(2, 3), quick_mib=200, long_mib=700, seconds=120)
def json_of_numbers(folder: Path, mib: int) -> str:
    """One response in which millions of numbers stand for payments."""
    packed_json(folder, mib, b'{"matchPattern": 63, "taxYears": [', b"1,", b"1]}")
    return VALIDATE.format("earnings.json.gz")


@load(quick=2, long=60, codes=(0,), quick_mib=220, long_mib=1200, seconds=300)
def json_lines_of_numbers(folder: Path, mib: int) -> str:
    """Lines that are numbers and no payments, after one that is."""
    packed_json(folder, mib, b'{"nino": "NC000000A", "office_number": "123", "paye_ref": "A1", "payment_date": "2018-05-01", '
                b'"pay_frequency": "M1", "taxable_pay": "1"}\n', b"1\n", b"1\n")
    return VALIDATE.format("earnings.json.gz")


@load(quick=300_000, long=12_000_000, codes=(0,), quick_mib=260, long_mib=700, seconds=300)
def rows_with_a_comma_too_many(folder: Path, rows: int) -> str:
    """Every row of an extract but the last ends in a comma, and so has a cell more than the header."""
    write_claims(folder)
    write(folder / "earnings.csv", EARNING_COLUMNS,
          (payment(person + 10, PAYDAYS[person % 3], person) + "," * (person < rows - 1) for person in range(rows)))
    return VALIDATE.format("earnings.csv")


@load(quick=30, long=1_000, codes=(2,), quick_mib=400, long_mib=1000, seconds=120)
def claims_of_damaged_rows(folder: Path, mib: int) -> str:
    """A packed claims file of which every row has a cell too many."""
    write_earnings(folder)
    row = (claim(1) + ",\n").encode()
    with gzip.open(folder / "claims.csv.gz", "wb", compresslevel=9) as file:
        file.write((CLAIM_COLUMNS + "\n").encode())
        for _ in range(mib):
            file.write(row * (MIB // len(row)))
    return VALIDATE.format("earnings.csv").replace("claims.csv", "claims.csv.gz")


@load(quick=100_000, long=1_000_000, codes=(1,), quick_mib=330, long_mib=1000, seconds=300)
def check_of_claims_that_fail(folder: Path, claims: int) -> str:
    """A million claims of which each fails a rule."""
    rows = (claim(number).replace("2018-12-01", "2018-05-02") for number in range(claims))
    write(folder / "claims.csv", CLAIM_COLUMNS, rows)
    return "check --scheme lse-poc-2017 --claims claims.csv -q"


@load(quick=100_000, long=1_000_000, codes=(1,), quick_mib=330, long_mib=1000, seconds=300)
def check_of_claims_in_json(folder: Path, claims: int) -> str:
    """The same, answered as JSON."""
    return check_of_claims_that_fail(folder, claims) + " --json"


@load(quick=100_000, long=100_000, codes=(2,), quick_mib=300, long_mib=300, seconds=20)
def a_header_of_columns(folder: Path, columns: int) -> str:
    """A header of a hundred thousand columns."""
    write_claims(folder)
    names = ",".join(f"c{column}" for column in range(columns))
    write(folder / "earnings.csv", f"{EARNING_COLUMNS},{names}", [])
    return VALIDATE.format("earnings.csv")


@load(quick=100_000, long=100_000, codes=(2,), quick_mib=300, long_mib=300, seconds=20)
def a_header_of_columns_in_claims(folder: Path, columns: int) -> str:
    """Claims with a hundred thousand columns."""
    write_earnings(folder)
    names = ",".join(f"c{column}" for column in range(columns))
    write(folder / "claims.csv", f"{CLAIM_COLUMNS},{names}", (claim(n) + "," * columns for n in range(50)))
    return VALIDATE.format("earnings.csv")


@load(quick=60, long=200, codes=(0,), quick_mib=700, long_mib=1500, seconds=900)
def claims_for_one_person_with_many_payments(folder: Path, claims: int) -> str:
    """Some claims are for one person who has ten thousand payments: each has them all for evidence."""
    write(folder / "claims.csv", CLAIM_COLUMNS, (claim(number, 1) for number in range(claims)))
    write_payments_of_one(folder, 1, 10_000)
    return VALIDATE.format("earnings.csv")


@load(quick=520_000, long=40_000_000, codes=(2,), quick_mib=500, long_mib=700, seconds=300)
def one_person_with_all_payments(folder: Path, payments: int) -> str:
    """One claimed person has every payment of an extract."""
    write_claims(folder, 1)
    write_payments_of_one(folder, 0, payments)
    return VALIDATE.format("earnings.csv") + " --memory 512MiB"


@load(quick=600_000, long=40_000_000, codes=(2,), quick_mib=500, long_mib=700, seconds=300)
def one_person_prepared(folder: Path, payments: int) -> str:
    """The same extract is prepared."""
    one_person_with_all_payments(folder, payments)
    return "prepare --earnings earnings.csv --out store -q"


@load(quick=20_000, long=200_000, codes=(0, 2, 3), quick_mib=400, long_mib=2000, seconds=30)
def one_person_explained(folder: Path, payments: int) -> str:
    """One claim rests on two hundred thousand payments, and is explained."""
    write_claims(folder, 1)
    write_payments_of_one(folder, 0, payments)
    return VALIDATE.format("earnings.csv") + " && explain out C0 -q"


@load(quick=20_000, long=500_000, codes=(0,), quick_mib=400, long_mib=4000, seconds=60)
def claims_of_one_number(folder: Path, claims: int) -> str:
    """Half a million rows have one claim number."""
    write_earnings(folder)
    rows = (claim(number).replace(f"C{number},", "C1,", 1) for number in range(claims))
    write(folder / "claims.csv", CLAIM_COLUMNS, rows)
    return VALIDATE.format("earnings.csv")


@load(quick=20_000, long=500_000, codes=(0,), quick_mib=400, long_mib=4000, seconds=60)
def claims_of_one_person(folder: Path, claims: int) -> str:
    """Half a million claims are for one person."""
    write_earnings(folder)
    write(folder / "claims.csv", CLAIM_COLUMNS, (claim(number, 1) for number in range(claims)))
    return VALIDATE.format("earnings.csv")


@load(quick=20_000, long=500_000, codes=(0,), quick_mib=400, long_mib=4000, seconds=60)
def claims_that_are_copies(folder: Path, claims: int) -> str:
    """Half a million rows are one claim."""
    write_earnings(folder)
    write(folder / "claims.csv", CLAIM_COLUMNS, (claim(1) for _ in range(claims)))
    return VALIDATE.format("earnings.csv")


@load(quick=100_000, long=1_000_000, codes=(0, 2), quick_mib=400, long_mib=2500, seconds=60)
def a_register_of_one_participant(folder: Path, rows: int) -> str:
    """A register has one participant in every row."""
    write_claims(folder)
    write_earnings(folder)
    header = "participant_id,nino,surname,forename,date_of_birth,provider_id,contract_id,cohort,referral_date,start_date"
    row = f"P1,{nino(1)},Bramblewick,Zoe,1990-01-15,PR1,CT1,1,2018-01-01,2018-01-0"
    write(folder / "register.csv", header, (row + str(1 + number % 9) for number in range(rows)))
    return VALIDATE.format("earnings.csv") + " --register register.csv"


@load(quick=60, long=10_000, codes=(0,), quick_mib=300, long_mib=300, seconds=600)
def blank_lines(folder: Path, mib: int) -> str:
    """An extract of ten gigabytes is blank lines, but for its first rows."""
    write_claims(folder)
    write_earnings(folder)
    with open(folder / "earnings.csv", "ab") as file:
        for _ in range(mib):
            file.write(b"\n" * MIB)
    return VALIDATE.format("earnings.csv")


@load(quick=40, long=2_000, codes=(0, 2), quick_mib=300, long_mib=300, seconds=600)
def blank_lines_in_front(folder: Path, mib: int) -> str:
    """Blank lines stand in front of the header."""
    write_claims(folder)
    with open(folder / "earnings.csv", "wb") as file:
        for _ in range(mib):
            file.write(b"\n" * MIB)
        file.write((EARNING_COLUMNS + "\n" + payment(1, PAYDAYS[0], 1) + "\n").encode())
    return VALIDATE.format("earnings.csv")


@load(quick=40, long=1_000, codes=(2,), quick_mib=300, long_mib=300, seconds=60)
def one_line_without_end(folder: Path, mib: int) -> str:
    """A cell never ends."""
    write_claims(folder)
    write_earnings(folder)
    with open(folder / "earnings.csv", "ab") as file:
        for _ in range(mib):
            file.write(b"x" * MIB)
    return VALIDATE.format("earnings.csv")


@load(quick=5, long=50, codes=(2,), quick_mib=300, long_mib=4000, seconds=120)
def a_scheme_of_many_lines(folder: Path, mib: int) -> str:
    """Fifty megabytes of scheme."""
    write_claims(folder)
    write_earnings(folder)
    with open(folder / "scheme.toml", "w", encoding="ascii") as file:
        file.write('id = "mine"\n')
        for number in range(mib * MIB // 32):
            file.write(f"[[outcome]]\nid = \"o{number:012}\"\n")
    return VALIDATE.format("earnings.csv").replace("lse-poc-2017", "scheme.toml")


@load(quick=100, long=100, codes=(2,), quick_mib=400, long_mib=400, seconds=60)
def a_gzip_of_nothing_but_noughts(folder: Path, mib: int) -> str:
    """A packed extract that unpacks to noughts."""
    write_claims(folder)
    with gzip.open(folder / "earnings.csv.gz", "wb", compresslevel=9) as file:
        for _ in range(mib):
            file.write(b"\0" * MIB)
    return VALIDATE.format("earnings.csv.gz")


def parquet_of_long_names(folder: Path, rows: int, kib: int, people: int, row_group: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def column(cells):
        return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([cells]))

    of_person = {"surname": "x" * (kib << 10), "forename": "Zoe", "date_of_birth": "1990-01-15", "office_number": "123",
                 "paye_ref": "A246", "employer_name": "Quarry Mills", "payroll_id": "7",
                 "employment_start_date": "2018-05-01", "payment_date": "2018-05-31", "pay_frequency": "M1",
                 "taxable_pay": "1200.00", "hours_band": "D"}
    columns = {"nino": pa.array([nino(row % people) for row in range(rows)])}
    columns |= {name: column(text) for name, text in of_person.items()}
    columns["payment_id"] = pa.array([str(row) for row in range(rows)])
    table = pa.table(columns)
    pq.write_table(table.cast(pa.schema([(name, pa.string()) for name in columns])) if kib < 8 else table,
                   folder / "earnings.parquet", compression="zstd", row_group_size=row_group)


@load(quick=8_000, long=65_536, codes=(0, 2, 3), quick_mib=500, long_mib=1500, seconds=120)
def parquet_of_long_texts(folder: Path, rows: int) -> str:
    """A small Parquet file in which every row has the same long name."""
    write_claims(folder)
    parquet_of_long_names(folder, rows, 64, 3, rows)
    return VALIDATE.format("earnings.parquet")


@load(quick=8_000, long=65_536, codes=(0, 2, 3), quick_mib=500, long_mib=1500, seconds=120)
def parquet_claims_of_long_texts(folder: Path, rows: int) -> str:
    """A small Parquet file of claims in which every row has the same long name."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    write_earnings(folder)
    first = claim(1).split(",")
    columns = {name: pa.array([text] * rows) for name, text in zip(CLAIM_COLUMNS.split(","), first, strict=True)}
    columns["claim_id"] = pa.array([f"C{row}" for row in range(rows)])
    columns["surname"] = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * (64 << 10)]))
    pq.write_table(pa.table(columns), folder / "claims.parquet", compression="zstd", row_group_size=rows)
    return VALIDATE.format("earnings.csv").replace("claims.csv", "claims.parquet")


@load(quick=100_000, long=5_000_000, codes=(0,), quick_mib=310, long_mib=1230, seconds=900)
def a_budget_of_memory(folder: Path, payments: int) -> str:
    """A batch whose payments exceed the budget of memory, which is honoured within a fifth."""
    people = payments // 30
    write(folder / "claims.csv", CLAIM_COLUMNS, (claim(person) for person in range(people)))
    rows = (payment(number % people, PAYDAYS[number % 3], number) for number in range(payments))
    write(folder / "earnings.csv", EARNING_COLUMNS, rows)
    return VALIDATE.format("earnings.csv") + f" --memory {256 if payments < 1_000_000 else 1024}MiB"


def run(program: Path, folder: Path, line: str) -> tuple[int, int, float, str]:
    """Runs the program in a folder: its exit code, its greatest memory in MiB, its seconds and the last line it said."""
    most, begun = 0, time.monotonic()
    code = 0
    with open(folder / "said", "wb") as said:
        for arguments in line.split(" && "):
            pid = os.posix_spawn(
                program, [str(program), *arguments.split()], os.environ,
                file_actions=[(os.POSIX_SPAWN_DUP2, said.fileno(), 1), (os.POSIX_SPAWN_DUP2, said.fileno(), 2)],
            )
            _, status, used = os.wait4(pid, 0)
            most = max(most, used.ru_maxrss // 1024)
            code = os.waitstatus_to_exitcode(status)
            if code != 0:
                break
    with open(folder / "said", "rb") as said:
        lines = said.read(4096).decode(errors="replace").splitlines()
    return code, most, time.monotonic() - begun, next((line for line in lines if line.startswith("error")), "")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("program", type=Path)
    arguments.add_argument("--long", action="store_true")
    arguments.add_argument("--only", default="")
    arguments = arguments.parse_args()
    program = arguments.program.resolve()
    failed = 0
    # A run that would take the machine's memory fails on its own.
    resource.setrlimit(resource.RLIMIT_AS, (14 << 30, 14 << 30))
    loads = [load for load in LOADS if arguments.only in load.name]
    for load in loads:
        folder = Path(tempfile.mkdtemp(prefix="load-"))
        try:
            os.chdir(folder)
            line = load.make(folder, load.long if arguments.long else load.quick)
            most_mib = load.long_mib if arguments.long else load.quick_mib
            code, mib, seconds, said = run(program, folder, line)
            faults = []
            if code not in load.codes:
                faults.append(f"exit code {code}, expected {' or '.join(map(str, load.codes))}")
            if most_mib < mib:
                faults.append(f"more than {most_mib} MiB")
            if load.seconds < seconds:
                faults.append(f"more than {load.seconds} seconds")
            failed += bool(faults)
            verdict = "FAILED: " + ", ".join(faults) if faults else "stands"
            print(f"{load.name:34} {code:4} {mib:6} MiB {seconds:7.1f} s  {verdict}  {said[:150]}", flush=True)
        finally:
            os.chdir("/")
            shutil.rmtree(folder)
    print(f"{len(loads)} loads, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
