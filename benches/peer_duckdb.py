"""Decides claims of 13 sustained weeks with SQL: what an analyst who knows DuckDB would write in the program's place.

    python peer_duckdb.py --claims claims.parquet --earnings extract.parquet --register register.parquet \
        --cut-off 2019-03-31 --threads 2 --out verdicts.parquet

It follows the rulebook from the rows that count (section 3) through spells, cover and bridges (4), the status of days
(5), the table of results, the best employer and the union of employers (6), identity (8), the rules (9) and the verdict
(10), and writes one row for each claim: verdict, main reason, yes days and the day of achievement.

A claim's days are the bits of one HUGEINT, day J being bit 0: covers become bits without ever being laid out as rows
of days, a union is `bit_or`, and a window sustains when its bits are all there. So N must equal W, and W plus the
tolerance must stay under 127 days.

It leaves out: other outcomes than the one below (CLM01), rows that cannot be read and repeated claims (ROW01, ROW04),
earlier runs (CLM05), near misses (IDN07), the notes (IDN06, IDN08, IDN09), all evidence and messages. Rows without a
payment ID that differ in nothing but the employer's name count once; payment IDs have at most 20 digits. Where two
spells of an employer reach equally far, the later leaving date decides whether the gap after them may be bridged.
Rows alike in receipt, pay and hours band are put in order by fewer of the remaining columns than the rulebook names.
"""

import argparse
from datetime import date
from pathlib import Path

import duckdb

MEMORY_LIMIT = "13GB"

# The scheme.
OUTCOME = "sustained_13_weeks"
HOURS = 16
WINDOW_DAYS = 91
TOLERANCE_DAYS = 14
GAP_QUERY_DAYS = 31
CLAIM_WITHIN_DAYS = 182
PRICE_PENCE = 250_000
STARTS = ("2017-11-01", "2019-05-31")
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
BANDS_CHANGED = "2014-04-06"
# A band's lower and upper bound in hours, by letter; None is no bound. A band that is missing here says nothing.
BANDS_BEFORE = {"A": (0, 16), "B": (16, 30), "C": (30, None)}
BANDS_SINCE = {"A": (0, 16), "B": (16, 24), "C": (24, 30), "D": (30, None)}
DUMMIES = ("AA111111", "AA123456", "AB123456", "QQ123456")
NINO_PATTERN = "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]?"
UNUSED_PREFIXES = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
# Pence an hour from a day on: from 25, 23, 21 and 18 years of age, and below.
WAGES = (
    ("2016-04-01", 720, 670, 670, 530, 387), ("2016-10-01", 720, 695, 695, 555, 400),
    ("2017-04-01", 750, 705, 705, 560, 405), ("2018-04-01", 783, 738, 738, 590, 420),
    ("2019-04-01", 821, 770, 770, 615, 435), ("2020-04-01", 872, 820, 820, 645, 455),
    ("2021-04-01", 891, 891, 836, 656, 462), ("2022-04-01", 950, 950, 918, 683, 481),
    ("2023-04-01", 1042, 1042, 1018, 749, 528), ("2024-04-01", 1144, 1144, 1144, 860, 640),
    ("2025-04-01", 1221, 1221, 1221, 1000, 755), ("2026-04-01", 1271, 1271, 1271, 1085, 800),
)
WAGES_END = "2027-04-01"
# More than there are payment IDs: a moment of receipt times this, plus the ID, puts rows in order of receipt.
PAYMENT_IDS = 10**20
# The part of a number of two dates that holds the second.
LOW_BITS = 2**32 - 1
# Spread pay is summed in parts of a penny; a sum this near to the threshold can only be equal to it.
PARTS = 10**12
NEARLY = 10**3

# What a day can be under one employer.
YES, WEAK, UNKNOWN, BELOW = range(1, 5)
FREQUENCIES = ("W1", "W2", "W4", "M1", "M3", "M6", "MA", "IO", "IR")


def listed(values):
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def case(branches, otherwise="NULL"):
    """A CASE expression of (condition, value) pairs."""
    cases = " ".join(f"WHEN {condition} THEN {value}" for condition, value in branches)
    return f"CASE {cases} ELSE {otherwise} END"


def against_hours(bands):
    """Whether a band reaches the hours (true), stays below them (false) or leaves it open (null)."""
    reaching = [band for band, (lowest, _) in bands.items() if HOURS <= lowest]
    below = [band for band, (_, end) in bands.items() if end is not None and end <= HOURS]
    return case([(f"hours_band IN {listed(reaching)}", "true"), (f"hours_band IN {listed(below)}", "false")])


def window(opens):
    return f"{((1 << WINDOW_DAYS) - 1) << opens}::HUGEINT"


