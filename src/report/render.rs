//! How does a view become a page? In: a [`ReportView`]. Out: one HTML file, complete in itself:
//! charts drawn, style sheet and script inlined, and a policy that allows that script alone.
//!
//! The templates see `view` (the view as data), `drawn` (for each section its charts), `w` (the fixed words), and what
//! [`super::dress::schema`] tells. Only what this module draws or ships is marked as safe; all text of users is escaped by
//! the engine.

use std::collections::BTreeMap;

use minijinja::context;
use minijinja::value::{Serde, Value};
use sha2::{Digest, Sha256};

use super::charts::{
    bar, beside, bullet, columns, dots, goal_tree, journey, matrix, multiples, pay, spark, stack, status_bar, trend, waterfall,
};
use super::dress::{Dress, KpiCharts, engine};
use super::fault::RenderError;
use super::lean::lean;
use super::view::more::{Benchmarks, Drivers, Incentive, Incentives, Index, IndexRow};
use super::view::why::Whys;
use super::view::worth::{Lifecycles, Money, ReasonTables};
use super::view::{Brief, Card, Journeys, Key, ReportView, Scorecards, Section, Segments, Status, Theme, Trends};
use super::words::{Words, words};

pub(super) const CSS: &str = include_str!("templates/report.css");
pub(super) const JS: &str = include_str!("templates/report.js");

/// The symbols that drawings use.
pub(super) const GLYPHS: &str = include_str!("templates/glyphs.html");

/// The templates by name.
pub(super) const TEMPLATES: [(&str, &str); 21] = [
    ("report.html", include_str!("templates/report.html")),
    ("parts.html", include_str!("templates/parts.html")),
    ("glyphs.html", GLYPHS),
    ("brief.html", include_str!("templates/brief.html")),
    ("scorecards.html", include_str!("templates/scorecards.html")),
    ("goals.html", include_str!("templates/goals.html")),
    ("trends.html", include_str!("templates/trends.html")),
    ("why.html", include_str!("templates/why.html")),
    ("journey.html", include_str!("templates/journey.html")),
    ("segments.html", include_str!("templates/segments.html")),
    ("team.html", include_str!("templates/team.html")),
    ("summary.html", include_str!("templates/summary.html")),
    ("drivers.html", include_str!("templates/drivers.html")),
    ("index.html", include_str!("templates/index.html")),
    ("benchmarks.html", include_str!("templates/benchmarks.html")),
    ("reasons.html", include_str!("templates/reasons.html")),
    ("lifecycle.html", include_str!("templates/lifecycle.html")),
    ("money.html", include_str!("templates/money.html")),
    ("incentives.html", include_str!("templates/incentives.html")),
    ("actions.html", include_str!("templates/actions.html")),
    ("definitions.html", include_str!("templates/definitions.html")),
];

/// The names that every template is given.
#[cfg(test)]
pub(super) const GIVEN: [&str; 11] = ["anchors", "charts", "context", "css", "drawn", "js", "kpis", "logo", "policy", "view", "w"];

/// Renders the page as Peil dresses it. The same view gives the same bytes.
///
/// # Errors
///
/// Fails when a template refers to something that a view does not have, or runs out of fuel.
pub fn render(view: &ReportView) -> Result<String, RenderError> {
    render_in(view, &Dress::default())
}

/// Renders the page with the templates, style sheet and logo of a project.
///
/// # Errors
///
/// Fails when a template refers to something that a view does not have, prints too much, or runs out of fuel.
pub fn render_in(view: &ReportView, dress: &Dress) -> Result<String, RenderError> {
    let mut environment = dressed(view, dress, None)?;
    // Also what is imported knows them.
    for (name, value) in values(view, dress) {
        environment.add_global(name, value);
    }
    run(&environment, dress.template.as_deref().unwrap_or(PAGE), Value::from(())).map(|it| lean(&it))
}

/// The name of the page that all others extend.
pub(super) const PAGE: &str = "report.html";

