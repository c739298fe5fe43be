//! What do other tools, and other languages, call our words and keys?

use super::schema::{self, Word};

/// Our word for a word of others.
pub(super) fn word(name: &str) -> Option<&'static str> {
    Some(match name.to_lowercase().as_str() {
        "metric" | "metrics" | "measure" | "measures" | "indicator" | "indicators" => "kpi",
        "objective" | "objectives" | "doel" | "doelen" => "goal",
        "dataset" | "datasets" | "data" | "model" | "bron" | "bronnen" => "source",
        "segment" | "segments" | "attribute" | "dimensie" | "dimensies" => "dimension",
        "contactpunt" | "contactpunten" | "contact" => "touchpoint",
        "klantreis" | "klantreizen" => "journey",
        "dashboard" | "dashboards" | "rapport" | "rapporten" | "rapportage" => "report",
        "gebeurtenis" | "gebeurtenissen" => "event",
        _ => return None,
    })
}

/// Our key for a key of others, where the word has it.
pub(super) fn key(word: Word, name: &str) -> Option<&'static str> {
    let ours = match name.to_lowercase().as_str() {
        "name" | "label" | "naam" | "titel" | "display_name" => "title",
        "desc" | "omschrijving" | "beschrijving" | "toelichting" => "description",
        "eigenaar" | "responsible" | "team" | "maintainer" => "owner",
        "formule" | "expression" | "expr" | "calculation" | "sql" | "calc" => "formula",
        "filter" | "filters" | "condition" | "waar" => "where",
        "targets" | "norm" | "normen" | "thresholds" | "goals" => "norms",
        "thema" => "theme",
        "file" | "path" | "csv" | "bestand" | "bestanden" => "files",
        "date" | "timestamp" | "datum" | "tijd" | "time_dimension" => "time",
        "weging" | "gewicht" | "weights" => "weight",
        "dimensions" | "breakdowns" | "segments" => "cuts",
        "parent" => "part_of",
        "kpi" | "kpis" | "metrics" | "measures" | "gemeten_door" => "measured_by",
        "behoefte" => "need",
        "eenheid" => "unit",
        "richting" => "direction",
        "labels" | "waarden" => "values",
        "kanaal" => "channel",
        "taal" | "lang" => "language",
        "valuta" => "currency",
        "version" => "peil",
        _ => return None,
    };
    schema::attribute(word, ours).map(|it| it.key)
}
