"""Computes rates again in SQL and compares them with those of the program.

    python check_rates.py SUSTAIN ROOM CLAIMS SEED

makes a batch of CLAIMS claims in the folder ROOM with the program SUSTAIN from SEED, and the rates of its register. From the
register and the earnings alone, the SQL of benches/peer_duckdb.py computes the days each payment covers; this file then
computes the numerators and denominators for each week, month and range of weeks, who met the outcome, what it cost, and what
a claim would come to for each outcome that nobody claimed.

It takes at most 2 GiB of memory, and fails where it took more: only one database does heavy work at a time, each has a
limit and a folder to spill to, and what one hands to the other goes through Parquet files.
"""

import argparse
import json
import re
import resource
import subprocess
import sys
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benches"))
import peer_duckdb as peer

program, room, claims, seed = Path(sys.argv[1]).resolve(), Path(sys.argv[2]), sys.argv[3], sys.argv[4]
LAG_DAYS, MATURITY_DAYS = 38, 62
FROM, CUT_OFF, ON = "2017-12-01", "2019-03-31", "2018-10-15"
OUTCOME, WINDOW_DAYS, EARNED_DAYS = "sustained_13_weeks", 91, 238
MOST_MEMORY = 2 << 30


def sustain(*arguments):
    subprocess.run([program, "-q", *map(str, arguments)], check=True)


def database(name, memory_limit):
    """A database in memory that spills to a folder of its own beside the batch when it reaches its limit."""
    db = duckdb.connect(config={"threads": 2, "memory_limit": memory_limit, "temp_directory": str(room / f"spill-{name}")})
    db.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false; SET preserve_insertion_order = false")
    return db


batch, run, out = room / "batch", room / "run", room / "rates"
sustain("sample", "--claims", claims, "--seed", seed, "--format", "parquet", "--out", batch)
earnings = batch / "earnings.parquet" if (batch / "earnings.parquet").exists() else batch / "earnings"
sustain("validate", "--scheme", batch / "scheme.toml", "--claims", batch / "claims.parquet",
        "--register", batch / "register.parquet", "--earnings", earnings, "--extract-from", FROM, "--extract-to", CUT_OFF, "--out", run)

files = f"read_parquet('{earnings / '*.parquet' if earnings.is_dir() else earnings}')"
db = database("rates", "700MB")
db.execute(f"""
    CREATE TABLE register AS
    SELECT register.*, left(upper(replace(nino, ' ', '')), 8) AS stem
    FROM '{batch / "register.parquet"}' AS register
    WHERE try_cast(date_of_birth AS DATE) IS NOT NULL
      AND (start_date IS NULL OR try_cast(start_date AS DATE) IS NOT NULL)
      AND try_cast(referral_date AS DATE) IS NOT NULL
      AND regexp_full_match(upper(replace(nino, ' ', '')), '[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{{6}}[A-D]?')
      AND left(nino, 2) NOT IN ('BG', 'GB', 'KN', 'NK', 'NT', 'TN', 'ZZ')
      AND left(nino, 8) NOT IN ('AA111111', 'AA123456', 'AB123456', 'QQ123456')
    QUALIFY count(*) OVER (PARTITION BY participant_id) = 1
""")
# Some start after the cut-off, and some are referred a second time, under another contract and participant number.
LATER = "participant_id LIKE '%7'"
db.execute(f"""
    UPDATE register SET start_date = DATE '{CUT_OFF}' + 15 WHERE {LATER} AND start_date IS NOT NULL;
    INSERT INTO register
    SELECT * REPLACE (participant_id || 'B' AS participant_id, referral_date::DATE + 90 AS referral_date, NULL AS start_date,
                      (SELECT max(contract_id) FROM register) AS contract_id)
    FROM register WHERE participant_id LIKE '%3';
    COPY (SELECT * EXCLUDE (stem) FROM register) TO '{room / "register.parquet"}';
""")
# What was spent: two payers for some contracts, one of them for a part of the time, and nothing for others.
contracts = [name for name, in db.execute("SELECT DISTINCT contract_id FROM register ORDER BY 1").fetchall()]
spent = [(contract, "2017-11-01", "2019-05-31" if place % 2 else "2018-06-30", 10_000_000 + place * 1_234_567, payer)
         for place, contract in enumerate(contracts[1:]) for payer in ("DWP", "a council")]
