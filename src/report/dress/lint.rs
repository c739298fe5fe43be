//! Does a template say something that a page can show? Read as the engine will read it, from the page through what it
//! extends, includes and imports, with the shapes of all that it is given; nothing is rendered.

mod elements;
mod elsewhere;
mod growth;
mod macros;
mod reach;
mod same;
mod syntax;
mod takes;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use minijinja::machinery::ast::{Block, Expr, IfCond, Macro, Stmt};
use minijinja::machinery::{Span as At, parse};

use crate::report::forms::mail::{GIVEN, MAIL};
use crate::source::{FileId, Span};
use crate::value::{Code, Fact};

use super::html::Html;
use super::known::Facts;
use super::shapes::{Kind, Lack, Shapes, Type};
use growth::joins;
use macros::{Called, Defined};
use values::list;

/// A template by its name.
#[derive(Debug, Clone)]
pub(super) struct Source<'a> {
    /// Its text.
    pub text: &'a str,
    /// Its file, where it is one of the project.
    pub file: Option<FileId>,
}

/// Templates by name, those of the project before Peil's own; Peil's own are known as `peil/NAME` too.
pub(super) type Library<'a> = BTreeMap<String, Source<'a>>;

/// What a page may show that its templates cannot tell.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// The name of the report.
    pub report: String,
    /// The KPIs of the report, by name.
    pub kpis: Vec<String>,
    /// Those that the project has besides.
    pub others: Vec<String>,
    /// The kinds of its sections.
    pub sections: Vec<String>,
}

/// What was found in the templates of a page.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub facts: Vec<Fact>,
    /// The templates that the page uses.
    pub used: BTreeSet<String>,
    /// Whether the page comes down to Peil's own, of which it fills blocks.
    pub fills: bool,
    /// The names of the blocks that the page has, each with the template that it stands in.
    pub blocks: Vec<(String, String)>,
    /// The names that blocks and templates of sections know.
    pub names: BTreeSet<String>,
}

/// Templates may include one another so deep.
const DEEPEST: usize = 40;
/// Text that a loop or macro repeats may be so long: what is put aside for later is bounded by it.
const LONGEST_REPEATED: usize = 4 << 10;

/// Reads the templates of a page, from the one of this name.
pub(super) fn lint(page: &str, library: &Library<'_>, shapes: &Shapes, asked: &Asked) -> Found {
    read(page, false, library, shapes, asked)
}

/// Reads the project's template of mails, which are given less: much of what a page has is taken out of a mail on its way.
pub(super) fn lint_mail(library: &Library<'_>, shapes: &Shapes, asked: &Asked) -> Found {
    read(MAIL, true, library, shapes, asked)
}

fn read(page: &str, is_mail: bool, library: &Library<'_>, shapes: &Shapes, asked: &Asked) -> Found {
    let mut trees = BTreeMap::new();
    let mut found = Found::default();
    for (name, source) in library {
        match parse(source.text, name, Default::default()) {
            Ok(tree) => drop(trees.insert(name.as_str(), Tree { name, source, tree })),
            Err(error) => {
                let Some(file) = source.file else { continue };
                found.facts.push(syntax::fault(source.text, &error, file));
            }
        }
    }
    let mut lint = Lint {
        trees: &trees,
        library,
        shapes,
        asked,
        is_mail,
        found,
        depth: 0,
        modules: BTreeSet::new(),
        macros: Vec::new(),
        read: 0,
        calling: Vec::new(),
        chain: Vec::new(),
        wanted: None,
        overs: BTreeSet::new(),
    };
    let globals = shapes.globals(&asked.kpis, &asked.others).into_iter().filter(|it| !is_mail || GIVEN.contains(&it.0.as_str()));
    let globals = globals.map(|(name, it)| (name, Bound::given(it))).collect();
    let scope = Scope { layers: vec![globals] };
    lint.page(page, scope);
    lint.found
}

/// The blocks of a template, in order.
pub(super) fn blocks_of(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    if let Ok(tree) = parse(text, "template", Default::default()) {
        gather_blocks(std::slice::from_ref(&tree), &mut |it| names.push(it.name.to_owned()));
    }
    names
}

