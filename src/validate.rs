//! A whole run, in the order in which it happens: read, match, decide, write, prove, publish.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;
use rayon::prelude::*;

use crate::batch::{self, Contender};
use crate::domain::participant::Registered;
use crate::domain::{Claim, Participant, Stem, Tally};
use crate::error::RunError;
use crate::extract::csv::Counts as CsvCounts;
use crate::extract::earnings::Unit;
use crate::extract::source::{Source, Surveyed};
use crate::extract::table::Table;
use crate::extract::{Role, earnings, paths, table};
use crate::history::History;
use crate::judge::{self, Facts, Law, Verdict};
use crate::matching::{ClaimRows, NearMisses, Payments, Register};
use crate::publish::OUTPUTS;
use crate::publish::account::{
    Account, ClaimCounts, CutOff, EarningsCounts, InputAccount, ParameterAccount, Program, RuleCounts, SchemeAccount,
    SettingAccount, TextAccount,
};
use crate::publish::files::Stamp;
use crate::publish::money::Money;
use crate::publish::staging::{self, Existing, Staging};
use crate::publish::tables::{Judged, SetAside};
use crate::results::Results;
use crate::rules::{Batch, Code, RULES, Repeated, Rivalry, Setting, Status};
use crate::scheme::Scheme;
use crate::scheme::parameter::{Parameter, Supply};
use crate::scheme::wage::WageTable;

/// What a run is asked to do.
#[derive(Debug, Clone)]
pub struct Order {
    /// The scheme.
    pub scheme: Scheme,
    /// Rules set on the command line; they outweigh the scheme's own settings.
    pub settings: BTreeMap<Code, Setting>,
    /// The claims file.
    pub claims: PathBuf,
    /// Earnings files, folders and globs.
    pub earnings: Vec<PathBuf>,
    /// The register.
    pub register: Option<PathBuf>,
    /// Directories of earlier runs.
    pub history: Vec<PathBuf>,
    /// The last day the extract speaks for, where it is not its latest payday.
    pub extract_to: Option<NaiveDate>,
    /// Where the result goes.
    pub out: PathBuf,
    /// What to do with a result that is already there.
    pub existing: Existing,
}

/// What a run tells while it goes on.
pub trait Watch: Sync {
    /// A step begins; `total` is how much of it there is, where that is known.
    fn step(&self, name: &'static str, total: Option<u64>);
    /// So much of the step has been done since it was last told.
    fn advance(&self, by: u64);
}

/// How a run ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// A new result stands.
    Published(Account),
    /// The result of these very inputs was there already.
    AlreadyThere(Account),
}

impl Outcome {
    /// The account of the result that stands.
    pub fn account(&self) -> &Account {
        match self {
            Self::Published(account) | Self::AlreadyThere(account) => account,
        }
    }
}

/// How many claims are decided at a time.
const BLOCK_CLAIMS: usize = 1_024;

/// Carries out a run.
///
/// # Errors
/// An input, scheme or option that cannot be used, or a run that cannot prove its account; nothing was published then.
pub fn run(order: &Order, watch: &dyn Watch) -> Result<Outcome, RunError> {
    all_supplied(&order.scheme)?;
    watch.step("looking through the inputs", None);
    let inputs = Inputs::survey(order)?;
    let history = History::read(&order.history, &order.scheme.id)?;
    let fingerprint = fingerprint(order, &inputs, &history);
    if let Some(account) = already_decided(order, &fingerprint)? {
        return Ok(Outcome::AlreadyThere(account));
    }
    let staging = Staging::beside(&order.out)?;
    let prepared = prepare(order, inputs, watch)?;
    let account = decide_all(&prepared, &history, &staging, fingerprint, order, watch)?;
    watch.step("putting the result in its place", None);
    prepared.inputs.still_the_same()?;
    staging.publish(order.existing)?;
    Ok(Outcome::Published(account))
}

/// What no source settles must be supplied: an example never decides a claim.
pub(crate) fn all_supplied(scheme: &Scheme) -> Result<(), RunError> {
    let Some(parameter) = scheme.missing().into_iter().next() else { return Ok(()) };
    let value = parameter.example.as_deref().unwrap_or("VALUE");
    Err(RunError::choice(
        format!("{} ({}) needs {}: {}", scheme.id, scheme.status.name(), parameter.id, parameter.says),
        format!("give --param {}=VALUE, such as --param {}={value}", parameter.id, parameter.id),
    ))
}

