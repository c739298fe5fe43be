//! What does a project bring to dress its reports with? Templates, a style sheet and a logo from its folder `templates`:
//! read from there and nowhere else, checked before any figure is known, and ready to render.

mod charts;
mod describe;
mod drawing;
pub(in crate::report) mod engine;
mod html;
mod known;
mod lint;
mod logo;
mod mark;
mod shapes;
mod style;
pub mod tokens;

pub use describe::{blocks, context_page, ejected, own_names, own_text};
pub use shapes::{KpiCharts, schema};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Model, Report};
use crate::report::colour::Colour;
use crate::report::forms::mail::{MAIL, OWN_MAIL};
use crate::report::render::{PAGE, TEMPLATES};
use crate::report::view::SectionName;
use crate::source::{FileId, Sources, Span, Spanned, TEMPLATES as FOLDER, TemplateFile, World};
use crate::value::{Code, Diagnostics, Fact, nearest};

use lint::{Asked, Library, Source, lint, lint_mail};
use logo::Logo;
use shapes::Shapes;
use style::Style;

/// What one report is dressed with.
#[derive(Debug, Clone, Default)]
pub struct Dress {
    /// The template that the page begins with, where it is not Peil's own.
    pub(in crate::report) template: Option<String>,
    /// Whether that template fills blocks of Peil's own page, which the pages of a site have too.
    pub(in crate::report) fills: bool,
    /// The project's templates by name.
    pub(in crate::report) templates: Arc<BTreeMap<String, Arc<str>>>,
    /// Rules that go behind those of the page, and what they say of light paper by token.
    pub(in crate::report) style: Sheet,
    /// The logo.
    pub(in crate::report) logo: Option<Arc<Logo>>,
}

/// A project's style sheet, for what knows custom properties and for what does not.
#[derive(Debug, Clone, Default)]
pub(in crate::report) struct Sheet {
    pub(in crate::report) css: String,
    pub(in crate::report) values: BTreeMap<&'static str, String>,
}

/// What the reports of a project are dressed with.
#[derive(Debug, Clone, Default)]
pub struct Wardrobe {
    reports: BTreeMap<String, Dress>,
    /// What the project says, for a report that nobody declared.
    common: Dress,
}

impl Wardrobe {
    /// Returns what a report is dressed with.
    pub fn of(&self, report: &Report) -> &Dress {
        self.reports.get(&report.name).unwrap_or(&self.common)
    }

    /// Returns what pages are dressed with that are of no report.
    pub fn common(&self) -> &Dress {
        &self.common
    }
}

/// Reads what reports are dressed with, and reports what is wrong with it.
pub fn dress(model: &Model, world: &dyn World, sources: &mut Sources, out: &mut Diagnostics) -> Wardrobe {
    let files = world.templates();
    let wanted = |it: &Report| it.template.is_some() || it.style.is_some() || it.logo.is_some();
    let project = &model.project;
    if files.is_empty() && !model.reports.iter().any(wanted) && project.style.is_none() && project.logo.is_none() {
        return Wardrobe::default();
    }
    let mut room = Room::new(files, sources, out);
    let themes = model.project.themes.iter().enumerate().map(|(at, it)| {
        let colour = it.color.as_deref().and_then(Colour::parse).unwrap_or_else(|| Colour::nth(at));
        (it.name.clone(), colour)
    });
    let themes: Vec<_> = themes.collect();
    let common = Dress {
        style: room.style(project.style.as_ref(), &themes, out),
        logo: room.logo(project.logo.as_ref(), sources, out),
        ..Dress::default()
    };
    let mut reports = BTreeMap::new();
    for report in &model.reports {
        let page = room.page(model, report, out).unwrap_or_default();
        let style = if report.style.is_some() { room.style(report.style.as_ref(), &themes, out) } else { common.style.clone() };
        let logo = if report.logo.is_some() { room.logo(report.logo.as_ref(), sources, out) } else { common.logo.clone() };
        reports.insert(report.name.clone(), Dress { style, logo, ..page });
    }
    room.unused(model, out);
    Wardrobe { reports, common }
}

