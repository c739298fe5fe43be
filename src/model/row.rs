//! What is asked of a row? The typed tree of a row expression, resolved to columns.

use super::types::{Column, DimensionId, Model, SourceId};
use crate::calendar::Date;
use crate::value::{Num, Unit};

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

impl Comparison {
    /// How it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterEqual => ">=",
        }
    }

    /// What holds of two values where it does not.
    pub fn contrary(self) -> Comparison {
        match self {
            Comparison::Equal => Comparison::NotEqual,
            Comparison::NotEqual => Comparison::Equal,
            Comparison::Less => Comparison::GreaterEqual,
            Comparison::LessEqual => Comparison::Greater,
            Comparison::Greater => Comparison::LessEqual,
            Comparison::GreaterEqual => Comparison::Less,
        }
    }

    /// Whether it holds of two values. Nothing holds of a value that cannot be compared, but that it is another.
    pub fn holds<T: PartialOrd>(self, a: &T, b: &T) -> bool {
        match self {
            Comparison::Equal => a == b,
            Comparison::NotEqual => a != b,
            Comparison::Less => a < b,
            Comparison::LessEqual => a <= b,
            Comparison::Greater => a > b,
            Comparison::GreaterEqual => a >= b,
        }
    }
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

    /// What holds together where it does: the parts that `and` joins, itself where there is no `and`.
    pub fn conjuncts(self) -> Vec<RowExpr> {
        match self {
            RowExpr::And(a, b) => [a.conjuncts(), b.conjuncts()].concat(),
            other => vec![other],
        }
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

    /// Whether it reads a source that is planned, itself or through a reference (R27).
    pub fn reads_planned(&self, model: &Model) -> bool {
        self.columns().into_iter().any(|it| {
            let source = &model.sources[it.source.index()];
            match it.through {
                Some(at) => model.sources[source.references[at as usize].to.index()].planned,
                // Columns are computed from what is read, never from each other.
                None => source.planned || source.columns[it.column as usize].computed.as_ref().is_some_and(|it| it.reads_planned(model)),
            }
        })
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
    let mut text = String::new();
    print_into(model, expr, &mut text);
    text
}

/// The same, at the end of a text.
pub fn print_into(model: &Model, expr: &RowExpr, text: &mut String) {
    Printer { model, text }.print(expr, 0);
}

struct Printer<'a> {
    model: &'a Model,
    text: &'a mut String,
}

