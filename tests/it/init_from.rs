//! `peil init --from`: survey exports of the worst kind become projects that check, audit and report at once.
//!
//! What is written for each export stands in `exports/`; `UPDATE=1` rewrites it, and the difference is what is reviewed.

use crate::support::files::root;
use crate::workbook::{self, Cell, Cell::Day, Cell::Empty, Cell::Number, Cell::Text};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("init").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.parent().unwrap()).unwrap();
    folder
}

fn peil(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peil"));
    command.args(arguments).current_dir(root()).env_remove("PEIL_DATA").env("NO_COLOR", "1").output().unwrap()
}

fn texts(output: &Output) -> (String, String, i32) {
    let text = |it: &[u8]| String::from_utf8(it.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr), output.status.code().unwrap())
}

/// Makes a project, and holds that it is sound and reports; gives what was said and all that was written.
fn made(name: &str, from: &Path) -> (PathBuf, String, String) {
    let folder = folder(name);
    let path = folder.to_str().unwrap();
    let (_, said, code) = texts(&peil(&["init", path, "--from", from.to_str().unwrap()]));
    assert_eq!(code, 0, "{said}");
    for verb in ["check", "audit"] {
        let (out, err, code) = texts(&peil(&[verb, path, "--format", "short"]));
        // How old an export is, and how few it holds, is no fault of the guesses.
        let found: Vec<&str> = out.lines().filter(|it| !it.contains("[stale-data]") && !it.contains("[small-base]")).collect();
        assert_eq!((found, code), (Vec::new(), 0), "{verb}: {err}");
    }
    let (out, err, code) = texts(&peil(&["report", path, "--today", "2026-01-01"]));
    assert_eq!(code, 0, "{err}");
    assert!(out.trim().ends_with("overview.html"), "{out}");
    let files = ["project.peil", "survey.peil", "kpis.peil", "goals.peil"];
    let text: String = files.iter().map(|it| format!("## {it}\n{}\n", std::fs::read_to_string(folder.join(it)).unwrap())).collect();
    (folder, said, text)
}

