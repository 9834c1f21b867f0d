"""Decides claims of 13 sustained weeks with Polars: what an analyst who knows it would write in the program's place.

    python peer_polars.py --claims claims.parquet --earnings extract.parquet --register register.parquet \
        --cut-off 2019-03-31 --threads 2 --out verdicts.parquet

It follows the rulebook from the rows that count (section 3) through spells, cover and bridges (4), the status of days
(5), the table of results, the best employer and the union of employers (6), identity (8), the rules (9) and the verdict
(10), and writes one row for each claim: verdict, main reason, yes days and the day of achievement.

Days are numbers counted from 1 January 1970. A claim's days are the bits of one 128-bit number, day J being bit 0:
covers become bits without ever being laid out as rows of days, a union is a bitwise or, and a window sustains when its
bits are all there. So N must equal W, and W plus the tolerance must stay under 127 days.

It leaves out: other outcomes than the one below (CLM01), rows that cannot be read and repeated claims (ROW01, ROW04),
earlier runs (CLM05), near misses (IDN07), the notes (IDN06, IDN08, IDN09), all evidence and messages. Rows without a
payment ID that differ in nothing but the employer's name count once; payment IDs have at most 18 digits. Where two
spells of an employer reach equally far, the later leaving date decides whether the gap after them may be bridged.
Rows alike in receipt, pay and hours band are put in order by fewer of the remaining columns than the rulebook names.
"""

import argparse
import os
from datetime import date
from functools import reduce
from pathlib import Path

# The scheme.
OUTCOME = "sustained_13_weeks"
HOURS = 16
WINDOW_DAYS = 91
TOLERANCE_DAYS = 14
GAP_QUERY_DAYS = 31
CLAIM_WITHIN_DAYS = 182
PRICE_PENCE = 250_000
STARTS = (date(2017, 11, 1), date(2019, 5, 31))
COHORTS = ("learning_disability", "autism", "mental_health")
BENEFITS = ("esa", "uc")
CONTRACTS = ("CT-BRIGHTON", "CT-CHESHIRE", "CT-YORK", "CT-CROYDON", "CT-HERTS", "CT-KENT", "CT-SHROPSHIRE",
             "CT-STOCKPORT", "CT-TELFORD")

# The rulebook.
HORIZON_DAYS = WINDOW_DAYS + TOLERANCE_DAYS
ARREARS_DAYS = 14
FIRST_PAY_DAYS = 69
OVERDUE_DAYS = 7
QUIET_DAYS = 92
FREQUENCIES = {"W1": (7, 0), "W2": (14, 0), "W4": (28, 0), "M1": (0, 1), "M3": (0, 3), "M6": (0, 6), "MA": (0, 12)}
IRREGULAR_DAYS = 31
FREQUENCY_CODES = sorted([*FREQUENCIES, "IO", "IR"])
BRIDGE_DAYS = {"W1": 3, "W2": 4, "W4": 7, "M1": 14}
BANDS_CHANGED = date(2014, 4, 6)
# A band's lower and upper bound in hours, by letter; None is no bound. A band that is missing here says nothing.
BANDS_BEFORE = {"A": (0, 16), "B": (16, 30), "C": (30, None)}
BANDS_SINCE = {"A": (0, 16), "B": (16, 24), "C": (24, 30), "D": (30, None)}
DUMMIES = ("AA111111", "AA123456", "AB123456", "QQ123456")
NINO_PATTERN = "^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]?$"
UNUSED_PREFIXES = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
# Pence an hour from a day on: from 25, 23, 21 and 18 years of age, and below.
WAGES = (
    (date(2016, 4, 1), 720, 670, 670, 530, 387), (date(2016, 10, 1), 720, 695, 695, 555, 400),
    (date(2017, 4, 1), 750, 705, 705, 560, 405), (date(2018, 4, 1), 783, 738, 738, 590, 420),
    (date(2019, 4, 1), 821, 770, 770, 615, 435), (date(2020, 4, 1), 872, 820, 820, 645, 455),
    (date(2021, 4, 1), 891, 891, 836, 656, 462), (date(2022, 4, 1), 950, 950, 918, 683, 481),
    (date(2023, 4, 1), 1042, 1042, 1018, 749, 528), (date(2024, 4, 1), 1144, 1144, 1144, 860, 640),
    (date(2025, 4, 1), 1221, 1221, 1221, 1000, 755), (date(2026, 4, 1), 1271, 1271, 1271, 1085, 800),
)
AGES = ("age_25", "age_23", "age_21", "age_18", "under_18")
WAGES_END = date(2027, 4, 1)
# Spread pay is summed in parts of a penny; a sum this near to the threshold can only be equal to it.
PARTS = 10**12
NEARLY = 10**3

# What a day can be under one employer.
YES, WEAK, UNKNOWN, BELOW = "yes", "weak", "unknown", "below"
EMPLOYER = ("office_number", "paye_ref", "payroll_id")
# Day numbers are below this, so that several of them, and the number of a job or a post, go into one number.
DAY_SPAN = 2**17
FOR_EVER = DAY_SPAN - 1
# Clears the bit that tells lower case from upper case in each of eight bytes.
CASE_FOLD = 0xDFDFDFDFDFDFDFDF


def parse_options():
    options = argparse.ArgumentParser(description="Decides claims of 13 sustained weeks with Polars.")
    for name in ("claims", "earnings", "register", "out"):
        options.add_argument(f"--{name}", type=Path, required=True)
    options.add_argument("--cut-off", type=date.fromisoformat, required=True)
    options.add_argument("--threads", type=int, default=2)
    return options.parse_args()


