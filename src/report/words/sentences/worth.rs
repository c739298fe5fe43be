//! What is said of reasons, of customers' lives, and of what figures are worth?

use super::{Say, lower};
use crate::calendar::Period;
use crate::model::Comparison;
use crate::report::view::StatusMark;
use crate::words::Lang;

/// Reasons.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    /// Who names a reason, and the score that they give.
    pub fn score_where_named(self, reason: &str, score: &str, of_all: &str) -> String {
        let reason = self.quoted(reason);
        match self.0 {
            Lang::Nl => format!("Wie {reason} noemt, scoort {score}; allen met een reden {of_all}"),
            Lang::En => format!("Those who name {reason} score {score}; all with a reason {of_all}"),
        }
    }

    /// What is said of the reason that takes most from a score, or that none does so beyond chance.
    pub fn reasons_heading(self, told: Option<String>, tables: usize) -> String {
        match (self.0, told) {
            (_, Some(told)) => told,
            (Lang::Nl, None) if tables > 0 => "Geen reden telt meer dan toevallig tegen".to_owned(),
            (Lang::En, None) if tables > 0 => "No reason counts against a score beyond chance".to_owned(),
            (Lang::Nl, None) => "Geen redenen om te tonen".to_owned(),
            (Lang::En, None) => "No reasons to show".to_owned(),
        }
    }

    pub fn reasons_dek(self, declared: bool, tables: usize) -> &'static str {
        match (tables, declared) {
            (0, false) => self.pick("In dit project noemt geen vraag redenen.", "No question of this project names reasons."),
            (0, true) => self.pick(
                "Geen vraag naar redenen hoort bij een kengetal van dit rapport.",
                "No question on reasons belongs to a KPI of this report.",
            ),
            _ => self.pick(
                "Hoever de score van wie een reden noemt van die van allen ligt, maal hun aandeel. Het is rekenkunde, geen bewijs van oorzaak.",
                "How far the score of those who name a reason lies from that of all, times their share. It is arithmetic, not proof of cause.",
            ),
        }
    }

    pub fn reasons_how(self) -> &'static str {
        self.pick(
            "Een open punt is niet van toeval te onderscheiden. Een kolom met n is wie zo antwoordde, en welk deel van hen de reden noemt.",
            "A hollow point cannot be told from chance. A column with n is those who answered so, and which share of them names the reason.",
        )
    }

    pub fn reasons_title(self, outcome: &str) -> String {
        match self.0 {
            Lang::Nl => format!("Bijdrage van elke reden aan {}", lower(outcome)),
            Lang::En => format!("What each reason contributes to {}", lower(outcome)),
        }
    }

    /// Reasons with what each adds, where that is more than chance.
    pub fn beyond_chance(self, reasons: &[(String, String)]) -> String {
        let said: Vec<String> = reasons.iter().map(|(reason, change)| format!("{} {change}", self.quoted(reason))).collect();
        match (self.0, said.is_empty()) {
            (Lang::Nl, false) => format!("Meer dan toeval: {}.", self.list(&said)),
            (Lang::En, false) => format!("More than chance: {}.", self.list(&said)),
            (Lang::Nl, true) => "Van geen reden is de bijdrage van toeval te onderscheiden.".to_owned(),
            (Lang::En, true) => "The contribution of no reason can be told from chance.".to_owned(),
        }
    }

    /// How a value is compared, before that value.
    pub fn compared(self, how: Comparison) -> &'static str {
        match how {
            Comparison::Equal => "is",
            Comparison::NotEqual => self.pick("is niet", "is not"),
            Comparison::Less => self.pick("onder", "below"),
            Comparison::LessEqual => self.pick("hoogstens", "at most"),
            Comparison::Greater => self.pick("boven", "above"),
            Comparison::GreaterEqual => self.pick("minstens", "at least"),
        }
    }

    pub fn at_risk(self, count: &str, share: &str) -> String {
        match self.0 {
            Lang::Nl => format!("{count} klanten ({share} van wie deze vragen invulde) voldoen aan de vertrekregel van het project."),
            Lang::En => format!("{count} customers, {share} of those who answered all it asks, meet the project's rule of who may leave."),
        }
    }

    pub fn risk_rule(self, rule: &str) -> String {
        format!("{}: {rule}.", self.pick("Vertrekregel", "Rule of who may leave"))
    }

    /// Buckets of so few answers that their shares say little.
    pub fn few_in_buckets(self, buckets: &[String]) -> String {
        match self.0 {
            Lang::Nl => format!("{}: weinig antwoorden, lees dat als een aanwijzing.", self.list(buckets)),
            Lang::En => format!("{}: few answers, read that as an indication.", self.list(buckets)),
        }
    }

    /// That the rule of who may leave names reasons itself.
    pub fn rule_names_reasons(self) -> &'static str {
        self.pick(
            "Die regel vraagt zelf om een reden: wie alleen een andere noemt, kan er niet aan voldoen.",
            "The rule names a reason itself: beside the others stands who named that one too.",
        )
    }

    pub fn may_save(self, amount: &str, ends: Option<&str>) -> String {
        let ends = ends.map(|it| format!(" ({} {it})", self.pick("naar de aannames", "by the assumptions"))).unwrap_or_default();
        match self.0 {
            Lang::Nl => format!("Over alle redenen is hoogstens {amount} te besparen{ends}."),
            Lang::En => format!("Over all reasons at most {amount} may be saved{ends}."),
        }
    }

    pub fn no_reason(self) -> &'static str {
        self.pick("(geen reden)", "(no reason)")
    }

    pub fn contribution_heading(self) -> &'static str {
        self.pick("Bijdrage", "Contribution")
    }

    pub fn score_heading(self) -> &'static str {
        self.pick("Score", "Score")
    }

    pub fn named_heading(self) -> &'static str {
        self.pick("Genoemd", "Named")
    }

    pub fn risk_heading(self) -> &'static str {
        self.pick("Voldoet aan de vertrekregel", "May leave")
    }

    pub fn saving_heading(self) -> &'static str {
        self.pick("Hoogstens te besparen", "May be saved, at most")
    }
}

