//! Row expressions: names become columns, and every part gets the type that its place asks for.

use super::build::Builder;
use super::row::{ColumnRef, Comparison, RowExpr, RowFunction};
use super::types::*;
use crate::calendar::{Date, DatePattern, Period};
use crate::source::{Span, Spanned};
use crate::syntax::expr::{Expr, ExprKind, Operator, Path};
use crate::syntax::{Node, Word};
use crate::value::{Code, Fact, Num, Unit};
use crate::words::Lang;
use std::collections::HashMap;

/// Where names of a row expression are looked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope<'a> {
    /// The columns of this source.
    Source(SourceId),
    /// Paths that begin with a source.
    Anywhere,
    /// Dimensions, then columns of a source if there is one.
    Dimensions(Option<SourceId>),
    /// The columns of a source, with parameters of a pattern, and dimensions last.
    Aggregate { source: SourceId, bound: &'a HashMap<String, RowExpr> },
}

impl Scope<'_> {
    fn source(self) -> Option<SourceId> {
        match self {
            Scope::Source(it) | Scope::Aggregate { source: it, .. } => Some(it),
            Scope::Dimensions(it) => it,
            Scope::Anywhere => None,
        }
    }
}

/// The type of a part of a row expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowType {
    Number,
    Text,
    Bool,
    Date,
    Several,
    /// A column that nothing has settled yet.
    Open(ColumnRef),
}

impl RowType {
    fn name(self) -> &'static str {
        match self {
            RowType::Number => "number",
            RowType::Text | RowType::Open(_) => "text",
            RowType::Bool => "condition",
            RowType::Date => "date",
            RowType::Several => "several",
        }
    }
}

/// A condition in an attribute: `keep where`, `where` of a stage.
pub(super) fn resolve_condition(builder: &mut Builder<'_>, node: &Node, scope: Scope<'_>) -> Option<RowExpr> {
    let parsed = builder.expression(node)?;
    condition(builder, &parsed, scope)
}

/// A parsed condition.
pub(super) fn condition(builder: &mut Builder<'_>, parsed: &Expr, scope: Scope<'_>) -> Option<RowExpr> {
    Rows { builder, scope }.want(parsed, RowType::Bool)
}

/// A value: a computed column, the expression of a dimension.
pub(super) fn resolve_value(builder: &mut Builder<'_>, parsed: &Expr, scope: Scope<'_>) -> Option<(RowExpr, ColumnType)> {
    let (expr, of) = Rows { builder, scope }.expr(parsed)?;
    let of = match of {
        RowType::Number => ColumnType::Number,
        RowType::Date => ColumnType::Date,
        RowType::Several => ColumnType::Several,
        _ => ColumnType::Text,
    };
    Some((expr, of))
}

/// A numeric value of rows.
pub(super) fn number(builder: &mut Builder<'_>, parsed: &Expr, scope: Scope<'_>) -> Option<RowExpr> {
    Rows { builder, scope }.want(parsed, RowType::Number)
}

/// A value of any type.
pub(super) fn any(builder: &mut Builder<'_>, parsed: &Expr, scope: Scope<'_>) -> Option<(RowExpr, RowType)> {
    Rows { builder, scope }.expr(parsed)
}

/// The error for a column that a source does not declare.
pub(super) fn unknown_column(model: &Model, source: SourceId, name: &str, span: Span) -> Fact {
    let source = &model.sources[source.index()];
    let fact = Fact::at(Code::UnknownColumn, span).with("name", name).with("source", &source.name);
    let fact = fact.did_you_mean(name, span, source.columns.iter().map(|it| it.name.as_str()));
    match fact.arg("similar").and_then(|it| source.column(it)) {
        Some(similar) => fact.label(source.columns[similar].span, "similar"),
        None => fact.label(source.span, "source"),
    }
}

/// The error for an assumption where a column is due.
pub(super) fn assumption_in_rows(name: &str, span: Span, place: Span) -> Fact {
    Fact::at(Code::KpiInAggregate, span).with("name", name).with("assumption", "yes").label(place, "assumption")
}

struct Rows<'b, 'd, 's> {
    builder: &'b mut Builder<'d>,
    scope: Scope<'s>,
}