(room / "funding.csv").write_text("contract_id,from,to,amount,payer\n" + "".join(
    f"{contract},{first},{last},{pence // 100}.{pence % 100:02},{payer}\n" for contract, first, last, pence, payer in spent))
# The scheme of the batch, with volumes and a baseline as the proof of concept has them.
(room / "scheme.toml").write_text((batch / "scheme.toml").read_text() + """
[[volume]]
says = "760 in all annually."
number = 760
per = "year"
of = "referrals"
source = "SOURCE"

[[volume]]
says = "500 starts annually."
number = 500
per = "year"
of = "starts"
source = "SOURCE"

[[baseline]]
says = "About 6%."
cohort = "learning_disability"
share = "6"
source = "SOURCE"
""".replace("SOURCE", re.search('^id = "(.*)"', (batch / "scheme.toml").read_text().split("[[source]]")[1], re.M)[1]))
sustain("rates", "--scheme", room / "scheme.toml", "--register", room / "register.parquet", "--earnings", earnings,
        "--extract-from", FROM, "--extract-to", CUT_OFF, "--by", "contract,cohort,sex,age,start_quarter", "--on", ON, "--run", run,
        "--disclosure", "internal", "--curves", "--sensitivity", "--funding", room / "funding.csv", "--out", out)
rates_file = out / "not-for-release" / "rates.parquet"
account = json.loads((out / "not-for-release" / "rates.json").read_text())
observed_from, observed_to = account["observed"]["from"], account["observed"]["to"]
assert observed_from == FROM, observed_from
assert not account["observed"]["extract_days"]["unobserved"], "a batch without missing months is compared"

db.execute(f"""
    CREATE TABLE people AS
    SELECT stem, arg_min(participant_id, (start_date IS NULL, start_date, referral_date, participant_id)) AS participant,
           arg_min(contract_id, (start_date IS NULL, start_date, referral_date, participant_id)) AS contract,
           CASE WHEN min(start_date::DATE) <= DATE '{CUT_OFF}' THEN min(start_date::DATE) END AS start,
           coalesce(DATE '{CUT_OFF}' < min(start_date::DATE), false) AS starts_later,
           arg_min(date_of_birth, (start_date IS NULL, start_date, referral_date, participant_id))::DATE AS born,
           arg_min(surname, (start_date IS NULL, start_date, referral_date, participant_id)) AS surname,
           arg_min(forename, (start_date IS NULL, start_date, referral_date, participant_id)) AS forename,
           min(referral_date::DATE) AS referred
    FROM register GROUP BY stem;
""")


def weighed(questions, steps, keeps, covers=peer.COVERS):
    """A database in which the peer has weighed the payments of people against claimed starts: stem, participant, born, surname,
    forename, job_start, start. Tables that no later step needs are dropped, but for those it keeps. `covers` is the step of
    that name, with what bands say of the hours."""
    db.execute(f"COPY ({questions}) TO '{room / 'questions.parquet'}'")
    work = database("weighed", "900MB")
    work.execute(peer.macros(CUT_OFF, FROM))
    work.execute(f"""
        CREATE TABLE claims AS
        SELECT row_number() OVER (ORDER BY participant, job_start)::INTEGER AS claim, participant AS participant_id, stem,
               born AS date_of_birth, surname, forename, job_start, NULL::VARCHAR AS named, true AS matchable, start
        FROM '{room / "questions.parquet"}';
        CREATE TABLE register AS
        SELECT participant_id, any_value(start) AS started, true AS usable FROM claims GROUP BY participant_id;
    """)
    work.execute(peer.QUESTIONS)
    work.execute(peer.PEOPLE)
    work.execute(peer.scan(earnings), {"earnings": str(earnings / "*.parquet" if earnings.is_dir() else earnings)})
    for statement, needless in peer.STEPS:
        work.execute(covers if statement is peer.COVERS else statement)
        if statement is steps:
            break
        for table in set(needless) - set(keeps):
            work.execute(f"DROP TABLE {table}")
    return work


