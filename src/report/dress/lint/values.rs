//! What is a value, and may it be used as it is? Expressions with the shapes of what they are made from, and what was found
//! out before.

use minijinja::machinery::Span as At;
use minijinja::machinery::ast::{BinOpKind, Call, CallArg, CallType, Expr, GetItem, UnaryOpKind};
use minijinja::value::Value;

use crate::report::dress::engine::{FILTERS, FUNCTIONS, TESTS};
use crate::report::dress::known::Known;
use crate::report::dress::propose;
use crate::report::dress::shapes::{Lack, Type};
use crate::source::Span;
use crate::value::{Code, Fact, nearest};

use super::elsewhere::set_elsewhere;
use super::{Bound, Here, Lint, constant, proposed, variable};

impl<'a, 't> Lint<'a, 't> {
    /// A value, as far as its shape and what was found out before tell.
    pub(super) fn expr(&mut self, expr: &'t Expr<'a>, here: &mut Here<'a, 't>) -> Bound {
        let mut bound = self.shaped(expr, here);
        for known in here.facts.of(expr) {
            let section = matches!(&bound.shape, Type::Named(it) if it == "Section");
            bound.shape = match known {
                Known::There => bound.shape.there(),
                Known::Long(count) => at_least(bound.shape, count),
                Known::Defined if bound.shape.lack() != Some(Lack::None) => bound.shape.there(),
                Known::Kind(kind) if section => self.shapes.section(&kind),
                Known::Defined | Known::Kind(_) | Known::Anew => bound.shape,
            };
        }
        bound
    }

    /// A value that is asked whether it is there: by `if`, `and`, `or`, `not`.
    pub(super) fn asked(&mut self, expr: &'t Expr<'a>, here: &mut Here<'a, 't>) -> Bound {
        let bound = self.expr(expr, here);
        self.must_be_known(expr, &bound, "ask", here);
        bound
    }

    /// What is used in a way that none stands, but not what has no value at all.
    pub(super) fn must_be_known(&mut self, expr: &Expr<'a>, bound: &Bound, how: &'static str, here: &Here<'a, 't>) {
        if bound.shape.lack() != Some(Lack::None) {
            self.must_be_there(expr, bound, how, here);
        }
    }

    /// Where a value stands with all its parts: its own place begins somewhere within it.
    pub(super) fn whole(&self, expr: &Expr<'a>, here: &Here<'a, 't>) -> Option<(Span, String)> {
        let text = here.tree.source.text;
        let first = self.range(beginning(expr).span(), here).start;
        let before = text[..first].trim_end_matches(is_part).len();
        let range = before..self.range(expr.span(), here).end.max(before);
        let written = text.get(range.clone()).unwrap_or_default();
        let said = here.called.as_ref().and_then(|it| it.said(written)).unwrap_or(written);
        Some((self.place(range, here)?, said.to_owned()))
    }

    /// What is used as if it were there, and may not be.
    fn must_be_there(&mut self, expr: &Expr<'a>, bound: &Bound, how: &'static str, here: &Here<'a, 't>) {
        let Some(lack) = bound.shape.lack() else { return };
        let Some((span, name)) = self.whole(expr, here) else { return };
        let lack = match lack {
            Lack::None => "none",
            Lack::Key => "key",
            Lack::Kind => "kind",
            Lack::Place => return self.may_be_shorter(expr, span, &name, here),
            Lack::Report => return self.lacks(expr, span, &name, here),
            Lack::Set if self.is_set_here(expr, here) => return,
            Lack::Set => "set",
        };
        // Where a text may stand in its place: of nothing more is asked than to be printed. `or` would take 0 for none.
        let is_number = *self.shapes.plain(&bound.shape) == Type::Number;
        let instead = (how == "join" && !is_number).then_some("yes");
        self.push(Fact::at(Code::MayBeNone, span).with("name", name).with("how", how).with("lack", lack).with_some("instead", instead));
    }