impl Rows<'_, '_, '_> {
    /// An expression of the type that its place asks for.
    fn want(&mut self, parsed: &Expr, want: RowType) -> Option<RowExpr> {
        let (expr, of) = self.expr(parsed)?;
        self.fit(expr, of, want, parsed.span)
    }

    fn fit(&mut self, expr: RowExpr, of: RowType, want: RowType, span: Span) -> Option<RowExpr> {
        match (of, want) {
            (RowType::Open(column), want) => {
                let settled = match want {
                    RowType::Number => ColumnType::Number,
                    RowType::Date => ColumnType::Date,
                    RowType::Several => ColumnType::Several,
                    RowType::Text => ColumnType::Text,
                    RowType::Bool | RowType::Open(_) => {
                        self.mismatch(span, want, of);
                        return None;
                    }
                };
                self.settle(column, settled, span);
                Some(expr)
            }
            (of, want) if of == want => Some(expr),
            (RowType::Several, RowType::Text) => Some(expr),
            _ => {
                self.mismatch(span, want, of);
                None
            }
        }
    }

    fn settle(&mut self, column: ColumnRef, of: ColumnType, span: Span) {
        let owner = self.builder.model.owner(column);
        self.builder.use_column(owner, column.column as usize, Some(of), span);
    }

    fn mismatch(&mut self, span: Span, want: RowType, found: RowType) {
        self.builder.out.push(mismatch(span, want, found));
    }

    fn expr(&mut self, parsed: &Expr) -> Option<(RowExpr, RowType)> {
        match &parsed.kind {
            ExprKind::Number { value, unit } => {
                let value = match unit.as_deref() {
                    None => *value,
                    Some(unit) => match seconds(unit) {
                        Some(factor) => value.times(Num::int(factor)),
                        None => {
                            let fact = Fact::at(Code::TypeMismatch, parsed.span).with("what", "row unit").with("found", unit);
                            self.builder.out.push(fact);
                            return None;
                        }
                    },
                };
                Some((RowExpr::number(value), RowType::Number))
            }
            ExprKind::Text(text) => Some((RowExpr::Text(text.clone()), RowType::Text)),
            ExprKind::Date(text) => {
                let Some(period) = Period::parse(text) else {
                    let fact = Fact::at(Code::WrongValue, parsed.span).with("key", "date").with("expected", "date");
                    self.builder.out.push(fact.with("found", format!("`{text}`")));
                    return None;
                };
                let date = Date::parse(text, DatePattern::YearMonthDay);
                let start = date.unwrap_or_else(|| period.start(&self.builder.model.project.calendar));
                Some((RowExpr::Date(start), RowType::Date))
            }
            ExprKind::Path(path) => self.path(path, parsed.span),
            ExprKind::Prefix { not: true, of } => Some((RowExpr::Not(Box::new(self.want(of, RowType::Bool)?)), RowType::Bool)),
            ExprKind::Prefix { not: false, of } => Some((RowExpr::Negate(Box::new(self.want(of, RowType::Number)?)), RowType::Number)),
            ExprKind::Binary { operator, at, left, right } => self.binary(*operator, *at, left, right),
            ExprKind::Between { of, low, high } => {
                let (of, low, high) = self.alike3(of, low, high)?;
                Some((RowExpr::Between(Box::new(of), Box::new(low), Box::new(high)), RowType::Bool))
            }
            ExprKind::In { of, list } => self.in_list(of, list),
            ExprKind::Test { of, blank, negated } => {
                let (inner, _) = self.expr(of)?;
                Some((RowExpr::IsMissing { of: Box::new(inner), blank: *blank, negated: *negated }, RowType::Bool))
            }
            ExprKind::Call { function, arguments, filter } => {
                let arguments: Vec<&Expr> = arguments.iter().map(|it| &it.value).collect();
                if let Some(filter) = filter {
                    let fact = Fact::at(Code::FormulaError, filter.span).with("reason", "unexpected").with("found", "where");
                    self.builder.out.push(fact);
                    return None;
                }
                self.call(function, &arguments, parsed.span)
            }
            ExprKind::AtLeast(_) => {
                self.builder.out.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "parts-outside-index"));
                None
            }
            ExprKind::Part { .. } | ExprKind::List(_) => {
                self.builder.out.push(Fact::at(Code::FormulaError, parsed.span).with("reason", "not-a-value"));
                None
            }
        }
    }

    // -- names -------------------------------------------------------------------------------------------------------

    fn path(&mut self, path: &Path, span: Span) -> Option<(RowExpr, RowType)> {
        if let Scope::Aggregate { bound, .. } = self.scope
            && path.names.len() == 1
            && let Some(expr) = bound.get(&path.names[0].value)
        {
            let of = self.type_of(expr);
            return Some((expr.clone(), of));
        }
        let names = path.names.as_slice();
        if names.len() == 1 && matches!(names[0].value.as_str(), "true" | "false") {
            return Some((RowExpr::Bool(names[0].value == "true"), RowType::Bool));
        }
        let named = |it: &str| path.word.as_deref() == Some(it);
        // `region`, or `group.region` of a library.
        let leading = self.builder.names.leading(names);
        let dimension = || {
            let name = names.iter().map(|it| it.value.as_str()).collect::<Vec<_>>().join(".");
            let found = self.builder.names.find(Word::Dimension, &name, names[0].span.file);
            found.map(|at| (RowExpr::Dimension(DimensionId(at as u32)), RowType::Text))
        };
        if names.len() == leading + 1
            && (matches!(self.scope, Scope::Dimensions(_)) || named("dimension") || leading > 0)
            && let Some(it) = dimension()
        {
            return Some(it);
        }
        // A path that begins with a source reads that source; it must be the one that is read.
        if names.len() >= 2
            && let Some((at, used)) = self.builder.names.find_source(names)
            && used < names.len()
        {
            let source = SourceId(at as u32);
            if let Some(read) = self.scope.source()
                && read != source
            {
                let model = &self.builder.model;
                let fact = Fact::at(Code::SeveralSources, span).with("first", &model.sources[read.index()].name);
                self.builder.out.push(fact.with("second", &model.sources[at].name));
                return None;
            }
            return self.column(source, &names[used..], span);
        }
        if let Some(source) = self.scope.source() {
            let known = self.builder.model.sources[source.index()].column(&names[0].value).is_some()
                || self.builder.model.sources[source.index()].references.iter().any(|it| it.name == names[0].value);
            if !known
                && names.len() == 1
                && let Some(it) = dimension()
            {
                return Some(it);
            }
            return self.column(source, names, span);
        }
        self.unknown(names);
        None
    }

    fn unknown(&mut self, names: &[Spanned<String>]) {
        let name = &names[0];
        if self.builder.names.is_broken(&name.value) {
            return;
        }
        let fact = match self.scope {
            Scope::Dimensions(_) => {
                let whole = names.iter().map(|it| it.value.as_str()).collect::<Vec<_>>().join(".");
                let span = name.span.to(names[names.len() - 1].span);
                self.builder.names.unknown(Word::Dimension, &whole, span)
            }
            _ if names.len() >= 2 => self.builder.names.unknown_source(names),
            _ => Fact::at(Code::UnknownColumn, name.span).with("name", &name.value).with("bare", "yes"),
        };
        self.builder.out.push(fact);
    }

    fn column(&mut self, source: SourceId, names: &[Spanned<String>], span: Span) -> Option<(RowExpr, RowType)> {
        let model = &self.builder.model;
        let data = &model.sources[source.index()];
        let (through, owner, name) = match names {
            [name] => (None, source, name),
            [reference, name] => match data.references.iter().position(|it| it.name == reference.value) {
                Some(at) => (Some(at as u32), data.references[at].to, name),
                None => {
                    if !self.builder.names.is_broken(&reference.value) {
                        let fact = Fact::at(Code::UnknownName, reference.span).with("name", &reference.value).with("word", "reference");
                        let known: Vec<&str> = data.references.iter().map(|it| it.name.as_str()).collect();
                        self.builder.out.push(fact.did_you_mean(&reference.value, reference.span, known));
                    }
                    return None;
                }
            },
            _ => {
                self.builder.out.push(Fact::at(Code::FormulaError, span).with("reason", "long-path"));
                return None;
            }
        };
        let Some(at) = model.sources[owner.index()].column(&name.value) else {
            if !self.builder.names.is_broken(&name.value) && !self.builder.names.is_broken(&data.name) {
                let assumption = self.builder.names.find(Word::Assumption, &name.value, name.span.file).filter(|_| names.len() == 1);
                let fact = match assumption {
                    Some(at) => assumption_in_rows(&name.value, name.span, self.builder.names.of(Word::Assumption)[at].name.span),
                    None => unknown_column(model, owner, &name.value, name.span),
                };
                self.builder.out.push(fact);
            }
            return None;
        };
        let column = ColumnRef { source, through, column: at as u32 };
        let of = self.column_type(column);
        Some((RowExpr::Column(column), of))
    }

    fn column_type(&self, column: ColumnRef) -> RowType {
        match self.builder.model.declared(column).of {
            Some(ColumnType::Number) => RowType::Number,
            Some(ColumnType::Text) => RowType::Text,
            Some(ColumnType::Date) => RowType::Date,
            Some(ColumnType::Several) => RowType::Several,
            None => RowType::Open(column),
        }
    }

    fn type_of(&self, expr: &RowExpr) -> RowType {
        match expr {
            RowExpr::Column(column) => self.column_type(*column),
            RowExpr::Text(_) | RowExpr::Dimension(_) => RowType::Text,
            RowExpr::Date(_) => RowType::Date,
            RowExpr::Number(_) | RowExpr::Arithmetic(..) | RowExpr::Negate(_) | RowExpr::Net(..) => RowType::Number,
            RowExpr::If(_, a, _) => self.type_of(a),
            RowExpr::Coalesce(list) => list.first().map_or(RowType::Text, |it| self.type_of(it)),
            RowExpr::Function(function, _) => function_type(*function).1,
            _ => RowType::Bool,
        }
    }

    // -- operators ---------------------------------------------------------------------------------------------------

    fn binary(&mut self, operator: Operator, at: Span, left: &Expr, right: &Expr) -> Option<(RowExpr, RowType)> {
        let arithmetic = match operator {
            Operator::Or | Operator::And => {
                let (a, b) = (self.want(left, RowType::Bool), self.want(right, RowType::Bool));
                let (a, b) = (Box::new(a?), Box::new(b?));
                let expr = if operator == Operator::Or { RowExpr::Or(a, b) } else { RowExpr::And(a, b) };
                return Some((expr, RowType::Bool));
            }
            Operator::Add => Arithmetic::Add,
            Operator::Subtract => Arithmetic::Subtract,
            Operator::Multiply => Arithmetic::Multiply,
            Operator::Divide => Arithmetic::Divide,
            Operator::Range | Operator::In | Operator::Between => {
                let fact = Fact::at(Code::FormulaError, at).with("reason", "unexpected").with("found", operator.text());
                self.builder.out.push(fact);
                return None;
            }
            comparison => return self.comparison(comparison, left, right),
        };
        let (a, b) = (self.want(left, RowType::Number), self.want(right, RowType::Number));
        Some((RowExpr::Arithmetic(arithmetic, Box::new(a?), Box::new(b?)), RowType::Number))
    }

    fn comparison(&mut self, operator: Operator, left: &Expr, right: &Expr) -> Option<(RowExpr, RowType)> {
        let comparison = match operator {
            Operator::NotEqual => Comparison::NotEqual,
            Operator::Less => Comparison::Less,
            Operator::LessEqual => Comparison::LessEqual,
            Operator::Greater => Comparison::Greater,
            Operator::GreaterEqual => Comparison::GreaterEqual,
            _ => Comparison::Equal,
        };
        let (a, of, b) = self.alike(left, right)?;
        if let Some(fact) = self.length_beside(&a, right).or_else(|| self.length_beside(&b, left)) {
            self.builder.out.push(fact);
            return None;
        }
        let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if ordered && matches!(of, RowType::Text | RowType::Several | RowType::Bool) {
            self.mismatch(left.span, RowType::Number, of);
            return None;
        }
        Some((RowExpr::Compare(comparison, Box::new(a), Box::new(b)), RowType::Bool))
    }

    /// Two expressions of one type; a text beside a labelled column becomes what the label stands for.
    fn alike(&mut self, left: &Expr, right: &Expr) -> Option<(RowExpr, RowType, RowExpr)> {
        let (a, b) = (self.expr(left), self.expr(right));
        let ((a, a_type), (b, b_type)) = (a?, b?);
        let (a, b) = match (&a, &b) {
            (_, RowExpr::Text(text)) => {
                let labelled = self.labelled(&a, text, right.span)?;
                (a, labelled)
            }
            (RowExpr::Text(text), _) => (self.labelled(&b, text, left.span)?, b),
            _ => (a, b),
        };
        let (a_type, b_type) = (self.refresh(&a, a_type), self.refresh(&b, b_type));
        match (a_type, b_type) {
            (RowType::Open(first), RowType::Open(second)) => {
                self.settle(first, ColumnType::Text, left.span);
                self.settle(second, ColumnType::Text, right.span);
                Some((a, RowType::Text, b))
            }
            (RowType::Open(_), of) => Some((self.fit(a, a_type, of, left.span)?, of, b)),
            (of, RowType::Open(_)) => Some((a, of, self.fit(b, b_type, of, right.span)?)),
            (RowType::Several, RowType::Text) | (RowType::Text, RowType::Several) => Some((a, RowType::Several, b)),
            (of, other) if of == other => Some((a, of, b)),
            (of, other) => {
                // Point at the literal: the column is what it is.
                let literal = |it: &RowExpr| matches!(it, RowExpr::Number(_) | RowExpr::Text(_) | RowExpr::Date(_) | RowExpr::Bool(_));
                let (span, want, found) = if literal(&a) { (left.span, other, of) } else { (right.span, of, other) };
                let number = |it: &RowExpr| match it {
                    RowExpr::Text(text) if text.trim().parse::<f64>().is_ok_and(f64::is_finite) => Some(text.trim().to_owned()),
                    _ => None,
                };
                let fact = mismatch(span, want, found);
                // A number between quotes is what was meant, less the quotes.
                self.builder.out.push(match number(&a).or_else(|| number(&b)).filter(|_| want == RowType::Number) {
                    Some(number) => fact.with("bare", &number).rewrite(span, number),
                    None => fact,
                });
                None
            }
        }
    }

    /// What is wrong with a number beside a column: a bare one beside a time in minutes, which is kept in seconds; a
    /// length of time beside what is none.
    fn length_beside(&self, beside: &RowExpr, number: &Expr) -> Option<Fact> {
        let (RowExpr::Column(column), ExprKind::Number { value, unit }) = (beside, &number.kind) else { return None };
        let declared = self.builder.model.declared(*column);
        let fact = match unit.as_deref() {
            None if declared.unit == Some(Unit::Duration) && declared.factor.is_some() && value.to_f64() != 0.0 => {
                Fact::at(Code::LengthWithoutUnit, number.span).with("value", value).with("column", &declared.name)
            }
            Some(written) if seconds(written).is_some() => {
                let unit = match (&declared.unit, declared.scale) {
                    (Some(Unit::Duration), _) | (None, None) => return None,
                    (Some(unit), _) => unit.clone(),
                    (None, Some(scale)) => Unit::Score { low: scale.low, high: scale.high },
                };
                let fact = Fact::at(Code::MixedUnits, number.span).with("operator", "compare").with("left", unit.name());
                return Some(fact.with("right", Unit::Duration.name()).label_with(
                    declared.span,
                    "left",
                    vec![("of", declared.name.clone())],
                ));
            }
            _ => return None,
        };
        Some(fact.label(declared.span, "column"))
    }

    fn refresh(&self, expr: &RowExpr, of: RowType) -> RowType {
        match expr {
            RowExpr::Column(column) => self.column_type(*column),
            RowExpr::Number(_) => RowType::Number,
            RowExpr::Text(_) => RowType::Text,
            _ => of,
        }
    }

    fn alike3(&mut self, of: &Expr, low: &Expr, high: &Expr) -> Option<(RowExpr, RowExpr, RowExpr)> {
        let (a, a_type, b) = self.alike(of, low)?;
        let (_, _, c) = self.alike(of, high)?;
        if let Some(fact) = self.length_beside(&a, low).or_else(|| self.length_beside(&a, high)) {
            self.builder.out.push(fact);
            return None;
        }
        if matches!(a_type, RowType::Text | RowType::Several | RowType::Bool) {
            self.mismatch(of.span, RowType::Number, a_type);
            return None;
        }
        Some((a, b, c))
    }

    fn in_list(&mut self, of: &Expr, list: &[Expr]) -> Option<(RowExpr, RowType)> {
        let mut items = Vec::new();
        let mut subject = None;
        for item in list {
            // A value between brackets is a list of one.
            let (a, _, b) = self.alike(of, item)?;
            subject = Some(a);
            items.push(b);
        }
        Some((RowExpr::In(Box::new(subject?), items), RowType::Bool))
    }

    /// What a text means beside an expression: a label of its column, a value of its dimension, or itself (R4).
    fn labelled(&mut self, beside: &RowExpr, text: &str, span: Span) -> Option<RowExpr> {
        let lang = self.builder.model.project.language;
        match beside {
            RowExpr::Column(column) => {
                let owner = self.builder.model.owner(*column);
                let declared = self.builder.model.declared(*column);
                if declared.labels.is_empty() {
                    let with = Compares::Column(owner, column.column as usize);
                    return Some(self.compared(with, text, span));
                }
                let found = declared.labels.iter().find(|(_, label)| label_is(label, text));
                match found {
                    Some((code, _)) if declared.of == Some(ColumnType::Number) => {
                        Num::parse(code).map(RowExpr::number).or(Some(RowExpr::Text(text.to_owned())))
                    }
                    Some((code, label)) => Some(RowExpr::Text(label.get(lang).unwrap_or(code).to_owned())),
                    None => {
                        let labels: Vec<String> = declared.labels.iter().filter_map(|(_, it)| it.get(lang)).map(str::to_owned).collect();
                        let fact = Fact::at(Code::UnknownLabel, span).with("name", text).with("column", &declared.name);
                        let fact = fact.with("labels", labels.join(", ")).label(declared.span, "column");
                        self.builder.out.push(did_you_mean_text(fact, text, span, &labels));
                        None
                    }
                }
            }
            RowExpr::Dimension(id) => {
                let known = dimension_values(&self.builder.model, *id);
                let Some(known) = known else { return Some(self.compared(Compares::Dimension(*id), text, span)) };
                match known.iter().find(|(code, labels)| code == text || labels.iter().any(|it| it == text)) {
                    Some((code, _)) => Some(RowExpr::Text(code.clone())),
                    None => {
                        let dimension = &self.builder.model.dimensions[id.index()];
                        let labels: Vec<String> = known.iter().map(|(code, labels)| labels.first().unwrap_or(code).clone()).collect();
                        let fact = Fact::at(Code::UnknownLabel, span).with("name", text).with("column", &dimension.name);
                        let fact = fact.with("labels", labels.join(", ")).label(dimension.span, "dimension");
                        self.builder.out.push(did_you_mean_text(fact, text, span, &labels));
                        None
                    }
                }
            }
            _ => Some(RowExpr::Text(text.to_owned())),
        }
    }

    /// A text beside something whose values nothing declares: only the data can tell whether it is one of them.
    fn compared(&mut self, with: Compares, text: &str, span: Span) -> RowExpr {
        self.builder.compare(Compared { span, with, text: text.to_owned() });
        RowExpr::Text(text.to_owned())
    }

    // -- functions ---------------------------------------------------------------------------------------------------

    fn call(&mut self, function: &Path, arguments: &[&Expr], span: Span) -> Option<(RowExpr, RowType)> {
        let name = function.text();
        let wrong_count = |rows: &mut Self, expected: &str| {
            let fact = Fact::at(Code::WrongArguments, span).with("function", &name).with("expected", expected);
            rows.builder.out.push(fact.with("found", arguments.len()));
        };
        match &*name {
            "if" => {
                let [test, yes, no] = arguments else {
                    wrong_count(self, "3");
                    return None;
                };
                let test = self.want(test, RowType::Bool)?;
                let (yes, of, no) = self.alike(yes, no)?;
                return Some((RowExpr::If(Box::new(test), Box::new(yes), Box::new(no)), of));
            }
            "coalesce" => {
                let Some((first, rest)) = arguments.split_first() else {
                    wrong_count(self, "1 or more");
                    return None;
                };
                let (first_expr, mut of) = self.expr(first)?;
                let mut list = vec![first_expr];
                for other in rest {
                    let (a, both, b) = self.alike(first, other)?;
                    list[0] = a;
                    of = both;
                    list.push(b);
                }
                return Some((RowExpr::Coalesce(list), of));
            }
            _ => {}
        }
        let Some((function, _, count)) = RowFunction::ALL.into_iter().find(|it| it.1 == name) else {
            self.unknown_function(&name, function.names.first().map_or(span, |it| it.span), span);
            return None;
        };
        if arguments.len() != count {
            wrong_count(self, &count.to_string());
            return None;
        }
        let (takes, gives) = function_type(function);
        let list: Option<Vec<RowExpr>> = arguments.iter().map(|it| self.want(it, takes)).collect();
        Some((RowExpr::Function(function, list?), gives))
    }

    fn unknown_function(&mut self, name: &str, place: Span, whole: Span) {
        if super::formula::is_function(name) {
            self.builder.out.push(Fact::at(Code::TypeMismatch, whole).with("what", "aggregate in row").with("name", name));
            return;
        }
        let known = RowFunction::ALL.into_iter().map(|it| it.1).chain(["if", "coalesce"]);
        let fact = Fact::at(Code::UnknownFunction, place).with("name", name);
        self.builder.out.push(fact.did_you_mean(name, place, known));
    }
}

