//! What is said of indices, figures of others, pay, actions, and what a team moves?

use super::{Say, capital};
use crate::calendar::{Date, Period};
use crate::eval::Withheld;
use crate::insight::{Hop, Link};
use crate::model::Comparison;
use crate::publish::EffectVerdict;
use crate::words::Lang;

/// Every KPI in a line.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn summary_dek(self) -> &'static str {
        self.pick(
            "Per kengetal: waarde, doel, beweging en status, met een korte uitleg.",
            "For each KPI its value, its target, whether it moved, and one sentence.",
        )
    }

    /// A figure that is above or below an earlier one, though its series tells of no signal.
    pub fn unlike(self, up: bool, period: Period, before: &str) -> String {
        let period = self.in_period(period);
        match (self.0, up) {
            (Lang::Nl, true) => format!("Hoger dan {period} ({before})."),
            (Lang::Nl, false) => format!("Lager dan {period} ({before})."),
            (Lang::En, true) => format!("Higher than {period} ({before})."),
            (Lang::En, false) => format!("Lower than {period} ({before})."),
        }
    }

    /// How far what rests on assumptions may be off; `measured`: by what is measured as well.
    pub fn on_assumptions(self, ends: &str, measured: bool, holds_zero: bool) -> String {
        let zero = if holds_zero { self.pick(": nul is mogelijk", ": zero is possible") } else { "" };
        match (self.0, measured) {
            (Lang::Nl, true) => format!("Op aannames, met de meetmarge erbij tussen {ends}{zero}."),
            (Lang::En, true) => format!("On assumptions; with the uncertainty of what is measured between {ends}{zero}."),
            (Lang::Nl, false) => format!("Volgens de aannames tussen {ends}{zero}."),
            (Lang::En, false) => format!("By the assumptions between {ends}{zero}."),
        }
    }
}

