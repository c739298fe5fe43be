//! Items -> the model: sources and dimensions first, then KPIs, then all that names KPIs. Each word has a file of its own.

use super::kept::{Effect, Keeper, Kept};
use super::names::Names;
use super::types::*;
use crate::library;
use crate::source::{Span, Spanned};
use crate::syntax::{Formulas, Kind, Node, Word, expr};
use crate::value::Diagnostics;
use crate::words::Lang;
use std::sync::Arc;

/// What every step of building has at hand.
pub(super) struct Builder<'d> {
    pub names: Names<'d>,
    /// What was parsed with the files, by their numbers.
    formulas: Vec<Option<&'d Formulas>>,
    pub model: Model,
    pub out: &'d mut Diagnostics,
    /// What resolving did to the model, where somebody listens.
    pub effects: Option<Vec<Effect>>,
    /// From which text on those that values of rows are compared with stand in the order of their places.
    pub compared_from: usize,
}

/// Builds the model of a project from the documents of all projects: its own first, then those of its libraries. What was
/// kept of the last build is taken over where it would be the same.
pub fn build(projects: &[library::Project], mut kept: Option<&mut Kept>, out: &mut Diagnostics) -> Model {
    let names = Names::gather(projects, out);
    let mut builder = Builder { names, formulas: formulas(projects), model: Model::default(), out, effects: None, compared_from: 0 };
    if kept.is_some() {
        builder.names.listen();
    }
    builder.projects(projects);
    builder.file_lints(projects);
    builder.sources();
    builder.dimensions();
    builder.source_conditions();
    super::assumption::assumptions(&mut builder);
    let mut keeper = kept.as_deref_mut().map(|it| Keeper::new(std::mem::take(it), projects, &builder));
    super::kpi::kpis(&mut builder, keeper.as_mut());
    super::source::responses(&mut builder);
    builder.goals();
    builder.enablers();
    builder.touchpoints();
    builder.journeys();
    builder.events();
    builder.reports();
    super::drivers::build(&mut builder);
    super::finding::build(&mut builder);
    super::action::build(&mut builder);
    super::incentive::incentives(&mut builder);
    super::benchmark::benchmarks(&mut builder);
    // Tests bring rows of their own: what they compare says nothing of the data.
    let compared = builder.model.compared.len();
    super::test::tests(&mut builder);
    builder.model.compared.truncate(compared);
    builder.unused_libraries();
    if let Some((kept, keeper)) = kept.zip(keeper) {
        *kept = keeper.done(&builder.model);
    }
    builder.model.lost = projects.first().is_some_and(|own| own.documents.iter().any(|it| !it.broken.is_empty()));
    builder.model
}

fn formulas(projects: &[library::Project]) -> Vec<Option<&Formulas>> {
    let mut by_file = Vec::new();
    for document in projects.iter().flat_map(|it| &it.documents) {
        let Some(item) = document.items.first() else { continue };
        let file = item.name.span.file.0 as usize;
        by_file.resize(by_file.len().max(file + 1), None);
        by_file[file] = Some(&document.formulas);
    }
    by_file
}

/// A KPI, or a part of one, from a text that a user typed.
pub(super) fn reference(model: &Model, text: &str) -> Result<(KpiId, Option<super::RowExpr>), String> {
    let named = |word: Word, name: &str, span: Span| (word, Spanned::new(name.to_owned(), span));
    let mut names: Vec<(Word, Spanned<String>)> = Vec::new();
    names.extend(model.kpis.iter().map(|it| named(Word::Kpi, &it.name, it.span)));
    names.extend(model.dimensions.iter().map(|it| named(Word::Dimension, &it.name, it.span)));
    names.extend(model.sources.iter().map(|it| named(Word::Source, &it.name, it.span)));
    names.extend(model.assumptions.iter().map(|it| named(Word::Assumption, &it.name, it.span)));
    let nowhere = Span::new(crate::source::FileId(0), 0, 0);
    let body = Node { span: nowhere, kind: Kind::Absent };
    let mut out = Diagnostics::default();
    let compared_from = model.compared.len();
    let names = Names::of_model(&names, &body);
    let mut builder = Builder { names, formulas: Vec::new(), model: model.clone(), out: &mut out, effects: None, compared_from };
    let found = builder.kpi_ref(text, nowhere);
    match found {
        Some(it) => Ok((it.kpi, it.part)),
        None => {
            let said = out.iter().next().map(|it| crate::words::say(it, Lang::En));
            Err(said.map_or_else(
                || format!("`{text}` is no KPI"),
                |it| std::iter::once(it.message).chain(it.help).collect::<Vec<_>>().join("; "),
            ))
        }
    }
}

impl Builder<'_> {
    /// The formula or condition that a node holds: as it was parsed with its file, else parsed now.
    pub fn expression(&mut self, node: &Node) -> Option<Arc<expr::Expr>> {
        let Kind::Scalar(scalar) = &node.kind else { return None };
        let known = self.formulas.get(node.span.file.0 as usize).copied().flatten().and_then(|it| it.at(node.span));
        match known {
            Some(parsed) => parsed.clone(),
            None => expr::parse(node.span.file, scalar, self.out).map(Arc::new),
        }
    }
}
