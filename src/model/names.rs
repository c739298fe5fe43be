//! Which names are there, under which word? Also those that broken items would have given: they raise nothing more.

use crate::library::Project;
use crate::source::{FileId, Span, Spanned};
use crate::syntax::{Item, Node, Word};
use crate::value::{Code, Diagnostics, Fact, nearest};
use foldhash::{HashMap, HashMapExt, HashSet};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// Items by word and name, in the order of writing.
#[derive(Default)]
pub struct Names<'d> {
    items: [Vec<Named<'d>>; Word::COUNT],
    index: [HashMap<&'d str, usize>; Word::COUNT],
    broken: HashSet<String>,
    /// What names of libraries that could not be read begin with.
    lost: Vec<String>,
    /// What names begin with in each project, and under which names it knows others.
    homes: Vec<HomeNames>,
    /// The project of every file that is not the user's own.
    files: HashMap<FileId, usize>,
    /// What was asked since somebody began to listen.
    heard: RefCell<Option<Asked>>,
}

/// What was asked of the names, with the answers. Where the answers are the same again, what was made of them is too.
///
/// What is asked for the sake of a message (`unknown`, `seen_from`) is not in it: what raised one is not kept.
#[derive(Debug, Default)]
pub struct Asked {
    /// The place of an item of a word, by its whole name.
    places: Vec<(Word, String, Option<usize>)>,
    /// Whether an item of this name is broken.
    broken: Vec<(String, bool)>,
    /// Whether a KPI, by its place, is a pattern.
    patterns: Vec<(usize, bool)>,
    /// The libraries that names led to, each by its place in a project.
    aliases: Vec<(usize, usize)>,
}

/// How many of the last questions a new one is looked for among: most ask the same again.
const RECENT: usize = 8;

/// Where each name was first given, in small letters: names differ in more than that.
type Folded<'d> = HashMap<(Word, Cow<'d, str>), Span>;

/// How a project sees names.
#[derive(Default)]
struct HomeNames {
    prefix: String,
    uses: Vec<Alias>,
}

/// A library under the name that a project gives it.
struct Alias {
    name: String,
    span: Span,
    home: usize,
    /// Whether a name was looked for in it.
    used: Cell<bool>,
}

/// An item under its name.
#[derive(Clone, Copy)]
pub struct Named<'d> {
    pub name: &'d Spanned<String>,
    pub body: &'d Node,
    /// The goal that it stands in, by its place, for nested goals.
    pub parent: Option<usize>,
    /// What says it; `None` in a model that is resolved.
    pub item: Option<&'d Arc<Item>>,
}

impl<'d> Names<'d> {
    /// Gathers the names of all projects, the user's own first; doubles are reported.
    pub fn gather(projects: &'d [Project], out: &mut Diagnostics) -> Names<'d> {
        let mut names = Names::default();
        let items: usize = projects.iter().flat_map(|it| &it.documents).map(|it| it.items.len()).sum();
        let mut folded: Folded<'d> = HashMap::with_capacity(items);
        for (home, project) in projects.iter().enumerate() {
            if home > 0 {
                names.files.extend(project.files.iter().map(|it| (*it, home)));
            }
            let alias = |it: &crate::library::Use| Alias { name: it.name.clone(), span: it.span, home: it.project, used: Cell::new(false) };
            names.homes.push(HomeNames { prefix: project.prefix.clone(), uses: project.uses.iter().map(alias).collect() });
            let lost = project.lost.iter().filter(|it| !project.uses.iter().any(|known| known.name == **it));
            names.lost.extend(lost.cloned());
            for document in &project.documents {
                names.broken.extend(document.broken.iter().map(|it| it.value.clone()));
                // A lint gives no name: it sets what another weighs. A library's own project file is no item of the user's.
                let named = |it: &&Arc<Item>| it.word != Word::Lint && (home == 0 || it.word != Word::Project);
                for item in document.items.iter().filter(named) {
                    names.add(item, &mut folded, out);
                }
            }
        }
        names
    }

    /// The names of a resolved model, to resolve one more text against.
    pub fn of_model(names: &'d [(Word, Spanned<String>)], body: &'d Node) -> Names<'d> {
        let mut found = Names::default();
        for (word, name) in names {
            let list = &mut found.items[*word as usize];
            found.index[*word as usize].insert(&name.value, list.len());
            list.push(Named { name, body, parent: None, item: None });
        }
        found
    }