/// Lives of customers.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    /// Whose customers, by the title of their source, and of them what the largest phase has: how many, of how many, and how
    /// many it had a year earlier.
    pub fn lifecycle_heading(self, whose: &str, phase: &str, now: (u64, u64), before: Option<u64>) -> String {
        let count = |it: u64| self.0.count(it);
        let (customers, phase) = (count(now.0), self.quoted(phase));
        let said = match (self.0, before) {
            (Lang::Nl, Some(it)) if it < now.0 => format!("{phase} groeide in een jaar van {} naar {customers}", count(it)),
            (Lang::Nl, Some(it)) if it > now.0 => format!("{phase} kromp in een jaar van {} naar {customers}", count(it)),
            (Lang::Nl, Some(_)) => format!("{phase} bleef in een jaar gelijk, {customers}"),
            (Lang::Nl, None) => format!("{customers} van de {} in fase {phase}", count(now.1)),
            (Lang::En, Some(it)) if it < now.0 => format!("{phase} grew in a year from {} to {customers}", count(it)),
            (Lang::En, Some(it)) if it > now.0 => format!("{phase} shrank in a year from {} to {customers}", count(it)),
            (Lang::En, Some(_)) => format!("{phase} stayed as it was a year ago, {customers}"),
            (Lang::En, None) => format!("{customers} of {} in phase {phase}", count(now.1)),
        };
        format!("{whose}: {said}")
    }

    pub fn no_phases(self) -> &'static str {
        self.pick("Nog niet te zeggen in welke fase klanten zijn", "In which phase customers are cannot be told yet")
    }

    /// A figure of the largest phase, with its status.
    pub fn phase_figure(self, figure: &str, phase: &str, mark: &StatusMark, target: Option<&str>) -> String {
        let target = target.map(|it| format!(", {} {it}", self.pick("doel", "target"))).unwrap_or_default();
        format!("{figure} {} {}: {}{target}.", self.pick("bij", "for"), self.quoted(phase), self.judged(mark))
    }

    /// The phase through which customers leave, that stands apart.
    pub fn leaving_apart(self, phase: &str, count: u64) -> String {
        match self.0 {
            Lang::Nl => format!("{} ({}) telt niet mee in het totaal.", self.quoted(phase), self.0.count(count)),
            Lang::En => format!("{} ({}) is no part of the total.", self.quoted(phase), self.0.count(count)),
        }
    }

    /// Behind a figure of few answers.
    pub fn few_of_phase(self) -> &'static str {
        self.pick(", weinig", ", few")
    }

    pub fn lifecycle_dek(self, declared: bool, told: bool) -> &'static str {
        match (told, declared) {
            (false, false) => {
                self.pick("Dit project heeft geen dimensie die een levensloop is.", "This project has no dimension that is a lifecycle.")
            }
            (false, true) => self.pick(
                "Tot en met de periode van dit rapport zijn er geen klanten bekend.",
                "No customers are known up to the period of this report.",
            ),
            _ => self.pick(
                "Geteld aan het eind van elke periode; wie van fase wisselde, is klant voor klant gevolgd.",
                "Counted at the end of each period; who changed phase was followed customer by customer.",
            ),
        }
    }

    /// How to read it. `followed`: whether moves are told; `hidden`: below how many answers a figure that is not shown would
    /// be; `few`: below how many one is marked.
    pub fn lifecycle_how(self, source: &str, followed: bool, hidden: Option<u64>, few: Option<u32>) -> String {
        let source = self.quoted(source);
        let mut said = match self.0 {
            Lang::Nl => format!("Een klant telt in de fase waarin de bron {source} die klant aan het eind van de periode plaatst."),
            Lang::En => format!("A customer counts in the phase in which the source {source} has that customer at the end of the period."),
        };
        if followed {
            said.push_str(self.pick(
                " Elke klant is gevolgd van het begin naar het eind van de periode: “Erbij” stond aan het begin nog niet in de bron, “Niet meer in de gegevens” aan het eind niet meer.",
                " Each customer is followed from the start of the period to its end: “Came” was not yet in the source at the start, “No longer in the data” was not at the end.",
            ));
        }
        if let Some(least) = hidden {
            said.push_str(&match self.0 {
                Lang::Nl => format!(" “Verborgen”: minder dan {least} antwoorden, of een cijfer waaruit zo'n cijfer af te leiden is."),
                Lang::En => format!(" “Hidden”: fewer than {least} answers, or a figure from which such a figure could be derived."),
            });
        }
        if let Some(few) = few {
            said.push_str(&match self.0 {
                Lang::Nl => format!(" “Weinig”: minder dan {few} antwoorden, een aanwijzing."),
                Lang::En => format!(" “Few”: fewer than {few} answers, an indication."),
            });
        }
        said
    }

    /// How many came and left since the period began.
    pub fn came_and_left(self, came: Option<u64>, left: Option<u64>) -> Option<String> {
        let count = |it: u64| self.0.count(it);
        match (self.0, came, left) {
            (Lang::Nl, Some(came), Some(left)) => {
                Some(format!("Nieuw in deze periode: {}; niet meer in de gegevens: {}.", count(came), count(left)))
            }
            (Lang::En, Some(came), Some(left)) => {
                Some(format!("New in this period: {}; no longer in the data: {}.", count(came), count(left)))
            }
            (Lang::Nl, None, Some(left)) => Some(format!("Sinds het begin van deze periode niet meer in de gegevens: {}.", count(left))),
            (Lang::En, None, Some(left)) => Some(format!("No longer in the data since the start of this period: {}.", count(left))),
            _ => None,
        }
    }

    /// The largest move between two phases.
    pub fn largest_move(self, from: &str, to: &str, count: u64, of: u64) -> String {
        let (from, to) = (self.quoted(from), self.quoted(to));
        let (count, of) = (self.0.count(count), self.0.count(of));
        match self.0 {
            Lang::Nl => format!("De grootste overgang is van {from} naar {to}: {count} van de {of}."),
            Lang::En => format!("The largest move is from {from} to {to}: {count} of {of}."),
        }
    }

    pub fn some_hidden(self) -> &'static str {
        self.pick(
            "Waar een streepje staat, is het aantal verborgen of niet bekend; een periode met een verborgen fase heeft geen kolom.",
            "A dash stands where a number is hidden or not known; a period with a hidden phase has no column.",
        )
    }

    pub fn phase_heading(self) -> &'static str {
        self.pick("Fase", "Phase")
    }

    pub fn customers_heading(self) -> &'static str {
        self.pick("Aantal", "Count")
    }

    pub fn share_heading(self) -> &'static str {
        self.pick("Aandeel", "Share")
    }

    /// How many went to the phase through which customers leave, of those who stayed before.
    pub fn went_to(self, phase: &str) -> String {
        format!("{} {}", self.pick("Naar", "To"), self.quoted(phase))
    }

    /// Whose customers, how many of them came, and how many went to the phase through which they leave.
    pub fn came_and_went_to(self, whose: &str, came: u64, phase: &str, went: u64) -> String {
        let number = |it: u64| usize::try_from(it).map_or_else(|_| self.0.count(it), |it| self.number(it));
        let phase = self.quoted(phase);
        match self.0 {
            Lang::Nl => {
                let came = match came {
                    0 => "er kwam er geen bij".to_owned(),
                    1 => "één kwam erbij".to_owned(),
                    _ => format!("{} kwamen erbij", number(came)),
                };
                format!("{whose}: {came}, {} {} naar {phase}", number(went), if went < 2 { "ging" } else { "gingen" })
            }
            Lang::En => format!("{whose}: {} came, {} went to {phase}", number(came), number(went)),
        }
    }

    pub fn came_heading(self) -> &'static str {
        self.pick("Erbij", "Came")
    }

    pub fn left_heading(self) -> &'static str {
        self.pick("Niet meer in de gegevens", "No longer in the data")
    }

    pub fn flows_caption(self) -> &'static str {
        self.pick("Van welke fase naar welke", "From which phase to which")
    }

    pub fn flow_from(self) -> &'static str {
        self.pick("Aan het begin in", "At the start in")
    }

    pub fn flow_gone(self) -> &'static str {
        self.left_heading()
    }
}

