"""Works out rates again in SQL and holds those of the program against them.

    python check_rates.py SUSTAIN ROOM CLAIMS

makes a batch of so many claims in ROOM with the program SUSTAIN, decides it, and takes rates of its register. The days
each payment covers come from the run's evidence; who is counted, in which week, month or stretch, and of how many, is
worked out here in DuckDB from the register and those days alone.
"""

import json
import subprocess
import sys
from pathlib import Path

import duckdb

program, room, claims = Path(sys.argv[1]).resolve(), Path(sys.argv[2]), sys.argv[3]
LAG_DAYS, MATURITY_DAYS = 38, 62
CUT_OFF, ON = "2019-03-31", "2018-10-15"


def sustain(*arguments):
    subprocess.run([program, "-q", *map(str, arguments)], check=True)


batch, run, out = room / "batch", room / "run", room / "rates"
sustain("sample", "--claims", claims, "--seed", 20, "--format", "parquet", "--out", batch)
earnings = batch / "earnings.parquet" if (batch / "earnings.parquet").exists() else batch / "earnings"
sustain("validate", "--scheme", batch / "scheme.toml", "--claims", batch / "claims.parquet",
        "--register", batch / "register.parquet", "--earnings", earnings, "--extract-to", CUT_OFF, "--out", run)

db = duckdb.connect()
db.execute("SET TimeZone = 'UTC'")
evidence = f"'{run / 'evidence.parquet'}'"
# Of whom the run shows no evidence although there are payments, or evidence without covers (that of earnings outcomes),
# this has nothing to work with; and who is told apart by names alone is left to the program's own tests.
db.execute(f"""
    CREATE TABLE register AS
    WITH paid AS (SELECT DISTINCT left(upper(replace(nino, ' ', '')), 8) AS stem FROM read_parquet('{earnings}{
        "/*.parquet" if earnings.is_dir() else ""}')),
    shown AS (
        SELECT left(nino, 8) AS stem, count(*) FILTER (used) AS used_rows, count(date_of_birth) FILTER (used) AS births,
               bool_or(contains(why, 'earnings')) AS only_summed
        FROM {evidence} GROUP BY stem
    )
    SELECT register.*, left(upper(replace(nino, ' ', '')), 8) AS stem
    FROM '{batch / "register.parquet"}' AS register LEFT JOIN shown ON left(upper(replace(nino, ' ', '')), 8) = shown.stem
    WHERE (shown.stem IS NOT NULL OR left(upper(replace(nino, ' ', '')), 8) NOT IN (FROM paid))
      AND (shown.stem IS NULL OR used_rows = 0 OR births > 0)
      AND NOT coalesce(only_summed, false)
      AND try_cast(date_of_birth AS DATE) IS NOT NULL
      AND (start_date IS NULL OR try_cast(start_date AS DATE) IS NOT NULL)
      AND try_cast(referral_date AS DATE) IS NOT NULL
      AND regexp_full_match(upper(replace(nino, ' ', '')), '[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{{6}}[A-D]?')
      AND left(nino, 2) NOT IN ('BG', 'GB', 'KN', 'NK', 'NT', 'TN', 'ZZ')
      AND left(nino, 8) NOT IN ('AA111111', 'AA123456', 'AB123456', 'QQ123456')
    QUALIFY count(*) OVER (PARTITION BY participant_id) = 1
""")
db.execute(f"COPY (SELECT * EXCLUDE (stem) FROM register) TO '{room / 'register.parquet'}'")
sustain("rates", "--scheme", batch / "scheme.toml", "--register", room / "register.parquet", "--earnings", earnings,
        "--extract-to", CUT_OFF, "--by", "contract,cohort,sex,age,start_quarter", "--on", ON, "--run", run,
        "--disclosure", "internal", "--out", out)
account = json.loads((out / "not-for-release" / "rates.json").read_text())
observed_from, observed_to = account["observed"]["from"], account["observed"]["to"]
earliest = db.execute(f"""SELECT min(payment_date::DATE)::VARCHAR FROM read_parquet('{earnings}{
    "/*.parquet" if earnings.is_dir() else ""}')""").fetchone()[0]
assert observed_from == earliest, (observed_from, earliest)

