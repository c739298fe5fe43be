//! What does the page itself say? The fixed texts, in Dutch and English; everything that depends
//! on figures comes worded in the view.

mod sentences;

use serde::Serialize;

use crate::words::Lang;
pub use sentences::{Say, capital};

/// The fixed texts in one language. Templates know them as `w`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[expect(missing_docs, reason = "each field is named after what it says")]
pub struct Words {
    pub section: Sections,
    pub status: Statuses,
    pub movement: Movements,
    pub skip: &'static str,
    pub sections: &'static str,
    pub permalink: &'static str,
    pub print: &'static str,
    pub dark: &'static str,
    pub light: &'static str,
    pub counts: &'static str,
    pub legend: &'static str,
    pub legend_value: &'static str,
    pub legend_target: &'static str,
    pub legend_previous: &'static str,
    pub legend_bands: &'static str,
    pub legend_spread: &'static str,
    pub legend_grey: &'static str,
    pub legend_grey_text: &'static str,
    pub filter: &'static str,
    pub all: &'static str,
    pub table: &'static str,
    pub kpi: &'static str,
    pub value: &'static str,
    pub trend: &'static str,
    pub against_norms: &'static str,
    pub movement_heading: &'static str,
    pub status_heading: &'static str,
    pub no_series: &'static str,
    pub no_norm: &'static str,
    pub critical: &'static str,
    pub as_list: &'static str,
    pub as_table: &'static str,
    pub events: &'static str,
    pub moment_of_truth: &'static str,
    pub stage: &'static str,
    pub touchpoints: &'static str,
    pub process: &'static str,
    pub owner: &'static str,
    pub no_owner: &'static str,
    pub not_measured: &'static str,
    pub only_process: &'static str,
    pub quality: &'static str,
    pub check: &'static str,
    pub method: &'static str,
    pub canonical: &'static str,
    pub scroll: &'static str,
    pub self_contained: &'static str,
}

/// The names of the sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[expect(missing_docs, reason = "each field is named after its section")]
pub struct Sections {
    pub brief: &'static str,
    pub scorecards: &'static str,
    pub goals: &'static str,
    pub trends: &'static str,
    pub journey: &'static str,
    pub segments: &'static str,
    pub definitions: &'static str,
}

/// The words of the statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[expect(missing_docs, reason = "each field is named after its status")]
pub struct Statuses {
    pub on_target: &'static str,
    pub watch: &'static str,
    pub act: &'static str,
    pub too_few: &'static str,
    pub no_norm: &'static str,
    pub no_data: &'static str,
    pub hidden: &'static str,
}

/// The words of the movements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[expect(missing_docs, reason = "each field is named after its movement")]
pub struct Movements {
    pub better: &'static str,
    pub worse: &'static str,
    pub changed: &'static str,
    pub noise: &'static str,
    pub unknown: &'static str,
}

/// Returns the fixed texts of a language.
pub fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Nl => &NL,
        Lang::En => &EN,
    }
}

const NL: Words = Words {
    section: Sections {
        brief: "Kern",
        scorecards: "Kengetallen",
        goals: "Doelenboom",
        trends: "Trends",
        journey: "Klantreis",
        segments: "Segmenten",
        definitions: "Definities",
    },
    status: Statuses {
        on_target: "Op koers",
        watch: "Let op",
        act: "Actie nodig",
        too_few: "Te weinig data",
        no_norm: "Geen norm",
        no_data: "Geen data",
        hidden: "Verborgen",
    },
    movement: Movements {
        better: "Signaal, verbeterd",
        worse: "Signaal, verslechterd",
        changed: "Signaal, veranderd",
        noise: "Geen signaal (ruis)",
        unknown: "Niet te bepalen",
    },
    skip: "Naar de inhoud",
    sections: "Onderdelen",
    permalink: "Directe link naar dit onderdeel",
    print: "Afdrukken",
    dark: "Donker",
    light: "Licht",
    counts: "Aantal kengetallen per status",
    legend: "Legenda",
    legend_value: "waarde met interval",
    legend_target: "doel",
    legend_previous: "vergelijkingsperiode",
    legend_bands: "onvoldoende, matig, goed",
    legend_spread: "natuurlijke spreiding",
    legend_grey: "grijs",
    legend_grey_text: "verschil binnen de onzekerheid",
    filter: "Filter op status",
    all: "Alle",
    table: "Alle kengetallen met waarde, doel, vergelijking en status",
    kpi: "Kengetal",
    value: "Waarde",
    trend: "Verloop",
    against_norms: "Waarde en doel",
    movement_heading: "Beweging",
    status_heading: "Status",
    no_series: "geen reeks",
    no_norm: "geen norm",
    critical: "kritiek pad",
    as_list: "Doelenboom als lijst",
    as_table: "Gegevens als tabel",
    events: "Gebeurtenissen in de grafieken",
    moment_of_truth: "Sleutelmoment",
    stage: "Fase",
    touchpoints: "Contactpunten",
    process: "Procescijfers",
    owner: "Eigenaar",
    no_owner: "Geen eigenaar",
    not_measured: "niet gemeten",
    only_process: "alleen procescijfers",
    quality: "Datakwaliteit",
    check: "Controle",
    method: "Methode",
    canonical: "Definitie in standaardvorm",
    scroll: "schuift zijwaarts",
    self_contained: "Zelfstandig bestand, zonder externe bronnen.",
};

const EN: Words = Words {
    section: Sections {
        brief: "In brief",
        scorecards: "Scorecards",
        goals: "Goal tree",
        trends: "Trends",
        journey: "Journey",
        segments: "Segments",
        definitions: "Definitions",
    },
    status: Statuses {
        on_target: "On target",
        watch: "Watch",
        act: "Act",
        too_few: "Too few",
        no_norm: "No norm",
        no_data: "No data",
        hidden: "Hidden",
    },
    movement: Movements {
        better: "Signal, better",
        worse: "Signal, worse",
        changed: "Signal, changed",
        noise: "No signal (noise)",
        unknown: "Cannot be told",
    },
    skip: "Skip to content",
    sections: "Sections",
    permalink: "Direct link to this section",
    print: "Print",
    dark: "Dark",
    light: "Light",
    counts: "Number of KPIs by status",
    legend: "Legend",
    legend_value: "value with interval",
    legend_target: "target",
    legend_previous: "period compared with",
    legend_bands: "poor, fair, good",
    legend_spread: "natural spread",
    legend_grey: "grey",
    legend_grey_text: "difference within uncertainty",
    filter: "Filter by status",
    all: "All",
    table: "All KPIs with value, target, comparison and status",
    kpi: "KPI",
    value: "Value",
    trend: "Trend",
    against_norms: "Value and target",
    movement_heading: "Movement",
    status_heading: "Status",
    no_series: "no series",
    no_norm: "no norm",
    critical: "critical path",
    as_list: "Goal tree as a list",
    as_table: "Data as a table",
    events: "Events in the charts",
    moment_of_truth: "Moment of truth",
    stage: "Stage",
    touchpoints: "Touchpoints",
    process: "Process figures",
    owner: "Owner",
    no_owner: "No owner",
    not_measured: "not measured",
    only_process: "process figures only",
    quality: "Data quality",
    check: "Check",
    method: "Method",
    canonical: "Definition in canonical form",
    scroll: "scrolls sideways",
    self_contained: "Self-contained file, without outside resources.",
};
