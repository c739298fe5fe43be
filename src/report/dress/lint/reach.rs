//! Of which templates is a page made? The one that it begins with, what that extends, the blocks that are filled on the way, and
//! what is included and imported; a ring of them is told.

use std::collections::BTreeMap;

use minijinja::machinery::ast::{BinOpKind, Block, Expr, Spanned, Stmt};

use crate::report::dress::known::Facts;
use crate::report::dress::propose;
use crate::report::dress::shapes::Type;
use crate::source::Span;
use crate::value::{Code, Fact};

use super::{Bound, DEEPEST, Here, Lint, Scope, Tree, constant, gather_blocks, offset, proposed, variable};

impl<'a, 't> Lint<'a, 't> {
    /// Reads a page: the template, and what it extends.
    pub(super) fn page(&mut self, name: &str, scope: Scope) {
        let mut fillings = Vec::new();
        let mut scope = scope;
        let mut name = name.to_owned();
        let mut passed = vec![name.clone()];
        loop {
            self.found.used.insert(name.clone());
            let Some(tree) = self.trees.get(name.as_str()) else { return };
            let Stmt::Template(root) = &tree.tree else { return };
            let parent = root.children.iter().find_map(|it| if let Stmt::Extends(it) = it { Some(it) } else { None });
            let mut here = Here { fillings: fillings.clone(), ..Here::new(tree, scope, Facts::default()) };
            let Some(parent) = parent else {
                self.found.fills = tree.source.file.is_none();
                if tree.source.file.is_some() && !self.is_mail && !tree.source.text.contains("Content-Security-Policy") {
                    self.unsafe_at(&here, 0..tree.source.text.len().min(1), "policy", "");
                }
                self.body(&root.children, &mut here);
                self.elements(tree, &root.children, &here);
                self.blocks_that_nobody_has(&fillings, &here.scope);
                return;
            };
            for it in &root.children {
                match it {
                    Stmt::Block(block) => fillings.push((tree, &**block)),
                    // A mark of the order of bytes is no text.
                    Stmt::EmitRaw(raw) if raw.raw.trim_start_matches('\u{feff}').trim().is_empty() => {}
                    Stmt::EmitRaw(_)
                    | Stmt::EmitExpr(_)
                    | Stmt::Include(_)
                    | Stmt::ForLoop(_)
                    | Stmt::IfCond(_)
                    | Stmt::CallBlock(_)
                    | Stmt::FilterBlock(_) => self.outside(&here, it),
                    Stmt::Extends(_) => {}
                    other => self.statement(other, &mut here),
                }
            }
            let Some(next) = self.template_name(&parent.name, &mut here) else { return };
            if let Some(at) = passed.iter().position(|it| *it == next) {
                return self.round(&passed[at..], &next, &parent.name, &here);
            }
            scope = here.scope;
            passed.push(next.clone());
            name = next;
        }
    }

    /// Blocks that fill nothing: no template above has one of this name.
    fn blocks_that_nobody_has(&mut self, fillings: &[(&'t Tree<'a>, &'t Block<'a>)], scope: &Scope) {
        let known: Vec<String> = self.found.blocks.iter().map(|it| it.0.clone()).collect();
        for (tree, block) in fillings {
            if known.iter().any(|it| it == block.name) {
                continue;
            }
            let (Some(file), Some(start)) = (tree.source.file, offset(tree.source.text, block.name)) else { continue };
            let span = Span::new(file, start, start + block.name.len());
            let fact = Fact::at(Code::UnknownInTemplate, span).with("kind", "block").with("name", block.name);
            self.push(proposed(fact, block.name, span, &known));
            // What else is wrong in it is said in the same run; which section it would stand behind is not known.
            let mut scope = scope.clone();
            scope.layers.push([("section", Bound::any()), ("d", Bound::any())].map(|(name, it)| (name.to_owned(), it)).into());
            self.body(&block.body, &mut Here::new(tree, scope, Facts::default()));
        }
    }

