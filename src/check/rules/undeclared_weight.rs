//! A survey with a column that looks like a weight, and figures that do not use it.

use super::name_words::column_holds;
use super::{Subject, about};
use crate::model::{ColumnType, KpiKind, SourceId};
use crate::value::{Code, Diagnostics};

const WEIGHTS: [&str; 8] = ["weight", "weights", "weging", "weegfactor", "wegingsfactor", "gewicht", "wgt", "surveyweight"];

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    for (at, source) in model.sources.iter().enumerate().filter(|it| it.1.survey.is_some() && it.1.weight.is_none()) {
        let mut weighs = false;
        for formula in model.kpis.iter().filter_map(|it| it.formula.as_ref()) {
            formula.walk(&mut |it| {
                if let KpiKind::Aggregate(it) = &it.kind {
                    weighs |= it.source == SourceId(at as u32) && it.weight.is_some();
                }
            });
        }
        let plain = |it: &&crate::model::Column| matches!(it.of, None | Some(ColumnType::Number)) && it.scale.is_none() && it.labels.is_empty();
        let column = source.columns.iter().filter(plain).find(|it| column_holds(it, &WEIGHTS));
        if let Some(column) = column.filter(|_| !weighs) {
            let fact = about(Code::UndeclaredWeight, "source", &source.name, column.span).with("column", &column.name);
            out.push(fact.label(source.span, "source"));
        }
    }
}