fn mismatch(span: Span, want: RowType, found: RowType) -> Fact {
    let fact = Fact::at(Code::TypeMismatch, span).with("expected", want.name()).with("found", found.name());
    fact.with("what", "expression")
}

pub(super) fn did_you_mean_text(fact: Fact, wrong: &str, span: Span, known: &[String]) -> Fact {
    let mut fact = fact.did_you_mean(wrong, span, known);
    for edit in fact.fix.iter_mut().flat_map(|it| &mut it.edits) {
        edit.text = format!("\"{}\"", edit.text.replace('\\', "\\\\").replace('"', "\\\""));
    }
    fact
}

fn label_is(label: &Text, text: &str) -> bool {
    [Lang::Nl, Lang::En].into_iter().any(|it| label.get(it) == Some(text))
}

/// The values that a dimension declares, itself or by the labels of its columns, each with its labels.
pub(super) fn dimension_values(model: &Model, id: DimensionId) -> Option<Vec<(String, Vec<String>)>> {
    let dimension = &model.dimensions[id.index()];
    if !dimension.values.is_empty() {
        let labels = |it: &Text| [it.plain.clone(), it.nl.clone(), it.en.clone()].into_iter().flatten().collect();
        return Some(dimension.values.iter().map(|(code, text)| (code.clone(), labels(text))).collect());
    }
    let mut values: Vec<(String, Vec<String>)> = Vec::new();
    for (_, expr) in &dimension.from {
        let RowExpr::Column(column) = expr else { return None };
        let labels = &model.declared(*column).labels;
        if labels.is_empty() {
            return None;
        }
        for (code, label) in labels {
            let canonical = label.get(model.project.language).unwrap_or(code).to_owned();
            if !values.iter().any(|(known, _)| *known == canonical) {
                let others = [label.plain.clone(), label.nl.clone(), label.en.clone()].into_iter().flatten().collect();
                values.push((canonical, others));
            }
        }
    }
    (!values.is_empty()).then_some(values)
}

fn function_type(function: RowFunction) -> (RowType, RowType) {
    match function {
        RowFunction::Year | RowFunction::Month | RowFunction::Weekday | RowFunction::DaysBetween => (RowType::Date, RowType::Number),
        RowFunction::Lower => (RowType::Text, RowType::Text),
        RowFunction::Length => (RowType::Text, RowType::Number),
        RowFunction::Contains | RowFunction::StartsWith | RowFunction::EndsWith => (RowType::Text, RowType::Bool),
        RowFunction::Abs => (RowType::Number, RowType::Number),
    }
}

/// The seconds in a unit of time.
pub(super) fn seconds(unit: &str) -> Option<i64> {
    Some(match unit {
        "s" | "second" | "seconds" => 1,
        "min" | "minute" | "minutes" => 60,
        "h" | "hour" | "hours" => 3_600,
        "day" | "days" => 86_400,
        "week" | "weeks" => 604_800,
        _ => return None,
    })
}
