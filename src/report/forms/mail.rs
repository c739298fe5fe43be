//! A report as the body of a mail: what it says in short, in tables that old mail programs lay out too. Styles stand at
//! each element; there is no script, no picture and nothing to load, for much of that is taken out on the way.

use std::collections::BTreeMap;

use minijinja::context;
use minijinja::value::Value;

use crate::report::dress::Dress;
use crate::report::dress::tokens::{self, Paper, Shade};
use crate::report::fault::RenderError;
use crate::report::render;
use crate::report::view::ReportView;
use crate::report::words::Say;

/// The name under which a project's template extends Peil's own.
const PEILS_OWN: &str = "peil/mail.html";
/// Mail programs cut what is longer: some at 102 kB.
pub const MOST: usize = 100_000;
/// A text of a user is cut behind so many letters.
const LONGEST: usize = 400;

/// The name of the template, for a project that has one of its own.
pub(in crate::report) const MAIL: &str = "mail.html";
/// Peil's own.
pub(in crate::report) const OWN_MAIL: &str = include_str!("mail.html");
/// What a template of a mail is given: no drawing, no style sheet, no picture, since they are taken out on the way.
pub(in crate::report) const GIVEN: [&str; 4] = ["context", "kpis", "view", "w"];

/// Writes the body of a mail, in the colours of the project, by its template where it has one. Where a report has more
/// figures than fit, the first of its table stand there, and how many do not.
///
/// # Errors
///
/// Fails when the template refers to something that a view does not have.
pub fn mail(view: &ReportView, dress: &Dress) -> Result<String, RenderError> {
    let say = Say(view.lang);
    let own = dress.templates.contains_key(MAIL);
    let mut environment = render::dressed(view, &Dress { template: dress.template.clone().filter(|_| own), ..dress.clone() }, None)?;
    environment.add_template(PEILS_OWN, OWN_MAIL)?;
    for (name, value) in render::told(view) {
        environment.add_global(name, value);
    }
    environment.add_filter("short", short);
    environment.add_function("left", move |count: usize| say.more_in_report(count));
    let tokens = Value::from(plain(dress));
    let mut most = 500_usize;
    loop {
        let given = context! {
            most => most,
            t => tokens.clone(),
            whole => say.whole_report(),
        };
        let html = render::run(&environment, if own { MAIL } else { PEILS_OWN }, given)?;
        if html.len() <= MOST || most == 0 {
            return Ok(html);
        }
        // Somewhat less than would fit, so that few rounds do.
        most = (most * MOST / html.len() * 9 / 10).min(most - 1);
    }
}

/// The custom properties of the page on light paper as plain values, for mail programs know none.
fn plain(dress: &Dress) -> BTreeMap<&'static str, Value> {
    let colours = tokens::own(Paper::Light).into_iter().filter_map(|(name, value)| Some((name, Shade::parse(value)?.css())));
    // Not the fonts of a page: few programs have them.
    let fonts = [("sans", "'Segoe UI',Arial,sans-serif".to_owned()), ("serif", "Georgia,serif".to_owned())];
    let said = dress.style.values.iter().map(|(name, value)| (*name, value.replace('"', "'")));
    // A colour or families of fonts, as they were parsed.
    colours.chain(fonts).chain(said).map(|(name, value)| (name, Value::from_safe_string(value))).collect()
}

/// A text as far as a mail has it.
fn short(text: &Value) -> String {
    let text = text.as_str().map_or_else(|| text.to_string(), str::to_owned);
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{Dress, MOST, mail};
    use crate::report::fixture::{dutch, english};
    use crate::report::view::{ReportView, Section};

    #[test]
    fn what_a_mail_is_given_is_what_it_says() {
        assert_eq!(crate::report::render::told(&english()).map(|it| it.0), super::GIVEN);
    }

    fn rows(view: &mut ReportView) -> &mut Vec<crate::report::view::KpiRow> {
        let all = view.sections.iter_mut().find_map(|it| if let Section::Scorecards(it) = it { Some(&mut it.rows) } else { None });
        all.expect("the fixture has scorecards")
    }

    #[test]
    fn a_mail_has_every_figure_and_loads_nothing() {
        for mut view in [dutch(), english()] {
            let html = mail(&view, &Dress::default()).expect("the template fits the view");
            assert_eq!(html, mail(&view, &Dress::default()).expect("as before"));
            assert!(html.len() <= MOST);
            // What stands between tags is text, whatever it looks like.
            let tags: String = html.split('<').skip(1).map(|it| format!("<{}", it.split('>').next().unwrap_or(it))).collect();
            for word in ["<script", "<style", "<link", "<img", "<svg", "src=", "href=", "url(", "http:", "https:", "class=", "onload"] {
                assert!(!tags.contains(word), "{word}");
            }
            for row in rows(&mut view) {
                // A title with marks of HTML in it stands there as text.
                assert_eq!(html.contains(&row.title), !row.title.contains('<'), "{}", row.title);
                assert!(row.figure.value.as_ref().is_none_or(|it| html.contains(it)), "{}", row.title);
            }
        }
    }

    #[test]
    fn a_mail_of_very_many_figures_stays_small_and_says_so() {
        let mut view = dutch();
        let all = rows(&mut view);
        let first = all[0].clone();
        all.extend((0..3_000).map(|it| crate::report::view::KpiRow { title: format!("Kengetal {it}"), ..first.clone() }));
        view.lead = "<script>alert(1)</script>".repeat(5_000);
        let html = mail(&view, &Dress::default()).expect("the template fits the view");
        assert!(html.len() <= MOST && html.len() > MOST / 2, "{} bytes", html.len());
        assert!(html.contains("andere kengetallen staan in het volledige rapport.") && !html.contains("<script"));
    }

    #[test]
    fn a_mail_of_a_very_long_summary_has_as_much_as_fits() {
        let mut view = english();
        let rows = view.sections.iter_mut().find_map(|it| if let Section::Summary(it) = it { Some(&mut it.rows) } else { None });
        let rows = rows.expect("the fixture has a summary");
        let first = rows[0].clone();
        rows.extend((0..3_000).map(|it| crate::report::view::more::SummaryRow { title: format!("KPI {it}"), ..first.clone() }));
        view.sections.retain(|it| matches!(it, Section::Summary(_)));
        let html = mail(&view, &Dress::default()).expect("the template fits the view");
        assert!(html.len() <= MOST && html.len() > MOST / 2, "{} bytes", html.len());
        assert!(html.contains("KPI 1<") && html.contains("more KPIs stand in the whole report."));
    }
}