def macros(cut_off, extract_from="1900-01-01"):
    openings = range(TOLERANCE_DAYS + 1)
    return f"""
        CREATE MACRO blank_to_null(value) AS nullif(trim(value::VARCHAR), '');
        CREATE MACRO to_date(value) AS
            coalesce(try_cast(value AS DATE), try_strptime(value::VARCHAR, '%d/%m/%Y')::DATE);
        CREATE MACRO to_pence(value) AS (try_cast(value AS DECIMAL(18, 2)) * 100)::BIGINT;
        CREATE MACRO is_set(value) AS value IS NOT NULL AND lower(trim(value::VARCHAR)) IN ('y', 'yes', 'true');
        CREATE MACRO tidy_nino(value) AS upper(replace(value, ' ', ''));
        CREATE MACRO stem_of(value) AS left(tidy_nino(value), 8);
        CREATE MACRO is_malformed(tidy) AS
            NOT regexp_full_match(tidy, '{NINO_PATTERN}') OR left(tidy, 2) IN {listed(UNUSED_PREFIXES)};
        CREATE MACRO employer_of(office, reference) AS trim(office) || '/' || upper(trim(reference));
        CREATE MACRO payroll_of(value) AS CASE
            WHEN regexp_full_match(value, '[1-9A-Z][0-9A-Z]*') THEN value
            ELSE coalesce(ltrim(upper(regexp_replace(value, '[^\\p{{L}}\\p{{N}}]', '', 'g')), '0'), '') END;
        CREATE MACRO letters_of(value) AS regexp_replace(strip_accents(lower(value)), '[^\\p{{L}}]', '', 'g');
        CREATE MACRO surname_key(value) AS nullif(left(letters_of(value), 3), '');
        CREATE MACRO forename_key(value) AS nullif(left(letters_of(value), 1), '');
        CREATE MACRO day_number(day) AS (day - DATE '1970-01-01')::BIGINT;
        CREATE MACRO end_of_week(day) AS day + CASE isodow(day) WHEN 5 THEN 2 WHEN 6 THEN 1 ELSE 0 END;
        CREATE MACRO turns(age, born) AS
            (born + to_years(age))::DATE + CASE WHEN month(born) = 2 AND day(born) = 29 THEN 1 ELSE 0 END;
        CREATE MACRO moved(day, way, frequency, periods) AS CASE frequency
            WHEN 'W1' THEN day + way * 7 * periods
            WHEN 'W2' THEN day + way * 14 * periods
            WHEN 'W4' THEN day + way * 28 * periods
            WHEN 'M1' THEN (day + to_months(way * periods))::DATE
            WHEN 'M3' THEN (day + to_months(way * 3 * periods))::DATE
            WHEN 'M6' THEN (day + to_months(way * 6 * periods))::DATE
            WHEN 'MA' THEN (day + to_months(way * 12 * periods))::DATE
            ELSE day + way * 31 END;
        CREATE MACRO days(job_start, opens, closes) AS CASE
            WHEN closes < opens OR closes < job_start OR job_start + {HORIZON_DAYS - 1} < opens THEN 0::HUGEINT
            ELSE ((1::HUGEINT << (least(closes - job_start, {HORIZON_DAYS - 1})
                                  - greatest(opens - job_start, 0) + 1)::HUGEINT) - 1)
                 << greatest(opens - job_start, 0)::HUGEINT END;
        CREATE MACRO opening(mask) AS {case([(f"mask & {window(a)} = {window(a)}", a) for a in openings])};
        CREATE MACRO fullest(mask) AS greatest({", ".join(f"bit_count(mask & {window(a)})" for a in openings)});
        CREATE MACRO cut_off() AS DATE '{cut_off}';
        CREATE MACRO extract_from() AS DATE '{extract_from}';
    """


CLAIMS = f"""
    CREATE TABLE claims AS
    WITH cells AS (
        SELECT blank_to_null(claim_id) AS claim_id,
               blank_to_null(participant_id) AS participant_id,
               blank_to_null(provider_id) AS provider_id,
               blank_to_null(contract_id) AS contract_id,
               tidy_nino(blank_to_null(nino)) AS tidy,
               left(tidy, 8) AS stem,
               blank_to_null(surname) AS surname,
               blank_to_null(forename) AS forename,
               blank_to_null(date_of_birth) AS given_birth, to_date(given_birth) AS date_of_birth,
               blank_to_null(outcome) AS outcome,
               coalesce(blank_to_null(employment_type), 'employed') AS employment_type,
               blank_to_null(job_start_date) AS given_start, to_date(given_start) AS job_start,
               blank_to_null(job_end_date) AS given_end, to_date(given_end) AS job_end,
               blank_to_null(hours_per_week) AS given_hours, try_cast(given_hours AS DECIMAL(9, 2)) AS hours,
               blank_to_null(paye_reference) AS given_paye,
               CASE WHEN regexp_full_match(given_paye, '\\s*[0-9]{{3}}\\s*/.{{1,10}}') AND given_paye[:3] <> '000'
                    THEN employer_of(split_part(given_paye, '/', 1), split_part(given_paye, '/', 2)) END AS named,
               blank_to_null(claim_date) AS given_claim, to_date(given_claim) AS claim_date,
               blank_to_null(amount_claimed) AS given_amount, to_pence(given_amount) AS pence
        FROM read_parquet($claims)
    ), checked AS (
        SELECT *,
               claim_id IS NULL OR participant_id IS NULL OR provider_id IS NULL OR contract_id IS NULL OR tidy IS NULL
                   OR surname IS NULL OR forename IS NULL OR given_birth IS NULL OR outcome IS NULL
                   OR given_start IS NULL OR given_claim IS NULL AS lacks_value,
               (given_birth IS NOT NULL AND date_of_birth IS NULL) OR (given_start IS NOT NULL AND job_start IS NULL)
                   OR (given_end IS NOT NULL AND job_end IS NULL) OR (given_claim IS NOT NULL AND claim_date IS NULL)
                   OR (given_hours IS NOT NULL AND hours IS NULL) OR (given_paye IS NOT NULL AND named IS NULL)
                   OR (given_amount IS NOT NULL AND pence IS NULL)
                   OR employment_type NOT IN ('employed', 'self_employed') AS unreadable,
               coalesce(stem IN {listed(DUMMIES)}, false) AS is_dummy,
               coalesce(NOT is_dummy AND is_malformed(tidy), false) AS malformed
        FROM cells
    )
    SELECT row_number() OVER (ORDER BY claim_id)::INTEGER AS claim,
           claim_id, participant_id, contract_id, stem, surname, forename, date_of_birth, outcome, employment_type,
           job_start, job_end, hours, named, claim_date, pence, lacks_value, unreadable, is_dummy, malformed,
           coalesce(NOT lacks_value AND NOT unreadable AND NOT is_dummy AND NOT malformed AND outcome = '{OUTCOME}'
                    AND employment_type = 'employed', false) AS matchable
    FROM checked
"""

