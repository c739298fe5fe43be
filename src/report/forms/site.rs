//! A report as a site: an index, a page for each KPI, goal, journey and team, the definitions, and the figures as
//! tables. Every link is relative and names its file, so the folder works from a disk, in an archive and below any path
//! of a server; no page has a script or a style of its own, so a strict policy holds.

use std::collections::BTreeMap;

use minijinja::context;
use minijinja::value::{Serde, Value};
use sha2::{Digest, Sha256};

use super::mail::MAIL;
use super::names::FileNames;
use crate::report::assemble::{Item, Place, SitePage};
use crate::report::dress::{Dress, engine};
use crate::report::fault::RenderError;
use crate::report::render::{self, JS, drawings, style_sheet};
use crate::report::view::{ReportView, Section};
use crate::report::words::{Say, words};
use crate::words::Lang;

/// What a page of a site may do: load the style sheet, the script and the logo beside it, and nothing else. Some browsers
/// do not take a file on a disk for `'self'`.
const POLICY: &str =
    "default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src 'self' file: data:; base-uri 'none'; form-action 'none'";
/// The same where templates of the project have styles within them.
const STYLED: &str = "default-src 'none'; style-src 'self' file: 'unsafe-inline'; script-src 'self' file:; \
                      img-src 'self' file: data:; base-uri 'none'; form-action 'none'";

const CSS: &str = include_str!("site.css");
/// The page of a site: it has the blocks of Peil's page.
pub(in crate::report) const PAGE: &str = include_str!("site.html");
const ABOVE: &str = include_str!("reports.html");

/// A file of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteFile {
    /// Its place from the folder of the site, with `/` between folders.
    pub path: String,
    /// What is in it.
    pub content: Vec<u8>,
}

/// Writes the pages of a site, dressed as the project says, with tables that its pages point at: each a name of a file and
/// what is in it.
///
/// # Errors
///
/// Fails when a template refers to something that a view does not have.
pub fn site(view: &ReportView, dress: &Dress, pages: &[SitePage], tables: Vec<(String, Vec<u8>)>) -> Result<Vec<SiteFile>, RenderError> {
    let paths = paths(pages);
    let say = Say(view.lang);
    let names: Vec<String> = tables.iter().map(|it| it.0.clone()).collect();
    let logo = dress.logo.as_ref().map(|it| it.file());
    let values = render::values(view, dress);
    let first = dress.template.as_deref().filter(|_| dress.fills).unwrap_or(render::PAGE);
    let mut files = Vec::new();
    for page in pages {
        let path = &paths[&page.place];
        let up = if path.contains('/') { "../" } else { "" };
        // A new one each time: what an engine may print is for one page.
        let mut environment = render::dressed(view, dress, Some(PAGE))?;
        for (name, value) in &values {
            environment.add_global(*name, value.clone());
        }
        environment.add_global("anchors", Value::from(anchors(view, &paths, up)));
        environment.add_global("logo", Value::from(logo.as_ref().map(|it| format!("{up}{}", it.0))));
        environment.add_global("policy", if has_styles(dress) { STYLED } else { POLICY });
        let drawn: Vec<Value> = page.sections.iter().map(|it| drawings(it, view.lang)).collect();
        let given = context! {
            page => context! {
                index => page.place == Place::Index,
                whole => matches!(page.place, Place::Index | Place::Definitions),
                kicker => page.kicker.clone(),
                title => page.title.clone(),
                status => Value::from(Serde(page.status.clone())),
                lead => page.lead.clone(),
                sections => Value::from(Serde(page.sections.clone())),
                drawn => drawn,
                lists => page.lists.iter().map(|it| context! {
                    heading => it.heading.clone(),
                    items => it.items.iter().map(|it| item(it, &paths, up)).collect::<Vec<_>>(),
                }).collect::<Vec<_>>(),
                nav => nav(view, page, &paths, up),
                pages => say.pages_heading(),
                figures => say.figures_as_tables(),
                tables => names.clone(),
                up => Value::from_safe_string(up.to_owned()),
            },
        };
        let html = render::run(&environment, first, given)?;
        files.push(SiteFile { path: path.clone(), content: html.into_bytes() });
    }
    let css = format!("{}{}{CSS}", style_sheet(view), dress.style.css);
    files.push(SiteFile { path: "report.css".to_owned(), content: css.into_bytes() });
    files.push(SiteFile { path: "report.js".to_owned(), content: JS.as_bytes().to_vec() });
    files.extend(logo.into_iter().chain(tables).map(|(path, content)| SiteFile { path, content }));
    Ok(files)
}

/// Whether templates of the project have styles within them, which a policy must then allow. That of a mail, which must
/// have them, is on no page.
fn has_styles(dress: &Dress) -> bool {
    let pages = dress.templates.iter().filter(|it| it.0 != MAIL).map(|it| it.1);
    pages.into_iter().any(|it| it.contains("<style") || it.contains("style="))
}

