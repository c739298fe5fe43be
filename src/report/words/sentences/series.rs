//! What is said of a series, and of what is measured?

use super::{Say, capital};
use crate::calendar::Date;
use crate::calendar::Grain;
use crate::calendar::Period;
use crate::report::view::Movement;
use crate::words::Lang;

/// Series.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    /// How many series give a signal, of all, and how many measurements these are of.
    pub fn trends_heading(self, signals: usize, all: usize, measurements: usize) -> String {
        let first = self.number_first(measurements.min(signals));
        match (self.0, signals) {
            _ if all == 0 => self.pick("Nog geen verloop", "No trends yet").to_owned(),
            (Lang::Nl, 0) => "Geen enkele reeks geeft een signaal".to_owned(),
            (Lang::En, 0) => "No series shows a signal".to_owned(),
            (Lang::Nl, _) if measurements == 1 => "Eén meting is anders dan gebruikelijk".to_owned(),
            (Lang::Nl, _) => format!("{first} metingen zijn anders dan gebruikelijk"),
            (Lang::En, _) if measurements == 1 => "One measurement is not as usual".to_owned(),
            (Lang::En, _) => format!("{first} measurements are not as usual"),
        }
    }

    /// In how many series that is seen, where these are more: several KPIs rest on one measurement.
    pub fn in_series(self, signals: usize, all: usize) -> String {
        let (within, count) = (self.number(signals), self.number(all));
        match self.0 {
            Lang::Nl => format!("Ook andere kengetallen over dezelfde antwoorden wijken af: samen {within} van de {count} reeksen."),
            Lang::En => format!("Other KPIs over the same answers are not as usual either: {within} of {count} series in all."),
        }
    }

    pub fn trends_how(self, confidence: f64, intervals: bool, ranges: bool, thresholds: bool, limits: bool) -> String {
        let percent = self.0.number_up_to(confidence * 100.0, 1);
        let mut said = Vec::new();
        if intervals {
            said.push(match self.0 {
                Lang::Nl => format!("Band: {percent}%-betrouwbaarheidsinterval."),
                Lang::En => format!("Band: {percent}% confidence interval."),
            });
        }
        if ranges {
            said.push(
                self.pick(
                    "Bij cijfers die op aannames rusten is de band alles wat het cijfer dan kan zijn.",
                    "Of figures that rest on assumptions the band is all that the figure may then be.",
                )
                .to_owned(),
            );
        }
        said.push(match thresholds {
            true => self
                .pick("Streepjeslijn: het doel; streep en punt: de drempel.", "Dashes: the target; dash and dot: the threshold.")
                .to_owned(),
            false => self.pick("Streepjeslijn: het doel.", "Dashed line: the target.").to_owned(),
        });
        if limits {
            said.push(
                self.pick(
                    "Stippellijnen: de natuurlijke grenzen van wat gebruikelijk is, vastgelegd op de eerste twaalf punten; een gekleurd merk is een signaal: buiten een grens, of deel van een patroon.",
                    "Dotted lines: the natural limits of what is usual, locked on the first twelve points; a coloured mark is a signal: beyond a limit, or part of a pattern.",
                )
                .to_owned(),
            );
        }
        said.join(" ")
    }

    pub fn no_trends(self) -> &'static str {
        self.pick("Geen enkel kengetal heeft cijfers in twee of meer perioden.", "No KPI has figures in two or more periods.")
    }

    pub fn without_series(self, names: &[String]) -> String {
        match self.0 {
            Lang::Nl => format!("Zonder verloop: {}.", self.list(names)),
            Lang::En => format!("Without a trend: {}.", self.list(names)),
        }
    }

    pub fn rescaled_series(self, names: &[String]) -> String {
        let names_said = self.list(names);
        match (self.0, names.len()) {
            (Lang::Nl, 1) => format!("{names_said} is een andere schaal van een getoond kengetal en heeft dezelfde lijn."),
            (Lang::Nl, _) => format!("{names_said} zijn andere schalen van getoonde kengetallen en hebben dezelfde lijn."),
            (Lang::En, 1) => format!("{names_said} is another scale of a KPI shown here and has the same line."),
            (Lang::En, _) => format!("{names_said} are other scales of KPIs shown here and have the same lines."),
        }
    }

    /// Which measurements are not as usual, what is drawn beside them that is, and what is not drawn.
    pub fn trends_told(self, told: &[String], quiet: &[String], undrawn: &[String]) -> Option<String> {
        let quoted = |names: &[String]| self.list(&names.iter().map(|it| self.quoted(it)).collect::<Vec<_>>());
        let those = match (self.0, told.len()) {
            (_, 0) => return None,
            (Lang::Nl, 1) => format!("Dat is {}.", quoted(told)),
            (Lang::Nl, _) => format!("Dat zijn {}.", quoted(told)),
            (Lang::En, 1) => format!("It is {}.", quoted(told)),
            (Lang::En, _) => format!("These are {}.", quoted(told)),
        };
        let beside = match (self.0, quiet.len()) {
            (_, 0) => None,
            (Lang::Nl, 1) => Some(format!("Ernaast staat {}, zonder signaal.", quoted(quiet))),
            (Lang::Nl, _) => Some(format!("Ernaast staan {}, zonder signaal.", quoted(quiet))),
            (Lang::En, _) => Some(format!("Beside stands {}, without a signal.", quoted(quiet))),
        };
        let left = (!undrawn.is_empty()).then(|| {
            let label = self.pick("Niet getekend, wel met een signaal", "Not drawn, yet with a signal");
            format!("{label}: {}.", quoted(undrawn))
        });
        Some([Some(those), beside, left].into_iter().flatten().collect::<Vec<_>>().join(" "))
    }

    pub fn more_series(self, count: usize) -> String {
        match (self.0, count) {
            (_, 0) => String::new(),
            (Lang::Nl, 1) => "Nog één reeks".to_owned(),
            (Lang::Nl, _) => format!("Nog {} reeksen", self.number(count)),
            (Lang::En, _) => format!("{} more series", self.number_first(count)),
        }
    }

    pub fn trend_title(self, title: &str, happened: &str) -> String {
        if happened.is_empty() { title.to_owned() } else { format!("{title}: {happened}") }
    }

    pub fn movement(self, movement: Movement) -> &'static str {
        match movement {
            Movement::Worse => self.pick("verslechterd", "worse"),
            Movement::Better => self.pick("verbeterd", "better"),
            Movement::Changed => self.pick("veranderd", "changed"),
            Movement::Noise => self.pick("geen signaal", "no signal"),
            Movement::Unknown => "",
        }
    }

    pub fn against_parts(self, fell: bool) -> &'static str {
        if fell {
            self.pick("gedaald, terwijl geen deel daalde", "down, while no part fell")
        } else {
            self.pick("gestegen, terwijl geen deel steeg", "up, while no part rose")
        }
    }

    pub fn trend_subtitle(self, measure: &str, grain: Grain, range: Option<&str>) -> String {
        let mut parts = vec![measure.to_owned(), format!("per {}", self.grain(grain, 1))];
        parts.extend(range.map(str::to_owned));
        parts.retain(|it| !it.is_empty());
        capital(&parts.join(", "))
    }

    pub fn trend_table(self, title: &str, grain: Grain) -> String {
        match self.0 {
            Lang::Nl => format!("{title}: waarden per {}", self.grain(grain, 1)),
            Lang::En => format!("{title}: values by {}", self.grain(grain, 1)),
        }
    }

    pub fn from_until(self, first: &str, last: &str) -> String {
        format!("{first} – {last}")
    }

    pub fn definition_changed(self, own: bool) -> &'static str {
        if own { self.pick("definitie gewijzigd", "definition changed") } else { self.pick("onderdeel gewijzigd", "a part changed") }
    }

    pub fn upper_limit(self, value: &str) -> String {
        format!("{} {value}", self.pick("bovengrens", "upper limit"))
    }

    pub fn lower_limit(self, value: &str) -> String {
        format!("{} {value}", self.pick("ondergrens", "lower limit"))
    }

    /// Between what a series lay from one period to another, and what came after.
    pub fn before_and_now(self, span: Option<(Period, Period)>, low: &str, high: &str, now: &[String], period: Period) -> String {
        let now = if now.is_empty() { self.pick("geen waarde", "no value").to_owned() } else { self.list(now) };
        let when = format!("{}:", self.in_period(period));
        let ends = if low == high { low.to_owned() } else { format!("{low} {} {high}", self.pick("en", "and")) };
        let between = if low == high { "" } else { self.pick("tussen ", "between ") };
        match (self.0, span) {
            (Lang::Nl, Some((first, last))) => {
                format!("Van {} tot en met {} {between}{ends}; {when} {now}.", self.the_period(first), self.the_period(last))
            }
            (Lang::Nl, None) => format!("Eerder {between}{ends}; {when} {now}."),
            (Lang::En, Some((first, last))) => {
                format!("From {} up to and including {} {between}{ends}; {when} {now}.", self.the_period(first), self.the_period(last))
            }
            (Lang::En, None) => format!("Before, {between}{ends}; {when} {now}."),
        }
    }

    pub fn one_before(self, before: &str, now: &[String], period: Period) -> String {
        let now = if now.is_empty() { self.pick("geen waarde", "no value").to_owned() } else { self.list(now) };
        match self.0 {
            Lang::Nl => format!("Eerder {before}; {}: {now}.", self.in_period(period)),
            Lang::En => format!("Before, {before}; {}: {now}.", self.in_period(period)),
        }
    }

    pub fn target_step(self, period: Period, from: &str, to: &str) -> String {
        match self.0 {
            Lang::Nl => format!("Het doel ging {} van {from} naar {to}.", self.in_period(period)),
            Lang::En => format!("The target went from {from} to {to} {}.", self.in_period(period)),
        }
    }

    pub fn broken(self, on: Date, other: Option<&str>, reason: &str) -> String {
        let what = other.map(|it| self.quoted(it));
        let on = self.0.date(on);
        let reason = if reason.is_empty() { String::new() } else { format!(": {}", reason.trim_end_matches('.')) };
        match (self.0, what) {
            (Lang::Nl, None) => format!("Definitie gewijzigd op {on}{reason}. Wat ervoor ligt is niet te vergelijken."),
            (Lang::Nl, Some(it)) => format!("Definitie van onderdeel {it} gewijzigd op {on}. Wat ervoor ligt is niet te vergelijken."),
            (Lang::En, None) => format!("Definition changed on {on}{reason}. What lies before cannot be compared."),
            (Lang::En, Some(it)) => format!("Definition of its part {it} changed on {on}. What lies before cannot be compared."),
        }
    }

    pub fn weak_points(self, count: usize) -> String {
        let number = self.number_first(count);
        match (self.0, count) {
            (Lang::Nl, 1) => "Eén open punt: te weinig antwoorden of een onvoltooide periode.".to_owned(),
            (Lang::Nl, _) => format!("{number} open punten: te weinig antwoorden of een onvoltooide periode."),
            (Lang::En, 1) => "One hollow point: too few answers or an unfinished period.".to_owned(),
            (Lang::En, _) => format!("{number} hollow points: too few answers or an unfinished period."),
        }
    }

    pub fn hidden_points(self, count: usize) -> String {
        let number = self.number_first(count);
        match (self.0, count) {
            (Lang::Nl, 1) => "Eén periode is verborgen: te weinig antwoorden om te tonen.".to_owned(),
            (Lang::Nl, _) => format!("{number} perioden zijn verborgen: te weinig antwoorden om te tonen."),
            (Lang::En, 1) => "One period is hidden: too few answers to show.".to_owned(),
            (Lang::En, _) => format!("{number} periods are hidden: too few answers to show."),
        }
    }

    pub fn no_norms(self) -> &'static str {
        self.pick("Voor dit kengetal zijn geen normen gesteld.", "No norms are set for this KPI.")
    }
}
