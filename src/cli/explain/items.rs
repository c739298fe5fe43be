//! What is not a KPI, by its name: who is paid for what, what others measured, what is to drive an answer, what somebody
//! makes of figures and does about them, what is assumed, and what figures are to be.

use super::{Explainer, evidence_text, place};
use crate::check::made_otherwise;
use crate::engine::{self, Outside};
use crate::graph::Node;
use crate::model::{
    Action, Benchmark, Control, Drivers, Enabler, Evidence, Expectation, Finding, Incentive, KpiRef, Method, Model, PayOn, Piece, Reasons,
    Subject, TeamId, Test, Text, Wanted, print_formula, print_row,
};
use crate::source::{Span, World};
use crate::tidy;
use crate::value::{Diagnostics, Unit};
use crate::words::tidy_number;
use std::fmt::Write;

/// The words whose items are found here.
const WORDS: [&str; 8] = ["assumption", "incentive", "benchmark", "drivers", "finding", "action", "enabler", "test"];

/// The items that a name is of, with their words and places among those of a word: `nps` may be a finding and a test.
/// With a word before it, `finding:nps`, only the item of that word.
pub(super) fn find(model: &Model, name: &str) -> Vec<(&'static str, usize)> {
    let (word, name) = match name.split_once(':') {
        Some((word, name)) => (Some(word), name.trim()),
        None => (None, name),
    };
    let wanted = WORDS.iter().filter(|it| word.is_none_or(|word| word == **it));
    wanted.filter_map(|word| Some((*word, names(model, word).iter().position(|it| *it == name)?))).collect()
}

/// The item that was meant by a name that nothing has, with its word before it.
pub(super) fn similar(model: &Model, name: &str) -> Option<String> {
    let (word, name) = match name.split_once(':') {
        Some((word, name)) => (Some(word), name.trim()),
        None => (None, name),
    };
    let known = WORDS.iter().filter(|it| word.is_none_or(|word| word == **it));
    let known: Vec<(&str, &str)> = known.flat_map(|word| names(model, word).into_iter().map(move |it| (*word, it))).collect();
    let meant = crate::value::nearest(name, known.iter().map(|it| it.1))?;
    let (word, name) = known.iter().find(|it| it.1 == meant)?;
    Some(format!("{word}:{name}"))
}

fn names<'m>(model: &'m Model, word: &str) -> Vec<&'m str> {
    fn of<'m, T>(list: &'m [T], name: impl Fn(&'m T) -> &'m String) -> Vec<&'m str> {
        list.iter().map(|it| name(it).as_str()).collect()
    }
    match word {
        "assumption" => of(&model.assumptions, |it| &it.name),
        "incentive" => of(&model.incentives, |it| &it.name),
        "benchmark" => of(&model.benchmarks, |it| &it.name),
        "drivers" => of(&model.drivers, |it| &it.name),
        "finding" => of(&model.findings, |it| &it.name),
        "action" => of(&model.actions, |it| &it.name),
        "enabler" => of(&model.enablers, |it| &it.name),
        _ => of(&model.tests, |it| &it.name),
    }
}

/// Explains the items that were found.
/// What keeps a file of figures from being read goes to `out`.
pub(super) fn explain(explainer: &Explainer<'_>, found: &[(&'static str, usize)], world: &dyn World, out: &mut Diagnostics) -> String {
    let mut text = String::new();
    for (word, at) in found {
        if !text.is_empty() {
            text.push('\n');
        }
        let model = &explainer.checked.model;
        match *word {
            "assumption" => explainer.assumed(*at, &mut text),
            "incentive" => explainer.incentive(&model.incentives[*at], &mut text),
            "benchmark" => {
                let rows = engine::outside(explainer.checked, &model.benchmarks[*at], world, out).unwrap_or_default();
                explainer.benchmark(&model.benchmarks[*at], &rows, &mut text);
            }
            "drivers" => explainer.drivers(*at, &model.drivers[*at], &mut text),
            "finding" => explainer.finding(*at, &model.findings[*at], &mut text),
            "action" => explainer.action(*at, &model.actions[*at], &mut text),
            "enabler" => explainer.enabler(*at, &model.enablers[*at], &mut text),
            _ => explainer.test(&model.tests[*at], &mut text),
        }
    }
    text
}

/// A labelled line, where there is something to say.
fn line(out: &mut String, label: &str, value: &str) {
    if !value.is_empty() {
        let _ = writeln!(out, "  {label:<12}{value}");
    }
}