/// Indices.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    /// Names the part that adds most to the change of an index.
    pub fn index_heading(self, index: &str, value: &str, lowest: &str, of_lowest: &str) -> String {
        match self.0 {
            Lang::Nl => format!("{index}: {value}; het laagst is {}, {of_lowest}", self.quoted(lowest)),
            Lang::En => format!("{index}: {value}; lowest is {}, {of_lowest}", self.quoted(lowest)),
        }
    }

    /// An index by its abbreviation, at the start of a sentence.
    pub fn the_index(self, short: &str) -> String {
        format!("{} {short}", self.pick("De", "The"))
    }

    /// What an index did, and the part that adds most to that. `up`: none where it stayed the same. `proven`: whether a test
    /// tells it from chance.
    pub fn index_moved(self, index: &str, value: &str, up: Option<bool>, by: Option<&str>, proven: bool) -> String {
        let way = match (self.0, up) {
            (Lang::Nl, Some(true)) => "stijgt naar",
            (Lang::Nl, Some(false)) => "zakt naar",
            (Lang::Nl, None) => "blijft op",
            (Lang::En, Some(true)) => "rises to",
            (Lang::En, Some(false)) => "falls to",
            (Lang::En, None) => "stays at",
        };
        let most = match (self.0, up) {
            (Lang::Nl, Some(true)) => "die stijging zit vooral in",
            (Lang::Nl, _) => "die daling zit vooral in",
            (Lang::En, Some(true)) => "most of that rise is in",
            (Lang::En, _) => "most of that fall is in",
        };
        let by = by.map(|it| format!("; {most} {}", self.quoted(it))).unwrap_or_default();
        let chance = if proven || up.is_none() { "" } else { self.pick("; dat kan toeval zijn", "; that may be chance") };
        format!("{index} {way} {value}{by}{chance}")
    }

    pub fn index_plain(self, count: usize) -> String {
        match (self.0, count) {
            (Lang::Nl, 0) => "Geen index om te tonen".to_owned(),
            (Lang::Nl, 1) => "Waaruit de index bestaat".to_owned(),
            (Lang::Nl, _) => "Waaruit de indices bestaan".to_owned(),
            (Lang::En, 0) => "No index to show".to_owned(),
            (Lang::En, 1) => "What the index is made of".to_owned(),
            (Lang::En, _) => "What the indices are made of".to_owned(),
        }
    }

    pub fn no_index(self) -> &'static str {
        self.pick("Geen kengetal van dit rapport is een index.", "No KPI of this report is an index.")
    }

    pub fn index_how(self) -> &'static str {
        self.pick(
            "Een index is het gewogen gemiddelde van zijn onderdelen. Bijdrage aan het niveau is weging maal waarde; bijdrage aan de verandering is weging maal verschil. Een staaf is gekleurd waar een toets de verandering van het onderdeel van toeval onderscheidt.",
            "An index is the weighted mean of its parts. What a part adds to the level is weight times value, what it adds to the change weight times difference. A bar is coloured where a test tells the part's change from chance.",
        )
    }

    pub fn index_sum(self, index: &str, change: &str, exact: bool) -> String {
        match (self.0, exact) {
            (Lang::Nl, true) => format!("De bijdragen tellen, niet afgerond, op tot de verandering van {index}: {change}."),
            (Lang::Nl, false) => {
                format!(
                    "{index} veranderde met {change}; de bijdragen tellen daar niet toe op, want niet elk onderdeel is in beide perioden bekend."
                )
            }
            (Lang::En, true) => format!("The contributions add up, unrounded, to the change of {index}: {change}."),
            (Lang::En, false) => {
                format!("{index} changed by {change}; the contributions do not add up to it, as not every part is known in both periods.")
            }
        }
    }

    pub fn index_still(self, index: &str) -> String {
        match self.0 {
            Lang::Nl => format!("{index} heeft geen eerdere waarde om mee te vergelijken."),
            Lang::En => format!("{index} has no earlier value to compare with."),
        }
    }

    pub fn index_adds(self, parts: &[String], value: &str) -> String {
        match self.0 {
            Lang::Nl => format!("{} maken samen {value}.", capital(&self.list(parts))),
            Lang::En => format!("{} make {value} together.", capital(&self.list(parts))),
        }
    }

    /// What other weights come to: each part ten points more or less, or left out, and all alike, where they are not already.
    pub fn other_weights(self, low: &str, high: &str, same: Option<usize>, all: usize, alike: bool) -> String {
        let cases = self.number(all);
        let status = same.map(|same| match self.0 {
            Lang::Nl if same == all => format!("; in al die {cases} gevallen blijft de status dezelfde"),
            Lang::En if same == all => format!("; in all {cases} cases its status stays the same"),
            Lang::Nl => format!("; in {} van die {cases} gevallen blijft de status dezelfde", self.number(same)),
            Lang::En => format!("; in {} of these {cases} cases its status stays the same", self.number(same)),
        });
        let status = status.unwrap_or_default();
        match (self.0, alike) {
            (Lang::Nl, false) => format!(
                "Weegt één onderdeel tien procentpunt meer of minder, valt het weg, of wegen alle even zwaar, dan ligt de index tussen {low} en {high}{status}."
            ),
            (Lang::Nl, true) => format!(
                "Weegt één onderdeel tien procentpunt meer of minder, of valt het weg, dan ligt de index tussen {low} en {high}{status}."
            ),
            (Lang::En, false) => format!(
                "Were one part to weigh ten percentage points more or less, or to be left out, or all to weigh the same, the index would lie between {low} and {high}{status}."
            ),
            (Lang::En, true) => format!(
                "Were one part to weigh ten percentage points more or less, or to be left out, the index would lie between {low} and {high}{status}."
            ),
        }
    }

    pub fn weighted(self, part: &str, weight: &str) -> String {
        format!("{part} ({weight})")
    }
}

/// How the figures of a report stand to those of others: better, worse or other by more than chance; the same but for
/// chance; of which that cannot be told; and not comparable.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the line above names them")]
pub struct BenchmarkCounts {
    pub better: usize,
    pub worse: usize,
    pub other: usize,
    pub same: usize,
    pub untold: usize,
    pub refused: usize,
}

