//! What is said of definitions, data and method.

use super::Say;
use crate::calendar::{Date, Grain, Period};
use crate::model::{Function, SurveyKind};
use crate::publish::ResultRow;
use crate::words::Lang;

/// The masthead and the foot.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn period_label(self) -> &'static str {
        self.pick("Periode", "Period")
    }

    pub fn through_label(self) -> &'static str {
        self.pick("Gegevens tot en met", "Data through")
    }

    pub fn quality_label(self) -> &'static str {
        self.pick("Datakwaliteit", "Data quality")
    }

    pub fn definitions_label(self) -> &'static str {
        self.pick("Definities van het project", "Definitions of the project")
    }

    pub fn today_label(self) -> &'static str {
        self.pick("Stand van", "As of")
    }

    /// How many sources of how many are up to date, of how many much was left blank, and how many have gaps.
    pub fn sources_complete(self, fresh: usize, all: usize, blank: usize, gaps: usize) -> String {
        let said = match (self.0, all) {
            (Lang::Nl, 1) => if fresh == 1 { "Actueel" } else { "Niet actueel" }.to_owned(),
            (Lang::Nl, _) => format!("{fresh} van {all} bronnen actueel"),
            (Lang::En, 1) => if fresh == 1 { "Up to date" } else { "Not up to date" }.to_owned(),
            (Lang::En, _) => format!("{fresh} of {all} sources up to date"),
        };
        let lacks = [
            (blank, "blijft een vraag vaak leeg", ["a question often left blank", "a question often blank"]),
            (gaps, "zit een gat", ["a gap"; 2]),
        ];
        let lacks = lacks.into_iter().filter(|it| it.0 > 0).map(|(count, nl, en)| match (self.0, all) {
            (Lang::Nl, 1) => format!("; hier {nl}"),
            (Lang::En, 1) => format!(", {}", en[0]),
            (Lang::Nl, _) => format!("; in {count} ervan {nl}"),
            (Lang::En, _) => format!("; {} in {count}", en[1]),
        });
        std::iter::once(said).chain(lacks).collect()
    }

    pub fn fictional_mark(self, all: bool) -> &'static str {
        if all {
            self.pick("Fictieve cijfers", "Fictional figures")
        } else {
            self.pick("Deels fictieve cijfers", "Partly fictional figures")
        }
    }

    pub fn fictional(self, sources: &[String], all: usize) -> String {
        if sources.len() == all {
            return self.pick("Alle cijfers zijn fictief.", "All figures are fictional.").to_owned();
        }
        match self.0 {
            Lang::Nl => format!("Fictieve gegevens: {}.", self.list(sources)),
            Lang::En => format!("Fictional data: {}.", self.list(sources)),
        }
    }

    pub fn unfinished(self, period: Period) -> String {
        let name = super::capital(&self.0.period(period));
        match self.0 {
            Lang::Nl => format!("{name} is nog niet voorbij: cijfers kunnen veranderen."),
            Lang::En => format!("{name} is not over yet: figures may change."),
        }
    }

    pub fn running(self, period: Period, running: Period) -> String {
        let (period, running) = (self.0.period(period), self.0.period(running));
        match self.0 {
            Lang::Nl => format!("De cijfers gaan over {period}, de laatste afgeronde periode; {running} is nog niet afgerond."),
            Lang::En => format!("Figures are of {period}, the last finished period; {running} is not finished yet."),
        }
    }

    /// The fingerprint of what one report uses: another report uses something else, and has another.
    /// The fingerprints of the definitions that a report uses, and of all that the project has.
    pub fn report_uses(self, used: &str, all: &str) -> String {
        match self.0 {
            Lang::Nl => format!("Definities in dit rapport: {used}; van het hele project: {all}."),
            Lang::En => format!("Definitions that this report uses: {used}; of the whole project: {all}."),
        }
    }

    /// `rows` is none where that may not be told.
    pub fn made_with(self, version: &str, rows: Option<u64>) -> String {
        match (self.0, rows.map(|it| self.0.count(it))) {
            (Lang::Nl, Some(rows)) => format!("Gemaakt met Peil {version} uit {rows} rijen gegevens."),
            (Lang::En, Some(rows)) => format!("Made with Peil {version} from {rows} rows of data."),
            (Lang::Nl, None) => format!("Gemaakt met Peil {version}."),
            (Lang::En, None) => format!("Made with Peil {version}."),
        }
    }
}

