//! Actions, told: what was expected, what was measured beside it, and how far that can be trusted.

use crate::check::Checked;
use crate::diagnostic::harmless;
use crate::insight::Unmeasured;
use crate::model::Kpi;
use crate::publish::{ActionResult, Amount, ControlResult, EffectResult, EffectVerdict, MeasuredEffect, NotMeasured, SeriesSignal, Stage};
use crate::report::numbers::Numbers;
use crate::report::words::{Say, capital};
use crate::words::Lang;
use std::fmt::Write;

/// Tells actions, one after the other.
pub fn actions(checked: &Checked, found: &[ActionResult], lang: Lang) -> String {
    let teller = Teller { checked, say: Say(lang) };
    let mut text = found.iter().map(|it| teller.action(it)).collect::<Vec<_>>().join("\n");
    if found.iter().flat_map(|it| &it.effects).any(|it| it.measured.is_ok()) {
        let _ = writeln!(
            text,
            "\n{}",
            teller.pick(
                "Wat gemeten is, bewijst geen oorzaak: er gebeurde in die tijd meer dan de actie. Met een controlegroep is afgetrokken wat ook zonder de actie gebeurde; die groep kan in meer verschillen.",
                "What is measured proves no cause: more than the action happened in that time. With a control, what happened without the action as well is taken off; that group may differ in other ways too."
            )
        );
    }
    text
}

/// What is told of a measured effect beside the expected one.
pub struct EffectText {
    /// By how much it moved: "+0,1 pp"; empty where nothing could be measured.
    pub figure: String,
    /// From what to what, and what that says; or why nothing was measured.
    pub text: String,
    /// How far that can be trusted; may be empty.
    pub notes: String,
}

/// What is measured of an effect in a figure and a sentence or two, and how far that can be trusted.
pub fn effect_text(checked: &Checked, effect: &EffectResult, lang: Lang) -> EffectText {
    let teller = Teller { checked, say: Say(lang) };
    match &effect.measured {
        Err(why) => EffectText { figure: String::new(), text: teller.why_not(why), notes: String::new() },
        Ok(it) => {
            let Measured { seen, verdict, notes, .. } = teller.told(effect, it);
            EffectText {
                figure: teller.numbers(effect, &[it.before.0, it.after.0]).change(it.effect().value),
                text: format!("{}. {}", teller.before_after(effect, it), capital(verdict)),
                notes: seen.into_iter().chain(notes).collect::<Vec<_>>().join(" "),
            }
        }
    }
}

/// The stage of an action in a word.
pub fn action_stage(stage: Stage, lang: Lang) -> &'static str {
    let say = Say(lang);
    match stage {
        Stage::Idea => say.pick("idee", "idea"),
        Stage::Planned => say.pick("nog niet begonnen", "not begun"),
        Stage::Running => say.pick("loopt", "running"),
        Stage::Overdue => say.pick("over de einddatum", "overdue"),
        Stage::Done => say.pick("klaar", "done"),
        Stage::Stopped => say.pick("gestopt", "stopped"),
    }
}

/// What is told of a measured effect.
struct Measured {
    /// From what to what, by how much.
    change: String,
    /// What the control and the series did.
    seen: Vec<String>,
    verdict: &'static str,
    /// How far it can be trusted.
    notes: Vec<String>,
}

struct Teller<'a> {
    checked: &'a Checked,
    say: Say,
}

