//! What is said at the head of a page, and in the brief?

use super::{Say, lower};
use crate::calendar::Grain;
use crate::calendar::Period;
use crate::report::view::Status;
use crate::report::view::StatusMark;
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

    /// How many ask for action, and of how many that is certain.
    pub fn asking(self, proven: usize, unproven: usize, all: usize) -> String {
        let (first, all, certain) = (self.number_first(proven + unproven), self.number(all), self.number(proven));
        match self.0 {
            Lang::Nl => format!("{first} van de {all} kengetallen vragen actie, {certain} daarvan zeker"),
            Lang::En => format!("{first} of {all} KPIs need action, {certain} of them for certain"),
        }
    }

    /// What moved for the worse, as the title of a page.
    pub fn moved_title(self, title: &str, up: Option<bool>) -> String {
        match (self.0, up) {
            (Lang::Nl, Some(true)) => format!("{title} is gestegen"),
            (Lang::Nl, Some(false)) => format!("{title} is gedaald"),
            (Lang::Nl, None) => format!("{title} is verslechterd"),
            (Lang::En, Some(true)) => format!("{title} went up"),
            (Lang::En, Some(false)) => format!("{title} went down"),
            (Lang::En, None) => format!("{title} got worse"),
        }
    }

    pub fn standing(self, title: &str, value: &str, target: Option<&str>, mark: &StatusMark) -> String {
        let against = target.map(|it| match self.0 {
            Lang::Nl => format!(" bij een doel van {it}"),
            Lang::En => format!(" against a target of {it}"),
        });
        let judged = match mark.code {
            Status::NoNorm | Status::NoData | Status::Hidden => String::new(),
            _ => format!(" ({})", self.judged(mark)),
        };
        format!("{title}: {value}{}{judged}.", against.unwrap_or_default())
    }

    /// "let op, niet bewezen".
    pub fn judged(self, mark: &StatusMark) -> String {
        let note = mark.note.as_ref().map(|it| format!(", {it}")).unwrap_or_default();
        format!("{}{note}", lower(self.status(mark.code)))
    }

    pub fn moved(self, title: &str, before: &str, period: Period, now: &str, up: bool) -> String {
        let period = self.in_period(period);
        match (self.0, up) {
            (Lang::Nl, true) => format!("{title}: gestegen van {before} {period} naar {now}, meer dan toeval."),
            (Lang::Nl, false) => format!("{title}: gedaald van {before} {period} naar {now}, meer dan toeval."),
            (Lang::En, true) => format!("{title}: up from {before} {period} to {now}, by more than chance."),
            (Lang::En, false) => format!("{title}: down from {before} {period} to {now}, by more than chance."),
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

    /// How many measurements moved for the worse, the better or otherwise, and in how many KPIs, of those where it is known.
    pub fn brief_heading(self, [worse, better, changed]: [usize; 3], kpis: usize, known: usize) -> String {
        let all = worse + better + changed;
        let kpis = match self.0 {
            _ if kpis <= all => String::new(),
            Lang::Nl => format!(", in {} kengetallen", self.number(kpis)),
            Lang::En => format!(", in {} KPIs", self.number(kpis)),
        };
        if known == 0 {
            return self.pick("Of iets beweegt is nog niet te zeggen", "Whether anything moves cannot be told yet").to_owned();
        }
        if all == 0 {
            return self.pick("Geen enkele beweging is meer dan ruis", "No movement is more than noise").to_owned();
        }
        let words = [(worse, "slechter", "worse"), (better, "beter", "better"), (changed, "zonder richting", "with no side")];
        let parts: Vec<(usize, &str)> = words.into_iter().filter(|it| it.0 > 0).map(|it| (it.0, self.pick(it.1, it.2))).collect();
        if let [(count, word)] = parts.as_slice() {
            return match (self.0, *count) {
                (Lang::Nl, 1) => format!("Eén meting bewoog buiten de ruis{kpis}: {word}"),
                (Lang::Nl, _) => format!("{} metingen bewogen buiten de ruis{kpis}: alle {word}", self.number_first(*count)),
                (Lang::En, 1) => format!("One measurement moves beyond noise{kpis}: {word}"),
                (Lang::En, _) => format!("{} measurements move beyond noise{kpis}: all {word}", self.number_first(*count)),
            };
        }
        let parts: Vec<String> = parts.iter().map(|(count, word)| format!("{} {word}", self.number(*count))).collect();
        let (count, parts) = (self.number_first(all), parts.join(", "));
        match self.0 {
            Lang::Nl => format!("{count} metingen bewogen buiten de ruis{kpis}: {parts}"),
            Lang::En => format!("{count} measurements move beyond noise{kpis}: {parts}"),
        }
    }

    /// What else got worse, where that is not told already.
    pub fn also_worse(self, names: &[String]) -> String {
        let one = names.len() == 1;
        let names = self.list(names);
        match self.0 {
            Lang::Nl if one => format!("Ook slechter werd {names}."),
            Lang::Nl => format!("Ook slechter werden {names}."),
            Lang::En => format!("{names} got worse as well."),
        }
    }

    /// A figure that left its limits.
    pub fn left_limits(self, title: &str, above: bool) -> String {
        match (self.0, above) {
            (Lang::Nl, true) => format!("{title} kwam boven de bovengrens"),
            (Lang::Nl, false) => format!("{title} zakte onder de ondergrens"),
            (Lang::En, true) => format!("{title} rose above its upper limit"),
            (Lang::En, false) => format!("{title} fell below its lower limit"),
        }
    }

    /// "Van 5,07 in Q2 2025 naar 4,51; het doel is 5,4."
    pub fn from_to(self, before: &str, period: Period, now: &str, target: Option<&str>) -> String {
        let target = target.map(|it| format!("; {it}")).unwrap_or_default();
        match self.0 {
            Lang::Nl => format!("Van {before} in {} naar {now}{target}.", self.0.period_short(period)),
            Lang::En => format!("From {before} in {} to {now}{target}.", self.0.period_short(period)),
        }
    }

    /// Of what got worse.
    pub fn no_action_on_it(self) -> &'static str {
        self.pick("Geen actie richt zich hierop.", "No action aims at this.")
    }

    /// Says how to read the brief; `several`: more KPIs moved than measurements did.
    pub fn brief_how(self, several: bool) -> String {
        let mut how = self
            .pick(
                "De status legt een cijfer langs zijn normen. Een beweging telt pas als ze buiten het gebruikelijke (de natuurlijke spreiding) of de onzekerheid valt.",
                "The status compares a figure with its norms. A movement counts only where it leaves what is usual (the natural spread) or its uncertainty.",
            )
            .to_owned();
        if several {
            how.push_str(self.pick(
                " Elk kengetal heeft zijn eigen status; een beweging van meer kengetallen over dezelfde antwoorden telt één keer.",
                " Each KPI has a status of its own; what several KPIs over the same answers did counts once.",
            ));
        }
        how
    }

    pub fn standing_heading(self, title: &str, mark: &StatusMark) -> String {
        match (mark.code, self.0) {
            (Status::NoNorm, _) => title.to_owned(),
            (Status::OnTarget, Lang::Nl) if mark.note.is_some() => format!("{title} haalt het doel, nog niet bewezen"),
            (Status::OnTarget, Lang::En) if mark.note.is_some() => format!("{title} reaches its target, not yet proven"),
            (Status::OnTarget, Lang::Nl) => format!("{title} haalt het doel"),
            (Status::OnTarget, Lang::En) => format!("{title} reaches its target"),
            _ => format!("{title}: {}", self.judged(mark)),
        }
    }

    /// How a figure stands to its target, as a clause; `ends`: of one that may reach it by chance.
    pub fn against_target(self, target: &str, mark: &StatusMark, ends: Option<&str>) -> String {
        match (self.0, ends, mark.code) {
            (Lang::Nl, Some(ends), _) => format!("het doel is {target}, en dat het gehaald is, kan toeval zijn (interval {ends})"),
            (Lang::En, Some(ends), _) => format!("the target is {target}, and that it is reached may be chance (interval {ends})"),
            (Lang::Nl, None, Status::OnTarget) => format!("het doel van {target} is gehaald"),
            (Lang::En, None, Status::OnTarget) => format!("the target of {target} is reached"),
            (Lang::Nl, None, Status::Act | Status::Watch) => format!("het doel is {target} ({})", self.judged(mark)),
            (Lang::En, None, Status::Act | Status::Watch) => format!("the target is {target} ({})", self.judged(mark)),
            (Lang::Nl, None, _) => format!("het doel is {target}"),
            (Lang::En, None, _) => format!("the target is {target}"),
        }
    }

    /// What goes most with the answers of a figure, of what all questions explain of them.
    pub fn goes_mostly_with(self, item: &str, share: &str) -> String {
        let item = self.quoted(item);
        match self.0 {
            Lang::Nl => format!("De antwoorden hangen vooral samen met {item}: {share} van wat de vragen samen verklaren."),
            Lang::En => format!("The answers go mostly with {item}: {share} of what the questions explain together."),
        }
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
            (Some(it), Lang::Nl) => format!("Het kritieke pad loopt via {}.", place(it)),
            (Some(it), Lang::En) => format!("The critical path runs through {}.", place(it)),
            (None, Lang::Nl) => "Dit is het bedrijfsdoel dat het verst van zijn doel staat.".to_owned(),
            (None, Lang::En) => "This is the business goal that is furthest from its target.".to_owned(),
        });
        said.extend(customer.map(|it| match self.0 {
            Lang::Nl => format!("Het laagst scorende klantdoel dat daaraan verbonden is: {}.", place(&it)),
            Lang::En => format!("The lowest-scoring customer goal tied to that: {}.", place(&it)),
        }));
        said.join(" ")
    }

    pub fn finding_lapsed(self) -> &'static str {
        self.pick(
            "Vervallen: de voorwaarde waaronder deze bevinding gold, is niet meer vervuld.",
            "Lapsed: the condition under which this finding held is no longer met.",
        )
    }

    pub fn finding_unknown(self) -> &'static str {
        self.pick(
            "Of dit nog geldt, is niet te zeggen: een cijfer ontbreekt.",
            "Whether this still holds cannot be told: a figure is missing.",
        )
    }

    pub fn decision_asked(self, question: &str) -> String {
        format!("{}: {}", crate::report::words::words(self.0).decision, lower(question))
    }

    pub fn see_actions(self) -> &'static str {
        self.pick("Naar de acties", "To the actions")
    }

    pub fn answers_spread(self, said: &str) -> String {
        format!("{} {said}.", self.pick("Verdeling van de antwoorden:", "How the answers are spread:"))
    }

    /// Why the answers behind a figure do not stand beside it.
    pub fn answers_hidden(self) -> &'static str {
        self.pick("Verdeling van de antwoorden niet getoond (privacy).", "How the answers are spread is not shown (privacy).")
    }

    pub fn answers_label(self) -> &'static str {
        self.pick("Verdeling", "Answers")
    }

    pub fn see_why(self) -> &'static str {
        self.pick("Waarom bewoog het?", "Why did it move?")
    }

    pub fn see_drivers(self) -> &'static str {
        self.pick("Bekijk de drijfveren", "See what goes with it")
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
