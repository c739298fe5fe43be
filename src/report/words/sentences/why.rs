//! How is it said what moved a figure? Where a change is, never what brought it about.

use super::{Say, lower};
use crate::calendar::Period;
use crate::model::DimensionId;
use crate::publish::{CutResult, WhyNote};
use crate::words::Lang;
use std::fmt::Write;

/// Where most of a change is.
#[derive(Debug, Clone, Copy)]
pub enum Whereabouts<'t> {
    /// In a part or a segment, with its share of the whole change.
    In(&'t str, f64),
    /// In two parts, each with what it adds; the change without a sign.
    Both(&'t str, [(&'t str, &'t str); 2]),
    /// In the shares of segments.
    Mix(f64),
    /// In none of so many parts alone.
    Spread(usize),
    /// In none of so many segments alone.
    Segments(usize),
}

/// What moved a figure.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn why_heading(self, title: &str, fell: bool, place: Whereabouts<'_>) -> String {
        let move_of = if fell { self.pick("daling", "fall") } else { self.pick("stijging", "rise") };
        let percent = |share: f64| self.0.percent(share * 100.0, 0);
        match (self.0, place) {
            (_, Whereabouts::Both(change, [(first, a), (second, b)])) => {
                let (first, second) = (self.quoted(first), self.quoted(second));
                // An abbreviation has its article.
                let the = if title.chars().all(char::is_uppercase) { self.pick("De ", "The ") } else { "" };
                match self.0 {
                    Lang::Nl => {
                        let moved = if fell { "daalde" } else { "steeg" };
                        format!("{the}{title} {moved} {change}, vooral in {first} ({a}) en {second} ({b})")
                    }
                    Lang::En => {
                        let moved = if fell { "fell" } else { "rose" };
                        format!("{the}{title} {moved} by {change}, mostly in {first} ({a}) and {second} ({b})")
                    }
                }
            }
            (Lang::Nl, Whereabouts::In(part, share)) if share < 0.995 => {
                format!("{title}: {} van de {move_of} zit in {}", percent(share), self.quoted(part))
            }
            (Lang::Nl, Whereabouts::In(part, _)) => format!("{title}: de hele {move_of} zit in {}", self.quoted(part)),
            (Lang::Nl, Whereabouts::Mix(share)) if share < 0.995 => {
                format!("{title}: {} van de {move_of} zit in andere aandelen, niet in de segmenten zelf", percent(share))
            }
            (Lang::Nl, Whereabouts::Mix(_)) => format!("{title}: de hele {move_of} zit in andere aandelen, niet in de segmenten zelf"),
            (Lang::Nl, Whereabouts::Spread(count)) => format!("{title}: de {move_of} is verspreid over {} onderdelen", self.number(count)),
            (Lang::Nl, Whereabouts::Segments(count)) => format!("{title}: de {move_of} is verspreid over {} segmenten", self.number(count)),
            (Lang::En, Whereabouts::Segments(count)) => format!("{title}: the {move_of} is spread over {} segments", self.number(count)),
            (Lang::En, Whereabouts::In(part, share)) if share < 0.995 => {
                format!("{title}: {} of the {move_of} is in {}", percent(share), self.quoted(part))
            }
            (Lang::En, Whereabouts::In(part, _)) => format!("{title}: the whole {move_of} is in {}", self.quoted(part)),
            (Lang::En, Whereabouts::Mix(share)) if share < 0.995 => {
                format!("{title}: {} of the {move_of} is in other shares, not within the segments", percent(share))
            }
            (Lang::En, Whereabouts::Mix(_)) => format!("{title}: the whole {move_of} is in other shares, not within the segments"),
            (Lang::En, Whereabouts::Spread(count)) => format!("{title}: the {move_of} is spread over {} parts", self.number(count)),
        }
    }

    /// Where nothing is told, because nothing moved or because what moved cannot be taken apart.
    pub fn why_plain(self, moved: bool) -> &'static str {
        match moved {
            true => self.pick("Wat bewoog, is niet uit elkaar te halen", "What moved cannot be taken apart"),
            false => self.pick("Niets bewoog buiten de ruis", "Nothing moved beyond noise"),
        }
    }

    /// How to read it; without a period before there is nothing to read.
    pub fn why_dek(self, told: bool, moved: bool, compared: bool) -> &'static str {
        match (told, moved, compared) {
            (true, ..) => self.pick(
                "Wat sinds de vorige periode buiten de ruis bewoog, uitgesplitst naar onderdeel en segment. Het is rekenwerk, geen bewijs van oorzaak.",
                "Where the change is of what moved beyond noise since the period before, by part and by segment. It is arithmetic, not proof of cause.",
            ),
            (_, true, _) => self.pick("Waarom niet, staat hieronder.", "The reasons stand below."),
            (_, _, true) => self.pick(
                "Geen kengetal verschilt meer dan toevallig van de periode ervoor: er is niets om uit elkaar te halen.",
                "No KPI differs from the period before by more than chance: there is nothing to take apart.",
            ),
            _ => self.pick("Er is geen eerdere periode om mee te vergelijken.", "There is no earlier period to compare with."),
        }
    }

    pub fn way(self, before: &str, after: &str) -> String {
        match self.0 {
            Lang::Nl => format!("van {before} naar {after}"),
            Lang::En => format!("from {before} to {after}"),
        }
    }

    /// In which part most of a change is, as a heading.
    pub fn mostly_in(self, title: &str, fell: bool, part: &str) -> String {
        let part = self.quoted(part);
        match (self.0, fell) {
            (Lang::Nl, true) => format!("{title} daalde, het meest in {part}"),
            (Lang::Nl, false) => format!("{title} steeg, het meest in {part}"),
            (Lang::En, true) => format!("{title} fell, mostly in {part}"),
            (Lang::En, false) => format!("{title} rose, mostly in {part}"),
        }
    }

    /// How much of a change is in some of its parts, and in the others.
    pub fn of_which(self, change: &str, parts: &[(String, String)], rest: Option<&str>) -> String {
        let amounts = parts.iter().map(|(title, amount)| format!("{amount} in {}", self.quoted(title)));
        let rest = rest.map(|it| format!("{it} {}", self.pick("in de rest", "in the rest")));
        let all: Vec<String> = amounts.chain(rest).collect();
        match self.0 {
            Lang::Nl => format!("Van die {change} zit {}.", self.list(&all)),
            Lang::En => format!("Of that {change}: {}.", self.list(&all)),
        }
    }

    /// A figure by a cut.
    pub fn by_cut(self, title: &str, cut: &str) -> String {
        format!("{title} {} {}", self.pick("per", "by"), lower(cut))
    }

    /// The change with its interval, and between which periods.
    pub fn why_change(self, (before, after): (Period, Period), change: &str, ends: Option<&(String, String, String)>) -> String {
        let (before, after) = (self.against(before, after), self.0.period_short(after));
        let said = match ends {
            Some((kind, low, high)) => format!("{change} ({kind} {low} {} {high})", self.pick("tot", "to")),
            None => change.to_owned(),
        };
        match self.0 {
            Lang::Nl => format!("Verandering van {before} naar {after}: {said}"),
            Lang::En => format!("Change from {before} to {after}: {said}"),
        }
    }

    /// What the segments of a figure add up to, and what that passes on to a whole.
    pub fn why_segments(self, change: &str, whole: Option<(&str, &str)>) -> String {
        match (self.0, whole) {
            (Lang::Nl, None) => format!("Bijdrage per segment, samen {change}"),
            (Lang::En, None) => format!("Contribution by segment, together {change}"),
            (Lang::Nl, Some((title, passed))) => {
                format!("Bijdrage per segment, samen {change}; in {} telt dat voor {passed}", self.quoted(title))
            }
            (Lang::En, Some((title, passed))) => {
                format!("Contribution by segment, together {change}; in {} that counts for {passed}", self.quoted(title))
            }
        }
    }

    pub fn other_shares(self) -> &'static str {
        self.pick("Andere aandelen (mix)", "Other shares (mix)")
    }

    /// The same where `mix` stands beside it.
    pub fn other_shares_short(self) -> &'static str {
        self.pick("Andere aandelen", "Other shares")
    }

    pub fn other_segments(self, count: usize) -> String {
        match self.0 {
            Lang::Nl => format!("{count} andere"),
            Lang::En => format!("{count} others"),
        }
    }

    pub fn small_segments(self, count: usize) -> String {
        match self.0 {
            Lang::Nl => format!("{count} kleine segmenten"),
            Lang::En => format!("{count} small segments"),
        }
    }

    pub fn rest_of_change(self) -> &'static str {
        self.pick("Rest", "Rest")
    }

    /// What a segment says of itself: that it came or went, or has few answers.
    pub fn segment_note(self, entered: bool, left: bool, few: bool) -> Option<&'static str> {
        if entered {
            Some(self.pick("nieuw, telt als mix", "new, counts as mix"))
        } else if left {
            Some(self.pick("verdwenen, telt als mix", "gone, counts as mix"))
        } else {
            few.then(|| self.pick("weinig antwoorden", "few answers"))
        }
    }

    /// What moved most, in a sentence that readers of the drawing hear.
    pub fn fall_desc(self, from_to: &str, steps: &[String]) -> String {
        format!("{}: {}.", super::capital(from_to), steps.join(", "))
    }

    /// What the bar of a segment is, by its own figures.
    pub fn rate_read(self, label: &str, from_to: &str, share: &str, change: &str) -> String {
        match self.0 {
            Lang::Nl => format!("{label} ging {from_to}: bij een gemiddeld aandeel van {share} is dat {change}."),
            Lang::En => format!("{label} went {from_to}: at a mean share of {share} that is {change}."),
        }
    }

    /// The same where segments have no share of one base.
    pub fn rate_plain(self, total: bool) -> &'static str {
        match total {
            true => self.pick(
                "Een staaf is wat er bij een segment bij kwam of af ging; samen zijn ze de verandering.",
                "A bar is what a segment gained or lost; together they are the change.",
            ),
            false => self.pick(
                "Een staaf is wat de eigen verandering van een segment aan het geheel doorgeeft.",
                "A bar is what the own change of a segment passes on to the whole.",
            ),
        }
    }

    /// Returns "Q2: 121 s".
    pub fn at(self, period: Period, reported: Period, value: &str) -> String {
        format!("{}: {value}", self.against(period, reported))
    }

    /// What share a segment had, and has.
    pub fn share_way(self, label: &str, before: &str, after: &str) -> String {
        format!("{label}: {before} → {after}")
    }

    /// That what stands beside a figure is called its cause, and that this is no finding.
    pub fn beside_cause(self, causes: &[String], of: &str) -> String {
        let quoted: Vec<String> = causes.iter().map(|it| self.quoted(it)).collect();
        let (names, of) = (self.list(&quoted), self.quoted(of));
        match (self.0, causes.len()) {
            (Lang::Nl, 1) => format!("Het project legt een verband tussen {names} en {of}; dat is niet bewezen."),
            (Lang::Nl, _) => format!("Het project legt een verband tussen {names} en {of}; dat is niet bewezen."),
            (Lang::En, 1) => format!("That {names} belongs to {of} is stated in the project; whether it is the cause, this does not say."),
            (Lang::En, _) => {
                format!("That {names} belong to {of} is stated in the project; whether they are the causes, this does not say.")
            }
        }
    }

    pub fn mix_read(self, change: &str) -> String {
        match self.0 {
            Lang::Nl => format!("{} is wat segmenten maken door te groeien of te krimpen: {change}.", self.other_shares()),
            Lang::En => format!("{} are what segments make by growing or shrinking: {change}.", self.other_shares()),
        }
    }

    pub fn axis_begins(self, at: &str) -> String {
        match self.0 {
            Lang::Nl => format!("De schaal begint bij {at}; de totalen zijn daarom streepjes."),
            Lang::En => format!("The scale begins at {at}; the totals are marks for that reason."),
        }
    }

    /// How the rows of a tree add up.
    pub fn why_sum(self, change: &str, unsplit: bool, rest: bool) -> String {
        let mut said = match self.0 {
            Lang::Nl => format!(
                "Onafgerond tellen de onderdelen op tot {change}. Een bijdrage is de verandering van een onderdeel maal wat het over beide perioden gemiddeld meetelt."
            ),
            Lang::En => format!(
                "Unrounded, the parts add up exactly to {change}. A contribution is the change of a part times what it counts for on average over both periods (midpoint)."
            ),
        };
        if rest {
            said.push_str(self.pick(" “Rest” is wat in geen onderdeel te vertellen is.", " “Rest” is what no part can tell."));
        }
        if unsplit {
            said.push_str(self.pick(
                " Wat weinig bijdraagt of toeval kan zijn, is niet uitgesplitst.",
                " What adds little, or may be chance, is not taken further apart.",
            ));
        }
        said
    }

    /// What a test says of the segments of a part.
    pub fn segments_of(self, title: &str, cut: &str, reading: &str) -> String {
        let (title, cut, reading) = (self.quoted(title), lower(cut), lower(reading));
        match self.0 {
            Lang::Nl => format!("{title} naar {cut}: {reading}"),
            Lang::En => format!("{title} by {cut}: {reading}"),
        }
    }

    pub fn coloured_segments(self) -> &'static str {
        self.pick("Kleur: buiten de ruis.", "Colour: beyond noise.")
    }

    /// What moved, and how much of it is in each segment.
    pub fn why_in_words(self, title: &str, way: &str, cut: &str, reading: &str) -> String {
        let (title, cut) = (self.quoted(title), lower(cut));
        match self.0 {
            _ if reading.is_empty() => format!("{title}: {way}."),
            Lang::Nl => format!("{title}: {way}. Naar {cut}: {}", lower(reading)),
            Lang::En => format!("{title}: {way}. By {cut}: {}", lower(reading)),
        }
    }

    /// Figures that the project ties to the same goal as causes, each with where it went.
    pub fn causes_beside(self, causes: &[(String, String)]) -> String {
        let went = self.pick("ging", "went");
        let causes: Vec<String> = causes.iter().map(|(title, way)| format!("{title} {went} {way}")).collect();
        let related = self.pick("een verband is mogelijk, niet bewezen", "that these are related is possible, not proven");
        format!("{}; {related}.", self.list(&causes))
    }

    /// The segments that moved most.
    pub fn moved_most(self, names: &[String]) -> String {
        format!("{} {}.", self.pick("Het grootste deel zit in", "Most of it is in"), self.list(names))
    }

    /// What moved and cannot be told, with the reason.
    pub fn why_untold(self, title: &str, change: &str, reason: Option<&str>) -> String {
        let reason = reason.unwrap_or_else(|| self.pick("Het heeft geen onderdelen en geen doorsnede.", "It has no parts and no cut."));
        match self.0 {
            Lang::Nl => format!("{}: {change}, niet uit elkaar te halen. {reason}", self.quoted(title)),
            Lang::En => format!("{}: {change}, cannot be taken apart. {reason}", self.quoted(title)),
        }
    }

    /// What moved too, and is not taken apart here.
    pub fn why_others(self, titles: &[String]) -> String {
        let titles: Vec<String> = titles.iter().map(|it| self.quoted(it)).collect();
        match self.0 {
            Lang::Nl => format!("Hier niet uitgesplitst: {}.", self.list(&titles)),
            Lang::En => format!("Not taken apart here: {}.", self.list(&titles)),
        }
    }

    /// What to know about an answer; `named` tells what a cut is called.
    pub fn why_note(self, note: &WhyNote, named: &dyn Fn(&[DimensionId]) -> String) -> String {
        let nl = self.0 == Lang::Nl;
        match note {
            WhyNote::NotComparable { of, on, reason } => {
                let part = if of.is_some() { self.pick(" van een onderdeel", " of a part") } else { "" };
                match self.0 {
                    Lang::Nl => format!("Let op: de definitie{part} is veranderd op {on}; de twee cijfers zijn niet te vergelijken. {reason}"),
                    Lang::En => format!("Beware: the definition{part} changed on {on}; the two figures cannot be compared. {reason}"),
                }
            }
            WhyNote::Hidden => self
                .pick("Verborgen door de minimumbasis: te weinig antwoorden, hier of in een cijfer dat eruit zou volgen.", "Hidden by the minimum base: too few answers, here or in a figure that would follow from it.")
                .to_owned(),
            WhyNote::NoValue => self.pick("Een van de twee perioden heeft geen cijfer.", "One of the two periods has no figure.").to_owned(),
            WhyNote::NotAdditive => self
                .pick(
                    "Segmenten tellen niet op tot dit cijfer: een mediaan, een aantal verschillende waarden of een uiterste is geen som van delen.",
                    "Segments do not add up to this figure: a median, a number of different values or an extreme is no sum of parts.",
                )
                .to_owned(),
            WhyNote::PartsDiffer(parts) => self.parts_differ(parts),
            WhyNote::HeldApart(cut) => self.held_apart(&named(cut)),
            WhyNote::Overlaps(cut) if nl => format!("Niet naar {}: een antwoord telt daar in meer segmenten.", named(cut)),
            WhyNote::Overlaps(cut) => format!("Not by {}: an answer counts in several segments there.", named(cut)),
            WhyNote::TooSmall(cut) if nl => format!("Niet naar {}: te weinig antwoorden in de segmenten.", named(cut)),
            WhyNote::TooSmall(cut) => format!("Not by {}: too few answers in its segments.", named(cut)),
            WhyNote::NoRate(cut) if nl => format!("Niet naar {}: een segment heeft niets om door te delen.", named(cut)),
            WhyNote::NoRate(cut) => format!("Not by {}: a segment has nothing to divide by.", named(cut)),
            WhyNote::Windowed => self
                .pick("Beide cijfers rusten deels op dezelfde rijen: er zijn geen intervallen.", "Both figures rest on the same rows in part: there are no intervals.")
                .to_owned(),
            WhyNote::Clustered => self
                .pick("De rijen zijn in groepen getrokken: voor segmenten zijn er geen intervallen.", "Rows were drawn in clusters: segments have no intervals.")
                .to_owned(),
            WhyNote::Complete => self
                .pick("De gegevens zijn volledig: geen steekproef, dus geen interval. Kleine aantallen springen ook dan.", "The data are complete: no sample, hence no interval. Small numbers jump all the same.")
                .to_owned(),
            WhyNote::Unfinished => self.pick("De tweede periode is nog niet volledig.", "The second period is not complete yet.").to_owned(),
        }
    }

    /// What a table of segments of a whole that changed by so much shows at a glance, and is easily missed.
    pub fn why_reading(self, cut: &CutResult, change: f64, confidence: f64) -> Vec<String> {
        let mut said = Vec::new();
        let moves: Vec<f64> = cut.segments.iter().filter_map(|it| Some(it.after.value? - it.before.value?)).collect();
        let all = cut.segments.len() >= 2 && moves.len() == cut.segments.len();
        if all && change < 0.0 && moves.iter().all(|it| *it > 0.0) {
            said.push(self.pick(
                "Elk segment steeg, en het geheel daalde: de aandelen van de segmenten veranderden.",
                "Every segment rose, and the whole fell: the shares of the segments changed.",
            ));
        } else if all && change > 0.0 && moves.iter().all(|it| *it < 0.0) {
            said.push(self.pick(
                "Elk segment daalde, en het geheel steeg: de aandelen van de segmenten veranderden.",
                "Every segment fell, and the whole rose: the shares of the segments changed.",
            ));
        } else if let Some(p) = cut.p {
            said.push(match p < 1.0 - confidence {
                true => self.pick("De segmenten bewogen verschillend", "The segments moved differently"),
                false => {
                    self.pick("Dat de segmenten verschillend bewogen, kan toeval zijn", "That the segments moved differently may be chance")
                }
            });
        }
        let mut said: Vec<String> = said.into_iter().map(str::to_owned).collect();
        if let (Some(last), Some(p)) = (said.last_mut().filter(|it| !it.ends_with('.')), cut.p) {
            let _ = write!(last, " (p {}).", chance_text(self.0, p));
        }
        if cut.segments.iter().any(|it| it.entered() || it.left()) {
            let text = self.pick(
                "Wat kwam of ging telt als mix; een segment met een nieuwe naam lijkt op allebei.",
                "What came or went counts as mix; a segment with a new name looks like both.",
            );
            said.push(text.to_owned());
        }
        said
    }

    /// The columns of a table of segments behind those of its values: shares, bases, effects.
    pub fn segment_columns(self) -> [&'static str; 4] {
        [self.pick("aandeel", "share"), "mix", self.pick("eigen", "own"), self.pick("samen", "together")]
    }
}

/// A chance as it stands behind `p`: `= 0,213`.
pub fn chance_text(lang: Lang, p: f64) -> String {
    if p < 0.001 { format!("< {}", lang.number(0.001, 3)) } else { format!("= {}", lang.number(p, 3)) }
}