# Far from every payment, so that no day back to a claimed start is covered.
covers = weighed("SELECT *, DATE '2030-01-01' AS job_start FROM people", peer.COVERS, ())
covers.execute(f"""
    COPY (
        WITH ordered AS (
            SELECT *, max(closes) OVER before AS reached, arg_max(leaving, (closes, leaving IS NULL, leaving)) OVER before AS left_on,
                   CASE WHEN NOT firm THEN 0 WHEN frequency = 'W1' THEN 3 WHEN frequency = 'W2' THEN 4
                        WHEN frequency = 'W4' THEN 7 ELSE 14 END AS bridge_days
            FROM covers
            WINDOW before AS (PARTITION BY employment ORDER BY opens, closes, spell, payday
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        )
        SELECT stem, employer, employment, closes, payday,
               CASE WHEN opens - reached - 1 BETWEEN 1 AND bridge_days AND coalesce(opens <= left_on, true)
                    THEN reached + 1 ELSE opens END AS opens,
               CASE WHEN reaches IS NULL THEN 2 WHEN NOT reaches THEN 1 WHEN firm THEN 4 ELSE 3 END AS level
        FROM ordered JOIN people USING (person) JOIN (SELECT DISTINCT employment, employer FROM jobs) USING (employment)
    ) TO '{room / "covers.parquet"}';
    COPY (SELECT DISTINCT stem, payday FROM payments JOIN spells USING (job, stint) JOIN people USING (person) WHERE 0 < pence)
    TO '{room / "paydays.parquet"}';
    COPY (SELECT stem, payday, pence, spells.leaving FROM payments JOIN spells USING (job, stint) JOIN people USING (person))
    TO '{room / "pays.parquet"}';
    COPY (SELECT DISTINCT stem FROM identity JOIN questions USING (claim) JOIN people USING (person) WHERE another_person)
    TO '{room / "strangers.parquet"}';
""")
covers.close()
db.execute(f"""
    CREATE TABLE covers AS FROM '{room / "covers.parquet"}';
    CREATE TABLE paydays AS FROM '{room / "paydays.parquet"}';
    -- Whose earnings differ in the date of birth, or in the name where there is none, are another's.
    -- Of people with a row that cannot be read nothing is observed either; the rows of a batch that cannot be read have no
    -- number of earnings periods that a payment can have.
    CREATE TABLE unread AS
    SELECT DISTINCT left(upper(replace(nino, ' ', '')), 8) AS stem FROM {files}
    WHERE earnings_periods IS NOT NULL AND earnings_periods NOT BETWEEN 1 AND 99;
    CREATE TABLE strangers AS FROM '{room / "strangers.parquet"}' UNION FROM unread;
    CREATE TABLE days AS
    WITH by_employer AS (
        SELECT stem, employment, day::DATE AS day, max(level) AS level
        FROM covers, unnest(generate_series(opens, closes, INTERVAL 1 DAY)) AS days(day)
        WHERE day BETWEEN DATE '{observed_from}' AND DATE '{observed_to}'
        GROUP BY stem, employment, day
    )
    SELECT stem, day, CASE WHEN max(level) = 1 AND count(*) > 1 THEN 2 ELSE max(level) END AS level
    FROM by_employer WHERE stem NOT IN (FROM strangers) GROUP BY stem, day;
    CREATE TABLE linked AS SELECT * FROM people WHERE stem NOT IN (FROM strangers);
""")

found = {
    (measure, period or "", level): (numerator, denominator, rate, lower, upper)
    for measure, period, level, numerator, denominator, rate, lower, upper in db.execute(
        f"""SELECT measure, period, level, numerator, denominator, rate, lower, upper FROM '{rates_file}'
            WHERE "group" IN ('all', 'contract')""").fetchall()
}
checked = 0
CURVES = ("employed_week", "employed_16_week", "employed_month", "employed_16_month")


def found_unobserved(measure):
    return db.execute(f"""SELECT not_observed FROM '{rates_file}'
                          WHERE measure = '{measure}' AND "group" = 'all'""").fetchone()[0]


def part(not_observed, everyone):
    """Which part of everyone is not observed, in the words of the rates."""
    if not_observed == 0:
        return "none"
    return ("under 10%" if 10 * not_observed < everyone else
            "10% to 50%" if 2 * not_observed <= everyone else "over 50%")


