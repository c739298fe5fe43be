//! Findings, told: what was found with its figures put in, who says so, what it asks for, and whether it still holds.

use crate::check::Checked;
use crate::diagnostic::harmless;
use crate::model::{Finding, Kpi};
use crate::publish::{Absent, CitedResult, ComparedFigures, FindingResult, FindingState, ToldPiece};
use crate::report::numbers::Numbers;
use crate::report::words::{Say, capital};
use crate::source::Sources;
use crate::words::Lang;
use std::fmt::Write;

/// Tells findings, one after the other.
pub fn findings(checked: &Checked, sources: &Sources, found: &[FindingResult], lang: Lang) -> String {
    let teller = Teller { checked, say: Say(lang) };
    let told: Vec<String> = found.iter().map(|it| teller.finding(sources, it)).collect();
    told.join("\n")
}

/// The text of a finding in a language, with its figures put in as a reader reads them.
///
/// A figure that may not be shown, or is not there, says so in its place.
pub fn finding_text(checked: &Checked, found: &FindingResult, lang: Lang) -> String {
    Teller { checked, say: Say(lang) }.text(found)
}

/// A figure of a finding as a reader reads it: `4.32`, `−3.1 points`, `[hidden]`.
pub fn finding_figure(checked: &Checked, figure: &CitedResult, lang: Lang) -> String {
    Teller { checked, say: Say(lang) }.figure(figure)
}

struct Teller<'a> {
    checked: &'a Checked,
    say: Say,
}

impl Teller<'_> {
    fn pick<'t>(&self, nl: &'t str, en: &'t str) -> &'t str {
        self.say.pick(nl, en)
    }

    fn numbers(&self, of: &CitedResult, value: f64) -> Numbers {
        let like = &self.checked.model.kpis[of.like.index()];
        let kpi = Kpi { unit: of.unit.clone(), ..Kpi::clone(like) };
        Numbers::new(self.say.0, &kpi, &[value])
    }

    fn figure(&self, of: &CitedResult) -> String {
        let text = match of.value {
            Ok(value) if of.is_change => self.numbers(of, value).change(value),
            Ok(value) => self.numbers(of, value).text(value),
            Err(Absent::Hidden) => self.pick("[verborgen]", "[hidden]").to_owned(),
            Err(Absent::AcrossChange) => self.pick("[over een gewijzigde definitie heen]", "[across a change of definition]").to_owned(),
            Err(Absent::NoData) => self.pick("[geen cijfer]", "[no figure]").to_owned(),
        };
        if of.few { format!("{text} {}", self.pick("(weinig antwoorden)", "(few answers)")) } else { text }
    }

    fn text(&self, found: &FindingResult) -> String {
        let finding = &self.checked.model.findings[found.finding.index()];
        let own = finding.text.iter().position(|it| it.lang == Some(self.say.0));
        let Some(pieces) = found.text.get(own.unwrap_or(0)) else { return String::new() };
        let told = pieces.iter().map(|it| match it {
            ToldPiece::Words(it) => it.clone(),
            ToldPiece::Figure(it) => self.figure(it),
        });
        told.collect()
    }

    fn finding(&self, sources: &Sources, found: &FindingResult) -> String {
        let model = &self.checked.model;
        let finding = &model.findings[found.finding.index()];
        let lang = self.say.0;
        let mut out = String::new();
        let _ = writeln!(out, "{}  {}", finding.name, harmless(finding.title.get(lang).unwrap_or("")));
        let _ = writeln!(out, "  {}", self.state(sources, finding, found));
        let mut line = |label: &str, text: &str| {
            if !text.is_empty() {
                let text = harmless(text).split_whitespace().collect::<Vec<_>>().join(" ");
                let _ = writeln!(out, "  {label:<10}{text}");
            }
        };
        line(self.pick("bevinding", "finding"), &self.text(found));
        for quote in &finding.quotes {
            line(self.pick("klanten", "customers"), &self.say.quoted(quote));
        }
        line(self.pick("vraagt", "asks"), finding.decision.get(lang).unwrap_or(""));
        let team = finding.team.map(|it| &model.project.teams[it.index()]).map(|it| it.title.get(lang).unwrap_or(&it.name).to_owned());
        let signed = [finding.person.clone(), team, finding.on.map(|it| it.to_string())];
        line(self.pick("door", "by"), &signed.into_iter().flatten().collect::<Vec<_>>().join(", "));
        let follows = model.actions.iter().filter(|it| it.findings.contains(&found.finding));
        let follows: Vec<&str> = follows.map(|it| it.title.get(lang).unwrap_or(&it.name)).collect();
        line(self.pick("actie", "action"), &follows.join(", "));
        out
    }

    /// Whether it holds, with the figures that say so.
    fn state(&self, sources: &Sources, finding: &Finding, found: &FindingResult) -> String {
        let period = match found.period.grain() {
            crate::calendar::Grain::All => String::new(),
            _ => format!(" {} {}", self.pick("in", "in"), self.say.0.period_short(found.period)),
        };
        let said = match found.state {
            FindingState::Holds => format!("{}{period}", self.pick("geldt", "holds")),
            FindingState::Lapsed => format!(
                "{}{period}: {}",
                self.pick("VERVALLEN", "LAPSED"),
                self.pick("de voorwaarde is niet meer vervuld", "its condition is no longer met")
            ),
            FindingState::Unknown(Absent::Hidden) => {
                let why = self.pick("een cijfer van de voorwaarde is verborgen", "a figure of its condition is hidden");
                format!("{}{period}: {why}", self.pick("onbekend", "unknown"))
            }
            FindingState::Unknown(Absent::AcrossChange) => {
                let why = self.pick(
                    "een cijfer van de voorwaarde gaat over een gewijzigde definitie heen",
                    "a figure of its condition lies across a change of definition",
                );
                format!("{}{period}: {why}", self.pick("onbekend", "unknown"))
            }
            FindingState::Unknown(Absent::NoData) => {
                let why = self.pick("een cijfer van de voorwaarde ontbreekt", "a figure of its condition is missing");
                format!("{}{period}: {why}", self.pick("onbekend", "unknown"))
            }
            FindingState::Unconditional => self.pick("zegt niet wanneer het vervalt", "does not say when it lapses").to_owned(),
        };
        let Some(holds) = &finding.holds_while else { return said };
        let condition = harmless(sources.text(holds.span)).split_whitespace().collect::<Vec<_>>().join(" ");
        let figures: Vec<String> = found.condition.iter().flat_map(|it| self.compared(it)).collect();
        format!("{said}\n  {:<10}{condition}  ({})", self.pick("zolang", "while"), figures.join("; "))
    }

    fn compared(&self, of: &ComparedFigures) -> Vec<String> {
        of.figures.iter().flatten().map(|it| self.figure(it)).collect()
    }
}

/// The state of a finding in a word.
pub fn finding_state(state: FindingState, lang: Lang) -> String {
    let say = Say(lang);
    capital(match state {
        FindingState::Holds => say.pick("geldt", "holds"),
        FindingState::Lapsed => say.pick("vervallen", "lapsed"),
        FindingState::Unknown(_) => say.pick("onbekend", "unknown"),
        FindingState::Unconditional => say.pick("zonder voorwaarde", "without a condition"),
    })
}
