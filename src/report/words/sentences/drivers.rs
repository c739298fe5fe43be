//! What is said of what drives answers?

use super::{Say, capital, lower};
use crate::calendar::Period;
use crate::eval::drivers::{DriverNote, Quadrant, least_rows};
use crate::model::Method;
use crate::plan::{Bucket, Performance};
use crate::words::Lang;

/// What steers a team on a KPI.
#[derive(Clone, Copy)]
pub enum SteeredOn<'t> {
    /// It is paid on it, for this share of its pay.
    Paid(&'t str),
    /// Its goal of this title is measured by it.
    Goal(&'t str),
    /// It comes first at its touchpoint of this title.
    Touchpoint(&'t str),
}

/// Drivers.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    /// The heaviest item, or the reason named most, of each outcome: of two in the heading.
    pub fn drivers_heading(self, told: &[(String, String, bool)]) -> String {
        match told {
            [] => self.pick("Nog niet te zeggen wat met antwoorden samenhangt", "What goes with answers cannot be told yet").to_owned(),
            [first, second, ..] if !first.2 && !second.2 && first.1 == second.1 => {
                let (outcomes, item) = (self.list(&[first.0.clone(), second.0.clone()]), self.quoted(&first.1));
                match self.0 {
                    Lang::Nl => format!("{outcomes} hangen vooral samen met {item}"),
                    Lang::En => format!("{outcomes} go mostly with {item}"),
                }
            }
            [first, second, ..] if !first.2 && !second.2 => {
                let with = self.pick("met", "with");
                format!("{}, {} {with} {}", self.driver_clause(first), second.0, self.quoted(&second.1))
            }
            [first, ..] => self.driver_clause(first),
        }
    }

    /// The outcomes that the heading does not tell, and how far it may be taken.
    pub fn drivers_dek(self, told: &[(String, String, bool)]) -> String {
        let in_heading = if told.len() > 1 && told.iter().take(2).all(|it| !it.2) { 2 } else { 1 };
        let mut said: Vec<String> = told.iter().skip(in_heading).map(|it| format!("{}.", self.driver_clause(it))).collect();
        let explained = told.iter().any(|it| !it.2);
        let caution = match explained {
            true => self.pick("Het is samenhang, geen bewijs van oorzaak.", "It is association, not proof of cause."),
            false => self.pick("Genoemde redenen zijn wat klanten zelf zeggen.", "Stated reasons are what customers say themselves."),
        };
        said.push(caution.to_owned());
        said.join(" ")
    }

    fn driver_clause(self, it: &(String, String, bool)) -> String {
        let (outcome, item, stated) = it;
        let item = self.quoted(item);
        match (self.0, stated) {
            (Lang::Nl, true) => format!("{outcome}: {item} wordt het vaakst genoemd"),
            (Lang::Nl, false) => format!("{outcome} hangt vooral samen met {item}"),
            (Lang::En, true) => format!("{outcome}: {item} is named most"),
            (Lang::En, false) => format!("{outcome} goes mostly with {item}"),
        }
    }

    /// `methods`: how importance was computed. `alike`: whether all drawings have one scale.
    pub fn drivers_how(self, methods: &[&str], alike: bool) -> String {
        let how = self.pick(
            "Omhoog staat hoeveel een vraag van de uitkomst verklaart, naar rechts hoe hoog erop wordt gescoord. De stippellijnen zijn de gemiddelden, de strepen door een punt zijn intervallen; een open punt kan aan de andere kant van een gemiddelde liggen.",
            "Upward is how much of the outcome a question explains, to the right how high it scores. Dotted lines are the means, the strokes through a point are intervals; a hollow point may lie on the other side of a mean.",
        );
        let methods = methods.join(", ");
        let scales = match alike {
            true => "",
            false => self.pick(
                " De horizontale schalen verschillen; vergelijk alleen de hoogten.",
                " The scales to the right differ: they are named below. Compare heights alone.",
            ),
        };
        let how = format!("{how}{scales}");
        match self.0 {
            Lang::Nl => format!("{how} Belang is berekend met {methods}; R² is het deel van de verschillen dat de vragen samen verklaren."),
            Lang::En => format!(
                "{how} Importance was computed by {methods}; R² is the share of the differences that the questions explain together."
            ),
        }
    }

    pub fn no_drivers(self, declared: bool) -> &'static str {
        if declared {
            return self.pick(
                "Geen drivermodel van dit project verklaart een kengetal van dit rapport.",
                "No driver model of this project explains a KPI of this report.",
            );
        }
        self.pick("Dit project heeft geen drivermodel.", "This project has no driver model.")
    }

    pub fn driver_title(self, outcome: &str, stated: bool) -> String {
        match (self.0, stated) {
            (Lang::Nl, false) => format!("Wat samenhangt met {outcome}"),
            (Lang::Nl, true) => format!("Wat klanten noemen bij {outcome}"),
            (Lang::En, false) => format!("What goes with {outcome}"),
            (Lang::En, true) => format!("What customers name with {outcome}"),
        }
    }

    pub fn driver_base(self, n: u64, answered: u64, stated: bool) -> String {
        let (n, answered) = (self.0.count(n), self.0.count(answered));
        match (self.0, stated) {
            (Lang::Nl, false) => format!("n\u{a0}=\u{a0}{n} met alle vragen beantwoord, van {answered}"),
            (Lang::Nl, true) => format!("n\u{a0}=\u{a0}{n} met een reden, van {answered}"),
            (Lang::En, false) => format!("n\u{a0}=\u{a0}{n} with all questions answered, of {answered}"),
            (Lang::En, true) => format!("n\u{a0}=\u{a0}{n} with a reason, of {answered}"),
        }
    }

    pub fn method_name(self, method: Method) -> &'static str {
        match method {
            Method::Correlation => self.pick("correlatie", "correlation"),
            Method::Ols => self.pick("regressie", "regression"),
            Method::Lmg => "LMG (Shapley)",
            Method::Johnson => self.pick("relatieve gewichten (Johnson)", "relative weights (Johnson)"),
            Method::PenaltyReward => self.pick("straf en beloning", "penalty and reward"),
            Method::Stated => self.pick("genoemde redenen", "stated reasons"),
        }
    }

    pub fn over_periods(self, first: Period, last: Period) -> String {
        if first == last {
            capital(&self.0.period(first))
        } else {
            format!("{} – {}", capital(&self.0.period(first)), self.0.period(last))
        }
    }

    pub fn importance_label(self) -> &'static str {
        self.pick("Belang: aandeel in wat verklaard wordt", "Importance: share of what is explained")
    }

    pub fn performance_label(self, of: Performance) -> &'static str {
        match of {
            Performance::TopTwo => {
                self.pick("Prestatie: aandeel in de twee beste antwoorden", "Performance: share of the two best answers")
            }
            Performance::Index => self.pick("Prestatie: gemiddelde, 0–100", "Performance: mean, 0–100"),
        }
    }

    pub fn quadrant(self, of: Quadrant) -> &'static str {
        match of {
            Quadrant::FixFirst => self.pick("Eerst verbeteren", "Improve first"),
            Quadrant::Keep => self.pick("Vasthouden", "Keep"),
            Quadrant::LowPriority => self.pick("Later", "Later"),
            Quadrant::PossibleOverkill => self.pick("Op niveau", "Good enough"),
        }
    }

    /// What stands in the field of what is important and weak.
    pub fn improve_first(self, items: &[String]) -> String {
        match (self.0, items) {
            (Lang::Nl, []) => "Geen vraag weegt zwaarder dan gemiddeld en scoort lager.".to_owned(),
            (Lang::Nl, [one]) => format!("{one} weegt zwaarder dan gemiddeld en scoort lager."),
            (Lang::Nl, _) => format!("{} wegen zwaarder dan gemiddeld en scoren lager.", self.list(items)),
            (Lang::En, []) => "No question weighs more than the mean and scores below it.".to_owned(),
            (Lang::En, [one]) => format!("{one} weighs more than the mean and scores below it."),
            (Lang::En, _) => format!("{} weigh more than the mean and score below it.", self.list(items)),
        }
    }

    /// That what should be improved first rests on a model that explains little.
    pub fn explains_little(self, share: &str) -> String {
        match self.0 {
            Lang::Nl => format!("Samen verklaren de vragen {share} van de verschillen: lees het als een aanwijzing."),
            Lang::En => format!("Together the questions explain {share} of the differences: read it as a hint."),
        }
    }

    /// What part of what is explained goes with each item, the heaviest first.
    pub fn heaviest(self, items: &[(String, String)]) -> String {
        let parts: Vec<String> = items
            .iter()
            .enumerate()
            .map(|(at, (share, item))| match (self.0, at) {
                (Lang::Nl, _) => format!("{share} bij {}", self.quoted(item)),
                (Lang::En, 0) => format!("{share} goes with {}", self.quoted(item)),
                (Lang::En, _) => format!("{share} with {}", self.quoted(item)),
            })
            .collect();
        match self.0 {
            Lang::Nl => format!("Van wat verklaard wordt, hoort {}.", self.list(&parts)),
            Lang::En => format!("Of what is explained, {}.", self.list(&parts)),
        }
    }

    pub fn team_share(self, team: &str, share: &str, outcome: &str) -> String {
        match self.0 {
            Lang::Nl => format!("De vragen van {team} zijn goed voor {share} van wat alle vragen samen van {outcome} verklaren."),
            Lang::En => format!("The questions of {team} carry {share} of what is explained of {outcome}."),
        }
    }

    /// How a team is steered on a KPI.
    pub fn steered_on(self, team: &str, how: SteeredOn<'_>, kpi: &str) -> String {
        match (self.0, how) {
            (Lang::Nl, SteeredOn::Paid(weight)) => format!("Van de bonus van {team} hangt {weight} af van {kpi}"),
            (Lang::En, SteeredOn::Paid(weight)) => format!("Of the pay of {team}, {weight} hangs on {kpi}"),
            (Lang::Nl, SteeredOn::Goal(it)) => format!("Het doel {} van {team} wordt gemeten met {kpi}", self.quoted(it)),
            (Lang::En, SteeredOn::Goal(it)) => format!("The goal {} of {team} is measured by {kpi}", self.quoted(it)),
            (Lang::Nl, SteeredOn::Touchpoint(it)) => format!("{kpi} staat voorop bij contactpunt {} van {team}", self.quoted(it)),
            (Lang::En, SteeredOn::Touchpoint(it)) => format!("{kpi} comes first at touchpoint {} of {team}", self.quoted(it)),
        }
    }

    /// That the questions of a team hold little of what drives what it is steered on. `share`: of the model that is shown,
    /// where that is of a period; `all`: over all rows.
    pub fn does_not_drive(self, steered: &str, items: &[String], share: Option<&str>, all: &str) -> String {
        let one = items.len() == 1;
        let items = self.list(items);
        match self.0 {
            Lang::Nl => {
                let own = if one { "de eigen vraag van dat team" } else { "de eigen vragen van dat team" };
                let verb = if one { "levert" } else { "leveren" };
                let held = match share {
                    Some(share) => format!("{share} van wat alle vragen samen daarvan verklaren, over alle perioden {all}"),
                    None => format!("{all} van wat alle vragen samen daarvan verklaren, over alle perioden"),
                };
                format!("{steered}; {own} ({items}) {verb} {held}.")
            }
            Lang::En => {
                let (own, verb) = if one { ("its own question", "carries") } else { ("its own questions", "carry") };
                let held = match share {
                    Some(share) => format!("{share} of what is explained of it, over all periods {all}"),
                    None => format!("{all} of what is explained of it, over all periods"),
                };
                format!("{steered}; {own} ({items}) {verb} {held}.")
            }
        }
    }

    /// A KPI of its own touchpoint that a team could be steered on.
    pub fn steer_on(self, second: &str) -> String {
        match self.0 {
            Lang::Nl => format!("{second} wordt bij het eigen contactpunt gevraagd en kan in de plaats daarvan of ernaast komen."),
            Lang::En => format!("{second} is asked at its own touchpoint, and can stand in its place or beside it."),
        }
    }

    /// A KPI that its own touchpoint could ask.
    pub fn ask_at(self, touchpoint: &str, proposal: &str) -> String {
        let touchpoint = self.quoted(touchpoint);
        match self.0 {
            Lang::Nl => format!("Bij het eigen contactpunt {touchpoint} is te vragen wat dat team wel beweegt: {proposal}."),
            Lang::En => format!("Its own touchpoint {touchpoint} can ask what it does move: {proposal}."),
        }
    }

    pub fn item_heading(self) -> &'static str {
        self.pick("Vraag", "Question")
    }

    pub fn advice_heading(self) -> &'static str {
        self.pick("Veld", "Field")
    }

    pub fn not_in_model(self) -> &'static str {
        self.pick("niet in het model", "not in the model")
    }

    pub fn may_be_other(self, word: &str) -> String {
        format!("{word} ({})", self.pick("niet zeker", "not certain"))
    }

    /// `lost` is the share of those who answered that lack a question.
    pub fn driver_note(self, note: DriverNote, items: usize, lost: &str) -> Option<String> {
        let least = least_rows(items);
        Some(match note {
            DriverNote::Hidden => {
                self.pick("Verborgen om wie antwoordde te beschermen.", "Hidden to protect those who answered.").to_owned()
            }
            DriverNote::PartsHidden => self
                .pick("De delen naar uitkomst zijn verborgen: te klein om te tonen.", "Parts by outcome are hidden: too small to show.")
                .to_owned(),
            DriverNote::ReasonsHidden => self
                .pick(
                    "Wat bij een reden hoort die weinigen noemen, of bijna iedereen, is verborgen.",
                    "What goes with a reason that few name, or nearly all, is hidden.",
                )
                .to_owned(),
            DriverNote::Empty => {
                self.pick("Niemand heeft de uitkomst en alle vragen.", "Nobody has the outcome and all questions.").to_owned()
            }
            DriverNote::NoModel => self
                .pick(
                    "Geen model: te weinig antwoorden, of geen verschil ertussen.",
                    "No model: too few answers, or no variation among them.",
                )
                .to_owned(),
            DriverNote::FewRows => match self.0 {
                Lang::Nl => format!("Te weinig antwoorden om op te bouwen: er zijn er {least} nodig."),
                Lang::En => format!("Too few answers to rely on: {least} are needed."),
            },
            DriverNote::ManyLost => match self.0 {
                Lang::Nl => format!("{lost} van wie antwoordde, heeft niet op elke vraag een antwoord; zij kunnen anders zijn."),
                Lang::En => format!("{lost} of those who answered have no answer to every question; they may differ."),
            },
            DriverNote::Singular => self
                .pick(
                    "Een vraag valt uit het model: overal gelijk, of gelijk aan andere samen.",
                    "A question is left out: the same everywhere, or made up by others.",
                )
                .to_owned(),
            DriverNote::Overlap => self
                .pick(
                    "Vragen lijken zo op elkaar dat hun belang moeilijk te scheiden is.",
                    "Questions are so alike that their importance is hard to tell apart.",
                )
                .to_owned(),
            DriverNote::LittleExplained => self
                .pick(
                    "De vragen verklaren samen minder dan een tiende van de uitkomst.",
                    "Together the questions explain less than a tenth of the outcome.",
                )
                .to_owned(),
            DriverNote::IntervalUnknown => self.pick("Intervallen zijn niet te geven.", "Intervals cannot be given.").to_owned(),
            DriverNote::Unfinished => self.pick("De periode is nog niet voorbij.", "The period is not over.").to_owned(),
            DriverNote::AcrossChange => self.pick("Over een gewijzigde definitie heen.", "Across a change of definition.").to_owned(),
        })
    }

    pub fn bucket(self, of: Bucket) -> &'static str {
        match of {
            Bucket::All => self.pick("Allen", "All"),
            Bucket::Promoters => self.pick("Promotors", "Promoters"),
            Bucket::Passives => self.pick("Passief", "Passives"),
            Bucket::Detractors => self.pick("Criticasters", "Detractors"),
            Bucket::Good => self.pick("Positief", "Positive"),
            Bucket::Between => self.pick("Neutraal", "Between"),
            Bucket::Bad => self.pick("Negatief", "Negative"),
            Bucket::Counted => self.pick("Telt mee", "Counted"),
            Bucket::NotCounted => self.pick("Telt niet mee", "Not counted"),
        }
    }

    pub fn reason_heading(self) -> &'static str {
        self.pick("Reden", "Reason")
    }

    pub fn named_by(self) -> &'static str {
        self.pick("noemt dit", "name it")
    }

    pub fn named_most(self, reasons: &[String]) -> String {
        match self.0 {
            Lang::Nl => format!("Het vaakst genoemd: {}.", self.list(reasons)),
            Lang::En => format!("Named most: {}.", self.list(reasons)),
        }
    }

    /// How those who name a reason answer beside those who name others; the distance without its sign.
    pub fn reason_difference(self, reason: &str, distance: &str, lower_answer: bool, outcome: &str) -> String {
        let (reason, outcome) = (self.quoted(reason), lower(outcome));
        let way = if lower_answer { self.pick("lager", "lower") } else { self.pick("hoger", "higher") };
        match self.0 {
            Lang::Nl => {
                format!("Wie {reason} noemt, antwoordt gemiddeld {distance} {way} op de vraag achter {outcome} dan wie iets anders noemt.")
            }
            Lang::En => {
                format!(
                    "Those who name {reason} answer {distance} {way} on average on the question behind {outcome} than those who name others."
                )
            }
        }
    }

    pub fn more_reasons(self, count: usize) -> String {
        match self.0 {
            Lang::Nl => format!("{} andere redenen staan in de tabel.", self.number_first(count)),
            Lang::En => format!("{} more reasons stand in the table.", self.number_first(count)),
        }
    }
}
