//! Can it work on what it is given? Filters, operators and loops with the kinds of their values, as far as these are known: told
//! here, since a page would stop at it.

use minijinja::machinery::Span as At;
use minijinja::machinery::ast::{BinOpKind, CallArg, Expr};

use crate::report::dress::engine::{LONGEST_RANGE, range};
use crate::report::dress::shapes::{Kind, Type};
use crate::value::{Code, Fact};

use super::values::argument;
use super::{Bound, Here, Lint};

/// The kinds that a filter works on, by its name, and the word for them; none for one that takes anything.
fn takes(filter: &str) -> Option<(&'static str, &'static [Kind])> {
    Some(match filter {
        "abs" | "number" | "round" => ("number", &[Kind::Number]),
        "float" | "int" => ("number", &[Kind::Number, Kind::Text, Kind::Bool]),
        "capitalize" | "e" | "escape" | "lower" | "replace" | "trim" | "upper" => ("text", &[Kind::Text, Kind::Number, Kind::Bool]),
        "dictsort" | "items" => ("record", &[Kind::Record]),
        "batch" | "groupby" | "reject" | "rejectattr" | "selectattr" | "sum" => ("list", &[Kind::List]),
        "join" | "list" | "map" | "max" | "min" | "select" | "sort" => ("list", &[Kind::List, Kind::Record]),
        "count" | "first" | "last" | "length" | "reverse" => ("list", &[Kind::List, Kind::Record, Kind::Text]),
        _ => return None,
    })
}

/// How many values a filter takes beside its own, at least and at most, where that is sure.
fn count(filter: &str) -> Option<(usize, usize)> {
    Some(match filter {
        "abs" | "capitalize" | "count" | "e" | "escape" | "first" | "items" | "last" | "length" | "list" | "lower" | "reverse"
        | "upper" => (0, 0),
        "number" | "trim" => (0, 1),
        "batch" => (1, 1),
        "replace" => (2, 2),
        "groupby" | "rejectattr" | "selectattr" => (1, usize::MAX),
        _ => return None,
    })
}