/// One line for each of several, the label at the first alone.
fn lines(out: &mut String, label: &str, values: impl IntoIterator<Item = String>) {
    for (at, value) in values.into_iter().enumerate() {
        line(out, if at == 0 { label } else { "" }, &value);
    }
}

impl Explainer<'_> {
    fn head(&self, word: &str, name: &str, span: Span, texts: [&Text; 2], out: &mut String) {
        let _ = writeln!(out, "{}", format!("{word} {name}  {}", self.text(texts[0])).trim_end());
        let _ = writeln!(out, "  {}", place(self.sources, span));
        if !self.text(texts[1]).is_empty() {
            let _ = writeln!(out, "  {}", self.text(texts[1]));
        }
    }

    /// A KPI, or a part of one, as it is written.
    fn reference(&self, of: &KpiRef) -> String {
        self.checked.model.kpi_text(of.kpi, of.part.as_ref())
    }

    fn team(&self, team: Option<TeamId>) -> String {
        let Some(team) = team.map(|it| &self.checked.model.project.teams[it.index()]) else { return String::new() };
        format!("{}  {}", team.name, self.text(&team.title)).trim_end().to_owned()
    }

    fn used_by(&self, node: Node, out: &mut String) {
        line(out, "used by", &self.users(node).join(", "));
    }

    fn enabler(&self, at: usize, of: &Enabler, out: &mut String) {
        let model = &self.checked.model;
        self.head("enabler", &of.name, of.span, [&of.title, &Text::default()], out);
        line(out, "owner", &self.team(of.owner));
        lines(out, "measured by", of.measured_by.iter().map(|it| self.reference(it)));
        let status = of.status.as_ref().map(|(word, note)| [Some(word.as_str()), note.as_deref()]);
        line(out, "status", &status.map(|it| it.into_iter().flatten().collect::<Vec<_>>().join(", ")).unwrap_or_default());
        for (word, edges) in [("serves", &of.serves), ("lifts", &of.lifts)] {
            for it in edges {
                let goal = &model.goals[it.goal.index()].name;
                line(out, word, &format!("{goal} strength {}, {}", tidy_number(it.strength), evidence_text(model, &it.claim)));
                if it.evidence != Evidence::Experiment {
                    line(out, "", &self.tested(it.span));
                }
            }
        }
        self.used_by(Node::Enabler(at as u32), out);
    }

    fn incentive(&self, of: &Incentive, out: &mut String) {
        self.head("incentive", &of.name, of.span, [&of.title, &of.description], out);
        line(out, "for", &self.team(of.team));
        line(out, "period", &of.period.map(|it| it.to_string()).unwrap_or_default());
        let total: f64 = of.parts.iter().map(|it| it.of.weight).sum();
        lines(
            out,
            "pays for",
            of.parts.iter().map(|it| {
                let points: Vec<&str> = it.pays.iter().map(|it| it.text.as_str()).collect();
                let share = tidy_number((it.of.weight / total * 1000.0).round() / 10.0);
                format!("{}, weight {share} %: {}", self.reference(&it.of), points.join(", "))
            }),
        );
        let conditions = of.conditions.iter();
        lines(out, "only if", conditions.map(|it| format!("{} {} {}", self.reference(&it.of), it.comparison.symbol(), it.value.written)));
        let on = match of.pay_on {
            Some(PayOn::LowEnd) => "the end of the interval that pays least",
            Some(PayOn::Value) | None => "the figure itself",
        };
        line(out, "pay on", on);
    }

    fn benchmark(&self, of: &Benchmark, rows: &[Outside], out: &mut String) {
        self.head("benchmark", &of.name, of.span, [&of.title, &of.description], out);
        line(out, "beside", &of.of.as_ref().map(|it| self.reference(it)).unwrap_or_default());
        let unit = of.of.as_ref().and_then(|it| self.checked.model.kpis[it.kpi.index()].unit.as_ref());
        let value = of.value.as_ref().map(|it| format!("{} {}", tidy_number(it.value), unit.map(Unit::name).unwrap_or_default()));
        line(out, "value", value.unwrap_or_default().trim_end());
        line(out, "variant", of.variant.as_ref().map_or("", |it| it.value.as_str()));
        let scale = of.scale.as_ref().map(|it| format!("{}..{}", tidy_number(it.value.0), tidy_number(it.value.1)));
        line(out, "scale", &scale.unwrap_or_default());
        line(out, "survey", of.survey.as_ref().map_or("", |it| it.value.name()));
        line(out, "country", of.country.as_deref().unwrap_or_default());
        line(out, "period", &of.period.map(|it| it.to_string()).unwrap_or_default());
        line(out, "n", &of.n.map(tidy_number).unwrap_or_default());
        line(out, "source", self.text(&of.source));
        line(out, "differs", &tidy::made_otherwise(&made_otherwise(&self.checked.model, of)));
        line(out, "file", of.file.as_ref().map_or("", |it| it.value.as_str()));
        for it in rows {
            line(out, &format!("line {}", it.line), &self.figure_of(&it.benchmark));
        }
    }

    /// A figure out of a file, in a line: what it is, how it was made, and how it differs from the KPI.
    fn figure_of(&self, of: &Benchmark) -> String {
        let unit = of.of.as_ref().and_then(|it| self.checked.model.kpis[it.kpi.index()].unit.as_ref());
        let value = of.value.as_ref().map(|it| format!("{} {}", tidy_number(it.value), unit.map(Unit::name).unwrap_or_default()));
        let said = [
            value.map(|it| it.trim_end().to_owned()),
            of.variant.as_ref().map(|it| it.value.clone()),
            of.scale.as_ref().map(|it| format!("{}..{}", tidy_number(it.value.0), tidy_number(it.value.1))),
            of.survey.as_ref().map(|it| it.value.name().to_owned()),
            of.country.clone(),
            of.period.map(|it| it.to_string()),
            of.n.map(|it| format!("n {}", tidy_number(it))),
            Some(self.text(&of.source).to_owned()).filter(|it| !it.is_empty()),
            Some(made_otherwise(&self.checked.model, of))
                .filter(|it| !it.is_empty())
                .map(|it| format!("differs: {}", tidy::made_otherwise(&it))),
        ];
        said.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn drivers(&self, at: usize, of: &Drivers, out: &mut String) {
        let model = &self.checked.model;
        self.head("drivers", &of.name, of.span, [&of.title, &of.description], out);
        line(out, "outcome", &of.outcome.as_ref().map(|it| self.reference(it)).unwrap_or_default());
        if let Ok(answer) = of.answer {
            let source = &model.sources[answer.source.index()];
            let column = |at: usize| format!("{}.{}", source.name, source.columns[at].name);
            line(out, "explains", &column(answer.column));
            lines(
                out,
                "items",
                of.items.iter().map(|it| {
                    let by = it.by.map(|it| format!(", asked at {}", model.touchpoints[it.index()].name)).unwrap_or_default();
                    let title = self.text(&source.columns[it.column].title);
                    format!("{}{by}  {title}", column(it.column)).trim_end().to_owned()
                }),
            );
            let reasons = of.reasons.as_ref().map(|it| match it.value {
                Reasons::Column(at) => column(at),
                Reasons::Dimension(id) => format!("dimension {}", model.dimensions[id.index()].name),
            });
            line(out, "reasons", &reasons.unwrap_or_default());
            let rule = of.churn_risk.as_ref().map(|it| crate::model::print_row(model, &it.value));
            line(out, "churn risk", &rule.unwrap_or_default());
            line(out, "savings", of.savings.as_ref().map_or("", |it| &model.kpis[it.value.index()].name));
        }
        line(out, "method", of.method.name());
        let cuts: Vec<&str> = of.cuts.iter().map(|it| model.dimensions[it.index()].name.as_str()).collect();
        line(out, "cuts", &cuts.join(", "));
        if !matches!(of.method, Method::Correlation | Method::Ols | Method::PenaltyReward) {
            line(out, "drives", &format!("from {} % of what is explained or named", tidy_number(of.minimum_share)));
        }
        self.used_by(Node::Drivers(at as u32), out);
    }

    fn subject(&self, of: &Subject) -> String {
        let model = &self.checked.model;
        let named = |word: &str, name: &str| format!("{word} {name}");
        match of {
            Subject::Kpi(it) => named("kpi", &self.reference(it)),
            Subject::Goal(it) => named("goal", &model.goals[it.index()].name),
            Subject::Enabler(it) => named("enabler", &model.enablers[it.index()].name),
            Subject::Touchpoint(it) => named("touchpoint", &model.touchpoints[it.index()].name),
            Subject::Journey(it) => named("journey", &model.journeys[it.index()].name),
            Subject::Drivers(it) => named("drivers", &model.drivers[it.index()].name),
            Subject::Column(source, column) => {
                let source = &model.sources[source.index()];
                format!("column {}.{}", source.name, source.columns[*column].name)
            }
        }
    }

    fn finding(&self, at: usize, of: &Finding, out: &mut String) {
        let model = &self.checked.model;
        self.head("finding", &of.name, of.span, [&of.title, &of.description], out);
        lines(out, "about", of.about.iter().map(|it| self.subject(&it.value)));
        let team = self.team(of.team);
        let by: Vec<&str> = [of.person.as_deref().unwrap_or_default(), &team].into_iter().filter(|it| !it.is_empty()).collect();
        line(out, "by", &by.join(", "));
        line(out, "on", &of.on.map(|it| it.to_string()).unwrap_or_default());
        let text = of.text.iter().find(|it| it.lang == Some(self.lang)).or_else(|| of.text.first());
        let said = text.iter().flat_map(|it| &it.pieces).map(|it| match it {
            Piece::Words(it) => it.text().to_owned(),
            Piece::Figure(it) => {
                let period = it.period.as_ref().map(|it| format!("@{}", it.value)).unwrap_or_default();
                format!("{{{}{period}}}", print_formula(model, &it.formula))
            }
        });
        line(out, "text", &one_line(&said.collect::<String>()));
        lines(out, "quotes", of.quotes.iter().map(|it| format!("\"{}\"", one_line(it))));
        line(out, "decision", self.text(&of.decision));
        line(out, "while", &of.holds_while.as_ref().map(|it| one_line(self.sources.text(it.span))).unwrap_or_default());
        self.used_by(Node::Finding(at as u32), out);
    }

    fn action(&self, at: usize, of: &Action, out: &mut String) {
        let model = &self.checked.model;
        self.head("action", &of.name, of.span, [&of.title, &of.description], out);
        lines(out, "acts on", of.acts_on.iter().map(|it| self.subject(&it.value)));
        line(out, "owner", &self.team(of.owner));
        line(out, "start", &of.start.map(|it| it.to_string()).unwrap_or_default());
        line(out, "due", &of.due.map(|it| format!("before {it}")).unwrap_or_default());
        lines(
            out,
            "expects",
            of.expects.iter().map(|it| {
                let by = it.by.as_ref().map(|it| format!(" by {}", it.value)).unwrap_or_default();
                format!("{} {}{by}", self.reference(&it.kpi), one_line(self.sources.text(it.span)))
            }),
        );
        line(out, "where", &of.part.as_ref().map(|it| print_row(model, it)).unwrap_or_default());
        let control = of.control.as_ref().map(|it| match &it.value {
            Control::Rest => "the rest".to_owned(),
            Control::Part(it) => print_row(model, it),
        });
        line(out, "control", &control.unwrap_or_default());
        let status = of.status.as_ref().map(|(status, note)| match note {
            Some(note) => format!("{status}: {note}"),
            None => status.clone(),
        });
        line(out, "status", &status.unwrap_or_default());
        let findings: Vec<&str> = of.findings.iter().map(|it| model.findings[it.index()].name.as_str()).collect();
        line(out, "finding", &findings.join(", "));
        self.used_by(Node::Action(at as u32), out);
    }

    fn test(&self, of: &Test, out: &mut String) {
        let model = &self.checked.model;
        self.head("test", &of.name, of.span, [&of.title, &Text::default()], out);
        if of.on_data {
            line(out, "on", "the data of the project");
        }
        lines(
            out,
            "rows",
            of.rows.iter().map(|it| {
                let source = &model.sources[it.source.index()];
                let columns: Vec<&str> = it.columns.iter().map(|it| source.columns[*it].name.as_str()).collect();
                format!("{} of {}: {}", it.rows.len(), source.name, columns.join(", "))
            }),
        );
        line(out, "period", &of.period.map(|it| it.to_string()).unwrap_or_default());
        lines(out, "expects", of.expectations.iter().map(|it| self.expected(it)));
    }

    fn expected(&self, of: &Expectation) -> String {
        let unit = self.checked.model.kpis[of.of.kpi.index()].unit.as_ref();
        let mut said = match &of.wanted {
            Wanted::Value(it) => format!("{} {}", tidy_number(it.value), unit.map(Unit::name).unwrap_or_default()).trim_end().to_owned(),
            Wanted::Empty => "no value".to_owned(),
            Wanted::Hidden => "hidden".to_owned(),
            Wanted::Unsaid => String::new(),
        };
        if let Some(tolerance) = of.tolerance {
            let _ = write!(said, " ± {}", tidy_number(tolerance));
        }
        let n = of.n.map(|it| format!("n {it}")).unwrap_or_default();
        let status = of.status.as_ref().map(|it| format!("status {it}")).unwrap_or_default();
        let said: Vec<String> = [said, n, status].into_iter().filter(|it| !it.is_empty()).collect();
        format!("{}  {}", of.text, said.join(", "))
    }
}

/// Text with its line ends as spaces.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