if __name__ == "__main__":
    OPTIONS = parse_options()
    # The engine reads this once, when it is loaded.
    os.environ["POLARS_MAX_THREADS"] = str(OPTIONS.threads)

import polars as pl  # noqa: E402
from polars import col, lit, when  # noqa: E402

POWERS = lit(pl.Series([1 << place for place in range(HORIZON_DAYS + 1)], dtype=pl.Int128))
NO_DAYS = lit(0, dtype=pl.Int128)
WINDOWS = [lit(((1 << WINDOW_DAYS) - 1) << opens, dtype=pl.Int128) for opens in range(TOLERANCE_DAYS + 1)]


def run(*frames):
    """Runs queries on the streaming engine."""
    done = pl.collect_all([frame.lazy() for frame in frames], engine="streaming")
    return done[0] if len(frames) == 1 else done


# Values of cells.


def text(name):
    """A cell's text; blank is null."""
    stripped = col(name).cast(pl.String).str.strip_chars()
    return when(stripped != "").then(stripped)


def day(name, schema):
    """A cell's date as a number."""
    if schema[name] != pl.String:
        return col(name).cast(pl.Date).cast(pl.Int32)
    read = [col(name).str.to_date(style, strict=False) for style in ("%Y-%m-%d", "%d/%m/%Y")]
    return pl.coalesce(read).cast(pl.Int32)


def pence(pounds):
    return (pounds.cast(pl.Decimal(18, 2), strict=False) * 100).cast(pl.Int64)


def is_set(name):
    return col(name).cast(pl.String).str.to_lowercase().is_in(["y", "yes", "true"]).fill_null(False)


def tidy_nino(name="nino"):
    return col(name).str.replace_all(" ", "", literal=True).str.to_uppercase()


def stem_of(name="nino"):
    return tidy_nino(name).str.slice(0, 8)


def stem_key(nino):
    """The first eight bytes as one number, whatever their case: cheap, and right for every number without spaces."""
    return nino.str.slice(0, 8).cast(pl.Binary).bin.reinterpret(dtype=pl.UInt64) & lit(CASE_FOLD, dtype=pl.UInt64)


def employer_of(office, reference):
    return office.str.strip_chars() + "/" + reference.str.strip_chars().str.to_uppercase()


def payroll_of(name):
    kept = col(name).str.replace_all(r"[^\p{L}\p{N}]", "").str.to_uppercase()
    return kept.str.strip_chars_start("0")


def name_key(name, letters):
    key = col(name).str.normalize("NFD").str.replace_all(r"[^\p{L}]", "").str.to_lowercase().str.slice(0, letters)
    return when(key != "").then(key)


def number_of(given):
    return (given - date(1970, 1, 1)).days


def end_of_week(leaving):
    weekday = (leaving + 3) % 7
    return leaving + when(weekday == 4).then(2).when(weekday == 5).then(1).otherwise(0)