/// Definitions.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn definitions_heading(self, count: usize) -> String {
        match (self.0, count) {
            (Lang::Nl, 1) => "Hoe het kengetal is berekend".to_owned(),
            (Lang::Nl, it) => format!("Hoe de {} kengetallen zijn berekend", self.number(it)),
            (Lang::En, 1) => "How the KPI was computed".to_owned(),
            (Lang::En, it) => format!("How the {} KPIs were computed", self.number(it)),
        }
    }

    pub fn definitions_dek(self) -> &'static str {
        self.pick(
            "Op het scherm staat onder elke definitie de tekst zoals Peil haar leest: dezelfde betekenis geeft dezelfde tekst, hoe ze ook geschreven is.",
            "On screen each definition also stands in its canonical form: the same meaning gives the same text, however it was written.",
        )
    }

    pub fn purpose_label(self) -> &'static str {
        self.pick("Waarvoor", "Purpose")
    }

    pub fn description_label(self) -> &'static str {
        self.pick("Toelichting", "Description")
    }

    pub fn question_label(self, count: usize) -> &'static str {
        if count == 1 { self.pick("Vraag", "Question") } else { self.pick("Vragen", "Questions") }
    }

    pub fn formula_label(self) -> &'static str {
        self.pick("Formule", "Formula")
    }

    pub fn made_of_label(self) -> &'static str {
        self.pick("Bestaat uit", "Made of")
    }

    pub fn source_label(self) -> &'static str {
        self.pick("Bron", "Source")
    }

    pub fn filter_label(self) -> &'static str {
        self.pick("Alleen waar", "Only where")
    }

    pub fn norms_label(self) -> &'static str {
        self.pick("Normen", "Norms")
    }

    pub fn worst_label(self) -> &'static str {
        self.pick("slechtst", "worst")
    }

    pub fn threshold_label(self) -> &'static str {
        self.pick("drempel", "threshold")
    }

    pub fn target_label(self) -> &'static str {
        self.pick("doel", "target")
    }

    pub fn base_label(self) -> &'static str {
        self.pick("Basis", "Base")
    }

    pub fn interval_label(self) -> &'static str {
        "Interval"
    }

    pub fn changed_label(self) -> &'static str {
        self.pick("Gewijzigd", "Changed")
    }

    pub fn goals_label(self) -> &'static str {
        self.pick("Meet het doel", "Measures the goal")
    }

    pub fn owned_by(self, team: &str) -> String {
        format!("{} {team}", self.pick("eigenaar", "owner"))
    }

    pub fn changed_on(self, date: &str) -> String {
        format!("{} {date}", self.pick("gewijzigd", "changed"))
    }

    /// Why the terms of an incentive are not held against periods before a change of what is measured.
    pub fn paid_since(self, title: &str, on: Date) -> String {
        let day = self.0.date(on);
        match self.0 {
            Lang::Nl => format!("Eerdere perioden van vóór {day} zijn weggelaten: toen veranderde de definitie van “{title}”."),
            Lang::En => format!("Earlier periods from before {day} are left out: the definition of “{title}” changed then."),
        }
    }

    pub fn changed(self, on: Date, reason: &str, comparable: bool) -> String {
        let on = self.0.date(on);
        let reason = reason.trim_end_matches('.');
        let gap = if reason.is_empty() { "" } else { ": " };
        let end = match (self.0, comparable) {
            (Lang::Nl, true) => "vergelijkbaar met ervoor",
            (Lang::Nl, false) => "niet vergelijkbaar met ervoor",
            (Lang::En, true) => "comparable with before",
            (Lang::En, false) => "not comparable with before",
        };
        format!("{on}{gap}{reason} ({end})")
    }

    pub fn answer_labels(self, labels: &[String]) -> String {
        format!(" ({})", labels.join(" / "))
    }

    pub fn answer_scale(self, low: f64, high: f64) -> String {
        let (low, high) = (self.0.number_up_to(low, 1), self.0.number_up_to(high, 1));
        format!(" ({low} {} {high})", self.pick("tot", "to"))
    }

    pub fn source(self, title: &str, survey: Option<SurveyKind>, complete: bool, fictional: bool) -> String {
        let mut remarks = vec![self.source_kind(survey, complete)];
        if fictional {
            remarks.push(self.pick("fictief", "fictional"));
        }
        remarks.retain(|it| *it != "–");
        if remarks.is_empty() { title.to_owned() } else { format!("{title} ({})", remarks.join(", ")) }
    }

    pub fn source_kind(self, survey: Option<SurveyKind>, complete: bool) -> &'static str {
        match survey {
            Some(SurveyKind::Relational) => self.pick("relationele enquête", "relational survey"),
            Some(SurveyKind::Transactional) => self.pick("transactionele enquête", "transactional survey"),
            Some(SurveyKind::InTheMoment) => self.pick("enquête op het moment zelf", "in-the-moment survey"),
            None if complete => self.pick("volledige registratie", "complete records"),
            None => "–",
        }
    }

    pub fn norm_line(self, from: Date, end: &str, to: Date) -> String {
        let day = |it: Date| self.0.date_short(it);
        match self.0 {
            Lang::Nl => format!(" op {} tot {end} op {}", day(from), day(to)),
            Lang::En => format!(" on {} to {end} on {}", day(from), day(to)),
        }
    }

    pub fn norm_by(self, by: Period) -> String {
        format!(" {} {}", self.pick("uiterlijk", "by"), self.0.period(by))
    }

    pub fn norm_per(self, per: Grain) -> String {
        format!(" per {}", self.grain(per, 1))
    }

    pub fn norm_dates(self, from: Option<Date>, last: Option<Date>) -> String {
        let day = |it: Date| self.0.date_short(it);
        match (self.0, from, last) {
            (_, None, None) => String::new(),
            (Lang::Nl, Some(from), None) => format!(" (vanaf {})", day(from)),
            (Lang::Nl, None, Some(last)) => format!(" (tot en met {})", day(last)),
            (Lang::Nl, Some(from), Some(last)) => format!(" (van {} tot en met {})", day(from), day(last)),
            (Lang::En, Some(from), None) => format!(" (from {})", day(from)),
            (Lang::En, None, Some(last)) => format!(" (until {})", day(last)),
            (Lang::En, Some(from), Some(last)) => format!(" (from {} until {})", day(from), day(last)),
        }
    }

    pub fn base(self, row: &ResultRow, period: Period) -> String {
        let n = row.n.map(|it| format!("n = {}", self.0.count(it))).unwrap_or_default();
        let mut said = format!("{n} {}", self.in_period(period));
        if let Some(effective) = row.n_effective.filter(|it| row.n.is_some_and(|n| (*it - n as f64).abs() >= 0.5)) {
            said.push_str(&match self.0 {
                Lang::Nl => format!(", effectief {}", self.0.number(effective, 0)),
                Lang::En => format!(", effectively {}", self.0.number(effective, 0)),
            });
        }
        if row.bases.len() > 1 {
            let bases: Vec<String> = row.bases.iter().map(|it| self.0.count(*it)).collect();
            said.push_str(&format!("; {} {}", self.pick("per onderdeel", "by part"), bases.join(" / ")));
        }
        let Some(left) = row.left_out.filter(|it| it.total() > 0) else { return said };
        let reasons = [
            (left.blank, "leeg", "blank"),
            (left.not_applicable, "niet van toepassing", "not applicable"),
            (left.out_of_scale, "buiten de schaal", "out of scale"),
            (left.filtered, "uitgefilterd", "filtered"),
            (left.duplicate, "dubbel", "duplicate"),
            (left.no_weight, "zonder gewicht", "without weight"),
            (left.no_cluster, "zonder cluster", "without cluster"),
            (left.unobserved, "nog niet afgelopen", "not yet over"),
        ];
        let reasons = reasons.into_iter().filter(|it| it.0 > 0);
        let reasons: Vec<String> = reasons.map(|(count, nl, en)| format!("{} {}", self.0.count(count), self.pick(nl, en))).collect();
        let label = if row.bases.len() > 1 {
            self.pick("bij het kleinste onderdeel weggelaten:", "left out of the smallest part:")
        } else {
            self.pick("weggelaten:", "left out:")
        };
        format!("{said}; {label} {}", reasons.join(", "))
    }

    pub fn assumptions_label(self, count: usize) -> &'static str {
        if count == 1 { self.pick("Aanname", "Assumption") } else { self.pick("Aannames", "Assumptions") }
    }

    pub fn other_values(self, estimate: &str) -> String {
        format!("{} {estimate}", self.pick("overige", "others"))
    }

    pub fn interval_assumed(self) -> &'static str {
        self.pick(
            "Alles wat het cijfer kan zijn tussen de grenzen van de aannames; waar er een betrouwbaarheidsinterval is, telt dat mee.",
            "All that the figure may be between the ends of its assumptions; where it has a confidence interval, that is included.",
        )
    }

    pub fn interval_complete(self) -> &'static str {
        self.pick(
            "Geen: de bron bevat alles wat er is, dus er is geen steekproef. Beweging volgt uit de natuurlijke grenzen.",
            "None: the source holds all there is, so there is no sample. Movement follows from the natural limits.",
        )
    }

    pub fn interval_none(self) -> &'static str {
        self.pick("Geen: voor zo'n cijfer is er geen interval.", "None: there is no interval for such a figure.")
    }

    pub fn interval_method(self, function: Option<&Function>, weighted: bool) -> &'static str {
        match (function, weighted) {
            (Some(Function::Net(..)), false) => self.pick("aangepaste Wald", "adjusted Wald"),
            (Some(Function::Share(_)), false) => "Wilson",
            (Some(Function::Customers(it)), _) if it.measure.is_share() => "Wilson",
            (Some(Function::Share(_)), true) => {
                self.pick("Wilson met het effectieve aantal antwoorden", "Wilson with the effective number of answers")
            }
            (Some(Function::Mean { .. }), false) => self.pick("t-verdeling", "t distribution"),
            (Some(Function::Median(_) | Function::Percentile(..)), false) => self
                .pick("binomiale rangorde, zonder aanname over de verdeling", "binomial order statistics, without assuming a distribution"),
            (Some(_), _) => self.pick("gelineariseerde standaardfout", "linearised standard error"),
            (None, _) => self.pick(
                "gelineariseerd uit de onderdelen; antwoorden van dezelfde mensen tellen met hun samenhang",
                "linearised from its parts; answers by the same people count with their covariance",
            ),
        }
    }

    pub fn interval(self, percent: &str, method: &str, weighted: bool, clustered: bool) -> String {
        let mut said = format!("{percent}%, {method}");
        if weighted {
            said.push_str(self.pick("; antwoorden zijn gewogen", "; answers are weighted"));
        }
        if clustered {
            said.push_str(self.pick("; antwoorden uit één cluster hangen samen", "; answers of one cluster depend on each other"));
        }
        said
    }
}

