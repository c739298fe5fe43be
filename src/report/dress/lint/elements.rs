//! Is every element closed that a template opens, and no other? What is left open takes in what the page says next; what is closed
//! too often ends an element of the page. Read on all ways through a stretch: an element is told that no way closes.

use std::collections::BTreeMap;

use minijinja::machinery::ast::{Block, CallType, Expr, Macro, Stmt};

use crate::report::dress::html::{Html, Tag};
use crate::source::{FileId, Span};
use crate::value::{Code, Fact};

use super::{DEEPEST, Here, Lint, Tree, constant, offset, variable};

/// Elements that have no end.
const VOID: [&str; 15] =
    ["area", "base", "basefont", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "track", "wbr"];
/// Elements whose end HTML finds by itself; and those whose text is not HTML, which are looked after where they are read.
const ENDED: [&str; 23] = [
    "body", "caption", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option", "p", "rb", "rp", "rt", "rtc", "script", "style",
    "tbody", "td", "tfoot", "th", "thead", "tr",
];
/// Elements that may be closed in another order than they were opened: the page looks the same.
const FORMATS: [&str; 14] = ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Elements of drawings, which a `/` closes.
const FOREIGN: [&str; 2] = ["svg", "math"];

/// So many ways through a stretch are looked at, and so many bytes on all of them: what branches more is not known.
const MOST_WAYS: usize = 32;
const MOST_READ: usize = 1 << 20;

/// One way through a stretch, up to a place.
#[derive(Debug, Clone, Default)]
struct Way {
    html: Html,
    /// What is open, the innermost last, by the number of its tag.
    open: Vec<usize>,
}

/// A tag, and what became of it on all ways.
#[derive(Debug)]
struct Seen {
    name: String,
    place: Span,
    closing: bool,
    /// It ends with `/>`, which closes nothing here.
    itself: bool,
    /// Some way closes it, or finds what it closes.
    met: bool,
    /// The closing tag of something around it that came before its own.
    crossed: Option<Span>,
}

/// What is read as it stands where it is called: the body of a macro, or what was put aside.
type Body<'a, 't> = (&'t Tree<'a>, &'t [Stmt<'a>]);

/// Reads a stretch on all its ways.
struct Elements<'r, 'a, 't> {
    trees: &'t BTreeMap<&'a str, Tree<'a>>,
    fillings: &'r [(&'t Tree<'a>, &'t Block<'a>)],
    ways: Vec<Way>,
    seen: Vec<Seen>,
    /// The numbers of tags by place.
    numbers: BTreeMap<(FileId, u32), usize>,
    /// What was put aside by `set`, by name.
    kept: BTreeMap<&'a str, Body<'a, 't>>,
    /// What calls were given to stand where `caller()` is.
    callers: Vec<Body<'a, 't>>,
    depth: usize,
    read: usize,
    /// Nothing can be said of it.
    lost: bool,
}

impl<'a, 't> Lint<'a, 't> {
    /// Tells what a stretch opens and does not close, or closes and did not open.
    pub(super) fn elements(&mut self, tree: &'t Tree<'a>, body: &'t [Stmt<'a>], here: &Here<'a, 't>) {
        if tree.source.file.is_none() {
            return;
        }
        let mut elements = Elements::new(self.trees, &here.fillings);
        elements.body((tree, body));
        for fact in elements.told() {
            self.push(fact);
        }
    }

    /// Whether a block closes all that it opens, so that what fills it must too.
    pub(super) fn is_whole(&self, tree: &'t Tree<'a>, block: &'t Block<'a>) -> bool {
        if tree.source.file.is_none() {
            return true;
        }
        let mut elements = Elements::new(self.trees, &[]);
        elements.body((tree, &block.body));
        !elements.lost && elements.told().is_empty()
    }
}

impl<'r, 'a, 't> Elements<'r, 'a, 't> {
    fn new(trees: &'t BTreeMap<&'a str, Tree<'a>>, fillings: &'r [(&'t Tree<'a>, &'t Block<'a>)]) -> Self {
        Self {
            trees,
            fillings,
            ways: vec![Way::default()],
            seen: Vec::new(),
            numbers: BTreeMap::new(),
            kept: BTreeMap::new(),
            callers: Vec::new(),
            depth: 0,
            read: 0,
            lost: false,
        }
    }

    fn body(&mut self, (tree, statements): Body<'a, 't>) {
        for it in statements {
            if self.lost {
                return;
            }
            self.statement(tree, it);
        }
    }