/// Worth.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    /// `sure`: whether the ends lie on one side of zero.
    pub fn money_heading(self, told: Option<(&str, &str, Option<&str>)>, sure: bool) -> String {
        match (self.0, told) {
            (Lang::Nl, Some((kpi, ..))) if !sure => format!("{kpi}: niet van nul te onderscheiden"),
            (Lang::En, Some((kpi, ..))) if !sure => format!("{kpi}: not to be told from zero"),
            (Lang::Nl, Some((kpi, amount, Some(ends)))) => format!("{kpi}: {amount}, tussen {ends}"),
            (Lang::En, Some((kpi, amount, Some(ends)))) => format!("{kpi}: {amount}, between {ends}"),
            (_, Some((kpi, amount, None))) => format!("{kpi}: {amount}"),
            (Lang::Nl, None) => "Nog geen bedrag om te tonen".to_owned(),
            (Lang::En, None) => "No amount to show yet".to_owned(),
        }
    }

    pub fn money_dek(self, any: bool) -> &'static str {
        if any {
            return self.pick(
                "Elke stap zegt of ze gemeten, aangenomen of berekend is. Wat eruit komt is rekenkunde op die aannames, geen voorspelling.",
                "Each step is measured or assumed, and says which. What comes out is arithmetic on those assumptions, not a forecast.",
            );
        }
        self.pick(
            "Geen kengetal van dit rapport is een bedrag dat op aannames rust.",
            "No KPI of this report is an amount that rests on assumptions.",
        )
    }

    /// "€ 396 en € 4.453": two ends in a sentence.
    pub fn two_ends(self, low: &str, high: &str) -> String {
        format!("{low} {} {high}", self.pick("en", "and"))
    }

    /// "0,2 tot 0,4": two ends as they were written.
    pub fn low_to_high(self, low: &str, high: &str) -> String {
        format!("{low} {} {high}", self.pick("tot", "to"))
    }

    pub fn count_of(self, source: &str) -> String {
        format!("{}: {source}", self.pick("Aantal", "Count"))
    }

    pub fn sum_of(self, column: &str, source: &str) -> String {
        format!("{column} ({}, {})", self.pick("som", "sum"), lower(source))
    }

    pub fn amount_by_assumptions(self, amount: &str, ends: &str) -> String {
        match self.0 {
            Lang::Nl => format!("Berekend: {amount}. Volgens de aannames kan het tussen {ends} liggen."),
            Lang::En => format!("Computed: {amount}. By the assumptions it may lie between {ends}."),
        }
    }

    pub fn amount_alone(self, amount: &str) -> String {
        match self.0 {
            Lang::Nl => format!("Berekend: {amount}."),
            Lang::En => format!("Computed: {amount}."),
        }
    }

    pub fn amount_with_chance(self, ends: &str, holds_zero: bool) -> String {
        let zero = if holds_zero { self.pick(": nul is dus mogelijk", ": zero is possible") } else { "" };
        match self.0 {
            Lang::Nl => format!("Met de meetmarge erbij (het interval van wat gemeten is) kan het tussen {ends} liggen{zero}."),
            Lang::En => format!("With the uncertainty of what is measured it may lie between {ends}{zero}."),
        }
    }

    /// What one more of a figure comes to.
    pub fn worth_of_one(self, kpi: &str, amount: &str, ends: Option<&str>) -> String {
        let ends = ends.map(|it| format!(" ({it})")).unwrap_or_default();
        match self.0 {
            Lang::Nl => format!("Eén punt van {} is in deze keten {amount} waard{ends}.", self.quoted(kpi)),
            Lang::En => format!("One point of {} is worth {amount} in this chain{ends}.", self.quoted(kpi)),
        }
    }

    pub fn most_by(self, value: &str, amount: &str, ends: Option<&str>) -> String {
        let ends = ends.map(|it| format!(" ({it})")).unwrap_or_default();
        match self.0 {
            Lang::Nl => format!("Het meeste zit bij {}: {amount}{ends}.", self.quoted(value)),
            Lang::En => format!("Most of it stands with {}: {amount}{ends}.", self.quoted(value)),
        }
    }

    /// What stands beside an amount by reason.
    pub fn contribution_beside(self, outcome: &str) -> String {
        match self.0 {
            Lang::Nl => format!("Bijdrage aan {}", lower(outcome)),
            Lang::En => format!("Contribution to {}", lower(outcome)),
        }
    }

    pub fn step_heading(self) -> &'static str {
        self.pick("Stap", "Step")
    }

    pub fn ends_heading(self) -> &'static str {
        self.pick("Bandbreedte", "Range")
    }

    pub fn origin_heading(self) -> &'static str {
        self.pick("Herkomst", "Origin")
    }

    pub fn assumed(self, source: Option<&str>, date: Option<&str>) -> String {
        let word = self.pick("aangenomen", "assumed");
        match (source, date) {
            (Some(source), Some(date)) => format!("{word}: {source}, {date}"),
            (Some(said), None) | (None, Some(said)) => format!("{word}: {said}"),
            (None, None) => word.to_owned(),
        }
    }

    pub fn measured(self) -> &'static str {
        self.pick("gemeten", "measured")
    }

    pub fn computed(self) -> &'static str {
        self.pick("berekend uit de stappen hiervoor", "computed from the steps before")
    }

    /// A change over time: of what, and where it is told, what that is now and what it was when.
    pub fn computed_from(self, kpi: &str, told: Option<(&str, &str, Period)>) -> String {
        match (self.0, told) {
            (Lang::Nl, Some((now, before, when))) => {
                format!("berekend uit {kpi}, onafgerond: nu {now}, in {} {before}", self.0.period_short(when))
            }
            (Lang::En, Some((now, before, when))) => {
                format!("computed from {kpi}, unrounded: now {now}, in {} {before}", self.0.period_short(when))
            }
            (Lang::Nl, None) => format!("berekend uit {kpi}, nu en eerder"),
            (Lang::En, None) => format!("computed from {kpi}, now and earlier"),
        }
    }

    /// What strokes beside amounts are.
    pub fn strokes_of_amounts(self, chance: bool) -> &'static str {
        if chance {
            return self.pick(
                "Een streep is wat de aannames en de meetmarge samen toelaten.",
                "A stroke is what the assumptions and the uncertainty of what is measured allow together.",
            );
        }
        self.pick(
            "Een streep is wat de aannames toelaten, geen betrouwbaarheidsinterval.",
            "A stroke is what the assumptions allow, no confidence interval.",
        )
    }

    /// What the contribution beside an amount by reason is.
    pub fn contribution_how(self) -> &'static str {
        self.pick(
            "“Bijdrage” is hoever de score bij die reden van die van allen ligt, maal het aandeel van die reden.",
            "“Contribution” is how far the score for that reason lies from that of all, times the share of that reason.",
        )
    }

    pub fn all_together(self) -> &'static str {
        self.pick("Alles bij elkaar", "All together")
    }

    pub fn assumptions_alone(self) -> &'static str {
        self.pick("Alleen de aannames", "Assumptions alone")
    }

    pub fn with_chance(self) -> &'static str {
        self.pick("Met meetmarge", "With uncertainty")
    }

    pub fn told_by(self, dimension: &str) -> String {
        format!("{} {}", self.pick("naar", "by"), lower(dimension))
    }
}
