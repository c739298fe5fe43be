//! What an index is worth, told: how much of it is its weights, and whether internal figures go with it.

use super::table::table;
use crate::check::Checked;
use crate::diagnostic::harmless;
use crate::insight::IndexQuestion;
use crate::publish::{IndexResult, ScenarioKind};
use crate::report::numbers::Numbers;
use crate::report::words::Say;
use crate::tidy::label_of;
use crate::words::Lang;
use std::fmt::Write;

/// Ranked units that are told, at most.
const ROWS: usize = 15;

/// Tells what an index is worth.
pub fn index(checked: &Checked, question: &IndexQuestion, found: &IndexResult, lang: Lang) -> String {
    let model = &checked.model;
    let kpi = &model.kpis[found.kpi.index()];
    let say = Say(lang);
    let pick = |nl: &'static str, en: &'static str| say.pick(nl, en);
    let numbers = Numbers::new(lang, kpi, &found.value.into_iter().collect::<Vec<_>>());
    let value = |it: Option<f64>| it.map_or_else(|| "–".to_owned(), |it| numbers.text(it));
    let percent = |it: f64| format!("{} %", lang.number_up_to(it, 1));
    let mut out = String::new();
    let _ = writeln!(out, "{}  {}", kpi.name, harmless(kpi.title.get(lang).unwrap_or("")));
    let _ = writeln!(out, "{}: {}", lang.period_short(found.period), value(found.value));
    let rows = found.parts.iter().map(|it| vec![harmless(&it.name), percent(it.weight), value(it.value)]);
    let head = [pick("deel", "part"), pick("gewicht", "weight"), pick("waarde", "value")];
    let _ = writeln!(out, "\n{}", lines(&head, rows.collect()));
    if let Some((low, high)) = found.range().filter(|_| !found.scenarios.is_empty()) {
        let _ = writeln!(
            out,
            "{}",
            say.other_weights(&numbers.text(low), &numbers.text(high), found.same_status(), found.cases().len(), found.is_alike())
        );
        let rows = found.scenarios.iter().map(|it| {
            let part = |at: usize| harmless(&found.parts[at].name);
            let name = match it.kind {
                ScenarioKind::Equal => pick("gelijke gewichten", "equal weights").to_owned(),
                ScenarioKind::More(at) => format!("{} +10", part(at)),
                ScenarioKind::Less(at) => format!("{} −10", part(at)),
                ScenarioKind::Without(at) => format!("{} {}", pick("zonder", "without"), part(at)),
            };
            vec![
                name,
                numbers.text(it.value),
                numbers.change(it.change),
                it.status.name().to_owned(),
                it.moved.to_string(),
                it.furthest.to_string(),
            ]
        });
        let head = [
            pick("gewichten", "weights"),
            pick("waarde", "value"),
            pick("verschil", "change"),
            "status",
            pick("andere rang", "ranks moved"),
            pick("verste", "furthest"),
        ];
        let _ = writeln!(out, "{}", lines(&head, rows.collect()));
    }
    let lacking = found.lacking();
    if !lacking.is_empty() {
        let names = harmless(&lacking.join(", "));
        let _ = match lang {
            Lang::Nl => writeln!(out, "Andere gewichten zeggen hier niets: {names} heeft in deze periode geen waarde.\n"),
            Lang::En => writeln!(out, "Other weights say nothing here: {names} has no value in this period.\n"),
        };
    }
    let what = match (question.cut.is_empty(), found.other_definition) {
        (true, 1) => pick("periode", "period"),
        (true, _) => pick("perioden", "periods"),
        (false, 1) => "segment",
        (false, _) => pick("segmenten", "segments"),
    };
    if found.units.len() > 1 {
        let rows = found.units.iter().take(ROWS).map(|it| {
            let name = if question.cut.is_empty() {
                lang.period_short(it.period)
            } else {
                let values = question.cut.iter().zip(it.key.iter()).map(|(id, value)| label_of(checked, *id, value, lang));
                harmless(&values.collect::<Vec<_>>().join(", "))
            };
            let ends = if it.best == it.worst { it.best.to_string() } else { format!("{}–{}", it.best, it.worst) };
            vec![it.rank.to_string(), name, numbers.text(it.value), ends]
        });
        let head = [
            pick("rang", "rank"),
            if question.cut.is_empty() { pick("periode", "period") } else { "segment" },
            pick("waarde", "value"),
            pick("rang bij andere gewichten", "rank by other weights"),
        ];
        let _ = writeln!(out, "{}", lines(&head, rows.collect()));
    }
    if found.other_definition > 0 {
        let left = found.other_definition;
        let _ = match lang {
            Lang::Nl => writeln!(out, "Zonder rang, want van een andere definitie: {left} {what}.\n"),
            Lang::En => writeln!(out, "Without a rank, since of another definition: {left} {what}.\n"),
        };
    }
    relations(checked, found, say, &mut out);
    out
}

fn relations(checked: &Checked, found: &IndexResult, say: Say, out: &mut String) {
    let pick = |nl: &'static str, en: &'static str| say.pick(nl, en);
    let lang = say.0;
    let name = |at: crate::model::KpiId| checked.model.kpis[at.index()].name.clone();
    if !found.relations.is_empty() {
        let rows = found.relations.iter().map(|it| {
            let p = |it: f64| if it < 0.001 { "<0.001".to_owned() } else { format!("{it:.3}") };
            let told = if it.signal { pick("meer dan toeval", "more than chance") } else { pick("kan toeval zijn", "may be chance") };
            vec![
                name(it.kpi),
                it.lag.to_string(),
                lang.signed(it.r, 2),
                it.n.to_string(),
                lang.number(it.n_effective, 1),
                p(it.adjusted),
                told.to_owned(),
            ]
        });
        let head = [pick("intern cijfer", "internal figure"), pick("later", "later"), "r", "n", pick("waard", "worth"), "p", ""];
        let _ = writeln!(
            out,
            "{}",
            pick(
                "Veranderingen van de index, en die van interne cijfers zoveel perioden later:",
                "Changes of the index, and those of internal figures so many periods later:"
            )
        );
        let _ = writeln!(out, "{}", lines(&head, rows.collect()));
        let _ = match lang {
            Lang::Nl => writeln!(out, "p is gecorrigeerd voor {} toetsen. Samenhang is geen bewijs van oorzaak.", found.tests),
            Lang::En => writeln!(out, "p is corrected for {} tests. Going together is no proof of a cause.", found.tests),
        };
    }
    if !found.untested.is_empty() {
        let names = found.untested.iter().map(|it| format!("{} ({})", name(it.0), it.1)).collect::<Vec<_>>();
        let _ = writeln!(
            out,
            "{} {}",
            pick("Te weinig gezamenlijke perioden om samenhang te toetsen:", "Too few shared periods to test whether they go together:"),
            names.join(", ")
        );
    }
}

fn lines(head: &[&str], rows: Vec<Vec<String>>) -> String {
    table(head, &rows, 2)
}