def same(measure, period, query):
    """`query` gives for each person who belongs to the denominator whether they are counted; it is asked by contract."""
    global checked
    rows = db.execute(f"""
        WITH asked AS ({query})
        SELECT 'all', count(*) FILTER (yes), count(*) FROM asked JOIN people USING (stem)
        UNION ALL SELECT contract, count(*) FILTER (yes), count(*) FROM asked JOIN people USING (stem) GROUP BY contract
    """).fetchall()
    for level, numerator, denominator in rows:
        # A curve is of everyone, and of groups of 100 people or more; changed terms are tried on everyone.
        if level != "all" and (measure == "sensitivity" or measure in CURVES and denominator < 100):
            assert (measure, str(period), level) not in found, (measure, period, level)
            continue
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
        SELECT stem, stem IN (SELECT stem FROM days JOIN linked USING (stem)
                              WHERE day BETWEEN {first} AND {last} AND level >= {least}) AS yes
        FROM linked WHERE start IS NOT NULL AND {first} >= DATE '{observed_from}' AND {last} <= DATE '{observed_to}'
    """


same("started", "", "SELECT stem, start IS NOT NULL AS yes FROM people WHERE NOT starts_later")
later, everyone = db.execute("SELECT count(*) FILTER (starts_later), count(*) FROM people").fetchone()
assert 0 < later and found_unobserved("started") == part(later, everyone), (later, everyone)
for level, where in [("all", "true"), *((contract, f"contract_id = '{contract}'") for contract in contracts)]:
    rows = db.execute(f"SELECT count(*) FROM register WHERE {where}").fetchone()[0]
    assert found.get(("referrals", "", level), (0,))[0] == rows, (level, rows)
    checked += 1
assert found[("referrals", "", "all")][0] > found[("referred", "", "all")][0]
# A curve is of those who are observed in all its weeks: the longest of some of which at least half of those who started are.
for begin, end in ((-52, 104), (-52, 52), (-26, 52), (-13, 52), (-13, 39), (-13, 26), (0, 26), (0, 13)):
    throughout = f"start + {7 * begin} >= DATE '{observed_from}' AND start + {7 * end - 1} <= DATE '{observed_to}'"
    within, starters = db.execute(f"SELECT count(*) FILTER ({throughout}), count(start) FROM people").fetchone()
    if starters <= 2 * within:
        break
weeks = {int(period) for measure, period, level in found if measure == "employed_week"}
assert weeks == set(range(begin, end)), (begin, end, weeks)
for week in range(begin, end):
    first, last = f"start + {7 * week}", f"start + {7 * week + 6}"
    same("employed_week", week, f"{worked(first, last)} AND {throughout}")
    same("employed_16_week", week, f"{worked(first, last, 4)} AND {throughout}")
same("employed_before", "-13 to 0", worked("start - 91", "start - 1"))
for first, end in ((13, 26), (26, 39), (39, 52)):
    same("employed_after", f"{first} to {end}", worked(f"start + {7 * first}", f"start + {7 * end - 1}"))
    before, after = worked("start - 91", "start - 1"), worked(f"start + {7 * first}", f"start + {7 * end - 1}")
    gained, lost, both = db.execute(f"""
        SELECT count(*) FILTER (NOT before.yes AND after.yes), count(*) FILTER (before.yes AND NOT after.yes), count(*)
        FROM ({before}) AS before JOIN ({after}) AS after USING (stem)""").fetchone()
    own = found[("increase", f"{first} to {end}", "all")]
    assert own[:2] == (gained - lost, both) and (not both or abs(own[2] - (gained - lost) / both) < 1e-12), own
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
earned = """stem IN (SELECT paid.stem FROM paydays AS paid JOIN linked AS one USING (stem)
                     WHERE payday >= one.start AND payday < one.start + 364) AS yes"""
same("first_earnings_full", "", f"SELECT stem, {earned} FROM linked WHERE start IS NOT NULL")
same("first_earnings_matured", "", f"""
    SELECT stem, {earned} FROM linked WHERE start + {364 + MATURITY_DAYS} <= DATE '{CUT_OFF}'""")
files = [str(run / f"{verdict}.parquet") for verdict in ("validated", "rejected", "queried")]
for outcome, validated, all_claims in db.execute(f"""
        SELECT outcome, count(*) FILTER (verdict = 'validated'), count(*) FROM read_parquet({files})
        WHERE outcome IS NOT NULL GROUP BY outcome""").fetchall():
    assert found[("outcome_by_claim", outcome, "all")][:2] == (validated, all_claims), outcome
    checked += 1

# Each employer's first covered day on or after the start is a claimed start; whoever sustains the outcome from one meets it,
# unless the job was certainly there before the start.
db.execute(f"""
    COPY (SELECT stem, employer, greatest(any_value(start), min(opens)) AS job_start FROM covers JOIN linked USING (stem)
          WHERE start <= closes GROUP BY stem, employer) TO '{room / "first_days.parquet"}'
