//! `margin`, `trim`: which weights are made, so that a sample agrees with its population.

use super::body::range;
use super::build::Builder;
use super::column::plain_column;
use super::names::Named;
use super::norms::amount;
use super::row::{ColumnRef, Comparison, RowExpr};
use super::rows::{Scope, condition};
use super::types::*;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::syntax::expr::{Expr, ExprKind, Operator, Path};
use crate::value::{Code, Fact, Num};

/// The name of the column that holds the weights that are made; no file can have it.
pub const MADE_WEIGHT: &str = "(weight)";
/// The name of the column that tells the cells of the margins apart.
const CELL: &str = "(cell)";

/// How the weights of a source are made.
#[derive(Clone, Debug)]
pub struct Weighting {
    pub span: Span,
    pub margins: Vec<Margin>,
    /// The least and the largest factor, relative to the mean one.
    pub trim: Option<(f64, f64)>,
    /// The weight to begin with.
    pub base: Option<usize>,
    /// The column of the weight that is made.
    pub weight: usize,
    /// The column that tells the cells apart: their numbers, from 0.
    pub cell: usize,
}

/// What the weights are to add up to, level by level.
#[derive(Clone, Debug)]
pub struct Margin {
    pub column: usize,
    pub span: Span,
    pub levels: Vec<Level>,
    /// Whether the totals are shares, in percent.
    pub percent: bool,
}

/// A level of a margin.
#[derive(Clone, Debug)]
pub struct Level {
    pub name: String,
    pub span: Span,
    pub total: f64,
    pub holds: RowExpr,
}

impl Weighting {
    /// How many cells there are, with rows or without.
    pub fn cells(&self) -> usize {
        self.margins.iter().map(|it| it.levels.len()).product()
    }

    /// The level of a cell in each margin.
    pub fn levels_of(&self, cell: usize) -> Vec<usize> {
        let mut rest = cell;
        let mut levels: Vec<usize> = Vec::with_capacity(self.margins.len());
        for it in self.margins.iter().rev() {
            levels.push(rest % it.levels.len().max(1));
            rest /= it.levels.len().max(1);
        }
        levels.reverse();
        levels
    }

    /// The number of a row's cell; missing where it has no level of some margin.
    pub fn cell_of(&self) -> RowExpr {
        let number = |it: usize| RowExpr::number(Num::int(it as i64));
        // No number is a quotient by zero: such a row is in no cell.
        let nowhere = RowExpr::Arithmetic(Arithmetic::Divide, Box::new(number(1)), Box::new(number(0)));
        let mut cell: Option<RowExpr> = None;
        for margin in &self.margins {
            let mut level = nowhere.clone();
            for (at, it) in margin.levels.iter().enumerate().rev() {
                level = RowExpr::If(Box::new(it.holds.clone()), Box::new(number(at)), Box::new(level));
            }
            cell = Some(match cell {
                None => level,
                Some(known) => {
                    let shifted = RowExpr::Arithmetic(Arithmetic::Multiply, Box::new(known), Box::new(number(margin.levels.len())));
                    RowExpr::Arithmetic(Arithmetic::Add, Box::new(shifted), Box::new(level))
                }
            });
        }
        cell.unwrap_or(nowhere)
    }
}

/// Adds the columns that weights are made in, where a source has margins; what is in them follows when all columns are
/// known.
pub(super) fn declare(source: &mut Source, body: &Node) {
    let Some(node) = body.get("margin") else { return };
    let mut add = |name: &str| {
        let column = Column { of: Some(ColumnType::Number), computed: Some(RowExpr::number(Num::int(1))), ..plain_column(name, node.span) };
        source.columns.push(column);
        source.columns.len() - 1
    };
    let (weight, cell) = (add(MADE_WEIGHT), add(CELL));
    let base = source.weight.replace(weight);
    source.weighting = Some(Weighting { span: node.span, margins: Vec::new(), trim: None, base, weight, cell });
}