def in_months(day_number, months):
    """That day so many months on; a day that a month does not have is its last."""
    then = day_number.cast(pl.Date)
    month = then.dt.year() * 12 + then.dt.month().cast(pl.Int32) - 1 + months
    first = pl.date(month // 12, month % 12 + 1, 1)
    place = pl.min_horizontal(then.dt.day().cast(pl.Int32), first.dt.days_in_month().cast(pl.Int32))
    return first.cast(pl.Int32) + place - 1


def moved(day_number, way):
    """A day one nominal length of the payment earlier (way -1) or later (1)."""
    return (when(col("months") == 0).then(day_number + way * col("days"))
            .otherwise(in_months(day_number, way * col("months"))))


def turns(age, born):
    """The birthday; who is born on 29 February has it on 1 March in the years asked for here, which are never leap."""
    given = born.cast(pl.Date)
    on_leap_day = (given.dt.month() == 2) & (given.dt.day() == 29)
    return in_months(born, lit(12 * age)) + on_leap_day.cast(pl.Int32)


def by_value(column, values, otherwise):
    """The value that a text stands for."""
    branches = iter(values.items())
    key, value = next(branches)
    chain = when(column == key).then(value)
    for key, value in branches:
        chain = chain.when(column == key).then(value)
    return chain.otherwise(otherwise)


# Sets of days, as bits.


def days_between(opens, closes):
    """The bits of the days from one to another, those outside the claim's horizon left out."""
    first = (opens - col("job_start")).clip(0, HORIZON_DAYS)
    after = (closes - col("job_start") + 1).clip(0, HORIZON_DAYS)
    return POWERS.gather(pl.max_horizontal(first, after)) - POWERS.gather(first)


def opening(mask):
    """The first day, counted from J, on which a window of these days only may open; null when none may."""
    found = pl.coalesce([when((mask & window) == window).then(opens) for opens, window in enumerate(WINDOWS)])
    return found.cast(pl.Int32)


def fullest(mask):
    return pl.max_horizontal([(mask & window).bitwise_count_ones() for window in WINDOWS]).cast(pl.Int32)


# The steps, in order.


def read_claims(path):
    frame = pl.scan_parquet(path)
    schema = frame.collect_schema()
    stem = stem_of()
    paye = text("paye_reference")
    office, reference = paye.str.extract(r"^(\d{3})\s*/"), paye.str.extract(r"/(.{1,10})$")
    dates = {"born": "date_of_birth", "job_start": "job_start_date", "job_end": "job_end_date",
             "claimed_on": "claim_date"}
    read = {**dates, "hours": "hours_per_week", "named": "paye_reference", "pence": "amount_claimed"}
    required = ("claim_id", "participant_id", "provider_id", "contract_id", "nino", "surname", "forename",
                "date_of_birth", "outcome", "job_start_date", "claim_date")
    unread = [text(given).is_not_null() & col(name).is_null() for name, given in read.items()]
    fits = tidy_nino().str.contains(NINO_PATTERN) & ~stem.str.slice(0, 2).is_in(UNUSED_PREFIXES)
    return run(
        frame.with_columns(
            text("claim_id"), text("participant_id"), text("contract_id"), text("outcome"), stem=stem,
            employment=text("employment_type").fill_null("employed"),
            hours=text("hours_per_week").cast(pl.Decimal(9, 2), strict=False),
            named=when(office != "000").then(employer_of(office, reference)),
            pence=pence(text("amount_claimed")),
            lacks_value=pl.any_horizontal(text(name).is_null() for name in required),
            is_dummy=stem.is_in(DUMMIES).fill_null(False),
            fits=fits.fill_null(True),
            **{name: day(given, schema) for name, given in dates.items()},
        )
        .with_columns(
            unreadable=pl.any_horizontal(*unread, ~col("employment").is_in(["employed", "self_employed"])),
            malformed=~col("is_dummy") & ~col("fits"),
            in_days=(col("outcome") == OUTCOME).fill_null(False),
        )
        .with_columns(matchable=col("in_days") & (col("employment") == "employed") & ~pl.any_horizontal(
            "lacks_value", "unreadable", "is_dummy", "malformed"))
        .sort("claim_id")
        .with_row_index("claim")
        .select("claim", "claim_id", "participant_id", "contract_id", "stem", "surname", "forename", "born", "outcome",
                "employment", "job_start", "job_end", "hours", "named", "claimed_on", "pence", "lacks_value",
                "unreadable", "is_dummy", "malformed", "in_days", "matchable")
    )


def read_register(path, claims):
    frame = pl.scan_parquet(path)
    schema = frame.collect_schema()
    return run(
        frame.join(claims.lazy().select("participant_id"), on="participant_id", how="semi")
        .group_by("participant_id")
        .agg(registered_stem=stem_of().first(), registered_born=day("date_of_birth", schema).first(),
             started=day("start_date", schema).first(), cohort=col("cohort").first(), benefit=col("benefit").first(),
             on_other_provision=is_set("on_other_provision").any(), usable=pl.len() == 1)
    )


def questions_of(claims, register):
    """The claims that evidence can answer, each with the number of its person."""
    asked = claims.filter("matchable").join(register.filter("usable"), on="participant_id", how="left")
    people = asked.select(col("stem").unique().sort()).with_row_index("person")
    return people, run(asked.lazy().join(people.lazy(), on="stem").select(
        "claim", "person", "job_start", "named", "born", "surname", "forename", "started"))


def read_rows(path, people, cut_off):
    """The claimed people's rows, read: the one pass over the extract, and steps 1 and 2 of section 3.

    The filter works inside the Parquet reader and lets a few others pass; the join on the tidy stem is exact. Whether
    a row counts is a column first: as a condition it would be asked of everyone's rows. A date of birth that is there
    makes the name needless, so the name is kept only without one.
    """
    frame = pl.scan_csv(path, infer_schema=False) if path.suffix == ".csv" else pl.scan_parquet(path)
    schema = frame.collect_schema()
    keys = people.select(stem_key(col("stem")))["stem"]
    received = col("received_at")
    if schema["received_at"] == pl.String:
        received = received.str.to_datetime("%Y-%m-%d %H:%M:%S%.f%#z", time_unit="us", strict=False)
    without_birth = when(col("date_of_birth").is_null())
    counts = pl.all_horizontal(
        ~is_set("pension_payment"), day("payment_date", schema) <= cut_off,
        (cut_off < day("no_longer_valid", schema)).fill_null(True),
        tidy_nino().str.slice(8).is_in(["", "A", "B", "C", "D"]))
    read = run(
        frame.filter(stem_key(col("nino")).is_in(keys.implode()) | col("nino").str.contains(" ", literal=True))
        .with_columns(stem=stem_of())
        .join(people.lazy(), on="stem")
        .select(
            "person", *(col(name).fill_null("").cast(pl.Categorical) for name in EMPLOYER),
            start=day("employment_start_date", schema), leaving=day("leaving_date", schema).clip(0, FOR_EVER),
            payday=day("payment_date", schema),
            frequency=col("pay_frequency").cast(pl.Enum(FREQUENCY_CODES), strict=False),
            periods=col("earnings_periods").cast(pl.Int32, strict=False).fill_null(1),
            pence=pence(col("taxable_pay")),
            band=col("hours_band").cast(pl.Enum(list("ABCDE")), strict=False),
            irregular=is_set("irregular_payment"), after_leaving=is_set("payment_after_leaving"),
            payment_id=col("payment_id").cast(pl.Int64, strict=False),
            received=received.cast(pl.Datetime("us")).cast(pl.Int64).fill_null(-1),
            born=day("date_of_birth", schema), surname=without_birth.then("surname"),
            forename=without_birth.then("forename"), counts=counts,
        )
    )
    return read.filter("counts", col("frequency").is_not_null(), col("pence").is_not_null()).drop("counts")


def jobs_of(rows):
    """Who was paid by whom under which payroll ID. Numbers in the order of the texts take their place from here on."""
    changed = [col(name) != col(name).shift() for name in ("person", "employer", "payroll")]
    return run(
        rows.lazy().group_by("person", *EMPLOYER).agg(col("leaving").min(), col("start").max())
        .with_columns(col(*EMPLOYER).cast(pl.String).name.suffix("_text"))
        .with_columns(employer=employer_of(col("office_number_text"), col("paye_ref_text")),
                      payroll=payroll_of("payroll_id_text"))
        .sort("person", "employer", "payroll")
        .with_columns(employment=pl.any_horizontal(changed[:2]).fill_null(True).cum_sum().cast(pl.Int64),
                      job=pl.any_horizontal(changed).fill_null(True).cum_sum().cast(pl.Int64))
        .with_columns(may_be_rehired=col("leaving").min().over("job") < col("start").max().over("job"))
        .with_columns(col("may_be_rehired").fill_null(False))
        .drop("leaving", "start")
    )


def without_dropped(rows):
    """Steps 3 and 4 of section 3: the rows that others replace or repeat go. Few do, so only those are put in order."""
    rows = rows.with_row_index("row")
    repeated = run(rows.lazy().group_by("payment_id").len().filter(1 < col("len")))
    several = rows.join(repeated, on="payment_id", how="semi", nulls_equal=True).sort(
        "received", "payment_id", "pence", "band", "surname", "forename", "born", *EMPLOYER, "start", "leaving",
        "payday", "frequency", "periods", "irregular", "after_leaving")
    numbered, others = several.filter(col("payment_id").is_not_null()), several.filter(col("payment_id").is_null())
    kept = pl.concat([numbered.unique(["person", "payment_id"], keep="last", maintain_order=True)["row"],
                      others.unique([name for name in rows.columns if name != "row"])["row"]])
    dropped = several.filter(~col("row").is_in(kept.implode()))["row"]
    return rows.filter(~col("row").is_in(dropped.implode())).drop("row")


def other_persons(rows, questions):
    """Section 8. Names are asked only of people under whose number no row has a date of birth."""
    births = rows.lazy().select("person", "born").unique()
    dates = run(questions.lazy().join(births, on="person", suffix="_paid").group_by("claim").agg(
        matches=(col("born") == col("born_paid")).any(), unknown=col("born_paid").is_null().all()))
    same_surname = name_key("surname", 3) == name_key("surname_paid", 3)
    same_forename = (name_key("forename", 1) == name_key("forename_paid", 1)).fill_null(True)
    names = (questions.join(dates.filter("unknown"), on="claim", how="semi")
             .join(rows.select("person", "surname", "forename"), on="person", suffix="_paid")
             .filter(name_key("surname_paid", 3).is_not_null())
             .group_by("claim").agg(named=(same_surname & same_forename).any()))
    another = when("unknown").then(~col("named").fill_null(True)).otherwise(~col("matches"))
    return dates.join(names, on="claim", how="left").select("claim", another_person=another)


def payments_of(rows, jobs):
    """Step 5 of section 3, and the stints of section 4.

    A start after the latest leaving date so far begins another stint. Only a job with a start after a leaving date can
    hold one, and few rows share a spell and a payday, so only such rows are put in order. A slot is a job, a stint and
    a payday in one number.
    """
    placed = rows.lazy().drop("born", "surname", "forename").join(
        jobs.lazy().select("person", *EMPLOYER, "job", "may_be_rehired"), on=["person", *EMPLOYER]
    ).drop("person", *EMPLOYER)
    placed, rehired = run(placed.filter(~col("may_be_rehired")), placed.filter("may_be_rehired"))
    order = ["payday", "received", "payment_id", "pence", "band", "start", "leaving", "frequency", "periods",
             "irregular"]
    stint = when(col("left_before") < col("start")).then("left_before").cum_max().forward_fill().over("job")
    rehired = (rehired.sort("job", *order)
               .with_columns(left_before=col("leaving").shift().cum_max().forward_fill().over("job"))
               .with_columns(stint=stint.fill_null(0)).drop("left_before"))
    stinted = pl.concat([placed.with_columns(stint=lit(0, pl.Int32)), rehired]).with_columns(
        slot=(col("job") * DAY_SPAN + col("stint")) * DAY_SPAN + col("payday"))
    shared = run(stinted.lazy().group_by("slot").len().filter(1 < col("len")))
    columns = ["slot", "payday", "frequency", "periods", "pence", "band", "irregular", "after_leaving", "start",
               "leaving"]
    together = (stinted.join(shared, on="slot", how="semi").sort(order).group_by("slot", maintain_order=True).agg(
        col("payday", "frequency", "band").last(), col("pence").sum(), col("periods", "leaving").max(),
        col("irregular").any(), col("after_leaving").all(), col("start").min()))
    lone = stinted.lazy().join(shared.lazy(), on="slot", how="anti")
    days = by_value(col("frequency"), {code: days for code, (days, _) in FREQUENCIES.items()}, IRREGULAR_DAYS)
    months = by_value(col("frequency"), {code: months for code, (_, months) in FREQUENCIES.items()}, 0)
    is_irregular = col("frequency").is_in(["IO", "IR"])
    return run(
        pl.concat([lone.select(columns), together.lazy().select(columns)])
        .with_columns(spell=col("slot") // DAY_SPAN, is_irregular=is_irregular,
                      days=when(is_irregular).then(IRREGULAR_DAYS).otherwise(days * col("periods")).cast(pl.Int32),
                      months=(months * col("periods")).cast(pl.Int32))
        .with_columns(paid_from=moved(col("payday"), -1))
        .drop("slot", "periods")
    )


def spells_of(payments, jobs):
    covering = when(0 < col("pence"))
    believed_start = col("first_payday").is_null() | (col("start") <= col("first_payday"))
    believed_leaving = col("paid_from").is_null() | (col("paid_from") <= col("leaving"))
    return run(
        payments.lazy().group_by("spell").agg(
            col("start").min(), col("leaving").max(),
            first_payday=covering.then("payday").min(), last_payday=covering.then("payday").max(),
            paid_from=when((0 < col("pence")) & ~col("after_leaving")).then("paid_from").max(),
            has_irregular=col("is_irregular").any())
        .with_columns(
            job=col("spell") // DAY_SPAN,
            start=when(believed_start).then("start"),
            leaving=when(believed_leaving).then(end_of_week(col("leaving"))))
        .join(jobs.lazy().unique("job").select("job", "person", "employment", "employer", "payroll"), on="job")
        .drop("paid_from", "job")
    )


def stays_of(spells, questions):
    """Each spell for each claim of its person; a post is all stays of one claim under one employer."""
    changed = [col(name) != col(name).shift() for name in ("claim", "employment")]
    return run(
        questions.lazy().select("claim", "person", "job_start").join(spells.lazy(), on="person")
        .sort("claim", "employment", "spell")
        .with_columns(post=pl.any_horizontal(changed).fill_null(True).cum_sum().cast(pl.Int64))
        .with_row_index("stay")
    )


def against_hours(bands):
    """Whether a band reaches the hours (true), stays below them (false) or leaves it open (null)."""
    reaching = [band for band, (lowest, _) in bands.items() if HOURS <= lowest]
    below = [band for band, (_, end) in bands.items() if end is not None and end <= HOURS]
    return when(col("band").is_in(reaching)).then(True).when(col("band").is_in(below)).then(False)


def covers_of(payments, stays, cut_off):
    """Section 4, steps 1 to 3. Only a spell's first and last covering payments have more to them than their length."""
    paid = payments.lazy().drop("start", "leaving").join(
        stays.lazy().select("stay", "spell", "post", "job_start", "start", "leaving", "first_payday", "last_payday",
                            "has_irregular"), on="spell")
    regular = paid.filter(~col("has_irregular")).with_columns(payday_before=lit(None, pl.Int32))
    irregular = paid.filter("has_irregular").sort("stay", "payday").with_columns(
        payday_before=col("payday").shift().over("stay"))
    nominal = pl.concat([regular, irregular]).filter(0 < col("pence")).with_columns(
        is_first=col("payday") == col("first_payday"), is_last=col("payday") == col("last_payday"),
        nominal_first=when("is_irregular").then(pl.max_horizontal(col("payday") - 30, col("payday_before") + 1))
        .otherwise(col("paid_from") + 1))
    is_edge = col("is_first") | col("is_last")
    inner = nominal.filter(~is_edge).with_columns(
        opens=pl.max_horizontal("nominal_first", "start"), last="payday", arrears_from=lit(None, pl.Int32))
    reach = pl.min_horizontal(moved(col("nominal_first"), -1), col("nominal_first") - ARREARS_DAYS)
    in_arrears = col("is_first") & (col("arrears_from") <= col("start")) & (col("start") < col("nominal_first"))
    to_leaving = col("is_last") & (col("payday") < col("leaving")) & (col("leaving") <= moved(col("payday"), 1))
    edge = nominal.filter(is_edge).with_columns(arrears_from=when("is_first").then(reach)).with_columns(
        opens=when(in_arrears).then("start").otherwise(pl.max_horizontal("nominal_first", "start")),
        last=when(to_leaving).then("leaving").otherwise("payday"),
        arrears_from=when(col("start").is_null()).then("arrears_from"))
    before = col("payday") < number_of(BANDS_CHANGED)
    reaches = when(before).then(against_hours(BANDS_BEFORE)).otherwise(against_hours(BANDS_SINCE))
    return run(
        pl.concat([inner, edge.select(inner.collect_schema().names())])
        .with_columns(closes=pl.min_horizontal("last", "leaving", lit(cut_off)))
        .filter(col("opens") <= col("closes"))
        .select("stay", "post", "job_start", "payday", "pence", "frequency", "irregular", "days", "months", "leaving",
                "opens", "closes", "arrears_from", reaches=reaches,
                firm=~col("irregular") & col("frequency").is_in(list(BRIDGE_DAYS)))
    )


def stretches_of(covers):
    """Step 4: a payment's cover, and the weak days from the claimed start to it, where a window can feel it.

    What is sorted is one number made of all keys. Ordered by post, the furthest day so far is one running maximum: a
    number led by the post never looks back past it.
    """
    near = covers.lazy().filter(col("job_start") - GAP_QUERY_DAYS - 1 <= col("closes"),
                                col("opens") <= col("job_start") + HORIZON_DAYS + GAP_QUERY_DAYS)
    weak = near.filter(col("arrears_from") <= col("job_start"), col("job_start") < col("opens")).with_columns(
        opens="job_start", closes=col("opens") - 1, own=False, strong=False)
    place = reduce(lambda packed, name: packed * 2**24 + col(name), ("opens", "closes", "stay", "payday"),
                   col("post").cast(pl.Int128))
    reach = (col("post") * DAY_SPAN + col("closes")) * DAY_SPAN + col("leaving").fill_null(FOR_EVER)
    follows = (col("furthest") // DAY_SPAN**2 == col("post")) & (col("opens") <= col("furthest") % DAY_SPAN)
    bridged = (0 < col("gap")) & (col("gap") <= col("bridge"))
    unpaid = (col("bridge") < col("gap")) & (col("gap") <= GAP_QUERY_DAYS)
    bridge = when("firm").then(by_value(col("frequency"), BRIDGE_DAYS, 0)).otherwise(0)
    level = (when(col("reaches").is_null()).then(lit(UNKNOWN)).when(~col("reaches")).then(lit(BELOW))
             .when("strong").then(lit(YES)).otherwise(lit(WEAK)))
    return run(
        pl.concat([near.with_columns(own=True, strong="firm"), weak])
        .sort(place)
        .with_columns(furthest=reach.cum_max().shift())
        .with_columns(reached=(col("furthest") // DAY_SPAN % DAY_SPAN).cast(pl.Int32), bridge=bridge, level=level)
        .with_columns(gap=when(follows).then(col("opens") - col("reached") - 1).otherwise(0))
        .select("stay", "post", "job_start", "payday", "pence", "opens", "closes", "own", "level",
                covered_from=when(bridged).then(col("reached") + 1).otherwise("opens"),
                gap_from=when(unpaid).then(col("reached") + 1))
    )


def posts_of(covers, stretches, stays, cut_off):
    """The job and the last payment under each employer with covered days, for each claim."""
    key = col("closes").cast(pl.Int64) * DAY_SPAN + col("payday")
    in_time = stretches.lazy().filter(col("job_start") <= col("closes"),
                                      col("covered_from") < col("job_start") + HORIZON_DAYS)
    spans = run(covers.lazy().group_by("stay").agg(first_cover=col("opens").min(), last_key=key.max()))
    ends = covers.lazy().join(spans.lazy(), on="stay").filter(key == col("last_key")).select(
        "stay", "first_cover", "last_key", "closes", "days", "months", "irregular", "frequency", "firm")
    told = (stays.lazy().join(ends, on="stay")
            .join(in_time.select("stay", in_time=True).unique(), on="stay", how="left")
            .with_columns(overdue_from=moved(col("closes"), 1) + OVERDUE_DAYS))
    jobs = (told.filter("in_time").sort("post", "first_cover", "stay").unique("post", keep="first", maintain_order=True)
            .select("post", "first_cover", "start", "first_payday"))
    lasts = (told.sort(["post", "last_key", "payroll", "spell"], descending=[False, True, False, True])
             .unique("post", keep="first", maintain_order=True).drop("first_cover", "start", "first_payday"))
    recent = col("firm") & (cut_off - col("closes") <= QUIET_DAYS)
    return run(
        lasts.join(jobs, on="post", how="left")
        .select("post", "claim", "employment", "employer", "job_start", "first_cover", "start", "leaving",
                has_job=col("first_cover").is_not_null(), began=pl.coalesce("start", "first_payday"),
                last_cover="closes", is_pending=col("leaving").is_null() & (cut_off < col("overdue_from")),
                may_be_quiet=col("irregular") | (col("frequency") == "IR") | recent)
    )


def sets_of(posts, stretches, questions, cut_off):
    """Sections 5 and 6. Each set of days as bits: those of one status, those that may still come, those unpaid."""
    def days_if(condition, opens, closes):
        return when(condition).then(days_between(opens.fill_null(0), closes.fill_null(0))).otherwise(NO_DAYS)

    def of_level(level):
        return when(col("level") == level).then("bits").otherwise(NO_DAYS).bitwise_or()

    covered = (
        stretches.lazy()
        .with_columns(bits=days_between(col("covered_from"), col("closes")),
                      unpaid=days_if(col("gap_from").is_not_null(), col("gap_from"), col("opens") - 1))
        .group_by("post").agg(
            col("unpaid").bitwise_or(), **{level: of_level(level) for level in (YES, WEAK, UNKNOWN, BELOW)})
    )
    began, after = pl.coalesce("start", "job_start"), col("last_cover") + 1
    paid_late = col("has_job") & (col("first_cover") - began).is_between(1, GAP_QUERY_DAYS)
    leaves_later = (cut_off < col("leaving")).fill_null(False)
    gone_quiet = col("leaving").is_null() & ~col("is_pending") & col("may_be_quiet")
    return run(
        posts.lazy().join(covered, on="post", how="left")
        .join(questions.lazy().select("claim", "named", "started"), on="claim")
        .with_columns(col("unpaid", YES, WEAK, UNKNOWN, BELOW).fill_null(NO_DAYS))
        .with_columns(
            unpaid=col("unpaid") | days_if(paid_late, began, col("first_cover") - 1),
            pending=days_if(col("is_pending") | leaves_later, after, col("leaving").fill_null(FOR_EVER)),
            quiet=days_if(gone_quiet, after, lit(FOR_EVER)))
    )


# The table of results: class (1 passes, 2 is queried, 3 rejected), line and code.
PASS = (1, 1, None)
AT_MOST = ((WEAK, (2, 2, "SUS06")), (UNKNOWN, (2, 2, "HRS02")), ("pending", (2, 3, "SUS03")),
           ("quiet", (2, 4, "SUS04")), ("unpaid", (2, 5, "SUS07")), (BELOW, (3, 6, "HRS01")))
LONG_ENOUGH, TOO_SOON, BREAKS_OFF = (2, 7, "SUS07"), (3, 8, "SUS01"), (3, 9, "SUS02")


def standings_of(sets):
    """Each claim's best employer and its result."""
    there_before = (col("began") < col("started")).fill_null(False)
    has_new = (col("has_job") & ~col("there_before")).any().over("claim")
    named_or_nothing = (col("named") == col("employer")).fill_null(col("named").is_null())
    results, mask = [(opening(col(YES)).is_not_null(), PASS)], col(YES)
    for level, result in AT_MOST:
        mask = mask | col(level)
        results.append((opening(mask).is_not_null(), result))
    employed_days = col("leaving") - pl.max_horizontal("job_start", pl.coalesce("start", "first_cover")) + 1
    results += [(col("leaving").is_null(), BREAKS_OFF), (WINDOW_DAYS <= employed_days, LONG_ENOUGH),
                (lit(True), TOO_SOON)]
    line = pl.coalesce([when(holds).then(place) for place, (holds, _) in enumerate(results)])
    names = ("class", "line", "code")
    table = pl.DataFrame([(place, *result) for place, (_, result) in enumerate(results)], orient="row",
                         schema={"result": pl.Int32, "class": pl.Int32, "line": pl.Int32, "code": pl.String})
    return run(
        sets.lazy().with_columns(there_before=there_before)
        .with_columns(has_new=has_new)
        .filter("has_job", when("has_new").then(~col("there_before")).otherwise(named_or_nothing))
        .with_columns(result=line.cast(pl.Int32), opens=opening(col(YES)))
        .join(table.lazy(), on="result")
        .with_columns(is_other=(col("named") != col("employer")).fill_null(True),
                      days_off=(col("start") - col("job_start")).abs())
        .sort("claim", "class", "line", "is_other", "days_off", "employment", nulls_last=True)
        .unique("claim", keep="first", maintain_order=True)
        .select("claim", "post", "employer", "start", "began", "opens", YES, *names)
    )


def together_of(sets, standings):
    """The union of all a person's employers, for claims that no employer alone sustains."""
    short = sets.join(standings.filter(1 < col("line")).select("claim", "class"), on="claim")
    below = short.select("claim", "post", BELOW)
    pairs = (below.join(below, on="claim", suffix="_other")
             .filter(col("post") < col("post_other"))
             .group_by("claim").agg(twice=(col(BELOW) & col("below_other")).bitwise_or()))
    possible = (col(WEAK) | col(UNKNOWN) | col("pending") | col("quiet")).bitwise_or()
    return (
        short.group_by("claim").agg(col(YES).bitwise_or(), col("class").first(), possible=possible)
        .join(pairs, on="claim", how="left")
        .with_columns(possible=col(YES) | col("possible") | col("twice").fill_null(NO_DAYS))
        .filter(opening(col(YES)).is_not_null() | ((col("class") == 3) & opening(col("possible")).is_not_null()))
        .select("claim", union_yes=YES)
    )


def rates():
    """The wage table laid out by payday."""
    ends = [begins for begins, *_ in WAGES[1:]] + [WAGES_END]
    years = [(number_of(begins), number_of(end), *by_age)
             for (begins, *by_age), end in zip(WAGES, ends, strict=True)]
    table = pl.DataFrame(years, orient="row", schema={name: pl.Int32 for name in ("begins", "ends", *AGES)})
    return table.select(*AGES, payday=pl.int_ranges("begins", "ends", dtype=pl.Int32)).explode("payday")


def too_low_pay(standings, stretches, questions):
    """HRS03.

    The days are told apart only where the lowest of the claim's rates for all of them would be too little to ask and
    the highest too much; few claims are, so those are laid out day by day.
    """
    birthdays = {f"turns_{age}": turns(age, col("born")) for age in (25, 23, 21, 18)}
    achieving = standings.lazy().filter(col("opens").is_not_null()).join(questions.lazy(), on="claim").select(
        "claim", "post", window_opens=col("job_start") + col("opens"), **birthdays)
    window_closes = col("window_opens") + WINDOW_DAYS - 1
    days_within = pl.min_horizontal(col("closes"), window_closes) - pl.max_horizontal("opens", "window_opens") + 1
    at_age = pl.coalesce(*[when(col(birthday) <= col("payday")).then(age)
                           for birthday, age in zip(birthdays, AGES, strict=False)], "under_18")
    within = run(
        stretches.lazy().filter("own").join(achieving, on="post")
        .filter(col("covered_from") <= window_closes, col("window_opens") <= col("closes"))
        .join(rates().lazy(), on="payday", how="left")
        .select("claim", "payday", "window_opens", "covered_from", "opens", "closes", rate=at_age,
                parts=col("pence").cast(pl.Int128) * PARTS * days_within.clip(0) // (col("closes") - col("opens") + 1))
    )
    for_all = HOURS * WINDOW_DAYS * PARTS
    summed = run(within.lazy().group_by("claim").agg(
        brought=7 * col("parts").sum() + NEARLY,
        at_least=col("rate").fill_null(0).min().cast(pl.Int128) * for_all,
        at_most=col("rate").max().cast(pl.Int128) * for_all))
    open_ = summed.filter((col("at_least") <= col("brought")) & (col("brought") < col("at_most")))
    needed = (
        within.join(open_, on="claim", how="semi")
        .with_columns(day=pl.int_ranges(pl.max_horizontal("covered_from", "window_opens"),
                                        pl.min_horizontal(col("closes"), window_closes) + 1))
        .explode("day")
        .sort("claim", "day", col("day") < col("opens"), "payday")
        .unique(["claim", "day"], keep="first", maintain_order=True)
        .group_by("claim").agg(
            needed=when(col("rate").is_not_null().all()).then(col("rate").sum()).cast(pl.Int128) * (HOURS * PARTS))
    )
    return summed.join(needed, on="claim", how="left").select(
        "claim", too_low=col("brought") < pl.coalesce("needed", "at_least"))


def first_of(findings):
    """The first code whose condition holds."""
    return pl.coalesce([when(condition).then(lit(code) if isinstance(code, str) else code)
                        for code, condition in findings])


def failures_of(claims, register, spells, questions, another, standings, together, pay, cut_off):
    """Section 9, all rules but CLM04: for each claim the first rejection and the first query."""
    unpaid = questions.lazy().join(spells.lazy(), on="person").group_by("claim").agg(
        nobody_paid=col("first_payday").is_null().all())
    earliest = col("job_start") + WINDOW_DAYS - 1
    has_best, across = col("post").is_not_null(), col("union_yes").is_not_null()
    no_pay = col("nobody_paid").fill_null(False)
    answer = (when(~col("matchable")).then(None).when(no_pay).then(lit("EMP04")).when(~has_best).then(lit("EMP01"))
              .when(across).then(lit("SUS05")).otherwise("code"))
    pay_may_come = cut_off < col("job_start") + FIRST_PAY_DAYS
    known = col("usable").fill_null(False)
    out_of_order = pl.any_horizontal(col("job_end") < col("job_start"), col("claimed_on") < col("job_start"),
                                     col("job_start") < col("born"))
    in_starts = col("started").is_between(*map(number_of, STARTS)).fill_null(False)
    rejections = [
        ("ROW02", col("lacks_value")), ("ROW03", col("unreadable")), ("ROW05", out_of_order),
        ("CLM01", ~col("in_days")),
        ("CLM02", col("in_days") & (col("claimed_on") < earliest)),
        ("CLM03", col("achieved") + CLAIM_WITHIN_DAYS < col("claimed_on")),
        ("CLM06", col("in_days") & (col("hours") < HOURS)),
        ("CLM10", col("in_days") & (end_of_week(col("job_end")) < earliest)),
        ("IDN01", col("malformed")), ("IDN02", col("is_dummy")), ("IDN03", col("usable").is_null()),
        ("ELG01", known & ~col("cohort").is_in(COHORTS)), ("ELG02", known & col("on_other_provision")),
        ("ELG03", known & ~col("benefit").is_in(BENEFITS)), ("ELG04", known & ~in_starts),
        ("ELG05", known & (pl.min_horizontal("job_start", "began") < col("started"))),
        ("ELG06", ~col("contract_id").is_in(CONTRACTS)),
        ("EMP01", (col("answer") == "EMP01") & ~pay_may_come),
        (col("answer"), col("answer").is_in(["EMP04", "HRS01", "SUS01", "SUS02"])),
    ]
    other_stem = ~col("malformed") & (col("stem") != col("registered_stem"))
    register_differs = other_stem | (col("born") != col("registered_born"))
    queries = [
        ("CLM07", col("in_days") & (col("pence") != PRICE_PENCE)), ("CLM08", col("employment") == "self_employed"),
        ("CLM09", col("claimed_on") < col("achieved")), ("IDN04", known & register_differs),
        ("IDN05", col("another_person")), ("ELG00", ~col("usable")),
        ("EMP01", (col("answer") == "EMP01") & pay_may_come),
        ("EMP02", ~no_pay & (col("employer") != col("named"))),
        ("EMP03", ~no_pay & (TOLERANCE_DAYS < (col("start") - col("job_start")).abs())),
        ("HRS02", col("answer") == "HRS02"), ("HRS03", col("too_low")),
        (col("answer"), col("answer").is_in(["SUS03", "SUS04", "SUS05", "SUS06", "SUS07"])),
    ]
    joined = claims.lazy().join(register.lazy(), on="participant_id", how="left")
    for frame in (another, unpaid, standings, together, pay):
        joined = joined.join(frame.lazy(), on="claim", how="left")
    return run(
        joined.with_columns(answer=answer, achieved=earliest + col("opens"),
                            yes_days=when(~no_pay & has_best).then(fullest(pl.coalesce("union_yes", YES))))
        .select("claim_id", "participant_id", "outcome", "claimed_on", "achieved", "yes_days",
                rejection=first_of(rejections), query=first_of(queries))
    )


def verdicts_of(failures):
    """CLM04 comes last: of a participant's claims that nothing else rejects the first stands. Then the verdict."""
    rivals = (
        failures.filter(col("rejection").is_null())
        .sort("participant_id", "outcome", col("query").is_not_null(), "claimed_on", "claim_id")
        .with_columns(first=pl.struct("participant_id", "outcome").is_first_distinct(),
                      stands=col("query").is_null().first().over("participant_id", "outcome"))
        .filter(~col("first")).select("claim_id", behind_validated="stands")
    )
    rejected = col("rejection").is_not_null() | col("behind_validated").fill_null(False)
    queried = col("query").is_not_null() | col("behind_validated").is_not_null()
    verdict = when(rejected).then(lit("rejected")).when(queried).then(lit("queried")).otherwise(lit("validated"))
    twice = when(col("behind_validated").is_not_null()).then(lit("CLM04"))
    return failures.join(rivals, on="claim_id", how="left").sort("claim_id").select(
        "claim_id", verdict=verdict, reason=pl.coalesce(col("rejection"), twice, col("query")), yes_days="yes_days",
        achieved_on=col("achieved").cast(pl.Date))


def decide(options):
    cut_off = number_of(options.cut_off)
    claims = read_claims(options.claims)
    register = read_register(options.register, claims)
    people, questions = questions_of(claims, register)
    rows = read_rows(options.earnings, people, cut_off)
    jobs = jobs_of(rows)
    rows = without_dropped(rows)
    another = other_persons(rows, questions)
    payments = payments_of(rows, jobs)
    del rows
    spells = spells_of(payments, jobs)
    stays = stays_of(spells, questions)
    covers = covers_of(payments, stays, cut_off)
    del payments
    stretches = stretches_of(covers)
    posts = posts_of(covers, stretches, stays, cut_off)
    del covers
    sets = sets_of(posts, stretches, questions, cut_off)
    standings = standings_of(sets)
    together = together_of(sets, standings)
    pay = too_low_pay(standings, stretches, questions)
    failures = failures_of(claims, register, spells, questions, another, standings, together, pay, cut_off)
    verdicts_of(failures).write_parquet(options.out)


if __name__ == "__main__":
    decide(OPTIONS)
