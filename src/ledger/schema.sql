-- The ledger, format 1. Rows are only ever added to `event`; what a claim has come to is a view of them.
PRAGMA application_id = 0x53555354;
PRAGMA user_version = 1;

CREATE TABLE event (
    number  INTEGER PRIMARY KEY,
    kind    TEXT NOT NULL,
    month   INTEGER NOT NULL,
    claim   INTEGER REFERENCES event (number),
    state   TEXT,
    claimed INTEGER,
    pence   INTEGER,
    day     TEXT,
    body    TEXT NOT NULL,
    hash    TEXT NOT NULL
) STRICT;

CREATE INDEX event_of_claim ON event (claim, number) WHERE claim IS NOT NULL;
-- Nothing is paid twice, and every recovery answers one payment.
CREATE UNIQUE INDEX paid_once ON event (claim) WHERE kind = 'paid';
CREATE UNIQUE INDEX recovered_once ON event (claim) WHERE kind = 'recovered';

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE (ABORT, 'events of a ledger are never changed'); END;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE (ABORT, 'events of a ledger are never deleted'); END;
CREATE TRIGGER event_is_only_added BEFORE INSERT ON event
WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM event)
BEGIN SELECT RAISE (ABORT, 'events of a ledger are numbered one by one'); END;

-- What became of each attempt of a claim. Amounts are pence.
CREATE VIEW claim AS
WITH latest AS (
    SELECT claim, state, max(number) AS event FROM event WHERE state IS NOT NULL GROUP BY claim
), judged AS (
    SELECT claim, claimed, pence, month, body, max(number) AS event FROM event WHERE kind = 'verdict' GROUP BY claim
)
SELECT
    received.number                                   AS claim,
    received.body ->> '$.provider_id'                 AS provider_id,
    received.body ->> '$.contract_id'                 AS contract_id,
    received.body ->> '$.claim_id'                    AS claim_id,
    received.body ->> '$.attempt'                     AS attempt,
    received.body ->> '$.participant_id'              AS participant_id,
    received.body ->> '$.outcome'                     AS outcome,
    received.month                                    AS received_in,
    latest.state                                      AS state,
    judged.body ->> '$.verdict'                       AS verdict,
    judged.body ->> '$.reasons'                       AS reasons,
    judged.month                                      AS decided_in,
    coalesce(judged.claimed, received.claimed, 0)     AS claimed,
    coalesce(judged.pence, 0)                         AS payable,
    paid.pence                                        AS paid,
    paid.day                                          AS paid_on,
    paid.body ->> '$.schedule'                        AS paid_in,
    recovered.pence                                   AS recovered,
    recovered.body ->> '$.schedule'                   AS recovered_in
FROM event AS received
JOIN latest ON latest.claim = received.number
LEFT JOIN judged ON judged.claim = received.number
LEFT JOIN event AS paid ON paid.claim = received.number AND paid.kind = 'paid'
LEFT JOIN event AS recovered ON recovered.claim = received.number AND recovered.kind = 'recovered'
WHERE received.kind = 'received';

-- The balance by provider, contract and the month in which claims were received, in pence. An attempt that a correction replaced
-- no longer counts; what is claimed beyond the scheme's price counts as rejected.
CREATE VIEW balance AS
SELECT
    provider_id,
    contract_id,
    received_in                                                                AS month,
    count(*)                                                                   AS claims,
    sum(claimed)                                                               AS claimed,
    sum(iif(state IN ('due', 'paid', 'in_question', 'to_recover', 'recovered'), payable, 0)) AS payable,
    sum(CASE WHEN state = 'rejected' THEN claimed
             WHEN state IN ('due', 'paid', 'in_question', 'to_recover', 'recovered') THEN claimed - payable
             ELSE 0 END)                                                       AS rejected,
    sum(iif(state = 'withdrawn', claimed, 0))                                  AS withdrawn,
    sum(iif(state = 'lapsed', claimed, 0))                                     AS lapsed,
    sum(iif(state = 'open', claimed, 0))                                       AS open,
    sum(iif(state = 'due', payable, 0))                                        AS due,
    sum(coalesce(paid, 0))                                                     AS paid,
    sum(iif(state IN ('paid', 'in_question'), paid, 0))                        AS stands,
    sum(-coalesce(recovered, 0))                                               AS recovered,
    sum(iif(state = 'to_recover', paid, 0))                                    AS to_recover
FROM claim
WHERE state <> 'replaced'
GROUP BY provider_id, contract_id, received_in;

-- The lines of every payment schedule.
CREATE VIEW payment AS
SELECT event.body ->> '$.schedule' AS schedule, event.kind, event.day, event.pence, claim.*
FROM event JOIN claim ON claim.claim = event.claim
WHERE event.kind IN ('paid', 'recovered');