/// A result of the same inputs under the same scheme is reported, another one is left alone unless it is to be replaced.
fn already_decided(order: &Order, fingerprint: &str) -> Result<Option<Account>, RunError> {
    if !order.out.exists() {
        return Ok(None);
    }
    let there = crate::verify::verify(&order.out).ok().filter(|account| account.fingerprint == fingerprint);
    match (there, order.existing) {
        (Some(account), _) => {
            Staging::sweep(&order.out)?;
            Ok(Some(account))
        }
        (None, Existing::Replace) if !is_result(&order.out) => Err(RunError::choice(
            format!("{} is there and is not a result", order.out.display()),
            "only a result is replaced; name another directory with --out",
        )),
        (None, Existing::Replace) => Ok(None),
        (None, Existing::Keep) => Err(staging::already_there(&order.out)),
    }
}

/// Whether a directory is a result, whole or damaged, or empty: nothing else may be replaced.
fn is_result(directory: &std::path::Path) -> bool {
    let Ok(entries) = std::fs::read_dir(directory) else { return false };
    let known = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.is_ok_and(|entry| OUTPUTS.iter().any(|name| entry.file_name().to_string_lossy() == *name))
    };
    entries.into_iter().all(known)
}

/// The files of a run, each looked through once.
#[derive(Debug)]
struct Inputs {
    claims: Surveyed,
    register: Option<Surveyed>,
    earnings: Vec<Surveyed>,
}

impl Inputs {
    fn survey(order: &Order) -> Result<Self, RunError> {
        let earnings = paths::resolve(&order.earnings)?;
        Ok(Self {
            claims: Source::new(order.claims.clone()).survey()?,
            register: order.register.clone().map(|path| Source::new(path).survey()).transpose()?,
            earnings: earnings.par_iter().map(Source::survey).collect::<Result<_, _>>()?,
        })
    }

    fn all(&self) -> impl Iterator<Item = (Role, &Surveyed)> {
        let claims = std::iter::once((Role::Claims, &self.claims));
        let register = self.register.iter().map(|file| (Role::Register, file));
        claims.chain(register).chain(self.earnings.iter().map(|file| (Role::Earnings, file)))
    }

    fn still_the_same(&self) -> Result<(), RunError> {
        self.all()
            .try_for_each(|(_, file)| file.still_the_same())
            .map_err(|error| RunError::Untrusted(error.to_string()))
    }
}