""")
FIRST_DAYS = f"SELECT linked.*, job_start FROM linked JOIN '{room / 'first_days.parquet'}' USING (stem)"
SUSTAINED = f"""
    COPY (SELECT claims.stem, claims.job_start, claims.job_start + opens + {WINDOW_DAYS - 1} AS achieved_on
          FROM standings JOIN claims USING (claim) WHERE result.line = 1 AND NOT there_before
          QUALIFY row_number() OVER (PARTITION BY claims.stem ORDER BY achieved_on, claims.job_start) = 1)
    TO '{room / "NAME.parquet"}'"""


def employments(name, days):
    """The step that tells the job of each employer, with a window that ends so many days after the claimed start."""
    step = peer.EMPLOYMENTS.replace(f"job_start + {peer.HORIZON_DAYS}", f"job_start + {days}")
    return step.replace("CREATE TABLE employments", f"CREATE TABLE {name}")


tried = weighed(FIRST_DAYS, peer.STANDINGS, ("covers", "stretches"))
# The same for a job begun: a day at the hours, within the tolerance, under an employer that competes for it; and at any hours
# on the first day itself.
tried.execute(employments("beginnings", peer.TOLERANCE_DAYS + 1))
tried.execute(employments("first_days", 1))
tried.execute(SUSTAINED.replace("NAME", "sustained"))
tried.execute(f"""
    COPY (
        WITH competing AS (
            SELECT claim, employment, has_job, {peer.THERE_BEFORE} AS there_before
            FROM beginnings JOIN questions USING (claim)
        )
        SELECT DISTINCT claims.stem FROM competing JOIN claims USING (claim) JOIN stretches USING (claim, employment)
        WHERE has_job AND NOT there_before AND level = {peer.YES}
          AND claims.job_start <= closes AND covered_from <= claims.job_start + {peer.TOLERANCE_DAYS}
    ) TO '{room / "begun.parquet"}';
    COPY (
        WITH told AS (
            SELECT claim, employer, has_job, {peer.THERE_BEFORE} AS there_before
            FROM first_days JOIN questions USING (claim) JOIN (SELECT DISTINCT employment, employer FROM jobs) USING (employment)
        )
        SELECT stem, min(job_start) AS began
        FROM told JOIN claims USING (claim) JOIN '{room / "first_days.parquet"}' USING (stem, employer, job_start)
        WHERE has_job AND NOT there_before GROUP BY stem
    ) TO '{room / "job_starts.parquet"}'
""")
tried.close()


def at_hours(reaching, below):
    """The step of covers with other letters for the bands that reach the hours and those below them; others are unclear."""
    says = peer.case([(f"hours_band IN {peer.listed(reaching)}", "true"), (f"hours_band IN {peer.listed(below)}", "false")])
    step = peer.COVERS.replace(peer.against_hours(peer.BANDS_SINCE), says)
    assert step != peer.COVERS
    return step


# Hours that bands cannot tell: at 14 and 15 band A may reach them, at 17 and 18 band B may. Without what may be, nothing above
# 16 hours is lost or won but for band B.
for name, covers in (("certain_17", at_hours("CD", "A")), ("possible_14", at_hours("ABCD", "Z"))):
    other = weighed(FIRST_DAYS, peer.STANDINGS, (), covers)
    other.execute(SUSTAINED.replace("NAME", name))
    other.close()
matured = f"FROM linked WHERE start + {WINDOW_DAYS + MATURITY_DAYS} <= DATE '{CUT_OFF}'"
for period, met_by in (("14 hours, certain", "sustained"), ("14 hours, possible", "possible_14"),
                       ("15 hours, certain", "sustained"), ("15 hours, possible", "possible_14"), ("16 hours", "sustained"),
                       ("17 hours, certain", "certain_17"), ("17 hours, possible", "sustained"),
                       ("18 hours, certain", "certain_17"), ("18 hours, possible", "sustained")):
    same("sensitivity", period, f"SELECT stem, stem IN (SELECT stem FROM '{room / met_by}.parquet') AS yes {matured}")

began_job = f"""stem IN (SELECT begun.stem FROM '{room / "job_starts.parquet"}' AS begun JOIN linked AS one USING (stem)
                         WHERE began < one.start + 364) AS yes"""
same("job_start_full", "", f"SELECT stem, {began_job} FROM linked WHERE start IS NOT NULL")
same("job_start_matured", "", f"""
    SELECT stem, {began_job} FROM linked WHERE start + {364 + MATURITY_DAYS} <= DATE '{CUT_OFF}'""")
# What was earned from the start on, payday by payday, jobs that ended before it left out.
db.execute(f"""
    COPY (
        WITH summed AS (
            SELECT stem, sum(sum(pence)) OVER (PARTITION BY stem ORDER BY payday) AS total
            FROM linked JOIN '{room / "pays.parquet"}' USING (stem)
            WHERE payday BETWEEN start AND start + {EARNED_DAYS - 1} AND NOT coalesce(leaving < start, false)
            GROUP BY stem, payday
        )
        SELECT DISTINCT stem FROM summed WHERE total >= 100000
    ) TO '{room / "earned.parquet"}'
