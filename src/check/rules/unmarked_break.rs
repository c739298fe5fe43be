//! A wave that was asked on another scale, recoded to this one: the series breaks there, and no KPI says so.

use super::measure::{column_of, measure};
use super::{Subject, about};
use crate::model::{Column, KpiId};
use crate::value::{Code, Diagnostics};
use std::collections::HashSet;

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    let mut said = HashSet::new();
    for (at, kpi) in model.kpis.iter().enumerate().filter(|it| !it.1.pattern && !it.1.broken && it.1.changed.is_none()) {
        let Some((_, column)) = measure(model, KpiId(at as u32)).and_then(|it| it.question()).map(|it| column_of(model, it)) else { continue };
        if let Some((file, lost)) = lost(column)
            && said.insert(column.span)
        {
            let fact = about(Code::UnmarkedBreak, "kpi", &kpi.name, kpi.span).with("file", file).with("answers", lost);
            out.push(fact.with("column", &column.name).label(column.span, "column"));
        }
    }
}

/// A file whose recoding leaves answers of the scale that nobody in it can have given, with these answers.
fn lost(column: &Column) -> Option<(&str, String)> {
    let scale = column.scale.filter(|it| it.low.fract() == 0.0 && it.high.fract() == 0.0 && it.high - it.low < 200.0)?;
    column.recode.iter().find_map(|(file, pairs)| {
        let number = |it: &str| it.trim().parse::<f64>().ok();
        // Recoding one code, a blank perhaps, says nothing of the scale.
        if pairs.len() < 3 {
            return None;
        }
        let given = |answer: &f64| {
            let moved = pairs.iter().any(|it| number(&it.0) == Some(*answer));
            !moved || pairs.iter().any(|it| number(&it.1) == Some(*answer))
        };
        let answers = (scale.low as i64..=scale.high as i64).map(|it| it as f64);
        let lost: Vec<String> = answers.filter(|it| !given(it)).map(|it| it.to_string()).collect();
        (!lost.is_empty()).then(|| (file.as_str(), lost.join(", ")))
    })
}