    /// What stands at a place that a list may not have.
    fn may_be_shorter(&mut self, expr: &Expr<'a>, span: Span, name: &str, here: &Here<'a, 't>) {
        let (of, at) = match expr {
            Expr::GetItem(it) => (Some(&it.expr), place(&it.subscript_expr).unwrap_or(0)),
            Expr::Filter(it) => (it.expr.as_ref(), 0),
            _ => (None, 0),
        };
        let of = of.and_then(|it| self.whole(it, here)).map(|it| it.1);
        let more = if at < 0 { -at - 1 } else { at };
        let fact = Fact::at(Code::MayBeNone, span).with("name", name).with("how", "place").with("lack", "place");
        self.push(fact.with_some("of", of).with_some("more", (more > 0).then_some(more)));
    }

    /// A KPI that other reports have.
    fn lacks(&mut self, expr: &Expr<'a>, span: Span, name: &str, here: &Here<'a, 't>) {
        let key = match expr {
            Expr::GetAttr(it) => Some(format!("\"{}\"", it.name)),
            Expr::GetItem(it) => here.tree.source.text.get(self.range(it.subscript_expr.span(), here)).map(str::to_owned),
            _ => None,
        };
        let fact = Fact::at(Code::UnknownInTemplate, span).with("kind", "kpi").with("name", name);
        self.push(fact.with("report", &self.asked.report).with_some("key", key));
    }

    /// Whether what led to a name being set is known here too.
    fn is_set_here(&self, expr: &Expr<'a>, here: &Here<'a, 't>) -> bool {
        let Some(name) = variable(expr) else { return true };
        let under = here.under.iter().rev().find(|it| it.0 == name);
        under.is_none_or(|it| here.facts.hold(&it.1))
    }