fn fingerprint(order: &Order, inputs: &Inputs, history: &History) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut add = |text: &str| {
        hasher.update(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    add(env!("CARGO_PKG_VERSION"));
    add(&order.scheme.hash);
    for (code, setting) in &order.settings {
        add(code.as_str());
        add(setting.name());
    }
    for parameter in &order.scheme.parameters {
        add(&parameter.id);
        add(parameter.given.as_deref().unwrap_or_default());
    }
    add(&order.extract_to.map(|day| day.to_string()).unwrap_or_default());
    for (role, file) in inputs.all() {
        add(role.name());
        add(&file.source.name);
        add(&file.hash);
    }
    for run in history.fingerprints() {
        add(run);
    }
    hasher.finalize().to_hex().to_string()
}

/// Everything read and matched, ready to be decided.
struct Prepared {
    inputs: Inputs,
    law: Law,
    claims_table: Table,
    claims: ClaimRows,
    claims_tally: Tally,
    register: Option<Register>,
    register_csv: Option<CsvCounts>,
    payments: Payments,
    near_misses: NearMisses,
    repeated: Vec<Repeated>,
}

fn prepare(order: &Order, inputs: Inputs, watch: &dyn Watch) -> Result<Prepared, RunError> {
    let mut scheme = order.scheme.clone();
    scheme.settings.extend(order.settings.iter().map(|(code, setting)| (*code, *setting)));
    let mut law = Law { scheme, wages: wages()?, cut_off: order.extract_to };

    watch.step("reading the claims", None);
    let claims_table = table::read(&inputs.claims, &Claim::COLUMNS)?;
    no_decided_columns(&inputs.claims, &claims_table)?;
    let claims = ClaimRows::new(&claims_table);
    let register_table = inputs.register.as_ref().map(|file| table::read(file, &Participant::COLUMNS)).transpose()?;
    let register = register_table.as_ref().map(|table| Register::matched(table, &claims)).transpose()?;
    let (sought, claims_tally) = people_sought(&law, &claims);
    let repeated = repeated(&claims);

    let units = earnings::units(&inputs.earnings)?;
    watch.step("reading the earnings", units.iter().map(Unit::rows).sum());
    let stems: BTreeSet<u64> = sought.iter().flatten().map(|(stem, _)| stem.key()).collect();
    let payments = Payments::kept(&inputs.earnings, &units, &stems, &|rows| watch.advance(rows))?;
    law.cut_off = order.extract_to.or(payments.latest_payday);
    wages_reach(&law, order)?;

    let not_found: BTreeSet<(Stem, NaiveDate)> =
        sought.into_iter().flatten().filter(|(stem, _)| !payments.has(*stem)).collect();
    watch.step("looking for mistyped numbers", None);
    let near_misses = NearMisses::find(&units, &not_found.into_iter().collect::<Vec<_>>())?;
    Ok(Prepared {
        inputs,
        law,
        claims_table,
        claims,
        claims_tally,
        register,
        register_csv: register_table.as_ref().and_then(|table| table.csv),
        payments,
        near_misses,
        repeated,
    })
}

/// A claims file's own columns must not have the names of decided ones: the result could not tell them apart.
fn no_decided_columns(file: &Surveyed, table: &Table) -> Result<(), RunError> {
    let decided = crate::publish::layout::decided_names();
    match table.extra.iter().find(|name| decided.contains(name)) {
        Some(name) => {
            let problem = format!("the column `{name}` has the name of a column that the result adds");
            Err(file.source.error(problem, "rename it in the claims file").into())
        }
        None => Ok(()),
    }
}

/// Whom to look for: for each claim that can be matched, the stem and the date of birth.
fn people_sought(law: &Law, claims: &ClaimRows) -> (Vec<Option<(Stem, NaiveDate)>>, Tally) {
    let read: Vec<(Option<(Stem, NaiveDate)>, Tally)> = (0..claims.len())
        .into_par_iter()
        .map(|index| {
            let mut tally = Tally::default();
            let claim = claims.claim(index, &mut tally);
            let stem = judge::stem_sought(law, &claim);
            (stem.zip(claim.date_of_birth.given().copied()), tally)
        })
        .collect();
    let mut total = Tally::default();
    let sought = read.into_iter().map(|(sought, tally)| {
        total.add(&tally);
        sought
    });
    (sought.collect(), total)
}

/// The minimum wage as the program ships it.
pub(crate) fn wages() -> Result<WageTable, RunError> {
    WageTable::built_in().map_err(|error| RunError::Untrusted(error.to_string()))
}

pub(crate) fn repeated(claims: &ClaimRows) -> Vec<Repeated> {
    let hashes: Vec<[u8; 32]> = (0..claims.len()).into_par_iter().map(|index| claims.hash(index)).collect();
    let id = |index: usize| claims.cell("claim_id", index).map(str::trim).filter(|id| !id.is_empty());
    batch::repeats(hashes.iter().enumerate().map(|(index, hash)| (id(index), *hash)))
}

/// The minimum wage must be known up to the cut-off: a rate is never guessed.
fn wages_reach(law: &Law, order: &Order) -> Result<(), RunError> {
    let ends = law.wages.ends();
    let switched_off = law.scheme.settings.get(&Code::HRS03) == Some(&Setting::Off);
    match law.cut_off {
        Some(cut_off) if ends < cut_off && !switched_off => Err(RunError::choice(
            format!(
                "the {} of the extract is {cut_off}, and the minimum wage is known until {ends}",
                if order.extract_to.is_some() { "end" } else { "latest payday" }
            ),
            "give --extract-to a day the table reaches (a mistyped payday may be the cause), or --set HRS03=off",
        )),
        Some(_) | None => Ok(()),
    }
}

impl Prepared {
    fn batch(&self, history: &History, index: usize, claim: &Claim, rivalry: Rivalry) -> Batch {
        Batch {
            repeated: self.repeated.get(index).copied().unwrap_or(Repeated::No),
            rivalry,
            validated_before: history.validated(claim),
        }
    }

    fn judge(&self, history: &History, index: usize, rivalry: Rivalry) -> Judged {
        let claim = self.claims.claim(index, &mut Tally::default());
        let stem = judge::stem_sought(&self.law, &claim);
        let payments = stem.map(|stem| self.payments.of(stem)).unwrap_or_default();
        let near_misses =
            stem.filter(|_| payments.is_empty()).map(|stem| self.near_misses.of(stem)).unwrap_or_default();
        let registered = self.register.as_ref().map_or(&Registered::NoRegister, |register| register.registered(index));
        let batch = self.batch(history, index, &claim, rivalry);
        let facts = Facts { claim: &claim, registered, batch: &batch, payments: Some(&payments), near_misses };
        let decision = judge::decide(&self.law, &facts);
        Judged { index, claim, decision, payments }
    }

    /// Where claims for one participant and outcome stand. Only those that are claimed more than once are decided here
    /// first; every other claim stands on its own.
    fn rivalries(&self, history: &History) -> BTreeMap<u32, Rivalry> {
        let mut claimed: Vec<(&str, &str, usize)> = (0..self.claims.len())
            .filter_map(|index| {
                let cell = |name| self.claims.cell(name, index).map(str::trim).filter(|text| !text.is_empty());
                Some((cell("participant_id")?, cell("outcome")?, index))
            })
            .collect();
        claimed.par_sort_unstable();
        let contested: Vec<usize> = claimed
            .chunk_by(|(one, outcome, _), (other, another, _)| (one, outcome) == (other, another))
            .filter(|group| 1 < group.len())
            .flatten()
            .map(|(.., index)| *index)
            .collect();
        let alone: Vec<Judged> =
            contested.par_iter().map(|index| self.judge(history, *index, Rivalry::Stands)).collect();
        let mut rivalries: BTreeMap<u32, Rivalry> =
            alone.iter().map(|judged| (judged.claim.row, Rivalry::OutOfIt)).collect();
        rivalries.extend(batch::rivalries(alone.iter().filter_map(contender).collect()));
        rivalries
    }

    /// The claims in the order of the outputs: by number, rows without one last, then by row.
    fn in_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.claims.len()).collect();
        let id = |index: usize| self.claims.cell("claim_id", index).map(str::trim).filter(|id| !id.is_empty());
        order.par_sort_by(|one, other| {
            let (one_id, other_id) = (id(*one), id(*other));
            one_id.is_none().cmp(&other_id.is_none()).then_with(|| one_id.cmp(&other_id)).then_with(|| one.cmp(other))
        });
        order
    }
}

