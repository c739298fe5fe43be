//! Which names are there, under which word? Also those that broken items would have given: they raise nothing more.

use crate::source::{Span, Spanned};
use crate::syntax::{Document, Item, Node, Word};
use crate::value::{Code, Diagnostics, Fact};
use std::collections::{HashMap, HashSet};

/// Items by word and name, in the order of writing.
#[derive(Default)]
pub struct Names<'d> {
    items: HashMap<Word, Vec<Named<'d>>>,
    index: HashMap<Word, HashMap<String, usize>>,
    broken: HashSet<String>,
}

/// An item under its name.
#[derive(Clone, Copy)]
pub struct Named<'d> {
    pub name: &'d Spanned<String>,
    pub body: &'d Node,
    /// The goal that it stands in, by its place, for nested goals.
    pub parent: Option<usize>,
}

impl<'d> Names<'d> {
    /// Gathers the names of all documents; doubles are reported.
    pub fn gather(documents: &[&'d Document], out: &mut Diagnostics) -> Names<'d> {
        let mut names = Names::default();
        let mut folded: HashMap<(Word, String), Span> = HashMap::new();
        for document in documents {
            names.broken.extend(document.broken.iter().map(|it| it.value.clone()));
            for item in &document.items {
                names.add(item, &mut folded, out);
            }
        }
        names
    }

    /// The names of a resolved model, to resolve one more text against.
    pub fn of_model(names: &'d [(Word, Spanned<String>)], body: &'d Node) -> Names<'d> {
        let mut found = Names::default();
        for (word, name) in names {
            let list = found.items.entry(*word).or_default();
            found.index.entry(*word).or_default().insert(name.value.clone(), list.len());
            list.push(Named { name, body, parent: None });
        }
        found
    }

    fn add(&mut self, item: &'d Item, folded: &mut HashMap<(Word, String), Span>, out: &mut Diagnostics) {
        // Nested goals are goals of their own; a stack, as nesting is the user's.
        let mut waiting = vec![(&item.name, &item.body, None)];
        while let Some((name, body, parent)) = waiting.pop() {
            if !self.register(item.word, name, folded, out) {
                continue;
            }
            let list = self.items.entry(item.word).or_default();
            self.index.entry(item.word).or_default().insert(name.value.clone(), list.len());
            list.push(Named { name, body, parent });
            if item.word == Word::Goal
                && let Some(inner) = body.get("goal")
            {
                let at = list.len() - 1;
                waiting.extend(inner.entries().iter().rev().map(|it| (&it.key, &it.value, Some(at))));
            }
        }
    }

    fn register(&mut self, word: Word, name: &Spanned<String>, folded: &mut HashMap<(Word, String), Span>, out: &mut Diagnostics) -> bool {
        let key = (word, name.value.to_lowercase());
        let Some(first) = folded.get(&key) else {
            folded.insert(key, name.span);
            return true;
        };
        let same = self.find(word, &name.value).is_some();
        let fact = Fact::at(Code::DuplicateName, name.span).with("word", word.name()).with("name", &name.value);
        let fact = if same { fact } else { fact.with("case", "yes") };
        out.push(fact.label(*first, "first"));
        false
    }

    /// The items of a word, in the order of writing.
    pub fn of(&self, word: Word) -> &[Named<'d>] {
        self.items.get(&word).map_or(&[], Vec::as_slice)
    }

    /// The place of an item among those of its word.
    pub fn find(&self, word: Word, name: &str) -> Option<usize> {
        self.index.get(&word)?.get(name).copied()
    }

    /// Whether an item that could not be read has this name.
    pub fn is_broken(&self, name: &str) -> bool {
        self.broken.contains(name)
    }

    /// The place of an item; an unknown name is reported with what was perhaps meant.
    pub fn resolve(&self, word: Word, name: &str, span: Span, out: &mut Diagnostics) -> Option<usize> {
        let found = self.find(word, name);
        if found.is_none() && !self.is_broken(name) {
            out.push(self.unknown(word, name, span));
        }
        found
    }

    /// The error for an unknown name.
    pub fn unknown(&self, word: Word, name: &str, span: Span) -> Fact {
        let code = match word {
            Word::Kpi => Code::UnknownKpi,
            Word::Goal => Code::UnknownGoal,
            Word::Source => Code::UnknownSource,
            Word::Dimension => Code::UnknownDimension,
            Word::Touchpoint => Code::UnknownTouchpoint,
            _ => Code::UnknownName,
        };
        let mut fact = Fact::at(code, span).with("name", name).with("word", word.name());
        fact = fact.did_you_mean(name, span, self.of(word).iter().map(|it| it.name.value.as_str()));
        match fact.arg("similar").and_then(|it| self.find(word, it)) {
            Some(similar) => {
                let place = self.of(word)[similar].name.span;
                fact.label(place, "similar")
            }
            None => {
                // The name may be of another word: say so.
                let other = Word::ALL.into_iter().find(|it| *it != word && self.find(*it, name).is_some());
                match other {
                    Some(other) => {
                        let at = self.find(other, name).map(|it| self.of(other)[it].name.span);
                        let fact = fact.with("other", other.name());
                        match at {
                            Some(at) => fact.label(at, "other"),
                            None => fact,
                        }
                    }
                    None => fact,
                }
            }
        }
    }
}