    fn shaped(&mut self, expr: &'t Expr<'a>, here: &mut Here<'a, 't>) -> Bound {
        match expr {
            Expr::Var(it) => match here.scope.get(it.id) {
                Some(bound) => bound.clone(),
                None => {
                    self.unknown("name", it.id, it.span(), here, None);
                    Bound::any()
                }
            },
            Expr::Const(it) => {
                let value = &it.value;
                Bound::given(match value {
                    it if it.as_str().is_some() => Type::Words(it.as_str().map(str::to_owned).into_iter().collect()),
                    it if it.is_number() => Type::Number,
                    _ => Type::Any,
                })
            }
            Expr::GetAttr(it) => {
                self.wanted = matches!(it.expr, Expr::Var(_)).then_some(it.name);
                let of = self.expr(&it.expr, here);
                self.wanted = None;
                self.must_be_there(&it.expr, &of, "part", here);
                // `kpis.nps` ends with the name.
                let shape = self.part(&of.shape, it.name, it.span(), it.name, here);
                Bound { shape, made: of.made }
            }
            Expr::GetItem(it) => {
                let mut of = self.expr(&it.expr, here);
                self.must_be_there(&it.expr, &of, "part", here);
                of.shape = of.shape.there();
                let key = self.expr(&it.subscript_expr, here);
                let shape = match (constant(&it.subscript_expr), &of.shape) {
                    (Some(name), shape) if !matches!(shape, Type::List(..) | Type::Text | Type::Words(_) | Type::Codes(_)) => {
                        self.part(shape, &name, it.subscript_expr.span(), "", here)
                    }
                    (_, Type::List(each, least)) => {
                        let at = place(&it.subscript_expr);
                        let is_sure = at.is_none_or(|at| usize::try_from(if at < 0 { -at } else { at + 1 }).is_ok_and(|it| it <= *least));
                        if is_sure { (**each).clone() } else { (**each).clone().or(Lack::Place) }
                    }
                    (_, Type::Pair(..)) => {
                        let place = if let Expr::Const(it) = &it.subscript_expr { usize::try_from(it.value.clone()).ok() } else { None };
                        place.map_or(Type::Any, |it| self.shapes.at(&of.shape, it))
                    }
                    // `{% for name in ["nps", "ces"] %}{{ kpis[name].title }}`
                    (None, Type::Record(_) | Type::Named(_)) if matches!(key.shape, Type::Words(_)) => {
                        let Type::Words(names) = &key.shape else { return Bound::any() };
                        let all: Vec<Type> = names.iter().map(|name| self.word(&of.shape, name, it, here)).collect();
                        let lacks = all.iter().any(|it| it.lack() == Some(Lack::Report));
                        let each = all.into_iter().map(Type::there).reduce(|a, b| if a == b { a } else { Type::Any });
                        let each = each.unwrap_or(Type::Any);
                        if lacks { each.or(Lack::Report) } else { each }
                    }
                    // A code that none of the names is.
                    (None, Type::Record(_) | Type::Named(_)) if self.no_code_fits(&of.shape, &key.shape) => {
                        let Type::Codes(codes) = self.shapes.plain(&key.shape).clone() else { return Bound::any() };
                        codes.first().map_or(Type::Any, |name| self.word(&of.shape, name, it, here))
                    }
                    (None, Type::Map(_)) => self.part(&of.shape, "", it.subscript_expr.span(), "", here),
                    (_, shape) => match self.shapes.values(shape) {
                        Type::Union(_) => Type::Any,
                        it => it,
                    },
                };
                Bound { shape, made: of.made || key.made }
            }
            Expr::Slice(it) => {
                for part in [&it.start, &it.stop, &it.step].into_iter().flatten() {
                    self.expr(part, here);
                }
                let of = self.expr(&it.expr, here);
                match of.shape {
                    Type::List(each, _) => Bound { shape: Type::List(each, 0), ..of },
                    _ => of,
                }
            }
            Expr::UnaryOp(it) => match it.op {
                UnaryOpKind::Not => Bound { shape: Type::Bool, ..self.asked(&it.expr, here) },
                UnaryOpKind::Neg => {
                    let of = self.expr(&it.expr, here);
                    self.must_be_there(&it.expr, &of, "reckon", here);
                    self.must_be_number(&it.expr, &of, "-", "operator", here);
                    of
                }
            },
            Expr::BinOp(it) if matches!(it.op, BinOpKind::ScAnd | BinOpKind::ScOr) => {
                let is_and = matches!(it.op, BinOpKind::ScAnd);
                let mut left = self.asked(&it.left, here);
                let mark = here.facts.mark();
                here.facts.learn(&it.left, is_and);
                let right = self.expr(&it.right, here);
                here.facts.back(mark);
                if !is_and {
                    // What is not there gives way to the other.
                    left.shape = left.shape.there();
                }
                let shape = either(left.shape, right.shape);
                Bound { shape, made: left.made || right.made }
            }
            Expr::BinOp(it) => {
                let (left, right) = (self.expr(&it.left, here), self.expr(&it.right, here));
                let how = match it.op {
                    BinOpKind::Eq | BinOpKind::Ne => None,
                    BinOpKind::Lt | BinOpKind::Lte | BinOpKind::Gt | BinOpKind::Gte => Some("compare"),
                    BinOpKind::Concat => Some("join"),
                    BinOpKind::In => Some("part"),
                    _ => Some("reckon"),
                };
                if let Some(how) = how {
                    if !matches!(it.op, BinOpKind::In) {
                        self.must_be_there(&it.left, &left, how, here);
                    }
                    self.must_be_there(&it.right, &right, how, here);
                }
                self.compared(it.op, (&it.left, &left.shape), (&it.right, &right.shape), here);
                self.reckoned(it.op, (&it.left, &left), (&it.right, &right), here);
                self.divided(it.op, &it.right, here);
                let (left, right) = (Bound { shape: left.shape.there(), ..left }, Bound { shape: right.shape.there(), ..right });
                let shape = match it.op {
                    BinOpKind::Concat => Type::Text,
                    BinOpKind::Sub | BinOpKind::Div | BinOpKind::FloorDiv | BinOpKind::Rem | BinOpKind::Pow => Type::Number,
                    BinOpKind::Add if left.shape == right.shape && matches!(left.shape, Type::List(..)) => left.shape,
                    BinOpKind::Add if matches!((&left.shape, &right.shape), (Type::List(..), Type::List(..))) => {
                        Type::List(Box::new(Type::Any), 0)
                    }
                    BinOpKind::Add if left.shape == Type::Number || right.shape == Type::Number => Type::Number,
                    BinOpKind::Mul if left.shape == Type::Number && right.shape == Type::Number => Type::Number,
                    BinOpKind::Eq | BinOpKind::Ne | BinOpKind::Lt | BinOpKind::Lte | BinOpKind::Gt | BinOpKind::Gte | BinOpKind::In => {
                        Type::Bool
                    }
                    _ => Type::Any,
                };
                Bound { shape, made: left.made || right.made }
            }
            Expr::Compare(it) => {
                for it in std::iter::once(&it.expr).chain(it.ops.iter().map(|it| &it.expr)) {
                    let of = self.expr(it, here);
                    self.must_be_there(it, &of, "compare", here);
                }
                Bound::given(Type::Bool)
            }
            Expr::IfExpr(it) => {
                self.asked(&it.test_expr, here);
                let mark = here.facts.mark();
                here.facts.learn(&it.test_expr, true);
                let first = self.expr(&it.true_expr, here);
                here.facts.back(mark);
                here.facts.learn(&it.test_expr, false);
                let second = it.false_expr.as_ref().map(|it| self.expr(it, here));
                here.facts.back(mark);
                let made = first.made || second.as_ref().is_some_and(|it| it.made);
                let shape = match second {
                    Some(second) => either(first.shape, second.shape),
                    None => first.shape,
                };
                Bound { shape, made }
            }
            Expr::Filter(it) => {
                let of = it.expr.as_ref().map_or_else(Bound::any, |it| self.expr(it, here));
                let made = self.arguments(&it.args, here);
                if !FILTERS.contains(&it.name) {
                    if it.name == "safe" {
                        self.unsafe_here(it.span(), "safe", "safe", here);
                    } else {
                        self.unknown("filter", it.name, it.span(), here, Some(FILTERS.iter().map(|it| (*it).to_owned()).collect()));
                    }
                    return Bound::any();
                }
                // What it cannot work on at all need not be tested first.
                let fits = it.expr.as_ref().is_none_or(|value| self.fits(it.name, value, &of, &it.args, here));
                if let (Some(expr), false) = (&it.expr, !fits || matches!(it.name, "default" | "d" | "e" | "escape")) {
                    self.must_be_there(expr, &of, "filter", here);
                }
                let named = self.named_in(it.name, &of.shape, &it.args, here);
                let shape = named.unwrap_or_else(|| self.filtered(it.name, &of.shape, &it.args));
                Bound { shape, made: of.made || made }
            }
            Expr::Test(it) => {
                // `x is defined` asks about a name that may be unknown.
                let quiet = matches!(it.name, "defined" | "undefined") && matches!(&it.expr, Expr::Var(_));
                let of = if quiet { Bound::any() } else { self.expr(&it.expr, here) };
                self.arguments(&it.args, here);
                if let Some(other) = it.args.first().map(argument) {
                    self.tested(it.name, &of.shape, other, here);
                }
                if matches!(it.name, "divisibleby" | "even" | "odd") {
                    self.must_be_number(&it.expr, &of, it.name, "test", here);
                }
                if !TESTS.contains(&it.name) {
                    self.unknown("test", it.name, it.span(), here, Some(TESTS.iter().map(|it| (*it).to_owned()).collect()));
                }
                Bound::given(Type::Bool)
            }
            Expr::Call(it) => self.call(it, it.span(), here),
            Expr::List(it) => self.items(it.items.iter(), here),
            Expr::Tuple(it) => self.items(it.items.iter(), here),
            Expr::Map(it) => {
                let made = self.items(it.keys.iter().chain(&it.values), here).made;
                Bound { shape: Type::Any, made }
            }
        }
    }

