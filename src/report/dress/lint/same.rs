//! Can it ever be so? What is compared with a text that it never is, by `==`, `in`, a test or a filter; and the names that
//! filters are given as texts. Told here, since a page would only be silent.

use minijinja::machinery::Span as At;
use minijinja::machinery::ast::{BinOpKind, CallArg, Expr};

use crate::report::dress::engine::{FILTERS, TESTS};
use crate::report::dress::propose;
use crate::report::dress::shapes::Type;
use crate::source::Span;
use crate::value::{Code, Fact};

use super::values::list;
use super::{Here, Lint, constant, proposed, variable};

impl<'a, 't> Lint<'a, 't> {
    /// Two values that are compared, each with its shape.
    pub(super) fn compared(&mut self, op: BinOpKind, left: (&Expr<'a>, &Type), right: (&Expr<'a>, &Type), here: &Here<'a, 't>) {
        match op {
            BinOpKind::Eq | BinOpKind::Ne => {
                self.is_one_of(left.1, &texts(right.0), here);
                self.is_one_of(right.1, &texts(left.0), here);
                // Written texts were looked at.
                if texts(left.0).is_empty() && texts(right.0).is_empty() {
                    self.of_one_kind(left, right, here);
                }
            }
            BinOpKind::Lt | BinOpKind::Lte | BinOpKind::Gt | BinOpKind::Gte => self.of_one_kind(left, right, here),
            BinOpKind::In => {
                self.is_one_of(left.1, &texts(right.0), here);
                self.is_a_key(right, &texts(left.0), here);
                // `"act" in codes`; whether a text holds another is not known.
                if let Type::List(each, _) = self.shapes.plain(right.1) {
                    self.is_one_of(each, &texts(left.0), here);
                }
            }
            _ => {}
        }
    }

    /// A name that is asked for in a table of which all names are known: `"ease" in kpis`.
    fn is_a_key(&mut self, of: (&Expr<'a>, &Type), texts: &[(String, At)], here: &Here<'a, 't>) {
        if !matches!(variable(of.0), Some("kpis" | "charts")) {
            return;
        }
        for (text, at) in texts {
            if let Err(known) = self.shapes.part(of.1, text) {
                self.unknown("part", text, *at, here, Some(known));
            }
        }
    }

    /// A number beside a text: the one is always before the other, whatever they say.
    fn of_one_kind(&mut self, left: (&Expr<'a>, &Type), right: (&Expr<'a>, &Type), here: &Here<'a, 't>) {
        let is_number = |it: &Type| matches!(self.shapes.plain(it), Type::Number);
        let is_text = |it: &Type| matches!(self.shapes.plain(it), Type::Text | Type::Words(_) | Type::Codes(_));
        let text = match (left, right) {
            (number, text) if is_number(number.1) && is_text(text.1) => text.0,
            (text, number) if is_number(number.1) && is_text(text.1) => text.0,
            _ => return,
        };
        let Some((span, name)) = self.whole(text, here) else { return };
        let fact = Fact::at(Code::NeverEqual, span).with("name", name).with("is", "text");
        self.push(fact.with_some("written", constant(text).map(|_| "yes")));
    }

    /// A value that is tested against another: `is eq "act"`.
    pub(super) fn tested(&mut self, test: &str, of: &Type, other: &Expr<'a>, here: &Here<'a, 't>) {
        if matches!(test, "eq" | "equalto" | "ne" | "in") {
            self.is_one_of(of, &texts(other), here);
        }
    }

    /// What is told of texts that a value never is.
    fn is_one_of(&mut self, of: &Type, texts: &[(String, At)], here: &Here<'a, 't>) {
        let plain = self.shapes.plain(of);
        let known = match plain {
            Type::Codes(known) => known.clone(),
            _ => Vec::new(),
        };
        let parts = self.shapes.unprintable(plain);
        let is = match (plain, &parts) {
            (Type::Codes(_), _) => "code",
            (Type::Number, _) => "number",
            (Type::Bool, _) => "bool",
            (_, Some(parts)) if parts.is_empty() => "list",
            (_, Some(_)) => "parts",
            _ => return,
        };
        for (text, at) in texts {
            if known.contains(text) {
                continue;
            }
            let Some(span) = self.span(*at, here) else { continue };
            let fact = Fact::at(Code::NeverEqual, span).with("name", text).with("is", is);
            let names = if is == "code" { known.clone() } else { parts.clone().unwrap_or_default() };
            let fact = fact.with_some("known", (!names.is_empty()).then(|| list(&names)));
            // Between the quotes only.
            let within = here.called.is_none() && here.tree.source.text.get(span.range()).is_some_and(|it| it.len() == text.len() + 2);
            let inner = Span::new(span.file, span.start as usize + 1, span.start as usize + 1 + text.len());
            let fact = match (is, within) {
                ("code", true) => proposed(fact, text, inner, &known),
                ("code", false) => propose(fact, text, &known),
                _ => fact,
            };
            self.push(fact);
        }
    }

    /// What a filter that takes names names: parts in `rows | map(attribute="status.code")`, tests in
    /// `rows | selectattr("status.code", "eq", "act")`, filters in `map("upper")`. Gives the shape of what comes out, where
    /// it is known by that.
    pub(super) fn named_in(&mut self, filter: &str, of: &Type, arguments: &'t [CallArg<'a>], here: &Here<'a, 't>) -> Option<Type> {
        let least = if let Type::List(_, least) = self.shapes.plain(of) { *least } else { 0 };
        let each = match self.shapes.plain(of) {
            Type::List(..) | Type::Union(_) => self.shapes.each(of),
            _ => Type::Any,
        };
        let positional: Vec<&Expr<'a>> =
            arguments.iter().filter_map(|it| if let CallArg::Pos(it) = it { Some(it) } else { None }).collect();
        let by_part = matches!(filter, "selectattr" | "rejectattr");
        let named = arguments.iter().find_map(|it| if let CallArg::Kwarg("attribute", it) = it { Some(it) } else { None });
        let named = named.or_else(|| match filter {
            "selectattr" | "rejectattr" | "groupby" | "sum" => positional.first().copied(),
            "join" => positional.get(1).copied(),
            _ => None,
        });
        // A name may be kept under another: `{% set by = "title" %}`.
        let path = named.and_then(|it| Some((self.word_of(it, here)?, it.span())));
        // `sort(attribute="status.code, title")`
        let part = path.as_ref().and_then(|(path, at)| path.split(',').map(|it| self.at_path(&each, it.trim(), *at, here)).last());
        let test = match filter {
            "selectattr" | "rejectattr" => positional.get(1).copied(),
            "select" | "reject" => positional.first().copied(),
            _ => None,
        };
        if let Some((name, at)) = test.and_then(|it| Some((constant(it)?, it.span()))) {
            if !TESTS.contains(&name.as_str()) {
                self.unknown("test", &name, at, here, Some(TESTS.iter().map(|it| (*it).to_owned()).collect()));
            }
            let value = positional.get(if by_part { 2 } else { 1 });
            if let (Some(other), Some(tested)) = (value, if by_part { part.as_ref() } else { Some(&each) }) {
                self.tested(&name, tested, other, here);
            }
            let is_section = matches!(&each, Type::Named(it) if it == "Section");
            if filter == "selectattr"
                && is_section
                && matches!(name.as_str(), "eq" | "equalto")
                && path.as_ref().is_some_and(|it| it.0 == "kind")
                && let Some(kind) = value.and_then(|it| constant(it))
            {
                // What is left are sections of that kind.
                return Some(Type::List(Box::new(self.shapes.section(&kind)), 0));
            }
        }
        if filter != "map" {
            return None;
        }
        if part.is_none()
            && let Some(each) = positional.first().and_then(|it| self.picked(&constant(it)?, &each))
        {
            return Some(Type::List(Box::new(each), least));
        }
        if let (None, Some((name, at))) = (&part, positional.first().and_then(|it| Some((constant(it)?, it.span()))))
            && !FILTERS.contains(&name.as_str())
        {
            self.unknown("filter", &name, at, here, Some(FILTERS.iter().map(|it| (*it).to_owned()).collect()));
        }
        let stands_in = arguments.iter().any(|it| matches!(it, CallArg::Kwarg("default", _)));
        part.filter(|_| !stands_in).map(|it| Type::List(Box::new(it), least))
    }

