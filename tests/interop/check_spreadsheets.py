"""Opens the spreadsheets of a set of rates in LibreOffice: both must open whole, show the same, and show what rates.csv says.
Printed, each sheet must be as wide as a page of A4 across.

    python check_spreadsheets.py RATES FOLDER
"""

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

rates, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
office = shutil.which("soffice") or shutil.which("libreoffice")
assert office, "LibreOffice is not installed"

# Every sheet as its own file, cells as they are shown.
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
# A sheet that is wider than its page takes at least twice as many.
FEWEST_ROWS_OF_A_PAGE = 40
MARKS = {"[c]", "[x]", "[z]"}


def converted(name, to, out):
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    subprocess.run([office, f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", to,
                    "--outdir", out, rates / name], check=True, capture_output=True, timeout=300)
    return out


def pages(name, sheets):
    """How many pages the book has on paper: each across, and of each sheet no more than its rows need."""
    printed = next(converted(name, "pdf", folder / f"{name}-printed").glob("*.pdf")).read_bytes()
    sizes = {tuple(round(float(side)) for side in size.split()[2:]) for size in re.findall(rb"/MediaBox *\[([^\]]*)\]", printed)}
    assert sizes == {(842, 595)}, (name, sizes)
    count = len(re.findall(rb"/Type */Page\b", printed))
    most = sum(1 + len(rows) // FEWEST_ROWS_OF_A_PAGE for rows in sheets.values())
    assert len(sheets) <= count <= most, (name, count, most)
    return count


def sheets(name):
    out = converted(name, EVERY_SHEET, folder / name)
    found = {}
    for file in sorted(out.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            found[file.stem.split("-", 1)[1]] = list(csv.reader(text))
    return found


def cells(row):
    """A row without the empty cells a format pads it with."""
    while row and not row[-1]:
        row = row[:-1]
    return row


ods, xlsx = sheets("rates.ods"), sheets("rates.xlsx")
assert list(ods) and set(ods) == set(xlsx), (set(ods), set(xlsx))
for tab in ods:
    one, other = ([cells(row) for row in book[tab]] for book in (ods, xlsx))
    assert one == other, (tab, [pair for pair in zip(one, other) if pair[0] != pair[1]][:2])

with (rates / "rates.csv").open(encoding="utf-8", newline="") as text:
    published = list(csv.DictReader(text))
checked = 0
for tab, rows in ods.items():
    assert rows[0][0], f"{tab} has no title in A1"
    if tab in ("cover", "contents", "notes", "every_row"):
        continue
    head = next(index for index, row in enumerate(rows) if row[0] == "Period")
    own = [row for row in published if row["measure"] == tab]
    shown = rows[head + 1:]
    assert len(own) == len(shown), (tab, len(own), len(shown))
    for row, (period, group, level, counted, of, *_) in zip(own, shown):
        assert (row["period"], row["group"], row["level"].removeprefix("'")) == (period, group, level.removeprefix("'")), (row, period)
        if row["suppressed"]:
            assert counted in MARKS or row["numerator"], (tab, period, counted)
        if row["denominator"]:
            assert of.replace(",", "") == row["denominator"], (tab, period, of, row["denominator"])
        checked += 1
assert checked == len(published), (checked, len(published))

wide = ods["every_row"]
head = next(index for index, row in enumerate(wide) if row[0] == "Measure")
name = lambda row: (row["measure"], row["period"], row["group"], row["level"].removeprefix("'"))
assert [(*row[:3], row[3].removeprefix("'")) for row in wide[head + 1:]] == [name(row) for row in published]

printed = [pages("rates.ods", ods), pages("rates.xlsx", xlsx)]
print(f"{len(ods)} sheets of rates.ods and rates.xlsx open, show the same, and the {checked} rows of rates.csv; they print on "
      f"{printed[0]} and {printed[1]} pages")