    fn items(&mut self, items: impl Iterator<Item = &'t Expr<'a>>, here: &mut Here<'a, 't>) -> Bound {
        let all: Vec<Bound> = items.map(|it| self.expr(it, here)).collect();
        let words = |it: &Bound| if let Type::Words(all) = &it.shape { Some(all.clone()) } else { None };
        if let Some(words) = all.iter().map(words).collect::<Option<Vec<_>>>().filter(|it| !it.is_empty()) {
            return Bound { made: false, shape: Type::List(Box::new(Type::Words(words.concat())), all.len()) };
        }
        let first = all.first().map_or(Type::Any, |it| it.shape.clone());
        let same = all.iter().all(|it| it.shape == first);
        Bound { made: all.iter().any(|it| it.made), shape: Type::List(Box::new(if same { first } else { Type::Any }), all.len()) }
    }

    pub(super) fn call(&mut self, call: &'t Call<'a>, at: At, here: &mut Here<'a, 't>) -> Bound {
        let given = self.stored_arguments(&call.args, here);
        let made = given.iter().any(|it| it.made);
        match call.identify_call() {
            CallType::Function("range") => {
                self.ranged(&call.args, at, here);
                // How long it is follows from what it is given.
                Bound::given(Type::List(Box::new(Type::Number), usize::MAX))
            }
            CallType::Function("namespace") => Bound::made(Type::Any),
            CallType::Function(name) => {
                if let Some(Type::Macro(number)) = here.scope.get(name).map(|it| it.shape.clone()) {
                    self.macro_call(number, call, &given, at, here);
                } else if !FUNCTIONS.contains(&name) && here.scope.get(name).is_none() {
                    let known = FUNCTIONS.iter().map(|it| (*it).to_owned()).chain(here.scope.names().into_iter().map(str::to_owned));
                    let known = known.collect();
                    self.unknown("function", name, call.expr.span(), here, Some(known));
                }
                Bound::made(Type::Any)
            }
            CallType::Method(of, name) => {
                let mut of = self.expr(of, here);
                of.shape = of.shape.there();
                match (&of.shape, name) {
                    (Type::Lent(_), _) => {
                        if let Type::Macro(number) = self.part(&of.shape, name, call.expr.span(), name, here) {
                            self.macro_call(number, call, &given, at, here);
                        }
                    }
                    (Type::Any, _) => {}
                    (Type::Record(fields), "cycle" | "changed") if fields.contains_key("revindex0") => {
                        if call.args.is_empty()
                            && let Some(span) = self.span(at, here)
                        {
                            self.push(Fact::at(Code::TemplateSyntax, span).with("reason", format!("`loop.{name}()` needs a value")));
                        }
                    }
                    _ => self.unknown("method", name, call.expr.span(), here, Some(Vec::new())),
                }
                Bound { shape: Type::Any, made: made || of.made || matches!(of.shape, Type::Lent(_)) }
            }
            CallType::Block(_) => Bound::made(Type::Text),
            CallType::Object(of) => {
                self.expr(of, here);
                Bound::made(Type::Any)
            }
        }
    }

