//! What is said of figures, goals, series, stages and segments.

use super::{Say, capital};
use crate::calendar::{Date, Grain, Period};
use crate::model::{Arithmetic, Function, Kpi, KpiKind, Model};
use crate::report::view::{Movement, Status, StatusMark};
use crate::value::Unit;
use crate::words::Lang;

/// The head of the page, and the brief.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn report(self) -> &'static str {
        self.pick("Rapport", "Report")
    }

    pub fn audience(self, team: &str) -> String {
        format!("{} {team}", self.pick("voor", "for"))
    }

    pub fn headline(self, act: usize, watch: usize, on_target: usize, all: usize) -> String {
        let count = self.number(all);
        match (self.0, act, watch) {
            (_, 0, 0) if on_target == 0 => self.pick("Nog geen kengetal met een oordeel", "No KPI has been judged yet").to_owned(),
            (_, 0, 0) => self.pick("Elk beoordeeld kengetal is op koers", "Every judged KPI is on target").to_owned(),
            (Lang::Nl, 0, 1) => "Eén kengetal vraagt aandacht, geen enkel vraagt actie".to_owned(),
            (Lang::Nl, 0, watch) => format!("{} kengetallen vragen aandacht, geen enkel vraagt actie", self.number_first(watch)),
            (Lang::Nl, act, _) if act == all => "Elk kengetal vraagt actie".to_owned(),
            (Lang::Nl, 1, _) => format!("Eén van de {count} kengetallen vraagt actie"),
            (Lang::Nl, act, _) => format!("{} van de {count} kengetallen vragen actie", self.number_first(act)),
            (Lang::En, 0, 1) => "One KPI needs watching, none needs action".to_owned(),
            (Lang::En, 0, watch) => format!("{} KPIs need watching, none needs action", self.number_first(watch)),
            (Lang::En, act, _) if act == all => "Every KPI needs action".to_owned(),
            (Lang::En, 1, _) => format!("One of {count} KPIs needs action"),
            (Lang::En, act, _) => format!("{} of {count} KPIs need action", self.number_first(act)),
        }
    }

    pub fn standing(self, title: &str, value: &str, target: Option<&str>, mark: &StatusMark) -> String {
        let against = target.map(|it| match self.0 {
            Lang::Nl => format!(" bij een doel van {it}"),
            Lang::En => format!(" against a target of {it}"),
        });
        let judged = match mark.code {
            Status::NoNorm | Status::NoData | Status::Hidden => String::new(),
            code => {
                let note = mark.note.as_ref().map(|it| format!(", {it}")).unwrap_or_default();
                format!(" ({}{note})", lower(self.status(code)))
            }
        };
        format!("{title}: {value}{}{judged}.", against.unwrap_or_default())
    }

    pub fn moved(self, title: &str, before: &str, period: Period, now: &str) -> String {
        match self.0 {
            Lang::Nl => format!("{title}: van {before} {} naar {now}, een verschil groter dan de onzekerheid.", self.in_period(period)),
            Lang::En => format!("{title}: from {before} {} to {now}, a difference larger than its uncertainty.", self.in_period(period)),
        }
    }

    pub fn from_to(self, before: &str, period: Period, now: &str) -> String {
        match self.0 {
            Lang::Nl => format!("Van {before} {} naar {now}.", self.in_period(period)),
            Lang::En => format!("From {before} {} to {now}.", self.in_period(period)),
        }
    }

    pub fn in_period(self, period: Period) -> String {
        let name = self.0.period(period);
        match (self.0, period.grain()) {
            (Lang::Nl, Grain::Quarter | Grain::FiscalQuarter) => format!("in het {name}"),
            (Lang::Nl, Grain::Day) => format!("op {name}"),
            (Lang::Nl, Grain::All) => "over de hele periode".to_owned(),
            (Lang::En, Grain::Day) => format!("on {name}"),
            (Lang::En, Grain::All) => "over the whole period".to_owned(),
            _ => format!("in {name}"),
        }
    }

    pub fn the_period(self, period: Period) -> String {
        let name = self.0.period(period);
        match (self.0, period.grain()) {
            (Lang::Nl, Grain::Quarter | Grain::FiscalQuarter) => format!("het {name}"),
            _ => name,
        }
    }

    /// Returns a satisfaction without decimals; what is not 100 is never shown as 100.
    pub fn satisfaction(self, value: f64) -> String {
        let whole = self.0.number(value, 0);
        if whole == "100" && value < 100.0 { self.0.number((value * 10.0).floor() / 10.0, 1) } else { whole }
    }

    pub fn nothing_known(self, period: Period) -> String {
        match self.0 {
            Lang::Nl => format!("Er zijn {} geen cijfers.", self.in_period(period)),
            Lang::En => format!("There are no figures {}.", self.in_period(period)),
        }
    }

    pub fn brief_heading(self, worse: usize, better: usize, changed: usize, known: usize) -> String {
        let all = worse + better + changed;
        if known == 0 {
            return self.pick("Of iets beweegt is nog niet te zeggen", "Whether anything moves cannot be told yet").to_owned();
        }
        if all == 0 {
            return self.pick("Geen enkele beweging is meer dan ruis", "No movement is more than noise").to_owned();
        }
        let words = [(worse, "slechter", "worse"), (better, "beter", "better"), (changed, "anders", "different")];
        let parts: Vec<(usize, &str)> = words.into_iter().filter(|it| it.0 > 0).map(|it| (it.0, self.pick(it.1, it.2))).collect();
        if let [(count, word)] = parts.as_slice() {
            return match (self.0, *count) {
                (Lang::Nl, 1) => format!("Eén kengetal beweegt meer dan ruis: {word}"),
                (Lang::Nl, _) => format!("{} kengetallen bewegen meer dan ruis, alle {word}", self.number_first(*count)),
                (Lang::En, 1) => format!("One KPI moves beyond noise: {word}"),
                (Lang::En, _) => format!("{} KPIs move beyond noise, all {word}", self.number_first(*count)),
            };
        }
        let parts: Vec<String> = parts.iter().map(|(count, word)| format!("{} {word}", self.number(*count))).collect();
        let (count, parts) = (self.number_first(all), parts.join(", "));
        match self.0 {
            Lang::Nl => format!("{count} kengetallen bewegen meer dan ruis: {parts}"),
            Lang::En => format!("{count} KPIs move beyond noise: {parts}"),
        }
    }

    pub fn brief_dek(self) -> &'static str {
        self.pick(
            "De status houdt een cijfer tegen zijn normen. Een beweging telt pas als ze buiten de natuurlijke spreiding of de onzekerheid valt.",
            "The status holds a figure against its norms. A movement counts only where it leaves the natural spread or its uncertainty.",
        )
    }

    pub fn moved_heading(self, title: &str, better: bool, up: Option<bool>) -> String {
        let word = match (up, better) {
            (Some(true), _) => self.pick("gestegen", "up"),
            (Some(false), _) => self.pick("gedaald", "down"),
            (None, true) => self.pick("verbeterd", "better"),
            (None, false) => self.pick("verslechterd", "worse"),
        };
        format!("{title}: {word}")
    }

    pub fn standing_heading(self, title: &str, status: Status) -> String {
        match status {
            Status::NoNorm => title.to_owned(),
            status => format!("{title}: {}", lower(self.status(status))),
        }
    }

    pub fn target_sentence(self, target: &str, mark: &StatusMark) -> String {
        let note = mark.note.as_ref().map(|it| format!(", {it}")).unwrap_or_default();
        format!("{} {target}: {}{note}.", self.pick("Doel", "Target"), lower(self.status(mark.code)))
    }

    pub fn top_goal_heading(self, title: &str) -> String {
        match self.0 {
            Lang::Nl => format!("Doelbereik van {}, op 100", self.quoted(title)),
            Lang::En => format!("Satisfaction of {}, out of 100", self.quoted(title)),
        }
    }

    pub fn critical_finding(self, part: Option<(String, Option<f64>)>, customer: Option<(String, Option<f64>)>) -> String {
        let place = |it: &(String, Option<f64>)| {
            let number = it.1.map(|it| format!(" ({})", self.satisfaction(it))).unwrap_or_default();
            format!("{}{number}", self.quoted(&it.0))
        };
        let mut said = Vec::new();
        said.push(match (&part, self.0) {
            (Some(it), Lang::Nl) => format!("Het zwakste onderdeel is {}.", place(it)),
            (Some(it), Lang::En) => format!("Its weakest part is {}.", place(it)),
            (None, Lang::Nl) => "Dit is het bedrijfsdoel dat het verst van zijn doel staat.".to_owned(),
            (None, Lang::En) => "This is the business goal that is furthest from its target.".to_owned(),
        });
        said.extend(customer.map(|it| match self.0 {
            Lang::Nl => format!("Het laagste klantdoel dat eraan verbonden is: {}.", place(&it)),
            Lang::En => format!("The lowest customer goal tied to it: {}.", place(&it)),
        }));
        said.join(" ")
    }

    pub fn see_goals(self) -> &'static str {
        self.pick("Bekijk de doelenboom", "See the goal tree")
    }

    pub fn see_trend(self) -> &'static str {
        self.pick("Bekijk het verloop", "See the trend")
    }

    pub fn see_figure(self) -> &'static str {
        self.pick("Bekijk het kengetal", "See the KPI")
    }

    pub fn see_definition(self) -> &'static str {
        self.pick("Bekijk de definitie", "See the definition")
    }

    pub fn status(self, status: Status) -> &'static str {
        let words = &crate::report::words::words(self.0).status;
        match status {
            Status::Act => words.act,
            Status::Watch => words.watch,
            Status::OnTarget => words.on_target,
            Status::NoNorm => words.no_norm,
            Status::TooFew => words.too_few,
            Status::Hidden => words.hidden,
            Status::NoData => words.no_data,
        }
    }
}