/// The folder `templates`, as it is being looked through.
struct Room {
    files: Vec<TemplateFile>,
    /// The number of each file that is a text.
    numbers: BTreeMap<String, FileId>,
    templates: Arc<BTreeMap<String, Arc<str>>>,
    used: BTreeSet<String>,
    styles: BTreeMap<String, Sheet>,
    shapes: Option<Shapes>,
    said: Vec<(Code, Option<Span>)>,
    /// Whether something could not be read or found: what it would use is not known.
    lost: bool,
}

impl Room {
    fn new(files: Vec<TemplateFile>, sources: &mut Sources, out: &mut Diagnostics) -> Self {
        let (mut numbers, mut templates) = (BTreeMap::new(), BTreeMap::new());
        for file in &files {
            let is_text = is_template(&file.name) || file.name.ends_with(".css");
            let Some(bytes) = file.bytes.as_ref().ok().filter(|_| is_text) else { continue };
            let path = format!("{FOLDER}/{}", file.name);
            match std::str::from_utf8(bytes) {
                Ok(text) => {
                    let text: Arc<str> = Arc::from(text);
                    let id = sources.add(path, Arc::clone(&text));
                    numbers.insert(file.name.clone(), id);
                    if is_template(&file.name) {
                        templates.insert(file.name.clone(), text);
                    }
                }
                Err(error) => {
                    let id = sources.add(path.clone(), "".into());
                    let reason = format!("not UTF-8 at byte {}", error.valid_up_to());
                    out.push(Fact::at(Code::UnreadableFile, Span::new(id, 0, 0)).with("file", path).with("reason", reason));
                }
            }
        }
        Self {
            files,
            numbers,
            templates: Arc::new(templates),
            used: BTreeSet::new(),
            styles: BTreeMap::new(),
            shapes: None,
            said: Vec::new(),
            lost: false,
        }
    }

    /// The file that was asked for, or a finding that it is not there.
    fn file(&mut self, wanted: &Spanned<String>, kind: &str, out: &mut Diagnostics) -> Option<TemplateFile> {
        self.used.insert(wanted.value.clone());
        let found = self.files.iter().find(|it| it.name == wanted.value);
        let Some(file) = found else {
            let fact = Fact::at(Code::UnknownTemplate, wanted.span).with("kind", kind).with("name", &wanted.value);
            let names = self.files.iter().map(|it| it.name.as_str());
            let fact = match nearest(&wanted.value, names) {
                Some(similar) => fact.with("similar", &similar).mend(wanted.span, similar),
                None => fact,
            };
            out.push(fact);
            return None;
        };
        let ending = match kind {
            "template" => ".html",
            "style" => ".css",
            _ => "",
        };
        if !file.name.ends_with(ending) {
            let fact = Fact::at(Code::UnknownTemplate, wanted.span).with("kind", kind).with("name", &wanted.value);
            out.push(fact.with("ending", ending));
            return None;
        }
        if let Err(reason) = &file.bytes {
            let path = format!("{FOLDER}/{}", file.name);
            out.push(Fact::at(Code::UnreadableFile, wanted.span).with("file", path).with("reason", reason));
            return None;
        }
        Some(file.clone())
    }

    fn style(&mut self, wanted: Option<&Spanned<String>>, themes: &[(String, Colour)], out: &mut Diagnostics) -> Sheet {
        let Some(wanted) = wanted else { return Sheet::default() };
        if let Some(known) = self.styles.get(&wanted.value) {
            return known.clone();
        }
        let sheet = self.file(wanted, "style", out).and_then(|file| {
            let id = *self.numbers.get(&file.name)?;
            let text = std::str::from_utf8(file.bytes.as_ref().ok()?).ok()?;
            let style = Style::read(text, id, out);
            style.check(themes, out);
            Some(Sheet { css: style.css(), values: style.values() })
        });
        let sheet = sheet.unwrap_or_default();
        self.styles.insert(wanted.value.clone(), sheet.clone());
        sheet
    }

