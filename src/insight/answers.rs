//! Which answers does a figure rest on? Two figures that share some move together, though no formula leads from one to the
//! other: a score and that of a channel, a mean and a share of the same question.

use crate::check::Checked;
use crate::model::{ColumnRef, Comparison, Function, KpiExpr, KpiId, KpiKind, RowExpr, SourceId};

/// What a formula takes of a source.
#[derive(Clone, Debug)]
pub struct Answers {
    source: SourceId,
    of: Taken,
    /// What must hold of a row, each by itself.
    conditions: Vec<RowExpr>,
}

#[derive(Clone, Debug)]
enum Taken {
    /// How many rows there are.
    Rows,
    /// Whether there is an answer in columns, whatever it is.
    Answered(Vec<ColumnRef>),
    Columns(Vec<ColumnRef>),
    /// What customers do over time.
    Customers,
}

impl Answers {
    /// Whether both rest on answers that may be the same ones.
    fn meet(&self, other: &Answers) -> bool {
        let same = match (&self.of, &other.of) {
            (Taken::Rows, Taken::Rows) | (Taken::Customers, Taken::Customers) => true,
            (Taken::Columns(a), Taken::Columns(b)) | (Taken::Answered(a), Taken::Answered(b)) => a.iter().any(|it| b.contains(it)),
            _ => false,
        };
        let apart = || self.conditions.iter().any(|a| other.conditions.iter().any(|b| exclude(a, b)));
        self.source == other.source && same && !apart()
    }
}

/// Whether some answers are of both.
pub fn meet(a: &[Answers], b: &[Answers]) -> bool {
    a.iter().any(|a| b.iter().any(|b| a.meet(b)))
}

/// The answers that a formula takes itself, and those of parts that it names; a whole KPI that it names is a figure of its
/// own, and left out.
pub fn answers(checked: &Checked, formula: &KpiExpr) -> Vec<Answers> {
    let mut found = Vec::new();
    gather(checked, formula, &[], false, &mut found);
    found
}

/// The answers of a part of a KPI, with all that it is made of.
pub fn answers_of_part(checked: &Checked, kpi: KpiId, part: &RowExpr) -> Vec<Answers> {
    let mut found = Vec::new();
    if let Some(formula) = &checked.model.kpis[kpi.index()].formula {
        gather(checked, formula, std::slice::from_ref(part), true, &mut found);
    }
    found
}

fn gather(checked: &Checked, formula: &KpiExpr, parts: &[RowExpr], within: bool, to: &mut Vec<Answers>) {
    match &formula.kind {
        KpiKind::Aggregate(it) => {
            let mut conditions = Vec::new();
            for condition in parts.iter().chain(&it.filter) {
                // A condition that the source does not know leaves its rows as they are.
                if let Ok(own) = condition.on(&checked.model, it.source) {
                    conditions.extend(own.conjuncts());
                }
            }
            let of = match &it.function {
                Function::Count => Taken::Rows,
                Function::CountOf(of) => Taken::Answered(of.columns()),
                Function::Share(of) if is_missing(of) => Taken::Answered(of.columns()),
                Function::Customers(_) => Taken::Customers,
                function => Taken::Columns(function.rows().into_iter().flat_map(RowExpr::columns).collect()),
            };
            to.push(Answers { source: it.source, of, conditions });
        }
        KpiKind::Kpi { kpi, part } => {
            if let Some(formula) = checked.model.kpis[kpi.index()].formula.as_ref().filter(|_| within || part.is_some()) {
                let parts: Vec<RowExpr> = parts.iter().chain(part).cloned().collect();
                gather(checked, formula, &parts, true, to);
            }
        }
        _ => formula.parts().into_iter().for_each(|it| gather(checked, it, parts, within, to)),
    }
}

/// Whether a condition asks only if there is an answer.
fn is_missing(condition: &RowExpr) -> bool {
    match condition {
        RowExpr::Not(of) => is_missing(of),
        RowExpr::IsMissing { .. } => true,
        _ => false,
    }
}

/// Whether no row meets both: the same has other values, or one denies the other.
fn exclude(a: &RowExpr, b: &RowExpr) -> bool {
    let denies = |a: &RowExpr, b: &RowExpr| matches!(a, RowExpr::Not(it) if **it == *b);
    let values = || {
        let ((a, first), (b, second)) = (fixed(a)?, fixed(b)?);
        Some(a == b && !first.iter().any(|it| second.contains(it)))
    };
    denies(a, b) || denies(b, a) || values().unwrap_or(false)
}

/// What a condition fixes, and the values that it leaves.
fn fixed(condition: &RowExpr) -> Option<(&RowExpr, Vec<&RowExpr>)> {
    let is_value = |it: &RowExpr| matches!(it, RowExpr::Text(_) | RowExpr::Number(_) | RowExpr::Date(_) | RowExpr::Bool(_));
    match condition {
        RowExpr::Compare(Comparison::Equal, a, b) if is_value(b) => Some((a, vec![b])),
        RowExpr::Compare(Comparison::Equal, a, b) if is_value(a) => Some((b, vec![a])),
        RowExpr::In(of, list) if list.iter().all(is_value) => Some((of, list.iter().collect())),
        _ => None,
    }
}
