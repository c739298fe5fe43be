//! What customers say, or call about: the reasons of a driver model by `stated`, who is at risk, what a reason may save.

use super::Model;
use super::body::strip_word;
use super::build::Builder;
use super::drivers::Answer;
use super::row::RowExpr;
use super::rows::{Scope, condition};
use super::types::{DimensionId, KpiId, SourceId};
use crate::source::Spanned;
use crate::syntax::{Node, Word};
use std::collections::HashMap;

/// Where the reasons of an answer stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reasons {
    /// A column of the outcome's source, mostly one of several answers.
    Column(usize),
    /// A dimension that the outcome's source has: one reason each, such as that of a contact.
    Dimension(DimensionId),
}

impl Reasons {
    /// What a row of a source gives as its reasons; none where it does not have the dimension.
    pub fn expr(self, model: &Model, source: SourceId) -> Option<RowExpr> {
        match self {
            Reasons::Column(at) => {
                Some(RowExpr::Column(super::ColumnRef { source, through: None, column: u32::try_from(at).unwrap_or(u32::MAX) }))
            }
            Reasons::Dimension(id) => super::dimension_on(model, id, source),
        }
    }
}

/// The reasons that a driver model names: a column of the outcome's source, else a dimension.
pub(super) fn reasons(builder: &mut Builder<'_>, name: &Spanned<String>, answer: Option<Answer>) -> Option<Spanned<Reasons>> {
    let source = answer.map(|it| it.source);
    let text = name.value.as_str();
    let bare = strip_word(text, "dimension");
    let is_column = source.is_some_and(|it| builder.model.sources[it.index()].column(text).is_some());
    let is_dimension = builder.names.find(Word::Dimension, bare, name.span.file).is_some();
    if bare != text || (!is_column && is_dimension) {
        let found = builder.names.resolve(Word::Dimension, bare, name.span, builder.out)?;
        return Some(Spanned::new(Reasons::Dimension(DimensionId(found as u32)), name.span));
    }
    super::drivers::column(builder, name, source).map(|it| Spanned::new(Reasons::Column(it), name.span))
}

/// The rule by which a customer counts as at risk.
pub(super) fn risk(builder: &mut Builder<'_>, node: &Node, answer: Answer) -> Option<Spanned<RowExpr>> {
    let parsed = builder.expression(node)?;
    let bound = HashMap::new();
    let rule = condition(builder, &parsed, Scope::Aggregate { source: answer.source, bound: &bound })?;
    Some(Spanned::new(rule, node.span))
}

/// The KPI that tells what could be saved.
pub(super) fn savings(builder: &mut Builder<'_>, name: &Spanned<String>) -> Option<Spanned<KpiId>> {
    let found = builder.names.resolve(Word::Kpi, strip_word(&name.value, "kpi"), name.span, builder.out)?;
    Some(Spanned::new(KpiId(found as u32), name.span))
}