/// Writes the page above several sites, dressed as the project says: one line for each, by the folder that it is in.
///
/// # Errors
///
/// Fails when a template refers to something that it does not get.
pub fn above(organisation: &str, lang: Lang, sites: &[(&str, &ReportView)], dress: &Dress) -> Result<Vec<SiteFile>, RenderError> {
    let reports = sites.iter().map(|(folder, view)| {
        context! { folder => *folder, lang => Value::from(Serde(view.lang)), kicker => view.kicker.clone(), title => view.title.clone() }
    });
    let logo = dress.logo.as_ref().map(|it| it.file());
    let mut environment = engine::environment(lang, None);
    environment.add_template("reports.html", ABOVE)?;
    let given = context! {
        lang => Value::from(Serde(lang)),
        organisation => organisation,
        reports => reports.collect::<Vec<_>>(),
        logo => logo.as_ref().map(|it| it.0.clone()),
        policy => POLICY,
    };
    let html = render::run(&environment, "reports.html", given)?;
    let css = format!("{}{}{CSS}", render::CSS, dress.style.css);
    let files = [("index.html".to_owned(), html.into_bytes()), ("report.css".to_owned(), css.into_bytes())];
    Ok(files.into_iter().chain(logo).map(|(path, content)| SiteFile { path, content }).collect())
}

/// What tells one content from another.
pub fn fingerprint(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|it| format!("{it:02x}")).collect()
}

/// The file of each page. What is within a folder has a name of its own there.
fn paths(pages: &[SitePage]) -> BTreeMap<Place, String> {
    let mut names: BTreeMap<&str, FileNames> = BTreeMap::new();
    let mut paths = BTreeMap::new();
    for page in pages {
        let (folder, key) = match &page.place {
            Place::Index => ("", "index"),
            Place::Definitions => ("", "definitions"),
            Place::Teams => ("", "teams"),
            Place::Kpi(key) => ("kpi/", key.as_str()),
            Place::Goal(key) => ("goal/", key.as_str()),
            Place::Journey(key) => ("journey/", key.as_str()),
            Place::Team(key) => ("team/", key.as_str()),
        };
        let name = names.entry(folder).or_default().give(key);
        paths.insert(page.place.clone(), format!("{folder}{name}.html"));
    }
    paths
}

/// Where the links of sections go: a KPI has its page, a section its place on the index.
fn anchors(view: &ReportView, paths: &BTreeMap<Place, String>, up: &str) -> BTreeMap<String, String> {
    let mut anchors = BTreeMap::new();
    let mut add = |id: String, href: String| drop(anchors.insert(id, href));
    for section in &view.sections {
        let name = section.name().code();
        let page = if matches!(section, Section::Definitions(_)) { "definitions.html".to_owned() } else { format!("index.html#{name}") };
        add(name.to_owned(), format!("{up}{page}"));
    }
    for (place, path) in paths {
        if let Place::Kpi(key) = place {
            ["kpi", "trend", "def"].into_iter().for_each(|it| add(format!("{it}-{}", key.as_str()), format!("{up}{path}")));
        }
    }
    anchors
}

fn nav(view: &ReportView, page: &SitePage, paths: &BTreeMap<Place, String>, up: &str) -> Vec<Value> {
    let say = Say(view.lang);
    let index = page.place == Place::Index;
    let mut links: Vec<(String, &str, bool)> = Vec::new();
    if !index {
        links.push((format!("{up}index.html"), say.overview(), false));
    }
    let fixed = Value::from(Serde(words(view.lang).section));
    let title = |name: &str| fixed.get_attr(name).ok().and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_else(|| name.to_owned());
    let titles: Vec<(String, String)> = view.sections.iter().map(|it| (it.name().code().to_owned(), title(it.name().code()))).collect();
    for (name, title) in &titles {
        if name == "definitions" {
            links.push((format!("{up}definitions.html"), title, page.place == Place::Definitions));
        } else {
            links.push((if index { format!("#{name}") } else { format!("{up}index.html#{name}") }, title, false));
        }
    }
    if let Some(path) = paths.get(&Place::Teams) {
        links.push((format!("{up}{path}"), "Teams", page.place == Place::Teams));
    }
    let link = |(href, label, here): (String, &str, bool)| context! { href => Value::from_safe_string(href), label => label, here => here };
    links.into_iter().map(link).collect()
}

fn item(item: &Item, paths: &BTreeMap<Place, String>, up: &str) -> Value {
    let href = item.to.as_ref().and_then(|it| paths.get(it)).map(|it| Value::from_safe_string(format!("{up}{it}")));
    context! { label => item.label.clone(), href => href, status => Value::from(Serde(item.status.clone())), text => item.text.clone() }
}