    fn logo(&mut self, wanted: Option<&Spanned<String>>, sources: &mut Sources, out: &mut Diagnostics) -> Option<Arc<Logo>> {
        let wanted = wanted?;
        let file = self.file(wanted, "logo", out)?;
        let bytes = file.bytes.as_ref().ok()?;
        match logo::logo(&file.name, bytes) {
            Ok(logo) => Some(Arc::new(logo)),
            Err(unfit) => {
                let within = unfit.at.and_then(|at| Some(Span::new(self.drawing(&file.name, bytes, sources)?, at.start, at.end)));
                // What is wrong is mended in the drawing, where it is one.
                let fact = match within {
                    Some(within) => Fact { span: Some(within), ..unfit.fact }.label(wanted.span, "declared"),
                    None => Fact { span: Some(wanted.span), ..unfit.fact },
                };
                if !self.said.contains(&(fact.code, fact.span)) {
                    self.said.push((fact.code, fact.span));
                    out.push(fact);
                }
                None
            }
        }
    }

    /// The number of a drawing, to point into it.
    fn drawing(&mut self, name: &str, bytes: &[u8], sources: &mut Sources) -> Option<FileId> {
        if let Some(known) = self.numbers.get(name) {
            return Some(*known);
        }
        let id = sources.add(format!("{FOLDER}/{name}"), Arc::from(std::str::from_utf8(bytes).ok()?));
        self.numbers.insert(name.to_owned(), id);
        Some(id)
    }

    /// The template of a report's page, that of its mail, and all that they use: read as the engine will read them, and no
    /// others can be used.
    fn page(&mut self, model: &Model, report: &Report, out: &mut Diagnostics) -> Option<Dress> {
        let wanted = report.template.as_ref()?;
        let templates = Arc::clone(&self.templates);
        let library = library(&templates, &self.numbers);
        if !library.contains_key(&wanted.value) {
            self.lost = true;
            self.file(wanted, "template", out);
            return None;
        }
        let shapes = self.shapes.get_or_insert_with(Shapes::new);
        let asked = asked(model, report);
        let mut found = lint(&wanted.value, &library, shapes, &asked);
        let fills = found.fills;
        if templates.contains_key(MAIL) {
            let mail = lint_mail(&library, shapes, &asked);
            found.facts.extend(mail.facts);
            found.used.extend(mail.used);
        }
        if model.sources.iter().any(|it| it.fictional) {
            found.facts.extend(self.unmarked(&found.used));
        }
        self.lost |= found.facts.iter().any(|it| matches!(it.code, Code::TemplateSyntax | Code::UnknownTemplate));
        for fact in found.facts {
            // A template that several reports use is wrong once.
            if !self.said.contains(&(fact.code, fact.span)) {
                self.said.push((fact.code, fact.span));
                out.push(fact);
            }
        }
        let used = self.templates.iter().filter(|it| found.used.contains(it.0)).map(|(name, text)| (name.clone(), Arc::clone(text)));
        let templates = Arc::new(used.collect());
        self.used.extend(found.used);
        Some(Dress { template: Some(wanted.value.clone()), fills, templates, ..Dress::default() })
    }

    /// Sections of the project's own that do not say that figures are fictional.
    fn unmarked(&self, used: &BTreeSet<String>) -> Vec<Fact> {
        let own: Vec<(&String, &Arc<str>)> = self.templates.iter().filter(|it| used.contains(it.0) && it.0 != MAIL).collect();
        let lends: Vec<String> = own.iter().flat_map(|(name, text)| mark::lends(name, text)).collect();
        let of = |(name, text): (&String, &Arc<str>)| {
            let file = self.numbers.get(name).copied();
            let found = mark::unmarked(text, &lends).into_iter();
            found.filter_map(move |it| Some(Fact::at(Code::UnmarkedSection, Span::new(file?, it.start, it.end)))).collect::<Vec<_>>()
        };
        own.into_iter().flat_map(of).collect()
    }