/// Compares what was written with what is expected.
fn compare(name: &str, said: &str, text: &str) {
    let list = said.split("\npeil check").next().unwrap().lines().skip(2).collect::<Vec<_>>().join("\n");
    let found = format!("{text}## stderr\n{list}\n");
    let path = root().join(format!("tests/it/exports/{name}.expected"));
    if std::env::var_os("UPDATE").is_some_and(|it| it == "1") {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    for (line, (a, b)) in expected.lines().zip(found.lines()).enumerate() {
        assert_eq!(a, b, "{}:{}", path.display(), line + 1);
    }
    assert_eq!(expected.lines().count(), found.lines().count());
}

fn export(name: &str) -> PathBuf {
    root().join("tests/it/exports").join(name)
}

#[test]
fn three_header_rows_with_names_that_occur_twice() {
    let (folder, said, text) = made("qualtrics", &export("qualtrics.csv"));
    compare("qualtrics", &said, &text);
    let data = std::fs::read_to_string(folder.join("data/qualtrics.csv")).unwrap();
    // What may tell who answered is in no copy.
    for personal in ["example.org", "10.0.", "Anna", "Doe1", "ImportId"] {
        assert!(!data.contains(personal), "{personal}");
    }
    assert!(data.starts_with("StartDate,EndDate,"), "{data}");
}

#[test]
fn three_header_rows_are_kept_where_a_source_can_read_them() {
    let text = std::fs::read_to_string(export("qualtrics.csv")).unwrap().replacen(",Q6,Q6", ",Q6,Q7", 1);
    let file = folder("export").with_extension("csv");
    std::fs::write(&file, text).unwrap();
    let (folder, _, text) = made("qualtrics_kept", &file);
    assert!(text.contains("\n  header 3\n"), "{text}");
    let data = std::fs::read_to_string(folder.join("data/export.csv")).unwrap();
    assert!(data.lines().any(|it| it.contains("ImportId")) && !data.contains("example.org"));
}

#[test]
fn dutch_semicolons_commas_and_words() {
    let (folder, said, text) = made("enquete", &export("enquete.csv"));
    compare("enquete", &said, &text);
    let data = std::fs::read(folder.join("data/enquete.csv")).unwrap();
    assert!(data.windows(4).any(|it| it == b"Caf\xe9"), "the copy has the encoding of the export");
}

#[test]
fn questions_above_options() {
    let (_, said, text) = made("monkey", &export("monkey.csv"));
    compare("monkey", &said, &text);
}

#[test]
fn a_workbook_with_titles_blank_columns_and_two_sheets() {
    let file = folder("klanttevredenheid").with_extension("xlsx");
    std::fs::write(&file, workbook::of(&[("Uitleg", legend()), ("Antwoorden", answers())])).unwrap();
    let (folder, said, text) = made("workbook", &file);
    compare("workbook", &said, &text);
    let data = std::fs::read_to_string(folder.join("data/klanttevredenheid.csv")).unwrap();
    assert!(data.starts_with("Datum,"), "{data}");
    assert!(data.lines().nth(1).unwrap().starts_with("2025-0"), "{data}");
    // Another sheet by its name, and one that is not there.
    let (_, err, code) = texts(&peil(&["init", "x", "--from", file.to_str().unwrap(), "--sheet", "Nee"]));
    assert_eq!(code, 2);
    assert!(err.contains("no sheet `Nee`; the workbook has `Uitleg`, `Antwoorden`"), "{err}");
}

fn legend() -> Vec<Vec<Cell>> {
    vec![vec![Text("Code"), Text("Betekenis")], vec![Number(9.0), Text("Niet van toepassing")]]
}

/// Two title rows above the header, an empty column in the middle, a row of nothing below.
fn answers() -> Vec<Vec<Cell>> {
    let mut rows = vec![
        vec![Text("Klanttevredenheidsonderzoek 2025")],
        vec![Empty, Text("Algemeen"), Empty, Empty, Text("Oordeel")],
        vec![
            Text("Datum"),
            Text("Kanaal"),
            Empty,
            Text("Leeftijd"),
            Text("Algemeen rapportcijfer"),
            Text("Gemak van bestellen"),
            Text("Deskundigheid medewerker"),
            Text("Toelichting"),
        ],
    ];
    let grades = [7.0, 8.0, 8.5, 6.0, 9.0, 7.5, 5.0, 8.0, 10.0, 6.5];
    for row in 0..80_usize {
        let day = 45_658 + (row as u32) * 2;
        let channel = ["Web", "Telefoon", "Winkel"][row % 3];
        // 9 stands for a question that did not apply, on a scale to 7.
        let ease = [6.0, 7.0, 5.0, 9.0, 4.0, 7.0, 6.0, 3.0, 6.0, 2.0, 5.0, 1.0][row % 12];
        let skill = [5.0, 4.0, 4.0, 3.0, 5.0, 0.0, 2.0, 4.0, 5.0, 1.0][row % 10];
        let text = if row % 5 == 0 { Text("De levering kwam een dag later dan was toegezegd, zonder bericht vooraf") } else { Empty };
        rows.push(vec![
            Day(day),
            Text(channel),
            Empty,
            Number((1 + row % 4) as f64),
            Number(grades[row % 10]),
            Number(ease),
            Number(skill),
            text,
        ]);
    }
    rows.push(vec![Empty; 8]);
    rows
}

#[test]
fn the_page_shows_what_is_written() {
    let page = std::fs::read_to_string(root().join("specs/init.md")).unwrap();
    let block = |file: &str| {
        let at = page.find(&format!("\n`{file}`:\n")).unwrap_or_else(|| panic!("no {file}"));
        let start = page[at..].find("```").unwrap() + at;
        let start = page[start..].find('\n').unwrap() + start + 1;
        page[start..page[start..].find("```").unwrap() + start].to_owned()
    };
    let file = folder("answers").with_extension("csv");
    std::fs::write(&file, block("data/answers.csv")).unwrap();
    let (folder, said, _) = made("page", &file);
    for file in ["project.peil", "survey.peil", "kpis.peil", "goals.peil", "data/answers.csv"] {
        assert_eq!(std::fs::read_to_string(folder.join(file)).unwrap(), block(file), "{file}");
    }
    let listed = page.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(said.contains(listed.trim_end()), "{said}");
}

#[test]
fn the_passenger_survey() {
    let Some(data) = crate::support::data::folder(&["sfo_2018.csv"]) else { return };
    let file = data.join("sfo_2018.csv");
    let (_, said, text) = made("sfo", &file);
    // The code of an empty answer is 11; 0 and 6 are none on a scale from 1 to 5.
    for line in [
        "  column NETPRO scale 0..10 blank 11   # guess: no answer: 11 (159)\n",
        "  column Q7FOOD scale 1..5 blank 0 not applicable 6   # guess: no answer: 0 (93), 6 (374)\n",
        "  column Q7ALL scale 1..5 blank \"BLANK\"   # guess: no answer: BLANK (184)\n",
        "  weight WEIGHT ",
        "  time YEAR ",
        "  cadence year ",
        "  key RESPNUM ",
        "  formula nps(survey.NETPRO) ",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(said.contains("11 beside the scale 0..10 of NETPRO") && said.contains("0, 6 beside the scale 1..5 of Q7ART"), "{said}");
    // Weighted as the survey is: the figure that an independent program gives.
    assert!(text.contains("# measured in 2018: 35.1 (n = 2650)"), "{text}");
    // Codes of persons' age are no rating, however they lie.
    assert!(!text.contains("column AGE scale") && !text.contains("column DAY scale"), "{text}");
}

/// What is guessed of a small export: lines that must stand in the project, and what must be said.
fn guessed(name: &str, text: &str, lines: &[&str], sentence: &str) {
    let file = folder(name).with_extension("csv");
    std::fs::write(&file, text).unwrap();
    let (_, said, text) = made(&format!("guessed_{name}"), &file);
    for line in lines {
        assert!(text.contains(line), "{name}: {line}\n{text}");
    }
    assert!(said.contains(sentence), "{name}: {said}");
}

/// An export of so many rows, each made from its number.
fn rows(header: &str, count: usize, row: impl Fn(usize) -> String) -> String {
    (0..count).fold(format!("{header}\n"), |text, at| text + &row(at) + "\n")
}

#[test]
fn guesses_hold_on_small_exports() {
    let score = rows("Created At,Score,Store", 60, |it| {
        format!("2025-0{}-1{},{},{}", 1 + it / 20, it % 10, [10, 9, 8, 0][it % 4], ["A", "B"][it % 2])
    });
    guessed("score", &score, &["formula nps(survey.Score)", "time created "], "no word in the header says so");
    let blank = rows("id,submitdate,nps", 50, |it| format!("{it},{},{}", if it % 10 == 0 { "" } else { "2025-03-04 10:00:00" }, it % 11));
    guessed("blank", &blank, &["time submitdate ", "45 rows"], "5 rows have no date in `submitdate`");
    let codes = rows("Q1[a],Q1[b],Q1[c]", 40, |it| format!("A{},A{},A{}", 1 + it % 5, 1 + it % 4, 1 + it % 5));
    guessed(
        "codes",
        &codes,
        &["scale 1..5 recode \"data/codes.csv\" \"A1\" 1,", "csat.top2(survey.q1"],
        "answers that are no numbers got codes",
    );
    let low = rows("How satisfied?,x", 40, |it| format!("{},{it}", ["1 (very satisfied)", "2", "3", "4", "5 (very dissatisfied)"][it % 5]));
    guessed("low", &low, &["scale 1..5 best 1 recode"], "the low end is taken as the good one");
    let days = rows("datum,cijfer,opmerking", 40, |it| format!("{}.{}.25,{},", 13 + it % 15, 1 + it % 3, 5 + it % 6));
    guessed("days", &days, &["time datum ", "scale 1..10"], "overgeschreven als 2024-01-31");
    let serial = rows("date,nps", 40, |it| format!("{},{}", 45_700 + it, it % 11));
    guessed("serial", &serial, &["time date "], "written out as 2024-01-31");
    let effort = rows("moeite,klant,tevreden met de hulp?", 40, |it| format!("{},K{},{}", 1 + it % 5, 900 + it % 25, 1 + it % 5));
    guessed("effort", &effort, &["column moeite scale 1..5 best 1", "ces.effort(survey.moeite)"], "gevraagd naar moeite");
    let several = rows("nps,why", 40, |it| format!("{},{}", it % 11, ["Price;Speed", "Price", "Speed", "Staff;Price", "Staff"][it % 5]));
    guessed("several", &several, &["column why several split \";\""], "with `;` between them");
}

// -- what cannot be read -----------------------------------------------------------------------------------------------

/// Holds that a file is refused with a sentence, and that nothing was written.
fn refused(name: &str, bytes: &[u8], sentence: &str) {
    let file = folder(name);
    std::fs::write(&file, bytes).unwrap();
    let target = folder(&format!("{name}_project"));
    let (out, err, code) = texts(&peil(&["init", target.to_str().unwrap(), "--from", file.to_str().unwrap()]));
    assert_eq!((out.as_str(), code), ("", 2), "{name}: {err}");
    assert!(err.contains(sentence), "{name}: {err}");
    assert!(!target.exists(), "{name}");
}

#[test]
fn absurd_files_are_refused_with_a_reason() {
    refused("empty.csv", b"", "the file is empty");
    refused("blank.csv", b"\n \n\n", "the file is empty");
    refused("header.csv", b"a,b,c\n", "no row of answers");
    refused("one.csv", b"a\n1\n2\n", "one column");
    refused("binary.csv", b"\x00\x01\x02abc\n\x00,\xff\n", "no file of text");
    refused("spss.sav", b"$FL2@(#) SPSS DATA FILE", "SPSS");
    refused("packed.csv", b"\x1f\x8b\x08\x00", "unpack it first");
    refused("page.csv", b"<!DOCTYPE html><html><body>a,b</body></html>", "is HTML");
    refused("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 nothing else", "cannot be read");
    let mut locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    refused("locked.xlsx", &locked, "protected by a password");
    refused("zip.xlsx", b"PK\x03\x04 is not a workbook", "cannot be read");
    let wide: Vec<String> = (0..5_000).map(|it| format!("c{it}")).collect();
    refused("wide.csv", format!("{}\n{}\n", wide.join(","), vec!["1"; 5_000].join(",")).as_bytes(), "5000 columns");
    refused("cut.csv", b"a,b,c\n1,2,3\n1,2,3\n1,2,3,4\n1,2,3\n", "row 4 has 4 fields, its header 3");
    let (_, err, code) = texts(&peil(&["init", "x", "--from", "no/such/file.csv"]));
    assert!(code == 2 && err.contains("no/such/file.csv"), "{err}");
}

#[test]
fn nothing_is_written_over() {
    let target = folder("there");
    std::fs::create_dir_all(target.join("data")).unwrap();
    std::fs::write(target.join("data/monkey.csv"), "mine").unwrap();
    let (_, err, code) = texts(&peil(&["init", target.to_str().unwrap(), "--from", export("monkey.csv").to_str().unwrap()]));
    assert!(code == 2 && err.contains("is there already; nothing was written"), "{err}");
    assert_eq!(std::fs::read_to_string(target.join("data/monkey.csv")).unwrap(), "mine");
    assert!(!target.join("project.peil").exists());
}

#[test]
fn odd_files_become_projects_all_the_same() {
    let odd: &[(&str, &[u8])] = &[
        // No question on a scale: the answers are counted.
        ("plain.csv", b"color,size\nred,1\nblue,2\nred,2\nblue,1\nred,3\n"),
        // Names that are none, twice the same, empty ones, with quotes and line ends.
        ("names.csv", b"\"a \"\"b\"\"\nc\",a,A,,1st,select,blank\n1,2,3,4,5,6,7\n2,3,4,5,6,7,1\n3,4,5,1,2,3,4\n"),
        // No names at all.
        ("nothing.csv", b"1,2,2024-01-01\n3,4,2024-02-01\n5,1,2024-03-01\n"),
        ("short.csv", b"id,nps,region\n1,10,N\n2,9\n3\n4,3,Z\n5,8,N\n"),
        ("sep.csv", b"sep=;\nid;nps score;datum\n1;10;3-1-24\n2;9;14-1-24\n3;2;5-2-24\n"),
        ("bom.csv", b"\xef\xbb\xbfnps,when\n10,2024-01-01\n9,2024-02-01\n0,\n"),
        ("wide_text.tsv", b"nps\tcomment\n10\tok\n9\tfine, and \"good\"\n"),
        ("mark.csv", b"nps {x},*?\"\"\n10,1\n9,2\n"),
    ];
    for (name, bytes) in odd {
        let file = folder(name);
        std::fs::write(&file, bytes).unwrap();
        made(&format!("odd_{}", name.replace('.', "_")), &file);
    }
    let wide = "nps;kanaal\r\n10;Wéb\r\n9;Tel\r\n8;Wéb\r\n";
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(wide.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let file = folder("utf16.csv");
    std::fs::write(&file, bytes).unwrap();
    let (folder, ..) = made("utf16", &file);
    assert!(std::fs::read_to_string(folder.join("data/utf16.csv")).unwrap().contains("Wéb"));
}

#[test]
fn any_beginning_of_an_export_ends_in_a_project_or_a_sentence() {
    let bytes = std::fs::read(export("enquete.csv")).unwrap();
    for length in (0..bytes.len().min(2_400)).step_by(97) {
        let file = folder("prefix.csv");
        std::fs::write(&file, &bytes[..length]).unwrap();
        let target = folder("prefix");
        let (_, err, code) = texts(&peil(&["init", target.to_str().unwrap(), "--from", file.to_str().unwrap()]));
        assert!(code == 0 || code == 2 && err.starts_with("error: "), "{length}: {err}");
        assert!(!err.contains("panicked"), "{length}: {err}");
    }
}

/// Invented answers, a row for each of them.
fn answers_of(header: &str, rows: usize, row: impl Fn(usize) -> String) -> String {
    std::iter::once(header.to_owned()).chain((0..rows).map(row)).map(|it| it + "\n").collect()
}

fn made_of(name: &str, text: &str) -> (PathBuf, String, String) {
    let file = folder(name).with_extension("csv");
    std::fs::write(&file, text).unwrap();
    made(name, &file)
}

#[test]
fn answers_that_were_given_to_try_the_survey_are_dropped() {
    let kind = |row: usize| if row % 20 == 3 { "Survey Preview" } else { "IP Address" };
    let day = |row: usize| format!("2025-0{}-1{}", row % 6 + 1, row % 9);
    let text = answers_of("RecordedDate,Status,Satisfaction overall", 100, |it| format!("{},{},{}", day(it), kind(it), it % 5 + 1));
    let (folder, said, text) = made_of("tried", &text);
    assert!(
        text.contains("  keep where Status != \"Survey Preview\"   # guess: 5 rows were given to try the survey\n  column Status\n"),
        "{text}"
    );
    assert!(!text.contains("survey tool: Status"), "{text}");
    assert!(said.contains("5 answers were given to try the survey"), "{said}");
    let (out, _, _) = texts(&peil(&["eval", folder.to_str().unwrap(), "--kpi", "answers", "--grain", "year", "--format", "csv"]));
    assert!(out.contains("answers,2025,95,"), "{out}");
}

#[test]
fn answers_in_words_have_a_direction() {
    let ladders: [(&str, [&str; 5]); 6] = [
        (
            "Hoeveel moeite kostte het u?",
            ["Heel veel moeite", "Veel moeite", "Niet veel, niet weinig", "Weinig moeite", "Heel weinig moeite"],
        ),
        ("Het was duidelijk", ["Zeer mee oneens", "Mee oneens", "Neutraal", "Mee eens", "Zeer mee eens"]),
        ("Hoe tevreden bent u over de monteur?", ["Zeer ontevreden", "Ontevreden", "Neutraal", "Tevreden", "Zeer tevreden"]),
        (
            "Hoe waarschijnlijk is het dat u terugkomt?",
            [
                "Helemaal niet waarschijnlijk",
                "Niet erg waarschijnlijk",
                "Enigszins waarschijnlijk",
                "Waarschijnlijk",
                "Zeer waarschijnlijk",
            ],
        ),
        ("Werd u op tijd geholpen?", ["Nooit", "Zelden", "Soms", "Vaak", "Altijd"]),
        ("How much effort was it?", ["Very high effort", "High effort", "Neither high nor low effort", "Low effort", "Very low effort"]),
    ];
    for (at, (question, words)) in ladders.iter().enumerate() {
        let all = answers_of(&format!("Datum;{question}"), 100, |it| format!("2025-0{}-11;{}", it % 6 + 1, words[it % 5]));
        let (_, _, text_all) = made_of(&format!("ladder_{at}"), &all);
        assert!(text_all.contains(" scale 1..5 "), "{text_all}");
        for (code, word) in words.iter().enumerate() {
            assert!(text_all.contains(&format!("\"{word}\" {}", code + 1)), "{word}: {text_all}");
        }
    }
}

#[test]
fn what_an_open_question_holds_decides() {
    let options = ["Prijs;Service", "Prijs", "Service", "Snelheid;Prijs", "Snelheid", "Service;Snelheid", "Prijs;Service;Snelheid"];
    let several = answers_of("Datum,Waarom gaf u dit cijfer?", 90, |it| format!("2025-0{}-11,\"{}\"", it % 6 + 1, options[it % 7]));
    let (_, _, text) = made_of("why_several", &several);
    assert!(text.contains(" several split \";\""), "{text}");
    // One remark that repeats makes no option of it, nor of the others.
    for (at, header) in ["Waarom gaf u dit cijfer?", "Wat nog meer"].iter().enumerate() {
        for (name, rare) in [("many", 4), ("one", 1000)] {
            let remark = |it: usize| if it % rare == 1 { format!("Jan de Vries nr {it}") } else { "Dank aan Anna".to_owned() };
            let remarks = answers_of(&format!("Datum,Rapportcijfer,{header}"), 40, |it| {
                format!("2025-0{}-11,{},{}", it % 6 + 1, it % 10 + 1, if it % 2 == 0 && rare == 1000 { String::new() } else { remark(it) })
            });
            let (folder, _, text) = made_of(&format!("remarks_{name}_{at}"), &remarks);
            let data = std::fs::read_dir(folder.join("data")).unwrap().flatten().map(|it| std::fs::read_to_string(it.path()).unwrap());
            let all = data.chain([text]).collect::<String>();
            assert!(!all.contains("Anna") && !all.contains("Jan de"), "{name}, {header}: {all}");
        }
    }
}
