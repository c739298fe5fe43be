//! What does each column of the tables mean?

use crate::words::Lang;

/// The columns of figures and goals, each with what it holds, in Dutch and English.
const COLUMNS: [(&str, &str, &str); 20] = [
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
    ("goal", "De naam van het doel in de definities", "The name of the goal in the definitions"),
    ("kind", "business: bedrijfsdoel; customer: klantdoel", "business or customer"),
    (
        "coverage",
        "Welk deel van het gewicht onder dit doel bekend is, in procenten",
        "How much of the weight below this goal is known, in percent",
    ),
    ("own", "Hoever het doel is naar zijn eigen kengetallen", "How far the goal is by its own KPIs"),
    ("below", "Hoever het doel is naar zijn deeldoelen", "How far the goal is by its parts"),
];

/// Returns what a column holds. One that is none of these is a dimension: it holds the value that a row is of.
pub(super) fn meaning(column: &str, lang: Lang) -> &'static str {
    let found = COLUMNS.iter().find(|it| it.0 == column);
    match (found, lang) {
        (Some((_, nl, _)), Lang::Nl) => nl,
        (Some((_, _, en)), Lang::En) => en,
        (None, Lang::Nl) => "Een dimensie: de waarde waarover deze regel gaat; leeg op een regel over het geheel",
        (None, Lang::En) => "A dimension: the value that this row is about; empty on a row about the whole",
    }
}
