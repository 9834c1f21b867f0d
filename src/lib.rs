//! sustain decides whether public money is owed for a job that lasted.
//!
//! A provider claims that a disabled person it helped has held a job of 16 or more hours a week for 13 weeks. sustain
//! holds the claim against HMRC's payroll records (PAYE Real Time Information) and answers **validated**, **rejected**
//! or **queried**, always with reasons a person can check.
//!
//! ```
//! use sustain::evidence::sustained::achieved;
//! use sustain::rules;
//! use sustain::scheme::{self, BUILT_IN};
//!
//! // The 13 weeks are not in the code: they stand in the scheme, beside their source.
//! let (_, text) = BUILT_IN[0];
//! let scheme = scheme::load::load(text, rules::allows)?;
//! let outcome = scheme.outcome("sustained_13_weeks").ok_or("no such outcome")?;
//! let job_start = "2018-05-01".parse()?;
//! let terms = scheme.day_terms(outcome, job_start).ok_or("no terms on that day")?;
//!
//! // 91 days worked in a row from the third day on: achieved on the last of them.
//! let found = achieved(&terms, |day| (2..93).contains(&day)).ok_or("not sustained")?;
//! assert_eq!((found.opens, found.on), (2, 92));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The house
//!
//! Data goes one way, top to bottom. The core knows neither frames nor files and cannot fail; the shell decides nothing.
//!
//! ```text
//!  claims, register, earnings            scheme file
//!           │                                 │
//!      [extract]  bytes -> rows          [scheme]  text -> rules as data, wage table
//!           │                                 │
//!      [matching] rows -> cases               │        [domain]  the values all rooms speak in
//!           └───────────────┬─────────────────┘
//!                       [judge]  one claim: every rule, one verdict
//!                 ┌─────────┴─────────┐
//!           [evidence]             [rules]
//!        payments -> days       days -> statuses
//!                 └─────────┬─────────┘
//!                       [batch]  the one road: claims of a batch that compete, then each of them
//!                           │
//!                       [publish]  Parquet, a page and run.json, all or nothing
//! ```
//!
//! [`prepare`] writes an extract once as a [`store`], sorted by person, which [`extract`] then asks for single people.
//! [`trial`] makes claims from a scheme's own numbers, [`sample`] whole batches of them.
//!
//! [`results`] holds the files of a run while they are written, `reopen` reads those of a finished one. Every run has a
//! page, made by `report`. From the files of a run alone [`story`] tells why a claim was decided as it was, [`packs`] tells
//! each provider of its own claims, [`compare`] tells two runs apart, and [`audit`] draws claims to be checked by hand.
//!
//! [`rates`] turns a register and an extract into employment rates that can be published. `pages` is what the HTML pages and
//! the workbooks of all of them are made of.
//!
//! [`validate`] is the road through all of it; [`check`] is the part of it that needs no earnings; [`verify`] proves a
//! finished run again; [`history`] believes earlier runs only after that. [`cli`] is what a person types and sees.
//!
//! # Invariants
//!
//! * Every claim row of the input, readable or not, is in exactly one of the three claim files, once. The run proves it
//!   by reading back what it wrote, and publishes nothing if it cannot.
//! * A rule that cannot be evaluated is never a pass: it is *not applicable*, with the reason.
//! * Money is whole pence. There is no floating-point arithmetic on any road to a verdict.
//! * The core reads no clock, no environment and no file. What day it is plays no part anywhere.
//! * The same inputs give the same bytes, whatever the order of rows and the number of threads. Where rows stand in
//!   their files is told in the evidence and nowhere else.
//! * No National Insurance number, name or date of birth is in an error, a progress line or `run.json`.

pub mod domain;

pub mod scheme;

pub mod evidence;

pub mod rules;

pub mod judge;

pub mod batch;

pub mod error;

pub mod progress;

pub mod hash;

pub mod extract;

pub mod matching;

pub mod publish;

pub mod results;

mod reopen;

pub mod verify;

pub mod history;

pub mod store;

pub mod prepare;

pub mod validate;

pub mod check;

mod pages;

mod report;

pub mod story;

pub mod compare;

pub mod packs;

pub mod audit;

pub mod statistics;

pub mod observations;

pub mod measures;

pub mod counting;

pub mod release;

pub mod rates;

pub mod schemas;

pub mod sample;

pub mod trial;

pub mod cli;