REGISTER = """
    CREATE TABLE register AS
    SELECT participant_id,
           any_value(stem_of(nino)) AS registered_stem,
           any_value(to_date(date_of_birth)) AS registered_birth,
           any_value(to_date(start_date)) AS started,
           any_value(cohort) AS cohort,
           any_value(benefit) AS benefit,
           bool_or(is_set(on_other_provision)) AS on_other_provision,
           count(*) = 1 AS usable
    FROM read_parquet($register)
    WHERE participant_id IN (SELECT participant_id FROM claims)
    GROUP BY participant_id
"""

QUESTIONS = """
    CREATE TABLE questions AS
    SELECT claim, person, job_start, named, claims.date_of_birth AS born, surname, forename,
           CASE WHEN usable THEN started END AS started
    FROM claims
    JOIN (SELECT stem, row_number() OVER (ORDER BY stem)::INTEGER AS person
          FROM claims WHERE matchable GROUP BY stem) USING (stem)
    LEFT JOIN register USING (participant_id)
    WHERE matchable
"""

PEOPLE = """
    CREATE TABLE people AS
    SELECT DISTINCT stem, person FROM questions JOIN claims USING (claim)
"""


def scan(earnings):
    """The claimed people's rows, read: the one pass over the extract, and steps 1 and 2 of section 3.

    Whether a row counts is a column here and a condition later: as a condition it would be asked of everyone's rows. A
    date of birth that is there makes the name needless, so the name is kept only without one.
    """
    source = "read_csv($earnings, all_varchar = true)" if earnings.suffix == ".csv" else "read_parquet($earnings)"
    return f"""
        CREATE TABLE read_rows AS
        SELECT person,
               office_number, paye_ref, coalesce(payroll_id, '') AS payroll_id,
               to_date(employment_start_date) AS start,
               to_date(leaving_date) AS leaving,
               to_date(payment_date) AS payday,
               pay_frequency AS frequency,
               coalesce(try_cast(earnings_periods AS INTEGER), 1) AS periods,
               to_pence(taxable_pay) AS pence,
               hours_band,
               is_set(irregular_payment) AS irregular,
               is_set(payment_after_leaving) AS after_leaving,
               try_cast(payment_id AS HUGEINT) AS payment_id,
               coalesce(epoch_us(try_cast(received_at AS TIMESTAMPTZ)), -1)::HUGEINT * {PAYMENT_IDS}
                   + coalesce(try_cast(payment_id AS HUGEINT), 0) AS receipt,
               to_date(date_of_birth) AS born,
               CASE WHEN date_of_birth IS NULL THEN surname END AS surname,
               CASE WHEN date_of_birth IS NULL THEN forename END AS forename,
               substring(tidy_nino(nino), 9) IN ('', 'A', 'B', 'C', 'D')
                   AND NOT is_set(pension_payment) AND pay_frequency IN {listed(FREQUENCIES)} AND pence IS NOT NULL
                   AND payday <= cut_off()
                   AND coalesce(cut_off() < to_date(no_longer_valid), true) AS counts
        FROM {source} JOIN people ON stem_of(nino) = stem
    """


# Who was paid by whom under which payroll ID. Numbers in the order of the texts take the texts' place from here on.
JOBS = """
    CREATE TABLE jobs AS
    WITH told AS (
        SELECT person, office_number, paye_ref, payroll_id, employer_of(office_number, paye_ref) AS employer,
               payroll_of(payroll_id) AS payroll, min(leaving) AS first_leaving, max(start) AS last_start
        FROM read_rows WHERE counts
        GROUP BY person, office_number, paye_ref, payroll_id
    )
    SELECT person, office_number, paye_ref, payroll_id, employer,
           dense_rank() OVER (ORDER BY person, employer)::INTEGER AS employment,
           dense_rank() OVER (ORDER BY person, employer, payroll)::INTEGER AS job,
           coalesce(min(first_leaving) OVER same_job < max(last_start) OVER same_job, false) AS may_be_rehired
    FROM told
    WINDOW same_job AS (PARTITION BY person, employer, payroll)
"""

# Steps 3 and 4 of section 3: the rows that others replace or repeat. Few do, so only those are put in order.
DROPPED = """
    CREATE TABLE dropped AS
    WITH repeated AS (
        SELECT person, payment_id FROM read_rows WHERE counts
        GROUP BY person, payment_id HAVING 1 < count(*)
    ), ranked AS (
        SELECT read_rows.rowid AS place, read_rows.payment_id, row_number() OVER (
                   PARTITION BY person, read_rows.payment_id
                   ORDER BY receipt DESC, pence DESC, hours_band DESC NULLS LAST, surname DESC NULLS LAST,
                            forename DESC NULLS LAST, born DESC NULLS LAST, office_number DESC, paye_ref DESC,
                            payroll_id DESC, start DESC NULLS LAST, leaving DESC NULLS LAST, payday DESC,
                            frequency DESC, periods DESC, irregular DESC, after_leaving DESC) AS placed,
               row_number() OVER (
                   PARTITION BY person, read_rows.payment_id, receipt, pence, hours_band, surname, forename, born,
                                office_number, paye_ref, payroll_id, start, leaving, payday, frequency, periods,
                                irregular, after_leaving) AS copy
        FROM read_rows JOIN repeated USING (person)
        WHERE counts AND read_rows.payment_id IS NOT DISTINCT FROM repeated.payment_id
    )
    SELECT place FROM ranked WHERE 1 < CASE WHEN payment_id IS NULL THEN copy ELSE placed END
"""