impl Teller<'_> {
    fn pick<'t>(&self, nl: &'t str, en: &'t str) -> &'t str {
        self.say.pick(nl, en)
    }

    fn numbers(&self, of: &EffectResult, seen: &[f64]) -> Numbers {
        let kpi: &Kpi = &self.checked.model.kpis[of.kpi.index()];
        Numbers::new(self.say.0, kpi, seen)
    }

    fn action(&self, of: &ActionResult) -> String {
        let action = &self.checked.model.actions[of.action.index()];
        let lang = self.say.0;
        let mut out = String::new();
        let _ = writeln!(out, "{}  {}", action.name, harmless(action.title.get(lang).unwrap_or("")));
        let team = action.owner.map(|it| &self.checked.model.project.teams[it.index()]);
        let team = team.map(|it| it.title.get(lang).unwrap_or(&it.name).to_owned());
        let days = match (action.start, action.due.and_then(|it| it.plus_days(-1))) {
            (Some(start), Some(due)) => Some(format!("{start} – {due}")),
            (Some(start), None) => Some(format!("{} {start}", self.pick("vanaf", "from"))),
            (None, Some(due)) => Some(format!("{} {due}", self.pick("uiterlijk", "by"))),
            (None, None) => None,
        };
        let note = action.status.as_ref().and_then(|it| it.1.clone());
        let first = [Some(action_stage(of.stage, lang).to_owned()), note, days, team];
        let _ = writeln!(out, "  {}", harmless(&first.into_iter().flatten().collect::<Vec<_>>().join(", ")));
        if of.effects.is_empty() {
            let _ = writeln!(out, "  {}", self.pick("Er staat niet wat ervan wordt verwacht.", "It does not say what is expected of it."));
        }
        for effect in &of.effects {
            let _ = writeln!(out, "  {}", harmless(&self.expected(effect)));
            for sentence in self.measured(effect) {
                let _ = writeln!(out, "    {}", harmless(&sentence));
            }
        }
        out
    }

    fn expected(&self, of: &EffectResult) -> String {
        let name = self.checked.model.kpi_text(of.kpi, of.part.as_ref());
        let by = of.by.map(|it| format!(" {} {}", self.pick("in", "by"), self.say.0.period_short(it))).unwrap_or_default();
        let change = self.numbers(of, &[of.expected]).change(of.expected);
        format!("{name}: {} {change}{by}", self.pick("verwacht", "expected"))
    }

    fn measured(&self, of: &EffectResult) -> Vec<String> {
        match &of.measured {
            Err(why) => vec![self.why_not(why)],
            Ok(it) => {
                let Measured { change, seen, verdict, notes } = self.told(of, it);
                [change].into_iter().chain(seen).chain([format!("→ {verdict}")]).chain(notes).collect()
            }
        }
    }

    fn why_not(&self, why: &NotMeasured) -> String {
        let period = |it| self.say.0.period_short(it);
        let nl = self.say.0 == Lang::Nl;
        match why {
            NotMeasured::Waits(Unmeasured::NotBegun) => self.pick("Nog niet begonnen.", "Has not begun.").to_owned(),
            NotMeasured::Waits(Unmeasured::NoStart) => {
                self.pick("Zonder begindatum is er geen voor en na.", "Without a start there is no before and after.").to_owned()
            }
            NotMeasured::Waits(Unmeasured::Later(day)) if nl => format!("Begint op {day}."),
            NotMeasured::Waits(Unmeasured::Later(day)) => format!("Begins on {day}."),
            NotMeasured::Waits(Unmeasured::TooEarly(it)) if nl => {
                format!("Te vroeg: {} is de eerste hele periode sinds het begin.", period(*it))
            }
            NotMeasured::Waits(Unmeasured::TooEarly(it)) => {
                format!("Too early: {} is the first whole period since the start.", period(*it))
            }
            NotMeasured::Waits(Unmeasured::NoTime) => {
                self.pick("De gegevens zeggen niet wanneer.", "The data do not tell when.").to_owned()
            }
            NotMeasured::Waits(Unmeasured::Planned) => self.pick("Het cijfer is nog gepland.", "The figure is still planned.").to_owned(),
            NotMeasured::NoData(it) if nl => format!("Geen cijfer in {}.", period(*it)),
            NotMeasured::NoData(it) => format!("No figure in {}.", period(*it)),
            NotMeasured::Unfinished(it) if nl => format!("De gegevens van {} zijn niet compleet.", period(*it)),
            NotMeasured::Unfinished(it) => format!("The data of {} are not complete.", period(*it)),
            NotMeasured::Hidden(it) if nl => format!("Verborgen in {}: te weinig antwoorden.", period(*it)),
            NotMeasured::Hidden(it) => format!("Hidden in {}: too few answers.", period(*it)),
            NotMeasured::Redefined(it) => self.say.not_compared(&self.checked.model, it),
        }
    }

    /// "95%-BI +0,10 tot +0,50; van 4,17 (Q1 2025) naar 5,44 (Q2 2025)", for a figure that stands before it.
    fn before_after(&self, of: &EffectResult, it: &MeasuredEffect) -> String {
        let numbers = self.numbers(of, &[it.before.0, it.after.0]);
        let at = |value, period| format!("{} ({})", numbers.text(value), self.say.0.period_short(period));
        let beyond = matches!(it.control, Some(ControlResult::Beside { .. }));
        let beyond = beyond.then(|| self.pick("meer dan de controlegroep", "beyond the control").to_owned());
        let ends = it.effect().ends.map(|(low, high)| {
            let kind = self.say.interval_kind(self.checked.model.project.confidence);
            format!("{kind} {} {} {}", numbers.change(low), self.pick("tot", "to"), numbers.change(high))
        });
        let (before, after) = (at(it.before.0, it.window.before), at(it.after.0, it.window.after));
        let from_to = format!("{} {before} {} {after}", self.pick("van", "from"), self.pick("naar", "to"));
        beyond.into_iter().chain(ends).chain([from_to]).collect::<Vec<_>>().join("; ")
    }

    fn told(&self, of: &EffectResult, it: &MeasuredEffect) -> Measured {
        let numbers = self.numbers(of, &[it.before.0, it.after.0]);
        let period = |it| self.say.0.period_short(it);
        let ends = |of: Amount| match of.ends {
            Some((low, high)) => {
                let kind = self.say.interval_kind(self.checked.model.project.confidence);
                format!("{} ({kind} {} {} {})", numbers.change(of.value), numbers.change(low), self.pick("tot", "to"), numbers.change(high))
            }
            None => numbers.change(of.value),
        };
        let change = format!(
            "{}: {} → {}: {} → {}, {}",
            self.pick("Gemeten", "Measured"),
            period(it.window.before),
            period(it.window.after),
            numbers.text(it.before.0),
            numbers.text(it.after.0),
            ends(it.change)
        );
        let (mut seen, mut notes) = (Vec::new(), Vec::new());
        match &it.control {
            Some(ControlResult::Beside { change, effect, .. }) => seen.push(format!(
                "{}: {}; {}: {}",
                self.pick("Controlegroep", "Control"),
                numbers.change(*change),
                self.pick("verschil daarmee", "beyond that"),
                ends(*effect)
            )),
            Some(ControlResult::Hidden) => seen.push(
                self.pick("De controlegroep is verborgen: te weinig antwoorden.", "The control is hidden: too few answers.").to_owned(),
            ),
            Some(ControlResult::NoData) => {
                seen.push(self.pick("De controlegroep heeft geen cijfer.", "The control has no figure.").to_owned())
            }
            None => {}
        }
        match it.signal {
            Some(SeriesSignal::Up) => seen.push(
                self.pick(
                    "Sinds het begin steeg de reeks boven de grenzen van vlak ervoor.",
                    "Since the start the series rose above the limits of just before it.",
                )
                .to_owned(),
            ),
            Some(SeriesSignal::Down) => seen.push(
                self.pick(
                    "Sinds het begin daalde de reeks onder de grenzen van vlak ervoor.",
                    "Since the start the series fell below the limits of just before it.",
                )
                .to_owned(),
            ),
            Some(SeriesSignal::Earlier) => seen.push(
                self.pick(
                    "De reeks bewoog al vóór het begin die kant op; wat daarna kwam, zegt niets van de actie.",
                    "The series moved that way before the start already; what came after says nothing of the action.",
                )
                .to_owned(),
            ),
            Some(SeriesSignal::None) => seen.push(
                self.pick(
                    "Sinds het begin bleef de reeks binnen de grenzen van vlak ervoor.",
                    "Since the start the series stayed within the limits of just before it.",
                )
                .to_owned(),
            ),
            None => {}
        }
        if let Some(until) = it.window.judged_in {
            notes.push(match self.say.0 {
                Lang::Nl => format!("Voorlopig: het oordeel valt over {}.", period(until)),
                Lang::En => format!("Provisional: it is judged by {}.", period(until)),
            });
        }
        if it.control.is_none() {
            notes.push(
                self.pick(
                    "Zonder controlegroep: voor en na alleen zeggen niet wat de actie deed.",
                    "Without a control: before and after alone do not tell what the action did.",
                )
                .to_owned(),
            );
            if it.window.other_season {
                notes.push(
                    self.pick(
                        "De twee perioden vallen in een ander deel van het jaar.",
                        "The two periods lie in different parts of the year.",
                    )
                    .to_owned(),
                );
            }
        }
        if it.window.overlaps_start {
            notes.push(self.pick("De tweede periode begint vóór de actie.", "The second period begins before the action.").to_owned());
        }
        if it.few {
            notes.push(self.pick("Weinig antwoorden.", "Few answers.").to_owned());
        }
        // A series that moved says nothing of how far: beside a small part of what was expected that is to be said.
        let (moved, expected) = (it.change.value, of.expected);
        if it.verdict == EffectVerdict::Signal && moved.abs() < expected.abs() {
            notes.push(
                self.pick("Het gemeten verschil is kleiner dan verwacht.", "The measured change is less than was expected.").to_owned(),
            );
        }
        Measured { change, seen, verdict: self.verdict(it.verdict), notes }
    }

    fn verdict(&self, it: EffectVerdict) -> &'static str {
        self.say.pick(
            match it {
                EffectVerdict::AsExpected => "bewoog zoals verwacht: meer dan toeval, en de verwachting ligt in het interval.",
                EffectVerdict::Less => "bewoog de verwachte kant op, minder dan verwacht.",
                EffectVerdict::More => "bewoog de verwachte kant op, meer dan verwacht.",
                EffectVerdict::NotShown => "geen effect aangetoond: het kan toeval zijn.",
                EffectVerdict::Contrary => "bewoog de andere kant op, en dat is meer dan toeval.",
                EffectVerdict::Signal => "de reeks bewoog de verwachte kant op; hoeveel daarvan toeval is, is niet bekend.",
                EffectVerdict::Untested => "niet te toetsen: er is geen interval, en de reeks zegt het niet.",
            },
            match it {
                EffectVerdict::AsExpected => "moved as expected: by more than chance, and what was expected lies within the interval.",
                EffectVerdict::Less => "moved the expected way, by less than expected.",
                EffectVerdict::More => "moved the expected way, by more than expected.",
                EffectVerdict::NotShown => "no effect is shown: it may be chance.",
                EffectVerdict::Contrary => "moved the other way, by more than chance.",
                EffectVerdict::Signal => "the series moved the expected way; how much of that is chance is not known.",
                EffectVerdict::Untested => "cannot be tested: there is no interval, and the series does not tell.",
            },
        )
    }
}