    /// What no report uses, and what is older than what it was taken from.
    fn unused(&self, model: &Model, out: &mut Diagnostics) {
        let own = |name: &str| TEMPLATES.iter().find(|it| it.0 == name).map(|it| it.1);
        if model.reports.iter().all(|it| it.template.is_none()) {
            // Templates that nobody asks for: it is said once, where it looks as if they were meant.
            let meant = |(name, text): &(&String, &Arc<str>)| own(name).is_some() || text.contains("\"peil/");
            if let Some((name, _)) = self.templates.iter().find(meant) {
                let at = self.numbers.get(name).map(|it| Span::new(*it, 0, 0));
                // One of Peil's own names is used by every page; another is a page itself.
                let begin = if own(name).is_some() { PAGE } else { name.as_str() };
                let fact = Fact { span: at, ..Fact::new(Code::UnusedTemplate) }.with("file", format!("{FOLDER}/{name}"));
                out.push(fact.with("none", "yes").with("begin", begin));
            }
            return;
        }
        for (name, text) in self.templates.iter() {
            let Some(id) = self.numbers.get(name) else { continue };
            if !self.used.contains(name) {
                if self.lost {
                    continue;
                }
                let fact = Fact::at(Code::UnusedTemplate, Span::new(*id, 0, 0)).with("file", format!("{FOLDER}/{name}"));
                // Peil's own page is another one than the project's of the same name.
                let beside = (name == PAGE).then(|| self.templates.iter().find(|it| it.1.contains("\"peil/report.html\""))).flatten();
                let fact = fact.with_some("page", beside.map(|it| it.0));
                let names = || TEMPLATES.iter().map(|it| it.0).chain([MAIL]).filter(|it| !self.templates.contains_key(*it));
                out.push(fact.with_some("similar", nearest(name, names())).with("begin", name));
            } else if let Some((of, hash, length)) = describe::origin(text)
                && let Some(now) = own(of)
                && describe::fingerprint(now) != hash
            {
                let fact = Fact::at(Code::StaleTemplate, Span::new(*id, 0, length)).with("file", format!("{FOLDER}/{name}"));
                out.push(fact.with("own", of).with("line", describe::first_line(of, now)));
            }
        }
    }
}

/// Templates by name: the project's before Peil's own, which are known as `peil/NAME` whatever the project has.
fn library<'a>(templates: &'a BTreeMap<String, Arc<str>>, numbers: &BTreeMap<String, FileId>) -> Library<'a> {
    let mut library = Library::new();
    for (name, text) in TEMPLATES {
        library.insert(name.to_owned(), Source { text, file: None });
        library.insert(format!("peil/{name}"), Source { text, file: None });
    }
    library.insert(format!("peil/{MAIL}"), Source { text: OWN_MAIL, file: None });
    for (name, text) in templates {
        library.insert(name.clone(), Source { text, file: numbers.get(name).copied() });
    }
    library
}

/// What a report may show.
fn asked(model: &Model, report: &Report) -> Asked {
    let all = model.kpis.iter().filter(|it| !it.pattern).map(|it| it.name.clone());
    let kpis: Vec<String> = match report.kpis.as_slice() {
        [] => all.clone().collect(),
        named => named.iter().map(|it| model.kpis[it.index()].name.clone()).collect(),
    };
    let others = all.filter(|it| !kpis.contains(it)).collect();
    let sections = match report.sections.as_slice() {
        [] => SectionName::ALL.iter().map(|it| it.code().to_owned()).collect(),
        named => named.to_vec(),
    };
    Asked { report: report.name.clone(), kpis, others, sections }
}

fn is_template(name: &str) -> bool {
    name.ends_with(".html")
}

/// Proposes the nearest known name; where it stands between quotes nothing is rewritten.
fn propose(fact: Fact, wrong: &str, known: impl IntoIterator<Item = impl AsRef<str>>) -> Fact {
    match nearest(wrong, known) {
        Some(similar) => fact.with("similar", similar),
        None => fact,
    }
}

#[cfg(test)]
mod tests;