/// Method.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn method_status_label(self) -> &'static str {
        "Status"
    }

    pub fn method_status(self) -> &'static str {
        self.pick(
            "Op koers: het doel is gehaald. Let op: tussen drempel en doel. Actie nodig: slechter dan de drempel. Niet bewezen: het interval reikt tot in een andere band.",
            "On target: the target is reached. Watch: between threshold and target. Act: worse than the threshold. Not proven: the interval reaches into another band.",
        )
    }

    pub fn method_interval_label(self) -> &'static str {
        self.pick("Intervallen", "Intervals")
    }

    pub fn method_interval(self, percent: &str) -> String {
        match self.0 {
            Lang::Nl => format!("{percent}%. Een volledige registratie heeft er geen; bij elke definitie staat hoe het is gemaakt."),
            Lang::En => format!("{percent}%. Complete records have none; each definition says how it was made."),
        }
    }

    pub fn method_change_label(self) -> &'static str {
        self.pick("Verschillen", "Differences")
    }

    pub fn method_change(self, percent: &str) -> String {
        match self.0 {
            Lang::Nl => format!(
                "Uit onafgeronde cijfers. Gekleurd als een toets de twee cijfers op {percent}% onderscheidt; bij een volledige registratie als de natuurlijke grenzen een signaal geven. Nooit over een gewijzigde definitie heen."
            ),
            Lang::En => format!(
                "From unrounded figures. Coloured where a test tells the two apart at {percent}%; for complete records where the natural limits give a signal. Never across a changed definition."
            ),
        }
    }

    pub fn method_limits_label(self) -> &'static str {
        self.pick("Natuurlijke grenzen", "Natural limits")
    }

    pub fn method_limits(self) -> &'static str {
        self.pick(
            "XmR: het gemiddelde ± 2,66 maal de gemiddelde stap tussen opeenvolgende punten, over de eerste twaalf punten sinds de laatste wijziging van de definitie, of die ervoor zolang dat er minder zijn; daarna liggen ze vast. Signaal: een punt erbuiten, acht op rij aan één kant, of drie van vier dicht bij een grens. Onder tien punten voorlopig, onder zes geen.",
            "XmR: the mean ± 2.66 times the mean step between neighbours, over the first twelve points since the definition last changed, or those before while there are fewer; from then on they are locked. Signal: a point outside, eight in a row on one side, or three of four near a limit. Provisional below ten points, none below six.",
        )
    }

    pub fn method_privacy_label(self) -> &'static str {
        self.pick("Bescherming", "Protection")
    }

    pub fn method_privacy(self, least: u32, few: u32) -> String {
        match self.0 {
            Lang::Nl => format!(
                "Onder {least} antwoorden wordt niets getoond, onder {few} zonder kleur en zonder oordeel. Wat samen met iets anders prijsgeeft wie wat antwoordde, is ook verborgen."
            ),
            Lang::En => format!(
                "Below {least} answers nothing is shown, below {few} without colour and without judgement. What would tell together with something else who answered what is hidden as well."
            ),
        }
    }

    pub fn method_goals_label(self) -> &'static str {
        self.pick("Doelbereik", "Satisfaction")
    }

    pub fn method_goals(self) -> &'static str {
        self.pick(
            "0 op de slechtste norm, 50 op de drempel, 100 op het doel, recht ertussen. Wat niet bekend is telt niet als goed.",
            "0 at the worst norm, 50 at the threshold, 100 at the target, straight between. What is unknown never counts as good.",
        )
    }

    pub fn method_segments_label(self) -> &'static str {
        self.pick("Segmenten", "Segments")
    }

    pub fn method_segments(self) -> &'static str {
        self.pick(
            "Verschillen van alle uitsplitsingen van één kengetal zijn samen gecorrigeerd voor hun aantal (Benjamini en Hochberg).",
            "Differences of all cuts of one KPI are corrected together for their number (Benjamini and Hochberg).",
        )
    }
}
