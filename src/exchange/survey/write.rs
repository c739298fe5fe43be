//! The texts of the new project: a few short files that somebody reads, changes and keeps.

use super::guess::Role;
use super::kpis::{GOALS, Kind, Kpi};
use super::names::{Names, shortened};
use super::notes::say;
use super::profile::number;
use super::read::plain;
use super::scale::Scale;
use super::{Data, Draft, time};
use crate::calendar::Grain;
use crate::syntax::is_name;
use crate::words::Lang;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A line that is longer than this has its mark above it.
const WIDTH: usize = 110;

/// The files of definitions, by path.
pub fn definitions(draft: &Draft, measured: &BTreeMap<String, String>) -> Vec<(&'static str, String)> {
    let writer = Writer { draft, lang: draft.guess.lang };
    vec![
        ("project.peil", writer.project()),
        ("survey.peil", writer.survey()),
        ("kpis.peil", writer.kpis(measured)),
        ("goals.peil", writer.goals()),
    ]
}

struct Writer<'d> {
    draft: &'d Draft,
    lang: Lang,
}

/// A text between quotes.
fn quoted(text: &str) -> String {
    let text: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A title: one line, not too long.
fn title(text: &str) -> String {
    quoted(&shortened(text))
}

/// A code as it stands in a list: a number bare, a text quoted.
fn code(text: &str) -> String {
    if text.bytes().all(|it| it.is_ascii_digit()) && !text.is_empty() { text.to_owned() } else { quoted(text) }
}

fn grain_name(grain: Grain) -> &'static str {
    match grain {
        Grain::Day => "day",
        Grain::Week => "week",
        Grain::Month => "month",
        Grain::Year => "year",
        Grain::FiscalQuarter => "fiscal quarter",
        Grain::FiscalYear => "fiscal year",
        Grain::Quarter | Grain::All => "quarter",
    }
}

