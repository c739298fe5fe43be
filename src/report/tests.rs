//! What is shared by the tests of this room, and what holds for whole pages.

/// A small generator: the same seed gives the same inputs on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    /// Makes one from a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Returns a number from 0 to 1.
    pub(crate) fn share(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        f64::from(u32::try_from(self.0 >> 40).unwrap_or(0)) / f64::from(1_u32 << 24)
    }

    /// Returns a number between two ends.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + self.share() * (high - low)
    }

    /// Returns such a number, or nothing one time in five.
    pub(crate) fn maybe(&mut self, low: f64, high: f64) -> Option<f64> {
        let value = self.between(low, high);
        (self.share() > 0.2).then_some(value)
    }

    /// Returns a whole number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u32::try_from(end.max(1)).unwrap_or(1);
        let pick = (self.share() * f64::from(end)).floor();
        (0..end).rev().find(|n| f64::from(*n) <= pick).map_or(0, |n| n as usize)
    }

    /// Returns words of varied length.
    pub(crate) fn words(&mut self, most: usize) -> String {
        let bank = ["één", "klant", "afspraak", "doorlooptijd", "in", "W", "verzekeringsmaatschappij", "NPS", "—"];
        let count = 1 + self.below(most);
        (0..count).map(|_| bank[self.below(bank.len())]).collect::<Vec<_>>().join(" ")
    }
}

use super::fixture::{dutch, english};
use super::render::render;
use super::view::{Delta, Direction, Key, ReportView, Section, Status, Tone};

fn page(view: &ReportView) -> String {
    render(view).expect("the templates fit the view")
}

#[test]
#[expect(clippy::disallowed_methods, reason = "pages are written for people to look at, where they ask for it")]
fn pages_are_within_budget_and_repeat() {
    let html = page(&dutch());
    assert!(html.len() <= 300_000, "{} bytes", html.len());
    assert_eq!(html, page(&dutch()));
    assert!(include_str!("templates/report.css").len() <= 33_200);
    assert!(include_str!("templates/report.js").len() <= 8_000);
    if let Some(folder) = option_env!("PEIL_REPORT_OUT") {
        std::fs::write(format!("{folder}/dutch.html"), &html).expect("a folder to write in");
        std::fs::write(format!("{folder}/english.html"), page(&english())).expect("a folder to write in");
    }
}

#[test]
fn no_text_of_a_user_becomes_markup() {
    let html = page(&english());
    assert_eq!(html.matches("<script").count(), 1);
    assert_eq!(html.matches("</script").count(), 1);
    assert!(!html.contains("<img") && !html.contains("O'Neil"));
    assert_eq!(html.matches("<svg").count(), html.matches("</svg>").count());
}

#[test]
fn a_strict_policy_is_kept() {
    for html in [page(&dutch()), page(&english())] {
        assert!(!html.contains(" style=") && !html.contains("javascript:"));
        for handler in [" onclick=", " onload=", " onerror="] {
            let own = html.split("<script>").next().unwrap_or_default();
            assert!(!own.replace("onerror=alert(1)", "").contains(handler), "{handler}");
        }
        for outside in ["http://", "https://", "url(", "@import", "<link", "<iframe"] {
            assert!(!html.contains(outside), "{outside}");
        }
        assert!(html.contains("script-src &#x27;sha256-") || html.contains("script-src 'sha256-"));
    }
}

#[test]
fn ids_are_unique_and_links_arrive() {
    for html in [page(&dutch()), page(&english())] {
        let all = |before: &str| -> Vec<String> {
            html.split(before).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
        };
        let mut ids = all(" id=\"");
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
        for link in all("href=\"#") {
            assert!(ids.contains(&link), "{link}");
        }
    }
}

#[test]
fn what_is_absent_is_left_out() {
    let mut view = dutch();
    for section in &mut view.sections {
        match section {
            Section::Brief(it) => {
                it.counts.clear();
                it.findings.clear();
            }
            Section::Scorecards(it) => {
                it.cards.clear();
                it.rows.clear();
            }
            Section::Goals(it) => {
                it.tree.business.clear();
                it.tree.enablers.clear();
                it.tree.customer.clear();
                it.outline.clear();
            }
            Section::Trends(it) => it.trends.clear(),
            Section::Journey(it) => it.journeys.clear(),
            Section::Segments(it) => it.panels.clear(),
            // These stand in the other page.
            Section::Team(_)
            | Section::Summary(_)
            | Section::Why(_)
            | Section::Drivers(_)
            | Section::Reasons(_)
            | Section::Lifecycle(_)
            | Section::Money(_)
            | Section::Index(_)
            | Section::Benchmarks(_)
            | Section::Incentives(_)
            | Section::Actions(_) => {}
            Section::Definitions(it) => {
                it.definitions.clear();
                it.method.clear();
                it.quality = None;
            }
        }
    }
    let html = page(&view);
    assert!(!html.contains("NaN") && !html.contains("href=\"#def-"));
}

#[test]
fn noise_is_never_coloured() {
    let tone = |change, text, direction, signal| Delta::new(change, text, "", direction, signal).tone();
    assert_eq!(tone(-0.3, "−0,3", Direction::Up, true), Tone::Worse);
    assert_eq!(tone(-0.3, "−0,3", Direction::Down, true), Tone::Better);
    assert_eq!(tone(-0.3, "−0,3", Direction::Up, false), Tone::Plain);
    assert_eq!(tone(-0.3, "−0,3", Direction::Neutral, true), Tone::Plain);
    assert_eq!(tone(0.04, "0,0", Direction::Up, true), Tone::Plain);
}

#[test]
fn keys_are_safe_and_apart() {
    assert_eq!(Key::new("ces[channel = \"web\"]").as_str(), "ces-5b-channel-20--3d--20--22-web-22--5d-");
    assert_eq!(Key::new("group.één").as_str(), "group.één");
    assert_ne!(Key::new("a-b"), Key::new("a b"));
}

#[test]
fn every_status_has_a_word_and_a_glyph() {
    let glyphs = include_str!("templates/glyphs.html");
    for status in Status::ALL {
        assert!(glyphs.contains(&format!("id=\"g-{}\"", status.code())));
        assert_eq!(Status::from_code(status.code()), Some(status));
    }
}
