//! sustain decides whether public money is owed for a job that lasted.
//!
//! A provider claims that a disabled person it helped has held a job of 16 or more hours a week for 13 weeks. sustain
//! holds the claim against HMRC's payroll records (PAYE Real Time Information) and answers **validated**, **rejected**
//! or **queried**, always with reasons a person can check.
//!
//! ```
#![doc = include_str!("../examples/decide_one_claim.rs")]
//! ```
//!
//! # The house
//!
//! A room is a module of this file. The drawing names each room, what it is for and, behind the arrow, every room it uses;
//! arrows only ever point down. The core knows neither frames nor files and cannot fail; the shell around it decides nothing.
//! A test holds the code to this drawing, so that a room that needs another one is drawn first.
//!
//! ```text
//! what a person types and sees
//!   cli           the verbs, their options and the screen
//!                 ─▶ account, audit_sample, check, decide, diff, domain, error, explain, extract, files, history,
//!                    interrupt, ledger, measures, month, observations, packs, pay, prepare, progress, rates, release,
//!                    rules, sample, schemas, scheme, sealed, staging, statistics, store, template, trial, validate,
//!                    verify, worklist
//!   schemas       the columns of every input and output as JSON Schema
//!                 ─▶ account, audit_sample, decide, diff, domain, explain, ledger, packs, pay, rates, store, tables
//!
//! from month to month
//!   month         one month's work of a ledger: claims taken in, carried over and looked at again
//!                 ─▶ account, batch, domain, error, extract, files, interrupt, judge, ledger, matching, pages, pay,
//!                    progress, reopen, rules, scheme, sealed, staging, validate
//!   worklist      what people must settle, with columns to write in
//!                 ─▶ account, decide, domain, error, extract, ledger, progress, reopen, rules, scheme, sealed, staging,
//!                    workbooks
//!   decide        what people settled, recorded
//!                 ─▶ account, domain, error, extract, interrupt, ledger, sealed
//!   pay           payment schedules: what is due, less what is to be recovered
//!                 ─▶ account, domain, error, interrupt, ledger, pages, progress, sealed, staging, workbooks
//!   ledger        an append-only record of what became of each claim, from its receipt to its payment and back
//!                 ─▶ account, domain, error, extract, files, hash, judge, pages, progress, reopen, rules, scheme, sealed,
//!                    staging, verify
//!
//! the roads of a batch
//!   validate      a batch read, decided, written, proved and published
//!                 ─▶ account, batch, domain, error, extract, history, judge, matching, memory, progress, publish, report,
//!                    rules, scheme, sealed, staging, tables, verify
//!   check         what a claims file says before any earnings are read
//!                 ─▶ account, batch, domain, error, extract, judge, matching, rules, scheme
//!   prepare       an extract written once as a store, sorted by person
//!                 ─▶ account, domain, error, extract, files, interrupt, progress, staging, store
//!   trial         claims made from a scheme's own numbers, with their answers
//!                 ─▶ batch, domain, error, judge, rules, scheme, staging, workbooks
//!   sample        made-up batches of any size
//!                 ─▶ domain
//!   template      an empty workbook of an input
//!                 ─▶ domain, error, scheme
//!
//! employment rates
//!   rates         the rates of a register, written in every form
//!                 ─▶ account, counting, domain, error, extract, judge, matching, measures, memory, observations, pages,
//!                    progress, release, scheme, sealed, staging, statistics, tables, workbooks
//!   release       from counts to rows that may be published
//!                 ─▶ counting, domain, error, files, measures, observations, scheme, statistics
//!   counting      from observations to exact counts
//!                 ─▶ measures, observations
//!   measures      what is counted, of whom, and on whose authority
//!                 ─▶ domain, evidence, observations, scheme
//!   observations  the people of a register and the days they worked
//!                 ─▶ batch, domain, error, evidence, extract, judge, matching, reopen, rules, scheme, verify
//!
//! readers of a finished run
//!   audit_sample  claims drawn to be checked by hand, and what they show
//!                 ─▶ account, domain, error, extract, progress, reopen, sealed, staging, statistics, verify, workbooks
//!   diff          the claims that changed between two runs, and why
//!                 ─▶ account, domain, error, evidence, explain, judge, progress, reopen, rules, sealed, staging, tables,
//!                    verify
//!   packs         each provider's own claims
//!                 ─▶ account, domain, error, judge, pages, progress, reopen, rules, sealed, staging, verify, workbooks
//!   report        the page of a run
//!                 ─▶ account, batch, domain, evidence, explain, judge, pages, rules, scheme, tables
//!   explain       why one claim was decided as it was
//!                 ─▶ account, domain, error, evidence, judge, publish, reopen, rules, scheme, sealed, verify
//!   history       outcomes that earlier runs validated
//!                 ─▶ account, batch, domain, error, extract, reopen, sealed, verify
//!   verify        a finished run proved again
//!                 ─▶ account, domain, error, judge, publish, reopen, sealed, tables
//!
//! what a run leaves
//!   publish       the files of a result, all or nothing
//!                 ─▶ account, error, judge, scheme, sealed, staging, tables
//!   tables        from decided claims to record batches, Parquet files and flat tables
//!                 ─▶ batch, domain, error, evidence, extract, judge, rules, scheme, staging, workbooks
//!   pages         HTML pages and their drawings
//!                 ─▶ domain
//!   workbooks     ODS, XLSX and CSV
//!                 ─▶ domain, error
//!   reopen        the files of a finished run, read again
//!                 ─▶ domain, extract, sealed
//!
//! what a run reads
//!   matching      claims, register and payments of the same people
//!                 ─▶ account, batch, domain, error, evidence, extract
//!   extract       from bytes to rows of cells
//!                 ─▶ account, domain, error, files, store
//!   store         a prepared extract
//!                 ─▶ account, domain, error, files, hash
//!
//! the ground of the shell
//!   staging       a directory that appears whole or not at all
//!                 ─▶ account, error, files, hash, interrupt, progress
//!   sealed        accounts that name every file of a folder, and tell when one was changed
//!                 ─▶ account, error, files, hash
//!   memory        how much memory a run may take
//!                 ─▶ error, files, progress
//!   hash          the hash of a file
//!                 ─▶ error, files
//!   interrupt     what a signal leaves behind: what was published, and nothing else
//!                 ─▶ error
//!   error         why a run ends without a result
//!                 ─▶ files, scheme
//!   files         opens regular files, and tells whether one is still the same
//!   progress      what a run tells while it goes on
//!   statistics    intervals, quantiles and funnels
//!   account       what run.json says
//!                 ─▶ domain
//!
//! the core: no files, no frames, no clock
//!   batch         the one road on which claims are decided
//!                 ─▶ domain, evidence, judge, rules
//!   judge         one claim: every rule, one verdict
//!                 ─▶ domain, evidence, rules, scheme
//!   rules         from days to statuses
//!                 ─▶ domain, evidence, scheme
//!   evidence      from payments to days
//!                 ─▶ domain, scheme
//!   scheme        a programme's rules as data
//!                 ─▶ domain
//!   domain        the values that every room speaks in
//! ```
//!
//! # Invariants
//!
//! * Every claim row of the input, readable or not, is in exactly one of the three claim files, once. The run proves it
//!   by reading back what it wrote, and publishes nothing if it cannot.
//! * An earnings row supports at most one validated claim of one outcome, unless the rule that sees to it is set below
//!   a query. The run proves it in the same way, and `verify` again.
//! * Whatever is published in a folder has an account that names every file and is sealed; what is read of it again is what was
//!   verified.
//! * What is written and not published is removed when a signal stops the program; a result is published before that, or not
//!   at all.
//! * A rule that cannot be evaluated is never a pass: it is *not applicable*, with the reason.
//! * Money is whole pence. There is no floating-point arithmetic on any road to a verdict.
//! * The core reads no clock, no environment and no file. The current date plays no part anywhere.
//! * The same inputs give the same bytes, whatever the number of threads. The order of rows changes no verdict; it
//!   changes the row numbers that outputs name.
//! * Events of a ledger are only ever added, all of a command or none. No claim is paid that was not validated or accepted by then,
//!   none twice, and every recovery answers one payment; the balance adds up to the penny after every event.
//! * No National Insurance number, name or date of birth is in an error, a progress line or `run.json`.

pub mod cli;

pub mod schemas;

pub mod month;

pub mod worklist;

pub mod decide;

pub mod pay;

pub mod ledger;

pub mod validate;

pub mod check;

pub mod prepare;

pub mod trial;

pub mod sample;

pub mod template;

pub mod rates;

pub mod release;

pub mod counting;

pub mod measures;

pub mod observations;

pub mod audit_sample;

pub mod diff;

pub mod packs;

mod report;

pub mod explain;

pub mod history;

pub mod verify;

pub mod publish;

pub mod tables;

mod pages;

mod workbooks;

mod reopen;

pub mod matching;

pub mod extract;

pub mod store;

pub mod staging;

pub mod sealed;

pub mod memory;

pub mod hash;

pub mod error;

pub mod files;

pub mod interrupt;

pub mod progress;

pub mod statistics;

pub mod account;

pub mod batch;

pub mod judge;

pub mod rules;

pub mod evidence;

pub mod scheme;

pub mod domain;
