//! Stated reasons: who names them, among all and by what the outcome counts them as; what each contributes to the score,
//! and who of them is at risk.

use super::contribution::{Scale, Sums};
use super::{DriverFigure, DriverNote, Estimate, Rows};
use crate::engine::OTHER;
use crate::eval::window;
use crate::plan::{Bucket, Estimator, Unit};
use crate::state::{Cell, Moments, State, Told};
use crate::stats::{kish, t_critical};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The reasons that a part of the respondents names.
#[derive(Clone, Debug)]
pub struct BucketFigure {
    pub bucket: Bucket,
    /// Those who have the outcome and name a reason.
    pub n: u64,
    pub protected_base: Option<u64>,
    /// By how often they are named, then by name.
    pub reasons: Vec<ReasonFigure>,
    /// The share of a reason that none of them names.
    pub unnamed: Estimate,
}

/// A reason.
#[derive(Clone, Debug)]
pub struct ReasonFigure {
    pub reason: Arc<str>,
    /// How many name it.
    pub named: u64,
    /// What the minimum base is held against for what is told of them; none outside protection.
    pub protected_base: Option<u64>,
    /// In percent of those of the part who name a reason.
    pub share: Estimate,
    /// In percent of all who name it: how many of them are in the part.
    pub of_named: Estimate,
    /// The same of a part that none of them is in.
    pub of_none: Estimate,
    /// The outcome's answer of those who name it, less that of those who name others; of all respondents only.
    pub difference: Estimate,
    /// What it is to the score; of all respondents only.
    pub score: ReasonScore,
}

/// What a reason is to a score. Without values where the outcome is no mean, share or net.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReasonScore {
    /// The score of those who name it, and that of the others who name a reason.
    pub named: Estimate,
    pub others: Estimate,
    /// Its share times (the score of those who name it − that of all). Where each names one reason, all add up to nothing.
    pub contribution: Estimate,
    /// The score of all less that of the others: what leaving those who name it out would take away.
    pub impact: Estimate,
    /// How many of those who name it are at risk by the declared rule, and in percent of those of whom it is known.
    pub at_risk: Option<u64>,
    pub risk: Estimate,
}

/// Who is at risk by the declared rule, of all who have the outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RiskFigure {
    /// How many answers the rule is known of, and how many of them it holds for.
    pub n: u64,
    pub at_risk: u64,
    /// In percent.
    pub share: Estimate,
    pub protected_base: Option<u64>,
}

/// What is kept of all who name a reason, and of each.
struct Table {
    all: Moments,
    by: BTreeMap<Arc<str>, Told>,
}