    /// The shape of a part that is named as a text: `status.code`.
    fn at_path(&mut self, of: &Type, path: &str, at: At, here: &Here<'a, 't>) -> Type {
        let mut shape = of.clone();
        for name in path.split('.') {
            shape = match name.parse::<usize>() {
                Ok(place) => self.shapes.at(&shape, place),
                Err(_) => self.part(&shape, name, at, "", here),
            };
        }
        shape
    }

    /// The one text that an expression is.
    fn word_of(&self, expr: &Expr<'a>, here: &Here<'a, 't>) -> Option<String> {
        let number = |it: &Expr<'a>| if let Expr::Const(it) = it { it.value.is_number().then(|| it.value.to_string()) } else { None };
        let kept = |it: &Expr<'a>| match &here.scope.get(super::variable(it)?)?.shape {
            Type::Words(all) if all.len() == 1 => all.first().cloned(),
            _ => None,
        };
        constant(expr).or_else(|| number(expr)).or_else(|| kept(expr))
    }

    /// The shape of what a filter takes out of each of a list: `map("last")`.
    fn picked(&self, filter: &str, each: &Type) -> Option<Type> {
        match (filter, each) {
            ("first", Type::Pair(first, _)) => Some((**first).clone()),
            ("last", Type::Pair(_, second)) => Some((**second).clone()),
            _ => None,
        }
    }
}

/// The texts that a template writes out, each with its place: one, or those of a list.
fn texts(expr: &Expr<'_>) -> Vec<(String, At)> {
    let text = |it: &Expr<'_>| Some((constant(it)?, it.span()));
    match expr {
        Expr::List(it) => it.items.iter().filter_map(text).collect(),
        Expr::Tuple(it) => it.items.iter().filter_map(text).collect(),
        _ => text(expr).into_iter().collect(),
    }
}