/// A template that could be read.
struct Tree<'a> {
    name: &'a str,
    source: &'a Source<'a>,
    tree: Stmt<'a>,
}

/// What a name stands for.
#[derive(Debug, Clone)]
struct Bound {
    shape: Type,
    /// Whether a template made it: then it may be as long as one can make it.
    made: bool,
}

impl Bound {
    fn given(shape: Type) -> Self {
        Self { shape, made: false }
    }

    fn made(shape: Type) -> Self {
        Self { shape, made: true }
    }

    fn any() -> Self {
        Self::given(Type::Any)
    }
}

/// The names that are known at a place, the innermost last.
#[derive(Debug, Clone)]
struct Scope {
    layers: Vec<BTreeMap<String, Bound>>,
}

impl Scope {
    fn get(&self, name: &str) -> Option<&Bound> {
        self.layers.iter().rev().find_map(|it| it.get(name))
    }

    fn set(&mut self, name: &str, bound: Bound) {
        if let Some(last) = self.layers.last_mut() {
            last.insert(name.to_owned(), bound);
        }
    }

    fn names(&self) -> BTreeSet<&str> {
        self.layers.iter().flat_map(|it| it.keys().map(String::as_str)).collect()
    }
}

/// Where one is in a template.
struct Here<'a, 't> {
    tree: &'t Tree<'a>,
    html: Html,
    /// Blocks that a template further down fills, by name: the outermost first.
    fillings: Vec<(&'t Tree<'a>, &'t Block<'a>)>,
    /// Whether what stands here may be repeated.
    repeated: bool,
    /// Whether what stands here may be left out.
    depends: bool,
    /// The names that a branch alone sets, each with what was known in it.
    under: Vec<(String, Facts)>,
    scope: Scope,
    facts: Facts,
    /// Who called, within one of Peil's macros that is read for a call.
    called: Option<Called>,
}

impl<'a, 't> Here<'a, 't> {
    /// The beginning of a text, in plain HTML, that nothing fills, repeats or leaves out.
    fn new(tree: &'t Tree<'a>, scope: Scope, facts: Facts) -> Here<'a, 't> {
        Here {
            tree,
            html: Html::default(),
            fillings: Vec::new(),
            repeated: false,
            depends: false,
            under: Vec::new(),
            scope,
            facts,
            called: None,
        }
    }
}

struct Lint<'a, 't> {
    trees: &'t BTreeMap<&'a str, Tree<'a>>,
    library: &'t Library<'a>,
    shapes: &'t Shapes,
    asked: &'t Asked,
    is_mail: bool,
    found: Found,
    depth: usize,
    /// Templates whose macros were read.
    modules: BTreeSet<String>,
    macros: Vec<Defined<'a, 't>>,
    /// How many bytes of macros were read for calls.
    read: usize,
    /// The part that is asked for of the name that is being read.
    wanted: Option<&'a str>,
    /// The loops of which it was told that they give names alone, by file and place.
    overs: BTreeSet<(FileId, usize)>,
    /// The templates that are being included, the outermost first; with whether it depends on something that they are.
    chain: Vec<(String, bool)>,
    /// The macros that are being read for a call, the outermost first; with the call where the macro is one of the project.
    calling: Vec<(String, Option<Span>)>,
}

impl<'a, 't> Lint<'a, 't> {
    /// What fills a block, or is put into a page, ends outside of tags, quotes, comments and styles: else it would swallow what
    /// follows.
    fn ended(&mut self, here: &Here<'a, 't>) {
        if let Some((since, found)) = here.html.open() {
            let text = here.tree.source.text;
            let end = (since + found.len()).min(text.len());
            let end = (since..=end).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(since);
            self.unsafe_at(here, since..end, "open", &found);
        }
    }

    fn outside(&mut self, here: &Here<'a, 't>, statement: &Stmt<'a>) {
        let (Some(file), Some(range)) = (here.tree.source.file, place_of(statement, here.tree.source.text)) else { return };
        let text = &here.tree.source.text[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        let end = start + text.trim().lines().next().unwrap_or_default().len();
        self.push(Fact::at(Code::UnusedTemplate, Span::new(file, start, end)).with("outside", "yes"));
    }

    fn body(&mut self, statements: &'t [Stmt<'a>], here: &mut Here<'a, 't>) {
        for it in statements {
            self.statement(it, here);
        }
    }