    /// A block: what fills it, else what it says itself. What it says itself is what `super()` gives.
    pub(super) fn block(&mut self, it: &'t Spanned<Block<'a>>, here: &mut Here<'a, 't>) {
        if !self.found.blocks.iter().any(|known| known.0 == it.name) {
            self.found.blocks.push((it.name.to_owned(), here.tree.name.to_owned()));
        }
        self.found.names.extend(here.scope.names().into_iter().map(str::to_owned));
        let filled = here.fillings.iter().find(|filling| filling.1.name == it.name).copied();
        match filled {
            Some((tree, block)) if !std::ptr::eq(tree, here.tree) => {
                let mut within = Here {
                    fillings: here.fillings.clone(),
                    repeated: here.repeated,
                    depends: here.depends && here.tree.source.file.is_some(),
                    under: here.under.clone(),
                    ..Here::new(tree, here.scope.clone(), here.facts.clone())
                };
                within.scope.layers.push(BTreeMap::new());
                self.body(&block.body, &mut within);
                self.ended(&within);
                let is_whole = self.is_whole(here.tree, it);
                if is_whole {
                    self.elements(tree, &block.body, &within);
                }
                // A block that was filled once more on the way is read where it stands.
                let below: Vec<_> = here.fillings.iter().filter(|other| other.1.name == it.name).skip(1).copied().collect();
                for (tree, block) in below {
                    let mut within = Here { repeated: here.repeated, ..Here::new(tree, here.scope.clone(), here.facts.clone()) };
                    within.scope.layers.push(BTreeMap::new());
                    self.body(&block.body, &mut within);
                    if is_whole {
                        self.elements(tree, &block.body, &within);
                    }
                }
                // The blocks within it stay there for who calls `super()`.
                gather_blocks(&it.body, &mut |inner| {
                    if !self.found.blocks.iter().any(|known| known.0 == inner.name) {
                        self.found.blocks.push((inner.name.to_owned(), here.tree.name.to_owned()));
                    }
                });
            }
            _ => self.inner(&it.body, here, Vec::new()),
        }
    }

    pub(super) fn include(&mut self, name: &'t Expr<'a>, may_be_missing: bool, here: &mut Here<'a, 't>) {
        if let Some(ending) = of_section(name) {
            // The page takes the template of each of its sections.
            for kind in self.asked.sections.clone() {
                let mut scope = here.scope.clone();
                scope.set("section", Bound::given(self.shapes.section(&kind)));
                scope.set("d", Bound::any());
                self.found.names.extend(scope.names().into_iter().map(str::to_owned));
                let name = format!("{kind}{ending}");
                self.included(&name, scope, Facts::default(), false);
                self.whole_template(&name, here);
            }
            return;
        }
        if may_be_missing && matches!(name, Expr::Const(_)) {
            let Some(wanted) = constant(name).filter(|it| !self.goes_round(it, name, here)) else { return };
            return self.included(&wanted, here.scope.clone(), here.facts.clone(), here.depends);
        }
        match name {
            Expr::Const(_) => {
                if let Some(wanted) = self.template_name(name, here)
                    && !self.goes_round(&wanted, name, here)
                {
                    self.included(&wanted, here.scope.clone(), here.facts.clone(), here.depends);
                    if here.tree.source.file.is_none() {
                        self.whole_template(&wanted, here);
                    }
                }
            }
            other => drop(self.expr(other, here)),
        }
    }

    /// A template that stands within a page of Peil's, or in a section of it.
    fn whole_template(&mut self, name: &str, here: &Here<'a, 't>) {
        let Some(tree) = self.trees.get(name) else { return };
        if let Stmt::Template(root) = &tree.tree {
            self.elements(tree, &root.children, here);
        }
    }

    /// Whether a template is being included where it is to be included again, be it by others; that it never ends is told where it
    /// depends on nothing.
    fn goes_round(&mut self, name: &str, at: &Expr<'a>, here: &Here<'a, 't>) -> bool {
        let Some(first) = self.chain.iter().position(|it| it.0 == name) else { return false };
        if !here.depends && self.chain[first + 1..].iter().all(|it| !it.1) {
            let chain: Vec<String> = self.chain[first..].iter().map(|it| it.0.clone()).collect();
            self.round(&chain, name, at, here);
        }
        true
    }

