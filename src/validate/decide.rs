//! Claims decided in parts side by side, each part with the rows it comes to, and handed on in their order.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::account::Counts;
use super::prepared::Prepared;
use super::{BLOCK_CLAIMS, Watch};
use crate::error::RunError;
use crate::history::History;
use crate::matching::Payments;
use crate::publish::forms::{Forms, Tables};
use crate::publish::tables::Judged;
use crate::report::{Gathered, MOST_LISTED};
use crate::rules::Rivalry;

/// How many claims one thread decides at a time.
const PART_CLAIMS: usize = 64;

/// What some claims come to.
pub(super) struct Decided {
    pub(super) claims: usize,
    pub(super) tables: Tables,
    pub(super) counts: Counts,
    pub(super) gathered: Gathered,
}

/// Takes what claims come to, part by part.
type Taker<'a> = &'a mut (dyn FnMut(Decided) -> Result<(), RunError> + Send);

/// What claims are decided with.
pub(super) struct Deciding<'a> {
    prepared: &'a Prepared,
    history: &'a History,
    /// Where claims stand that others are made beside.
    rivalries: BTreeMap<u32, Rivalry>,
    forms: Forms,
    /// Whether there are few enough claims for a list of them.
    listed: bool,
}

impl<'a> Deciding<'a> {
    pub(super) fn new(
        prepared: &'a Prepared,
        history: &'a History,
        forms: Forms,
        watch: &dyn Watch,
    ) -> Result<Self, RunError> {
        let rivalries = prepared.rivalries(history, watch)?;
        Ok(Self { prepared, history, rivalries, forms, listed: prepared.claims.len() <= MOST_LISTED })
    }

    /// Decides every claim; `take` is given them in the order of the outputs, while those after them are decided.
    pub(super) fn all(&self, watch: &dyn Watch, take: Taker<'_>) -> Result<(), RunError> {
        self.prepared.with_payments(&self.prepared.in_order(), watch, |claims, payments| {
            watch.step("deciding the claims", u64::try_from(claims.len()).ok());
            let mut blocks = claims.chunks(BLOCK_CLAIMS);
            let mut decided = self.block(blocks.next().unwrap_or_default(), payments)?;
            while !decided.is_empty() {
                let next = blocks.next().unwrap_or_default();
                let taken = || decided.into_iter().try_for_each(&mut *take);
                let (following, taken) = rayon::join(|| self.block(next, payments), taken);
                taken?;
                decided = following?;
            }
            Ok(())
        })
    }

    fn block(&self, claims: &[usize], payments: &Payments) -> Result<Vec<Decided>, RunError> {
        claims.par_chunks(PART_CLAIMS).map(|part| self.part(part, payments)).collect()
    }

    fn part(&self, claims: &[usize], payments: &Payments) -> Result<Decided, RunError> {
        let judge = |index: &usize| self.prepared.judge(self.history, *index, self.rivalry(*index), payments);
        let judged: Vec<Judged> = claims.iter().map(judge).collect();
        Ok(Decided {
            claims: judged.len(),
            tables: self.forms.tables(&judged, &self.prepared.claims)?,
            counts: Counts::of(&judged),
            gathered: Gathered::of(&judged, self.listed),
        })
    }

    fn rivalry(&self, index: usize) -> Rivalry {
        let row = u32::try_from(index + 1).unwrap_or(u32::MAX);
        self.rivalries.get(&row).copied().unwrap_or_else(|| self.prepared.stands_alone(index))
    }
}
