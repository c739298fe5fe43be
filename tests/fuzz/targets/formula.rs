#![no_main]
mod shared;

/// What formulas may speak of.
const PROJECT: &str = r#"project "P" { peil 1; team t "T" }
source s "S" {
  files "s.csv"
  time day
  reference customer to customers by id
  column q scale 0..10 blank 11
  column e scale 1..5 best 1 not applicable 6
  column ch labels 1 "Web", 2 "Tel"
  column why several split ";"
  column amount unit EUR
  columns region, id, wait
}
source customers "C" { files "c.csv"; key id; columns id, kind }
dimension channel "Ch" { from s.ch }
dimension kind "K" { from customers.kind }
kpi nps "N" { formula nps(s.q) }
kpi easy "E" { formula share(s.e <= 2) }
"#;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let quoted: String = text.chars().filter(|it| *it != '\'' && !it.is_control()).collect();
    let both = [
        ("project.peil".to_owned(), PROJECT.as_bytes().to_vec()),
        ("one.peil".to_owned(), format!("kpi one \"1\" {{\n  formula {text}\n}}\n").into_bytes()),
        ("two.yaml".to_owned(), format!("kpi:\n  two: {{title: '2', formula: '{quoted}', where: '{quoted}'}}\n").into_bytes()),
    ];
    shared::check(both.to_vec());
});