impl Rows<'_> {
    /// Stated reasons over the groups.
    pub(super) fn stated(&self) -> DriverFigure {
        let mut figure = self.empty();
        figure.answered = window::cell(self.groups, self.position(self.planned.outcome), 0).map_or(0, |it| it.n());
        let scale = self.scale(Estimator::Share);
        let mut whole: BTreeMap<Arc<str>, Sums> = BTreeMap::new();
        for (bucket, leaf) in &self.planned.reasons {
            let Some((cell, table)) = self.table(*leaf) else { continue };
            let all = Sums::of(&table.all);
            let protected_base = self.protected(*leaf, &cell);
            let is_all = *bucket == Bucket::All;
            let mut reasons: Vec<ReasonFigure> = Vec::new();
            for (reason, told) in &table.by {
                let sums = Sums::of(&told.moments);
                if is_all {
                    whole.insert(reason.clone(), sums);
                }
                reasons.push(ReasonFigure {
                    reason: reason.clone(),
                    named: told.moments.n,
                    protected_base: self.told(*leaf, told),
                    share: scale.share(&all, &sums),
                    of_named: if is_all {
                        Estimate::default()
                    } else {
                        whole.get(reason).map(|it| scale.share(it, &sums)).unwrap_or_default()
                    },
                    of_none: scale.share(&sums, &sums.less(&sums)),
                    difference: if is_all { self.difference(&told.moments, &table.all, scale.without_error) } else { Estimate::default() },
                    score: ReasonScore::default(),
                });
            }
            reasons.sort_by(|a, b| b.share.value.unwrap_or(0.0).total_cmp(&a.share.value.unwrap_or(0.0)).then(a.reason.cmp(&b.reason)));
            if is_all {
                figure.n = table.all.n;
                figure.protected_base = protected_base;
                figure.n_effective = table.all.weighted.as_ref().and_then(|_| kish(all.w, all.w2));
                self.scores(&mut figure, &mut reasons);
            }
            let unnamed = scale.share(&all, &all.less(&all));
            figure.reasons.push(BucketFigure { bucket: *bucket, n: table.all.n, protected_base, reasons, unnamed });
        }
        if figure.n == 0 {
            figure.notes.push(DriverNote::Empty);
        } else if figure.n < 50 {
            figure.notes.push(DriverNote::FewRows);
        }
        if self.clustered() {
            // Rows of one cluster belong together, and what is kept of reasons does not tell them apart.
            figure.notes.push(DriverNote::IntervalUnknown);
        }
        figure
    }

    fn clustered(&self) -> bool {
        matches!(self.planned.unit, Unit::Cluster(_))
    }

    fn scale(&self, estimator: Estimator) -> Scale {
        Scale { estimator, confidence: self.confidence(), without_error: self.planned.complete || self.clustered() }
    }

    /// What is kept of a leaf that tells texts; those that a dimension takes together are taken together.
    fn table(&self, leaf: usize) -> Option<(Cow<'_, Cell>, Table)> {
        let limit = self.plan.reads[self.planned.read].leaves[leaf].persons.map_or(0, |it| it.1);
        let cell = window::cell(self.groups, self.position(leaf), limit)?;
        let State::Named { all, table } = &cell.state else { return None };
        let dimension = self.planned.by.map(|it| &self.checked.model.dimensions[it.index()]);
        let gathers = dimension.filter(|it| it.other.is_some() && !it.values.is_empty());
        let mut by: BTreeMap<Arc<str>, Told> = BTreeMap::new();
        for (text, told) in table {
            let declared = gathers.is_none_or(|it| it.values.iter().any(|it| it.0 == **text));
            let name = if declared { text.clone() } else { Arc::from(OTHER) };
            by.entry(name).or_insert_with(|| all.told()).merge(told, limit);
        }
        let table = Table { all: all.clone(), by };
        Some((cell, table))
    }

    /// What the minimum base is held against, of the rows of a leaf.
    fn protected(&self, leaf: usize, cell: &Cell) -> Option<u64> {
        let persons = self.plan.reads[self.planned.read].leaves[leaf].persons.is_some();
        let is_protected = !self.checked.model.sources[self.planned.source.index()].no_persons;
        is_protected.then(|| if persons { cell.persons.count().min(cell.n()) } else { cell.n() })
    }

    /// The same of those who give one text.
    fn told(&self, leaf: usize, told: &Told) -> Option<u64> {
        let persons = self.plan.reads[self.planned.read].leaves[leaf].persons.is_some();
        let is_protected = !self.checked.model.sources[self.planned.source.index()].no_persons;
        let n = told.moments.n;
        is_protected.then(|| if persons { told.persons.count().min(n) } else { n })
    }

    /// What each reason is to the score, and who is at risk.
    fn scores(&self, figure: &mut DriverFigure, reasons: &mut [ReasonFigure]) {
        if let Some(scores) = self.planned.scores
            && let Some((_, table)) = self.table(scores.leaf)
        {
            let (scale, all) = (self.scale(scores.estimator), Sums::of(&table.all));
            figure.score = scale.score(&all);
            for it in reasons.iter_mut() {
                let Some(named) = table.by.get(&it.reason).map(|it| Sums::of(&it.moments)) else { continue };
                it.score.named = scale.score(&named);
                it.score.others = scale.score(&all.less(&named));
                it.score.contribution = scale.contribution(&all, &named);
                it.score.impact = scale.impact(&all, &named);
            }
        }
        let Some((leaf, by_reason)) = self.planned.risk else { return };
        let scale = self.scale(Estimator::Share);
        let limit = self.plan.reads[self.planned.read].leaves[leaf].persons.map_or(0, |it| it.1);
        if let Some(cell) = window::cell(self.groups, self.position(leaf), limit)
            && let State::Moments(moments) = &cell.state
        {
            figure.risk = Some(RiskFigure {
                n: moments.n,
                at_risk: moments.s.to_f64() as u64,
                share: scale.score(&Sums::of(moments)),
                protected_base: self.protected(leaf, &cell),
            });
        }
        let Some((_, table)) = self.table(by_reason) else { return };
        for it in reasons {
            let Some(told) = table.by.get(&it.reason) else { continue };
            it.score.at_risk = Some(told.moments.s.to_f64() as u64);
            it.score.risk = scale.score(&Sums::of(&told.moments));
            // The rule may be unknown of some who name the reason.
            it.protected_base = it.protected_base.zip(self.told(by_reason, told)).map(|(a, b)| a.min(b)).or(it.protected_base);
        }
    }

    /// The mean answer of those who name a reason, less that of the others: Welch's interval, linearised where rows weigh.
    fn difference(&self, named: &Moments, all: &Moments, certain: bool) -> Estimate {
        let part = |n: u64, w: f64, w2: f64, s: f64, second: (f64, f64)| {
            let mean = s / w;
            let squares = (second.1 - 2.0 * mean * second.0 + mean * mean * w2).max(0.0);
            let n = n as f64;
            (mean, (n > 1.0).then(|| n / (n - 1.0) * squares / (w * w)), n)
        };
        let (a2, b2) = (named.second(), all.second());
        if named.n == 0 || named.n == all.n {
            return Estimate::default();
        }
        let (mean, variance, n) = part(named.n, named.total_weight(), named.total_weight2(), named.total(), a2);
        let rest = part(
            all.n - named.n,
            all.total_weight() - named.total_weight(),
            all.total_weight2() - named.total_weight2(),
            all.total() - named.total(),
            (b2.0 - a2.0, b2.1 - a2.1),
        );
        let value = mean - rest.0;
        let mut estimate = Estimate { value: Some(value).filter(|it| it.is_finite()), ..Estimate::default() };
        if let (Some(a), Some(b), false) = (variance, rest.1, certain)
            && a + b > 0.0
        {
            let se = (a + b).sqrt();
            let df = (a + b) * (a + b) / (a * a / (n - 1.0) + b * b / (rest.2 - 1.0));
            estimate.se = Some(se).filter(|it| it.is_finite());
            if let Some(critical) = t_critical(self.confidence(), df) {
                estimate.low = Some(value - critical * se);
                estimate.high = Some(value + critical * se);
            }
        }
        estimate
    }
}