    fn statement(&mut self, tree: &'t Tree<'a>, statement: &'t Stmt<'a>) {
        match statement {
            Stmt::Template(it) => self.body((tree, &it.children)),
            Stmt::EmitRaw(it) => self.raw(tree, it.raw),
            Stmt::EmitExpr(it) => self.value(tree, &it.expr),
            Stmt::IfCond(it) => {
                let before = self.ways.clone();
                self.body((tree, &it.true_body));
                let met = std::mem::replace(&mut self.ways, before);
                self.body((tree, &it.false_body));
                self.join(met);
            }
            Stmt::ForLoop(it) => {
                let before = self.ways.clone();
                self.body((tree, &it.body));
                let once = self.ways.clone();
                // What a second round finds is another only where the first left something else behind.
                if !same(&before, &once) {
                    self.body((tree, &it.body));
                }
                let rounds = std::mem::replace(&mut self.ways, before);
                self.body((tree, &it.else_body));
                self.join(once);
                self.join(rounds);
            }
            Stmt::WithBlock(it) => self.body((tree, &it.body)),
            Stmt::AutoEscape(it) => self.body((tree, &it.body)),
            Stmt::FilterBlock(it) => self.body((tree, &it.body)),
            Stmt::SetBlock(it) => {
                if let Some(name) = variable(&it.target) {
                    self.kept.insert(name, (tree, &it.body));
                }
            }
            Stmt::Block(it) => {
                let filled = self.fillings.iter().find(|filling| filling.1.name == it.name && !std::ptr::eq(filling.0, tree));
                let body = filled.map_or((tree, it.body.as_slice()), |it| (it.0, it.1.body.as_slice()));
                self.within(body);
            }
            Stmt::Include(it) => {
                if let Some(body) = constant(&it.name).and_then(|it| self.template(&it)) {
                    self.within(body);
                }
            }
            Stmt::CallBlock(it) => {
                let given = (tree, it.macro_decl.body.as_slice());
                match self.called(tree, it.call.identify_call()) {
                    Some(body) => {
                        self.callers.push(given);
                        self.within(body);
                        self.callers.pop();
                    }
                    None => self.within(given),
                }
            }
            Stmt::Set(_) | Stmt::Import(_) | Stmt::FromImport(_) | Stmt::Extends(_) | Stmt::Macro(_) | Stmt::Do(_) => {}
        }
    }

    /// What stands elsewhere and is read here; what goes round is told elsewhere.
    fn within(&mut self, body: Body<'a, 't>) {
        if self.depth >= DEEPEST {
            self.lost = true;
            return;
        }
        self.depth += 1;
        self.body(body);
        self.depth -= 1;
    }

    /// A template of the project.
    fn template(&self, name: &str) -> Option<Body<'a, 't>> {
        let tree = self.trees.get(name).filter(|it| it.source.file.is_some())?;
        if let Stmt::Template(root) = &tree.tree { Some((tree, &root.children)) } else { None }
    }

    /// The body of the project's macro that is called; one of the same file before those of others.
    fn called(&self, tree: &'t Tree<'a>, call: CallType<'_, 'a>) -> Option<Body<'a, 't>> {
        let (CallType::Function(name) | CallType::Method(_, name)) = call else { return None };
        let of = |tree: &'t Tree<'a>| found_in(std::slice::from_ref(&tree.tree), name).map(|it| (tree, it.body.as_slice()));
        of(tree).or_else(|| self.trees.values().filter(|it| it.source.file.is_some()).find_map(of))
    }

    fn value(&mut self, tree: &'t Tree<'a>, expr: &'t Expr<'a>) {
        let mut expr = expr;
        while let Expr::Filter(it) = expr
            && let Some(inner) = &it.expr
        {
            expr = inner;
        }
        let stands_for = match expr {
            Expr::Var(it) => self.kept.get(it.id).copied(),
            Expr::Call(it) if matches!(it.identify_call(), CallType::Function("caller")) => self.callers.last().copied(),
            Expr::Call(it) => self.called(tree, it.identify_call()),
            _ => None,
        };
        match stands_for {
            Some(body) => self.within(body),
            None => self.ways.iter_mut().for_each(|it| drop(it.html.value(None))),
        }
    }

    fn raw(&mut self, tree: &'t Tree<'a>, text: &'a str) {
        let (Some(file), Some(start)) = (tree.source.file, offset(tree.source.text, text)) else { return };
        self.read += text.len() * self.ways.len();
        if self.read > MOST_READ {
            self.lost = true;
            return;
        }
        for mut way in std::mem::take(&mut self.ways) {
            way.html.base = start;
            for tag in way.html.tags(text) {
                self.tag(&mut way.open, tag, file);
            }
            self.add(way);
        }
    }