/// Figures of others.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn benchmarks_heading(self, of: BenchmarkCounts) -> String {
        let differing = of.better + of.worse + of.other;
        let compared = differing + of.same + of.untold;
        if compared == 0 {
            let none = of.refused == 0;
            let said = if none {
                self.pick("Geen cijfers van anderen", "No figures of others")
            } else {
                self.pick("Geen cijfer van anderen is vergelijkbaar", "No figure of others is comparable")
            };
            return said.to_owned();
        }
        if differing == 0 && of.untold == 0 {
            return self.pick("Geen verschil met anderen is meer dan toeval", "No difference from others is more than chance").to_owned();
        }
        let parts = [
            (of.better, "beter dan anderen", "better than others"),
            (of.worse, "slechter dan anderen", "worse than others"),
            (of.other, "anders dan bij anderen", "other than with others"),
            (of.same, "gelijk", "the same"),
            (of.untold, "niet te zeggen", "not to be told"),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|it| it.0 > 0)
            .enumerate()
            .map(|(at, (count, nl, en))| {
                let count = if at == 0 { self.number_first(count) } else { self.number(count) };
                format!("{count} {}", self.pick(nl, en))
            })
            .collect();
        parts.join(", ")
    }

    /// Of one figure of others: both, and whether they differ by more than chance.
    pub fn benchmark_heading(self, title: &str, own: &str, other: &str, signal: Option<bool>) -> String {
        let said = match (self.0, signal) {
            (Lang::Nl, Some(true)) => "meer verschil dan toeval",
            (Lang::Nl, Some(false)) => "verschil kan toeval zijn",
            (Lang::Nl, None) => "of dat toeval is, is niet te zeggen",
            (Lang::En, Some(true)) => "more of a difference than chance",
            (Lang::En, Some(false)) => "the difference may be chance",
            (Lang::En, None) => "whether that is chance cannot be told",
        };
        format!("{title} {own}, benchmark {other}: {said}")
    }

    /// `stroke`: whether an interval is drawn; `exact`: whether no interval is known of any figure of others.
    pub fn benchmarks_dek(self, empty: bool, declared: bool, stroke: bool, exact: bool) -> &'static str {
        match (empty, declared) {
            (true, false) => self.pick("Dit project noemt geen cijfers van anderen.", "This project names no figures of others."),
            (true, true) => self.pick(
                "Geen cijfer van anderen hoort bij een kengetal van dit rapport.",
                "No figure of others belongs to a KPI of this report.",
            ),
            _ if stroke && exact => self.pick(
                "De streep is het interval van het eigen cijfer; van dat van anderen is geen interval bekend.",
                "The stroke is the interval of one's own figure; no interval is known of that of others.",
            ),
            _ if stroke => self.pick("De streep is het interval van het eigen cijfer.", "The stroke is the interval of one's own figure."),
            _ => self.pick("Het eigen cijfer naast dat van anderen.", "One's own figure beside that of others."),
        }
    }

    pub fn left_of_files(self, count: usize) -> String {
        match (self.0, count) {
            (Lang::Nl, 1) => "Eén cijfer uit een bestand is niet vergelijkbaar en staat er niet bij.".to_owned(),
            (Lang::En, 1) => "One figure out of a file cannot be compared and is left out.".to_owned(),
            (Lang::Nl, _) => format!("{} cijfers uit een bestand zijn niet vergelijkbaar en staan er niet bij.", self.number_first(count)),
            (Lang::En, _) => format!("{} figures out of a file cannot be compared and are left out.", self.number_first(count)),
        }
    }

    pub fn beside(self, own: &str, other: &str) -> String {
        format!("{own} {} {other}", self.pick("naast", "beside"))
    }

    pub fn benchmark_mark(self, value: &str) -> String {
        format!("benchmark {value}")
    }

    pub fn benchmark_difference(self, own: &str, other: &str, change: &str, ends: Option<&str>, signal: Option<bool>) -> String {
        let ends = ends.map(|it| format!(" ({it})")).unwrap_or_default();
        let said = match (self.0, signal) {
            (Lang::Nl, Some(true)) => "groter dan de onzekerheid",
            (Lang::Nl, Some(false)) => "binnen de onzekerheid",
            (Lang::Nl, None) => "of dat meer is dan toeval is niet te zeggen",
            (Lang::En, Some(true)) => "larger than its uncertainty",
            (Lang::En, Some(false)) => "within its uncertainty",
            (Lang::En, None) => "whether that is more than chance cannot be told",
        };
        match self.0 {
            Lang::Nl => format!("{own} tegen {other}: een verschil van {change}{ends}, {said}."),
            Lang::En => format!("{own} against {other}: a difference of {change}{ends}, {said}."),
        }
    }

    /// That two figures are of other periods.
    pub fn other_period(self, own: Period, other: Period) -> String {
        let (own, other) = (self.0.period(own), self.0.period(other));
        match self.0 {
            Lang::Nl => format!("Niet van dezelfde tijd: {own} naast {other}."),
            Lang::En => format!("Not of the same time: {own} beside {other}."),
        }
    }

    /// In what both figures are: "schaal: CES 1–7".
    pub fn scale_of(self, measure: &str) -> String {
        format!("{}: {measure}", self.pick("schaal", "scale"))
    }

    pub fn taken_as_exact(self) -> &'static str {
        self.pick("Van het andere cijfer is geen onzekerheid bekend.", "No uncertainty is known of the other figure.")
    }

    pub fn source_of(self, source: &str) -> String {
        format!("{}: {}", self.pick("Bron", "Source"), source.trim_end_matches('.'))
    }
}

