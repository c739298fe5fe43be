//! Aggregates: the source that is read, the filter, weight, cluster and time that hold.

use super::{Resolver, scale_of};
use crate::model::row::RowExpr;
use crate::model::rows::{self, RowType, Scope};
use crate::model::types::*;
use crate::model::units_of_rows;
use crate::source::{Span, Spanned};
use crate::syntax::Word;
use crate::syntax::expr::{Argument, Expr, ExprKind};
use crate::value::{Code, Fact, Unit};

impl Resolver<'_, '_> {
    /// The source that an aggregate reads: the one that its names name, else `from`.
    pub fn source_of(&mut self, whole: &Expr, name: &str, arguments: &[Argument], filter: Option<&Expr>) -> Option<SourceId> {
        let mut found: Option<SourceId> = None;
        let mut bare: Option<Spanned<String>> = None;
        let mut waiting: Vec<&Expr> = arguments.iter().map(|it| &it.value).chain(filter).collect();
        waiting.reverse();
        while let Some(it) = waiting.pop() {
            match &it.kind {
                ExprKind::Path(path) => {
                    let first = &path.names[0];
                    let source = match self.context.bound.get(&first.value) {
                        Some(expr) => expr.columns().first().map(|it| it.source),
                        None => {
                            let known = self.builder.names.find_source(&path.names).map(|it| SourceId(it.0 as u32));
                            known.filter(|_| path.names.len() >= 2 || self.context.from.is_none())
                        }
                    };
                    match source {
                        Some(source) => {
                            found = found.or(Some(source));
                        }
                        // A dimension of a library: what is read is told by the rest.
                        None if self.builder.names.leading(&path.names) + 1 == path.names.len()
                            && self.builder.names.find(Word::Dimension, &path.text(), first.span.file).is_some() => {}
                        None if self.builder.names.is_broken(&first.value) => return None,
                        None if path.names.len() >= 2 && self.context.from.is_none() => {
                            let fact = self.builder.names.unknown_source(&path.names);
                            self.push(fact);
                            return None;
                        }
                        None => bare = bare.or(Some(first.clone())),
                    }
                }
                ExprKind::Prefix { of, .. } | ExprKind::Test { of, .. } => waiting.push(of),
                ExprKind::Binary { left, right, .. } => waiting.extend([right.as_ref(), left.as_ref()]),
                ExprKind::Between { of, low, high } => waiting.extend([high.as_ref(), low.as_ref(), of.as_ref()]),
                ExprKind::In { of, list } => {
                    waiting.extend(list.iter().rev());
                    waiting.push(of);
                }
                ExprKind::Call { arguments, filter, .. } => {
                    waiting.extend(filter.as_deref());
                    waiting.extend(arguments.iter().rev().map(|it| &it.value));
                }
                ExprKind::List(list) => waiting.extend(list.iter().rev()),
                ExprKind::Part { of, .. } => waiting.push(of),
                ExprKind::Number { .. } | ExprKind::Text(_) | ExprKind::Date(_) | ExprKind::AtLeast(_) => {}
            }
        }
        if let Some(source) = found.or(self.context.from) {
            return Some(source);
        }
        let fact = match bare {
            Some(name) if self.builder.names.find(Word::Kpi, &name.value, name.span.file).is_some() => {
                Fact::at(Code::KpiInAggregate, name.span).with("name", &name.value)
            }
            Some(name) if let Some(at) = self.builder.names.find(Word::Assumption, &name.value, name.span.file) => {
                rows::assumption_in_rows(&name.value, name.span, self.builder.names.of(Word::Assumption)[at].name.span)
            }
            Some(name) => {
                let fact = Fact::at(Code::UnknownColumn, name.span).with("name", &name.value).with("bare", "yes");
                fact.did_you_mean(&name.value, name.span, self.builder.names.seen_from(Word::Source, name.span.file))
            }
            None if name == "count" => Fact::at(Code::WrongArguments, whole.span).with("function", name).with("from", "yes"),
            None => Fact::at(Code::WrongArguments, whole.span).with("function", name).with("nothing", "yes"),
        };
        self.push(fact);
        None
    }

    pub fn aggregate(
        &mut self,
        whole: &Expr,
        name: &str,
        place: Span,
        arguments: &[Argument],
        filter: Option<&Expr>,
    ) -> Option<(Aggregate, Unit)> {
        let source = self.source_of(whole, name, arguments, filter)?;
        if let Some(named) = arguments.iter().find_map(|it| it.name.as_ref()) {
            self.push(Fact::at(Code::WrongArguments, named.span).with("function", name).with("unknown", &named.value));
            return None;
        }
        let values: Vec<&Expr> = arguments.iter().map(|it| &it.value).collect();
        for value in &values {
            if let Some(kpi) = self.kpi_in(value, source) {
                self.push(kpi);
                return None;
            }
        }
        let function = self.function(whole, name, place, &values, source);
        let own_filter = filter.map(|it| self.rows_condition(it, source));
        let kpi_filter = self.context.filter.clone().map(|it| self.rows_condition(&it, source));
        let (function, unit) = function?;
        let own = match own_filter {
            Some(it) => Some(it?),
            None => None,
        };
        let outer = match kpi_filter {
            Some(it) => Some(it?),
            None => None,
        };
        let filter = RowExpr::both(own, outer);
        let data = &self.builder.model.sources[source.index()];
        let (weight, cluster, time) = (data.weight, data.cluster, data.time);
        let weight = self.chosen(self.context.weight.clone(), weight, source, Some(ColumnType::Number))?;
        let cluster = self.chosen(self.context.cluster.clone(), cluster, source, None)?;
        let time = self.chosen(self.context.time.clone(), time, source, Some(ColumnType::Date))?;
        let text = self.print(name, &values, &function, filter.as_ref(), source);
        Some((Aggregate { span: whole.span, source, function, filter, weight, cluster, time, text }, unit))
    }