fn contender(judged: &Judged) -> Option<Contender<'_>> {
    let claim = &judged.claim;
    (judged.decision.verdict != Verdict::Rejected).then_some(())?;
    Some(Contender {
        contested: (claim.participant_id.given()?, claim.outcome.given()?),
        verdict: judged.decision.verdict,
        claim_date: *claim.claim_date.given()?,
        claim_id: claim.claim_id.given()?,
        row: claim.row,
    })
}

fn decide_all(
    prepared: &Prepared,
    history: &History,
    staging: &Staging,
    fingerprint: String,
    order: &Order,
    watch: &dyn Watch,
) -> Result<Account, RunError> {
    let claims = u64::try_from(prepared.claims.len()).unwrap_or(u64::MAX);
    watch.step("deciding the claims", Some(claims));
    let scheme = &prepared.law.scheme;
    let supplied = scheme.parameters.iter().filter_map(|one| Some(format!("{}={}", one.id, one.given.as_ref()?)));
    let stamp = Stamp {
        scheme: scheme.id.clone(),
        scheme_status: scheme.status.name(),
        scheme_hash: scheme.hash.clone(),
        parameters: supplied.collect::<Vec<_>>().join(";"),
    };
    let extra: Vec<String> = prepared.claims.extra.iter().map(|(name, _)| name.clone()).collect();
    let files: Vec<String> = prepared.inputs.earnings.iter().map(|file| file.source.name.clone()).collect();
    let mut results = Results::create(staging, &extra, files, &stamp)?;
    let mut counts = Counts::default();
    let rivalries = prepared.rivalries(history);
    let rivalry = |index: usize| {
        let row = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let stands = || prepared.stands_alone(index);
        rivalries.get(&row).copied().unwrap_or_else(stands)
    };
    let order_of_claims = prepared.in_order();
    let judge = |block: &[usize]| -> Vec<Judged> {
        block.par_iter().map(|index| prepared.judge(history, *index, rivalry(*index))).collect()
    };
    // While one block is written the next is decided.
    let mut blocks = order_of_claims.chunks(BLOCK_CLAIMS);
    let mut decided = blocks.next().map(judge).unwrap_or_default();
    while !decided.is_empty() {
        let next = blocks.next().unwrap_or_default();
        let (following, written) = rayon::join(|| judge(next), || results.write(&decided, &prepared.claims));
        written?;
        counts.add(&decided);
        watch.advance(u64::try_from(decided.len()).unwrap_or(u64::MAX));
        decided = following;
    }
    watch.step("writing the result", None);
    let set_aside = set_aside(prepared);
    let outputs = results.finish(&set_aside, staging)?;
    let mut account = account(prepared, history, fingerprint, order, counts, &set_aside);
    account.outputs = outputs;
    account.seal = account.seal().map_err(|_| RunError::Untrusted("the account could not be sealed".into()))?;
    let contradictions = account.contradictions();
    if !contradictions.is_empty() {
        return Err(RunError::Untrusted(format!("the account does not add up: {}", contradictions.join("; "))));
    }
    crate::results::write_account(staging, &account)?;
    crate::verify::verify_files(&staging.path(""), &account).map_err(|problem| {
        RunError::Untrusted(format!("what was written does not read back as it should: {problem}"))
    })?;
    Ok(account)
}