    fn tag(&mut self, open: &mut Vec<usize>, tag: Tag, file: FileId) {
        let name = tag.name.as_str();
        if VOID.contains(&name) || name == "source" || ENDED.contains(&name) || !name.starts_with(|it: char| it.is_ascii_alphabetic()) {
            return;
        }
        let drawn = open.iter().rev().map(|it| self.seen[*it].name.as_str()).find(|it| FOREIGN.contains(it) || *it == "foreignobject");
        let is_foreign = FOREIGN.contains(&name) || drawn.is_some_and(|it| it != "foreignobject") || !is_html(name);
        if tag.itself && is_foreign {
            return;
        }
        let place = Span::new(file, tag.at.start, tag.at.end);
        let number = *self.numbers.entry((file, place.start)).or_insert(self.seen.len());
        if number == self.seen.len() {
            let (closing, itself) = (tag.closing, tag.itself);
            self.seen.push(Seen { name: name.to_owned(), place, closing, itself, met: false, crossed: None });
        }
        if !tag.closing {
            open.push(number);
            return;
        }
        let Some(at) = open.iter().rposition(|it| self.seen[*it].name == name) else { return };
        self.seen[number].met = true;
        self.seen[open[at]].met = true;
        let formats = FORMATS.contains(&name);
        let inner = open.split_off(at).into_iter().skip(1);
        for it in inner {
            if formats || FORMATS.contains(&self.seen[it].name.as_str()) {
                // It goes on behind.
                open.push(it);
            } else {
                self.seen[it].crossed.get_or_insert(place);
            }
        }
    }

    /// A way that was gone; one like another is one.
    fn add(&mut self, way: Way) {
        if !self.ways.iter().any(|it| it.open == way.open && it.html.is_at(&way.html)) {
            self.ways.push(way);
            self.lost |= self.ways.len() > MOST_WAYS;
        }
    }

    fn join(&mut self, others: Vec<Way>) {
        others.into_iter().for_each(|it| self.add(it));
    }

    /// What no way closes, and what closes nothing on any way.
    fn told(&self) -> Vec<Fact> {
        // What ends within a tag is told as that.
        if self.lost || self.ways.iter().any(|it| it.html.open().is_some()) {
            return Vec::new();
        }
        let fact =
            |it: &Seen, problem: &'static str| Fact::at(Code::UnsafeTemplate, it.place).with("problem", problem).with("found", &it.name);
        let mut spare: Vec<&Seen> = self.seen.iter().filter(|it| it.closing && !it.met).collect();
        spare.sort_by_key(|it| (it.place.file.0, it.place.start));
        let mut facts = Vec::new();
        let mut unclosed: Vec<&Seen> = self.seen.iter().filter(|it| !it.closing && !it.met).collect();
        // The innermost first: what closes nothing was most likely meant for it.
        unclosed.sort_by_key(|it| std::cmp::Reverse((it.place.file.0, it.place.start)));
        for it in unclosed {
            let told = fact(it, "unclosed").with_some("itself", it.itself.then_some("yes"));
            // A closing tag that has nothing to close came too late for it, or was misspelt.
            let behind = |other: &&Seen| other.place.file == it.place.file && other.place.start > it.place.start;
            let late = spare.iter().position(|other| behind(other) && other.name == it.name);
            let other = spare.iter().position(|other| behind(other) && it.crossed.is_none_or(|by| other.place.start < by.start));
            let meant = late.or(other).map(|at| spare.remove(at));
            let told = match (it.crossed, meant) {
                (Some(by), late) if late.is_none_or(|late| late.name == it.name) => told.label(by, "before"),
                (_, Some(meant)) => told.label(meant.place, "meant"),
                (_, None) => told,
            };
            facts.push(told);
        }
        facts.extend(spare.into_iter().map(|it| fact(it, "unopened")));
        facts
    }
}

/// Whether two sets of ways lead to the same places.
fn same(one: &[Way], other: &[Way]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.open == b.open && a.html.is_at(&b.html))
}

/// Whether an element is one of HTML, where a `/` at the end of a tag means nothing.
fn is_html(name: &str) -> bool {
    const OTHER: [&str; 44] = [
        "abbr",
        "address",
        "article",
        "aside",
        "audio",
        "bdi",
        "bdo",
        "blockquote",
        "button",
        "canvas",
        "center",
        "cite",
        "data",
        "datalist",
        "del",
        "details",
        "dfn",
        "dialog",
        "div",
        "dl",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "ins",
        "kbd",
        "label",
        "legend",
        "main",
        "mark",
        "nav",
        "section",
        "span",
        "summary",
        "table",
        "ul",
    ];
    OTHER.contains(&name)
        || FORMATS.contains(&name)
        || matches!(name, "ol" | "pre" | "q" | "sub" | "sup" | "var" | "menu" | "meter" | "time")
}

/// The macro of a name, wherever in a template it is defined.
fn found_in<'a, 't>(statements: &'t [Stmt<'a>], name: &str) -> Option<&'t Macro<'a>> {
    statements.iter().find_map(|it| match it {
        Stmt::Template(it) => found_in(&it.children, name),
        Stmt::Macro(it) if it.name == name => Some(&**it),
        Stmt::Block(it) => found_in(&it.body, name),
        _ => None,
    })
}
