//! A rule is a file of `src/check/rules/`: listed, named for its code, raised by a case.

use crate::support::files::{below, root};
use peil::value::Code;
use std::collections::BTreeSet;

/// Files that rules share.
const SHARED: [&str; 3] = ["measure", "name_words", "over_answers"];

#[test]
fn every_rule_is_listed_and_has_a_case() {
    let files = below(&root().join("src/check/rules"), &[".rs"]);
    let files: BTreeSet<String> = files.iter().map(|it| it.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    let text = std::fs::read_to_string(root().join("src/check/rules.rs")).unwrap();
    let list = text.split("\nrules! {").nth(1).unwrap().split('}').next().unwrap();
    let listed: BTreeSet<String> = list.split(',').map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
    let rules: BTreeSet<String> = files.into_iter().filter(|it| !SHARED.contains(&it.as_str())).collect();
    assert_eq!(rules, listed, "a file a rule, and each is listed");
    let cases: String = below(&root().join("tests/cases"), &[".md"]).iter().map(|it| std::fs::read_to_string(it).unwrap()).collect();
    for rule in &rules {
        let code = rule.replace('_', "-");
        // With the code comes its page, in both languages: `markdown` holds that.
        assert!(Code::from_name(&code).is_some(), "{code}: a file is named for its code");
        assert!(cases.contains(&format!("[{code}]")), "{code}: no case in tests/cases raises it");
    }
}
