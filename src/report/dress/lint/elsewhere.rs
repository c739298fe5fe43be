//! Where in a template is a name set, if not where it is used? It is known within its loop, block or macro alone.

use std::ops::Range;

use minijinja::machinery::ast::{Expr, Stmt};

use super::{Tree, boundary, offset};

/// A place that sets a name for less than the whole template.
pub(super) struct Elsewhere {
    /// The statement that it is known within.
    pub around: &'static str,
    /// Where it is set.
    pub at: Range<usize>,
}

/// Returns the first place of a template that sets a name within a loop, a block, a macro or `with`.
pub(super) fn set_elsewhere(tree: &Tree<'_>, name: &str) -> Option<Elsewhere> {
    find(std::slice::from_ref(&tree.tree), name, None, tree.source.text)
}

fn find(statements: &[Stmt<'_>], name: &str, around: Option<&'static str>, text: &str) -> Option<Elsewhere> {
    let found = |around: Option<&'static str>, at: Option<Range<usize>>| Some(Elsewhere { around: around?, at: at? });
    let target = |it: &Expr<'_>| bound(it, name, text);
    let named = |it: &str| (it == name).then(|| offset(text, it).map(|at| at..at + it.len())).flatten();
    statements.iter().find_map(|it| match it {
        Stmt::Template(it) => find(&it.children, name, around, text),
        Stmt::Set(it) => found(around, target(&it.target)),
        Stmt::SetBlock(it) => found(around, target(&it.target)).or_else(|| find(&it.body, name, around, text)),
        Stmt::Import(it) => found(around, target(&it.name)),
        Stmt::FromImport(it) => it.names.iter().find_map(|it| found(around, target(it.1.as_ref().unwrap_or(&it.0)))),
        Stmt::ForLoop(it) => found(Some("each"), target(&it.target))
            .or_else(|| find(&it.body, name, Some("for"), text))
            .or_else(|| find(&it.else_body, name, Some("for"), text)),
        Stmt::WithBlock(it) => {
            it.assignments.iter().find_map(|it| found(Some("with"), target(&it.0))).or_else(|| find(&it.body, name, Some("with"), text))
        }
        Stmt::Macro(it) => found(around, named(it.name))
            .or_else(|| it.args.iter().find_map(|it| found(Some("macro"), target(it))))
            .or_else(|| find(&it.body, name, Some("macro"), text)),
        Stmt::IfCond(it) => find(&it.true_body, name, around, text).or_else(|| find(&it.false_body, name, around, text)),
        Stmt::FilterBlock(it) => find(&it.body, name, around, text),
        Stmt::AutoEscape(it) => find(&it.body, name, around, text),
        Stmt::Block(it) => find(&it.body, name, Some("block"), text),
        Stmt::CallBlock(it) => find(&it.macro_decl.body, name, around, text),
        Stmt::EmitExpr(_) | Stmt::EmitRaw(_) | Stmt::Include(_) | Stmt::Extends(_) | Stmt::Do(_) => None,
    })
}

/// Where a target gives the name.
fn bound(target: &Expr<'_>, name: &str, text: &str) -> Option<Range<usize>> {
    match target {
        Expr::Var(it) if it.id == name => {
            let at = it.span();
            Some(boundary(text, at.start_offset as usize)..boundary(text, at.end_offset as usize))
        }
        Expr::List(it) => it.items.iter().find_map(|it| bound(it, name, text)),
        Expr::Tuple(it) => it.items.iter().find_map(|it| bound(it, name, text)),
        _ => None,
    }
}
