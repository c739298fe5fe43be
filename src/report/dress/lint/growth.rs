//! Does a template make something that grows without end? What it made itself, joined with more.

use minijinja::machinery::Span as At;
use minijinja::machinery::ast::{BinOpKind, CallType, Expr};

use crate::report::dress::shapes::Type;

use super::values::argument;
use super::{Here, Lint, variable};

impl<'a, 't> Lint<'a, 't> {
    /// Where something kept is joined with itself: a few lines of that are longer than any memory.
    pub(super) fn growth(&self, expr: &Expr<'a>, here: &Here<'a, 't>) -> Option<At> {
        let made = |it: &Expr<'a>| self.is_made(it, here);
        let number = |it: &Expr<'a>| match it {
            Expr::Const(it) => it.value.is_number(),
            Expr::Filter(it) => matches!(it.name, "int" | "float" | "length" | "count" | "round" | "abs"),
            Expr::GetAttr(it) => variable(&it.expr) == Some("loop"),
            Expr::Var(it) => here.scope.get(it.id).is_some_and(|it| it.shape == Type::Number),
            _ => false,
        };
        let within = |mut all: &mut dyn Iterator<Item = &Expr<'a>>| Iterator::find_map(&mut all, |it| self.growth(it, here));
        match expr {
            Expr::BinOp(it) => {
                let joined = match it.op {
                    BinOpKind::Concat => made(&it.left) || made(&it.right),
                    BinOpKind::Add => (made(&it.left) || made(&it.right)) && !number(&it.left) && !number(&it.right),
                    BinOpKind::Mul => !(number(&it.left) && number(&it.right)),
                    _ => false,
                };
                if joined { Some(it.span()) } else { within(&mut [&it.left, &it.right].into_iter()) }
            }
            Expr::List(it) if it.items.iter().any(made) => Some(it.span()),
            Expr::Tuple(it) if it.items.iter().any(made) => Some(it.span()),
            Expr::Map(it) if it.keys.iter().chain(&it.values).any(made) => Some(it.span()),
            Expr::List(it) => within(&mut it.items.iter()),
            Expr::Tuple(it) => within(&mut it.items.iter()),
            Expr::Map(it) => within(&mut it.keys.iter().chain(&it.values)),
            Expr::Filter(it) => {
                let all: Vec<&Expr<'a>> = it.expr.iter().chain(it.args.iter().map(argument)).collect();
                if matches!(it.name, "join" | "replace") && all.iter().any(|it| made(it)) {
                    return Some(it.span());
                }
                all.into_iter().find_map(|it| self.growth(it, here))
            }
            Expr::IfExpr(it) => within(&mut [&it.true_expr].into_iter().chain(&it.false_expr)),
            Expr::Call(it) => it.args.iter().map(argument).find_map(|it| self.growth(it, here)),
            Expr::GetAttr(it) => self.growth(&it.expr, here),
            Expr::GetItem(it) => within(&mut [&it.expr, &it.subscript_expr].into_iter()),
            Expr::Slice(it) => self.growth(&it.expr, here),
            Expr::UnaryOp(it) => self.growth(&it.expr, here),
            Expr::Var(_) | Expr::Const(_) | Expr::Compare(_) | Expr::Test(_) => None,
        }
    }

    /// Whether a template made something of what an expression holds.
    fn is_made(&self, expr: &Expr<'a>, here: &Here<'a, 't>) -> bool {
        let made = |it: &Expr<'a>| self.is_made(it, here);
        match expr {
            Expr::Var(it) => here.scope.get(it.id).is_some_and(|it| it.made),
            Expr::Const(_) | Expr::Compare(_) | Expr::Test(_) => false,
            Expr::Slice(it) => made(&it.expr),
            Expr::UnaryOp(it) => made(&it.expr),
            Expr::BinOp(it) => made(&it.left) || made(&it.right),
            Expr::IfExpr(it) => made(&it.true_expr) || it.false_expr.as_ref().is_some_and(made),
            Expr::Filter(it) => it.expr.as_ref().is_some_and(made) || it.args.iter().any(|it| made(argument(it))),
            Expr::GetAttr(it) => made(&it.expr),
            Expr::GetItem(it) => made(&it.expr),
            Expr::Call(it) => !matches!(it.identify_call(), CallType::Function("range")),
            Expr::List(it) => it.items.iter().any(made),
            Expr::Tuple(it) => it.items.iter().any(made),
            Expr::Map(it) => it.keys.iter().chain(&it.values).any(made),
        }
    }
}

/// Whether a value is joined of others.
pub(super) fn joins(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::BinOp(it) => matches!(it.op, BinOpKind::Concat | BinOpKind::Add | BinOpKind::Mul) || joins(&it.left) || joins(&it.right),
        Expr::Filter(it) => matches!(it.name, "join" | "replace") || it.expr.as_ref().is_some_and(joins),
        Expr::List(_) | Expr::Tuple(_) | Expr::Map(_) | Expr::Call(_) => true,
        Expr::IfExpr(it) => joins(&it.true_expr) || it.false_expr.as_ref().is_some_and(joins),
        _ => false,
    }
}