    /// The arguments of a filter or test; whether a template made one of them.
    fn arguments(&mut self, arguments: &'t [CallArg<'a>], here: &mut Here<'a, 't>) -> bool {
        let mut made = false;
        for it in arguments {
            made |= self.expr(argument(it), here).made;
        }
        made
    }

    /// The arguments of a macro, which keeps them under names.
    fn stored_arguments(&mut self, arguments: &'t [CallArg<'a>], here: &mut Here<'a, 't>) -> Vec<Bound> {
        arguments.iter().map(|it| self.stored(argument(it), here)).collect()
    }

    /// Whether a part is asked for by a code of which no value is the name of one.
    fn no_code_fits(&self, of: &Type, key: &Type) -> bool {
        matches!(self.shapes.plain(key), Type::Codes(codes) if codes.iter().all(|it| self.shapes.part(of, it).is_err()))
    }

    fn filtered(&self, name: &str, of: &Type, arguments: &[CallArg<'a>]) -> Type {
        if matches!(name, "default" | "d") {
            if let (Type::Codes(known), Some(other)) = (self.shapes.plain(of), arguments.first()) {
                // What stands in need not be one of them.
                let of = |text: String| Type::Codes(known.iter().cloned().chain([text]).collect());
                return constant(argument(other)).map_or(Type::Any, of);
            }
            // Without a second word it stands in for what has no value at all, and leaves none as it is.
            let all = arguments.len() > 1 || of.lack() != Some(Lack::None);
            return if all { of.clone().there() } else { of.clone() };
        }
        let of = &of.clone().there();
        match name {
            "abs" | "count" | "float" | "int" | "length" | "round" => Type::Number,
            "capitalize" | "e" | "escape" | "join" | "lower" | "number" | "replace" | "trim" | "upper" => Type::Text,
            "first" | "last" | "max" | "min" => match of {
                Type::List(each, 0) => (**each).clone().or(Lack::Place),
                Type::List(each, _) => (**each).clone(),
                _ => Type::Any,
            },
            "selectattr" => match (of, arguments) {
                // What is left has the part.
                (Type::List(each, _), [CallArg::Pos(it)]) => {
                    Type::List(Box::new(constant(it).map_or_else(|| (**each).clone(), |it| self.shapes.with_part(each, &it))), 0)
                }
                (Type::List(each, _), _) => Type::List(each.clone(), 0),
                _ => Type::Any,
            },
            "list" | "reverse" | "sort" => match of {
                Type::List(..) => of.clone(),
                _ => Type::Any,
            },
            "reject" | "rejectattr" | "select" => match of {
                Type::List(each, _) => Type::List(each.clone(), 0),
                _ => Type::Any,
            },
            "items" | "dictsort" => match self.shapes.values(of) {
                Type::Any => Type::Any,
                each => Type::List(Box::new(Type::Pair(Box::new(Type::Text), Box::new(each))), 0),
            },
            "batch" => Type::List(Box::new(of.clone()), least(of).min(1)),
            "groupby" => match of {
                Type::List(..) => Type::List(Box::new(Type::Pair(Box::new(Type::Any), Box::new(of.clone()))), least(of).min(1)),
                _ => Type::Any,
            },
            _ => Type::Any,
        }
    }

    /// The shape of a part, or a finding that there is none of this name. What is pointed at ends with `ending`.
    pub(super) fn part(&mut self, of: &Type, name: &str, at: At, ending: &str, here: &Here<'a, 't>) -> Type {
        match self.shapes.part(of, name) {
            Ok(shape) => shape,
            Err(known) => {
                let mut at = at;
                let whole = here.tree.source.text.get(self.range(at, here)).unwrap_or_default();
                if !ending.is_empty()
                    && let Some(place) = whole.rfind(ending)
                {
                    at.start_offset += u32::try_from(place).unwrap_or(0);
                    at.end_offset = at.start_offset + u32::try_from(ending.len()).unwrap_or(0);
                }
                self.unknown("part", name, at, here, Some(known));
                Type::Any
            }
        }
    }

    /// The shape of a part that one of several words names. What is pointed at is where it is asked for.
    fn word(&mut self, of: &Type, name: &str, it: &GetItem<'a>, here: &Here<'a, 't>) -> Type {
        match self.shapes.part(of, name) {
            Ok(shape) => shape,
            Err(known) => {
                let same =
                    |fact: &Fact| fact.code == Code::UnknownInTemplate && fact.args.iter().any(|it| it.name == "name" && it.value == name);
                // One name in a list is wrong once, wherever it is used.
                let once = |span: &Span| here.called.is_some() || !self.found.facts.iter().any(|it| same(it) && it.span != Some(*span));
                if let Some(span) = self.span(it.subscript_expr.span(), here).filter(once) {
                    let fact = Fact::at(Code::UnknownInTemplate, span).with("kind", "part").with("name", name);
                    let few = !known.is_empty() && known.len() <= 20;
                    let fact = fact.with_some("known", few.then(|| list(&known))).with_some("many", (!few).then_some("yes"));
                    self.push(propose(fact, name, &known));
                }
                Type::Any
            }
        }
    }

    pub(super) fn unknown(&mut self, kind: &str, name: &str, at: At, here: &Here<'a, 't>, known: Option<Vec<String>>) {
        let Some(mut span) = self.span(at, here) else { return };
        if kind != "part"
            && here.called.is_none()
            && let Some(place) = here.tree.source.text.get(span.range()).and_then(|it| it.find(name))
        {
            let start = span.start as usize + place;
            span = Span::new(span.file, start, start + name.len());
        }
        let known = known.unwrap_or_else(|| here.scope.names().into_iter().map(str::to_owned).collect());
        let fact = Fact::at(Code::UnknownInTemplate, span).with("kind", kind).with("name", name);
        let few = matches!(kind, "part" | "filter" | "test") && !known.is_empty() && known.len() <= 20;
        let fact = fact.with_some("known", few.then(|| list(&known)));
        let fact = fact.with_some("many", (kind == "part" && !few && !known.is_empty()).then_some("yes"));
        // Going over a mapping gives its names: everybody's first mistake.
        let over = (kind == "part" && known.is_empty()).then(|| named_by(here.tree.source.text, span)).flatten();
        let fact = match over {
            // One loop is wrong once, however often its name is used.
            Some(over) if here.called.is_none() && !self.overs.insert((span.file, over.head)) => return,
            Some(over) => fact.with("own", over.own).with("over", over.over),
            None => fact,
        };
        if matches!(kind, "name" | "function") && here.called.is_none() {
            if let Some(set) = set_elsewhere(here.tree, name) {
                let around = Span::new(span.file, set.at.start, set.at.end);
                self.push(fact.with("around", set.around).label(around, "set"));
                return;
            }
            let similar = nearest(name, &known).filter(|_| kind == "name");
            let shape = similar.as_deref().and_then(|it| here.scope.get(it)).map(|it| it.shape.clone());
            if let (Some(similar), Some(shape), Some(part)) = (similar, shape, self.wanted)
                && self.shapes.part(&shape, part).is_err()
            {
                // It would be as wrong with that name.
                let table = matches!(similar.as_str(), "kpis" | "charts").then_some(similar);
                self.push(fact.with_some("part", table.is_some().then_some(part)).with_some("table", table));
                return;
            }
        }
        let quoted = here.called.is_some() || here.tree.source.text.get(span.range()).is_some_and(|it| it != name);
        // Between quotes only the name is proposed, since the place holds more than it.
        let fact = if quoted { propose(fact, name, &known) } else { proposed(fact, name, span, &known) };
        self.push(fact);
    }
}

