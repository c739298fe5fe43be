//! The other forms of a report, as the program writes them: tables, drawings.

use crate::support::files::{below, root};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder for one test, made anew.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("forms").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn peil(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peil"));
    command.args(arguments).current_dir(root()).env_remove("PEIL_DATA").env("NO_COLOR", "1");
    command.output().unwrap()
}

/// Renders one report of the example, with more options; gives what it prints.
fn report(out: &Path, more: &[&str]) -> Vec<String> {
    let mut arguments = vec!["report", "examples/autoruit", "--today", "2025-10-01", "--out", out.to_str().unwrap()];
    arguments.extend(more);
    let output = peil(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Every file below a folder, by its path from there.
fn bytes(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let name = |it: &PathBuf| it.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
    below(folder, &[""]).iter().map(|it| (name(it), std::fs::read(it).unwrap())).collect()
}

#[test]
fn tables_and_drawings_stand_beside_the_page_and_repeat() {
    let formats = if cfg!(feature = "excel") { "csv,json,xlsx" } else { "csv,json" };
    let write = |name: &str| {
        let folder = folder(name);
        let svg = folder.join("svg");
        let written = report(&folder, &["--report", "directie", "--figures", formats, "--svg", svg.to_str().unwrap()]);
        (written, bytes(&folder))
    };
    let (written, files) = write("beside-1");
    assert_eq!(files, write("beside-2").1, "the same bytes");
    assert_eq!(written.len(), files.len(), "every file is told");
    let names: BTreeSet<&str> = files.iter().map(|it| it.0.as_str()).collect();
    for name in ["directie.html", "directie.csv", "directie.json", "svg/directie/goals.svg", "svg/directie/status.svg"] {
        assert!(names.contains(name), "{name} is not among {names:?}");
    }
    let page = String::from_utf8(files.iter().find(|it| it.0 == "directie.html").unwrap().1.clone()).unwrap();
    for (name, bytes) in files.iter().filter(|it| it.0.ends_with(".svg")) {
        let svg = std::str::from_utf8(bytes).unwrap();
        assert!(svg.starts_with("<svg xmlns=") && !svg.contains("class=") && !svg.contains("href"), "{name}");
        // Each text of a drawing stands on the page too.
        let texts = svg.split("</text>").filter_map(|it| it.rsplit_once('>')).map(|it| it.1);
        texts.filter(|it| !it.is_empty() && !it.contains('\n')).for_each(|it| assert!(page.contains(it), "{name}: `{it}`"));
    }
}

/// The table of a report by its lines, without their commas.
fn table(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut lines = text.lines().map(|it| it.split(',').map(str::to_owned).collect::<Vec<_>>());
    (lines.next().unwrap(), lines.collect())
}

#[test]
fn tables_hold_what_the_report_shows_and_nothing_hidden() {
    let folder = folder("shown");
    report(&folder, &["--figures", "csv"]);
    let mut hidden = 0;
    for (name, bytes) in bytes(&folder).iter().filter(|it| it.0.ends_with(".csv")) {
        let (columns, rows) = table(std::str::from_utf8(bytes).unwrap());
        let place = |name: &str| columns.iter().position(|it| it == name).unwrap();
        assert!(!rows.is_empty());
        let rows = rows.iter().filter(|it| it.len() == columns.len());
        for row in rows.filter(|it| it[place("status")] == "hidden") {
            hidden += 1;
            for column in ["value", "n", "n_effective", "se", "low", "high", "satisfaction"] {
                assert_eq!(row[place(column)], "", "{name}: {column} of {row:?}");
            }
        }
    }
    assert!(hidden > 0, "the example has something to hide");
}

#[cfg(feature = "excel")]
#[test]
fn a_workbook_can_be_read_again() {
    use calamine::{Data, Reader, Xlsx};
    let folder = folder("workbook");
    report(&folder, &["--report", "directie", "--figures", "csv,xlsx"]);
    let bytes = std::fs::read(folder.join("directie.xlsx")).unwrap();
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names()[..2], ["Over".to_owned(), "Cijfers".to_owned()]);
    let sheet = book.worksheet_range("Cijfers").unwrap();
    let csv = std::fs::read_to_string(folder.join("directie.csv")).unwrap();
    let (columns, rows) = table(&csv);
    assert_eq!(sheet.height(), rows.len() + 1, "as many figures as the table has");
    let text = |at: (usize, usize)| sheet.get(at).map(ToString::to_string).unwrap_or_default();
    let heads: Vec<String> = (0..sheet.width()).map(|it| text((0, it))).collect();
    assert_eq!((heads[0].as_str(), &heads[1..]), ("title", columns.as_slice()));
    let value = columns.iter().position(|it| it == "value").unwrap();
    for (at, row) in rows.iter().enumerate().filter(|it| it.1.len() == columns.len()) {
        let cell = sheet.get((at + 1, value + 1)).cloned().unwrap_or(Data::Empty);
        match row[value].parse::<f64>() {
            Ok(number) => assert_eq!(cell, Data::Float(number), "{row:?}"),
            Err(_) => assert_eq!(cell, Data::Empty, "{row:?}"),
        }
    }
    // Every column is explained.
    let about = book.worksheet_range("Over").unwrap();
    let known: BTreeSet<String> = about.rows().map(|it| it[0].to_string()).collect();
    heads.iter().for_each(|it| assert!(known.contains(it), "{it} is not explained"));
}
