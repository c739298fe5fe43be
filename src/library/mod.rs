//! Which other projects does this one use, and under which names (R10)? Each is read once, by whatever way it is reached.

mod standard;

pub use standard::{STANDARD, Standard};

use crate::source::{FileId, LibraryError, Listed, Sources, Span, World};
use crate::syntax::{self, Document, Node, Word};
use crate::value::{Code, Diagnostics, Fact};
use std::sync::Arc;

/// How many libraries a project may reach.
const MAX_LIBRARIES: usize = 100;

/// Where a project stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In this folder from the root of the user's project; that project itself stands in the empty one.
    Folder(String),
    /// In the program, under this name.
    Standard(&'static str),
}

impl Place {
    /// The folder that its data come from.
    pub fn folder(&self) -> &str {
        match self {
            Place::Folder(folder) => folder,
            Place::Standard(_) => "",
        }
    }

    /// The place as it is shown.
    fn shown(&self) -> &str {
        match self {
            Place::Folder(folder) if folder.is_empty() => ".",
            Place::Folder(folder) => folder,
            Place::Standard(name) => name,
        }
    }
}

/// A project among those that are read: the user's own, or a library.
#[derive(Debug)]
pub struct Project {
    pub place: Place,
    /// What its names begin with, as the user's own project sees them: `group`; empty for that project itself.
    pub prefix: String,
    /// Its files, each with what it says.
    pub files: Vec<FileId>,
    pub documents: Vec<Arc<Document>>,
    pub uses: Vec<Use>,
    /// The names of libraries that could not be read, and were reported: nothing follows from what they would have lent.
    pub lost: Vec<String>,
}

/// A library under the name that a project gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub name: String,
    pub span: Span,
    /// Its place in the list of projects.
    pub project: usize,
}

/// Reads the files of one project: the folder it stands in, and what the world lists there.
pub type Read<'r> = dyn FnMut(&mut Sources, &str, Vec<Listed>, &mut Diagnostics) -> (Vec<FileId>, Vec<Arc<Document>>) + 'r;

