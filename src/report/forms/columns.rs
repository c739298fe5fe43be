//! What does each column of the tables mean?

use crate::words::Lang;

/// A column with what it holds, in Dutch and English.
type Column = (&'static str, &'static str, &'static str);

/// The columns that hold the same in every table.
const COLUMNS: [Column; 22] = [
    ("title", "Het kengetal, zoals het in het rapport heet", "The KPI, as the report calls it"),
    (
        "kpi",
        "De naam van het kengetal in de definities; tussen haken een deel ervan",
        "The name of the KPI in the definitions; in brackets a part of it",
    ),
    (
        "period",
        "De periode: 2025, 2025-Q3, 2025-09, 2025-W38; `all` is alles bij elkaar",
        "The period: 2025, 2025-Q3, 2025-09, 2025-W38; `all` is everything together",
    ),
    (
        "value",
        "De waarde, niet afgerond; leeg als er geen is of als ze verborgen is",
        "The value, not rounded; empty where there is none or it is hidden",
    ),
    ("unit", "De eenheid van de waarde, van het interval en van het doel", "The unit of the value, the interval and the target"),
    ("n", "De basis: hoeveel antwoorden of rijen", "The base: how many answers or rows"),
    ("n_effective", "De effectieve basis, na weging en clustering", "The effective base, after weights and clusters"),
    ("se", "De standaardfout", "The standard error"),
    (
        "low",
        "De ondergrens van het interval, van aannames of van wat van een doel bekend is",
        "The lower end of the interval, of assumptions, or of what is known of a goal",
    ),
    ("high", "De bovengrens", "The upper end"),
    ("target", "Het doel dat in deze periode geldt", "The target that holds in this period"),
    (
        "satisfaction",
        "Hoever het doel is gehaald, van 0 tot 100: 50 op de drempel, 100 op het doel",
        "How far the target is reached, from 0 to 100: 50 at the threshold, 100 at the target",
    ),
    ("status", "on_target, watch, act, no_norm, too_few, hidden of no_data", "on_target, watch, act, no_norm, too_few, hidden or no_data"),
    ("proven", "Of beide grenzen van het interval dezelfde status hebben", "Whether both ends of the interval have the same status"),
    ("note", "Wat men bij deze regel moet weten", "What must be known of this row"),
    ("drivers", "De naam van het model in de definities", "The name of the model in the definitions"),
    ("outcome", "Wat wordt verklaard", "What is explained"),
    ("owner", "Van welk team het is", "Whose it is: a team"),
    (
        "p",
        "De kans op zo'n verschil, of een groter, als er niets is",
        "The chance of such a difference, or a larger one, if there is nothing",
    ),
    ("goal", "De naam van het doel in de definities", "The name of the goal in the definitions"),
    ("weight", "Het gewicht, in procenten van het geheel", "The weight, in percent of the whole"),
    ("reason", "De reden; leeg op de regel van allen die er een noemen", "The reason; empty on the row of all who name one"),
];

/// The columns of one table alone, or that hold something of their own there.
const OWN: [(&str, &[Column]); 13] = [
    (
        "goals",
        &[
            ("kind", "business: bedrijfsdoel; customer: klantdoel", "business or customer"),
            (
                "coverage",
                "Welk deel van het gewicht onder dit doel bekend is, in procenten",
                "How much of the weight below this goal is known, in percent",
            ),
            ("own", "Hoever het doel is naar zijn eigen kengetallen", "How far the goal is by its own KPIs"),
            ("below", "Hoever het doel is naar zijn deeldoelen", "How far the goal is by its parts"),
        ],
    ),
    (
        "findings",
        &[
            ("finding", "De naam van de bevinding in de definities", "The name of the finding in the definitions"),
            (
                "state",
                "Of ze nog geldt: holds, lapsed, unknown; unconditional: zonder voorwaarde",
                "Whether it still holds: holds, lapsed, unknown; unconditional: without a condition",
            ),
            ("by", "Wie het vindt: een persoon, een team of beide", "Who finds so: a person, a team, or both"),
            ("on", "De dag waarop het is opgeschreven", "The day on which it was written down"),
            ("text", "De tekst, met de cijfers ingevuld", "The text, with its figures put in"),
            ("decision", "Wat er is besloten", "What was decided"),
        ],
    ),
    (
        "answers",
        &[
            ("code", "Het antwoord, zoals het in de gegevens staat", "The answer, as it stands in the data"),
            ("label", "Hoe het antwoord heet", "What the answer is called"),
            (
                "class",
                "Hoe het kengetal het telt: for (voor), between (ertussen), against (tegen), other (alleen in de basis)",
                "How the KPI counts it: for, between, against, or other (in the base alone)",
            ),
            ("count", "Hoe vaak het is gegeven, in rijen", "How often it was given, in rows"),
            ("share", "Het deel van allen die antwoordden, in procenten", "The part of all who answered, in percent"),
        ],
    ),
    (
        "drivers",
        &[
            ("method", "Hoe het belang is berekend", "How the importance is computed"),
            ("item", "De drijfveer: een kolom, of een reden die klanten noemen", "The driver: a column, or a reason that customers name"),
            ("bucket", "Van wie de reden is: promoters, criticasters, allen", "Whose reason it is: promoters, detractors, all"),
            (
                "importance",
                "Het belang, naar de methode; van een reden het deel dat haar noemt",
                "The importance, by the method; of a reason the part that names it",
            ),
            ("share", "Het deel van wat het model verklaart (R²), in procenten", "The part of what the model explains (R²), in percent"),
            (
                "coefficient",
                "Hoeveel punten de uitkomst hoger is bij één punt meer, als de andere drijfveren gelijk blijven",
                "By how many points the outcome is higher for one point more, the other drivers held",
            ),
            ("beta", "Hetzelfde in standaardafwijkingen", "The same in standard deviations"),
            ("correlation", "De samenhang met de uitkomst: de r van Pearson", "How it goes with the outcome: Pearson's r"),
            ("penalty", "Wat een laag antwoord kost, vergeleken met een middelmatig", "What a low answer costs, against those between"),
            (
                "reward",
                "Wat een hoog antwoord oplevert, vergeleken met een middelmatig",
                "What a high answer brings, against those between",
            ),
            (
                "difference",
                "De gemiddelde uitkomst van wie de reden noemen min die van de anderen",
                "The mean outcome of those who name the reason less that of the others",
            ),
            (
                "performance",
                "Hoe goed het gaat, van 0 tot 100, onder allen die deze vraag beantwoordden",
                "How well it is done, from 0 to 100, among all who answered the question",
            ),
            ("performance_in_model", "Hetzelfde onder de rijen van het model", "The same among the rows of the model"),
            ("quadrant", "fix first, keep, low priority of possible overkill", "fix first, keep, low priority or possible overkill"),
            (
                "proven",
                "Of het kwadrant ook aan de grenzen van beide intervallen geldt",
                "Whether the quadrant holds at the ends of both intervals too",
            ),
            (
                "vif",
                "Hoeveel onzekerder de coëfficiënt is doordat drijfveren samengaan",
                "By how much drivers that go together make the coefficient less certain",
            ),
            ("n", "De rijen van het model, of de basis van het deel", "The rows of the model, or the base of the part"),
            ("answered", "Hoevelen deze vraag beantwoordden", "How many answered the question"),
            (
                "r2",
                "Welk deel van de verschillen in de uitkomst het model verklaart (R²)",
                "How much of the differences in the outcome the model explains (R²)",
            ),
        ],
    ),
    (
        "reasons",
        &[
            ("bucket", "Over wie de regel gaat: promoters, criticasters, allen", "Whom the row is about: promoters, detractors, all"),
            ("named", "Hoevelen de reden noemen", "How many name the reason"),
            ("n", "Hoevelen een reden noemen", "How many name any reason"),
            ("share", "Het deel dat de reden noemt, in procenten", "The part that names the reason, in percent"),
            (
                "of_reason",
                "Welk deel van wie de reden noemen hierbij hoort, in procenten",
                "The part of those who name the reason that belongs here, in percent",
            ),
            ("score", "De uitkomst van wie de reden noemen", "The outcome of those who name the reason"),
            ("others", "De uitkomst van wie andere redenen noemen", "The outcome of those who name other reasons"),
            (
                "contribution",
                "Hoeveel punten de reden de uitkomst optilt of omlaag trekt",
                "By how many points the reason lifts the outcome or pulls it down",
            ),
            (
                "impact",
                "De uitkomst van allen min die van wie de reden niet noemen",
                "The outcome of all less that of those who do not name the reason",
            ),
            (
                "at_risk",
                "Het deel dat naar de regel van het model kan vertrekken, in procenten",
                "The part that may leave by the model's rule, in percent",
            ),
            ("at_risk_named", "Hoevelen dat zijn", "How many these are"),
            ("unit", "De eenheid van de uitkomst", "The unit of the outcome"),
            ("saving", "Wat er hoogstens te besparen is", "What may be saved at most"),
            ("saving_low", "De ondergrens daarvan, naar de aannames", "The lower end of that, by the assumptions"),
            ("saving_high", "De bovengrens daarvan, naar de aannames", "The upper end of that, by the assumptions"),
            ("saving_unit", "De eenheid daarvan", "The unit of that"),
            ("saving_period", "Over welke perioden dat is", "The periods that this is over"),
        ],
    ),
    (
        "lifecycle",
        &[
            ("lifecycle", "De naam van de levensloop in de definities", "The name of the lifecycle in the definitions"),
            (
                "kind",
                "customers: klanten in de fase; came, left: wie kwamen en gingen; flow: van fase naar fase; kpi: een kengetal",
                "customers: those in the phase; came, left: who came and went; flow: from phase to phase; kpi: a KPI",
            ),
            ("phase", "De fase", "The phase"),
            ("to", "De fase waar men heen ging; leeg als men vertrok", "The phase that they went to; empty where they left"),
            ("unit", "De eenheid van de waarde; count is een aantal klanten", "The unit of the value; count is a number of customers"),
            ("n", "De basis; bij flow hoeveel klanten er eerst waren", "The base; of a flow how many customers were there before"),
            ("share", "Het deel, in procenten", "The part, in percent"),
        ],
    ),
    (
        "index",
        &[
            ("index", "De naam van de index in de definities", "The name of the index in the definitions"),
            (
                "kind",
                "index: het geheel; part: een onderdeel; weights: het geheel bij andere gewichten",
                "index: the whole; part: one of its parts; weights: the whole by other weights",
            ),
            ("name", "Het onderdeel, of hoe de gewichten anders zijn", "The part, or in what the weights differ"),
            ("change", "Het verschil met de index zelf", "The difference from the index itself"),
            ("rank", "De plaats", "The place"),
            ("best_rank", "De beste plaats bij alle gewichten", "The best place by all weights"),
            ("worst_rank", "De slechtste plaats bij alle gewichten", "The worst place by all weights"),
            ("lag", "Hoeveel perioden later", "How many periods later"),
            ("r", "De samenhang: de r van Pearson", "How they go together: Pearson's r"),
            ("p_adjusted", "Dezelfde kans, verhoogd om hoe vaak er is getoetst", "The same chance, raised for how many tests there are"),
        ],
    ),
    (
        "why",
        &[
            ("before", "De periode ervoor", "The period before"),
            ("after", "De periode van het rapport", "The period of the report"),
            (
                "kind",
                "whole: het cijfer zelf; part: een deel van de formule; cut: een doorsnede; segment: een segment ervan",
                "whole: the figure itself; part: a part of its formula; cut: a cut; segment: one of its segments",
            ),
            ("level", "Hoe diep het staat: 0 bovenaan", "How deep it stands: 0 on top"),
            ("name", "Het deel, de doorsnede of het segment", "The part, the cut or the segment"),
            ("value_before", "De waarde ervoor", "The value before"),
            ("value_after", "De waarde nu", "The value now"),
            ("unit", "De eenheid van de waarden", "The unit of the values"),
            ("n_before", "De basis ervoor", "The base before"),
            ("n_after", "De basis nu", "The base now"),
            ("share_before", "Het aandeel van het segment ervoor, in procenten", "The share of the segment before, in percent"),
            ("share_after", "Het aandeel nu", "The share now"),
            ("mix", "Wat een ander aandeel maakt", "What another share makes"),
            ("mix_low", "De ondergrens daarvan", "The lower end of that"),
            ("mix_high", "De bovengrens daarvan", "The upper end of that"),
            ("rate", "Wat de eigen verandering van het segment maakt", "What the segment's own change makes"),
            ("rate_low", "De ondergrens daarvan", "The lower end of that"),
            ("rate_high", "De bovengrens daarvan", "The upper end of that"),
            (
                "interaction",
                "Wat beide samen maken; leeg bij de methode van het rapport",
                "What both make together; empty by the report's method",
            ),
            ("contribution", "Wat het aan de verandering van het geheel bijdraagt", "What it adds to the change of the whole"),
            ("low", "De ondergrens van de bijdrage", "The lower end of the contribution"),
            ("high", "De bovengrens van de bijdrage", "The upper end of the contribution"),
            (
                "explains",
                "Hoeveel van de verandering langs de doorsnede loopt, toeval afgetrokken",
                "How much of the change goes by the cut, chance taken off",
            ),
            (
                "p",
                "De kans dat segmenten zo verschillend bewegen als alle gelijk opgaan; van het geheel de p van de toets",
                "The chance of segments moving so differently where all move alike; of the whole the p of its test",
            ),
        ],
    ),
    (
        "benchmarks",
        &[
            ("compared_with", "De naam van de benchmark in de definities", "The name of the benchmark in the definitions"),
            ("previous", "Het andere cijfer", "The other figure"),
            ("change", "Het verschil daarmee", "The difference from it"),
            ("signal", "signal: meer dan toeval; noise: kan toeval zijn", "signal: more than chance; noise: may be chance"),
            (
                "detectable",
                "Het kleinste verschil dat zo'n toets acht van de tien keer vindt",
                "The smallest difference that such a test finds eight times out of ten",
            ),
        ],
    ),
    (
        "money",
        &[
            (
                "chain",
                "Het bedrag waar de stappen naartoe gaan, naar zijn naam in de definities",
                "The amount that the steps lead to, by its name in the definitions",
            ),
            ("step", "De stap", "The step"),
            (
                "kind",
                "kpi: een kengetal; rows: geteld in de gegevens; assumption: een aanname; total: een som over de regels erboven",
                "kpi: a KPI; rows: counted in the data; assumption: an assumption; total: a sum over the rows above it",
            ),
            ("unit", "De eenheid van de waarde", "The unit of the value"),
            ("low", "De ondergrens, door toeval en aannames", "The lower end, by chance and assumptions"),
            ("high", "De bovengrens, door toeval en aannames", "The upper end, by chance and assumptions"),
            ("range_low", "De waarde als alle aannames aan hun lage kant liggen", "The value where assumptions lie at their lower ends"),
            ("range_high", "De waarde als alle aannames aan hun hoge kant liggen", "The value where assumptions lie at their upper ends"),
            ("formula", "Hoe de stap is berekend", "How the step is computed"),
            ("source", "Waar een aanname vandaan komt", "Where an assumption comes from"),
            ("date", "Van wanneer ze is", "When it was made"),
        ],
    ),
    (
        "incentives",
        &[
            ("incentive", "De naam van de bonus in de definities", "The name of the incentive in the definitions"),
            ("team", "Het team", "The team"),
            ("earlier", "Of de periode eerder is dan die van het rapport", "Whether the period is before that of the report"),
            (
                "kind",
                "part: een onderdeel; condition: een voorwaarde; total: de uitkomst",
                "part: one of its parts; condition: what must hold; total: what is paid",
            ),
            ("paid_on", "De waarde waarover wordt uitgekeerd", "The value on which it is paid"),
            ("payout", "De uitkering, in procenten", "What is paid, in percent"),
            ("weighted", "De uitkering maal het gewicht", "What is paid times the weight"),
            ("condition", "De voorwaarde", "The condition"),
            ("met", "Of eraan is voldaan; leeg als dat niet bekend is", "Whether it is met; empty where that is not known"),
        ],
    ),
    (
        "actions",
        &[
            ("action", "De naam van de actie in de definities", "The name of the action in the definitions"),
            ("stage", "idea, planned, running, overdue, done of stopped", "idea, planned, running, overdue, done or stopped"),
            ("start", "De eerste dag", "The first day"),
            ("due", "De laatste dag", "The last day"),
            ("unit", "De eenheid van de veranderingen", "The unit of the changes"),
            ("expected", "Hoeveel het kengetal zou veranderen", "By how much the KPI was to change"),
            ("by", "Tegen welke periode", "By which period"),
            ("before", "De periode ervoor", "The period before"),
            ("after", "De periode erna", "The period after"),
            ("value_before", "De waarde ervoor", "The value before"),
            ("value_after", "De waarde erna", "The value after"),
            ("n_before", "De basis ervoor", "The base before"),
            ("n_after", "De basis erna", "The base after"),
            ("change", "Het verschil van erna met ervoor", "The difference of after from before"),
            ("control_change", "Hetzelfde bij wie de actie niet meemaakten", "The same among those whom the action did not reach"),
            ("effect", "De verandering min die van wie haar niet meemaakten", "The change less that of those whom it did not reach"),
            (
                "effect_p",
                "De kans op zo'n effect, of een groter, als er geen is",
                "The chance of such an effect, or a larger one, if there is none",
            ),
            (
                "signal",
                "Of de reeks sinds het begin een signaal geeft: up, down of none",
                "Whether the series has a signal since the start: up, down or none",
            ),
            (
                "verdict",
                "as_expected, less, more, not_shown (kan toeval zijn), contrary (andersom), signal of untested (niet getoetst)",
                "as_expected, less, more, not_shown (may be chance), contrary (the other way), signal or untested",
            ),
        ],
    ),
    (
        "team",
        &[
            ("goal", "Het doel, zoals het in het rapport heet", "The goal, as the report calls it"),
            ("own", "Of het van het team zelf is", "Whether it is the team's own"),
            ("through", "Waarmee het team het beweegt", "By what the team moves it"),
        ],
    ),
];

/// Returns what a column of a table holds, by the name of the table: `index.kei` is one of `index`. One that is none of
/// these is a dimension: it holds the value that a row is of.
pub(super) fn meaning(table: &str, column: &str, lang: Lang) -> String {
    let pick = |it: &Column| if lang == Lang::Nl { it.1 } else { it.2 };
    if let Some(found) = known(table, column) {
        return pick(found).to_owned();
    }
    let end = |suffix: &str| column.strip_suffix(suffix).filter(|it| known(table, it).is_some());
    match (end("_low"), end("_high"), lang) {
        (Some(of), _, Lang::Nl) => format!("De ondergrens van het interval van {of}"),
        (Some(of), _, Lang::En) => format!("The lower end of the interval of {of}"),
        (None, Some(of), Lang::Nl) => format!("De bovengrens van het interval van {of}"),
        (None, Some(of), Lang::En) => format!("The upper end of the interval of {of}"),
        (None, None, Lang::Nl) => "Een dimensie: de waarde waarover deze regel gaat; leeg op een regel over het geheel".to_owned(),
        (None, None, Lang::En) => "A dimension: the value that this row is about; empty on a row about the whole".to_owned(),
    }
}

fn known(table: &str, column: &str) -> Option<&'static Column> {
    let kind = table.split('.').next().unwrap_or(table);
    let own = OWN.iter().find(|it| it.0 == kind).map_or(&[][..], |it| it.1);
    own.iter().chain(&COLUMNS).find(|it| it.0 == column)
}
