//! What is asked of a row? The typed tree of a row expression, resolved to columns.

use super::types::{DimensionId, Model, SourceId};
use crate::calendar::Date;
use crate::value::Num;

/// A column as a row of a source reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnRef {
    /// The source whose rows are read.
    pub source: SourceId,
    /// The reference that leads to another source, by its place in the source.
    pub through: Option<u32>,
    /// The column, by its place in its own source.
    pub column: u32,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// Functions of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowFunction {
    Year,
    Month,
    Weekday,
    /// Whole days from the first to the second.
    DaysBetween,
    Lower,
    Length,
    Contains,
    StartsWith,
    EndsWith,
    Abs,
}

/// An expression over a row. Logic has three values: what compares with a blank is unknown (R8).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RowExpr {
    Number(HashNum),
    Text(String),
    Date(Date),
    Bool(bool),
    Column(ColumnRef),
    /// A dimension, until it is known which source is read.
    Dimension(DimensionId),
    Not(Box<RowExpr>),
    Negate(Box<RowExpr>),
    Arithmetic(super::types::Arithmetic, Box<RowExpr>, Box<RowExpr>),
    Compare(Comparison, Box<RowExpr>, Box<RowExpr>),
    And(Box<RowExpr>, Box<RowExpr>),
    Or(Box<RowExpr>, Box<RowExpr>),
    In(Box<RowExpr>, Vec<RowExpr>),
    Between(Box<RowExpr>, Box<RowExpr>, Box<RowExpr>),
    /// Whether there is no answer (`true`), or the question did not apply (`false`).
    IsMissing {
        of: Box<RowExpr>,
        blank: bool,
        negated: bool,
    },
    If(Box<RowExpr>, Box<RowExpr>, Box<RowExpr>),
    Coalesce(Vec<RowExpr>),
    Function(RowFunction, Vec<RowExpr>),
    /// 1, -1 or 0: the first condition holds, the second, neither.
    Net(Box<RowExpr>, Box<RowExpr>),
}

/// A number that can be hashed: equal numbers have equal hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashNum(pub Num);

impl std::hash::Hash for HashNum {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.to_f64().to_bits().hash(state);
    }
}

impl RowExpr {
    /// A number.
    pub fn number(value: Num) -> RowExpr {
        RowExpr::Number(HashNum(value))
    }

    /// `self and other`, where either may be absent.
    pub fn both(first: Option<RowExpr>, second: Option<RowExpr>) -> Option<RowExpr> {
        match (first, second) {
            (Some(a), Some(b)) => Some(RowExpr::And(Box::new(a), Box::new(b))),
            (a, b) => a.or(b),
        }
    }

    /// `column comparison number`.
    pub fn compare(comparison: Comparison, of: RowExpr, with: Num) -> RowExpr {
        RowExpr::Compare(comparison, Box::new(of), Box::new(RowExpr::number(with)))
    }

    /// Calls `visit` with this expression and each one in it.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a RowExpr)) {
        visit(self);
        match self {
            RowExpr::Number(_) | RowExpr::Text(_) | RowExpr::Date(_) | RowExpr::Bool(_) | RowExpr::Column(_) | RowExpr::Dimension(_) => {}
            RowExpr::Not(a) | RowExpr::Negate(a) | RowExpr::IsMissing { of: a, .. } => a.walk(visit),
            RowExpr::Arithmetic(_, a, b) | RowExpr::Compare(_, a, b) | RowExpr::And(a, b) | RowExpr::Or(a, b) | RowExpr::Net(a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            RowExpr::Between(a, b, c) | RowExpr::If(a, b, c) => {
                a.walk(visit);
                b.walk(visit);
                c.walk(visit);
            }
            RowExpr::In(a, list) => {
                a.walk(visit);
                list.iter().for_each(|it| it.walk(visit));
            }
            RowExpr::Coalesce(list) | RowExpr::Function(_, list) => list.iter().for_each(|it| it.walk(visit)),
        }
    }

    /// The columns that it reads, each once, in the order of writing.
    pub fn columns(&self) -> Vec<ColumnRef> {
        let mut columns = Vec::new();
        self.walk(&mut |it| {
            if let RowExpr::Column(column) = it
                && !columns.contains(column)
            {
                columns.push(*column);
            }
        });
        columns
    }

    /// The dimensions that it names, each once.
    pub fn dimensions(&self) -> Vec<DimensionId> {
        let mut dimensions = Vec::new();
        self.walk(&mut |it| {
            if let RowExpr::Dimension(dimension) = it
                && !dimensions.contains(dimension)
            {
                dimensions.push(*dimension);
            }
        });
        dimensions
    }

    /// The same expression over the rows of a source: dimensions become what they are there.
    ///
    /// # Errors
    /// The dimension that the source lacks.
    pub fn on(&self, model: &Model, source: SourceId) -> Result<RowExpr, DimensionId> {
        let on = |it: &RowExpr| it.on(model, source).map(Box::new);
        let all = |it: &[RowExpr]| it.iter().map(|it| it.on(model, source)).collect::<Result<Vec<_>, _>>();
        Ok(match self {
            RowExpr::Dimension(id) => super::dimension_on(model, *id, source).ok_or(*id)?,
            RowExpr::Not(a) => RowExpr::Not(on(a)?),
            RowExpr::Negate(a) => RowExpr::Negate(on(a)?),
            RowExpr::Arithmetic(op, a, b) => RowExpr::Arithmetic(*op, on(a)?, on(b)?),
            RowExpr::Compare(op, a, b) => RowExpr::Compare(*op, on(a)?, on(b)?),
            RowExpr::And(a, b) => RowExpr::And(on(a)?, on(b)?),
            RowExpr::Or(a, b) => RowExpr::Or(on(a)?, on(b)?),
            RowExpr::In(a, list) => RowExpr::In(on(a)?, all(list)?),
            RowExpr::Between(a, b, c) => RowExpr::Between(on(a)?, on(b)?, on(c)?),
            RowExpr::IsMissing { of, blank, negated } => RowExpr::IsMissing { of: on(of)?, blank: *blank, negated: *negated },
            RowExpr::If(a, b, c) => RowExpr::If(on(a)?, on(b)?, on(c)?),
            RowExpr::Coalesce(list) => RowExpr::Coalesce(all(list)?),
            RowExpr::Function(function, list) => RowExpr::Function(*function, all(list)?),
            RowExpr::Net(a, b) => RowExpr::Net(on(a)?, on(b)?),
            leaf => leaf.clone(),
        })
    }
}

