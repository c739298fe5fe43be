//! The drawings of a report, each a file of its own: for slides, documents, a wiki.

use minijinja::value::ValueKind;

use super::names::FileNames;
use super::paint::Sheet;
use crate::report::charts::{bullet, journey, spark, status_bar, trend};
use crate::report::dress::Dress;
use crate::report::render::{GLYPHS, drawings, style_sheet};
use crate::report::view::{ReportView, Section};
use crate::report::words::words;

/// A drawing as a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The name of the file: `trend-nps.svg`.
    pub name: String,
    /// What is in it.
    pub svg: String,
}

/// Draws what a report shows, each drawing by itself, in the colours of light paper as the project has them. A name says
/// what is drawn and of which KPI, and so stays what it is from one period to the next.
pub fn pictures(view: &ReportView, dress: &Dress) -> Vec<Picture> {
    let sheet = Sheet::read(&format!("{}{}", style_sheet(view), dress.style.css), GLYPHS);
    let mut names = FileNames::default();
    let mut pictures = Vec::new();
    for section in &view.sections {
        for (name, drawing) in of_section(view, section) {
            pictures.push(Picture { name: format!("{}.svg", names.give(&name)), svg: sheet.paint(&drawing) });
        }
    }
    pictures
}

fn of_section(view: &ReportView, section: &Section) -> Vec<(String, String)> {
    let mut drawn: Vec<(String, String)> = Vec::new();
    match section {
        Section::Brief(brief) => {
            let counts: Vec<_> = brief.counts.iter().map(|it| (it.code, it.count)).collect();
            drawn.push(("status".to_owned(), status_bar::bar(&counts, words(view.lang).counts)));
        }
        Section::Scorecards(scorecards) => {
            for row in &scorecards.rows {
                let key = row.key.as_str();
                drawn.extend(row.bullet.as_ref().map(|it| (format!("bullet-{key}"), bullet::large(it))));
                drawn.extend(row.spark.as_ref().map(|it| (format!("spark-{key}"), spark::large(it))));
            }
        }
        Section::Trends(trends) => {
            drawn.extend(trends.trends.iter().map(|it| (format!("trend-{}", it.key.as_str()), trend::full(&it.chart))));
        }
        Section::Journey(journeys) => {
            for it in &journeys.journeys {
                drawn.extend(it.experience.as_ref().map(|line| (format!("journey-{}", it.key.as_str()), journey::wide(line))));
            }
        }
        other => titled(&drawings(other, view.lang), &mut drawn),
    }
    drawn
}

/// The wide drawings among those of a section that have a title, named by the id of it.
fn titled(drawn: &minijinja::Value, found: &mut Vec<(String, String)>) {
    if let Some(text) = drawn.as_str().filter(|it| it.starts_with("<svg ")) {
        let id = text.split("<title id=\"").nth(1).and_then(|it| it.split("-t\"").next());
        if let Some(id) = id {
            found.push((name(id), text.to_owned()));
        }
        return;
    }
    match drawn.kind() {
        ValueKind::Map => {
            for key in drawn.try_iter().into_iter().flatten().filter(|it| !matches!(it.as_str(), Some("narrow" | "over_narrow"))) {
                if let Ok(inside) = drawn.get_item(&key) {
                    titled(&inside, found);
                }
            }
        }
        ValueKind::Seq => drawn.try_iter().into_iter().flatten().for_each(|it| titled(&it, found)),
        _ => {}
    }
}

/// The name for an id of a drawing, without what tells its forms apart: `dp-nps.channel-w` is `segment-nps.channel`.
fn name(id: &str) -> String {
    let id = id.strip_suffix("-w").or(id.strip_suffix("-f")).unwrap_or(id);
    match id.split_once('-') {
        Some(("gt", key)) => {
            if key == "goals" {
                key.to_owned()
            } else {
                format!("goals-{key}")
            }
        }
        Some(("wf", key)) => format!("why-{key}"),
        Some(("sm", key)) => format!("segments-over-time-{key}"),
        Some(("dp", key)) => format!("segment-{key}"),
        _ => id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Dress, pictures};
    use crate::report::fixture::{dutch, english};

    #[test]
    fn every_drawing_stands_by_itself() {
        for view in [dutch(), english()] {
            let all = pictures(&view, &Dress::default());
            assert_eq!(all, pictures(&view, &Dress::default()));
            for it in &all {
                assert!(it.svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""), "{}", it.name);
                for word in ["class=", " style=", "<style", "var(", "currentColor", "<use", "url(", "<script"] {
                    assert!(!it.svg.contains(word), "{} has `{word}`", it.name);
                }
                // All colour comes from attributes: without a fill a shape would be black.
                for shape in it.svg.split('<').filter(|it| it.starts_with("rect") || it.starts_with("circle") || it.starts_with("path")) {
                    assert!(shape.contains("fill=") || shape.contains("stroke="), "{}: <{shape}", it.name);
                }
                assert!(it.svg.split('<').filter(|it| it.starts_with("text")).all(|it| it.contains("font-size=")), "{}", it.name);
            }
        }
        let names: Vec<String> = pictures(&dutch(), &Dress::default()).into_iter().map(|it| it.name).collect();
        for name in ["status.svg", "goals.svg"] {
            assert!(names.iter().any(|it| it == name), "{name} is not among {names:?}");
        }
        for kind in ["bullet-", "spark-", "trend-", "journey-", "segment-"] {
            assert!(names.iter().any(|it| it.starts_with(kind)), "{kind} is not among {names:?}");
        }
    }
}