impl<'a, 't> Lint<'a, 't> {
    /// Whether a filter can work on the value that it is given, as far as that is known.
    pub(super) fn fits(
        &mut self,
        filter: &str,
        value: &'t Expr<'a>,
        of: &Bound,
        arguments: &'t [CallArg<'a>],
        here: &mut Here<'a, 't>,
    ) -> bool {
        let splat = arguments.iter().any(|it| matches!(it, CallArg::PosSplat(_) | CallArg::KwargSplat(_)));
        if let Some((least, most)) = count(filter).filter(|_| !splat)
            && !(least..=most).contains(&arguments.len())
        {
            let wants = if arguments.len() < least { least } else { most }.to_string();
            self.unfit(value, "arguments", filter, "", &wants, here);
            return false;
        }
        let Some((wants, kinds)) = takes(filter) else { return true };
        // A text of the context is in the words of the page: only with something to stand in for what is no number.
        if matches!(filter, "float" | "int") && arguments.is_empty() && *self.shapes.plain(&of.shape) == Type::Text {
            self.unfit(value, "filter", filter, "text", wants, here);
            return false;
        }
        if let Some(kind) = self.shapes.kind(&of.shape)
            && !kinds.contains(&kind)
        {
            self.unfit(value, "filter", filter, kind.word(), wants, here);
            return false;
        }
        // What is summed are numbers, and what is joined is printed.
        let named = arguments.iter().any(|it| matches!(it, CallArg::Kwarg("attribute", _)));
        let each = match (filter, self.shapes.plain(&of.shape)) {
            ("sum", Type::List(each, _)) if arguments.is_empty() => self.shapes.kind(each).filter(|it| *it != Kind::Number),
            ("join", Type::List(each, _)) if !named && arguments.len() < 2 => {
                self.shapes.kind(each).filter(|it| matches!(it, Kind::Record | Kind::List))
            }
            _ => None,
        };
        if let Some(kind) = each {
            self.unfit(value, "each", filter, kind.word(), if filter == "sum" { "number" } else { "text" }, here);
        }
        if matches!(filter, "batch" | "number" | "round")
            && let Some(CallArg::Pos(first)) = arguments.first()
        {
            let of = self.expr(first, here);
            self.must_be_number(first, &of, filter, "argument", here);
        }
        each.is_none()
    }

    /// What is reckoned with.
    pub(super) fn reckoned(&mut self, op: BinOpKind, left: (&Expr<'a>, &Bound), right: (&Expr<'a>, &Bound), here: &Here<'a, 't>) {
        let sign = match op {
            BinOpKind::Sub => "-",
            BinOpKind::Div => "/",
            BinOpKind::FloorDiv => "//",
            BinOpKind::Rem => "%",
            BinOpKind::Pow => "**",
            BinOpKind::Mul => "*",
            BinOpKind::Add => "+",
            _ => return,
        };
        let kind = |it: &Bound| self.shapes.kind(&it.shape);
        let (a, b) = (kind(left.1), kind(right.1));
        // A text that is written out may be repeated: `"█" * 5`.
        let written = |it: &Bound| matches!(it.shape, Type::Words(_) | Type::List(..));
        match op {
            BinOpKind::Mul if written(left.1) || written(right.1) => {}
            // Two of a kind are put together.
            BinOpKind::Add if a == b || a.is_none() || b.is_none() => {}
            BinOpKind::Add if a != Some(Kind::Number) && b != Some(Kind::Number) => {}
            _ => {
                self.must_be_number(left.0, left.1, sign, "operator", here);
                self.must_be_number(right.0, right.1, sign, "operator", here);
            }
        }
    }

    /// What is divided by 0, whatever it is.
    pub(super) fn divided(&mut self, op: BinOpKind, by: &Expr<'a>, here: &Here<'a, 't>) {
        let sign = match op {
            BinOpKind::Div => "/",
            BinOpKind::FloorDiv => "//",
            BinOpKind::Rem => "%",
            _ => return,
        };
        let number = by.as_const().and_then(|it| f64::try_from(it).ok());
        if number == Some(0.0) {
            self.unfit(by, "zero", sign, "", "number", here);
        }
    }

    /// A range of numbers that are written out.
    pub(super) fn ranged(&mut self, arguments: &'t [CallArg<'a>], at: At, here: &Here<'a, 't>) {
        let numbers: Option<Vec<i64>> =
            arguments.iter().map(|it| if let CallArg::Pos(it) = it { i64::try_from(it.as_const()?).ok() } else { None }).collect();
        let refused = match numbers.as_deref() {
            Some([upper]) => range(*upper, None, None).err(),
            Some([lower, upper]) => range(*lower, Some(*upper), None).err(),
            Some([lower, upper, step]) => range(*lower, Some(*upper), Some(*step)).err(),
            _ => None,
        };
        if refused.is_some()
            && let Some(span) = self.span(at, here)
        {
            let by_none = matches!(numbers.as_deref(), Some([_, _, 0]));
            let fact = Fact::at(Code::TemplateType, span).with("kind", if by_none { "step" } else { "range" }).with("name", "range");
            self.push(fact.with("wants", LONGEST_RANGE));
        }
    }

    /// What only a number may be.
    pub(super) fn must_be_number(&mut self, expr: &Expr<'a>, of: &Bound, name: &str, kind: &'static str, here: &Here<'a, 't>) {
        if let Some(is) = self.shapes.kind(&of.shape).filter(|it| !matches!(it, Kind::Number | Kind::Bool)) {
            self.unfit(expr, kind, name, is.word(), "number", here);
        }
    }

    /// What a loop goes over.
    pub(super) fn gone_over(&mut self, expr: &Expr<'a>, of: &Bound, here: &Here<'a, 't>) {
        if let Some(is) = self.shapes.kind(&of.shape).filter(|it| !matches!(it, Kind::List | Kind::Record)) {
            self.unfit(expr, "loop", "for", is.word(), "list", here);
        }
    }

    /// A value that what stands around it cannot work on.
    fn unfit(&mut self, expr: &Expr<'a>, kind: &'static str, name: &str, is: &str, wants: &str, here: &Here<'a, 't>) {
        let Some((span, value)) = self.whole(expr, here) else { return };
        let value = value.trim_start_matches('-');
        let fact = Fact::at(Code::TemplateType, span).with("kind", kind).with("name", name).with("value", value);
        let fact = fact.with_some("is", (!is.is_empty()).then_some(is)).with("wants", wants);
        self.push(fact);
    }
}

/// Whether an argument is given by its name.
pub(super) fn keyword<'a>(it: &CallArg<'a>) -> Option<&'a str> {
    if let CallArg::Kwarg(name, _) = it { Some(name) } else { None }
}

/// The expression of an argument, where it is one value.
pub(super) fn single<'x, 'a>(it: &'x CallArg<'a>) -> Option<&'x Expr<'a>> {
    (!matches!(it, CallArg::PosSplat(_) | CallArg::KwargSplat(_))).then(|| argument(it))
}