/// Follows `use` from the user's own project, whose files are given, to all libraries. The first project is the user's own.
pub fn gather(
    (files, documents): (Vec<FileId>, Vec<Arc<Document>>),
    world: &dyn World,
    read: &mut Read<'_>,
    lent: &mut Lent,
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Vec<Project> {
    let own = Project { place: Place::Folder(String::new()), prefix: String::new(), files, documents, uses: Vec::new(), lost: Vec::new() };
    let mut projects = vec![own];
    let mut at = 0;
    while at < projects.len() {
        let mut lost = Vec::new();
        for wanted in wanted(&projects[at].documents, &mut lost, out) {
            let found = match standard::named(&wanted.path) {
                Some(Ok(it)) => Ok((Place::Standard(it.name), None)),
                Some(Err(similar)) => Err(wanted.unknown("standard").with_some("similar", similar)),
                None => match world.library(projects[at].place.folder(), &wanted.path) {
                    Ok(it) => Ok((Place::Folder(it.folder), Some(it.definitions))),
                    Err(LibraryError::Missing) => Err(wanted.unknown("missing")),
                    Err(LibraryError::NoProject) => Err(wanted.unknown("no-project")),
                    Err(LibraryError::Outside) => Err(wanted.outside("path")),
                    Err(LibraryError::NoRepository) => Err(wanted.outside("no-repository")),
                },
            };
            let (place, definitions) = match found {
                Ok(it) => it,
                Err(fact) => {
                    out.push(fact);
                    lost.push(wanted.name);
                    continue;
                }
            };
            let project = projects.iter().position(|it| it.place == place).unwrap_or(projects.len());
            if project > MAX_LIBRARIES {
                out.push(Fact::at(Code::LimitExceeded, wanted.span).with("what", "libraries").with("limit", MAX_LIBRARIES));
                return projects;
            }
            if project == projects.len() {
                let prefix = &projects[at].prefix;
                let prefix = if prefix.is_empty() { wanted.name.clone() } else { format!("{prefix}.{}", wanted.name) };
                let (files, documents) = match (&place, definitions) {
                    (Place::Folder(folder), Some(listed)) => read(sources, folder, listed, out),
                    _ => read(sources, "", standard::listed(place.shown()), out),
                };
                projects.push(Project { place, prefix, files, documents, uses: Vec::new(), lost: Vec::new() });
            }
            projects[at].uses.push(Use { name: wanted.name, span: wanted.span, project });
        }
        projects[at].lost = lost;
        at += 1;
    }
    cycles(&projects, out);
    let known = std::mem::take(&mut lent.taken);
    for project in projects.iter_mut().skip(1) {
        for document in &mut project.documents {
            let same = |it: &&Taken| Arc::ptr_eq(&it.read, document) && it.prefix == project.prefix;
            let taken = match known.iter().find(same) {
                Some(it) => it.clone(),
                None => take(document, &project.prefix),
            };
            *document = Arc::clone(&taken.document);
            lent.taken.push(taken);
        }
    }
    projects
}

/// What a project file says of a library.
struct Wanted {
    path: String,
    name: String,
    span: Span,
}

impl Wanted {
    fn unknown(&self, reason: &'static str) -> Fact {
        Fact::at(Code::UnknownLibrary, self.span).with("path", &self.path).with("reason", reason)
    }

    fn outside(&self, reason: &'static str) -> Fact {
        Fact::at(Code::OutsideLibrary, self.span).with("path", &self.path).with("reason", reason)
    }
}

/// The libraries that a project's file names, with the faults in how it names them.
fn wanted(documents: &[Arc<Document>], lost: &mut Vec<String>, out: &mut Diagnostics) -> Vec<Wanted> {
    let mut found: Vec<Wanted> = Vec::new();
    let items = || documents.iter().flat_map(|it| &it.items);
    let project = items().find(|it| it.word == Word::Project);
    for entry in project.and_then(|it| it.body.get("use")).map_or(&[][..], Node::entries) {
        let path = entry.key.value.trim().to_owned();
        let span = entry.key.span;
        let named = entry.value.get("as").filter(|it| !it.is_refused());
        let Some((name, place)) = named.and_then(Node::spanned).map(|it| (it.value.trim().to_owned(), it.span)) else {
            if standard::named(&path).is_some() {
                found.push(Wanted { name: path.clone(), path, span });
            } else if !entry.value.is_refused() {
                let fact = Fact::at(Code::MissingKey, span).with("key", "as").with("word", "use").with("name", &path);
                let folder = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                out.push(fact.with("proposal", if syntax::is_name(folder) { folder } else { "group" }));
                lost.push(folder.to_owned());
            }
            continue;
        };
        if !syntax::is_name(&name) || name == "peil" {
            let fact = Fact::at(Code::InvalidName, place).with("name", &name);
            out.push(fact.with_some("reserved", (name == "peil").then_some("yes")));
            lost.extend(Some(name).filter(|it| it != "peil"));
            continue;
        }
        // `group.survey` would be a column of the source, and a source of the library.
        let first = found.iter().find(|it| it.name.eq_ignore_ascii_case(&name)).map(|it| it.span);
        let source = items().find(|it| it.word == Word::Source && it.name.value == name).map(|it| it.name.span);
        if let Some(first) = first.or(source) {
            out.push(Fact::at(Code::DuplicateName, place).with("word", "use").with("name", &name).label(first, "first"));
            continue;
        }
        found.push(Wanted { path, name, span });
    }
    found
}

/// Reports libraries that use one another in a ring: once for each `use` that closes one.
fn cycles(projects: &[Project], out: &mut Diagnostics) {
    // Where a walk has been: not yet, on the way, done.
    let mut seen = vec![0u8; projects.len()];
    let mut path: Vec<(usize, usize)> = vec![(0, 0)];
    seen[0] = 1;
    while let Some((at, next)) = path.last_mut() {
        let Some(it) = projects[*at].uses.get(*next) else {
            seen[*at] = 2;
            path.pop();
            continue;
        };
        *next += 1;
        match seen[it.project] {
            0 => {
                seen[it.project] = 1;
                path.push((it.project, 0));
            }
            1 => {
                let start = path.iter().position(|on| on.0 == it.project).unwrap_or(0);
                let ring = path[start..].iter().map(|on| on.0).chain([it.project]);
                let ring: Vec<&str> = ring.map(|on| projects[on].place.shown()).collect();
                out.push(Fact::at(Code::Cycle, it.span).with("what", "library").with("path", ring.join(" -> ")));
            }
            _ => {}
        }
    }
}

/// What libraries lend, kept from one opening of a project to the next: what they still say is the same `Arc`.
#[derive(Default)]
pub struct Lent {
    taken: Vec<Taken>,
}

/// What one file of a library lends.
#[derive(Clone)]
struct Taken {
    read: Arc<Document>,
    prefix: String,
    document: Arc<Document>,
}

/// Keeps of a file of a library what it lends, under the names by which the user's own project knows it.
fn take(read: &Arc<Document>, prefix: &str) -> Taken {
    let mut document = Document::clone(read);
    document.items.retain(|it| lends(it.word));
    for item in document.items.iter_mut().filter(|it| !matches!(it.word, Word::Project | Word::Lint)) {
        let name = &mut Arc::make_mut(item).name.value;
        *name = format!("{prefix}.{name}");
    }
    Taken { read: Arc::clone(read), prefix: prefix.to_owned(), document: Arc::new(document) }
}

/// Whether items of a word are lent: what says how to measure is, what an organisation wants with it is not.
fn lends(word: Word) -> bool {
    matches!(word, Word::Project | Word::Lint | Word::Source | Word::Dimension | Word::Kpi | Word::Assumption | Word::Benchmark)
}