db.execute(f"""
    CREATE TABLE people AS
    SELECT stem, arg_min(participant_id, (start_date IS NULL, start_date, referral_date, participant_id)) AS participant,
           arg_min(contract_id, (start_date IS NULL, start_date, referral_date, participant_id)) AS contract,
           min(start_date::DATE) AS start,
           arg_min(date_of_birth, (start_date IS NULL, start_date, referral_date, participant_id))::DATE AS born,
           min(referral_date::DATE) AS referred
    FROM register GROUP BY stem;
    CREATE TABLE shown AS
    SELECT DISTINCT left(nino, 8) AS stem, file, row, office_number || '/' || upper(paye_ref) AS employer, payment_date,
           evidence.date_of_birth, used, taxable_pay, coalesce(bridged_from, cover_from) AS opens, cover_to AS closes, status
    FROM {evidence} AS evidence;
    -- Rows of one payday are one payment; it was pay if they come to more than nothing.
    CREATE TABLE paydays AS
    SELECT stem, payment_date AS payday FROM shown WHERE used
    GROUP BY stem, employer, payment_date HAVING sum(taxable_pay) > 0;
    -- Whose earnings differ in the date of birth are another's.
    CREATE TABLE strangers AS
    SELECT stem FROM people JOIN shown USING (stem) WHERE used
    GROUP BY stem HAVING count(date_of_birth) > 0 AND count(*) FILTER (date_of_birth = born) = 0;
    CREATE TABLE days AS
    WITH by_employer AS (
        SELECT stem, employer, day::DATE AS day,
               max(CASE status WHEN 'yes' THEN 4 WHEN 'weak_unknown' THEN 3 WHEN 'unknown' THEN 2 ELSE 1 END) AS level
        FROM shown, unnest(generate_series(opens, closes, INTERVAL 1 DAY)) AS days(day)
        WHERE opens IS NOT NULL AND day BETWEEN DATE '{observed_from}' AND DATE '{observed_to}'
        GROUP BY stem, employer, day
    )
    SELECT stem, day, CASE WHEN max(level) = 1 AND count(*) > 1 THEN 2 ELSE max(level) END AS level
    FROM by_employer WHERE stem NOT IN (FROM strangers) GROUP BY stem, day;
    CREATE TABLE linked AS SELECT * FROM people WHERE stem NOT IN (FROM strangers);
""")

found = {
    (measure, period or "", level): (numerator, denominator, rate, lower, upper)
    for measure, period, level, numerator, denominator, rate, lower, upper in db.execute(
        f"""SELECT measure, period, level, numerator, denominator, rate, lower, upper FROM '{out / "rates.parquet"}'
            WHERE "group" IN ('all', 'contract')""").fetchall()
}
checked = 0


def same(measure, period, query):
    """`query` gives for each person who belongs to the denominator whether they are counted; it is asked by contract."""
    global checked
    rows = db.execute(f"""
        WITH asked AS ({query})
        SELECT 'all', count(*) FILTER (yes), count(*) FROM asked JOIN people USING (stem)
        UNION ALL SELECT contract, count(*) FILTER (yes), count(*) FROM asked JOIN people USING (stem) GROUP BY contract
    """).fetchall()
    for level, numerator, denominator in rows:
        own = found.get((measure, str(period), level), (0, 0, None, None, None))
        assert own[:2] == (numerator, denominator), (measure, period, level, own, numerator, denominator)
        if denominator:
            z, n, share = 1.959963984540054, denominator, numerator / denominator
            middle, half = share + z * z / (2 * n), z * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
            expected = (share, max((middle - half) / (1 + z * z / n), 0), min((middle + half) / (1 + z * z / n), 1))
            assert all(abs(one - other) < 1e-12 for one, other in zip(own[2:], expected)), (measure, period, level, own)
        checked += 1


def worked(first, last, least=1):
    """Whether each person was covered between two days, of those observed on all of them."""
    return f"""
        SELECT stem, (SELECT count(*) FROM days WHERE days.stem = linked.stem AND day BETWEEN {first} AND {last}
                      AND level >= {least}) > 0 AS yes
        FROM linked WHERE start IS NOT NULL AND {first} >= DATE '{observed_from}' AND {last} <= DATE '{observed_to}'
    """


same("started", "", "SELECT stem, start IS NOT NULL AS yes FROM people")
for week in range(-52, 104):
    first, last = f"start + {7 * week}", f"start + {7 * week + 6}"
    same("employed_week", week, worked(first, last))
    same("employed_16_week", week, worked(first, last, 4))
same("employed_before", "-13 to 0", worked("start - 91", "start - 1"))
for first, end in ((13, 26), (26, 39), (39, 52)):
    same("employed_after", f"{first} to {end}", worked(f"start + {7 * first}", f"start + {7 * end - 1}"))
    before, after = worked("start - 91", "start - 1"), worked(f"start + {7 * first}", f"start + {7 * end - 1}")
    gained, lost, both = db.execute(f"""
        SELECT count(*) FILTER (NOT before.yes AND after.yes), count(*) FILTER (before.yes AND NOT after.yes), count(*)
        FROM ({before}) AS before JOIN ({after}) AS after USING (stem)""").fetchone()
    own = found[("increase", f"{first} to {end}", "all")]
    assert own[:2] == (gained, both) and (not both or abs(own[2] - (gained - lost) / both) < 1e-12), own
    checked += 1

months = db.execute(f"""
    SELECT month::DATE::VARCHAR, (month + INTERVAL 1 MONTH)::DATE::VARCHAR
    FROM unnest(generate_series(date_trunc('month', DATE '{observed_from}'), DATE '{observed_to}', INTERVAL 1 MONTH))
        AS months(month)""").fetchall()