/// An engine with Peil's templates and those of a project; another form has another page under the name of Peil's.
pub(super) fn dressed(
    view: &ReportView,
    dress: &Dress,
    page: Option<&'static str>,
) -> Result<minijinja::Environment<'static>, RenderError> {
    let mut environment = engine::environment(view.lang, dress.template.as_ref().map(|_| view.kpis.len()));
    for (name, source) in TEMPLATES {
        let source = page.filter(|_| name == PAGE).unwrap_or(source);
        environment.add_template(name, source)?;
        environment.add_template_owned(format!("peil/{name}"), source)?;
    }
    for (name, source) in dress.templates.iter() {
        environment.add_template_owned(name.clone(), source.to_string())?;
    }
    Ok(environment)
}

/// What every template is given, by name, be it of a page or of a mail: nothing drawn.
pub(super) fn told(view: &ReportView) -> [(&'static str, Value); 4] {
    [
        ("context", Value::from(CONTEXT)),
        ("kpis", Value::from(Serde(view.kpis.clone()))),
        ("view", Value::from(Serde(view.clone()))),
        ("w", Value::from(Serde(*words(view.lang)))),
    ]
}

/// What every template of a page is given, by name.
pub(super) fn values(view: &ReportView, dress: &Dress) -> Vec<(&'static str, Value)> {
    let words = words(view.lang);
    let drawn: Vec<Value> = view.sections.iter().map(|section| draw(section, words)).collect();
    let charts: BTreeMap<&str, Value> = view.kpis.iter().map(|(name, it)| (name.as_str(), draw_kpi(it))).collect();
    let drawn = [
        ("anchors", Value::from(anchors(view))),
        ("charts", Value::from(charts)),
        ("css", Value::from_safe_string(format!("{}{}", style_sheet(view), dress.style.css))),
        ("drawn", Value::from(drawn)),
        ("js", Value::from_safe_string(JS.to_owned())),
        ("logo", Value::from(dress.logo.as_ref().map(|it| it.data_uri()))),
        ("policy", Value::from(policy())),
    ];
    told(view).into_iter().chain(drawn).collect()
}

/// Renders a template within the bounds of a page.
pub(super) fn run(environment: &minijinja::Environment<'_>, template: &str, given: Value) -> Result<String, RenderError> {
    let mut page = engine::Page::default();
    let template = environment.get_template(template)?;
    // The engine has faults of its own; what a template brings out must not end the program.
    let rendered = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| template.render_captured_to(given, &mut page).map(drop)));
    rendered.unwrap_or_else(|_| Err(minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, "the template engine gave up")))?;
    Ok(page.into_text())
}

/// The edition of the names that templates are given.
const CONTEXT: u32 = 1;

/// What templates are given, as data: what a template author looks things up in.
pub fn given(view: &ReportView, dress: &Dress) -> serde_json::Value {
    let charts = view.kpis.iter().map(|(name, it)| (name.clone(), kpi_charts(it)));
    serde_json::json!({
        "context": CONTEXT,
        "view": view,
        "kpis": view.kpis,
        "charts": charts.collect::<BTreeMap<_, _>>(),
        "w": words(view.lang),
        "anchors": anchors(view),
        "logo": dress.logo.as_ref().map(|it| it.data_uri()),
    })
}

fn kpi_charts(card: &Card) -> KpiCharts {
    KpiCharts { spark: card.spark.as_ref().map(spark::large), bullet: card.bullet.as_ref().map(bullet::large) }
}

fn draw_kpi(card: &Card) -> Value {
    let drawn = kpi_charts(card);
    context! { spark => drawn.spark.map(svg), bullet => drawn.bullet.map(svg) }
}

/// The policy of the page: no requests at all, its own style, its own script by hash.
pub(super) fn policy() -> String {
    let hash = base64(&Sha256::digest(JS.as_bytes()));
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; img-src data:; \
         base-uri 'none'; form-action 'none'"
    )
}

