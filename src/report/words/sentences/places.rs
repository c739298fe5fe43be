//! What is said of stages and of segments?

use super::{Say, capital, chance_text, lower};
use crate::calendar::Period;
use crate::report::view::Status;
use crate::words::Lang;

/// Values of a cut that moved beyond noise, all one way.
#[derive(Debug, Clone)]
pub struct MovedCut {
    /// The title of the figure.
    pub figure: String,
    /// The title of the dimension.
    pub dimension: String,
    /// The values that moved beyond noise.
    pub values: Vec<String>,
    /// Whether they rose.
    pub up: bool,
    /// Since when.
    pub since: Period,
    /// Whether there are values that may have moved by chance.
    pub others: bool,
}

/// Stages and segments.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    /// `stages`: those that are worst. `judged`: what all judged stages come to. `all`: how many stages there are.
    pub fn journey_heading(self, worst: Option<Status>, stages: &[String], judged: &[Status], all: usize) -> String {
        let names = self.list(stages);
        let many = stages.len() > 1;
        let said = match (self.0, worst) {
            (_, None) => return self.pick("Fasen zonder oordeel", "Stages without judgement").to_owned(),
            (_, Some(Status::OnTarget)) => {
                return self.pick("Elke beoordeelde fase is op koers", "Every judged stage is on target").to_owned();
            }
            (Lang::Nl, Some(status)) if stages.len() > 3 => {
                let word = if status == Status::Act { "vragen actie" } else { "vragen aandacht" };
                format!("{} van de {} beoordeelde fasen {word}", self.number_first(stages.len()), self.number(judged.len()))
            }
            (Lang::En, Some(status)) if stages.len() > 3 => {
                let word = if status == Status::Act { "need action" } else { "need watching" };
                format!("{} of {} judged stages {word}", self.number_first(stages.len()), self.number(judged.len()))
            }
            (Lang::Nl, Some(Status::Act)) => format!("In {names} vraagt een cijfer actie"),
            (Lang::Nl, Some(_)) => format!("{names} {} aandacht", if many { "vragen" } else { "vraagt" }),
            (Lang::En, Some(Status::Act)) => format!("In {names} a figure needs action"),
            (Lang::En, Some(_)) => format!("{names} {} watching", if many { "need" } else { "needs" }),
        };
        // What the others come to, where that is all there is.
        let others: Vec<Status> = judged.iter().copied().filter(|it| Some(*it) != worst).collect();
        let on_target = others.len() + stages.len() == all && others.iter().all(|it| *it == Status::OnTarget);
        match others.len() {
            1 if on_target => format!("{said}; {}", self.pick("de andere is op koers", "the other is on target")),
            2.. if on_target => format!("{said}; {}", self.pick("de andere zijn op koers", "the others are on target")),
            _ => said,
        }
    }

    pub fn journey_dek(self) -> &'static str {
        self.pick(
            "De kleur van een fase is de slechtste beleving erin, ook van een deel van een kengetal. Een streepjesrand: niet bewezen. Een ster: een sleutelmoment.",
            "The colour of a stage is the worst experience in it, of a part of a KPI too. A dashed edge: not proven. A star: a moment of truth.",
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

    pub fn experience_caption(self, measure: &str, earlier: Option<Period>, apart: bool) -> String {
        let mut said = match self.0 {
            Lang::Nl => format!("Primair kengetal per fase: {measure}"),
            Lang::En => format!("Primary KPI by stage: {measure}"),
        };
        if let Some(period) = earlier {
            said.push_str(&format!(". {}: {}", self.pick("Grijs", "Grey"), self.0.period(period)));
        }
        if apart {
            said.push_str(self.pick(". Elke fase heeft haar eigen vraag", ". Each stage has a question of its own"));
        }
        said
    }

    /// What the first cut shows of which segments moved.
    pub fn segments_heading(self, moved: &[MovedCut], all: usize) -> String {
        match moved.first() {
            Some(first) => {
                let (figure, values) = (self.quoted(&first.figure), self.list(&first.values));
                match (self.0, first.up) {
                    (Lang::Nl, true) => format!("{figure} steeg aantoonbaar bij {values}"),
                    (Lang::Nl, false) => format!("{figure} daalde aantoonbaar bij {values}"),
                    (Lang::En, true) => format!("{figure} rose beyond chance for {values}"),
                    (Lang::En, false) => format!("{figure} fell beyond chance for {values}"),
                }
            }
            None if all == 0 => self.pick("Geen segmenten om te tonen", "No segments to show").to_owned(),
            None => self.pick("Geen segment bewoog buiten de ruis", "No segment moves beyond noise").to_owned(),
        }
    }

    /// Since when that is and by what, and the same of the other cuts.
    pub fn segments_dek(self, moved: &[MovedCut]) -> Option<String> {
        let first = moved.first()?;
        let (dimension, since) = (lower(&first.dimension), self.0.period_short(first.since));
        let others = if first.others { self.pick("; elders kan het toeval zijn", "; elsewhere it may be chance") } else { "" };
        let mut said = vec![match self.0 {
            Lang::Nl => format!("Sinds {since}, naar {dimension}{others}."),
            Lang::En => format!("Since {since}, by {dimension}{others}."),
        }];
        said.extend(moved.iter().skip(1).map(|it| format!("{}.", self.moved_cut(it))));
        Some(said.join(" "))
    }

    /// "CES afspraak naar kanaal: sinds Q3 2024 aantoonbaar gedaald bij Telefoon".
    fn moved_cut(self, of: &MovedCut) -> String {
        let MovedCut { figure, dimension, values, up, since, .. } = of;
        let (since, values, dimension) = (self.0.period_short(*since), self.list(values), lower(dimension));
        let word = if *up { self.pick("gestegen", "up") } else { self.pick("gedaald", "down") };
        match self.0 {
            Lang::Nl => format!("{figure} naar {dimension}: sinds {since} aantoonbaar {word} bij {values}"),
            Lang::En => format!("{figure} by {dimension}: {word} since {since}, beyond chance, for {values}"),
        }
    }

    pub fn segments_how(self, few: u32, least: u32, left: usize, unproven: bool, moved: bool) -> String {
        let mut said = match self.0 {
            Lang::Nl => format!(
                "Segmenten met minder dan {few} antwoorden zijn indicatief; met minder dan {least} zijn ze verborgen, net als de cijfers waaruit ze af te leiden zijn."
            ),
            Lang::En => format!(
                "Segments with fewer than {few} answers are indicative; with fewer than {least} they are hidden, with what would tell of them."
            ),
        };
        if moved {
            said.push_str(self.pick(
                " Dat het ene segment buiten het toeval bewoog en het andere niet, bewijst niet dat ze verschillen.",
                " That one segment moved beyond chance and another did not is no proof that they differ.",
            ));
        }
        if unproven {
            said.push_str(self.pick(
                " Een open punt is niet bewezen: het interval reikt tot in een andere band.",
                " A hollow point is not proven: its interval reaches into another band.",
            ));
        }
        if left > 0 {
            said.push_str(&match (self.0, left) {
                (Lang::Nl, 1) => " Eén andere uitsplitsing staat hier niet.".to_owned(),
                (Lang::Nl, it) => format!(" {} andere uitsplitsingen staan hier niet.", self.number_first(it)),
                (Lang::En, 1) => " One more cut is not shown here.".to_owned(),
                (Lang::En, it) => format!(" {} more cuts are not shown here.", self.number_first(it)),
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

    pub fn segment_subtitle(self, period: Period, earlier: Option<Period>, kind: Option<&str>) -> String {
        let mut said = capital(&self.0.period(period));
        if let Some(kind) = kind {
            said.push_str(&format!(" {} {kind}", self.pick("met", "with")));
        }
        if let Some(earlier) = earlier {
            said.push_str(&match self.0 {
                Lang::Nl => format!("; driehoek: {}", self.0.period(earlier)),
                Lang::En => format!("; triangle: {}", self.0.period(earlier)),
            });
        }
        said
    }

    /// The heading of how the values of a cut moved.
    pub fn over_time(self, cut: &str) -> String {
        format!("{cut}, {}", self.pick("door de tijd", "over time"))
    }

    /// Which periods, which scale, which lines; `sorted` where one end is good, `left` are told elsewhere.
    pub fn over_time_caption(self, periods: (Period, Period), scale: (&str, &str), target: &str, sorted: bool, left: usize) -> String {
        let (from, to) = (self.0.period_short(periods.0), self.0.period_short(periods.1));
        let (low, high) = scale;
        let mut said = match self.0 {
            Lang::Nl => format!("{from} tot en met {to}, alle op één schaal van {low} tot {high}. "),
            Lang::En => format!("{from} to {to}, all on one scale from {low} to {high}. "),
        };
        if sorted {
            said.push_str(self.pick("De slechtste met genoeg antwoorden staat voorop. ", "The worst with enough answers comes first. "));
        }
        if !target.is_empty() {
            said.push_str(&format!("{} {target}. ", self.pick("Streepjes:", "Dashes:")));
        }
        said.push_str(self.pick("Stippels: het geheel.", "Dots: the whole."));
        if left > 0 {
            said.push_str(&match (self.0, left) {
                (Lang::Nl, 1) => " Eén andere staat hieronder.".to_owned(),
                (Lang::Nl, it) => format!(" {} andere staan hieronder.", self.number_first(it)),
                (Lang::En, 1) => " One more is told below.".to_owned(),
                (Lang::En, it) => format!(" {} more are told below.", self.number_first(it)),
            });
        }
        said
    }

    pub fn the_whole(self) -> &'static str {
        self.pick("Het geheel", "The whole")
    }

    pub fn hidden_row(self) -> &'static str {
        self.pick("verborgen vanwege privacy", "hidden to protect those who answered")
    }

    pub fn more_tiles(self, count: usize) -> String {
        match (self.0, count) {
            (_, 0) => String::new(),
            (Lang::Nl, 1) => "Nog één kengetal".to_owned(),
            (Lang::Nl, _) => format!("Nog {} kengetallen", self.number(count)),
            (Lang::En, 1) => "One more KPI".to_owned(),
            (Lang::En, _) => format!("{} more KPIs", self.number_first(count)),
        }
    }

    pub fn more_panels(self, count: usize) -> String {
        match (self.0, count) {
            (_, 0) => String::new(),
            (Lang::Nl, 1) => "Nog één uitsplitsing".to_owned(),
            (Lang::Nl, _) => format!("Nog {} uitsplitsingen", self.number(count)),
            (Lang::En, 1) => "One more cut".to_owned(),
            (Lang::En, _) => format!("{} more cuts", self.number_first(count)),
        }
    }

    /// Names two segments; `all` is false where others have too few answers to be judged.
    pub fn highest_lowest(self, high: &str, low: &str, all: bool) -> String {
        if high == low {
            return match self.0 {
                Lang::Nl => format!("Alleen {high} heeft genoeg antwoorden voor een oordeel."),
                Lang::En => format!("Only {high} has enough answers to be judged."),
            };
        }
        match self.0 {
            Lang::Nl if all => format!("Hoogste: {high}. Laagste: {low}."),
            Lang::En if all => format!("Highest: {high}. Lowest: {low}."),
            Lang::Nl => format!("Bij voldoende antwoorden: hoogste {high}, laagste {low}."),
            Lang::En => format!("Of those with enough answers to be judged: highest {high}, lowest {low}."),
        }
    }

    /// That a test does not tell segments from each other.
    pub fn segments_alike(self, p: f64) -> String {
        let p = chance_text(self.0, p).replace(' ', "\u{a0}");
        match self.0 {
            Lang::Nl => format!("Dat de segmenten van elkaar verschillen, kan toeval zijn (p\u{a0}{p})."),
            Lang::En => format!("That the segments differ from each other may be chance (p\u{a0}{p})."),
        }
    }

    pub fn no_solid_segments(self) -> &'static str {
        self.pick("Geen segment heeft genoeg antwoorden voor een oordeel.", "No segment has enough answers to be judged.")
    }

    /// Which segments differ from themselves in another period: of a sample by a test, of complete data by their series.
    pub fn segment_signals(self, moved: &[String], period: Period, sampled: bool) -> String {
        let period = self.the_period(period);
        match (self.0, moved, sampled) {
            (Lang::Nl, [], true) => format!("Geen verschil met {period} is groter dan de onzekerheid."),
            (Lang::Nl, _, true) => format!("Het verschil met {period} is groter dan de onzekerheid bij {}.", self.list(moved)),
            (Lang::En, [], true) => format!("No difference with {period} is larger than its uncertainty."),
            (Lang::En, _, true) => format!("The difference with {period} is larger than its uncertainty for {}.", self.list(moved)),
            (Lang::Nl, [], false) => format!("Vergeleken met {period} is niets buiten het gebruikelijke."),
            (Lang::Nl, _, false) => format!("Vergeleken met {period} buiten het gebruikelijke: {}.", self.list(moved)),
            (Lang::En, [], false) => format!("Compared with {period} nothing is other than usual."),
            (Lang::En, _, false) => format!("Compared with {period} not as usual: {}.", self.list(moved)),
        }
    }

    /// Says how much of a change came by shares; `against` where every segment moved the other way.
    pub fn by_mix(self, fell: bool, against: bool, change: &str, mix: &str, rate: &str) -> String {
        let first = match (self.0, against, fell) {
            (Lang::Nl, true, true) => "Geen segment daalde, het geheel wel: de aandelen verschoven. ",
            (Lang::Nl, true, false) => "Geen segment steeg, het geheel wel: de aandelen verschoven. ",
            (Lang::En, true, true) => "No segment fell, yet the whole did: the shares moved. ",
            (Lang::En, true, false) => "No segment rose, yet the whole did: the shares moved. ",
            (_, false, _) => "",
        };
        match self.0 {
            Lang::Nl => format!("{first}Van {change} komt {mix} door andere aandelen en {rate} binnen de segmenten."),
            Lang::En => format!("{first}Of {change}, {mix} comes by other shares and {rate} within the segments."),
        }
    }

    /// Says in a few words that every part moved the other way than the whole.
    pub fn parts_moved_against(self, fell: bool) -> &'static str {
        if fell {
            self.pick("lager door andere aandelen", "lower by other shares")
        } else {
            self.pick("hoger door andere aandelen", "higher by other shares")
        }
    }

    /// Says the same in a sentence.
    pub fn whole_moved_against(self, fell: bool, dimension: &str, period: Period) -> String {
        let dimension = lower(dimension);
        let since = self.the_period(period);
        match (self.0, fell) {
            (Lang::Nl, true) => {
                format!("Naar {dimension} daalde geen deel sinds {since}: de aandelen verschoven.")
            }
            (Lang::Nl, false) => {
                format!("Naar {dimension} steeg geen deel sinds {since}: de aandelen verschoven.")
            }
            (Lang::En, true) => format!("By {dimension} no part fell since {since}: the shares moved."),
            (Lang::En, false) => format!("By {dimension} no part rose since {since}: the shares moved."),
        }
    }

    pub fn few_segments(self, names: &[String], few: u32) -> String {
        match self.0 {
            Lang::Nl => format!("Indicatief, met minder dan {few} antwoorden: {}.", self.list(names)),
            Lang::En => format!("Indicative, with fewer than {few} answers: {}.", self.list(names)),
        }
    }

    pub fn hidden_segments(self, names: &[String], least: u64) -> String {
        match self.0 {
            Lang::Nl => format!("Verborgen, om minder dan {least} antwoorden te beschermen: {}.", self.list(names)),
            Lang::En => format!("Hidden, to protect fewer than {least} answers: {}.", self.list(names)),
        }
    }

    pub fn left_segments(self, left: usize) -> String {
        match self.0 {
            Lang::Nl => format!("{} andere waarden staan hier niet.", self.number_first(left)),
            Lang::En => format!("{} more values are not shown.", self.number_first(left)),
        }
    }
}