""")
claimed = [str(run / f"{verdict}.parquet") for verdict in ("validated", "rejected", "queried")]
for outcome, met_by, window in ((OUTCOME, "sustained", WINDOW_DAYS), ("job_start_16h", "begun", 1),
                                ("earned_1000", "earned", EARNED_DAYS)):
    is_met = f"stem IN (SELECT stem FROM '{room / met_by}.parquet') AS yes"
    same("outcome_by_evidence_full", outcome, f"SELECT stem, {is_met} FROM linked WHERE start IS NOT NULL")
    same("outcome_by_evidence_matured", outcome, f"""
        SELECT stem, {is_met} FROM linked WHERE start + {window + MATURITY_DAYS} <= DATE '{CUT_OFF}'""")
    same("unclaimed_outcome", outcome, f"""
        SELECT linked.stem, linked.stem NOT IN (
                   SELECT register.stem FROM register JOIN read_parquet({claimed}) AS claims USING (participant_id)
                   WHERE claims.outcome = '{outcome}') AS yes
        FROM linked WHERE start IS NOT NULL AND linked.stem IN (SELECT stem FROM '{room / met_by}.parquet')""")
db.execute(f"CREATE TABLE met AS FROM '{room / 'sustained.parquet'}'")

# Unit costs: the money of a contract over what came of those who started while it was paid.
db.execute(f"CREATE TABLE spent AS FROM read_csv('{room / 'funding.csv'}')")
funded = """
    SELECT DISTINCT people.stem, people.contract, people.start FROM people JOIN spent ON contract = contract_id
    WHERE people.start BETWEEN spent."from" AND spent."to" """
for measure, period, bought in (
        ("cost_per_start", "", funded),
        ("cost_per_first_earnings", "",
         f"SELECT * FROM ({funded}) JOIN linked USING (stem, contract, start) WHERE {earned[:-7]}"),
        ("cost_per_job_start", "",
         f"SELECT * FROM ({funded}) JOIN linked USING (stem, contract, start) WHERE {began_job[:-7]}"),
        ("cost_per_outcome", OUTCOME + " ", f"SELECT * FROM ({funded}) WHERE stem IN (SELECT stem FROM met)")):
    for share, payers in (("all", "true"), ("dwp", "payer = 'DWP'"), ("match", "payer <> 'DWP'")):
        for level, where in [("all", "true"), *((contract, f"contract = '{contract}'") for contract in contracts[1:])]:
            pence = db.execute(f"""SELECT coalesce(sum(amount * 100), 0)::BIGINT FROM spent
                                   WHERE {payers} AND {where.replace("contract =", "contract_id =")}""").fetchone()[0]
            people = db.execute(f"SELECT count(DISTINCT stem) FROM ({bought}) WHERE {where}").fetchone()[0]
            own = found.get((measure, period + share, level))
            assert own is None and not people or own[:2] == ((pence + 50) // 100, people), (measure, period, share, level, own, pence, people)
            assert not people or abs(own[2] - pence / people / 100) <= 0.005001, (measure, level, own, pence, people)
            checked += 1

# Starts of people and referrals, which are rows, in the years of the programme, each beside its own volume.
for first, last, referrals, starts in (("2017-11-01", "2018-10-31", 760, 500), ("2018-11-01", "2019-03-31", 314, 207)):
    for measure, counted, expected in (("starts_of_volume", "people WHERE start", starts),
                                       ("referrals_of_volume", "register WHERE referral_date::DATE", referrals)):
        number = db.execute(f"SELECT count(*) FROM {counted} BETWEEN '{first}' AND '{last}'").fetchone()[0]
        own = found[(measure, f"{first} to {last}", "all")]
        assert own[:2] == (number, expected), (measure, first, own, number)
        checked += 1

# What a claim would come to for each outcome of 13 weeks that nobody claimed, by the peer that decides claims.
db.execute(f"""
    CREATE TABLE unclaimed AS FROM read_csv('{out / "not-for-release" / "unclaimed-outcomes.csv"}', all_varchar = true)
    WHERE outcome = '{OUTCOME}';
    COPY (
        SELECT unclaimed.participant_id AS claim_id, participant_id, provider_id, contract_id, nino, register.surname,
               register.forename, date_of_birth, outcome, NULL::VARCHAR AS employment_type, job_start AS job_start_date,
               NULL::DATE AS job_end_date, NULL::VARCHAR AS hours_per_week, NULL::VARCHAR AS paye_reference,
               greatest(met.achieved_on, DATE '{CUT_OFF}') AS claim_date, NULL::VARCHAR AS amount_claimed
        FROM unclaimed JOIN register USING (participant_id) JOIN '{room / "sustained.parquet"}' AS met USING (stem)
        WHERE met.achieved_on = unclaimed.achieved_on::DATE
    ) TO '{room / "would_be_claims.parquet"}'
