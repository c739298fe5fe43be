//! What moved a figure, told: the change and whether chance can make it, the cut by which most goes, the parts of the
//! formula. No causes are claimed.

use super::table::table;
use crate::check::Checked;
use crate::diagnostic::harmless;
use crate::model::{DimensionId, KpiId};
use crate::publish::{Amount, CutResult, SegmentResult, WhyResult};
use crate::report::numbers::Numbers;
use crate::report::words::{Say, chance_text};
use crate::tidy::label_of;
use crate::words::Lang;
use std::fmt::Write;

/// Segments that are told in a table, at most.
const ROWS: usize = 15;

/// Tells why a figure moved.
pub fn why(checked: &Checked, result: &WhyResult, lang: Lang) -> String {
    let kpi = &checked.model.kpis[result.kpi.index()];
    let seen: Vec<f64> = [result.before.value, result.after.value].into_iter().flatten().collect();
    let teller = Teller { checked, result, say: Say(lang), numbers: Numbers::new(lang, kpi, &seen) };
    let mut text = String::new();
    teller.head(&mut text);
    teller.cuts(&mut text);
    teller.parts(&mut text);
    if !(result.cuts.is_empty() && result.parts.is_empty()) {
        let _ = writeln!(
            text,
            "\n{}",
            teller.pick(
                "Dit zijn sommen, geen oorzaken: ze zeggen waar de verandering zit, niet wat haar teweegbracht.",
                "These are sums, not causes: they tell where the change is, not what brought it about."
            )
        );
    }
    text
}

struct Teller<'a> {
    checked: &'a Checked,
    result: &'a WhyResult,
    say: Say,
    numbers: Numbers,
}

