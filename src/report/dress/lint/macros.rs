//! Does a macro work with what it is given? Its body is read once more at each place that calls it, with the shapes of that call.
//! What is wrong then is told within the macro, where it is one of the project; else at the argument.

use minijinja::machinery::Span as At;
use minijinja::machinery::ast::{Call, Macro, Spanned};

use crate::report::dress::known::Facts;
use crate::report::dress::shapes::Type;
use crate::source::Span;
use crate::value::{Code, Fact, nearest};

use super::takes::{keyword, single};
use super::{Bound, Here, Lint, Scope, Tree, variable};

/// So many bytes of macros are read for calls, and so deep: macros may call one another without end.
const MOST_READ: usize = 4 << 20;
const DEEPEST_CALL: usize = 8;

/// A macro with what it knows where it is written.
pub(super) struct Defined<'a, 't> {
    pub tree: &'t Tree<'a>,
    pub made: &'t Spanned<Macro<'a>>,
    pub scope: Scope,
}

/// A call of one of Peil's macros that is being read: who is blamed for what is wrong within it.
#[derive(Debug, Clone)]
pub(super) struct Called {
    /// The parameters, each with the place of what it was given, and how that is written.
    parameters: Vec<(String, Span, String)>,
    whole: Span,
}

impl Called {
    /// The place of the argument that a stretch of the macro speaks of, else that of the call.
    pub(super) fn blamed(&self, text: &str) -> Span {
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        let speaks = |name: &str| text.split(|it| !is_word(it)).any(|it| it == name);
        self.parameters.iter().find(|it| speaks(&it.0)).map_or(self.whole, |it| it.1)
    }

    /// How a value of the macro is written where it is called: a parameter is what it was given.
    pub(super) fn said(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|it| it.0 == name).map(|it| it.2.as_str())
    }
}

impl<'a, 't> Lint<'a, 't> {
    /// Takes note of a macro; gives what its name stands for.
    pub(super) fn define(&mut self, tree: &'t Tree<'a>, made: &'t Spanned<Macro<'a>>, scope: Scope) -> Type {
        let known = self.macros.iter().position(|it| std::ptr::eq(it.made, made));
        let at = known.unwrap_or(self.macros.len());
        let defined = Defined { tree, made, scope };
        match known {
            Some(at) => self.macros[at] = defined,
            None => self.macros.push(defined),
        }
        Type::Macro(at)
    }

    /// A call of a macro, with what its arguments are.
    pub(super) fn macro_call(&mut self, number: usize, call: &'t Call<'a>, given: &[Bound], at: At, here: &Here<'a, 't>) {
        let (Some(whole), Some(defined)) = (self.span(at, here), self.macros.get(number)) else { return };
        let (tree, made, mut scope) = (defined.tree, defined.made, defined.scope.clone());
        let parameters: Vec<&'a str> = made.args.iter().filter_map(variable).collect();
        if parameters.len() < made.args.len() || call.args.iter().any(|it| single(it).is_none()) {
            return;
        }
        let mut names: Vec<(String, Bound)> = ["caller", "varargs", "kwargs"].map(|it| (it.to_owned(), Bound::any())).into_iter().collect();
        let mut places = Vec::new();
        for (place, (argument, bound)) in call.args.iter().zip(given).enumerate() {
            let name = keyword(argument).or_else(|| parameters.get(place).copied());
            let known = name.filter(|it| parameters.contains(it));
            let Some(expr) = single(argument) else { return };
            let (span, written) = self.whole(expr, here).unwrap_or((whole, String::new()));
            let Some(known) = known else {
                if name != Some("caller") {
                    let fact = Fact::at(Code::TemplateType, span).with("kind", "too many").with("name", made.name);
                    let fact = fact.with_some("given", name).with("wants", super::values::list(&owned(&parameters)));
                    let similar = name.and_then(|it| nearest(it, &parameters));
                    self.push(fact.with_some("similar", similar));
                }
                return;
            };
            names.push((known.to_owned(), Bound { shape: bound.shape.clone(), made: true }));
            places.push((known.to_owned(), span, written));
        }
        let required = parameters.len().saturating_sub(made.defaults.len());
        for (at, name) in parameters.iter().enumerate() {
            if names.iter().any(|it| it.0 == *name) {
                continue;
            }
            let text = body(tree.source.text, made);
            if at < required && !["is defined", "is undefined", "is not defined", "default"].iter().any(|it| text.contains(it)) {
                let fact = Fact::at(Code::TemplateType, whole).with("kind", "too few").with("name", made.name);
                self.push(fact.with("given", name).with("wants", super::values::list(&owned(&parameters))));
                return;
            }
            names.push(((*name).to_owned(), Bound::any()));
        }
        let unknown = given.iter().all(|it| it.shape == Type::Any);
        if unknown || self.read >= MOST_READ || self.calling.len() >= DEEPEST_CALL {
            return;
        }
        self.read += body(tree.source.text, made).len();
        let is_own = tree.source.file.is_some();
        self.calling.push((made.name.to_owned(), is_own.then_some(whole)));
        scope.layers.push(names.into_iter().collect());
        let called = (!is_own).then_some(Called { parameters: places, whole });
        let mut within = Here { repeated: true, depends: true, called, ..Here::new(tree, scope, Facts::default()) };
        self.body(&made.body, &mut within);
        self.calling.pop();
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|it| (*it).to_owned()).collect()
}

/// The text of a macro, from its name to its end.
fn body<'s>(text: &'s str, made: &Spanned<Macro<'_>>) -> &'s str {
    let at = made.span();
    text.get(at.start_offset as usize..at.end_offset as usize).unwrap_or(text)
}