    fn add(&mut self, item: &'d Arc<Item>, folded: &mut Folded<'d>, out: &mut Diagnostics) {
        // Nested goals are goals of their own; a stack, as nesting is the user's.
        let mut waiting = vec![(&item.name, &item.body, None)];
        while let Some((name, body, parent)) = waiting.pop() {
            if !self.register(item.word, name, folded, out) {
                continue;
            }
            let list = &mut self.items[item.word as usize];
            self.index[item.word as usize].insert(&name.value, list.len());
            list.push(Named { name, body, parent, item: Some(item) });
            if item.word == Word::Goal
                && let Some(inner) = body.get("goal")
            {
                let at = list.len() - 1;
                waiting.extend(inner.entries().iter().rev().map(|it| (&it.key, &it.value, Some(at))));
            }
        }
    }

    fn register(&mut self, word: Word, name: &'d Spanned<String>, folded: &mut Folded<'d>, out: &mut Diagnostics) -> bool {
        let small = name.value.bytes().all(|it| it.is_ascii() && !it.is_ascii_uppercase());
        let key = (word, if small { Cow::Borrowed(name.value.as_str()) } else { Cow::Owned(name.value.to_lowercase()) });
        let Some(first) = folded.get(&key) else {
            folded.insert(key, name.span);
            return true;
        };
        let same = self.place(word, &name.value).is_some();
        let fact = Fact::at(Code::DuplicateName, name.span).with("word", word.name()).with("name", &name.value);
        let fact = if same { fact } else { fact.with("case", "yes") };
        out.push(fact.label(*first, "first"));
        false
    }

    /// The items of a word, in the order of writing.
    pub fn of(&self, word: Word) -> &[Named<'d>] {
        &self.items[word as usize]
    }