impl Teller<'_> {
    fn pick<'t>(&self, nl: &'t str, en: &'t str) -> &'t str {
        self.say.pick(nl, en)
    }

    fn lang(&self) -> Lang {
        self.say.0
    }

    /// A change with its interval.
    fn change(&self, it: Amount) -> String {
        let mut text = self.numbers.change(it.value);
        if let Some((low, high)) = it.ends {
            let kind = self.say.interval_kind(self.checked.model.project.confidence);
            let to = self.pick("tot", "to");
            let _ = write!(text, " ({kind} {} {to} {})", self.numbers.change(low), self.numbers.change(high));
        }
        text
    }

    fn head(&self, out: &mut String) {
        let kpi = &self.checked.model.kpis[self.result.kpi.index()];
        let title = kpi.title.get(self.lang()).unwrap_or("");
        let name = self.checked.model.kpi_text(self.result.kpi, self.result.part.as_ref());
        let _ = writeln!(out, "{}  {}", harmless(&name), harmless(title));
        let (before, after) = (&self.result.before, &self.result.after);
        let value = |it: Option<f64>| it.map_or_else(|| "–".to_owned(), |it| self.numbers.text(it));
        let period = |it| self.lang().period_short(it);
        let _ = write!(out, "{} → {}: {} → {}", period(before.period), period(after.period), value(before.value), value(after.value));
        if let Some(change) = self.result.change {
            let _ = write!(out, ", {}", self.change(change));
        }
        if let (Some(a), Some(b)) = (before.n, after.n) {
            let _ = write!(out, ", n {} → {}", self.lang().count(a), self.lang().count(b));
        }
        out.push('\n');
        if self.result.may_be_noise(self.checked) == Some(true) {
            let why = match self.result.p {
                Some(p) => format!(" (p {})", chance_text(self.lang(), p)),
                None => self.pick(": het interval bevat nul", ": its interval holds zero").to_owned(),
            };
            let _ = match self.lang() {
                Lang::Nl => writeln!(out, "Het verschil kan toeval zijn{why}. Lees wat volgt met die kennis."),
                Lang::En => writeln!(out, "The difference may be chance{why}. Read what follows with that in mind."),
            };
        }
        for note in &self.result.notes {
            let _ = writeln!(out, "{}", harmless(&self.say.why_note(note, &|cut| self.cut_title(cut))));
        }
    }

    fn cut_title(&self, cut: &[DimensionId]) -> String {
        let names = cut.iter().map(|id| {
            let dimension = &self.checked.model.dimensions[id.index()];
            dimension.title.get(self.lang()).unwrap_or(&dimension.name).to_owned()
        });
        names.collect::<Vec<_>>().join(" × ")
    }

    // -- segments ----------------------------------------------------------------------------------------------------

    fn cuts(&self, out: &mut String) {
        let Some((first, others)) = self.result.cuts.split_first() else { return };
        let by = self.pick("Naar", "By");
        let _ = writeln!(out, "\n{by} {}", harmless(&self.cut_title(&first.cut)));
        self.told(first, self.result.change.map_or(0.0, |it| it.value), 2, out);
        if others.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", self.pick("Andere doorsneden", "Other cuts"));
        let rows: Vec<Vec<String>> = others
            .iter()
            .map(|it| {
                let mix = it.mix.map(|it| self.numbers.change(it.value)).unwrap_or_default();
                let explains = self.numbers.change(it.explains).replace('+', "");
                vec![self.cut_title(&it.cut), mix, self.numbers.change(it.rate.value), explains, chance(self.lang(), it.p)]
            })
            .collect();
        let head = ["", "mix", self.pick("eigen", "rate"), self.pick("verklaart", "explains"), "p"];
        out.push_str(&table(&head, &rows, 2));
    }

    /// Tells a cut of what changed by so much.
    fn told(&self, cut: &CutResult, change: f64, indent: usize, out: &mut String) {
        let pad = " ".repeat(indent);
        if let Some(mix) = cut.mix {
            let _ = writeln!(out, "{pad}{} {}", self.pick("door andere aandelen (mix):", "by other shares (mix):  "), self.change(mix));
            let _ =
                writeln!(out, "{pad}{} {}", self.pick("binnen de segmenten:       ", "within segments (rate): "), self.change(cut.rate));
        }
        if let Some(it) = cut.interaction {
            let _ =
                writeln!(out, "{pad}{} {}", self.pick("door beide samen:          ", "by both together:       "), self.numbers.change(it));
        }
        for sentence in self.say.why_reading(cut, change, self.checked.model.project.confidence) {
            let _ = writeln!(out, "{pad}{sentence}");
        }
        let rows = self.rows(cut);
        let (before, after) = (self.lang().period_short(self.result.before.period), self.lang().period_short(self.result.after.period));
        let head = [
            "",
            before.as_str(),
            after.as_str(),
            self.pick("aandeel", "share"),
            "n",
            "mix",
            self.pick("eigen", "rate"),
            self.pick("samen", "together"),
            "",
        ];
        out.push_str(&table(&head, &rows, indent));
        for it in &cut.segments {
            if let Some(inner) = &it.inner {
                let within = self.pick("daarbinnen naar", "within it by");
                let _ = writeln!(out, "\n{pad}{}, {within} {}", harmless(&self.label(cut, it)), harmless(&self.cut_title(&inner.cut)));
                let change = it.after.value.zip(it.before.value).map_or(0.0, |(a, b)| a - b);
                self.told(inner, change, indent + 2, out);
            }
        }
    }

    /// The segments; of many, those that add most, and the others together.
    fn rows(&self, cut: &CutResult) -> Vec<Vec<String>> {
        if cut.segments.len() <= ROWS {
            return cut.segments.iter().map(|it| self.row(cut, it)).collect();
        }
        let mut ranked: Vec<&SegmentResult> = cut.segments.iter().collect();
        ranked.sort_by(|a, b| b.whole.value.abs().total_cmp(&a.whole.value.abs()));
        let (told, others) = ranked.split_at(ROWS - 1);
        let mut rows: Vec<Vec<String>> = told.iter().map(|it| self.row(cut, it)).collect();
        let sum = |pick: &dyn Fn(&SegmentResult) -> f64| self.numbers.change(others.iter().map(|it| pick(it)).sum());
        let count = |pick: &dyn Fn(&SegmentResult) -> u64| self.lang().count(others.iter().map(|it| pick(it)).sum());
        rows.push(vec![
            match self.lang() {
                Lang::Nl => format!("{} andere", others.len()),
                Lang::En => format!("{} others", others.len()),
            },
            String::new(),
            String::new(),
            String::new(),
            format!("{} → {}", count(&|it| it.before.n), count(&|it| it.after.n)),
            cut.mix.map(|_| sum(&|it| it.mix.map_or(0.0, |it| it.value))).unwrap_or_default(),
            sum(&|it| it.rate.value),
            sum(&|it| it.whole.value),
            String::new(),
        ]);
        rows
    }

    fn label(&self, cut: &CutResult, it: &SegmentResult) -> String {
        match &it.key {
            Some(key) => {
                let labels = cut.cut.iter().zip(key.iter()).map(|(id, value)| label_of(self.checked, *id, value, self.lang()));
                labels.collect::<Vec<_>>().join(", ")
            }
            None => match self.lang() {
                Lang::Nl => format!("{} kleine segmenten samen", it.segments),
                Lang::En => format!("{} small segments together", it.segments),
            },
        }
    }

    fn row(&self, cut: &CutResult, it: &SegmentResult) -> Vec<String> {
        let value = |it: Option<f64>| it.map_or_else(|| "–".to_owned(), |it| self.numbers.text(it));
        let both = |a: String, b: String| format!("{a} → {b}");
        let share = it.before.share.unwrap_or(0.0);
        let shares = it
            .before
            .share
            .or(it.after.share)
            .map(|_| both(self.lang().number(share, 0), self.lang().percent(it.after.share.unwrap_or(0.0), 0)));
        let remark = if it.entered() {
            self.pick("nieuw", "new")
        } else if it.left() {
            self.pick("weg", "gone")
        } else if it.few {
            self.pick("weinig antwoorden", "few answers")
        } else {
            ""
        };
        vec![
            self.label(cut, it),
            value(it.before.value),
            value(it.after.value),
            shares.unwrap_or_default(),
            both(self.lang().count(it.before.n), self.lang().count(it.after.n)),
            it.mix.map(|it| self.numbers.change(it.value)).unwrap_or_default(),
            self.numbers.change(it.rate.value),
            self.numbers.change(it.whole.value),
            remark.to_owned(),
        ]
    }

    // -- parts -------------------------------------------------------------------------------------------------------

    fn parts(&self, out: &mut String) {
        if self.result.parts.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", self.pick("De delen van de formule", "The parts of the formula"));
        let (before, after) = (self.lang().period_short(self.result.before.period), self.lang().period_short(self.result.after.period));
        let rows: Vec<Vec<String>> = self
            .result
            .parts
            .iter()
            .map(|it| {
                let [a, b] = [it.before, it.after].map(|value| self.part_value(it.kpi, value));
                vec![
                    format!("{}{}", "  ".repeat(it.level), it.name),
                    a,
                    b,
                    format!("{} → {}", self.lang().count(it.n[0]), self.lang().count(it.n[1])),
                    self.numbers.change(it.contribution.value),
                    it.contribution
                        .ends
                        .map(|it| format!("{} {} {}", self.numbers.change(it.0), self.pick("tot", "to"), self.numbers.change(it.1)))
                        .unwrap_or_default(),
                ]
            })
            .collect();
        let kind = self.say.interval_kind(self.checked.model.project.confidence);
        let head = ["", before.as_str(), after.as_str(), "n", self.pick("draagt bij", "adds"), kind.as_str()];
        out.push_str(&table(&head, &rows, 2));
    }

    fn part_value(&self, kpi: Option<KpiId>, value: f64) -> String {
        match kpi {
            Some(kpi) => Numbers::new(self.lang(), &self.checked.model.kpis[kpi.index()], &[value]).text(value),
            None => self.lang().number_up_to(value, 2),
        }
    }
}

fn chance(lang: Lang, p: Option<f64>) -> String {
    p.map(|it| chance_text(lang, it).trim_start_matches("= ").to_owned()).unwrap_or_default()
}
