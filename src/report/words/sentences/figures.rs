//! What is said of a figure and how it moves?

use super::{Say, capital};
use crate::calendar::Grain;
use crate::calendar::Period;
use crate::value::Unit;
use crate::words::Lang;

/// Figures and how they move.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    /// How many of the judged figures are on target, and of how many of those that is not proven.
    pub fn scorecards_heading(self, reached: usize, unproven: usize, judged: usize) -> String {
        if unproven == 0 {
            return self.reached_heading(reached, judged);
        }
        let (proven, all) = (reached - unproven, self.number(judged));
        match self.0 {
            Lang::Nl => {
                let first = match proven {
                    0 => format!("Geen van de {all} beoordeelde kengetallen haalt het doel zeker"),
                    1 => format!("Eén van de {all} beoordeelde kengetallen haalt het doel zeker"),
                    _ => format!("{} van de {all} beoordeelde kengetallen halen hun doel zeker", self.number_first(proven)),
                };
                format!("{first}, {} misschien", self.number(unproven))
            }
            Lang::En => {
                let first = match proven {
                    0 => format!("None of {all} judged KPIs reaches its target for certain"),
                    1 => format!("One of {all} judged KPIs reaches its target for certain"),
                    _ => format!("{} of {all} judged KPIs reach their target for certain", self.number_first(proven)),
                };
                format!("{first}, {} may do so", self.number(unproven))
            }
        }
    }

    fn reached_heading(self, reached: usize, judged: usize) -> String {
        let all = self.number(judged);
        match (self.0, reached) {
            _ if judged == 0 => self.pick("Cijfers zonder oordeel", "Figures without judgement").to_owned(),
            (Lang::Nl, 0) => "Geen enkel beoordeeld kengetal haalt zijn doel".to_owned(),
            (Lang::Nl, 1) => format!("Eén van de {all} beoordeelde kengetallen haalt het doel"),
            (Lang::Nl, it) if it == judged => "Elk beoordeeld kengetal haalt zijn doel".to_owned(),
            (Lang::Nl, it) => format!("{} van de {all} beoordeelde kengetallen halen hun doel", self.number_first(it)),
            (Lang::En, 0) => "No judged KPI reaches its target".to_owned(),
            (Lang::En, 1) => format!("One of {all} judged KPIs reaches its target"),
            (Lang::En, it) if it == judged => "Every judged KPI reaches its target".to_owned(),
            (Lang::En, it) => format!("{} of {all} judged KPIs reach their target", self.number_first(it)),
        }
    }

    /// Names the few that ask for action, those that are not proven apart.
    pub fn acting(self, proven: &[String], unproven: &[String]) -> Option<String> {
        let (certain, other) = (self.list(proven), self.list(unproven));
        Some(match (self.0, proven.len(), unproven.len()) {
            (_, 0, 0) | (_, 4.., _) | (_, _, 4..) => return None,
            (_, 0, _) => format!("{}: {other}.", self.pick("Actie nodig", "Action needed")),
            (_, _, 0) => format!("{}: {certain}.", self.pick("Actie nodig", "Action needed")),
            (Lang::Nl, ..) => format!("Voor {certain} is dat zeker, voor {other} nog niet bewezen."),
            (Lang::En, ..) => format!("That is certain for {certain}, and not yet proven for {other}."),
        })
    }

    pub fn scorecards_how(self, confidence: f64) -> String {
        let percent = self.0.number_up_to(confidence * 100.0, 1);
        match self.0 {
            Lang::Nl => format!(
                "Een cijfer uit een steekproef heeft een betrouwbaarheidsinterval van {percent}%. De grijze band achter het verloop is wat gebruikelijk is: de natuurlijke spreiding (XmR). Een verschil heeft kleur als het groter is dan zijn onzekerheid; of het verloop een signaal geeft, staat onder Beweging."
            ),
            Lang::En => format!(
                "A figure from a sample has a {percent}% confidence interval. The grey band behind a trend is what is usual: its natural spread (XmR). A difference is coloured where it exceeds its uncertainty; whether the series gives a signal stands under Movement."
            ),
        }
    }

    /// Why a difference has colour where the series gives no signal.
    /// A series left its limits and came back.
    pub fn came_and_went(self, grain: Grain) -> String {
        let word = self.grain(grain, 1);
        match self.0 {
            Lang::Nl => format!("één {word} buiten de grenzen, weer terug"),
            Lang::En => format!("one {word} beyond the limits, and back"),
        }
    }

    pub fn more_than_chance(self) -> &'static str {
        self.pick("maar een verschil is groter dan toeval", "yet a difference is beyond chance")
    }

    pub fn before(self) -> &'static str {
        self.pick("vorige", "previous")
    }

    pub fn year_before(self) -> &'static str {
        self.pick("vorig jaar", "last year")
    }

    pub fn lower_is_better(self) -> &'static str {
        self.pick("lager is beter", "lower is better")
    }

    pub fn scale(self, unit: &Unit) -> Option<String> {
        match unit {
            Unit::Score { low, high } | Unit::Index { low, high } => {
                Some(format!("{}–{}", self.0.number_up_to(*low, 1), self.0.number_up_to(*high, 1)))
            }
            Unit::Per { words, .. } => Some(self.per(words)),
            _ => None,
        }
    }

    /// `per 1,000` as a Dutch reader writes it.
    pub(super) fn per(self, words: &str) -> String {
        if self.0 == Lang::Nl { words.replace(',', ".") } else { words.to_owned() }
    }

    pub fn spark(self, count: usize, grain: Grain, first: &str, last: &str) -> String {
        let grain = self.grain(grain, count);
        match self.0 {
            Lang::Nl => format!("Verloop over {count} {grain}, van {first} naar {last}."),
            Lang::En => format!("Trend over {count} {grain}, from {first} to {last}."),
        }
    }

    pub fn bullet(self, title: &str, value: &str, target: &str) -> String {
        if target.is_empty() { format!("{title}: {value}.") } else { format!("{title}: {value}, {target}.") }
    }

    pub fn too_few(self, base: u32) -> String {
        match self.0 {
            Lang::Nl => format!("Minder dan {base} antwoorden: getoond zonder oordeel."),
            Lang::En => format!("Fewer than {base} answers: shown without judgement."),
        }
    }

    pub fn hidden_figure(self) -> &'static str {
        self.pick("Verborgen om de mensen te beschermen die antwoordden.", "Hidden to protect the people who answered.")
    }

    pub fn no_figure(self, why: &str) -> String {
        format!("{}.", capital(why))
    }

    pub fn no_time(self) -> &'static str {
        self.pick(
            "Deze bron kent geen tijd: er is niets om mee te vergelijken.",
            "This source has no time: there is nothing to compare with.",
        )
    }

    pub fn windowed(self) -> &'static str {
        self.pick(
            "Elk cijfer telt eerdere perioden mee; natuurlijke grenzen gelden dan niet.",
            "Each figure counts earlier periods too; natural limits do not hold then.",
        )
    }

    pub fn not_comparable(self) -> &'static str {
        self.pick("De definitie is gewijzigd: niet te vergelijken met eerder.", "The definition changed: not comparable with before.")
    }

    pub fn too_short(self) -> &'static str {
        self.pick("Te weinig perioden om een beweging te beoordelen.", "Too few periods to judge a movement.")
    }

    /// A sentence on a series, with whether it gives a signal; `said` begins in lower case.
    pub fn signalled(self, signal: bool, said: &str) -> String {
        let label = if signal { self.pick("Signaal", "Signal") } else { self.pick("Geen signaal", "No signal") };
        format!("{label}: {said}")
    }

    pub fn within_limits(self, count: usize, grain: Grain, range: &str) -> String {
        format!("{} {} ({range}).", self.points_were(count, count, grain), self.pick("zoals gebruikelijk", "as usual"))
    }

    /// How much of the reported period lies beyond a natural limit, for who does not know that word.
    /// `back`: not the last of its points.
    pub fn outside_limits(self, (outside, count, back): (usize, usize, bool), grain: Grain, above: bool, limit: &str) -> String {
        let said = match (self.0, above) {
            (Lang::Nl, true) => format!("hoger dan gebruikelijk (bovengrens {limit})"),
            (Lang::Nl, false) => format!("lager dan gebruikelijk (ondergrens {limit})"),
            (Lang::En, true) => format!("higher than usual (upper limit {limit})"),
            (Lang::En, false) => format!("lower than usual (lower limit {limit})"),
        };
        format!("{} {said}{}.", self.points_were(outside, count, grain), self.not_the_last(back))
    }

    /// The same, shorter, where it is said already that a limit was left.
    pub fn beyond_limit(self, (outside, count, back): (usize, usize, bool), grain: Grain, above: bool, limit: &str) -> String {
        let place = match (self.0, above) {
            (Lang::Nl, true) => "boven de grens van",
            (Lang::Nl, false) => "onder de grens van",
            (Lang::En, true) => "above the limit of",
            (Lang::En, false) => "below the limit of",
        };
        format!("{} {place} {limit}{}.", capital(&self.points_were(outside, count, grain)), self.not_the_last(back))
    }

    fn not_the_last(self, back: bool) -> &'static str {
        if back { self.pick(", de laatste niet", ", the last was not") } else { "" }
    }

    /// "twee van de drie maanden waren"; of a period that is one point "dat is".
    fn points_were(self, of: usize, count: usize, grain: Grain) -> String {
        let (number, all, grains) = (self.number(of), self.number(count), self.grain(grain, count));
        match (self.0, count, of) {
            (_, 1, _) => self.pick("dat is", "that is").to_owned(),
            (Lang::Nl, _, 1) => format!("{number} van de {all} {grains} was"),
            (Lang::Nl, ..) if of == count => format!("alle {all} de {grains} waren"),
            (Lang::Nl, ..) => format!("{number} van de {all} {grains} waren"),
            (Lang::En, _, 1) => format!("{number} of {all} {grains} was"),
            (Lang::En, ..) if of == count => format!("all {all} {grains} were"),
            (Lang::En, ..) => format!("{number} of {all} {grains} were"),
        }
    }

    /// How much of the reported period lies beyond a natural limit.
    pub fn outside(self, outside: usize, count: usize, grain: Grain, above: bool) -> String {
        let place = match (self.0, above) {
            (Lang::Nl, true) => "boven de bovengrens",
            (Lang::Nl, false) => "onder de ondergrens",
            (Lang::En, true) => "above the upper limit",
            (Lang::En, false) => "below the lower limit",
        };
        let (number, all, grains) = (self.number(outside), self.number(count), self.grain(grain, count));
        match (self.0, count) {
            (_, 1) => place.to_owned(),
            (Lang::Nl, _) if outside == count => format!("alle {all} de {grains} {place}"),
            (Lang::Nl, _) => format!("{number} van de {all} {grains} {place}"),
            (Lang::En, _) if outside == count => format!("all {all} {grains} {place}"),
            (Lang::En, _) => format!("{number} of {all} {grains} {place}"),
        }
    }

    pub fn run(self, count: usize, grain: Grain, above: bool, centre: &str) -> String {
        let grains = self.grain(grain, count);
        let number = self.number(count);
        match (self.0, above) {
            (Lang::Nl, true) => format!("{number} {grains} op rij boven het gemiddelde van {centre}."),
            (Lang::Nl, false) => format!("{number} {grains} op rij onder het gemiddelde van {centre}."),
            (Lang::En, true) => format!("{number} {grains} in a row above the mean of {centre}."),
            (Lang::En, false) => format!("{number} {grains} in a row below the mean of {centre}."),
        }
    }

    pub fn near_limit(self, grain: Grain, above: bool, limit: &str) -> String {
        let grains = self.grain(grain, 4);
        match (self.0, above) {
            (Lang::Nl, true) => format!("binnen vier {grains} drie keer dicht bij de bovengrens van het gebruikelijke ({limit})."),
            (Lang::Nl, false) => {
                format!("binnen vier {grains} drie keer dicht bij de ondergrens van het gebruikelijke ({limit}).")
            }
            (Lang::En, true) => format!("three times within four {grains} near the upper limit of what is usual ({limit})."),
            (Lang::En, false) => format!("three times within four {grains} near the lower limit of what is usual ({limit})."),
        }
    }

    pub fn provisional(self, points: usize, grain: Grain) -> String {
        let grains = self.grain(grain, points);
        match self.0 {
            Lang::Nl => format!("Voorlopige grenzen, uit {points} {grains}."),
            Lang::En => format!("Provisional limits, from {points} {grains}."),
        }
    }

    /// Of a difference that is tested, whether it exceeds its uncertainty.
    pub fn tested(self, signal: bool, change: &str, period: Period) -> String {
        let period = self.the_period(period);
        match (self.0, signal) {
            (Lang::Nl, true) => format!("het verschil met {period} ({change}) is groter dan de onzekerheid."),
            (Lang::Nl, false) => format!("het verschil met {period} ({change}) valt binnen de onzekerheid."),
            (Lang::En, true) => format!("the difference with {period} ({change}) is larger than its uncertainty."),
            (Lang::En, false) => format!("the difference with {period} ({change}) is within its uncertainty."),
        }
    }
}