/// A loop that gives names alone.
struct Over<'a> {
    /// Its variable.
    own: &'a str,
    /// What it goes over, where that is a bare name.
    over: &'a str,
    /// Where it stands.
    head: usize,
}

/// Of a part of a loop's variable (`kpi.title`) the loop: `{% for kpi in kpis %}`.
fn named_by(text: &str, span: Span) -> Option<Over<'_>> {
    let word = |it: &char| it.is_alphanumeric() || *it == '_';
    let before = text[..span.start as usize].strip_suffix(['.', '[']).unwrap_or(&text[..span.start as usize]);
    let own = &before[before.trim_end_matches(|it| word(&it)).len()..];
    if own.is_empty() {
        return None;
    }
    let begin = format!("for {own} in ");
    let head = text[..span.start as usize].rfind(&begin)?;
    let behind = text[head + begin.len()..].split('%').next()?.trim_matches(['-', ' ']);
    let (over, rest) = behind.split_once(' ').unwrap_or((behind, ""));
    let is_bare = over.chars().all(|it| word(&it)) && (rest.is_empty() || rest.trim_start().starts_with("if "));
    is_bare.then_some(Over { own, over, head })
}

/// Whether a letter may belong to a name with its parts: `kpis["nps"].title`.
pub(super) fn is_part(it: char) -> bool {
    it.is_alphanumeric() || matches!(it, '_' | '.' | '[' | ']' | '"' | '\'' | '-')
}