/// Figures and how they move.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn scorecards_heading(self, reached: usize, judged: usize) -> String {
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

    pub fn scorecards_dek(self, confidence: f64) -> String {
        let percent = self.0.number_up_to(confidence * 100.0, 1);
        match self.0 {
            Lang::Nl => format!(
                "Een cijfer uit een steekproef heeft een betrouwbaarheidsinterval van {percent}%. De grijze band achter het verloop is de natuurlijke spreiding (XmR). Een verschil heeft alleen kleur als het groter is dan de onzekerheid."
            ),
            Lang::En => format!(
                "A figure from a sample has a {percent}% confidence interval. The grey band behind a trend is its natural spread (XmR). A difference is coloured only where it is larger than its uncertainty."
            ),
        }
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
    fn per(self, words: &str) -> String {
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
            "Kijkt over perioden heen: opeenvolgende cijfers hangen samen, dus zonder natuurlijke grenzen.",
            "Looks across periods: figures in a row depend on each other, so there are no natural limits.",
        )
    }

    pub fn not_comparable(self) -> &'static str {
        self.pick("De definitie is gewijzigd: niet te vergelijken met eerder.", "The definition changed: not comparable with before.")
    }

    pub fn too_short(self) -> &'static str {
        self.pick("Te weinig perioden om een beweging te beoordelen.", "Too few periods to judge a movement.")
    }

    pub fn within_limits(self, count: usize, grain: Grain, range: &str) -> String {
        let (number, grains) = (self.number(count), self.grain(grain, count));
        match (self.0, count) {
            (Lang::Nl, 1) => format!("Ruis: binnen de natuurlijke grenzen ({range})."),
            (Lang::Nl, _) => format!("Ruis: alle {number} {grains} binnen de natuurlijke grenzen ({range})."),
            (Lang::En, 1) => format!("Noise: within the natural limits ({range})."),
            (Lang::En, _) => format!("Noise: all {number} {grains} within the natural limits ({range})."),
        }
    }

    pub fn outside_limits(self, outside: usize, count: usize, grain: Grain, above: bool, limit: &str) -> String {
        let place = match (self.0, above) {
            (Lang::Nl, true) => "boven de natuurlijke bovengrens van",
            (Lang::Nl, false) => "onder de natuurlijke ondergrens van",
            (Lang::En, true) => "above the upper natural limit of",
            (Lang::En, false) => "below the lower natural limit of",
        };
        let (number, all, grains) = (self.number(outside), self.number(count), self.grain(grain, count));
        match (self.0, count) {
            (Lang::Nl, 1) => format!("Signaal: {place} {limit}."),
            (Lang::Nl, _) if outside == count => format!("Signaal: alle {all} {grains} {place} {limit}."),
            (Lang::Nl, _) => format!("Signaal: {number} van de {all} {grains} {place} {limit}."),
            (Lang::En, 1) => format!("Signal: {place} {limit}."),
            (Lang::En, _) if outside == count => format!("Signal: all {all} {grains} {place} {limit}."),
            (Lang::En, _) => format!("Signal: {number} of {all} {grains} {place} {limit}."),
        }
    }

    pub fn run(self, count: usize, grain: Grain, above: bool, centre: &str) -> String {
        let grains = self.grain(grain, count);
        let number = self.number(count);
        match (self.0, above) {
            (Lang::Nl, true) => format!("Signaal: {number} {grains} op rij boven het gemiddelde van {centre}."),
            (Lang::Nl, false) => format!("Signaal: {number} {grains} op rij onder het gemiddelde van {centre}."),
            (Lang::En, true) => format!("Signal: {number} {grains} in a row above the mean of {centre}."),
            (Lang::En, false) => format!("Signal: {number} {grains} in a row below the mean of {centre}."),
        }
    }

    pub fn near_limit(self, grain: Grain, above: bool, limit: &str) -> String {
        let grains = self.grain(grain, 4);
        match (self.0, above) {
            (Lang::Nl, true) => format!("Signaal: drie van vier {grains} op rij dicht bij de natuurlijke bovengrens van {limit}."),
            (Lang::Nl, false) => format!("Signaal: drie van vier {grains} op rij dicht bij de natuurlijke ondergrens van {limit}."),
            (Lang::En, true) => format!("Signal: three of four {grains} in a row near the upper natural limit of {limit}."),
            (Lang::En, false) => format!("Signal: three of four {grains} in a row near the lower natural limit of {limit}."),
        }
    }

    pub fn provisional(self, points: usize, grain: Grain) -> String {
        let grains = self.grain(grain, points);
        match self.0 {
            Lang::Nl => format!("Voorlopige grenzen, uit {points} {grains}."),
            Lang::En => format!("Provisional limits, from {points} {grains}."),
        }
    }

    pub fn tested(self, signal: bool, change: &str, period: Period) -> String {
        let period = self.0.period(period);
        match (self.0, signal) {
            (Lang::Nl, true) => format!("Signaal: het verschil met {period} ({change}) is groter dan de onzekerheid."),
            (Lang::Nl, false) => format!("Geen signaal: het verschil met {period} ({change}) valt binnen de onzekerheid."),
            (Lang::En, true) => format!("Signal: the difference with {period} ({change}) is larger than its uncertainty."),
            (Lang::En, false) => format!("No signal: the difference with {period} ({change}) is within its uncertainty."),
        }
    }
}