for month, following in months:
    is_observed = f"DATE '{month}' >= DATE '{observed_from}' AND DATE '{following}' <= DATE '{observed_to}' + 1"
    for measure, least in (("employed_month", 1), ("employed_16_month", 4)):
        same(measure, month[:7], f"""
            SELECT stem, stem IN (SELECT stem FROM days WHERE level >= {least} AND day >= DATE '{month}'
                                  AND day < DATE '{following}') AS yes FROM linked WHERE {is_observed}""")
    starts = db.execute(f"""SELECT count(*) FROM people WHERE start >= DATE '{month}' AND start < DATE '{following}'""")
    assert found.get(("starts_in_month", month[:7], "all"), (0,))[0] == starts.fetchone()[0], month
    checked += 1

db.execute(f"""
    CREATE TABLE year_after AS
    SELECT stem, (SELECT count(DISTINCT (day - start) // 7) FROM days
                  WHERE days.stem = linked.stem AND day BETWEEN start AND start + 363) AS weeks
    FROM linked WHERE start >= DATE '{observed_from}' AND start + 363 <= DATE '{observed_to}'""")
same("thirteen_weeks_or_more", "", "SELECT stem, weeks >= 13 AS yes FROM year_after")
people, mean, lower, median, upper = db.execute("""
    SELECT count(*), avg(weeks), quantile_disc(weeks, 0.25), quantile_disc(weeks, 0.5), quantile_disc(weeks, 0.75)
    FROM year_after""").fetchone()
for period, expected in (("mean", mean), ("lower_quartile", lower), ("median", median), ("upper_quartile", upper)):
    own = found[("weeks_in_work", period, "all")]
    assert own[1] == people and abs(own[2] - expected) < 1e-9, (period, own, people, expected)
    checked += 1

for year in range(int(observed_from[:4]), int(observed_to[:4])):
    same("sustained_five_of_six_months", f"{year}-{(year + 1) % 100:02}", f"""
        SELECT stem, (SELECT count(DISTINCT month(day)) FROM days WHERE days.stem = linked.stem
                      AND day >= DATE '{year}-10-01' AND day < DATE '{year + 1}-04-01') >= 5 AS yes
        FROM linked WHERE start < DATE '{year}-10-01' AND DATE '{year}-10-01' >= DATE '{observed_from}'
              AND DATE '{year + 1}-03-31' <= DATE '{observed_to}'""")

out_of_work = f"""
    SELECT stem, stem NOT IN (SELECT stem FROM days JOIN linked USING (stem) WHERE day = start) AS yes
    FROM linked WHERE start BETWEEN DATE '{observed_from}' AND DATE '{observed_to}'"""
same("out_of_work_at_start", "", out_of_work)
same("first_job_of_out_of_work", "", f"""
    SELECT stem, after.yes FROM ({out_of_work}) AS asked JOIN ({worked("start + 1", "start + 364")}) AS after USING (stem)
    WHERE asked.yes""")
for period, level in (("any", "level >= 1"), ("under_16", "level = 1"), ("16_or_more", "level = 4"),
                      ("hours_unknown", "level IN (2, 3)")):
    same("paid_employment_on", f"{ON} {period}", f"""
        SELECT stem, stem IN (SELECT stem FROM days WHERE day = DATE '{ON}' AND {level}) AS yes FROM linked
        WHERE date_diff('year', born, DATE '{ON}') - (strftime(born, '%m%d') > strftime(DATE '{ON}', '%m%d'))::INTEGER
              BETWEEN 18 AND 64 AND referred <= DATE '{ON}'""")
earned = "stem IN (SELECT stem FROM paydays WHERE payday >= start AND payday < start + 364) AS yes"
same("first_earnings_full", "", f"SELECT stem, {earned} FROM linked WHERE start IS NOT NULL")
same("first_earnings_matured", "", f"""
    SELECT stem, {earned} FROM linked WHERE start + {364 + MATURITY_DAYS} <= DATE '{CUT_OFF}'""")
files = [str(run / f"{verdict}.parquet") for verdict in ("validated", "rejected", "queried")]
for outcome, validated, all_claims in db.execute(f"""
        SELECT outcome, count(*) FILTER (verdict = 'validated'), count(*) FROM read_parquet({files})
        WHERE outcome IS NOT NULL GROUP BY outcome""").fetchall():
    assert found[("outcome_by_claim", outcome, "all")][:2] == (validated, all_claims), outcome
    checked += 1

# Whoever has a validated claim meets the outcome by evidence too.
met = found[("outcome_by_evidence_full", "sustained_13_weeks", "all")]
assert account["register"]["people"] == db.execute("SELECT count(*) FROM people").fetchone()[0]
assert account["not_theirs"] == db.execute("SELECT count(*) FROM strangers").fetchone()[0]
print(f"{account['register']['people']} people: {checked} rates are the same in SQL; {met[0]} of {met[1]} met the outcome")
