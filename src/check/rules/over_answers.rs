//! For which answers of one question does a condition hold? Told from the definitions, answer by answer.

use super::measure::column_of;
use crate::model::{Arithmetic, ColumnRef, Model, RowExpr};

/// The most answers that are gone through.
const MOST: usize = 200;

/// A condition over the answers of one question on a scale of whole numbers.
pub(super) struct OverAnswers {
    pub column: ColumnRef,
    /// Each answer of the scale, and whether the condition holds for it.
    pub holds: Vec<(i64, bool)>,
}

/// Goes through the answers; `None` where the condition asks about anything else than one question with a scale.
pub(super) fn over_answers(model: &Model, condition: &RowExpr) -> Option<OverAnswers> {
    let columns = condition.columns();
    let [column] = columns.as_slice() else { return None };
    let (_, declared) = column_of(model, *column);
    let scale = declared.scale.filter(|it| it.low.fract() == 0.0 && it.high.fract() == 0.0)?;
    let (low, high) = (scale.low as i64, scale.high as i64);
    if (high - low) as usize >= MOST {
        return None;
    }
    let holds = (low..=high).map(|answer| Some((answer, truth(condition, answer as f64)?))).collect::<Option<Vec<_>>>()?;
    Some(OverAnswers { column: *column, holds })
}

/// Whether a condition holds for an answer; `None` where that takes more than arithmetic.
fn truth(condition: &RowExpr, answer: f64) -> Option<bool> {
    let value = |it: &RowExpr| value(it, answer);
    Some(match condition {
        RowExpr::Bool(it) => *it,
        RowExpr::Not(of) => !truth(of, answer)?,
        RowExpr::And(a, b) => truth(a, answer)? && truth(b, answer)?,
        RowExpr::Or(a, b) => truth(a, answer)? || truth(b, answer)?,
        RowExpr::Compare(comparison, a, b) => {
            let (a, b) = (value(a)?, value(b)?);
            comparison.holds(&a, &b)
        }
        RowExpr::In(of, list) => {
            let of = value(of)?;
            let list = list.iter().map(value).collect::<Option<Vec<_>>>()?;
            list.contains(&of)
        }
        RowExpr::Between(of, low, high) => {
            let of = value(of)?;
            of >= value(low)? && of <= value(high)?
        }
        _ => return None,
    })
}

fn value(expr: &RowExpr, answer: f64) -> Option<f64> {
    Some(match expr {
        RowExpr::Column(_) => answer,
        RowExpr::Number(it) => it.0.to_f64(),
        RowExpr::Negate(of) => -value(of, answer)?,
        RowExpr::Arithmetic(operator, a, b) => {
            let (a, b) = (value(a, answer)?, value(b, answer)?);
            match operator {
                Arithmetic::Add => a + b,
                Arithmetic::Subtract => a - b,
                Arithmetic::Multiply => a * b,
                Arithmetic::Divide => return None,
            }
        }
        _ => return None,
    })
}