/// Series.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn trends_heading(self, signals: usize, all: usize) -> String {
        let count = self.number(all);
        match (self.0, signals) {
            _ if all == 0 => self.pick("Nog geen verloop", "No trends yet").to_owned(),
            (Lang::Nl, 0) => "Geen enkele reeks geeft een signaal".to_owned(),
            (Lang::Nl, 1) => format!("Eén van de {count} reeksen geeft een signaal"),
            (Lang::Nl, it) => format!("{} van de {count} reeksen geven een signaal", self.number_first(it)),
            (Lang::En, 0) => "No series shows a signal".to_owned(),
            (Lang::En, 1) => format!("One of {count} series shows a signal"),
            (Lang::En, it) => format!("{} of {count} series show a signal", self.number_first(it)),
        }
    }

    pub fn trends_dek(self, confidence: f64) -> String {
        let percent = self.0.number_up_to(confidence * 100.0, 1);
        match self.0 {
            Lang::Nl => format!(
                "Band: {percent}%-betrouwbaarheidsinterval. Stippellijnen: natuurlijke grenzen van de tijd vóór deze periode. Streepjeslijn: het doel. Een gekleurde ruit is een signaal."
            ),
            Lang::En => format!(
                "Band: {percent}% confidence interval. Dotted lines: natural limits of the time before this period. Dashed line: the target. A coloured diamond is a signal."
            ),
        }
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

    pub fn more_trends(self, shown: usize, left: usize) -> String {
        let (shown, left) = (self.number(shown), self.number(left));
        match self.0 {
            Lang::Nl => format!("Getoond: de eerste {shown}, signalen voorop; de andere {left} staan klein bij de kengetallen."),
            Lang::En => format!("Shown: the first {shown}, signals in front; the other {left} stand small in the table of KPIs."),
        }
    }

    pub fn trend_title(self, title: &str, movement: Movement) -> String {
        let word = match movement {
            Movement::Worse => self.pick("verslechterd", "worse"),
            Movement::Better => self.pick("verbeterd", "better"),
            Movement::Changed => self.pick("veranderd", "changed"),
            Movement::Noise => self.pick("geen signaal", "no signal"),
            Movement::Unknown => return title.to_owned(),
        };
        format!("{title}: {word}")
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

    pub fn before_and_now(self, since: Option<Period>, low: &str, high: &str, now: &[String], period: Period) -> String {
        let now = if now.is_empty() { self.pick("geen waarde", "no value").to_owned() } else { self.list(now) };
        let when = format!("{}:", self.in_period(period));
        let span = if low == high { low.to_owned() } else { format!("{low} {} {high}", self.pick("en", "and")) };
        let between = if low == high { "" } else { self.pick("tussen ", "between ") };
        match (self.0, since) {
            (Lang::Nl, Some(since)) => format!("Sinds {} {between}{span}; {when} {now}.", self.the_period(since)),
            (Lang::Nl, None) => format!("Eerder {between}{span}; {when} {now}."),
            (Lang::En, Some(since)) => format!("Since {} {between}{span}; {when} {now}.", self.the_period(since)),
            (Lang::En, None) => format!("Before, {between}{span}; {when} {now}."),
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

    /// Returns what is measured: "Gemiddelde, 1–7", "Aandeel, %", "NPS, −100 tot 100".
    pub fn measure(self, model: &Model, kpi: &Kpi) -> String {
        let unit = kpi.unit.as_ref();
        let scale = unit.and_then(|it| self.scale(it)).filter(|_| !matches!(unit, Some(Unit::Per { .. })));
        let word = match meant(model, kpi) {
            Some(KpiKind::Aggregate(of)) => match &of.function {
                Function::Mean { .. } => self.pick("Gemiddelde", "Mean").to_owned(),
                Function::Median(_) => self.pick("Mediaan", "Median").to_owned(),
                Function::Percentile(_, p) => format!("P{}", self.0.number_up_to(*p, 1)),
                Function::Share(_) => self.pick("Aandeel", "Share").to_owned(),
                Function::Net(..) if of.text.starts_with("nps") => "NPS".to_owned(),
                Function::Net(..) => self.pick("Aandeel goed min aandeel slecht", "Share good minus share bad").to_owned(),
                Function::Count | Function::CountOf(_) | Function::Distinct(_) => self.pick("Aantal", "Count").to_owned(),
                Function::Sum(_) => self.pick("Som", "Sum").to_owned(),
                Function::Min(_) => "Minimum".to_owned(),
                Function::Max(_) => "Maximum".to_owned(),
                Function::Stddev(_) => self.pick("Standaarddeviatie", "Standard deviation").to_owned(),
            },
            Some(KpiKind::Index(_) | KpiKind::Rescale { .. }) => "Index".to_owned(),
            Some(KpiKind::Rolling { length, .. }) => self.rolling(&length.to_string()),
            Some(KpiKind::Change { .. } | KpiKind::Binary { operator: Arithmetic::Subtract, .. }) => {
                self.pick("Verschil", "Difference").to_owned()
            }
            _ => String::new(),
        };
        let sign = match unit {
            Some(Unit::Percent) => Some("%".to_owned()),
            Some(Unit::Points) => Some(self.pick("punten", "points").to_owned()),
            Some(Unit::PercentagePoints) => Some(self.pick("procentpunt", "percentage points").to_owned()),
            Some(Unit::Money(code)) => Some(code.clone()),
            Some(Unit::Per { words, .. }) => Some(self.per(words)),
            _ => scale,
        };
        let parts: Vec<String> = [word].into_iter().filter(|it| !it.is_empty()).chain(sign).collect();
        capital(&parts.join(", "))
    }

    fn rolling(self, length: &str) -> String {
        match self.0 {
            Lang::Nl => {
                let words = [("months", "maanden"), ("month", "maand"), ("years", "jaar"), ("year", "jaar"), ("quarters", "kwartalen")];
                let more = [("quarter", "kwartaal"), ("weeks", "weken"), ("week", "week"), ("days", "dagen"), ("day", "dag")];
                let found = words.into_iter().chain(more).find(|it| length.ends_with(it.0));
                let length = found.map_or_else(|| length.to_owned(), |(en, nl)| length.replace(en, nl));
                format!("Voortschrijdend over {length}")
            }
            Lang::En => format!("Rolling over {length}"),
        }
    }

    /// Returns what is measured in one word, for a narrow place: "CES", "%", "mediaan".
    pub fn short_measure(self, model: &Model, kpi: &Kpi) -> &'static str {
        let Some(KpiKind::Aggregate(of)) = meant(model, kpi) else {
            return match kpi.unit {
                Some(Unit::Index { .. }) => "index",
                _ => self.pick("waarde", "value"),
            };
        };
        let named = [("nps", "NPS"), ("ces", "CES"), ("csat", "CSAT")].into_iter().find(|it| of.text.starts_with(it.0));
        if let Some((_, name)) = named {
            return name;
        }
        match of.function {
            Function::Mean { .. } => self.pick("gemiddelde", "mean"),
            Function::Median(_) => self.pick("mediaan", "median"),
            Function::Share(_) => self.pick("aandeel", "share"),
            Function::Count | Function::CountOf(_) | Function::Distinct(_) => self.pick("aantal", "count"),
            _ => self.pick("waarde", "value"),
        }
    }

    /// Returns what figures of different KPIs share: "aandeel in %".
    pub fn measure_of_unit(self, kpi: &Kpi) -> String {
        match kpi.unit.as_ref() {
            Some(Unit::Percent) => self.pick("aandeel, in %", "share, in %").to_owned(),
            Some(Unit::Points) => self.pick("netto score, in punten", "net score, in points").to_owned(),
            Some(unit @ Unit::Score { .. }) => {
                format!("{} {}", self.pick("gemiddelde op een schaal van", "mean on a scale of"), self.scale(unit).unwrap_or_default())
            }
            Some(unit @ Unit::Index { .. }) => format!("index {}", self.scale(unit).unwrap_or_default()),
            _ => self.pick("primair kengetal", "primary KPI").to_owned(),
        }
    }
}

/// Goals.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn goal_tree(self) -> &'static str {
        self.pick("Doelenboom", "Goal tree")
    }

    pub fn goals_dek(self, empty: bool) -> &'static str {
        if empty {
            return self.pick("Dit project noemt geen doelen.", "This project names no goals.");
        }
        self.pick(
            "Kleur is thema, symbool is status. Links wat het bedrijf wil, rechts wat klanten willen; enablers verbinden de twee.",
            "Colour is theme, symbol is status. On the left what the business wants, on the right what customers want; enablers tie the two.",
        )
    }

    pub fn goals_unknown(self, empty: bool) -> &'static str {
        if empty { self.pick("Nog geen doelen", "No goals yet") } else { self.pick("Doelen zonder cijfers", "Goals without figures") }
    }

    pub fn goals_alone(self, top: &str) -> String {
        match self.0 {
            Lang::Nl => format!("{} staat het verst van zijn doel", self.quoted(top)),
            Lang::En => format!("{} is furthest from its target", self.quoted(top)),
        }
    }

    pub fn goals_heading(self, top: &str, end: &str) -> String {
        match self.0 {
            Lang::Nl => format!("Het zwakste pad loopt van {} naar {}", self.quoted(top), self.quoted(end)),
            Lang::En => format!("The weakest path runs from {} to {}", self.quoted(top), self.quoted(end)),
        }
    }

    pub fn goal_level(self, business: bool, level: usize, depth: usize) -> &'static str {
        match (business, level) {
            (true, 0) if depth == 1 => self.business_goals(),
            (true, 0) => self.pick("Hoofddoel", "Main goal"),
            (true, 1) => self.business_goals(),
            (false, 0) => self.customer_goals(),
            (_, _) => self.pick("Onderdelen", "Parts"),
        }
    }

    pub fn business_goals(self) -> &'static str {
        self.pick("Bedrijfsdoelen", "Business goals")
    }

    pub fn customer_goals(self) -> &'static str {
        self.pick("Klantdoelen", "Customer goals")
    }

    pub fn enablers(self) -> &'static str {
        "Enablers"
    }

    pub fn subgoals(self) -> &'static str {
        self.pick("onderdelen", "parts")
    }

    pub fn no_enabler(self) -> &'static str {
        self.pick("nog geen enabler", "no enabler yet")
    }

    pub fn more_figures(self, count: usize) -> String {
        match self.0 {
            Lang::Nl => format!("en {} andere", self.number(count)),
            Lang::En => format!("and {} more", self.number(count)),
        }
    }

    pub fn enabler_status(self, word: &str) -> &'static str {
        match word {
            "idea" => self.pick("idee", "idea"),
            "planned" => self.pick("gepland", "planned"),
            "pilot" => self.pick("proef", "pilot"),
            "live" => self.pick("in gebruik", "live"),
            "stopped" => self.pick("gestopt", "stopped"),
            _ => "",
        }
    }

    pub fn tied_by(self, enablers: &[String]) -> String {
        let word = if enablers.len() == 1 { "Enabler" } else { "Enablers" };
        format!("{word}: {}", self.list(enablers))
    }

    pub fn ties(self, goals: &[String], serves: bool) -> String {
        let word = if serves { self.pick("Dient", "Serves") } else { self.pick("Draagt bij aan", "Lifts") };
        format!("{word}: {}", self.list(goals))
    }

    pub fn out_of_hundred(self, value: &str) -> String {
        format!("{value} {} 100", self.pick("van", "of"))
    }

    pub fn coverage(self, share: &str) -> String {
        format!("{share} {}", self.pick("bekend", "known"))
    }

    pub fn own_and_below(self, own: Status, below: Status) -> String {
        let (own, below) = (lower(self.status(own)), lower(self.status(below)));
        match self.0 {
            Lang::Nl => format!("eigen cijfers {own}, onderdelen {below}"),
            Lang::En => format!("own figures {own}, parts {below}"),
        }
    }

    pub fn no_goals(self) -> &'static str {
        self.goals_dek(true)
    }

    pub fn goals_period(self, period: Period) -> String {
        match self.0 {
            Lang::Nl => format!("Doelbereik {}.", self.in_period(period)),
            Lang::En => format!("Satisfaction {}.", self.in_period(period)),
        }
    }

    pub fn roll_up(self, all: &[String], any: &[String]) -> String {
        let mut said = vec![
            self.pick(
                "Een doel is het gewogen gemiddelde van zijn kengetallen en onderdelen.",
                "A goal is the weighted mean of its KPIs and parts.",
            )
            .to_owned(),
        ];
        if !all.is_empty() {
            said.push(match self.0 {
                Lang::Nl => format!("Bij {} telt het zwakste deel.", self.list(all)),
                Lang::En => format!("For {} the weakest part counts.", self.list(all)),
            });
        }
        if !any.is_empty() {
            said.push(match self.0 {
                Lang::Nl => format!("Bij {} telt het sterkste deel.", self.list(any)),
                Lang::En => format!("For {} the strongest part counts.", self.list(any)),
            });
        }
        said.join(" ")
    }

    pub fn path_enabler(self, title: &str) -> String {
        format!("enabler {}", self.quoted(title))
    }

    pub fn path_customer(self, title: &str) -> String {
        format!("{} {}", self.pick("klantdoel", "customer goal"), self.quoted(title))
    }

    pub fn critical_path(self, path: &str) -> String {
        format!("{}: {path}.", self.pick("Kritiek pad", "Critical path"))
    }

    pub fn unknown_goals(self, goals: &[String]) -> String {
        match self.0 {
            Lang::Nl => format!("Niet volledig bekend: {}.", self.list(goals)),
            Lang::En => format!("Not fully known: {}.", self.list(goals)),
        }
    }

    pub fn loose_goals(self, goals: &[String]) -> String {
        match self.0 {
            Lang::Nl => format!("Nog zonder enabler: {}.", self.list(goals)),
            Lang::En => format!("Still without an enabler: {}.", self.list(goals)),
        }
    }

    pub fn hypotheses(self) -> &'static str {
        self.pick("Een gestippelde lijn is een veronderstelling, nog niet getoetst.", "A dashed line is a hypothesis, not yet tested.")
    }
}