impl Writer<'_> {
    fn say(&self, en: &str, nl: &str) -> String {
        say(self.lang, en, nl)
    }

    /// A line with its mark, beside it or above it.
    fn marked(&self, text: &mut String, indent: &str, line: &str, marks: &[String]) {
        if marks.is_empty() {
            let _ = writeln!(text, "{indent}{line}");
            return;
        }
        let mark = format!("# {}: {}", self.say("guess", "gok"), plain(&marks.join("; ")));
        let last = line.lines().last().unwrap_or("");
        if !line.contains('\n') && indent.len() + last.chars().count() + mark.chars().count() + 3 <= WIDTH {
            let _ = writeln!(text, "{indent}{line}   {mark}");
        } else {
            let _ = writeln!(text, "{indent}{mark}\n{indent}{line}");
        }
    }

    // -- project.peil --------------------------------------------------------------------------------------------------

    fn project(&self) -> String {
        let guess = &self.draft.guess;
        let mut text = String::new();
        let file = plain(&self.draft.file);
        let _ = writeln!(
            text,
            "# {}",
            self.say(&format!("Made by `peil init` from {file}."), &format!("Gemaakt door `peil init` uit {file}."))
        );
        let _ = writeln!(
            text,
            "# {}\n",
            self.say(
                "What is marked `guess` was read from the answers, and may be wrong: look at it, then delete the mark.",
                "Wat met `gok` gemerkt is, is uit de antwoorden gelezen en kan fout zijn: kijk ernaar, en haal het merk weg."
            )
        );
        let _ = writeln!(text, "project {} {{", title(&guess.title));
        let _ = writeln!(text, "  peil 1\n  language {}", if self.lang == Lang::Nl { "nl" } else { "en" });
        if let Some(time) = &guess.time {
            let line = format!("grain {}", grain_name(time.grain));
            let mark = self.say("the periods that figures are shown by", "de perioden waarin cijfers getoond worden");
            self.marked(&mut text, "  ", &line, &[mark]);
        }
        let mark = self.say("who owns these figures? One team for each owner", "van wie zijn deze cijfers? Een team voor elke eigenaar");
        let name = self.say("Customer experience", "Klantbeleving");
        text.push('\n');
        self.marked(&mut text, "  ", &format!("team cx {}", quoted(&name)), &[mark]);
        let bare = guess.kpis.is_empty();
        if !bare {
            let reason = self.say(
                "What is good is yours to say: fill in `norms` in kpis.peil, then delete this line.",
                "Wat goed is, zeg jij: vul `norms` in kpis.peil in, en haal deze regel weg.",
            );
            let _ = writeln!(text, "\n  lint missing-norms allow {}", quoted(&reason));
        }
        if self.aims().others {
            let reason = self.say("Not every question has a goal yet.", "Nog niet elke vraag heeft een doel.");
            let _ = writeln!(text, "  lint kpi-without-goal allow {}", quoted(&reason));
        }
        text.push_str("}\n\n");
        let _ = writeln!(text, "report overview {} {{\n  for cx", quoted(&self.say("What customers tell us", "Wat klanten ons vertellen")));
        let mut sections = vec!["brief", "scorecards"];
        sections.extend((!bare).then_some("goals"));
        sections.extend(guess.time.as_ref().is_some_and(|it| it.several).then_some("trends"));
        sections.extend((!guess.dimensions.is_empty()).then_some("segments"));
        sections.push("definitions");
        let _ = writeln!(text, "  sections {}", sections.join(", "));
        let cuts: Vec<String> = self.dimension_names().into_iter().take(2).collect();
        if !cuts.is_empty() {
            let _ = writeln!(text, "  cuts {}", cuts.join(", "));
        }
        text.push_str("}\n");
        text
    }

    /// The names of the dimensions, in the order of `guess.dimensions`.
    fn dimension_names(&self) -> Vec<String> {
        let mut names = Names::default();
        self.draft.guess.dimensions.iter().map(|it| names.unique(&self.draft.guess.items[*it].name.to_lowercase())).collect()
    }

    // -- survey.peil ---------------------------------------------------------------------------------------------------

    fn survey(&self) -> String {
        let (draft, guess) = (self.draft, &self.draft.guess);
        let mut text = String::new();
        let (rows, columns) = draft.counts();
        let _ = writeln!(
            text,
            "# {}\n",
            self.say(
                &format!("The answers: {rows} rows, {columns} columns with something in them. Only what is declared exists for figures."),
                &format!("De antwoorden: {rows} rijen, {columns} kolommen met iets erin. Alleen wat gedeclareerd is bestaat voor cijfers.")
            )
        );
        let _ = writeln!(text, "source survey {} {{", quoted(&self.say("Survey", "Enquête")));
        let path = draft.data_path();
        let how = match draft.data() {
            Data::Copied => None,
            Data::Thinned => {
                Some(self.say("a copy, without what may tell who answered", "een kopie, zonder wat kan zeggen wie er antwoordde"))
            }
            Data::Rewritten => {
                Some(self.say("written anew from the export, with one header row", "opnieuw geschreven uit de export, met één kopregel"))
            }
            Data::Referred => {
                Some(self.say("large, so not copied: give its folder by --data", "groot, dus niet gekopieerd: geef de map met --data"))
            }
        };
        match how {
            Some(how) => drop(writeln!(text, "  files {}   # {how}", quoted(&path))),
            None => drop(writeln!(text, "  files {}", quoted(&path))),
        }
        self.form(&mut text);
        let relational = guess.time.as_ref().is_none_or(|it| it.waves.is_some());
        let mark = match (&guess.time, relational) {
            (None, _) => self.say(
                "there are no dates; `transactional` if it was asked after a contact",
                "er zijn geen datums; `transactional` als het na een contact gevraagd is",
            ),
            (_, true) => self.say("answers come in waves", "antwoorden komen in golven"),
            (_, false) => self.say(
                "answers come all the time; `relational` if it is about the whole relation",
                "antwoorden komen steeds; `relational` als het over de hele relatie gaat",
            ),
        };
        self.marked(&mut text, "  ", &format!("survey {}", if relational { "relational" } else { "transactional" }), &[mark]);
        if let Some(waves) = guess.time.as_ref().and_then(|it| it.waves) {
            let mark = self.say("how often it is asked", "hoe vaak het gevraagd wordt");
            self.marked(&mut text, "  ", &format!("cadence {}", grain_name(waves)), &[mark]);
        }
        let named =
            [("time", guess.time.as_ref().map(|it| it.column)), ("weight", guess.weight), ("key", guess.key), ("customer", guess.customer)];
        for (word, at) in named {
            if let Some(at) = at {
                self.marked(&mut text, "  ", &format!("{word} {}", guess.items[at].name), &guess.items[at].marks);
            }
        }
        if let Some(at) = guess.customer.filter(|at| self.answers_again(*at)) {
            let mark = self.say(
                "the same customers answer again; intervals then count customers",
                "dezelfde klanten antwoorden vaker; intervallen tellen dan klanten",
            );
            self.marked(&mut text, "  ", &format!("cluster {}", guess.items[at].name), &[mark]);
        }
        if let Some(at) = guess.weight_like {
            let name = &guess.items[at].name;
            let _ = writeln!(
                text,
                "  # weight {name}   # {}: {}",
                self.say("guess", "gok"),
                self.say("it looks like a weight", "het lijkt op een weegfactor")
            );
        }
        let kept = self.preview(&mut text);
        self.finished(&mut text, kept.as_deref());
        text.push('\n');
        for (_, at) in named {
            if let Some(at) = at
                && let Some(from) = self.from(at)
            {
                let _ = writeln!(text, "  column {}{from}", guess.items[at].name);
            }
        }
        self.columns(&mut text);
        self.rest(&mut text);
        text.push_str("}\n");
        self.dimensions(&mut text);
        text.replace("\n\n\n", "\n\n").replace("\n\n}", "\n}")
    }

    /// Whether many answers are by customers who answered before. Answers without a cluster would be left out, so that
    /// every answer must have one.
    fn answers_again(&self, at: usize) -> bool {
        let profile = &self.draft.profile;
        let column = &profile.columns[at];
        column.filled == profile.rows && (profile.rows - column.distinct() as u64) as f64 > 0.05 * profile.rows as f64
    }

    /// How the file is written, where that is not the plain form.
    fn form(&self, text: &mut String) {
        let (draft, guess) = (self.draft, &self.draft.guess);
        let header = draft.header_rows();
        if header > 1 {
            let _ = writeln!(text, "  header {header}");
        }
        match draft.table.form.delimiter {
            b';' => text.push_str("  delimiter \";\"\n"),
            b'|' => text.push_str("  delimiter \"|\"\n"),
            b'\t' => text.push_str("  delimiter \"tab\"\n"),
            _ => {}
        }
        if let Some(encoding) = draft.table.form.encoding.filter(|_| draft.data() != Data::Rewritten) {
            let mark = self.say("the file is not UTF-8", "het bestand is geen UTF-8");
            self.marked(text, "  ", &format!("encoding {}", quoted(encoding)), &[mark]);
        }
        if guess.decimal_comma {
            text.push_str("  decimal \",\"\n");
        }
        if let Some(it) = &guess.time
            && let Some(pattern) = time::pattern(it)
        {
            let marks = if it.ambiguous {
                vec![self.say("no value tells day from month", "geen waarde onderscheidt dag en maand")]
            } else {
                Vec::new()
            };
            self.marked(text, "  ", &format!("dates {}", quoted(pattern.name())), &marks);
        }
    }

    /// Leaves out answers that were given to try the survey; gives the condition.
    fn preview(&self, text: &mut String) -> Option<String> {
        let it = self.draft.guess.preview.as_ref()?;
        let name = &self.draft.guess.items[it.column].name;
        let whole = self.draft.profile.columns[it.column].is_numeric();
        let value = if whole { it.value.clone() } else { quoted(&it.value) };
        let blank = if it.blanks { format!("{name} is blank or ") } else { String::new() };
        let condition = format!("{blank}{name} != {value}");
        let mark = self.say(
            &format!("{} rows were given to try the survey", it.rows),
            &format!("{} rijen zijn gegeven om de enquête te proberen", it.rows),
        );
        self.marked(text, "  ", &format!("keep where {condition}"), &[mark]);
        let _ = writeln!(text, "  column {name}{}", self.from(it.column).unwrap_or_default());
        Some(if it.blanks { format!("({condition})") } else { condition })
    }

    /// Tools write answers that were begun and not finished; `kept` is the condition that is there already.
    fn finished(&self, text: &mut String, kept: Option<&str>) {
        if let Some(it) = &self.draft.guess.finished {
            let said = self.say(
                &format!("{} rows are of answers that were not finished; to leave them out:", it.rows),
                &format!("{} rijen zijn van antwoorden die niet zijn afgemaakt; om ze weg te laten:", it.rows),
            );
            let name = &self.draft.guess.items[it.column].name;
            let value = if it.value.bytes().all(|it| it.is_ascii_digit()) { it.value.clone() } else { quoted(&it.value) };
            let kept = kept.map(|it| format!("{it} and ")).unwrap_or_default();
            let _ = writeln!(
                text,
                "  # {said}\n  # column {name}{}\n  # keep where {kept}{name} = {value}",
                self.from(it.column).unwrap_or_default()
            );
        }
    }

    /// ` from "header"`, where the name is not the header.
    fn from(&self, at: usize) -> Option<String> {
        let (item, column) = (&self.draft.guess.items[at], &self.draft.profile.columns[at]);
        (item.name != column.header || !item.name.is_ascii()).then(|| format!(" from {}", quoted(&column.header)))
    }

    /// The title of a column, where it says more than its name and its header do.
    fn column_title(&self, at: usize) -> String {
        let item = &self.draft.guess.items[at];
        let header = &self.draft.profile.columns[at].header;
        if item.title.is_empty() || item.title == item.name || header.contains(&item.title) {
            String::new()
        } else {
            format!(" {}", title(&item.title))
        }
    }

    fn columns(&self, text: &mut String) {
        let guess = &self.draft.guess;
        let mut sets_said: Vec<usize> = Vec::new();
        for (at, item) in guess.items.iter().enumerate() {
            let head = || format!("column {}{}{}", item.name, self.column_title(at), self.from(at).unwrap_or_default());
            match &item.role {
                Role::Rating(scale) => {
                    let line = format!("{}{}", head(), self.scale(scale));
                    self.marked(text, "  ", &line, &item.marks);
                }
                Role::Choice { coded, blank } if guess.dimensions.contains(&at) => {
                    let mut line = head();
                    if *coded {
                        let column = &self.draft.profile.columns[at];
                        let mut codes: Vec<&String> = column.values.keys().filter(|it| !blank.contains(it)).collect();
                        codes.sort_by(|a, b| number(a).map_or(0.0, |it| it.0).total_cmp(&number(b).map_or(0.0, |it| it.0)).then(a.cmp(b)));
                        let labels: Vec<String> = codes.iter().map(|it| format!("{} {}", code(it), quoted(it))).collect();
                        let _ = write!(line, " labels {}", labels.join(", "));
                    }
                    line.push_str(&codes("blank", blank));
                    self.marked(text, "  ", &line, &item.marks);
                }
                Role::Member(set) if !sets_said.contains(set) => {
                    sets_said.push(*set);
                    let set = &guess.sets[*set];
                    let headers: Vec<String> = set
                        .members
                        .iter()
                        .map(|it| &self.draft.profile.columns[*it])
                        .filter(|it| it.filled > 0)
                        .map(|it| if is_name(&it.header) { it.header.clone() } else { quoted(&it.header) })
                        .collect();
                    let said =
                        if set.title == set.name || set.title.is_empty() { String::new() } else { format!(" {}", title(&set.title)) };
                    let blank: Vec<String> = set.blank.iter().cloned().collect();
                    let line = format!("column {}{said} several from {}{}", set.name, headers.join(", "), codes("blank", &blank));
                    self.marked(text, "  ", &line, std::slice::from_ref(&set.mark));
                }
                Role::Split(mark) => {
                    let line = format!("{} several split {}", head(), quoted(&mark.to_string()));
                    self.marked(text, "  ", &line, &item.marks);
                }
                _ => {}
            }
        }
    }

    fn scale(&self, scale: &Scale) -> String {
        let mut line = format!(" scale {}..{}", scale.low, scale.high);
        if !scale.best_high {
            let _ = write!(line, " best {}", scale.low);
        }
        if scale.decimals > 0 {
            let _ = write!(line, " decimals {}", scale.decimals);
        }
        let texts = |list: &[(String, u64)]| list.iter().map(|it| it.0.clone()).collect::<Vec<_>>();
        line.push_str(&codes("blank", &[texts(&scale.blank), texts(&scale.odd)].concat()));
        line.push_str(&codes("not applicable", &texts(&scale.not_applicable)));
        if !scale.recode.is_empty() {
            let pairs: Vec<String> = scale.recode.iter().map(|(text, code)| format!("{} {code}", quoted(text))).collect();
            // A statement goes on behind an open comma.
            let _ = write!(line, " recode {} {}", quoted(&self.draft.data_path()), pairs[0]);
            if pairs.len() > 1 {
                let _ = write!(line, ",\n    {}", pairs[1..].join(", "));
            }
        }
        line
    }

    /// What is not declared, and why.
    fn rest(&self, text: &mut String) {
        let guess = &self.draft.guess;
        let names = |want: &dyn Fn(usize, &Role) -> bool| -> Vec<String> {
            let columns = self.draft.profile.columns.iter();
            guess
                .items
                .iter()
                .zip(columns)
                .enumerate()
                .filter(|(at, it)| want(*at, &it.0.role))
                .map(|(_, it)| plain(&it.1.header))
                .collect()
        };
        let groups: [(&str, &str, Vec<String>); 9] = [
            (
                "choices, which could be cuts",
                "keuzes, waarop gesneden kan worden",
                names(&|at, it| matches!(it, Role::Choice { .. }) && !guess.dimensions.contains(&at)),
            ),
            ("0 or 1 for an option", "0 of 1 voor een optie", names(&|_, it| *it == Role::Ticked)),
            ("numbers", "getallen", names(&|_, it| *it == Role::Number)),
            ("dates", "datums", names(&|_, it| *it == Role::Dates)),
            ("many different texts", "veel verschillende teksten", names(&|_, it| *it == Role::Many)),
            (
                "may tell who answered, and should stay out",
                "kan zeggen wie er antwoordde, en hoort er niet in",
                names(&|_, it| *it == Role::Personal),
            ),
            (
                "free text, in which people may be named",
                "open antwoorden, waarin mensen genoemd kunnen zijn",
                names(&|_, it| *it == Role::Text),
            ),
            (
                "written by the survey tool",
                "geschreven door het enquêteprogramma",
                names(&|at, it| *it == Role::Meta && guess.preview.as_ref().is_none_or(|it| it.column != at)),
            ),
            ("the same in every row, or empty", "in elke rij hetzelfde, of leeg", names(&|_, it| matches!(it, Role::Same | Role::Empty))),
        ];
        if groups.iter().all(|it| it.2.is_empty()) {
            return;
        }
        let _ = writeln!(text, "\n  # {}", self.say("Not declared:", "Niet gedeclareerd:"));
        for (en, nl, headers) in &groups {
            if !headers.is_empty() {
                let mut line = format!("  # - {}:", self.say(en, nl));
                for (at, header) in headers.iter().enumerate() {
                    let piece = if at + 1 < headers.len() { format!(" {header},") } else { format!(" {header}") };
                    if line.chars().count() + piece.chars().count() > WIDTH {
                        let _ = writeln!(text, "{line}");
                        line = "  #  ".to_owned();
                    }
                    line.push_str(&piece);
                }
                let _ = writeln!(text, "{line}");
            }
        }
    }

    fn dimensions(&self, text: &mut String) {
        let guess = &self.draft.guess;
        if !guess.dimensions.is_empty() {
            text.push('\n');
        }
        for (name, at) in self.dimension_names().iter().zip(&guess.dimensions) {
            let (item, column) = (&guess.items[*at], &self.draft.profile.columns[*at]);
            let other = if column.distinct() > 12 { format!("; other {}", quoted(&self.say("Other", "Overig"))) } else { String::new() };
            let _ = writeln!(text, "dimension {name} {} {{ from survey.{}{other} }}", title(&item.title), item.name);
        }
    }

    // -- kpis.peil -----------------------------------------------------------------------------------------------------

    fn kpis(&self, measured: &BTreeMap<String, String>) -> String {
        let guess = &self.draft.guess;
        let mut text = String::new();
        let _ = writeln!(
            text,
            "# {}\n# {}\n",
            self.say(
                "What is measured. Norms are not guessed: what is good is a decision, not a fact of the data.",
                "Wat er gemeten wordt. Normen zijn niet gegokt: wat goed is, is een besluit en geen gegeven."
            ),
            self.say(
                "`worst` counts as 0, `target` as 100; halfway lies `threshold`. Fill in three numbers and delete the `#`.",
                "`worst` telt als 0, `target` als 100; daartussen ligt `threshold`. Vul drie getallen in en haal de `#` weg."
            )
        );
        for kpi in &guess.kpis {
            self.kpi(&mut text, kpi, measured);
        }
        let _ = writeln!(
            text,
            "kpi answers {} {{\n  formula count(survey)\n  owner cx\n  indicator context\n}}",
            quoted(&self.say("Answers", "Antwoorden"))
        );
        if !guess.more_kpis.is_empty() {
            let _ = writeln!(text, "\n# {}", self.say("Other questions on a scale:", "Andere vragen met een schaal:"));
            for kpi in &guess.more_kpis {
                let _ = writeln!(text, "# kpi {} {} {{ formula {}; owner cx }}", kpi.name, title(&kpi.title), kpi.formula);
            }
        }
        text
    }

    fn kpi(&self, text: &mut String, kpi: &Kpi, measured: &BTreeMap<String, String>) {
        let _ = writeln!(text, "kpi {} {} {{\n  formula {}   # {}\n  owner cx", kpi.name, title(&kpi.title), kpi.formula, kpi.explained);
        if kpi.kind == Kind::Recommend || kpi.kind == Kind::Overall {
            text.push_str("  indicator effect\n");
        }
        if kpi.misnamed {
            let reason = self.say(
                "The question is called so; its scale makes another measure of it.",
                "De vraag heet zo; haar schaal maakt er een andere maat van.",
            );
            let _ = writeln!(text, "  lint misnamed-measure allow {}", quoted(&reason));
        }
        match measured.get(&kpi.name) {
            Some(now) => {
                let said = self.say("measured", "gemeten");
                let _ = writeln!(text, "  # norms worst ..., threshold ..., target ...   # {said} {now}");
            }
            None => text.push_str("  # norms worst ..., threshold ..., target ...\n"),
        }
        text.push_str("}\n\n");
    }

    // -- goals.peil ----------------------------------------------------------------------------------------------------

    /// Which KPIs measure goals of the business, and which those of customers.
    fn aims(&self) -> Aims<'_> {
        let kpis = &self.draft.guess.kpis;
        let touch: Vec<&Kpi> = kpis.iter().filter(|it| matches!(it.kind, Kind::Ease | Kind::Touch)).take(GOALS).collect();
        let mut business: Vec<&Kpi> = Vec::new();
        business.extend(kpis.iter().find(|it| it.kind == Kind::Recommend));
        business.extend(kpis.iter().find(|it| it.kind == Kind::Overall));
        let others = kpis.len() > touch.len() + business.len();
        Aims { business, touch, others }
    }

    fn goals(&self) -> String {
        let aims = self.aims();
        let mut text = String::new();
        let _ = writeln!(
            text,
            "# {}\n",
            self.say(
                "What is wanted: by the business, by customers, and what ties the two.",
                "Wat er gewild is: door het bedrijf, door klanten, en wat de twee verbindt."
            )
        );
        let mut names = Names::default();
        let mut business: Vec<String> = Vec::new();
        for kpi in &aims.business {
            let (name, said) = if kpi.kind == Kind::Recommend {
                ("recommended", self.say("Customers recommend us", "Klanten bevelen ons aan"))
            } else {
                ("satisfied", self.say("Customers are satisfied", "Klanten zijn tevreden"))
            };
            let name = names.unique(name);
            let _ = writeln!(text, "business goal {name} {} {{\n  owner cx\n  measured by {}", quoted(&said), kpi.name);
            if aims.touch.is_empty() {
                let reason = self.say("No question about a single step was found.", "Er is geen vraag over een enkele stap gevonden.");
                let _ = writeln!(text, "  lint goal-without-customer allow {}", quoted(&reason));
            }
            text.push_str("}\n\n");
            business.push(name);
        }
        let mut customer: Vec<String> = Vec::new();
        for kpi in &aims.touch {
            let name = names.unique(&kpi.name);
            let mark =
                self.say("is this what customers want? Say it as they would", "is dit wat klanten willen? Zeg het zoals zij het zeggen");
            self.marked(&mut text, "", &format!("customer goal {name} {} {{", title(&kpi.title)), &[mark]);
            let _ = writeln!(text, "  # need \"...\"\n  owner cx\n  measured by {}\n}}\n", kpi.name);
            customer.push(name);
        }
        if !business.is_empty() && !customer.is_empty() {
            let mark = self.say(
                "a place for the first thing that you change, for customers and for the business",
                "een plaats voor het eerste dat je verandert, voor klanten en voor het bedrijf",
            );
            let said = self.say("An improvement, to be named", "Een verbetering, nog te benoemen");
            self.marked(&mut text, "", &format!("enabler improvement {} {{", quoted(&said)), &[mark]);
            text.push_str("  owner cx\n  status idea\n");
            for name in &customer {
                let _ = writeln!(text, "  serves {name} evidence hypothesis");
            }
            for name in &business {
                let _ = writeln!(text, "  lifts {name} evidence hypothesis");
            }
            text.push_str("}\n");
        }
        text
    }
}

/// Which KPIs measure goals.
struct Aims<'k> {
    business: Vec<&'k Kpi>,
    touch: Vec<&'k Kpi>,
    /// Whether there are KPIs beside them.
    others: bool,
}

/// ` blank 0, "Blank"`.
fn codes(word: &str, list: &[String]) -> String {
    if list.is_empty() {
        return String::new();
    }
    format!(" {word} {}", list.iter().map(|it| code(it)).collect::<Vec<_>>().join(", "))
}
