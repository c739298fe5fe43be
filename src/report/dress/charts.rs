//! Which charts does a section have? What `d` is in its template and in the block behind it, in words; a test holds that it is so.

/// The charts of each kind of section, in the order of the page: their parts behind `d`.
pub(super) const CHARTS: [(&str, &[&str]); 18] = [
    ("brief", &[".bar"]),
    ("team", &[]),
    ("summary", &[]),
    (
        "scorecards",
        &[
            ".cards[].spark",
            ".cards[].bullet",
            ".cards[].answers",
            ".rows[].spark",
            ".rows[].bullet",
            ".rows[].answers",
            ".statuses",
            ".rank[code]",
        ],
    ),
    ("goals", &[".tree"]),
    ("trends", &["[].full", "[].wide", "[].narrow"]),
    ("why", &["[key].falls[].wide", "[key].falls[].narrow", "[key].bars"]),
    ("journey", &["[].columns", "[].line"]),
    (
        "drivers",
        &[
            ".models[].full",
            ".models[].wide",
            ".models[].wide_keys",
            ".models[].narrow",
            ".models[].narrow_keys",
            ".reasons[].full",
            ".reasons[].wide",
            ".reasons[].narrow",
        ],
    ),
    ("reasons", &["[].wide", "[].narrow"]),
    ("segments", &["[].wide", "[].narrow", "[].over_wide", "[].over_narrow"]),
    ("lifecycle", &["[].wide", "[].narrow"]),
    ("index", &["[].whole.spark", "[].whole.bar", "[].parts[].spark", "[].parts[].bar"]),
    ("benchmarks", &["[].full", "[].wide", "[].narrow"]),
    ("money", &["[].wide", "[].narrow"]),
    ("incentives", &["[]"]),
    ("actions", &[]),
    ("definitions", &[]),
];

#[cfg(test)]
mod tests {
    use super::CHARTS;
    use crate::report::fixture::dutch;
    use crate::report::render::drawings;
    use crate::report::view::SectionName;
    use serde_json::Value;

    /// The parts of what was drawn, as the table writes them.
    fn parts(value: &Value, path: &str, found: &mut Vec<String>) {
        // Names and lists that are values themselves.
        let is_whole = [".statuses", "_keys", ".bars"].iter().any(|it| path.ends_with(it));
        match value {
            Value::Object(parts_of) if path == ".rank" => {
                assert!(!parts_of.is_empty());
                found.push(".rank[code]".to_owned());
            }
            Value::Object(all) => all.iter().for_each(|(name, it)| parts(it, &format!("{path}.{name}"), found)),
            Value::Array(all) if !is_whole => all.iter().for_each(|it| parts(it, &format!("{path}[]"), found)),
            _ => found.push(path.to_owned()),
        }
    }

    #[test]
    fn the_charts_of_sections_are_those_that_are_written_down() {
        assert_eq!(CHARTS.map(|it| it.0).to_vec(), SectionName::ALL.iter().map(|it| it.code()).collect::<Vec<_>>());
        let view = dutch();
        let mut seen = Vec::new();
        for section in &view.sections {
            let kind = section.name().code();
            let drawn = serde_json::to_value(drawings(section, view.lang)).expect("plain values");
            let mut found = Vec::new();
            match (&drawn, kind) {
                // By the key of what moved.
                (Value::Object(all), "why") => all.values().for_each(|it| parts(it, "[key]", &mut found)),
                _ => parts(&drawn, "", &mut found),
            }
            let known = CHARTS.iter().find(|it| it.0 == kind).expect("a kind").1;
            found.retain(|it| !it.is_empty());
            for part in &found {
                let is_known = known.contains(&part.as_str()) || (kind == "incentives" && part.starts_with("[]"));
                assert!(is_known, "{kind}: {part} is not written down");
            }
            if !found.is_empty() && kind != "incentives" {
                seen.push(kind);
            }
        }
        assert!(seen.contains(&"brief") && seen.contains(&"scorecards") && seen.contains(&"goals"), "{seen:?}");
    }
}