# Payments that look like repeats count once, unless the sender took one of them back. Few look alike, so that rows are first
# told apart by one number.
REPEATS = """
    CREATE TABLE repeats AS
    WITH standing AS (
        SELECT rowid AS place, *, hash(person, born, office_number, paye_ref, payday, frequency, periods, hours_band,
                                       irregular, after_leaving, pence) AS alike
        FROM read_rows WHERE counts AND rowid NOT IN (SELECT place FROM dropped)
    ), repeated AS (
        SELECT alike FROM standing GROUP BY alike HAVING 1 < count(*)
    ), ranked AS (
        SELECT place, person, office_number, paye_ref, payday, pence,
               row_number() OVER (same_payment ORDER BY receipt DESC, payroll_id DESC, place) AS placed,
               min(start) OVER same_payment AS start, max(leaving) OVER same_payment AS leaving
        FROM standing SEMI JOIN repeated USING (alike)
        WHERE pence <> 0
        WINDOW same_payment AS (PARTITION BY person, born, office_number, paye_ref, payday, frequency, periods, hours_band,
                                             irregular, after_leaving, pence)
    )
    SELECT place, placed, start, leaving FROM ranked ANTI JOIN standing AS back
        ON ranked.person = back.person AND ranked.office_number = back.office_number AND ranked.paye_ref = back.paye_ref
           AND ranked.payday = back.payday AND ranked.pence = -back.pence
"""

COUNTING = """
    CREATE VIEW counting AS
    SELECT read_rows.* REPLACE (coalesce(read_rows.start, repeats.start) AS start,
                                coalesce(read_rows.leaving, repeats.leaving) AS leaving)
    FROM read_rows LEFT JOIN repeats ON read_rows.rowid = repeats.place
    WHERE counts AND read_rows.rowid NOT IN (SELECT place FROM dropped) AND coalesce(repeats.placed, 1) = 1
"""

# Section 8. Names are asked only of people under whose number no row has a date of birth.
IDENTITY = """
    CREATE TABLE identity AS
    WITH births AS (
        SELECT DISTINCT person, born FROM counting
    ), dates AS (
        SELECT claim, bool_or(births.born = asked.born) AS matches, count(births.born) = 0 AS unknown
        FROM births JOIN questions AS asked USING (person) GROUP BY claim
    ), names AS (
        SELECT claim, bool_or(surname_key(paid.surname) = surname_key(asked.surname) AND
                              coalesce(forename_key(paid.forename) = forename_key(asked.forename), true)) AS matches
        FROM dates JOIN questions AS asked USING (claim) JOIN counting AS paid USING (person)
        WHERE unknown AND surname_key(paid.surname) IS NOT NULL
        GROUP BY claim
    )
    SELECT claim, CASE WHEN unknown THEN names.matches IS NOT DISTINCT FROM false ELSE NOT dates.matches END
           AS another_person
    FROM dates LEFT JOIN names USING (claim)
"""

# The stints of section 4: a start after the latest leaving date so far begins another. Only a job with a start after a
# leaving date can hold one, so only such jobs are put in order.
STINTED = """
    CREATE TABLE stinted AS
    WITH placed AS (
        SELECT job, may_be_rehired, start, leaving, payday, frequency, periods, pence, hours_band, irregular,
               after_leaving, receipt
        FROM counting JOIN jobs USING (person, office_number, paye_ref, payroll_id)
    ), followed AS (
        SELECT *, max(leaving) OVER (PARTITION BY job ORDER BY payday, receipt
                                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS left_before
        FROM placed WHERE may_be_rehired
    )
    SELECT * EXCLUDE (may_be_rehired, left_before),
           coalesce(day_number(max(left_before) FILTER (left_before < start) OVER (
               PARTITION BY job ORDER BY payday, receipt ROWS UNBOUNDED PRECEDING)), 0) AS stint
    FROM followed
    UNION ALL
    SELECT * EXCLUDE may_be_rehired, 0 FROM placed WHERE NOT may_be_rehired
"""

# Step 5 of section 3. Few rows share a spell and a payday, so only those are put in order and brought together.
PAYMENTS = """
    CREATE TABLE payments AS
    WITH shared AS (
        SELECT job, stint, payday FROM stinted GROUP BY job, stint, payday HAVING 1 < count(*)
    ), placed AS (
        SELECT stinted.*, row_number() OVER (
                   PARTITION BY job, stint, payday
                   ORDER BY receipt, pence, hours_band NULLS FIRST, start NULLS FIRST, leaving NULLS FIRST, frequency,
                            periods, irregular) AS place
        FROM stinted SEMI JOIN shared USING (job, stint, payday)
    )
    SELECT job, stint, payday, pence, periods, frequency, hours_band, irregular, after_leaving, start, leaving
    FROM stinted ANTI JOIN shared USING (job, stint, payday)
    UNION ALL
    SELECT job, stint, payday, sum(pence)::BIGINT, max(periods), arg_max_null(frequency, place),
           arg_max_null(hours_band, place), bool_or(irregular), bool_and(after_leaving), min(start), max(leaving)
    FROM placed GROUP BY job, stint, payday
"""

SPELLS = """
    CREATE TABLE spells AS
    WITH reported AS (
        SELECT job, stint,
               min(start) AS start,
               max(leaving) AS leaving,
               min(payday) FILTER (0 < pence) AS first_payday,
               max(payday) FILTER (0 < pence) AS last_payday,
               max(moved(payday, -1, frequency, periods)) FILTER (0 < pence AND NOT after_leaving) AS paid_from,
               bool_or(frequency IN ('IO', 'IR')) AS has_irregular
        FROM payments GROUP BY job, stint
    )
    SELECT row_number() OVER (ORDER BY job, stint)::INTEGER AS spell, job, stint, employment, person,
           first_payday, last_payday, has_irregular,
           CASE WHEN first_payday IS NULL OR start <= first_payday THEN start END AS start,
           CASE WHEN paid_from IS NULL OR paid_from <= leaving THEN end_of_week(leaving) END AS leaving
    FROM reported JOIN (SELECT DISTINCT job, employment, person FROM jobs) USING (job)
"""