impl Printer<'_> {
    fn print(&mut self, expr: &RowExpr, outer: u8) {
        let strength = strength(expr);
        if strength <= outer {
            self.say("(");
        }
        match expr {
            RowExpr::Number(value) => self.say(&value.0.to_string()),
            RowExpr::Text(text) => self.quote(text),
            RowExpr::Date(date) => self.say(&date.to_string()),
            RowExpr::Bool(value) => self.say(if *value { "true" } else { "false" }),
            RowExpr::Column(column) => self.column(*column),
            RowExpr::Dimension(id) => self.text.push_str(&self.model.dimensions[id.index()].name),
            RowExpr::Not(a) => {
                self.say("not ");
                self.print(a, 3);
            }
            RowExpr::Negate(a) => {
                self.say("-");
                self.print(a, 8);
            }
            RowExpr::Arithmetic(op, a, b) => {
                self.print(a, strength - 1);
                self.say(match op {
                    super::types::Arithmetic::Add => " + ",
                    super::types::Arithmetic::Subtract => " - ",
                    super::types::Arithmetic::Multiply => " * ",
                    super::types::Arithmetic::Divide => " / ",
                });
                self.print(b, strength);
            }
            RowExpr::Compare(op, a, b) => {
                self.beside(a, b, 4);
                self.say(" ");
                self.say(op.symbol());
                self.say(" ");
                self.beside(b, a, 4);
            }
            RowExpr::And(a, b) => {
                self.print(a, 1);
                self.say(" and ");
                self.print(b, 2);
            }
            RowExpr::Or(a, b) => {
                self.print(a, 0);
                self.say(" or ");
                self.print(b, 1);
            }
            RowExpr::In(a, list) => {
                self.print(a, 4);
                self.say(" in (");
                for (at, it) in list.iter().enumerate() {
                    self.say(if at > 0 { ", " } else { "" });
                    self.beside(it, a, 0);
                }
                self.say(")");
            }
            RowExpr::Between(a, b, c) => {
                self.print(a, 4);
                self.say(" between ");
                self.beside(b, a, 5);
                self.say(" and ");
                self.beside(c, a, 5);
            }
            RowExpr::IsMissing { of, blank, negated } => {
                self.print(of, 4);
                self.say(if *negated { " is not " } else { " is " });
                self.say(if *blank { "blank" } else { "not_applicable" });
            }
            RowExpr::If(a, b, c) => {
                self.say("if(");
                self.print(a, 0);
                self.say(", ");
                self.print(b, 0);
                self.say(", ");
                self.print(c, 0);
                self.say(")");
            }
            RowExpr::Coalesce(list) => {
                self.say("coalesce");
                self.list(list);
            }
            RowExpr::Function(function, list) => {
                self.say(function.name());
                self.list(list);
            }
            RowExpr::Net(a, b) => {
                self.say("net(");
                self.print(a, 0);
                self.say(", ");
                self.print(b, 0);
                self.say(")");
            }
        }
        if strength <= outer {
            self.say(")");
        }
    }

    /// What is compared with another expression: a number beside a time says its unit, as a bare one may be refused.
    fn beside(&mut self, expr: &RowExpr, other: &RowExpr, outer: u8) {
        match (expr, other) {
            (RowExpr::Number(value), RowExpr::Column(column)) if self.model.declared(*column).unit == Some(Unit::Duration) => {
                let length = super::canonical::amount(value.0.to_f64(), &Unit::Duration);
                self.say(&length);
            }
            _ => self.print(expr, outer),
        }
    }

    fn say(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn list(&mut self, list: &[RowExpr]) {
        self.say("(");
        for (at, it) in list.iter().enumerate() {
            if at > 0 {
                self.say(", ");
            }
            self.print(it, 0);
        }
        self.say(")");
    }

    fn quote(&mut self, text: &str) {
        self.say("\"");
        for it in text.chars() {
            match it {
                '\\' => self.say("\\\\"),
                '"' => self.say("\\\""),
                '\n' => self.say("\\n"),
                it => self.text.push(it),
            }
        }
        self.say("\"");
    }

    fn column(&mut self, column: ColumnRef) {
        let model = self.model;
        let source = &model.sources[column.source.index()];
        self.say(&source.name);
        self.say(".");
        let owner = match column.through {
            None => source,
            Some(at) => {
                let reference = &source.references[at as usize];
                self.say(&reference.name);
                self.say(".");
                &model.sources[reference.to.index()]
            }
        };
        self.say(&owner.columns[column.column as usize].name);
    }
}

/// How strongly the parts of an expression hold together: brackets are for weaker ones.
fn strength(expr: &RowExpr) -> u8 {
    use super::types::Arithmetic;
    match expr {
        RowExpr::Or(..) => 1,
        RowExpr::And(..) => 2,
        RowExpr::Not(_) => 3,
        RowExpr::Compare(..) | RowExpr::In(..) | RowExpr::Between(..) | RowExpr::IsMissing { .. } => 4,
        RowExpr::Arithmetic(Arithmetic::Add | Arithmetic::Subtract, ..) => 6,
        RowExpr::Arithmetic(Arithmetic::Multiply | Arithmetic::Divide, ..) => 7,
        RowExpr::Negate(_) => 8,
        _ => 9,
    }
}

impl Model {
    /// The source that a column stands in.
    pub fn owner(&self, column: ColumnRef) -> SourceId {
        match column.through {
            None => column.source,
            Some(at) => self.sources[column.source.index()].references[at as usize].to,
        }
    }

    /// A column as it is declared.
    pub fn declared(&self, column: ColumnRef) -> &Column {
        &self.sources[self.owner(column).index()].columns[column.column as usize]
    }
}

/// `source.column`, `source.reference.column`.
pub fn column_text(model: &Model, column: ColumnRef) -> String {
    let mut text = String::new();
    Printer { model, text: &mut text }.column(column);
    text
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