""")
peer.MEMORY_LIMIT, macros = "900MB", peer.macros
peer.macros = lambda cut_off: macros(cut_off, FROM)
peer.decide(argparse.Namespace(
    claims=room / "would_be_claims.parquet", earnings=earnings / "*.parquet" if earnings.is_dir() else earnings,
    register=room / "register.parquet", out=room / "would_be_verdicts.parquet", cut_off=CUT_OFF, threads=2))
# A person with a second participant number is asked about (IDN11), which the peer leaves out.
differing = db.execute(f"""
    WITH told AS (
        SELECT unclaimed.*, peer.verdict AS by_peer, peer.reason,
               1 < (SELECT count(*) FROM register AS other WHERE other.stem = register.stem) AS has_two_numbers
        FROM unclaimed JOIN register USING (participant_id)
        LEFT JOIN '{room / "would_be_verdicts.parquet"}' AS peer ON claim_id = participant_id
    )
    SELECT * FROM told
    WHERE verdict IS DISTINCT FROM CASE WHEN has_two_numbers AND by_peer = 'validated' THEN 'queried' ELSE by_peer END
       OR NOT contains(coalesce(reasons, ''), coalesce(reason, ''))
""").fetchall()
assert not differing, differing[:5]
would_be = dict(db.execute("SELECT verdict, count(*) FROM unclaimed GROUP BY verdict").fetchall())
assert would_be.get("validated") and would_be.get("rejected"), would_be
checked += sum(would_be.values())

# A baseline's rows are those of its cohort, beside the share.
baselines = db.execute(f"""
    SELECT count(*) FROM '{rates_file}' AS beside JOIN '{rates_file}' AS own
        ON own.measure IN ('employed_before', 'employed_after') AND own.period = beside.period AND own.level = beside.level
    WHERE beside.measure = 'baseline' AND beside.level = 'learning_disability' AND own."group" = 'cohort'
      AND beside.numerator = own.numerator AND beside.denominator = own.denominator
      AND regexp_full_match(beside.note, 'baseline 6%: (above|below|undecided)')""").fetchone()[0]
assert baselines == 4, baselines

met = found[("outcome_by_evidence_full", OUTCOME, "all")]
assert account["register"]["people"] == db.execute("SELECT count(*) FROM people").fetchone()[0]
assert account["not_theirs"] == db.execute(f"SELECT count(*) FROM '{room / 'strangers.parquet'}'").fetchone()[0]
assert account["with_unread_rows"] == db.execute("SELECT count(*) FROM unread JOIN people USING (stem)").fetchone()[0] > 0
took = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
assert took <= MOST_MEMORY, f"this check took {took >> 20} MiB of memory, which is more than {MOST_MEMORY >> 20}"
print(f"{account['register']['people']} people: {checked} rates are the same in SQL; {met[0]} of {met[1]} met the outcome; "
      f"{took >> 20} MiB of memory")