    /// Templates that use one another in a ring.
    fn round(&mut self, chain: &[String], name: &str, at: &Expr<'a>, here: &Here<'a, 't>) {
        let Some(span) = self.span(at.span(), here) else { return };
        let path: Vec<&str> = chain.iter().map(String::as_str).chain([name]).collect();
        let own = format!("peil/{name}");
        let fact = Fact::at(Code::Cycle, span).with("what", "template").with("path", path.join(" -> "));
        self.push(fact.with_some("own", self.library.contains_key(&own).then_some(own)));
    }

    fn included(&mut self, name: &str, mut scope: Scope, facts: Facts, depends: bool) {
        self.found.used.insert(name.to_owned());
        let Some(tree) = self.trees.get(name) else { return };
        if self.depth >= DEEPEST {
            return;
        }
        self.depth += 1;
        self.chain.push((name.to_owned(), depends));
        scope.layers.push(BTreeMap::new());
        let mut here = Here::new(tree, scope, facts);
        if let Stmt::Template(root) = &tree.tree {
            self.body(&root.children, &mut here);
            self.ended(&here);
        }
        self.chain.pop();
        self.depth -= 1;
    }

    /// What another template lends to who imports it.
    pub(super) fn lent(&mut self, at: &'t Expr<'a>, here: &mut Here<'a, 't>) -> Bound {
        let Some(name) = self.template_name(at, here).filter(|it| !self.goes_round(it, at, here)) else { return Bound::any() };
        self.found.used.insert(name.clone());
        let Some(tree) = self.trees.get(name.as_str()) else { return Bound::any() };
        let Stmt::Template(root) = &tree.tree else { return Bound::any() };
        // It knows what every template is given, and nothing of who imports it.
        let mut scope = Scope { layers: here.scope.layers.iter().take(1).cloned().collect() };
        if self.modules.insert(name.clone()) && self.depth < DEEPEST {
            self.included(&name, scope.clone(), Facts::default(), here.depends);
        }
        let mut names = BTreeMap::new();
        for it in &root.children {
            match it {
                Stmt::Macro(it) => drop(names.insert(it.name.to_owned(), self.define(tree, it, Scope { layers: Vec::new() }))),
                Stmt::Set(it) => names.extend(variable(&it.target).map(|it| (it.to_owned(), Type::Any))),
                Stmt::SetBlock(it) => names.extend(variable(&it.target).map(|it| (it.to_owned(), Type::Any))),
                _ => {}
            }
        }
        // What Peil's own templates call stands between what is theirs.
        if here.tree.source.file.is_none() {
            let macros = root.children.iter().filter_map(|it| if let Stmt::Macro(it) = it { Some(it) } else { None });
            macros.for_each(|it| self.elements(tree, &it.body, here));
        }
        // Its macros know one another.
        let others = root.children.iter().filter_map(|it| if let Stmt::Import(it) = it { variable(&it.name) } else { None });
        scope.layers.push(others.map(|it| (it.to_owned(), Bound::any())).collect());
        names.iter().for_each(|(name, it)| scope.set(name, Bound::given(it.clone())));
        for it in &root.children {
            if let Stmt::Macro(it) = it {
                self.define(tree, it, scope.clone());
            }
        }
        Bound::given(Type::Lent(names))
    }

    /// The name of a template that is there, or a finding that it is not.
    fn template_name(&mut self, name: &'t Expr<'a>, here: &mut Here<'a, 't>) -> Option<String> {
        let Some(wanted) = constant(name) else {
            self.expr(name, here);
            return None;
        };
        if self.library.contains_key(&wanted) {
            return Some(wanted);
        }
        if let Some(span) = self.span(name.span(), here) {
            let fact = Fact::at(Code::UnknownTemplate, span).with("name", &wanted).with("kind", "template");
            self.push(propose(fact, &wanted, self.library.keys()));
        }
        None
    }
}

/// The ending of `section.kind ~ ".html"`.
fn of_section(name: &Expr<'_>) -> Option<String> {
    let Expr::BinOp(it) = name else { return None };
    let Expr::GetAttr(kind) = &it.left else { return None };
    let is = kind.name == "kind" && variable(&kind.expr) == Some("section") && matches!(it.op, BinOpKind::Concat);
    if is { constant(&it.right) } else { None }
}
