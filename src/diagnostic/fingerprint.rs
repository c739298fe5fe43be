//! By what is a finding known again after the file around it has changed?

use crate::source::Sources;
use crate::value::Fact;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// A name for each finding that stays when lines move, when the message is worded otherwise, and when other findings
/// come and go; no two are the same.
///
/// It is made of the code, the file, the item that it is about, and the text of the line that it points at. Findings
/// that agree in all this are numbered in the order of the text.
pub(super) fn fingerprints(facts: &[Fact], sources: &Sources) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    facts
        .iter()
        .map(|fact| {
            let (path, line) = match fact.span {
                Some(span) => {
                    let file = sources.file(span.file);
                    let (_, before) = sources.line_until(span.file, span.start);
                    let start = (span.start as usize).min(file.text.len()) - before.len();
                    (file.path.as_str(), file.text[start..].lines().next().unwrap_or("").trim())
                }
                None => ("", ""),
            };
            let key = [fact.code.name(), path, fact.about.as_deref().unwrap_or(""), line].join("\0");
            let count = seen.entry(key.clone()).or_default();
            *count += 1;
            let digest = Sha256::digest(format!("{key}\0{count}"));
            digest.iter().take(16).map(|it| format!("{it:02x}")).collect()
        })
        .collect()
}