/// The style sheet of a report, with the colours of its themes.
pub(super) fn style_sheet(view: &ReportView) -> String {
    // On paper every page says whose it is, about what, and that figures are invented.
    let foot = [view.mark.as_deref(), Some(&view.organisation), Some(&view.kicker)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    format!("{CSS}{}@page{{@bottom-left{{content:\"{}\";font:8pt sans-serif;color:#555}}}}", themes(&view.themes), css_text(&foot))
}

/// A text within quotes of a style sheet: all but letters, digits and spaces as their number, so that none ends the quotes
/// or the sheet.
fn css_text(text: &str) -> String {
    text.chars().map(|it| if it.is_alphanumeric() || it == ' ' { it.to_string() } else { format!("\\{:x} ", u32::from(it)) }).collect()
}

/// The charts of a section, for whoever wants them without a page.
pub(super) fn drawings(section: &Section, lang: crate::words::Lang) -> Value {
    draw(section, words(lang))
}

/// What a link can point at, and how: sections, rows, trends and definitions that this report has.
fn anchors(view: &ReportView) -> BTreeMap<String, String> {
    let mut anchors = BTreeMap::new();
    let mut add = |id: String| {
        let href = format!("#{id}");
        anchors.insert(id, href);
    };
    for section in &view.sections {
        add(section.name().code().to_owned());
        let (kind, keys): (&str, Vec<&Key>) = match section {
            Section::Scorecards(it) => ("kpi", it.rows.iter().map(|row| &row.key).collect()),
            Section::Trends(it) => ("trend", it.trends.iter().map(|trend| &trend.key).collect()),
            Section::Definitions(it) => ("def", it.definitions.iter().map(|def| &def.key).collect()),
            Section::Why(it) => ("why", it.places().collect()),
            _ => continue,
        };
        keys.into_iter().for_each(|key| add(format!("{kind}-{}", key.as_str())));
    }
    anchors
}

/// The charts of a section, in the shape that its template expects.
fn draw(section: &Section, words: &Words) -> Value {
    match section {
        Section::Brief(brief) => draw_brief(brief, words),
        Section::Scorecards(scorecards) => draw_scorecards(scorecards),
        Section::Goals(goals) => context! { tree => svg(goal_tree::wide(&goals.tree)) },
        Section::Trends(trends) => draw_trends(trends),
        Section::Why(whys) => draw_whys(whys),
        Section::Journey(journeys) => draw_journeys(journeys),
        Section::Segments(segments) => draw_segments(segments),
        Section::Drivers(drivers) => draw_drivers(drivers),
        Section::Reasons(reasons) => draw_reasons(reasons),
        Section::Lifecycle(lifecycles) => draw_lifecycles(lifecycles),
        Section::Money(money) => draw_money(money),
        Section::Index(indices) => indices.indices.iter().map(draw_index).collect::<Vec<_>>().into(),
        Section::Benchmarks(benchmarks) => draw_benchmarks(benchmarks),
        Section::Incentives(incentives) => draw_incentives(incentives),
        Section::Team(_) | Section::Summary(_) | Section::Actions(_) => context! {},
        Section::Definitions(_) => context! {},
    }
}

fn draw_brief(brief: &Brief, words: &Words) -> Value {
    let counts: Vec<_> = brief.counts.iter().map(|count| (count.code, count.count)).collect();
    context! { bar => svg(status_bar::bar(&counts, words.counts)) }
}

fn draw_scorecards(section: &Scorecards) -> Value {
    let cards = section.cards.iter().map(|card| {
        context! {
            spark => card.spark.as_ref().map(|input| svg(spark::large(input))),
            bullet => card.bullet.as_ref().map(|input| svg(bullet::large(input))),
            answers => card.answers.as_ref().map(|input| svg(columns::columns(input))),
        }
    });
    let rows = section.rows.iter().map(|row| {
        context! {
            spark => row.spark.as_ref().map(|input| svg(spark::small(input))),
            bullet => row.bullet.as_ref().map(|input| svg(bullet::small(input))),
            answers => row.answers.as_ref().map(|input| svg(columns::small(input))),
        }
    });
    let present = |status: &Status| section.rows.iter().any(|row| row.status.code == *status);
    let statuses: Vec<&str> = Status::ALL.into_iter().filter(present).map(Status::code).collect();
    let rank: BTreeMap<&str, u32> = Status::ALL.map(Status::code).into_iter().zip(0..).collect();
    context! {
        cards => cards.collect::<Vec<_>>(),
        rows => rows.collect::<Vec<_>>(),
        statuses => statuses,
        rank => Value::from(rank),
    }
}

/// Two charts stand side by side; one that is left alone takes the whole width.
fn draw_trends(section: &Trends) -> Value {
    let count = section.trends.len();
    let charts = section.trends.iter().enumerate().map(|(index, it)| {
        let full = index + 1 == count && count % 2 == 1;
        context! {
            full => full,
            wide => svg(if full { trend::full(&it.chart) } else { trend::half(&it.chart) }),
            narrow => svg(trend::narrow(&it.chart, full)),
        }
    });
    charts.collect::<Vec<_>>().into()
}

/// By the key of what moved: what has rows stands apart from what has none.
fn draw_whys(section: &Whys) -> Value {
    let of = |it: &super::view::why::Move| {
        let falls = it.falls.iter().map(|it| {
            context! { wide => svg(waterfall::wide(&it.chart)), narrow => svg(waterfall::narrow(&it.chart)) }
        });
        let bars = it.rows.iter().map(|it| it.bar.as_ref().map(|it| svg(bar::bar(it))));
        (it.key.as_str().to_owned(), context! { falls => falls.collect::<Vec<_>>(), bars => bars.collect::<Vec<_>>() })
    };
    section.moves.iter().map(of).collect::<BTreeMap<_, _>>().into()
}

fn draw_journeys(section: &Journeys) -> Value {
    let charts = section.journeys.iter().map(|it| {
        // The style sheet knows how wide up to sixteen columns must be at least.
        context! {
            columns => it.stages.len().clamp(1, 16),
            line => it.experience.as_ref().map(|input| svg(journey::wide(input))),
        }
    });
    charts.collect::<Vec<_>>().into()
}

fn draw_segments(section: &Segments) -> Value {
    let charts = section.panels.iter().map(|it| {
        let over = it.over_time.as_ref().map(|it| &it.chart);
        context! {
            wide => svg(dots::wide(&it.chart)),
            narrow => svg(dots::narrow(&it.chart)),
            over_wide => over.map(|it| svg(multiples::wide(it))),
            over_narrow => over.map(|it| svg(multiples::narrow(it))),
        }
    });
    charts.collect::<Vec<_>>().into()
}

/// Models and reasons stand two beside each other; the last takes the whole width where their number is odd.
fn draw_drivers(section: &Drivers) -> Value {
    let count = section.models.len() + section.reasons.len();
    let full = |at: usize| at + 1 == count && count % 2 == 1;
    let mut wide = matrix::wide(section.models.iter().filter_map(|it| it.chart.as_ref())).into_iter();
    let models = section.models.iter().enumerate().map(|(at, it)| {
        let drawn = it.chart.as_ref().and_then(|input| Some((wide.next()?, matrix::narrow(input), input)));
        let keys = |numbered: &[usize], input: &matrix::MatrixInput| -> Vec<(usize, String)> {
            let key = |at: &usize| {
                let point = input.points.get(at.checked_sub(1)?)?;
                Some((*at, format!("{} ({}; {})", point.label, input.y.write(point.y, 0), input.x.write(point.x, 0))))
            };
            numbered.iter().filter_map(key).collect()
        };
        match drawn {
            Some((wide, narrow, input)) => context! {
                full => full(at),
                wide_keys => keys(&wide.numbered, input),
                narrow_keys => keys(&narrow.numbered, input),
                wide => svg(wide.svg),
                narrow => svg(narrow.svg),
            },
            None => context! { full => full(at), wide => (), narrow => () },
        }
    });
    let reasons = section.reasons.iter().enumerate().map(|(at, it)| {
        let full = full(section.models.len() + at);
        let wide = it.chart.as_ref().map(|input| svg(if full { dots::wide(input) } else { dots::half(input) }));
        context! { full => full, wide => wide, narrow => it.chart.as_ref().map(|input| svg(dots::narrow(input))) }
    });
    context! { models => models.collect::<Vec<_>>(), reasons => reasons.collect::<Vec<_>>() }
}

fn draw_index(index: &Index) -> Value {
    let row = |it: &IndexRow| {
        context! { spark => it.spark.as_ref().map(|it| svg(spark::small(it))), bar => it.bar.as_ref().map(|it| svg(bar::bar(it))) }
    };
    context! { whole => row(&index.whole), parts => index.parts.iter().map(row).collect::<Vec<_>>() }
}

fn draw_benchmarks(section: &Benchmarks) -> Value {
    let count = section.rows.len();
    let rows = section.rows.iter().enumerate().map(|(at, it)| {
        context! {
            full => at + 1 == count && count % 2 == 1,
            wide => it.chart.as_ref().map(|it| svg(beside::wide(it))),
            narrow => it.chart.as_ref().map(|it| svg(beside::narrow(it))),
        }
    });
    rows.collect::<Vec<_>>().into()
}

fn draw_reasons(section: &ReasonTables) -> Value {
    section.tables.iter().map(|it| draw_dots(it.chart.as_ref())).collect::<Vec<_>>().into()
}

fn draw_lifecycles(section: &Lifecycles) -> Value {
    let drawn = section.lifecycles.iter().map(|it| {
        context! { wide => it.chart.as_ref().map(|it| svg(stack::wide(it))), narrow => it.chart.as_ref().map(|it| svg(stack::narrow(it))) }
    });
    drawn.collect::<Vec<_>>().into()
}

fn draw_money(section: &Money) -> Value {
    section.chains.iter().map(|it| draw_dots(it.chart.as_ref())).collect::<Vec<_>>().into()
}

fn draw_dots(input: Option<&dots::DotsInput>) -> Value {
    context! { wide => input.map(|it| svg(dots::wide(it))), narrow => input.map(|it| svg(dots::narrow(it))) }
}

fn draw_incentives(section: &Incentives) -> Value {
    let of = |it: &Incentive| it.parts.iter().map(|it| it.chart.as_ref().map(|it| svg(pay::bullet(it)))).collect::<Vec<_>>();
    section.incentives.iter().map(of).collect::<Vec<_>>().into()
}

/// A drawing of ours, which escapes its own texts.
fn svg(drawing: String) -> Value {
    Value::from_safe_string(drawing)
}

/// The colours of the themes as classes, on light paper, dark paper and in print.
fn themes(themes: &[Theme]) -> String {
    let rules = |prefix: &str, dark: bool| -> String {
        let rule = |(index, theme): (usize, &Theme)| {
            let colour = if dark { theme.colour.dark() } else { theme.colour.light() };
            format!("{prefix}.t-{index}{{--th:{colour}}}")
        };
        themes.iter().enumerate().map(rule).collect()
    };
    format!(
        "{}@media screen and (prefers-color-scheme:dark){{{}}}@media screen{{{}}}",
        rules("", false),
        rules(":root:not([data-theme=light]) ", true),
        rules(":root[data-theme=dark] ", true),
    )
}

/// Writes bytes in base 64, as policies and data URIs want them.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            let digit = DIGITS[usize::try_from(digit).unwrap_or(0)];
            text.push(if place > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base_64_is_that_of_the_standard() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
