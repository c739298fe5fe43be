//! How are the answers behind a score spread over the codes of their scale? Asks for the counts, in the same one read.

use crate::check::Checked;
use crate::model::{
    Aggregate, Answer, Column, ColumnRef, ColumnType, Function, KpiExpr, KpiId, KpiKind, NoAnswer, RowExpr, Text, answer_of,
};
use crate::plan::{Ask, COUNTED, Request};
use crate::state::Seen;
use crate::value::Num;
use crate::words::Lang;

/// Scales with more whole codes than this are not listed code by code.
const MOST_CODES: f64 = 101.0;

/// A project in which the answers behind scores are counted by code, beside the scores themselves.
pub struct Spread {
    /// The project with a counting figure for each score; ids of its own KPIs stay.
    pub checked: Checked,
    pub of: Vec<Counting>,
    /// The KPIs that have no answers by code, each with the reason.
    pub without: Vec<(KpiId, NoCodes)>,
}

/// Why a KPI has no answers by code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoCodes {
    /// It is no score of one answer column.
    NoScore(NoAnswer),
    /// The column has neither a scale nor labels, or several answers in a row.
    Undeclared(Answer),
    /// Rows without an answer are in its base: it tells who answered, not what.
    CountsMissing(Answer),
}

/// A table of scores whose answers are counted.
pub struct Counting {
    /// The table of scores.
    pub ask: Ask,
    /// The table of counts.
    pub counted: Ask,
    pub answer: Answer,
    /// What the score computes from an answer.
    pub function: Function,
    pub column: ColumnRef,
}

impl Spread {
    /// Adds what it needs to a request.
    pub fn add_to(&self, request: &mut Request) {
        self.of.iter().for_each(|it| {
            request.add(it.counted.clone());
        });
    }

    /// Those alone whose codes are known beforehand, and few enough to be listed: points of a scale, or labels.
    #[must_use]
    pub fn listed(mut self) -> Spread {
        let model = &self.checked.model;
        let is_listed = |it: &Answer| !codes(&model.sources[it.source.index()].columns[it.column], model.project.language).is_empty();
        self.of.retain(|it| is_listed(&it.answer));
        self
    }
}

/// Counts the answers behind those tables that are scores of one answer column with codes; others are passed over.
pub fn spread(checked: &Checked, asks: &[Ask]) -> Spread {
    let mut formulas: Vec<(KpiId, KpiExpr)> = Vec::new();
    let mut known: Vec<(KpiId, Option<Found>)> = Vec::new();
    let (mut of, mut without) = (Vec::new(), Vec::new());
    for ask in asks {
        let found = match known.iter().find(|it| it.0 == ask.kpi) {
            Some((_, found)) => found.clone(),
            None => {
                let found = found(checked, ask.kpi, &mut formulas).map_err(|reason| without.push((ask.kpi, reason))).ok();
                known.push((ask.kpi, found.clone()));
                found
            }
        };
        let Some(it) = found else { continue };
        let counted = Ask { kpi: it.kpi, part: RowExpr::both(it.part.clone(), ask.part.clone()), ..ask.clone() };
        let answer = Answer { source: it.column.source, column: it.column.column as usize };
        of.push(Counting { ask: ask.clone(), counted, answer, function: it.function, column: it.column });
    }
    let (checked, _) = checked.with_figures(formulas);
    Spread { checked, of, without }
}

#[derive(Clone)]
struct Found {
    /// The figure that counts.
    kpi: KpiId,
    /// The part of it that the score is of.
    part: Option<RowExpr>,
    function: Function,
    column: ColumnRef,
}

/// The counting figure of a score. A score that is a part of another is counted by that part.
fn found(checked: &Checked, kpi: KpiId, formulas: &mut Vec<(KpiId, KpiExpr)>) -> Result<Found, NoCodes> {
    let model = &checked.model;
    let answer = answer_of(model, kpi).map_err(NoCodes::NoScore)?;
    if !has_codes(&model.sources[answer.source.index()].columns[answer.column]) {
        return Err(NoCodes::Undeclared(answer));
    }
    let unknown = NoCodes::NoScore(NoAnswer::Unknown);
    let mut part = None;
    let mut next = model.kpis[kpi.index()].formula.as_ref().ok_or(unknown)?;
    let aggregate = loop {
        match &next.kind {
            KpiKind::Kpi { kpi, part: of } => {
                part = RowExpr::both(of.clone(), part);
                next = model.kpis[kpi.index()].formula.as_ref().ok_or(unknown)?;
            }
            KpiKind::Scaled { of, .. } => next = of,
            KpiKind::Aggregate(it) => break it,
            _ => return Err(unknown),
        }
    };
    let column = ColumnRef { source: answer.source, through: None, column: answer.column as u32 };
    if counts_missing(&aggregate.function) {
        return Err(NoCodes::CountsMissing(answer));
    }
    // A percentile keeps how often each answer was seen, with its weight; as a figure it is not looked at.
    let function = Function::Percentile(RowExpr::Column(column), COUNTED);
    let counting = Aggregate { function, ..aggregate.as_ref().clone() };
    let id = KpiId((model.kpis.len() + formulas.len()) as u32);
    formulas.push((kpi, KpiExpr { span: next.span, unit: next.unit.clone(), kind: KpiKind::Aggregate(counting.into()) }));
    Ok(Found { kpi: id, part, function: aggregate.function.clone(), column })
}

/// Whether rows without an answer are in the base of a score: then the answers by code are no picture of it.
pub(super) fn counts_missing(function: &Function) -> bool {
    let mut found = false;
    for of in function.rows() {
        of.walk(&mut |it| found |= matches!(it, RowExpr::IsMissing { .. } | RowExpr::Coalesce(_)));
    }
    found
}

/// Whether the answers of a column are codes: points of a scale, or values with labels.
fn has_codes(column: &Column) -> bool {
    column.several.is_none() && (column.scale.is_some() || !column.labels.is_empty())
}

/// The codes of a column with what they are called, in their order: the whole points of its scale, or its labels. Rows
/// hold labels in the language of the project; codes of one label are one answer.
pub fn codes(column: &Column, lang: Lang) -> Vec<(Seen, String, Text)> {
    let label = |code: &str| column.labels.iter().find(|it| it.0 == code).map(|it| it.1.clone()).unwrap_or_default();
    if let Some(scale) = column.scale {
        let whole = scale.low.fract() == 0.0 && scale.high.fract() == 0.0 && scale.high - scale.low < MOST_CODES;
        let points = Some(scale.low as i64..=scale.high as i64).filter(|_| whole);
        return points
            .into_iter()
            .flatten()
            .map(|it| (Seen::Number(Num::int(it).normal()), it.to_string(), label(&it.to_string())))
            .collect();
    }
    let mut codes: Vec<(Seen, String, Text)> = Vec::new();
    for (code, label) in &column.labels {
        let seen = match Num::parse(code).filter(|_| column.of == Some(ColumnType::Number)) {
            Some(number) => Seen::Number(number.normal()),
            None => Seen::Text(label.get(lang).unwrap_or(code).into()),
        };
        if !codes.iter().any(|it| it.0 == seen) {
            codes.push((seen, code.clone(), label.clone()));
        }
    }
    codes
}