impl Prepared {
    /// A claim whose participant and outcome nobody else claims stands, unless it names none.
    fn stands_alone(&self, index: usize) -> Rivalry {
        let given = |name| self.claims.cell(name, index).is_some_and(|text| !text.trim().is_empty());
        if given("participant_id") && given("outcome") { Rivalry::Stands } else { Rivalry::OutOfIt }
    }
}

/// The quarantined rows of all inputs, in the order of the inputs, then of their rows.
fn set_aside(prepared: &Prepared) -> Vec<SetAside<'_>> {
    let mut rows: Vec<SetAside<'_>> = Vec::new();
    rows.extend(prepared.claims_table.quarantined.iter().map(|row| SetAside {
        input: Role::Claims.name(),
        file: &prepared.inputs.claims.source.name,
        row,
    }));
    if let (Some(register), Some(file)) = (&prepared.register, &prepared.inputs.register) {
        let mut own: Vec<_> = register.quarantined.iter().collect();
        own.sort_by_key(|row| row.row);
        rows.extend(own.into_iter().map(|row| SetAside { input: Role::Register.name(), file: &file.source.name, row }));
    }
    let mut earnings: Vec<_> = prepared.payments.quarantined.iter().collect();
    earnings.sort_by_key(|row| (row.file, row.row));
    rows.extend(earnings.into_iter().filter_map(|row| {
        let file = prepared.inputs.earnings.get(usize::try_from(row.file).ok()?)?;
        Some(SetAside { input: Role::Earnings.name(), file: &file.source.name, row })
    }));
    rows
}

/// What is counted while claims are decided.
#[derive(Debug, Default)]
struct Counts {
    claims: ClaimCounts,
    money: Money,
    rules: BTreeMap<Code, (u64, u64, u64)>,
    recheck: BTreeMap<String, u64>,
}

impl Counts {
    fn add(&mut self, decided: &[Judged]) {
        for judged in decided {
            self.claims.read += 1;
            self.money.add(judged);
            match judged.decision.verdict {
                Verdict::Validated => self.claims.validated += 1,
                Verdict::Rejected => self.claims.rejected += 1,
                Verdict::Queried => self.claims.queried += 1,
            }
            for (code, status) in &judged.decision.statuses {
                let (passed, failed, not_applicable) = self.rules.entry(*code).or_default();
                match status {
                    Status::Passed => *passed += 1,
                    Status::Failed(_) | Status::Unclear(_) => *failed += 1,
                    Status::NotApplicable(_) => *not_applicable += 1,
                }
            }
            if judged.decision.verdict == Verdict::Queried
                && let Some(day) = judged.decision.recheck_on()
            {
                *self.recheck.entry(day.to_string()).or_default() += 1;
            }
        }
    }
}

