//! What does a whole report look like? Two invented ones: a large Dutch one, and a small English
//! one that has little of everything.

mod english;
mod more;
mod parts;
mod sections;

pub(crate) use english::HOSTILE;
pub(crate) use english::english;

use super::colour::Colour;
use super::view::{Fact, ReportView, Section, Theme};
use crate::words::Lang;

/// A car-glass repairer, everything in it.
pub(crate) fn dutch() -> ReportView {
    let theme = |label: &str, colour: &str| Theme { label: label.into(), colour: Colour::parse(colour).expect("a name of the palette") };
    ReportView {
        lang: Lang::Nl,
        organisation: "Helder Autoruiten".into(),
        kicker: "CX-rapport · 3e kwartaal 2025 · directie".into(),
        title: "Twee van de vijftien kengetallen vragen actie".into(),
        lead: "NPS na reparatie staat op 46 en haalt het doel van 45. CES afspraak maken daalde van \
               5,42 naar 5,10 en ligt drie maanden onder de natuurlijke ondergrens van 5,34."
            .into(),
        facts: vec![
            Fact::new("Periode", "3e kwartaal 2025"),
            Fact::new("Gegevens tot en met", "30 september 2025"),
            Fact::code("Definities", "7d41c0e2a9"),
            Fact::new("Datakwaliteit", "2 van 4 bronnen volledig"),
        ],
        notice: Some("Alle cijfers zijn fictief.".into()),
        others: Vec::new(),
        themes: vec![
            theme("Prestaties", "blue"),
            theme("Klantbetrokkenheid", "orange"),
            theme("Transformatie", "purple"),
            theme("Klantdoel", "teal"),
        ],
        sections: vec![
            Section::Brief(sections::brief()),
            Section::Scorecards(sections::scorecards()),
            Section::Goals(sections::goals()),
            Section::Trends(sections::trends()),
            Section::Journey(sections::journey()),
            Section::Segments(sections::segments()),
            Section::Definitions(sections::definitions()),
        ],
        footer: vec!["Cijfers zijn fictief.".into(), "Gegevens sha256:7d41…c0e2.".into()],
        mark: Some("Fictieve cijfers".into()),
        kpis: std::collections::BTreeMap::new(),
    }
}