    /// The name by which the user's own project knows what a file calls `name`: `nps` of a library is `group.nps`.
    pub fn whole<'n>(&self, name: &'n str, file: FileId) -> Cow<'n, str> {
        let mut home = self.files.get(&file).copied().unwrap_or(0);
        let mut rest = name;
        while let Some((it, inner)) = self.step(home, rest) {
            (home, rest) = (it, inner);
        }
        match self.homes.get(home).map(|it| it.prefix.as_str()) {
            None | Some("") => Cow::Borrowed(rest),
            Some(prefix) => Cow::Owned(format!("{prefix}.{rest}")),
        }
    }

    /// The library that a path begins with, and what follows.
    fn step<'n>(&self, home: usize, name: &'n str) -> Option<(usize, &'n str)> {
        for (at, alias) in self.homes.get(home)?.uses.iter().enumerate() {
            if let Some(rest) = name.strip_prefix(alias.name.as_str()).and_then(|it| it.strip_prefix('.')) {
                alias.used.set(true);
                self.hear(|it| add_recent(&mut it.aliases, |known| *known == (home, at), || (home, at)));
                return Some((alias.home, rest));
            }
        }
        None
    }

    /// How many names at the start of a path lead to a library.
    pub fn leading(&self, path: &[Spanned<String>]) -> usize {
        let Some(file) = path.first().map(|it| it.span.file) else { return 0 };
        let mut home = self.files.get(&file).copied().unwrap_or(0);
        if self.homes.get(home).is_none_or(|it| it.uses.is_empty()) {
            return 0;
        }
        let whole = joined(path);
        let mut rest = whole.as_str();
        while let Some((it, inner)) = self.step(home, rest) {
            (home, rest) = (it, inner);
        }
        path.len() - rest.split('.').count()
    }

    /// The libraries that the user's own project names and takes nothing from.
    pub fn unused(&self) -> impl Iterator<Item = (&str, Span)> {
        let own = self.homes.first().map_or(&[][..], |it| it.uses.as_slice());
        own.iter().filter(|it| !it.used.get()).map(|it| (it.name.as_str(), it.span))
    }

    /// The place of an item among those of its word, under the name that a file has for it.
    pub fn find(&self, word: Word, name: &str, file: FileId) -> Option<usize> {
        self.place(word, &self.whole(name, file))
    }

    /// The source that a path begins with, and how many of its names are the source's.
    pub fn find_source(&self, path: &[Spanned<String>]) -> Option<(usize, usize)> {
        let leading = self.leading(path);
        let names = path.get(..=leading)?;
        let file = names.first()?.span.file;
        let found = match names {
            [name] => self.find(Word::Source, &name.value, file),
            _ => self.find(Word::Source, &joined(names), file),
        };
        found.map(|it| (it, names.len()))
    }

    /// The error for a path that begins with no source.
    pub fn unknown_source(&self, path: &[Spanned<String>]) -> Fact {
        // A dot too many or a library that is not used: what stands before the column is what was meant as the source.
        let leading = self.leading(path).min(path.len() - 1);
        let names = &path[..=leading];
        self.unknown(Word::Source, &joined(names), names[0].span.to(names[leading].span))
    }

    /// The place of an item by the name that the user's own project has for it.
    fn place(&self, word: Word, whole: &str) -> Option<usize> {
        let found = self.index[word as usize].get(whole).copied();
        self.hear(|it| add_recent(&mut it.places, |known| known.0 == word && known.1 == whole, || (word, whole.to_owned(), found)));
        found
    }

    /// Whether a KPI is a pattern, by its place.
    pub fn is_pattern(&self, kpi: usize) -> bool {
        let pattern = self.of(Word::Kpi)[kpi].body.get("takes").is_some();
        self.hear(|it| add_recent(&mut it.patterns, |known| known.0 == kpi, || (kpi, pattern)));
        pattern
    }

    /// Begins to listen to what is asked.
    pub fn listen(&self) {
        self.heard.replace(Some(Asked::default()));
    }

    /// What was asked since then.
    pub fn heard(&self) -> Asked {
        self.heard.take().unwrap_or_default()
    }

    /// Whether all that was asked once has the same answers here.
    pub fn answers(&self, asked: &Asked) -> bool {
        let known = self.of(Word::Kpi).len();
        asked.places.iter().all(|(word, name, found)| self.index[*word as usize].get(name.as_str()) == found.as_ref())
            && asked.patterns.iter().all(|(kpi, pattern)| *kpi < known && self.is_pattern(*kpi) == *pattern)
            && asked.broken.iter().all(|(name, broken)| self.is_broken(name) == *broken)
    }

    /// Does to libraries what was done when it was asked.
    pub fn asked_again(&self, asked: &Asked) {
        asked.aliases.iter().for_each(|(home, at)| self.homes[*home].uses[*at].used.set(true));
    }

    fn hear(&self, add: impl FnOnce(&mut Asked)) {
        if let Some(asked) = self.heard.borrow_mut().as_mut() {
            add(asked);
        }
    }

    /// Whether an item that could not be read has this name, or one of a library that could not.
    pub fn is_broken(&self, name: &str) -> bool {
        let broken = self.has_broken(name);
        self.hear(|it| add_recent(&mut it.broken, |known| known.0 == name, || (name.to_owned(), broken)));
        broken
    }

    fn has_broken(&self, name: &str) -> bool {
        let lost = |it: &String| name.strip_prefix(it.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let broken = !self.broken.is_empty() && self.broken.contains(name.rsplit('.').next().unwrap_or(name));
        broken || self.lost.iter().any(lost)
    }

    /// The place of an item; an unknown name is reported with what was perhaps meant.
    pub fn resolve(&self, word: Word, name: &str, span: Span, out: &mut Diagnostics) -> Option<usize> {
        let found = self.find(word, name, span.file);
        if found.is_none() && !self.is_broken(name) {
            out.push(self.unknown(word, name, span));
        }
        found
    }

    /// The names of a word as a file writes them: its own, and those of the libraries that it uses.
    pub fn seen_from(&self, word: Word, file: FileId) -> Vec<Cow<'_, str>> {
        let home = self.files.get(&file).copied().unwrap_or(0);
        let all = || self.of(word).iter().map(|it| it.name.value.as_str());
        let Some(here) = self.homes.get(home) else { return all().map(Cow::Borrowed).collect() };
        let inside = |prefix: &str, name: &'_ str| -> Option<usize> {
            if prefix.is_empty() {
                return Some(0);
            }
            name.strip_prefix(prefix)?.starts_with('.').then_some(prefix.len() + 1)
        };
        // The longest prefix that fits tells whose a name is.
        let owner = |name: &str| {
            let fitting = self.homes.iter().enumerate().filter(|it| inside(&it.1.prefix, name).is_some());
            fitting.max_by_key(|it| it.1.prefix.len()).map_or(0, |it| it.0)
        };
        let mut seen = Vec::new();
        for name in all() {
            let whose = owner(name);
            let local = inside(&self.homes[whose].prefix, name).map_or(name, |it| &name[it..]);
            if whose == home {
                seen.push(Cow::Borrowed(local));
            }
            let uses = here.uses.iter().filter(|it| it.home == whose);
            seen.extend(uses.map(|it| Cow::Owned(format!("{}.{local}", it.name))));
        }
        seen
    }

    /// The error for an unknown name.
    pub fn unknown(&self, word: Word, name: &str, span: Span) -> Fact {
        self.unknown_among(word, name, span, false)
    }

    /// The error for an unknown name of what another KPI is like: a pattern may have been meant.
    pub fn unknown_like(&self, name: &str, span: Span) -> Fact {
        self.unknown_among(Word::Kpi, name, span, true)
    }

    fn unknown_among(&self, word: Word, name: &str, span: Span, patterns: bool) -> Fact {
        let code = match word {
            Word::Kpi => Code::UnknownKpi,
            Word::Goal => Code::UnknownGoal,
            Word::Source => Code::UnknownSource,
            Word::Dimension => Code::UnknownDimension,
            Word::Touchpoint => Code::UnknownTouchpoint,
            _ => Code::UnknownName,
        };
        let mut seen = self.seen_from(word, span.file);
        // A pattern has no figure: where one is wanted, it is not what was meant.
        let is_pattern = |it: &str| self.find(word, it, span.file).is_some_and(|it| self.of(word)[it].body.get("takes").is_some());
        let mut pattern = None;
        if word == Word::Kpi && !patterns && self.of(word).iter().any(|it| it.body.get("takes").is_some()) {
            let (kept, left): (Vec<_>, Vec<_>) = seen.into_iter().partition(|it| !is_pattern(it));
            seen = kept;
            pattern = nearest(name, &left).filter(|_| nearest(name, &seen).is_none());
        }
        let mut fact = Fact::at(code, span).with("name", name).with("word", word.name());
        // The name may be right, and only the library forgotten.
        let tail = format!(".{name}");
        match seen.iter().find(|it| it.ends_with(&tail)) {
            Some(similar) => {
                fact = fact.with("similar", similar).mend(span, similar.to_string());
            }
            None => fact = fact.did_you_mean(name, span, &seen),
        }
        fact = fact.with_some("pattern", pattern);
        if let Some(library) = crate::library::STANDARD.iter().find(|it| name.starts_with(&format!("{}.", it.name)))
            && self.step(self.files.get(&span.file).copied().unwrap_or(0), name).is_none()
        {
            return fact.with("library", library.name);
        }
        match fact.arg("similar").and_then(|it| self.find(word, it, span.file)) {
            Some(similar) => {
                let place = self.of(word)[similar].name.span;
                fact.label(place, "similar")
            }
            None => {
                // The name may be of another word: say so.
                let whole = self.whole(name, span.file);
                let other = Word::ALL.into_iter().find(|it| *it != word && self.place(*it, &whole).is_some());
                match other {
                    Some(other) => {
                        let at = self.place(other, &whole).map(|it| self.of(other)[it].name.span);
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

/// Adds what is not among the last ones.
fn add_recent<T>(list: &mut Vec<T>, same: impl FnMut(&T) -> bool, new: impl FnOnce() -> T) {
    if !list.iter().rev().take(RECENT).any(same) {
        list.push(new());
    }
}

fn joined(path: &[Spanned<String>]) -> String {
    path.iter().map(|it| it.value.as_str()).collect::<Vec<_>>().join(".")
}