/// Stages and segments.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn journey_heading(self, worst: Option<Status>, stages: &[String], judged: usize) -> String {
        let names = self.list(stages);
        let many = stages.len() > 1;
        match (self.0, worst) {
            (_, None) => self.pick("Fasen zonder oordeel", "Stages without judgement").to_owned(),
            (_, Some(Status::OnTarget)) => self.pick("Elke beoordeelde fase is op koers", "Every judged stage is on target").to_owned(),
            (Lang::Nl, Some(status)) if stages.len() > 3 => {
                let word = if status == Status::Act { "vragen actie" } else { "vragen aandacht" };
                format!("{} van de {} beoordeelde fasen {word}", self.number_first(stages.len()), self.number(judged))
            }
            (Lang::En, Some(status)) if stages.len() > 3 => {
                let word = if status == Status::Act { "need action" } else { "need watching" };
                format!("{} of {} judged stages {word}", self.number_first(stages.len()), self.number(judged))
            }
            (Lang::Nl, Some(Status::Act)) => format!("{names} {} actie", if many { "vragen" } else { "vraagt" }),
            (Lang::Nl, Some(_)) => format!("{names} {} aandacht", if many { "vragen" } else { "vraagt" }),
            (Lang::En, Some(Status::Act)) => format!("{names} {} action", if many { "need" } else { "needs" }),
            (Lang::En, Some(_)) => format!("{names} {} watching", if many { "need" } else { "needs" }),
        }
    }

    pub fn journey_dek(self) -> &'static str {
        self.pick(
            "De kleur van een fase is de slechtste beleving erin. Procescijfers en eigenaar staan eronder; een ster is een sleutelmoment.",
            "The colour of a stage is the worst experience in it. Process figures and owner stand below; a star is a moment of truth.",
        )
    }

    pub fn no_journeys(self) -> &'static str {
        self.pick("Dit project beschrijft geen klantreizen.", "This project describes no customer journeys.")
    }

    pub fn no_experience(self, stages: usize) -> &'static str {
        if stages < 2 {
            return self.pick("Eén fase heeft geen belevingslijn.", "One stage has no experience line.");
        }
        self.pick(
            "Geen belevingslijn: niet elke fase heeft een primair kengetal in dezelfde eenheid.",
            "No experience line: not every stage has a primary KPI in the same unit.",
        )
    }

    pub fn experience_caption(self, measure: &str, earlier: Option<Period>) -> String {
        let mut said = match self.0 {
            Lang::Nl => format!("Primair kengetal per fase: {measure}"),
            Lang::En => format!("Primary KPI by stage: {measure}"),
        };
        if let Some(period) = earlier {
            said.push_str(&format!(". {}: {}", self.pick("Grijs", "Grey"), self.0.period(period)));
        }
        said
    }

    pub fn segments_heading(self, moved: usize, all: usize) -> String {
        match (self.0, moved) {
            _ if all == 0 => self.pick("Geen segmenten om te tonen", "No segments to show").to_owned(),
            (Lang::Nl, 0) => "Geen segment beweegt meer dan ruis".to_owned(),
            (Lang::Nl, 1) => "Eén segment beweegt meer dan ruis".to_owned(),
            (Lang::Nl, it) => format!("{} segmenten bewegen meer dan ruis", self.number_first(it)),
            (Lang::En, 0) => "No segment moves beyond noise".to_owned(),
            (Lang::En, 1) => "One segment moves beyond noise".to_owned(),
            (Lang::En, it) => format!("{} segments move beyond noise", self.number_first(it)),
        }
    }

    pub fn segments_dek(self, few: u32, least: u32, left: usize) -> String {
        let mut said = match self.0 {
            Lang::Nl => format!("Segmenten met minder dan {few} antwoorden zijn indicatief, met minder dan {least} verborgen."),
            Lang::En => format!("Segments with fewer than {few} answers are indicative, with fewer than {least} hidden."),
        };
        if left > 0 {
            said.push_str(&match (self.0, left) {
                (Lang::Nl, 1) => " Eén andere uitsplitsing staat hier niet; `peil eval --by` geeft haar.".to_owned(),
                (Lang::Nl, it) => format!(" {} andere uitsplitsingen staan hier niet; `peil eval --by` geeft ze.", self.number_first(it)),
                (Lang::En, 1) => " One more cut is not shown here; `peil eval --by` gives it.".to_owned(),
                (Lang::En, it) => format!(" {} more cuts are not shown here; `peil eval --by` gives them.", self.number_first(it)),
            });
        }
        said
    }

    pub fn no_segments(self) -> &'static str {
        self.pick("Geen kengetal van dit rapport heeft een uitsplitsing met cijfers.", "No KPI of this report has a cut with figures.")
    }

    pub fn segment_title(self, title: &str, dimension: &str) -> String {
        match self.0 {
            Lang::Nl => format!("{title}, naar {}", lower(dimension)),
            Lang::En => format!("{title}, by {}", lower(dimension)),
        }
    }

    pub fn segment_subtitle(self, period: Period, confidence: f64, earlier: Option<Period>, interval: bool) -> String {
        let mut said = capital(&self.0.period(period));
        if interval {
            said.push_str(&format!(" {} {}", self.pick("met", "with"), self.interval_kind(confidence)));
        }
        if let Some(earlier) = earlier {
            said.push_str(&match self.0 {
                Lang::Nl => format!("; driehoek: {}", self.0.period(earlier)),
                Lang::En => format!("; triangle: {}", self.0.period(earlier)),
            });
        }
        said
    }

    pub fn hidden_row(self, least: u32) -> String {
        match self.0 {
            Lang::Nl => format!("verborgen: minder dan {least} antwoorden"),
            Lang::En => format!("hidden: fewer than {least} answers"),
        }
    }

    pub fn highest_lowest(self, high: &str, low: &str) -> String {
        if high == low {
            return match self.0 {
                Lang::Nl => format!("Alleen {high} heeft genoeg antwoorden voor een oordeel."),
                Lang::En => format!("Only {high} has enough answers to be judged."),
            };
        }
        match self.0 {
            Lang::Nl => format!("Hoogste: {high}. Laagste: {low}."),
            Lang::En => format!("Highest: {high}. Lowest: {low}."),
        }
    }

    pub fn no_solid_segments(self) -> &'static str {
        self.pick("Geen segment heeft genoeg antwoorden voor een oordeel.", "No segment has enough answers to be judged.")
    }

    pub fn segment_signals(self, moved: &[String], period: Period) -> String {
        let period = self.0.period(period);
        match (self.0, moved) {
            (Lang::Nl, []) => format!("Geen verschil met {period} is groter dan de onzekerheid."),
            (Lang::Nl, _) => format!("Het verschil met {period} is groter dan de onzekerheid bij {}.", self.list(moved)),
            (Lang::En, []) => format!("No difference with {period} is larger than its uncertainty."),
            (Lang::En, _) => format!("The difference with {period} is larger than its uncertainty for {}.", self.list(moved)),
        }
    }

    pub fn few_segments(self, names: &[String], few: u32) -> String {
        match self.0 {
            Lang::Nl => format!("Indicatief, met minder dan {few} antwoorden: {}.", self.list(names)),
            Lang::En => format!("Indicative, with fewer than {few} answers: {}.", self.list(names)),
        }
    }

    pub fn hidden_segments(self, names: &[String], least: u32) -> String {
        match self.0 {
            Lang::Nl => format!("Verborgen, met minder dan {least} antwoorden: {}.", self.list(names)),
            Lang::En => format!("Hidden, with fewer than {least} answers: {}.", self.list(names)),
        }
    }

    pub fn left_segments(self, left: usize) -> String {
        match self.0 {
            Lang::Nl => format!("{} andere waarden staan hier niet.", self.number_first(left)),
            Lang::En => format!("{} more values are not shown.", self.number_first(left)),
        }
    }
}

/// Returns what a formula comes down to: a part of a KPI is measured as the KPI is.
fn meant<'m>(model: &'m Model, kpi: &'m Kpi) -> Option<&'m KpiKind> {
    let mut kind = &kpi.formula.as_ref()?.kind;
    // Formulas are nested no deeper than there are KPIs.
    for _ in 0..=model.kpis.len() {
        kind = match kind {
            KpiKind::Kpi { kpi, .. } => &model.kpis[kpi.index()].formula.as_ref()?.kind,
            KpiKind::Scaled { of, .. } => &of.kind,
            other => return Some(other),
        };
    }
    None
}

/// Returns a text with its first letter small, unless it is an abbreviation.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), second) if second.is_none_or(|it| !it.is_uppercase()) => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}
