//! What is known of a value where a template uses it? That it is there, behind a test of it; and of which kind a section
//! is, behind a question for its kind.

use minijinja::machinery::ast::{BinOp, BinOpKind, Expr, UnaryOpKind};

/// What a test tells of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Known {
    /// It is there.
    There,
    /// It has a name here; what it is may be none.
    Defined,
    /// It is a list of so many at least.
    Long(usize),
    /// It is the section of a kind.
    Kind(String),
    /// Its name stands for something else from here on.
    Anew,
}

/// What was found out, the latest last: of a value by how it is written.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    all: Vec<(String, Known)>,
}

impl Facts {
    /// Returns a mark to come back to.
    pub(super) fn mark(&self) -> usize {
        self.all.len()
    }

    /// Forgets what was found out since a mark.
    pub(super) fn back(&mut self, mark: usize) {
        self.all.truncate(mark);
    }

    /// Returns what was found out since a mark.
    pub(super) fn since(&self, mark: usize) -> Self {
        Self { all: self.all[mark..].to_vec() }
    }

    /// Returns whether something was found out, and all of it holds here too.
    pub(super) fn hold(&self, others: &Facts) -> bool {
        !others.all.is_empty() && others.all.iter().all(|it| self.all.contains(it))
    }

    /// Returns whether nothing was found out.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Adds what holds where a condition is met, or is not.
    pub(super) fn learn(&mut self, condition: &Expr<'_>, met: bool) {
        tells(condition, met, &mut self.all);
    }

    /// Takes note that a name stands for something else.
    pub(super) fn anew(&mut self, name: &str) {
        self.all.push((name.to_owned(), Known::Anew));
    }

    /// Returns what is known of a value, the latest first.
    pub(super) fn of(&self, expr: &Expr<'_>) -> Vec<Known> {
        let Some(written) = written(expr) else { return Vec::new() };
        let root = written.split(['.', '[']).next().unwrap_or_default().to_owned();
        let all = self.all.iter().rev().take_while(|it| !(it.1 == Known::Anew && it.0 == root));
        all.filter(|it| it.0 == written).map(|it| it.1.clone()).collect()
    }
}

/// What holds where a condition is met, or is not.
fn tells(condition: &Expr<'_>, met: bool, found: &mut Vec<(String, Known)>) {
    let mut add = |it: &Expr<'_>, known: Known| found.extend(written(it).map(|it| (it, known)));
    match condition {
        Expr::Var(_) | Expr::GetAttr(_) | Expr::GetItem(_) if met => {
            add(condition, Known::There);
            // What is not empty has a first.
            add(condition, Known::Long(1));
        }
        Expr::Filter(_) if met => found.extend(counted(condition).map(|it| (it, Known::Long(1)))),
        Expr::UnaryOp(it) if matches!(it.op, UnaryOpKind::Not) => tells(&it.expr, !met, found),
        Expr::Test(it) => match it.name {
            "none" if !met => add(&it.expr, Known::There),
            "defined" if met => add(&it.expr, Known::Defined),
            _ => {}
        },
        Expr::BinOp(it) => match it.op {
            BinOpKind::ScAnd if met => {
                tells(&it.left, true, found);
                tells(&it.right, true, found);
            }
            BinOpKind::ScOr if !met => {
                tells(&it.left, false, found);
                tells(&it.right, false, found);
            }
            BinOpKind::Ne if !met => equal(&it.left, &it.right, found),
            BinOpKind::Eq if met => equal(&it.left, &it.right, found),
            BinOpKind::Ne | BinOpKind::Eq => {
                // It is not none.
                for (value, other) in [(&it.left, &it.right), (&it.right, &it.left)] {
                    if is_none(other) {
                        found.extend(written(value).map(|it| (it, Known::There)));
                    }
                }
            }
            BinOpKind::In if met => {
                let Some((key, of)) = key(&it.left).zip(written(&it.right)) else { return };
                // What has a card has drawings.
                let both: &[&str] = if matches!(of.as_str(), "kpis" | "charts") { &["kpis", "charts"] } else { &[&of] };
                found.extend(both.iter().map(|of| (format!("{of}{key}"), Known::There)));
            }
            _ => {}
        },
        _ => {}
    }
    if let Expr::BinOp(it) = condition {
        longer(it, met, found);
    }
}

/// What a comparison of how many there are tells of a list: `it | length > 1`.
fn longer(compared: &BinOp<'_>, met: bool, found: &mut Vec<(String, Known)>) {
    let number = |it: &Expr<'_>| usize::try_from(it.as_const()?).ok();
    let (list, op, count) = match (counted(&compared.left), number(&compared.right), number(&compared.left), counted(&compared.right)) {
        (Some(list), Some(count), _, _) => (list, compared.op, count),
        (_, _, Some(count), Some(list)) => {
            let turned = match compared.op {
                BinOpKind::Lt => BinOpKind::Gt,
                BinOpKind::Lte => BinOpKind::Gte,
                BinOpKind::Gt => BinOpKind::Lt,
                BinOpKind::Gte => BinOpKind::Lte,
                op => op,
            };
            (list, turned, count)
        }
        _ => return,
    };
    let least = match (op, met) {
        (BinOpKind::Gt, true) | (BinOpKind::Lte, false) => count + 1,
        (BinOpKind::Gte | BinOpKind::Eq, true) | (BinOpKind::Lt | BinOpKind::Ne, false) => count,
        (BinOpKind::Ne, true) | (BinOpKind::Eq, false) if count == 0 => 1,
        _ => return,
    };
    found.push((list, Known::Long(least)));
}

/// The list whose length is taken.
fn counted(expr: &Expr<'_>) -> Option<String> {
    match expr {
        Expr::Filter(it) if matches!(it.name, "length" | "count") => written(it.expr.as_ref()?),
        _ => None,
    }
}

/// What is the same as a text is there; a kind that is named tells which section it is of.
fn equal(left: &Expr<'_>, right: &Expr<'_>, found: &mut Vec<(String, Known)>) {
    for (value, other) in [(left, right), (right, left)] {
        let Expr::Const(constant) = other else { continue };
        if constant.value.is_none() || constant.value.is_undefined() {
            continue;
        }
        found.extend(written(value).map(|it| (it, Known::There)));
        if let (Expr::GetAttr(part), Some(kind)) = (value, constant.value.as_str())
            && part.name == "kind"
        {
            found.extend(written(&part.expr).map(|it| (it, Known::Kind(kind.to_owned()))));
        }
    }
}

fn is_none(expr: &Expr<'_>) -> bool {
    matches!(expr, Expr::Const(it) if it.value.is_none())
}

/// How a value is written, where it is a name and parts of it: `kpis.nps.status`, `anchors[to]`.
fn written(expr: &Expr<'_>) -> Option<String> {
    match expr {
        Expr::Var(it) => Some(it.id.to_owned()),
        Expr::GetAttr(it) => Some(format!("{}.{}", written(&it.expr)?, it.name)),
        Expr::GetItem(it) => Some(format!("{}{}", written(&it.expr)?, key(&it.subscript_expr)?)),
        _ => None,
    }
}

/// How a part is written that is named by a value; a text that is a name is written as one.
fn key(expr: &Expr<'_>) -> Option<String> {
    match expr {
        Expr::Const(it) => match it.value.as_str() {
            Some(text) => Some(format!(".{text}")),
            None => Some(format!("[{}]", it.value)),
        },
        other => written(other).map(|it| format!("[{it}]")),
    }
}