    /// A body with names of its own.
    fn inner(&mut self, statements: &'t [Stmt<'a>], here: &mut Here<'a, 't>, names: Vec<(String, Bound)>) {
        let mark = here.facts.mark();
        names.iter().for_each(|it| here.facts.anew(&it.0));
        self.inner_of(statements, here, names);
        here.facts.back(mark);
    }

    /// The same where something is known of the names.
    fn inner_of(&mut self, statements: &'t [Stmt<'a>], here: &mut Here<'a, 't>, names: Vec<(String, Bound)>) {
        here.scope.layers.push(names.into_iter().collect());
        self.body(statements, here);
        here.scope.layers.pop();
    }

    /// Both branches of an `if`. What one of them sets alone may not be there behind it.
    fn branches(&mut self, it: &'t IfCond<'a>, here: &mut Here<'a, 't>) {
        self.asked(&it.expr, here);
        let depends = std::mem::replace(&mut here.depends, true);
        let names =
            |here: &Here<'a, 't>| here.scope.layers.last().map(|it| it.keys().cloned().collect::<BTreeSet<_>>()).unwrap_or_default();
        let before: BTreeSet<String> = here.scope.names().into_iter().map(str::to_owned).collect();
        let mut set = Vec::new();
        for (met, body) in [(true, &it.true_body), (false, &it.false_body)] {
            let mark = here.facts.mark();
            here.facts.learn(&it.expr, met);
            let learnt = here.facts.since(mark);
            self.body(body, here);
            here.facts.back(mark);
            let added: BTreeSet<String> = names(here).difference(&before).cloned().collect();
            // What the other branch sets too is set anew in it.
            if let Some(last) = here.scope.layers.last_mut() {
                set.push((learnt, added.iter().filter_map(|it| Some((it.clone(), last.remove(it)?))).collect::<BTreeMap<_, _>>()));
            }
        }
        here.depends = depends;
        let others: Vec<BTreeSet<String>> = set.iter().rev().map(|it| it.1.keys().cloned().collect()).collect();
        for ((learnt, names), others) in set.into_iter().zip(others) {
            for (name, bound) in names {
                let alone = !others.contains(&name) && !learnt.is_empty();
                let shape = if alone { Type::Maybe(Box::new(bound.shape.there()), Lack::Set) } else { bound.shape };
                if alone {
                    here.under.push((name.clone(), learnt.clone()));
                }
                here.scope.set(&name, Bound { shape, ..bound });
            }
        }
    }

    fn statement(&mut self, statement: &'t Stmt<'a>, here: &mut Here<'a, 't>) {
        match statement {
            Stmt::Template(it) => self.body(&it.children, here),
            Stmt::EmitRaw(it) => self.raw(it.raw, here),
            Stmt::EmitExpr(it) => self.emit(&it.expr, it.span(), here),
            Stmt::ForLoop(it) => {
                let over = self.expr(&it.iter, here);
                self.must_be_known(&it.iter, &over, "loop", here);
                self.gone_over(&it.iter, &over, here);
                let each = Bound { shape: self.shapes.each(&over.shape), made: over.made };
                let mut names = vec![("loop".to_owned(), Bound::given(loop_shape(&each.shape)))];
                self.bind(&it.target, &each, &mut names);
                let mark = here.facts.mark();
                names.iter().for_each(|it| here.facts.anew(&it.0));
                here.scope.layers.push(names.iter().cloned().collect());
                if let Some(filter) = &it.filter_expr {
                    self.asked(filter, here);
                    here.facts.learn(filter, true);
                }
                here.scope.layers.pop();
                let (repeated, depends) = (here.repeated, here.depends);
                (here.repeated, here.depends) = (true, true);
                self.inner_of(&it.body, here, names);
                here.repeated = repeated;
                here.facts.back(mark);
                self.inner(&it.else_body, here, Vec::new());
                here.depends = depends;
            }
            Stmt::IfCond(it) => self.branches(it, here),
            Stmt::WithBlock(it) => {
                let mut names = Vec::new();
                for (target, value) in &it.assignments {
                    let bound = self.stored(value, here);
                    self.bind(target, &bound, &mut names);
                }
                self.inner(&it.body, here, names);
            }
            Stmt::Set(it) => {
                let bound = self.stored(&it.expr, here);
                self.assign(&it.target, &bound, here);
            }
            Stmt::SetBlock(it) => {
                let (html, repeated) = (std::mem::take(&mut here.html), here.repeated);
                self.body(&it.body, here);
                (here.html, here.repeated) = (html, repeated);
                if let Some(filter) = &it.filter {
                    self.expr(filter, here);
                }
                self.assign(&it.target, &Bound::made(Type::Text), here);
            }
            Stmt::AutoEscape(it) => {
                self.unsafe_here(it.span(), "autoescape", "autoescape", here);
                self.body(&it.body, here);
            }
            Stmt::FilterBlock(it) => {
                self.expr(&it.filter, here);
                self.body(&it.body, here);
            }
            Stmt::Block(it) => self.block(it, here),
            // What is included may extend another.
            Stmt::Extends(it) => self.include(&it.name, false, here),
            Stmt::Include(it) => self.include(&it.name, it.ignore_missing, here),
            Stmt::Import(it) => {
                let lent = self.lent(&it.expr, here);
                self.assign(&it.name, &lent, here);
            }
            Stmt::FromImport(it) => {
                let lent = self.lent(&it.expr, here);
                for (name, other) in &it.names {
                    if let Expr::Var(wanted) = name {
                        let shape = self.part(&lent.shape, wanted.id, wanted.span(), "", here);
                        self.assign(other.as_ref().unwrap_or(name), &Bound::given(shape), here);
                    }
                }
            }
            Stmt::Macro(it) => {
                // It knows itself; what it knows else is what was known so far.
                let shape = self.define(here.tree, it, here.scope.clone());
                here.scope.set(it.name, Bound::given(shape.clone()));
                self.define(here.tree, it, here.scope.clone());
                self.defined(it, here);
            }
            Stmt::CallBlock(it) => {
                self.call(&it.call, it.span(), here);
                self.defined(&it.macro_decl, here);
            }
            Stmt::Do(it) => drop(self.call(&it.call, it.span(), here)),
        }
    }

    /// A macro: what it is given may be of any shape, and made by anybody.
    fn defined(&mut self, it: &'t Macro<'a>, here: &mut Here<'a, 't>) {
        for default in &it.defaults {
            self.stored(default, here);
        }
        let mut names =
            vec![("caller".to_owned(), Bound::any()), ("varargs".to_owned(), Bound::any()), ("kwargs".to_owned(), Bound::any())];
        for argument in &it.args {
            self.bind(argument, &Bound::made(Type::Any), &mut names);
        }
        let html = std::mem::take(&mut here.html);
        let (repeated, depends) = (here.repeated, here.depends);
        (here.repeated, here.depends) = (true, true);
        self.inner(&it.body, here, names);
        (here.html, here.repeated, here.depends) = (html, repeated, depends);
    }

    // -- values ----------------------------------------------------------------------------------------------------------

    fn emit(&mut self, expr: &'t Expr<'a>, at: At, here: &mut Here<'a, 't>) {
        let bound = self.expr(expr, here);
        if here.tree.source.file.is_none() && here.called.is_none() {
            return;
        }
        self.must_be_known(expr, &bound, "print", here);
        // The place of an expression of several parts begins somewhere within it; that of the braces is sure.
        let whole = self.range(at, here);
        let text = &here.tree.source.text[whole.clone()];
        let name = text.trim_matches(['{', '}', '-', ' ', '\n']);
        let start = whole.start + offset(text, name).unwrap_or(0);
        if let Some((problem, found)) = here.html.value(given(expr)) {
            self.unsafe_at(here, start..start + name.len(), problem, &found);
        }
        if let Some(parts) = self.shapes.unprintable(&bound.shape)
            && let Some(span) = self.place(start..start + name.len(), here)
        {
            let name = here.called.as_ref().and_then(|it| it.said(name)).unwrap_or(name);
            let fact = Fact::at(Code::UnknownInTemplate, span).with("kind", "print").with("name", name);
            self.push(fact.with_some("parts", (!parts.is_empty()).then(|| list(&parts))));
        }
    }

    fn raw(&mut self, text: &'a str, here: &mut Here<'a, 't>) {
        let Some(file) = here.tree.source.file else { return };
        let Some(start) = offset(here.tree.source.text, text) else { return };
        here.html.base = start;
        for danger in here.html.read(text) {
            let at = start + danger.at.start..start + danger.at.end;
            self.unsafe_at(here, at, danger.problem, &danger.found);
        }
        if here.repeated && text.len() > LONGEST_REPEATED {
            let fact = Fact::at(Code::UnsafeTemplate, Span::new(file, start, start + 1)).with("problem", "long");
            self.push(fact.with("found", text.len().div_ceil(1 << 10)));
        }
    }

    /// A value that is kept under a name: it may not be joined from what was kept before.
    fn stored(&mut self, expr: &'t Expr<'a>, here: &mut Here<'a, 't>) -> Bound {
        let mut bound = self.expr(expr, here);
        if bound.shape.lack() == Some(Lack::Report) {
            self.must_be_known(expr, &bound, "part", here);
            bound.shape = bound.shape.there();
        }
        if here.tree.source.file.is_some()
            && let Some(at) = self.growth(expr, here)
        {
            let is_list = matches!(self.shapes.kind(&bound.shape), Some(Kind::List)) || matches!(expr, Expr::Map(_));
            self.unsafe_here(at, "growth", if is_list { "list" } else { "" }, here);
        }
        Bound { made: bound.made || joins(expr), shape: bound.shape }
    }

    fn assign(&mut self, target: &'t Expr<'a>, bound: &Bound, here: &mut Here<'a, 't>) {
        let mut names = Vec::new();
        self.bind(target, bound, &mut names);
        for (name, bound) in names {
            here.facts.anew(&name);
            here.scope.set(&name, bound);
        }
    }

    /// The names that a target gives.
    fn bind(&self, target: &Expr<'a>, bound: &Bound, names: &mut Vec<(String, Bound)>) {
        let part = |at: usize| match &bound.shape {
            Type::Pair(first, second) => Bound { shape: if at == 0 { (**first).clone() } else { (**second).clone() }, made: bound.made },
            _ => Bound { shape: Type::Any, made: bound.made },
        };
        match target {
            Expr::Var(it) => names.push((it.id.to_owned(), bound.clone())),
            Expr::List(it) => it.items.iter().enumerate().for_each(|(at, it)| self.bind(it, &part(at), names)),
            Expr::Tuple(it) => it.items.iter().enumerate().for_each(|(at, it)| self.bind(it, &part(at), names)),
            // `ns.total`: what a namespace holds is not followed.
            _ => {}
        }
    }

    // -- findings --------------------------------------------------------------------------------------------------------

    fn unsafe_here(&mut self, at: At, problem: &'static str, found: &str, here: &Here<'a, 't>) {
        let range = self.range(at, here);
        self.unsafe_at(here, range, problem, found);
    }

    fn unsafe_at(&mut self, here: &Here<'a, 't>, at: std::ops::Range<usize>, problem: &'static str, found: &str) {
        let Some(file) = here.tree.source.file else { return };
        let fact = Fact::at(Code::UnsafeTemplate, Span::new(file, at.start, at.end)).with("problem", problem);
        self.push(fact.with_some("found", (!found.is_empty()).then_some(found)));
    }

    /// A template may be read more than once; what is wrong with it is said once.
    fn push(&mut self, fact: Fact) {
        let fact = match self.calling.last() {
            Some((_, Some(call))) => fact.label(*call, "call"),
            Some((name, None)) => fact.with("macro", name),
            None => fact,
        };
        let place = |it: &Fact| (it.code, it.span);
        if !self.found.facts.iter().any(|it| place(it) == place(&fact)) {
            self.found.facts.push(fact);
        }
    }

    fn range(&self, at: At, here: &Here<'a, 't>) -> std::ops::Range<usize> {
        let text = here.tree.source.text;
        let (start, end) = (boundary(text, at.start_offset as usize), boundary(text, at.end_offset as usize));
        start..end.max(start)
    }

    /// The place in a file of the project; none in Peil's own templates, which a test reads.
    fn span(&self, at: At, here: &Here<'a, 't>) -> Option<Span> {
        self.place(self.range(at, here), here)
    }

    /// The same of a stretch of the template; within one of Peil's macros, what was given to it.
    fn place(&self, range: std::ops::Range<usize>, here: &Here<'a, 't>) -> Option<Span> {
        match &here.called {
            // The place of a part may begin behind what it is a part of.
            Some(called) => {
                let text = here.tree.source.text;
                let start = text[..range.start].trim_end_matches(values::is_part).len();
                Some(called.blamed(&text[start..range.end.max(start)]))
            }
            None => Some(Span::new(here.tree.source.file?, range.start, range.end)),
        }
    }
}