    pub fn rows_condition(&mut self, parsed: &Expr, source: SourceId) -> Option<RowExpr> {
        let bound = std::mem::take(&mut self.context.bound);
        let condition = rows::condition(self.builder, parsed, Scope::Aggregate { source, bound: &bound });
        self.context.bound = bound;
        let condition = condition?;
        if let Some(fact) = units_of_rows::mixed(&self.builder.model, &condition, parsed.span) {
            self.push(fact);
            return None;
        }
        self.on_source(condition, source, parsed.span)
    }

    /// Dimensions in a condition become what they are over the source that is read.
    pub fn on_source(&mut self, expr: RowExpr, source: SourceId, span: Span) -> Option<RowExpr> {
        for dimension in expr.dimensions() {
            if let Some(leading) = crate::model::ambiguous_on(&self.builder.model, dimension, source) {
                let fact = crate::model::ambiguous_fact(&self.builder.model, dimension, source, &leading, span);
                self.push(fact);
                return None;
            }
        }
        match expr.on(&self.builder.model, source) {
            Ok(expr) => Some(expr),
            Err(dimension) if crate::model::lacks_by_fault(&self.builder.model, dimension, source) => None,
            Err(dimension) => {
                let model = &self.builder.model;
                let fact = Fact::at(Code::CutNotShared, span).with("dimension", &model.dimensions[dimension.index()].name);
                let fact = fact.with("source", &model.sources[source.index()].name);
                self.push(fact);
                None
            }
        }
    }

    /// `weight none`, `weight other`, or what the source says.
    #[expect(clippy::option_option, reason = "outer: could be resolved; inner: a column, or none")]
    pub fn chosen(
        &mut self,
        said: Option<Spanned<String>>,
        default: Option<usize>,
        source: SourceId,
        of: Option<ColumnType>,
    ) -> Option<Option<usize>> {
        let Some(said) = said else { return Some(default) };
        let name = said.value.trim();
        if name == "none" {
            return Some(None);
        }
        let model = &self.builder.model;
        // `survey.w` as well as `w`; of a library `group.survey.w` is the same.
        let whole = self.builder.names.whole(name, said.span.file).into_owned();
        let name = whole.strip_prefix(&format!("{}.", model.sources[source.index()].name)).unwrap_or(name);
        match model.sources[source.index()].column(name) {
            Some(at) => {
                self.builder.use_column(source, at, of, said.span);
                Some(Some(at))
            }
            None => {
                let fact = rows::unknown_column(model, source, name, said.span);
                self.push(fact);
                None
            }
        }
    }

    /// The error for a KPI where a column is due.
    pub fn kpi_in(&self, parsed: &Expr, source: SourceId) -> Option<Fact> {
        let ExprKind::Path(path) = &parsed.kind else { return None };
        let [name] = path.names.as_slice() else { return None };
        let data = &self.builder.model.sources[source.index()];
        let is_column = data.column(&name.value).is_some() || self.context.bound.contains_key(&name.value);
        let is_kpi = self.builder.names.find(Word::Kpi, &name.value, name.span.file).is_some();
        // A KPI may have the name of its source: each word has names of its own (R3).
        let is_source = self.builder.names.find(Word::Source, &name.value, name.span.file).is_some();
        (is_kpi && !is_column && !is_source).then(|| Fact::at(Code::KpiInAggregate, name.span).with("name", &name.value))
    }

    pub fn number(&mut self, parsed: &Expr, source: SourceId) -> Option<RowExpr> {
        let bound = std::mem::take(&mut self.context.bound);
        let expr = rows::number(self.builder, parsed, Scope::Aggregate { source, bound: &bound });
        self.context.bound = bound;
        let expr = expr?;
        if let Some(fact) = units_of_rows::mixed(&self.builder.model, &expr, parsed.span) {
            self.push(fact);
            return None;
        }
        Some(expr)
    }

    /// Whether every answer in it is a score: alone, or with numbers beside it.
    pub fn is_score(&self, expr: &RowExpr) -> bool {
        let columns = units_of_rows::values(expr);
        !columns.is_empty() && columns.iter().all(|it| scale_of(&self.builder.model, &RowExpr::Column(*it)).is_some())
    }

    pub fn any(&mut self, parsed: &Expr, source: SourceId) -> Option<(RowExpr, RowType)> {
        let bound = std::mem::take(&mut self.context.bound);
        let expr = rows::any(self.builder, parsed, Scope::Aggregate { source, bound: &bound });
        self.context.bound = bound;
        expr
    }

    /// The unit of a mean: a score on the column's scale, or the unit of its values.
    pub fn mean_unit(&self, expr: &RowExpr) -> Unit {
        match scale_of(&self.builder.model, expr) {
            Some(scale) => Unit::Score { low: scale.low, high: scale.high },
            None => units_of_rows::unit_of(&self.builder.model, expr),
        }
    }
}