/// What is paid.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn value_over(self, period: &str, so_far: bool) -> String {
        let so_far = if so_far { self.pick(" tot nu toe", " so far") } else { "" };
        format!("{} {period}{so_far}", self.pick("Waarde", "Value"))
    }

    pub fn provisional_total(self, total: &str) -> String {
        format!("{total} ({})", self.pick("voorlopig", "provisional"))
    }

    pub fn incentives_heading(self, paid: &[(String, String)]) -> String {
        match (self.0, paid) {
            (_, []) => self.pick("Geen bonus om te tonen", "No incentive to show").to_owned(),
            (Lang::Nl, [(title, total)]) => format!("{title} komt uit op {total}"),
            (Lang::En, [(title, total)]) => format!("{title} comes to {total}"),
            (_, many) => many.iter().map(|(title, total)| format!("{title}: {total}")).collect::<Vec<_>>().join("; "),
        }
    }

    pub fn pays_nothing(self, part: &str) -> String {
        format!("{part} {}", self.pick("levert niets op", "pays nothing"))
    }

    /// Why a part pays nothing: the figure that is paid on does not reach where pay begins.
    pub fn below_pay(self, part: &str, low_end: bool, figure: &str, below: bool, begins: &str) -> String {
        let figure = match (low_end, self.0) {
            (true, Lang::Nl) => format!("de onderkant van het interval, {figure},"),
            (true, Lang::En) => format!("the low end of the interval, {figure},"),
            (false, _) => figure.to_owned(),
        };
        match self.0 {
            Lang::Nl => format!("{part}: {figure} ligt {} {begins}, waar de betaling begint", if below { "onder" } else { "boven" }),
            Lang::En => format!("{part}: {figure} lies {} {begins}, where pay begins", if below { "below" } else { "above" }),
        }
    }

    /// The same where there is no figure to pay on.
    pub fn because(self, part: &str, why: &str) -> String {
        format!("{part}: {why}")
    }

    pub fn no_incentives(self) -> &'static str {
        self.pick("Dit project heeft geen bonus die bij dit rapport hoort.", "This project has no incentive that belongs to this report.")
    }

    pub fn incentives_how(self) -> &'static str {
        self.pick(
            "De bonus is per team. In de eerste band wordt niets betaald; in de volgende loopt de betaling op tot 100% bij de streep, in de laatste nog verder. Voorbij de banden komt er niets meer bij of af. Een open punt is de waarde waarop is betaald. Percentages zijn pas aan het eind afgerond.",
            "Pay is by team. In the first band nothing is paid; in the next one pay grows to 100% at the line, in the last beyond that. Past the bands nothing is added or taken off. A hollow dot is what was paid on. Percentages are rounded at the end.",
        )
    }

    pub fn paid_on(self, low_end: bool) -> &'static str {
        if low_end {
            self.pick("betaald op de onderkant van het interval", "paid on the low end of the interval")
        } else {
            self.pick("betaald op het cijfer zelf", "paid on the figure itself")
        }
    }

    pub fn pays_at(self, pay: &str, at: &str) -> String {
        format!("{pay} {} {at}", self.pick("bij", "at"))
    }

    pub fn was_paid_on(self, value: &str) -> String {
        format!("{} {value}", self.pick("betaald op", "paid on"))
    }

    pub fn withheld(self, of: Withheld) -> &'static str {
        match of {
            Withheld::Hidden => {
                self.pick("niets: verborgen om wie antwoordde te beschermen", "nothing: hidden to protect those who answered")
            }
            Withheld::TooFew => self.pick("niets: te weinig antwoorden", "nothing: too few answers"),
            Withheld::NoData => self.pick("niets: geen gegevens", "nothing: no data"),
            Withheld::OtherLength => self.pick("niets: geen cijfers over zo'n periode", "nothing: no figures over such a period"),
            Withheld::NoLowEnd => self.pick("niets: geen interval, en de onderkant telt", "nothing: no interval, and its low end counts"),
        }
    }

    pub fn asked(self, comparison: Comparison, value: &str) -> String {
        let word = match comparison {
            Comparison::Equal => self.pick("precies", "exactly"),
            Comparison::NotEqual => self.pick("niet", "not"),
            Comparison::Less => self.pick("minder dan", "less than"),
            Comparison::LessEqual => self.pick("hoogstens", "at most"),
            Comparison::Greater => self.pick("meer dan", "more than"),
            Comparison::GreaterEqual => self.pick("minstens", "at least"),
        };
        format!("{word} {value}")
    }

    pub fn condition_met(self, met: Option<bool>) -> &'static str {
        match met {
            Some(true) => self.pick("voldaan", "met"),
            Some(false) => self.pick("niet voldaan", "not met"),
            None => self.pick("onbekend", "unknown"),
        }
    }

    /// Why nothing is paid although parts earn something, and what is to be known of the total.
    pub fn pay_remarks(self, met: Option<bool>, conditional: bool, provisional: bool, from: Option<Date>) -> Vec<String> {
        let mut said = Vec::new();
        match met {
            Some(false) => said.push(
                self.pick("Er wordt niets betaald: niet aan elke voorwaarde is voldaan.", "Nothing is paid: not every condition is met.")
                    .to_owned(),
            ),
            None => said.push(
                self.pick(
                    "Er wordt niets betaald: of aan elke voorwaarde is voldaan is onbekend.",
                    "Nothing is paid: whether every condition is met is unknown.",
                )
                .to_owned(),
            ),
            Some(true) if conditional => said.push(self.pick("Aan de voorwaarden is voldaan.", "The conditions are met.").to_owned()),
            Some(true) => {}
        }
        if provisional {
            said.push(self.pick("Voorlopig: de periode is nog niet voorbij.", "Provisional: the period is not over yet.").to_owned());
        }
        if let Some(day) = from {
            said.push(format!("{} {}.", self.pick("Gegevens vanaf", "Data from"), self.0.date(day)));
        }
        said
    }

    pub fn paid_before(self) -> &'static str {
        self.pick("Wat dezelfde afspraken eerder hadden betaald", "What the same terms would have paid before")
    }
}