/// Proposes the nearest known name, and to write it as it is.
fn proposed(fact: Fact, wrong: &str, span: Span, known: &[String]) -> Fact {
    match crate::value::nearest(wrong, known) {
        Some(similar) => fact.with("similar", &similar).rewrite(span, similar),
        None => fact,
    }
}

/// The place itself, or the one before it that is between two characters.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(0)
}

/// Where a stretch of a text begins, if it is one.
fn offset(whole: &str, part: &str) -> Option<usize> {
    let start = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize)?;
    (start + part.len() <= whole.len()).then_some(start)
}

/// Where a statement stands.
fn place_of(statement: &Stmt<'_>, text: &str) -> Option<std::ops::Range<usize>> {
    let at = match statement {
        Stmt::EmitRaw(it) => return offset(text, it.raw).map(|start| start..start + it.raw.len()),
        Stmt::EmitExpr(it) => it.span(),
        Stmt::Include(it) => it.span(),
        Stmt::ForLoop(it) => it.span(),
        Stmt::IfCond(it) => it.span(),
        Stmt::CallBlock(it) => it.span(),
        Stmt::FilterBlock(it) => it.span(),
        _ => return None,
    };
    let (start, end) = (boundary(text, at.start_offset as usize), boundary(text, at.end_offset as usize));
    // What is printed ends with its braces.
    let braces = text[end..].find("}}").filter(|it| text[end..end + it].trim_matches(['-', ' ']).is_empty()).map_or(0, |it| it + 2);
    Some(start..(end + braces).max(start))
}