COVERS = f"""
    CREATE TABLE covers AS
    WITH paid AS (
        SELECT spell, person, employment, spells.start, spells.leaving, payday, pence, frequency, periods, hours_band,
               irregular, payday = first_payday AS is_first, payday = last_payday AS is_last, has_irregular
        FROM payments JOIN spells USING (job, stint)
    ), followed AS (
        SELECT *, NULL::DATE AS payday_before FROM paid WHERE NOT has_irregular
        UNION ALL
        SELECT *, lag(payday) OVER (PARTITION BY spell ORDER BY payday) FROM paid WHERE has_irregular
    ), nominal AS (
        SELECT *, CASE WHEN frequency IN ('IO', 'IR') THEN greatest(payday - 30, payday_before + 1)
                       ELSE moved(payday, -1, frequency, periods) + 1 END AS nominal_first
        FROM followed WHERE 0 < pence
    ), reaching AS (
        SELECT *, CASE WHEN is_first THEN least(moved(nominal_first, -1, frequency, periods),
                                                nominal_first - {ARREARS_DAYS}) END AS arrears_from,
               CASE WHEN is_last AND payday < leaving AND leaving <= moved(payday, 1, frequency, periods) THEN leaving
                    ELSE payday END AS nominal_last
        FROM nominal
    )
    SELECT spell, person, employment, payday, pence, frequency, periods, irregular, start, leaving,
           CASE WHEN arrears_from <= start AND start < nominal_first THEN start
                ELSE greatest(nominal_first, start) END AS opens,
           least(nominal_last, leaving, cut_off()) AS closes,
           CASE WHEN start IS NULL THEN arrears_from END AS arrears_from,
           NOT irregular AND frequency IN ('W1', 'W2', 'W4', 'M1') AS firm,
           CASE WHEN payday < DATE '{BANDS_CHANGED}' THEN {against_hours(BANDS_BEFORE)}
                ELSE {against_hours(BANDS_SINCE)} END AS reaches
    FROM reaching
    WHERE opens <= closes
"""

# A payment's cover, and the weak days from the claimed start to it, where a window, or a gap that counts, can touch it.
STRETCHES = f"""
    CREATE TABLE stretches AS
    WITH near AS (
        SELECT claim, job_start, covers.*
        FROM covers JOIN questions USING (person)
        WHERE job_start - {GAP_QUERY_DAYS + 1} <= closes AND opens <= job_start + {HORIZON_DAYS + GAP_QUERY_DAYS}
    ), ordered AS (
        SELECT *, bool_or(job_start BETWEEN opens AND closes) OVER (PARTITION BY claim, employment) AS is_held,
                  max((day_number(closes) << 32) | coalesce(day_number(leaving), 1000000)) OVER (
                      PARTITION BY claim, employment ORDER BY opens, closes, spell, payday
                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS furthest
        FROM near
    ), gaps AS (
        SELECT * EXCLUDE furthest, DATE '1970-01-01' + (furthest >> 32)::INTEGER AS reached,
               CASE WHEN day_number(opens) <= (furthest & {LOW_BITS}) THEN opens - reached - 1 ELSE 0 END AS gap_days,
               CASE WHEN NOT firm THEN 0 WHEN frequency = 'W1' THEN 3 WHEN frequency = 'W2' THEN 4
                    WHEN frequency = 'W4' THEN 7 ELSE 14 END AS bridge_days
        FROM ordered
    ), bridged AS (
        SELECT *, true AS own, firm AS strong,
               CASE WHEN 0 < gap_days AND gap_days <= bridge_days THEN reached + 1 ELSE opens END AS covered_from,
               CASE WHEN bridge_days < gap_days AND gap_days <= {GAP_QUERY_DAYS} THEN reached + 1 END AS gap_from
        FROM gaps
    ), laid AS (
        SELECT * FROM bridged
        UNION ALL
        -- Days back to a claimed start that no other spell covers: they fill what bridging leaves.
        SELECT * REPLACE (job_start AS opens, covered_from - 1 AS closes, false AS own, false AS strong,
                          job_start AS covered_from, NULL AS gap_from)
        FROM bridged WHERE arrears_from <= job_start AND job_start < covered_from AND NOT is_held
    )
    SELECT claim, job_start, employment, spell, payday, pence, opens, closes, own, covered_from, gap_from,
           CASE WHEN reaches IS NULL THEN {UNKNOWN} WHEN NOT reaches THEN {BELOW}
                WHEN strong THEN {YES} ELSE {WEAK} END AS level
    FROM laid
"""

# The job and the last payment under each employer with covered days, for each claim.
EMPLOYMENTS = f"""
    CREATE TABLE employments AS
    WITH spans AS (
        SELECT spell, min(opens) AS first_cover, max((day_number(closes) << 32) | day_number(payday)) AS last_key
        FROM covers GROUP BY spell
    ), ends AS (
        SELECT spell, first_cover, last_key, closes AS last_cover, irregular OR frequency = 'IR' AS unpredictable, firm,
               moved(closes, 1, frequency, periods) + {OVERDUE_DAYS} AS overdue_from
        FROM covers JOIN spans USING (spell)
        WHERE day_number(closes) = last_key >> 32 AND day_number(payday) = last_key & {LOW_BITS}
    ), in_time AS (
        SELECT DISTINCT claim, spell FROM stretches
        WHERE job_start <= closes AND covered_from < job_start + {HORIZON_DAYS}
    ), told AS (
        SELECT claim, spells.*, ends.* EXCLUDE spell, in_time.spell IS NOT NULL AS competes
        FROM questions JOIN spells USING (person) JOIN ends USING (spell) LEFT JOIN in_time USING (claim, spell)
    ), firsts AS (
        SELECT claim, employment,
               min({{'first_cover': first_cover, 'spell': spell, 'start': start, 'first_payday': first_payday}})
                   FILTER (competes) AS job,
               min(first_payday) AS earliest_payday
        FROM told GROUP BY claim, employment
    ), lasts AS (
        SELECT claim, employment, last_cover, unpredictable, firm, overdue_from, leaving FROM told
        QUALIFY row_number() OVER (PARTITION BY claim, employment ORDER BY last_key DESC, job, stint DESC) = 1
    )
    SELECT claim, employment, job IS NOT NULL AS has_job, job.first_cover AS first_cover, job.start AS start,
           coalesce(job.start, job.first_payday) AS began, job.first_payday AS job_payday, earliest_payday, last_cover, leaving,
           leaving IS NULL AND cut_off() < overdue_from AS is_pending,
           unpredictable OR (firm AND cut_off() - last_cover <= {QUIET_DAYS}) AS may_be_quiet
    FROM firsts JOIN lasts USING (claim, employment)
"""