/// Actions.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    /// What came of the one action that is done; `alone`: where it begins the sentence.
    fn one_done(self, verdict: EffectVerdict, alone: bool) -> String {
        let done = match (self.0, alone) {
            (Lang::Nl, true) => "de afgeronde actie",
            (Lang::Nl, false) => "de afgeronde",
            (Lang::En, true) => "the action that is done",
            (Lang::En, false) => "the one that is done",
        };
        let moved = match verdict {
            EffectVerdict::NotShown => {
                return format!("{done} {}", self.pick("liet geen effect zien", "showed no effect"));
            }
            EffectVerdict::Untested => {
                return match self.0 {
                    Lang::Nl => format!("of {done} iets deed, is niet te zeggen"),
                    Lang::En => format!("whether {done} did anything cannot be told"),
                };
            }
            EffectVerdict::AsExpected => self.pick("zoals verwacht", "as expected"),
            EffectVerdict::Less => self.pick("minder dan verwacht", "less than expected"),
            EffectVerdict::More => self.pick("meer dan verwacht", "more than expected"),
            EffectVerdict::Signal => self.pick("zoals bedoeld", "as intended"),
            EffectVerdict::Contrary => self.pick("de andere kant op", "the other way"),
        };
        match self.0 {
            Lang::Nl => format!("na {done} bewoog het cijfer {moved}"),
            Lang::En => format!("after {done} the figure moved {moved}"),
        }
    }

    /// What was measured of the one action that is done, and what was expected.
    pub fn done_figures(self, measured: &str, expected: &str) -> String {
        format!("{measured}, {} {expected}", self.pick("verwacht", "expected"))
    }

    /// The same in a sentence of its own.
    pub fn of_the_done(self, figures: &str) -> String {
        format!("{}: {figures}.", self.pick("De afgeronde", "The one that is done"))
    }

    /// Whether something is being done, and whether what was done had an effect.
    /// `asked`: how many wait for a decision; `one`: what came of the only one that is done, where it expects one thing.
    pub fn actions_heading(
        self,
        asked: usize,
        running: usize,
        overdue: usize,
        done: usize,
        worked: usize,
        one: Option<EffectVerdict>,
    ) -> String {
        // Where nothing runs, what was done is the news.
        if let Some(one) = one.filter(|_| asked == 0 && running == 0 && overdue == 0) {
            return capital(&self.one_done(one, true));
        }
        let mut said = match (self.0, running) {
            (Lang::Nl, 0) if asked == 1 => "Eén actie wacht op een besluit".to_owned(),
            (Lang::Nl, 0) if asked > 1 => format!("{} acties wachten op een besluit", self.number_first(asked)),
            (Lang::En, 0) if asked == 1 => "One action waits for a decision".to_owned(),
            (Lang::En, 0) if asked > 1 => format!("{} actions wait for a decision", self.number_first(asked)),
            (Lang::Nl, 0) => "Er loopt nu geen actie".to_owned(),
            (Lang::Nl, 1) => "Er loopt één actie".to_owned(),
            (Lang::Nl, it) => format!("Er lopen {} acties", self.number(it)),
            (Lang::En, 0) => "No action is running".to_owned(),
            (Lang::En, 1) => "One action is running".to_owned(),
            (Lang::En, it) => format!("{} actions are running", self.number_first(it)),
        };
        if overdue > 0 {
            said.push_str(&match self.0 {
                Lang::Nl => format!(", {} over de einddatum", self.number(overdue)),
                Lang::En => format!(", {} past the end date", self.number(overdue)),
            });
        }
        if let Some(one) = one {
            return format!("{said}; {}", self.one_done(one, false));
        }
        said.push_str(&match (self.0, done, worked) {
            (_, 0, _) => String::new(),
            (Lang::Nl, 1, 0) => "; van de afgeronde is geen effect aangetoond".to_owned(),
            (Lang::Nl, 1, _) => "; na de afgeronde bewoog het cijfer zoals bedoeld".to_owned(),
            (Lang::Nl, _, 0) => "; van geen afgeronde is effect aangetoond".to_owned(),
            (Lang::Nl, all, it) => {
                format!("; na {} van de {} afgeronde bewoog het cijfer zoals bedoeld", self.number(it), self.number(all))
            }
            (Lang::En, 1, 0) => "; the one that is done showed no effect".to_owned(),
            (Lang::En, 1, _) => "; after the one that is done the figure moved as intended".to_owned(),
            (Lang::En, _, 0) => "; none that is done showed an effect".to_owned(),
            (Lang::En, all, it) => {
                format!("; after {} of {} that are done the figure moved as intended", self.number(it), self.number(all))
            }
        });
        said
    }

    pub fn actions_counted(self, running: usize, planned: usize, ideas: usize, done: usize, stopped: usize) -> String {
        let all = running + planned + ideas + done + stopped;
        let parts = [
            (running, "lopend", "running"),
            (planned, "nog niet begonnen", "not begun"),
            (ideas, "idee", "only an idea"),
            (done, "klaar", "done"),
            (stopped, "gestopt", "stopped"),
        ];
        let word = parts.iter().find(|it| it.0 > 0).map_or("", |it| self.pick(it.1, it.2));
        let alike = parts.iter().filter(|it| it.0 > 0).count() == 1;
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|it| it.0 > 0)
            .map(|(count, nl, en)| format!("{} {}", self.number(count), self.pick(nl, en)))
            .collect();
        match (self.0, all) {
            (Lang::Nl, 0) => "Nog geen acties".to_owned(),
            (Lang::En, 0) => "No actions yet".to_owned(),
            (Lang::Nl, 1) => format!("Eén actie: {word}"),
            (Lang::En, 1) => format!("One action: {word}"),
            (Lang::Nl, it) if planned == all => format!("{} acties, nog geen begonnen", self.number_first(it)),
            (Lang::En, it) if planned == all => format!("{} actions, none begun", self.number_first(it)),
            (Lang::Nl, it) if alike => format!("{} acties, alle {}", self.number_first(it), word),
            (Lang::En, it) if alike => format!("{} actions, all {}", self.number_first(it), word),
            (Lang::Nl, it) => format!("{} acties: {}", self.number_first(it), parts.join(", ")),
            (Lang::En, it) => format!("{} actions: {}", self.number_first(it), parts.join(", ")),
        }
    }

    /// `controlled`: whether something measured stands beside a control.
    pub fn actions_dek(self, empty: bool, measured: bool, controlled: bool) -> &'static str {
        match (empty, measured) {
            (true, _) => self.pick("Dit project noemt geen acties.", "This project names no actions."),
            (_, true) if !controlled => self.pick(
                "Wat verwacht werd naast wat gemeten is: het verschil tussen voor en na.",
                "What was expected stands beside what was measured: the difference between before and after.",
            ),
            (_, true) => self.pick(
                "Wat verwacht werd naast wat gemeten is, afgezet tegen wie de actie niet trof.",
                "What was expected stands beside what was measured, set against those whom the action did not touch.",
            ),
            _ => self.pick("Het effect is wat vooraf werd verwacht.", "The effect is what was expected beforehand."),
        }
    }

    pub fn only_for(self, part: &str, rest: bool) -> String {
        let against = if rest { self.pick(", vergeleken met de rest", ", compared with the rest") } else { "" };
        format!("{} {part}{against}", self.pick("Alleen", "Only"))
    }

    pub fn compared_with(self, part: &str) -> String {
        format!("{} {part}", self.pick("vergeleken met", "compared with"))
    }

    /// "CES +0,40 uiterlijk Q2 2026".
    /// What is expected of a figure, with where it stands now, of the place that the action is for, and its target.
    pub fn change_from(self, kpi: &str, change: &str, now: Option<(Option<&str>, &str)>, target: Option<&str>) -> String {
        let now = now.map(|(place, it)| {
            let place = place.map(|it| format!("{it} ")).unwrap_or_default();
            format!("{place}{} {it}", self.pick("nu", "now"))
        });
        let target = target.map(|it| format!("{} {it}", self.pick("doel", "target")));
        let beside: Vec<String> = now.into_iter().chain(target).collect();
        if beside.is_empty() { format!("{kpi} {change}") } else { format!("{kpi} {change} ({})", beside.join("; ")) }
    }

    pub fn expected_effect(self, kpi: &str, by: Option<Period>) -> String {
        let by = by.map(|it| format!(", {} {}", self.pick("uiterlijk", "by"), self.0.period_short(it))).unwrap_or_default();
        format!("{kpi}{by}")
    }

    pub fn decision_needed(self) -> &'static str {
        self.pick("Besluit nodig", "Decision needed")
    }

    /// What is proposed, and what is expected of it by when.
    pub fn proposal(self, what: &str, expected: &[(Option<Period>, Vec<String>)]) -> String {
        if expected.is_empty() {
            return format!("{what}. {}", self.pick("Wat het doet, is niet ingeschat.", "What it will do has not been estimated."));
        }
        let by =
            |of: Option<Period>| of.map(|it| format!(" {} {}", self.pick("uiterlijk", "by"), self.0.period_short(it))).unwrap_or_default();
        let expected =
            expected.iter().map(|(when, changes)| format!("{}{}: {}.", self.pick("Verwacht", "Expected"), by(*when), self.list(changes)));
        format!("{what}. {}", expected.collect::<Vec<_>>().join(" "))
    }

    pub fn from_to_days(self, from: Option<Date>, until: Option<Date>) -> String {
        // A date stays on its line.
        let date = |it: Date| self.0.date_short(it).replace(' ', "\u{a0}");
        match (from, until) {
            (Some(from), Some(until)) => format!("{}\u{a0}– {}", date(from), date(until)),
            (Some(from), None) => format!("{} {}", self.pick("vanaf", "from"), date(from)),
            (None, Some(until)) => format!("{} {}", self.pick("tot en met", "until"), date(until)),
            (None, None) => "–".to_owned(),
        }
    }
}