fn gather_blocks<'a, 't>(statements: &'t [Stmt<'a>], found: &mut dyn FnMut(&'t Block<'a>)) {
    for it in statements {
        match it {
            Stmt::Template(it) => gather_blocks(&it.children, found),
            Stmt::Block(it) => {
                found(it);
                gather_blocks(&it.body, found);
            }
            Stmt::ForLoop(it) => gather_blocks(&it.body, found),
            Stmt::IfCond(it) => {
                gather_blocks(&it.true_body, found);
                gather_blocks(&it.false_body, found);
            }
            Stmt::WithBlock(it) => gather_blocks(&it.body, found),
            _ => {}
        }
    }
}

fn variable<'a>(expr: &Expr<'a>) -> Option<&'a str> {
    if let Expr::Var(it) = expr { Some(it.id) } else { None }
}

/// The variable that an expression is; of a place in the report the table that it is looked up in.
fn given<'a>(expr: &Expr<'a>) -> Option<&'a str> {
    match expr {
        Expr::GetItem(it) => variable(&it.expr).filter(|it| *it == "anchors"),
        _ => variable(expr),
    }
}

fn constant(expr: &Expr<'_>) -> Option<String> {
    if let Expr::Const(it) = expr { it.value.as_str().map(str::to_owned) } else { None }
}

fn loop_shape(each: &Type) -> Type {
    let numbers = ["index", "index0", "revindex", "revindex0", "length", "depth", "depth0"].map(|it| (it.to_owned(), Type::Number));
    let flags = ["first", "last"].map(|it| (it.to_owned(), Type::Bool));
    let others = ["previtem", "nextitem"].map(|it| (it.to_owned(), each.clone().or(Lack::Key)));
    let calls = ["cycle", "changed"].map(|it| (it.to_owned(), Type::Any));
    Type::Record(numbers.into_iter().chain(flags).chain(others).chain(calls).collect())
}
