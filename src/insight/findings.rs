//! Which figures does a finding rest on (R25)? Those that its text cites, and those of the condition under which it holds.

use crate::calendar::{Grain, Period};
use crate::check::Checked;
use crate::eval::reporting_grain;
use crate::model::{Condition, Finding, FindingId, KpiExpr, KpiId, KpiKind, Piece, plain_number};
use crate::plan::{Ask, Request};
use crate::value::Unit;

/// A project in which every figure of its findings can be asked for.
pub struct Watched {
    /// The project with a figure for each formula that stands in a finding; ids of its own KPIs stay.
    pub checked: Checked,
    pub findings: Vec<WatchedFinding>,
    /// The period that was asked for.
    pub period: Option<Period>,
}

/// A finding with the tables that its figures stand in.
pub struct WatchedFinding {
    pub finding: FindingId,
    /// For each of its texts the figures that it cites, in order.
    pub cited: Vec<Vec<Operand>>,
    /// The figures of its condition, in the order of [`Condition::figures`].
    pub condition: Vec<Operand>,
}

/// A figure of a finding.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A number as it was written, or as it is assumed.
    Number(f64),
    Figure(Cited),
    /// It is of no KPI.
    Nothing,
}

/// A figure that is looked up.
#[derive(Clone, Debug)]
pub struct Cited {
    /// The table that it stands in.
    pub ask: Ask,
    /// The period that is meant; without one it is that of the reader.
    pub at: Option<Period>,
    /// The first KPI that it is made of, which tells how it is written.
    pub like: KpiId,
    pub unit: Option<Unit>,
    /// Whether it is a change, and so has a sign.
    pub is_change: bool,
}

impl Watched {
    /// Adds what it needs to a request.
    pub fn add_to(&self, request: &mut Request) {
        for finding in &self.findings {
            for it in finding.cited.iter().flatten().chain(&finding.condition) {
                if let Operand::Figure(it) = it {
                    request.add(it.ask.clone());
                }
            }
        }
    }
}

/// Looks up the figures of findings, in a period or in the last one that is over.
pub fn watch_findings(checked: &Checked, findings: &[FindingId], period: Option<Period>) -> Watched {
    let all = &checked.model.findings;
    let mut formulas: Vec<KpiExpr> = Vec::new();
    for finding in findings.iter().map(|it| &all[it.index()]) {
        each_formula(finding, &mut |it| {
            if needs_own(it) {
                formulas.push(it.clone());
            }
        });
    }
    let (wider, ids) = checked.with_formulas(&formulas);
    let mut ids = ids.into_iter();
    // The same formulas come in the same order.
    let mut operand = |formula: &KpiExpr, at: Option<Period>| {
        if let Some((number, _)) = plain_number(formula) {
            return Operand::Number(number);
        }
        if let KpiKind::Assumption { assumption, value } = &formula.kind {
            let estimate = checked.model.assumptions[assumption.index()].estimate(value.as_deref());
            return estimate.map_or(Operand::Nothing, |it| Operand::Number(it.base));
        }
        let (kpi, part) = match &formula.kind {
            KpiKind::Kpi { kpi, part } => (*kpi, part.clone()),
            _ => match ids.next().flatten() {
                Some(kpi) => (kpi, None),
                None => return Operand::Nothing,
            },
        };
        let grain = match at {
            Some(at) if wider.has_time(kpi) => at.grain(),
            _ => reporting_grain(&wider, kpi, period.map(|it| it.grain()).filter(|it| *it != Grain::All)),
        };
        Operand::Figure(Cited {
            ask: Ask { kpi, part, cut: Vec::new(), grain },
            at,
            like: first_kpi(formula).unwrap_or(kpi),
            unit: Some(formula.unit.clone()),
            is_change: matches!(formula.kind, KpiKind::Change { .. }),
        })
    };
    let mut watched = Vec::new();
    for id in findings {
        let finding = &all[id.index()];
        let mut cited = Vec::new();
        for text in &finding.text {
            let figures = text.pieces.iter().filter_map(|it| if let Piece::Figure(it) = it { Some(it) } else { None });
            cited.push(figures.map(|it| operand(&it.formula, it.period.as_ref().map(|it| it.value))).collect());
        }
        let mut condition = Vec::new();
        if let Some(holds) = &finding.holds_while {
            holds.figures(&mut |it| condition.push(operand(it, None)));
        }
        watched.push(WatchedFinding { finding: *id, cited, condition });
    }
    Watched { checked: wider, findings: watched, period }
}

/// Calls `visit` with every formula of a finding: those of its texts, then those of its condition.
fn each_formula<'f>(finding: &'f Finding, visit: &mut impl FnMut(&'f KpiExpr)) {
    finding.cited().for_each(|it| visit(&it.formula));
    finding.holds_while.iter().for_each(|it: &'f Condition| it.figures(visit));
}

/// Whether a formula is more than a KPI, a part of one, or a number.
fn needs_own(formula: &KpiExpr) -> bool {
    plain_number(formula).is_none() && !matches!(formula.kind, KpiKind::Kpi { .. } | KpiKind::Assumption { .. })
}

fn first_kpi(formula: &KpiExpr) -> Option<KpiId> {
    let mut first = None;
    formula.walk(&mut |it| {
        if let KpiKind::Kpi { kpi, .. } = &it.kind {
            first = first.or(Some(*kpi));
        }
    });
    first
}