/// Prints an expression in its canonical form: resolved names, single spaces, brackets where they matter.
pub fn print(model: &Model, expr: &RowExpr) -> String {
    Printer { model }.print(expr, 0)
}

struct Printer<'a> {
    model: &'a Model,
}

impl Printer<'_> {
    fn print(&self, expr: &RowExpr, outer: u8) -> String {
        let (text, strength) = match expr {
            RowExpr::Number(value) => (value.0.to_string(), 9),
            RowExpr::Text(text) => (quote(text), 9),
            RowExpr::Date(date) => (date.to_string(), 9),
            RowExpr::Bool(value) => (value.to_string(), 9),
            RowExpr::Column(column) => (column_text(self.model, *column), 9),
            RowExpr::Dimension(id) => (self.model.dimensions[id.index()].name.clone(), 9),
            RowExpr::Not(a) => (format!("not {}", self.print(a, 3)), 3),
            RowExpr::Negate(a) => (format!("-{}", self.print(a, 8)), 8),
            RowExpr::Arithmetic(op, a, b) => {
                let (sign, strength) = match op {
                    super::types::Arithmetic::Add => ("+", 6),
                    super::types::Arithmetic::Subtract => ("-", 6),
                    super::types::Arithmetic::Multiply => ("*", 7),
                    super::types::Arithmetic::Divide => ("/", 7),
                };
                (format!("{} {sign} {}", self.print(a, strength - 1), self.print(b, strength)), strength)
            }
            RowExpr::Compare(op, a, b) => {
                let sign = match op {
                    Comparison::Equal => "=",
                    Comparison::NotEqual => "!=",
                    Comparison::Less => "<",
                    Comparison::LessEqual => "<=",
                    Comparison::Greater => ">",
                    Comparison::GreaterEqual => ">=",
                };
                (format!("{} {sign} {}", self.print(a, 4), self.print(b, 4)), 4)
            }
            RowExpr::And(a, b) => (format!("{} and {}", self.print(a, 1), self.print(b, 2)), 2),
            RowExpr::Or(a, b) => (format!("{} or {}", self.print(a, 0), self.print(b, 1)), 1),
            RowExpr::In(a, list) => (format!("{} in ({})", self.print(a, 4), self.list(list)), 4),
            RowExpr::Between(a, b, c) => (format!("{} between {} and {}", self.print(a, 4), self.print(b, 5), self.print(c, 5)), 4),
            RowExpr::IsMissing { of, blank, negated } => {
                let what = if *blank { "blank" } else { "not_applicable" };
                let not = if *negated { "not " } else { "" };
                (format!("{} is {not}{what}", self.print(of, 4)), 4)
            }
            RowExpr::If(a, b, c) => (format!("if({}, {}, {})", self.print(a, 0), self.print(b, 0), self.print(c, 0)), 9),
            RowExpr::Coalesce(list) => (format!("coalesce({})", self.list(list)), 9),
            RowExpr::Function(function, list) => (format!("{}({})", function.name(), self.list(list)), 9),
            RowExpr::Net(a, b) => (format!("net({}, {})", self.print(a, 0), self.print(b, 0)), 9),
        };
        if strength <= outer { format!("({text})") } else { text }
    }

    fn list(&self, list: &[RowExpr]) -> String {
        list.iter().map(|it| self.print(it, 0)).collect::<Vec<_>>().join(", ")
    }
}

fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// `source.column`, `source.reference.column`.
pub fn column_text(model: &Model, column: ColumnRef) -> String {
    let source = &model.sources[column.source.index()];
    match column.through {
        None => format!("{}.{}", source.name, source.columns[column.column as usize].name),
        Some(at) => {
            let reference = &source.references[at as usize];
            let target = &model.sources[reference.to.index()];
            format!("{}.{}.{}", source.name, reference.name, target.columns[column.column as usize].name)
        }
    }
}

impl RowFunction {
    /// All functions with their names and how many arguments they take.
    pub const ALL: [(RowFunction, &'static str, usize); 10] = [
        (RowFunction::Year, "year", 1),
        (RowFunction::Month, "month", 1),
        (RowFunction::Weekday, "weekday", 1),
        (RowFunction::DaysBetween, "days_between", 2),
        (RowFunction::Lower, "lower", 1),
        (RowFunction::Length, "length", 1),
        (RowFunction::Contains, "contains", 2),
        (RowFunction::StartsWith, "starts_with", 2),
        (RowFunction::EndsWith, "ends_with", 2),
        (RowFunction::Abs, "abs", 1),
    ];

    /// The name in formulas.
    pub fn name(self) -> &'static str {
        RowFunction::ALL.iter().find(|it| it.0 == self).map_or("", |it| it.1)
    }
}