fn account(
    prepared: &Prepared,
    history: &History,
    fingerprint: String,
    order: &Order,
    counts: Counts,
    set_aside: &[SetAside<'_>],
) -> Account {
    let earnings = prepared.payments.account();
    let rules = RULES.iter().map(|rule| {
        let (passed, failed, not_applicable) = counts.rules.get(&rule.code).copied().unwrap_or_default();
        // A batch without claims leaves every rule at nothing.
        RuleCounts { code: rule.code.to_string(), title: rule.title.into(), passed, failed, not_applicable }
    });
    Account {
        program: Program { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() },
        fingerprint,
        scheme: scheme_account(order),
        cut_off: CutOff {
            date: prepared.law.cut_off.map(|day| day.to_string()),
            from: match (order.extract_to, prepared.law.cut_off) {
                (Some(_), _) => "option".into(),
                (None, Some(_)) => "extract".into(),
                (None, None) => "nothing".into(),
            },
        },
        inputs: input_accounts(prepared, set_aside),
        history: history.fingerprints().map(str::to_owned).collect(),
        claims: counts.claims,
        earnings: EarningsCounts {
            read: earnings.rows,
            of_claimed_people: earnings.kept,
            of_other_people: earnings.unclaimed,
            without_person: earnings.without_person,
            quarantined: earnings.quarantined,
        },
        rules: rules.collect(),
        money: counts.money.totals(),
        recheck: counts.recheck,
        outputs: Vec::new(),
        seal: String::new(),
    }
}

fn scheme_account(order: &Order) -> SchemeAccount {
    let scheme = &order.scheme;
    let by = |by: &'static str| {
        move |(code, setting): (&Code, &Setting)| {
            (code.to_string(), SettingAccount { setting: setting.name().into(), by: by.into() })
        }
    };
    let mut settings: BTreeMap<String, SettingAccount> = scheme.settings.iter().map(by("scheme")).collect();
    settings.extend(order.settings.iter().map(by("command_line")));
    SchemeAccount {
        id: scheme.id.clone(),
        title: scheme.title.clone(),
        status: scheme.status.name().into(),
        hash: scheme.hash.clone(),
        assumptions: scheme.assumptions.clone(),
        parameters: scheme.parameters.iter().map(parameter_account).collect(),
        settings,
    }
}

fn parameter_account(parameter: &Parameter) -> (String, ParameterAccount) {
    let (value, by) = match parameter.supply() {
        Supply::Given(value) => (Some(value), "command_line"),
        Supply::Default(value) => (Some(value), "scheme"),
        Supply::Example(_) | Supply::Nothing => (None, "nobody"),
    };
    (parameter.id.clone(), ParameterAccount { value: value.map(str::to_owned), by: by.into() })
}

fn input_accounts(prepared: &Prepared, set_aside: &[SetAside<'_>]) -> Vec<InputAccount> {
    let mut earnings_file = 0_u32;
    let mut accounts = Vec::new();
    for (role, file) in prepared.inputs.all() {
        let number = if role == Role::Earnings { earnings_file } else { 0 };
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let quarantined = set_aside.iter().filter(|row| row.input == role.name() && row.row.file == number).count();
        let nothing = Tally::default();
        let (rows, tally, csv) = match role {
            Role::Claims => (count(prepared.claims.len()), &prepared.claims_tally, prepared.claims_table.csv),
            Role::Register => {
                let csv = prepared.register_csv;
                prepared.register.as_ref().map_or((0, &nothing, csv), |register| (register.rows, &register.tally, csv))
            }
            Role::Earnings => {
                let rows = prepared.payments.accounts.get(place).map_or(0, |account| account.rows);
                let csv = prepared.payments.csv.get(place).copied().flatten();
                (rows, prepared.payments.tallies.get(place).unwrap_or(&nothing), csv)
            }
        };
        accounts.push(InputAccount {
            role: role.name().into(),
            name: file.source.name.clone(),
            format: file.format.name().into(),
            compression: file.compression.name().into(),
            encoding: file.encoding.map(|encoding| encoding.name().to_owned()),
            bytes: file.bytes,
            blake3: file.hash.clone(),
            rows,
            quarantined: count(quarantined),
            slashed_dates: tally.slashed_dates,
            spreadsheet_damage: tally
                .damaged
                .iter()
                .map(|(damage, count)| (damage.name().to_owned(), *count))
                .collect(),
            text: csv.map(|csv| TextAccount {
                header_bytes: csv.header_bytes,
                record_bytes: csv.record_bytes,
                quarantined_bytes: csv.quarantined_bytes,
                blank_bytes: csv.blank_bytes,
                blank_lines: csv.blank_lines,
            }),
        });
        if role == Role::Earnings {
            earnings_file += 1;
        }
    }
    accounts
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// A watch that tells nobody.
#[derive(Debug, Default)]
pub struct Unwatched(AtomicU64);

impl Watch for Unwatched {
    fn step(&self, _: &'static str, _: Option<u64>) {}

    fn advance(&self, by: u64) {
        self.0.fetch_add(by, Ordering::Relaxed);
    }
}