def bits(level):
    return f"coalesce(bit_or(days(job_start, covered_from, closes)) FILTER (level = {level}), 0)"


# Sections 5 and 6. Each set of days as bits: those of one status, then those that may still come or went unpaid.
SETS = f"""
    CREATE TABLE sets AS
    WITH covered AS (
        SELECT claim, employment, {bits(YES)} AS yes, {bits(WEAK)} AS weak, {bits(UNKNOWN)} AS unknown,
               {bits(BELOW)} AS below,
               coalesce(bit_or(days(job_start, gap_from, opens - 1)) FILTER (gap_from IS NOT NULL), 0) AS unpaid
        FROM stretches GROUP BY claim, employment
    )
    SELECT employments.*, employer, job_start, named, started,
           coalesce(yes, 0::HUGEINT) AS yes, coalesce(weak, 0::HUGEINT) AS weak,
           coalesce(unknown, 0::HUGEINT) AS unknown, coalesce(below, 0::HUGEINT) AS below,
           coalesce(unpaid, 0::HUGEINT)
               | CASE WHEN has_job AND first_cover - coalesce(start, job_start) BETWEEN 1 AND {GAP_QUERY_DAYS}
                      THEN days(job_start, coalesce(start, job_start), first_cover - 1) ELSE 0::HUGEINT END AS unpaid,
           CASE WHEN is_pending THEN days(job_start, last_cover + 1, DATE '9999-12-31')
                WHEN cut_off() < leaving THEN days(job_start, last_cover + 1, leaving)
                ELSE 0::HUGEINT END AS pending,
           CASE WHEN leaving IS NULL AND NOT is_pending AND may_be_quiet
                THEN days(job_start, last_cover + 1, DATE '9999-12-31') ELSE 0::HUGEINT END AS quiet
    FROM employments JOIN questions USING (claim)
    JOIN (SELECT DISTINCT employment, employer FROM jobs) USING (employment)
    LEFT JOIN covered USING (claim, employment)
"""

# Section 9, ELG05: two of the three dates, or one that nothing contradicts.
THERE_BEFORE = """
    CASE WHEN started IS NULL THEN false
         WHEN 1 < (job_start < started)::INTEGER + coalesce(start < started, false)::INTEGER
                  + coalesce(job_payday < started, false)::INTEGER THEN true
         WHEN start < started THEN earliest_payday < started OR started - 62 < extract_from()
         WHEN job_payday < started THEN start IS NULL
         ELSE job_start < started - 14 END"""

STANDINGS = f"""
    CREATE TABLE standings AS
    WITH competing AS (
        SELECT *, {THERE_BEFORE} AS there_before,
               bool_or(has_job AND NOT there_before) OVER (PARTITION BY claim) AS has_new
        FROM sets
    ), lined AS (
        SELECT claim, employment, employer, job_start, named, start, began, there_before, yes, opening(yes) AS opens,
               CASE WHEN opens IS NOT NULL THEN {{'class': 1, 'line': 1, 'code': NULL}}
                    WHEN opening(yes | weak) IS NOT NULL THEN {{'class': 2, 'line': 2, 'code': 'SUS06'}}
                    WHEN opening(yes | weak | unknown) IS NOT NULL THEN {{'class': 2, 'line': 2, 'code': 'HRS02'}}
                    WHEN opening(yes | weak | unknown | pending) IS NOT NULL
                    THEN {{'class': 2, 'line': 3, 'code': 'SUS03'}}
                    WHEN opening(yes | weak | unknown | pending | quiet) IS NOT NULL
                    THEN {{'class': 2, 'line': 4, 'code': 'SUS04'}}
                    WHEN opening(yes | weak | unknown | pending | quiet | unpaid) IS NOT NULL
                    THEN {{'class': 2, 'line': 5, 'code': 'SUS07'}}
                    WHEN opening(yes | weak | unknown | pending | quiet | unpaid | below) IS NOT NULL
                    THEN {{'class': 3, 'line': 6, 'code': 'HRS01'}}
                    WHEN leaving IS NULL THEN {{'class': 3, 'line': 9, 'code': 'SUS02'}}
                    WHEN {WINDOW_DAYS} <= leaving - greatest(job_start, coalesce(start, first_cover)) + 1
                    THEN {{'class': 2, 'line': 7, 'code': 'SUS07'}}
                    ELSE {{'class': 3, 'line': 8, 'code': 'SUS01'}} END AS result
        FROM competing
        WHERE has_job AND (CASE WHEN has_new THEN NOT there_before ELSE coalesce(named = employer, true) END)
    )
    SELECT * FROM lined
    QUALIFY row_number() OVER (PARTITION BY claim ORDER BY result.class, result.line, named IS DISTINCT FROM employer,
                               start IS NULL, abs(start - job_start), employment) = 1
"""