/// The shape of what is one or the other; an empty list gives way to one that is not.
fn either(one: Type, other: Type) -> Type {
    let empty = |it: &Type| matches!(it, Type::List(each, _) if **each == Type::Any);
    match (one, other) {
        (one, other) if one == other => one,
        (Type::List(each, _), Type::List(other, _)) if *other == Type::Any || each == other => Type::List(each, 0),
        (one, Type::List(each, _)) if empty(&one) => Type::List(each, 0),
        (Type::Text | Type::Words(_) | Type::Codes(_), Type::Text | Type::Words(_) | Type::Codes(_)) => Type::Text,
        _ => Type::Any,
    }
}

/// The place in a list that is written out.
fn place(expr: &Expr<'_>) -> Option<i64> {
    i64::try_from(expr.as_const().filter(Value::is_number)?).ok()
}

/// How many a list has at least.
fn least(of: &Type) -> usize {
    if let Type::List(_, least) = of { *least } else { 0 }
}

/// A list of which it was found out how many it has at least.
fn at_least(of: Type, count: usize) -> Type {
    match of {
        Type::List(each, least) => Type::List(each, least.max(count)),
        Type::Maybe(it, lack) => Type::Maybe(Box::new(at_least(*it, count)), lack),
        it => it,
    }
}

/// The value that filters are given: it stands first.
fn beginning<'x, 'a>(expr: &'x Expr<'a>) -> &'x Expr<'a> {
    match expr {
        Expr::Filter(it) => it.expr.as_ref().map_or(expr, beginning),
        _ => expr,
    }
}

pub(super) fn argument<'x, 'a>(it: &'x CallArg<'a>) -> &'x Expr<'a> {
    match it {
        CallArg::Pos(it) | CallArg::Kwarg(_, it) | CallArg::PosSplat(it) | CallArg::KwargSplat(it) => it,
    }
}

pub(super) fn list(names: &[String]) -> String {
    names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}