/// What a team moves.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn team_heading(self, team: Option<&str>, own: usize, others: usize) -> String {
        let Some(team) = team else {
            return self.pick("Voor welk team dit rapport is, staat er niet bij", "Whose report this is, is not said").to_owned();
        };
        match (self.0, own, others) {
            (Lang::Nl, 0, 0) => format!("{team} beweegt geen doel"),
            (Lang::En, 0, 0) => format!("{team} moves no goal"),
            (Lang::Nl, _, 0) => format!("{team} heeft {}", self.goals_counted(own)),
            (Lang::En, _, 0) => format!("{team} has {}", self.goals_counted(own)),
            (Lang::Nl, 0, _) => format!("{team} beweegt {} van anderen", self.goals_counted(others)),
            (Lang::En, 0, _) => format!("{team} moves {} of others", self.goals_counted(others)),
            (Lang::Nl, _, _) => format!("{team} heeft {}, en beweegt er {} van anderen", self.goals_counted(own), self.number(others)),
            (Lang::En, _, _) => format!("{team} has {}, and moves {} of others", self.goals_counted(own), self.number(others)),
        }
    }

    fn goals_counted(self, count: usize) -> String {
        let word = if count == 1 { self.pick("doel", "goal") } else { self.pick("doelen", "goals") };
        format!("{} {word}", self.number(count))
    }

    pub fn team_dek(self, empty: bool) -> &'static str {
        if empty {
            return self.pick(
                "Geen doel, enabler of kengetal van dit team raakt een doel.",
                "No goal, enabler or KPI of this team touches a goal.",
            );
        }
        self.pick(
            "Eerst de eigen doelen, dan die van anderen, elk langs de kortste weg. Wat van één stap gezegd wordt, is voor de volgende niet bewezen.",
            "First its own goals, then those of others, each by the shortest way. What is said of one step is not proved of the next.",
        )
    }

    pub fn through_own(self) -> &'static str {
        self.pick("eigen doel", "own goal")
    }

    /// A step on the way from a team to a goal, with its strength: "meet 60%".
    pub fn hop(self, hop: &Hop) -> String {
        let strength = match (hop.link, hop.strength) {
            (_, None) => String::new(),
            (Link::Serves | Link::Lifts | Link::ServedBy, Some(it)) => format!(" {}", self.0.number_up_to(it, 2)),
            (_, Some(it)) => format!(" {}", self.0.percent(it * 100.0, 0)),
        };
        let word = match hop.link {
            Link::Asks => self.pick("vraagt", "asks"),
            Link::Formula => self.pick("telt mee in", "counts in"),
            Link::Measures => self.pick("meet", "measures"),
            Link::PartOf => self.pick("deel van", "part of"),
            Link::Serves => self.pick("dient", "serves"),
            Link::Lifts => self.pick("tilt", "lifts"),
            Link::ServedBy => self.pick("gediend door", "served by"),
        };
        format!("{word}{strength}")
    }

    pub fn beyond_team(self, goals: &[String]) -> String {
        match self.0 {
            Lang::Nl => format!("Niets van dit team leidt naar {}.", self.list(goals)),
            Lang::En => format!("Nothing of this team leads to {}.", self.list(goals)),
        }
    }

    pub fn fixed_figures(self, kpis: &[String]) -> String {
        match self.0 {
            Lang::Nl => format!("Door niemand te beïnvloeden: {}.", self.list(kpis)),
            Lang::En => format!("Nobody can influence {}.", self.list(kpis)),
        }
    }

    pub fn no_goal_team(self) -> &'static str {
        self.pick("Noem met `for` voor welk team dit rapport is.", "Say by `for` for which team this report is.")
    }
}
