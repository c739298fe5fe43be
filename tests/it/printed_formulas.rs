//! A formula in its canonical form, read again, is the same formula.

use crate::support::files::pages;
use crate::support::page::Spelling;
use crate::support::project::{Opened, default_project, difference, without_spans};
use crate::support::section::files;
use peil::model::{Kpi, KpiExpr, KpiKind, Model, print_formula};
use peil::source::MemoryWorld;

/// Outcomes are printed by their name with what they count, which says more than the arguments, and is not read.
const NOT_READ: [&str; 3] = ["service_level.", "response_rate.", "abandonment."];

/// What a formula is, without what a KPI says beside it: the unit that it makes of a quotient. Ends without a unit are those
/// of the figure, which the canonical form names.
fn meaning(formula: &KpiExpr) -> String {
    let formula = if let KpiKind::Scaled { of, .. } = &formula.kind { of } else { formula };
    let text = without_spans(&format!("{:#?}", formula.kind));
    let mut kept = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        match line.trim_start() {
            "written: None," => {}
            "written: Some(" => lines.by_ref().take_while(|it| it.trim_start() != "),").for_each(drop),
            _ => kept.push_str(&format!("{line}\n")),
        }
    }
    kept
}

/// The columns that weigh the rows of a formula, tell them apart and tell when: a KPI may say them beside its formula.
fn rows(formula: &KpiExpr) -> Vec<[Option<usize>; 3]> {
    let mut found = Vec::new();
    formula.walk(&mut |it| {
        if let KpiKind::Aggregate(it) = &it.kind {
            found.push([it.weight, it.cluster, it.time]);
        }
    });
    found
}

fn again(model: &Model, kpi: &Kpi) -> Option<String> {
    let text = print_formula(model, kpi.formula.as_ref()?);
    let cuts: Vec<&str> = kpi.cuts.iter().map(|it| model.dimensions[it.index()].name.as_str()).collect();
    let cuts = if cuts.is_empty() { String::new() } else { format!("; cuts {}", cuts.join(", ")) };
    let read = !NOT_READ.iter().any(|it| text.contains(it));
    read.then(|| format!("kpi {}_again {{ formula {text}{cuts} }}\n", kpi.name))
}

fn open(files: &[(String, String)], work: impl FnOnce(&Opened<'_>)) {
    let world = MemoryWorld::new(files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())));
    work(&Opened::new(&world));
}

#[test]
fn a_formula_that_is_printed_is_read_as_the_same() {
    let (mut faults, mut met) = (Vec::new(), 0);
    let mut compare = |name: &str, mut files: Vec<(String, String)>| {
        open(&files.clone(), |first| {
            let Ok(first) = first.checked() else { return };
            files.push(("zzz.peil".to_owned(), first.model.kpis.iter().filter_map(|it| again(&first.model, it)).collect()));
            open(&files, |second| {
                let second = match second.checked() {
                    Ok(it) => it,
                    Err(error) => return faults.push(format!("{name}: {error}")),
                };
                for kpi in &first.model.kpis {
                    let again = second.model.kpis.iter().find(|it| it.name == format!("{}_again", kpi.name));
                    let Some((formula, again)) = kpi.formula.as_ref().zip(again.and_then(|it| it.formula.as_ref())) else { continue };
                    if rows(formula) != rows(again) {
                        continue;
                    }
                    met += 1;
                    let (formula, again) = (meaning(formula), meaning(again));
                    if formula != again {
                        faults.push(format!("{name}: {}\n{}", kpi.name, difference(&formula, &again)));
                    }
                }
            });
        });
    };
    for page in pages() {
        for section in page.sections.iter().filter(|it| it.runs()) {
            let mut files = files(section, Spelling::Own);
            // What libraries define comes after what the project does, so that nothing here has the same number twice.
            if files.iter().any(|it| it.0.contains('/')) {
                continue;
            }
            if !files.iter().any(|it| it.1.contains("project \"") || it.1.contains("project {") || it.1.starts_with("project:")) {
                files.push(("project.peil".to_owned(), default_project(None)));
            }
            compare(&format!("{} - {}", page.path, section.name()), files);
        }
    }
    assert!(faults.is_empty(), "{} of {met} differ\n{}", faults.len(), faults.join("\n"));
    assert!(met > 1000, "{met}");
}

#[test]
fn ends_and_lengths_are_printed_with_their_unit() {
    let files = [(
        "project.peil".to_owned(),
        "project \"Test\" { peil 1 }
source s { files \"s.csv\"; time day; no persons \"Invented.\"; column q scale 1..5; column a unit EUR; column w unit min }
kpi easy { formula share(s.q >= 4) }
kpi of_share { formula rescale(easy, 20 % .. 5 %) }
kpi bare { formula rescale(easy, 0 .. 100) }
kpi of_change { formula clamp(change(easy), -5 pp .. 5 pp) }
kpi of_time { formula rescale(mean(s.w), 2 min .. 20 s) }
kpi of_days { formula clamp(mean(s.w), 0 s .. 1 week) }
kpi of_money { formula clamp(mean(s.a), 0 .. 50) }
kpi of_score { formula rescale(mean(s.q), 1 .. 5) }
kpi longer { formula mean(s.w) + 1 min }
kpi within { formula share(s.w between 1 min and 1 h or s.w in (0 s, 90 s)) }
kpi both { formula index(of_share: 1, clamp(bare, 0 .. 50), at least 1 part) }
"
        .to_owned(),
    )];
    open(&files, |opened| {
        let checked = opened.checked().unwrap();
        let printed: Vec<String> =
            checked.model.kpis[1..].iter().map(|it| print_formula(&checked.model, it.formula.as_ref().unwrap())).collect();
        let expected = [
            "rescale(easy, 20 % .. 5 %)",
            "rescale(easy, 0 % .. 100 %)",
            "clamp(change(easy), -5 pp .. 5 pp)",
            "rescale(mean(s.w), 120 s .. 20 s)",
            "clamp(mean(s.w), 0 s .. 7 days)",
            "clamp(mean(s.a), 0 .. 50)",
            "rescale(mean(s.q), 1 .. 5)",
            "mean(s.w) + 60 s",
            "share(s.w between 60 s and 3600 s or s.w in (0 s, 90 s))",
            "index(of_share: 1, clamp(bare, 0 .. 50), at least 1 part)",
        ];
        assert_eq!(printed, expected);
    });
}