TOGETHER = """
    CREATE TABLE together AS
    WITH each_one AS (
        SELECT claim, yes, weak | unknown AS unknown, pending | quiet AS awaited, below,
               coalesce(bit_or(below) OVER (PARTITION BY claim ORDER BY employment
                                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS below_elsewhere
        FROM sets WHERE claim IN (SELECT claim FROM standings WHERE 1 < result.line)
    ), united AS (
        SELECT claim, bit_or(yes) AS yes, bit_or(unknown | (below & below_elsewhere)) AS unknown,
               bit_or(awaited) AS awaited
        FROM each_one GROUP BY claim
    )
    SELECT claim, united.yes AS union_yes FROM united JOIN standings AS best USING (claim)
    WHERE opening(united.yes) IS NOT NULL
       OR (result.class = 3 AND opening(united.yes | unknown | awaited) IS NOT NULL)
"""


def rates():
    """The wage table laid out by payday."""
    ends = [begins for begins, *_ in WAGES[1:]] + [WAGES_END]
    rows = [f"(DATE '{begins}', DATE '{end}', {', '.join(map(str, by_age))})"
            for (begins, *by_age), end in zip(WAGES, ends, strict=True)]
    return f"""
        CREATE TABLE rates AS
        SELECT payday::DATE AS payday, age_25, age_23, age_21, age_18, under_18
        FROM (VALUES {", ".join(rows)}) AS wages(begins, ends, age_25, age_23, age_21, age_18, under_18),
             unnest(generate_series(begins, ends - 1, INTERVAL 1 DAY)) AS days(payday)
    """


# HRS03. The days are told apart only where the lowest of the claim's rates for all of them would be too little to ask
# and the highest too much; few claims are, so those are laid out day by day.
PAY = f"""
    CREATE TABLE pay AS
    WITH achieving AS (
        SELECT claim, employment, job_start + opens AS window_opens, window_opens + {WINDOW_DAYS - 1} AS window_closes,
               turns(18, born) AS turns_18, turns(21, born) AS turns_21, turns(23, born) AS turns_23,
               turns(25, born) AS turns_25
        FROM standings JOIN questions USING (claim, job_start) WHERE opens IS NOT NULL
    ), within AS (
        SELECT claim, payday, window_opens, covered_from, stretches.opens, closes,
               pence::HUGEINT * {PARTS} * (1 + greatest(least(closes, window_closes)
                                                        - greatest(stretches.opens, window_opens), -1))
                   // (closes - stretches.opens + 1) AS parts,
               CASE WHEN turns_25 <= payday THEN age_25 WHEN turns_23 <= payday THEN age_23
                    WHEN turns_21 <= payday THEN age_21 WHEN turns_18 <= payday THEN age_18 ELSE under_18 END AS rate
        FROM stretches JOIN achieving USING (claim, employment) LEFT JOIN rates USING (payday)
        WHERE own AND covered_from <= window_closes AND window_opens <= closes
    ), summed AS (
        SELECT claim, 7 * sum(parts)::HUGEINT + {NEARLY} AS brought,
               {HOURS * WINDOW_DAYS * PARTS}::HUGEINT * coalesce(min(coalesce(rate, 0)), 0) AS at_least,
               {HOURS * WINDOW_DAYS * PARTS}::HUGEINT * max(rate) AS at_most
        FROM within GROUP BY claim
    ), laid_out AS (
        SELECT claim, window_opens + place::INTEGER AS day,
               arg_min_null(rate, {{'bridged': day < opens, 'payday': payday}}) AS rate
        FROM within SEMI JOIN (FROM summed WHERE at_least <= brought AND brought < at_most) USING (claim)
        JOIN range({WINDOW_DAYS}) AS places(place) ON window_opens + place::INTEGER BETWEEN covered_from AND closes
        GROUP BY claim, day
    ), asked AS (
        SELECT claim, {HOURS * PARTS}::HUGEINT * CASE WHEN count(*) = count(rate) THEN sum(rate) END AS needed
        FROM laid_out GROUP BY claim
    )
    SELECT claim, brought < coalesce(needed, at_least) AS too_low FROM summed LEFT JOIN asked USING (claim)
"""