/// Resolves the margins of a source.
pub(super) fn resolve(builder: &mut Builder<'_>, at: usize, named: Named<'_>) {
    let Some(mut weighting) = builder.model.sources[at].weighting.clone() else { return };
    for entry in named.body.get("margin").map_or(&[][..], Node::entries) {
        if let Some(it) = margin(builder, at, &entry.key, &entry.value) {
            weighting.margins.push(it);
        }
    }
    if let Some(node) = named.body.get("trim") {
        weighting.trim = node.text().and_then(range).filter(|(low, high)| *low >= 0.0 && *low < 1.0 && *high > 1.0);
        if weighting.trim.is_none() && !node.is_refused() {
            builder.wrong("trim", "trim", node);
        }
    }
    let model = &mut builder.model.sources[at];
    // Until weights are made every row has the weight to begin with.
    if let Some(base) = weighting.base {
        let column = ColumnRef { source: SourceId(at as u32), through: None, column: base as u32 };
        model.columns[weighting.weight].computed = Some(RowExpr::Column(column));
    }
    model.columns[weighting.cell].computed = Some(weighting.cell_of());
    model.weighting = Some(weighting);
}

fn margin(builder: &mut Builder<'_>, at: usize, key: &Spanned<String>, value: &Node) -> Option<Margin> {
    let id = SourceId(at as u32);
    let name = key.value.trim();
    let Some(column) = builder.model.sources[at].column(name) else {
        let source = &builder.model.sources[at];
        let fact = Fact::at(Code::UnknownColumn, key.span).with("name", name).with("source", &source.name);
        let names: Vec<&str> = source.columns.iter().map(|it| it.name.as_str()).collect();
        builder.out.push(fact.did_you_mean(name, key.span, names));
        return None;
    };
    let mut levels = Vec::new();
    let mut percents = 0;
    for entry in value.entries() {
        let text = entry.value.text().unwrap_or_default().trim();
        let found = amount(text).filter(|(total, unit, per)| *total >= 0.0 && per.is_none() && unit.as_deref().is_none_or(|it| it == "%"));
        let Some((total, unit, _)) = found else {
            builder.wrong(name, "quantity", &entry.value);
            return None;
        };
        percents += usize::from(unit.is_some());
        let holds = level(builder, id, column, name, &entry.key)?;
        levels.push(Level { name: entry.key.value.clone(), span: entry.key.span, total, holds });
    }
    if levels.is_empty() {
        return None;
    }
    let sum: f64 = levels.iter().map(|it| it.total).sum();
    let percent = percents > 0;
    if percent && (percents < levels.len() || (sum - 100.0).abs() > 0.05) {
        let fact = Fact::at(Code::WeightsNot100, key.span).with("total", crate::words::tidy_number(sum));
        builder.out.push(if percents < levels.len() { fact.with("mixed", "yes") } else { fact });
        return None;
    }
    Some(Margin { column, span: key.span, levels, percent })
}

/// `column = "level"`, by the labels of the column where it has some.
fn level(builder: &mut Builder<'_>, source: SourceId, column: usize, name: &str, level: &Spanned<String>) -> Option<RowExpr> {
    let of = &builder.model.sources[source.index()].columns[column];
    let is_number = of.labels.is_empty() && (of.scale.is_some() || of.of == Some(ColumnType::Number));
    let computed = of.computed.clone();
    let kind = match Num::parse(&level.value).filter(|_| is_number) {
        Some(value) => ExprKind::Number { value, unit: None },
        None => ExprKind::Text(level.value.clone()),
    };
    let part = |kind: ExprKind| Box::new(Expr { span: level.span, kind });
    let path = ExprKind::Path(Path { word: None, names: vec![Spanned::new(name.to_owned(), level.span)] });
    let parsed = ExprKind::Binary { operator: Operator::Equal, at: level.span, left: part(path), right: part(kind) };
    let holds = condition(builder, &Expr { span: level.span, kind: parsed }, Scope::Source(source))?;
    // What is computed is put in: columns are never computed from each other.
    Some(match (holds, computed) {
        (RowExpr::Compare(Comparison::Equal, _, with), Some(expr)) => RowExpr::Compare(Comparison::Equal, Box::new(expr), with),
        (holds, _) => holds,
    })
}
