//! A dimension whose values are what respondents wrote: it would be printed word by word.

use super::measure::column_of;
use super::name_words::column_holds;
use super::{Subject, about};
use crate::model::{ColumnType, RowExpr};
use crate::value::{Code, Diagnostics};

pub(super) const FREE_TEXT: [&str; 14] = [
    "comment", "comments", "remark", "remarks", "verbatim", "freetext", "opentext", "openanswer", "opmerking", "opmerkingen", "toelichting",
    "vrijetekst", "openantwoord", "opentoelichting",
];

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let model = subject.model;
    for dimension in model.dimensions.iter().filter(|it| it.values.is_empty()) {
        for (_, expr) in &dimension.from {
            let RowExpr::Column(column) = expr else { continue };
            let (_, declared) = column_of(model, *column);
            let coded = !declared.labels.is_empty() || matches!(declared.of, Some(ColumnType::Number | ColumnType::Several));
            if !coded && column_holds(declared, &FREE_TEXT) {
                let fact = about(Code::FreeTextAsDimension, "dimension", &dimension.name, dimension.span).with("column", &declared.name);
                out.push(fact.label(declared.span, "column"));
                break;
            }
        }
    }
}