# Section 9, all rules but CLM04: each row is a claim with what each rule says of it.
FAILURES = f"""
    CREATE TABLE failures AS
    WITH without_pay AS (
        SELECT claim, count(first_payday) = 0 AS nobody_paid FROM questions JOIN spells USING (person) GROUP BY claim
    )
    SELECT claim, claim_id, participant_id, outcome, claim_date,
           CASE WHEN NOT matchable OR nobody_paid OR best.claim IS NULL THEN NULL
                WHEN together.claim IS NOT NULL THEN fullest(union_yes)
                ELSE fullest(yes) END AS yes_days,
           claims.job_start + opens + {WINDOW_DAYS - 1} AS achieved_on,
           coalesce(together.claim IS NOT NULL, false) AS across,
           CASE WHEN NOT matchable THEN NULL WHEN nobody_paid THEN 'EMP04' WHEN best.claim IS NULL THEN 'EMP01'
                WHEN across THEN 'SUS05' ELSE result.code END AS answer,
           cut_off() < claims.job_start + {FIRST_PAY_DAYS} AS pay_may_come,
           claims.job_start + {WINDOW_DAYS - 1} AS earliest,
           coalesce(usable, false) AS known,
           coalesce(
               CASE WHEN lacks_value THEN 'ROW02' END,
               CASE WHEN unreadable THEN 'ROW03' END,
               CASE WHEN job_end < claims.job_start OR claim_date < claims.job_start
                         OR claims.job_start < date_of_birth THEN 'ROW05' END,
               CASE WHEN outcome <> '{OUTCOME}' THEN 'CLM01' END,
               CASE WHEN outcome = '{OUTCOME}' AND claim_date < earliest THEN 'CLM02' END,
               CASE WHEN achieved_on + {CLAIM_WITHIN_DAYS} < claim_date THEN 'CLM03' END,
               CASE WHEN outcome = '{OUTCOME}' AND hours < {HOURS} THEN 'CLM06' END,
               CASE WHEN outcome = '{OUTCOME}' AND end_of_week(job_end) < earliest THEN 'CLM10' END,
               CASE WHEN malformed THEN 'IDN01' END,
               CASE WHEN is_dummy THEN 'IDN02' END,
               CASE WHEN usable IS NULL THEN 'IDN03' END,
               CASE WHEN known AND cohort NOT IN {listed(COHORTS)} THEN 'ELG01' END,
               CASE WHEN known AND on_other_provision THEN 'ELG02' END,
               CASE WHEN known AND benefit NOT IN {listed(BENEFITS)} THEN 'ELG03' END,
               CASE WHEN known AND coalesce(register.started NOT BETWEEN '{STARTS[0]}' AND '{STARTS[1]}', true)
                    THEN 'ELG04' END,
               CASE WHEN known AND least(claims.job_start, began) < register.started THEN 'ELG05' END,
               CASE WHEN contract_id NOT IN {listed(CONTRACTS)} THEN 'ELG06' END,
               CASE WHEN answer = 'EMP01' AND NOT pay_may_come OR answer IN ('EMP04', 'HRS01', 'SUS01', 'SUS02')
                    THEN answer END
           ) AS rejection,
           coalesce(
               CASE WHEN outcome = '{OUTCOME}' AND claims.pence <> {PRICE_PENCE} THEN 'CLM07' END,
               CASE WHEN employment_type = 'self_employed' THEN 'CLM08' END,
               CASE WHEN claim_date < achieved_on THEN 'CLM09' END,
               CASE WHEN known AND (NOT malformed AND stem <> registered_stem OR date_of_birth <> registered_birth)
                    THEN 'IDN04' END,
               CASE WHEN another_person THEN 'IDN05' END,
               CASE WHEN NOT usable THEN 'ELG00' END,
               CASE WHEN answer = 'EMP01' AND pay_may_come THEN 'EMP01' END,
               CASE WHEN NOT nobody_paid AND best.employer <> claims.named THEN 'EMP02' END,
               CASE WHEN NOT nobody_paid AND {TOLERANCE_DAYS} < abs(best.start - claims.job_start) THEN 'EMP03' END,
               CASE WHEN answer = 'HRS02' THEN answer END,
               CASE WHEN too_low THEN 'HRS03' END,
               CASE WHEN starts_with(answer, 'SUS0') AND answer NOT IN ('SUS01', 'SUS02') THEN answer END
           ) AS query
    FROM claims
    LEFT JOIN register USING (participant_id)
    LEFT JOIN identity USING (claim)
    LEFT JOIN without_pay USING (claim)
    LEFT JOIN standings AS best USING (claim)
    LEFT JOIN together USING (claim)
    LEFT JOIN pay USING (claim)
"""

# CLM04 comes last: of a participant's claims that nothing else rejects the first stands. Then the verdict.
VERDICTS = """
    COPY (
        WITH standing AS (
            SELECT claim, row_number() OVER rivals = 1 AS stands,
                   first_value(query IS NULL) OVER rivals AS first_validated
            FROM failures WHERE rejection IS NULL
            WINDOW rivals AS (PARTITION BY participant_id, outcome
                              ORDER BY query IS NOT NULL, claim_date, claim_id)
        ), decided AS (
            SELECT failures.*, rejection IS NULL AND NOT stands AND first_validated AS twice_rejected,
                   rejection IS NULL AND NOT stands AND NOT first_validated AS twice_queried
            FROM failures LEFT JOIN standing USING (claim)
        )
        SELECT claim_id,
               CASE WHEN rejection IS NOT NULL OR twice_rejected THEN 'rejected'
                    WHEN query IS NOT NULL OR twice_queried THEN 'queried' ELSE 'validated' END AS verdict,
               CASE WHEN rejection IS NOT NULL THEN rejection WHEN twice_rejected OR twice_queried THEN 'CLM04'
                    ELSE query END AS reason,
               yes_days::INTEGER AS yes_days, achieved_on
        FROM decided ORDER BY claim_id
    ) TO $out (FORMAT parquet)
"""

# What is done after the scan, in order, each with the tables that are needed no more.
STEPS = (
    (JOBS, ()), (DROPPED, ()), (REPEATS, ()), (COUNTING, ()), (IDENTITY, ()), (STINTED, ("read_rows",)), (PAYMENTS, ("stinted",)),
    (SPELLS, ()), (COVERS, ("payments",)), (STRETCHES, ()), (EMPLOYMENTS, ("covers",)), (SETS, ()), (STANDINGS, ()),
    (TOGETHER, ("sets",)), (PAY, ("stretches",)), (FAILURES, ()),
)


def open_database(options):
    """A database in memory that may spill beside the result."""
    spill = options.out.with_suffix(".spill")
    db = duckdb.connect(config={"threads": options.threads, "memory_limit": MEMORY_LIMIT, "temp_directory": str(spill)})
    db.execute("SET enable_progress_bar = false; SET preserve_insertion_order = false; SET TimeZone = 'UTC'")
    return db


def decide(options):
    db = open_database(options)
    db.execute(macros(options.cut_off))
    db.execute(CLAIMS, {"claims": str(options.claims)})
    db.execute(REGISTER, {"register": str(options.register)})
    db.execute(QUESTIONS)
    db.execute(PEOPLE)
    db.execute(rates())
    db.execute(scan(options.earnings), {"earnings": str(options.earnings)})
    for statement, needless in STEPS:
        db.execute(statement)
        for table in needless:
            db.execute(f"DROP TABLE {table}")
    db.execute(VERDICTS, {"out": str(options.out)})
    db.close()


def main():
    options = argparse.ArgumentParser(description="Decides claims of 13 sustained weeks with DuckDB.")
    for name in ("claims", "earnings", "register", "out"):
        options.add_argument(f"--{name}", type=Path, required=True)
    options.add_argument("--cut-off", type=date.fromisoformat, required=True)
    options.add_argument("--threads", type=int, default=2)
    decide(options.parse_args())


if __name__ == "__main__":
    main()
