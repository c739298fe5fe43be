//! Which answers does a score count as good, and which as bad? By the score's own conditions, answer by answer.

use crate::model::{ColumnRef, Function, RowExpr};
use crate::row::{Missing, Row, Value, evaluate};
use crate::state::Seen;

/// How a score counts an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnswerClass {
    /// For the score: a promoter, an answer that a share is of.
    For,
    /// Neither: a passive.
    Between,
    /// Against it: a detractor.
    Against,
    /// In the base of a share, and not counted in it.
    Other,
}

impl AnswerClass {
    /// The word of machine output.
    pub fn name(self) -> &'static str {
        match self {
            AnswerClass::For => "for",
            AnswerClass::Between => "between",
            AnswerClass::Against => "against",
            AnswerClass::Other => "other",
        }
    }
}

/// A row of one answer.
struct Answered<'a> {
    column: ColumnRef,
    value: &'a Value,
}

impl Row for Answered<'_> {
    fn column(&self, column: ColumnRef) -> Value {
        if column == self.column { self.value.clone() } else { Value::Missing(Missing::Blank) }
    }
}

/// What an expression takes of an answer of its column, or of none where that is an answer too: a number, or 1 and 0 for a
/// condition.
pub fn taken(of: &RowExpr, column: ColumnRef, answer: Option<&Seen>) -> Option<f64> {
    let value = answer.map_or(Value::Missing(Missing::Blank), value_of);
    match evaluate(of, &Answered { column, value: &value }) {
        Value::Bool(it) => Some(f64::from(u8::from(it))),
        Value::Number(it) => Some(it.to_f64()),
        _ => None,
    }
}

fn value_of(answer: &Seen) -> Value {
    match answer {
        Seen::Number(it) => Value::Number(*it),
        Seen::Text(it) => Value::Text(it.clone()),
        Seen::Date(it) => Value::Date(*it),
    }
}

/// How a score counts an answer of its column; none where it is a mean or a percentile, of which answers have no class.
pub fn class_of(function: &Function, column: ColumnRef, answer: &Seen) -> Option<AnswerClass> {
    let value = value_of(answer);
    let row = Answered { column, value: &value };
    let holds = |expr| match evaluate(expr, &row) {
        Value::Bool(it) => Some(it),
        _ => None,
    };
    match function {
        Function::Share(of) => holds(of).map(|it| if it { AnswerClass::For } else { AnswerClass::Other }),
        Function::Net(good, bad) => match (holds(good)?, holds(bad)?) {
            (true, false) => Some(AnswerClass::For),
            (false, true) => Some(AnswerClass::Against),
            _ => Some(AnswerClass::Between),
        },
        _ => None,
    }
}
