//! The other forms of a report, as the program writes them: tables, drawings, sites, mails.

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
        // Each text of a drawing stands on the page too; but the axes of bullets, which the table draws small.
        if name.contains("bullet-") {
            continue;
        }
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
    // `cx.csv` has the figures; what `cx.drivers.csv` has is of another kind, and is looked at below.
    let files = bytes(&folder);
    let (figures, beside): (Vec<_>, Vec<_>) =
        files.iter().filter(|it| it.0.ends_with(".csv")).partition(|it| it.0.matches('.').count() == 1);
    for (name, bytes) in figures {
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
    let names: BTreeSet<&str> = beside.iter().map(|it| it.0.as_str()).collect();
    for name in [
        "cx.answers.csv",
        "cx.benchmarks.csv",
        "cx.drivers.csv",
        "cx.findings.csv",
        "cx.index.kei.csv",
        "cx.lifecycle.csv",
        "cx.reasons.csv",
        "cx.why.ces_afspraak.csv",
        "cx.why.kei.csv",
        "directie.actions.csv",
        "directie.incentives.csv",
        "directie.money.behouden_marge.csv",
        "klantenservice.team.csv",
    ] {
        assert!(names.contains(name), "{name} is not among {names:?}");
    }
    // The board has no drivers on its page, and so none beside it.
    assert!(!names.contains("directie.drivers.csv"));
    let cx = |name: &str| table(std::str::from_utf8(&files.iter().find(|it| it.0 == name).unwrap().1).unwrap());
    // A page is of one period, and so is what stands beside it; the lifecycle is drawn over several.
    for name in ["cx.answers.csv", "cx.reasons.csv", "cx.benchmarks.csv"] {
        let (columns, rows) = cx(name);
        let place = columns.iter().position(|it| it == "period").unwrap();
        assert!(!rows.is_empty() && rows.iter().all(|it| it[place] == "2025-Q3"), "{name}");
    }
    // Answers of a score that is hidden are too.
    let (columns, rows) = cx("cx.answers.csv");
    let of = |row: &[String], name: &str| row[columns.iter().position(|it| it == name).unwrap()].clone();
    let nps: f64 = rows.iter().filter(|it| it[0] == "nps_reparatie").filter_map(|it| of(it, "share").parse::<f64>().ok()).sum();
    assert!((nps - 100.0).abs() < 1e-6, "{nps}");
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
}

#[cfg(feature = "excel")]
#[test]
fn a_workbook_says_of_each_sheet_what_its_columns_hold() {
    use calamine::{Reader, Xlsx};
    let folder = folder("columns");
    report(&folder, &["--figures", "xlsx"]);
    // A column that is no dimension holds something that is to be told.
    let text = std::fs::read_to_string(root().join("examples/autoruit/dimensies.yaml")).unwrap();
    let entries = text.lines().filter_map(|it| it.strip_prefix("  ")).filter(|it| !it.starts_with([' ', '#']));
    let dimensions: BTreeSet<&str> = entries.filter_map(|it| Some(it.split_once(':')?.0)).collect();
    assert!(!dimensions.is_empty());
    let mut told = BTreeSet::new();
    for report in ["directie", "cx", "cx_en", "klantenservice"] {
        let bytes = std::fs::read(folder.join(format!("{report}.xlsx"))).unwrap();
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        let sheets = book.worksheets();
        let about: Vec<(String, String)> = sheets[0].1.rows().map(|it| (it[0].to_string(), it[1].to_string())).collect();
        for (name, sheet) in sheets[1..].iter().filter(|it| !["Definities", "Definitions"].contains(&it.0.as_str())) {
            let heads: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
            let first = about.iter().position(|it| it.0 == *name).unwrap_or_else(|| panic!("{report}: {name} is not explained"));
            for (column, (explained, meaning)) in heads.iter().zip(&about[first + 1..]) {
                assert_eq!(column, explained, "{report}: {name}");
                let of_dimension = meaning.starts_with("Een dimensie") || meaning.starts_with("A dimension");
                assert_eq!(of_dimension, dimensions.contains(column.as_str()), "{report}: {name}.{column} is `{meaning}`");
            }
            told.insert(name.split(' ').next().unwrap().to_owned());
        }
    }
    for kind in ["Cijfers", "Doelen", "Bevindingen", "Antwoorden", "Drijfveren", "Redenen", "Levensloop", "Index", "Bonus", "Acties"] {
        assert!(told.contains(kind), "no report has a sheet {kind}: {told:?}");
    }
}

#[test]
fn names_that_a_disk_or_a_workbook_does_not_take_are_others() {
    let folder = folder("names");
    let project = folder.join("project");
    std::fs::create_dir_all(&project).unwrap();
    std::fs::write(project.join("project.peil"), "project \"Names\" { peil 1; language en; minimum base 5 }\n").unwrap();
    // Windows keeps `con` for itself; a sheet has 31 letters, and these two names begin alike for as many.
    let definitions = "source s { files \"s.csv\"; no persons \"Invented.\"; column q scale 1..5; column r scale 1..5 }\n\
        kpi mark { formula mean(s.q) }\nkpi other { formula mean(s.r) }\n\
        kpi experience_of_the_whole_journey_web { formula index(rescale(mark, 1 .. 5), rescale(other, 1 .. 5)) }\n\
        kpi experience_of_the_whole_journey_app { formula index(rescale(mark, 1 .. 5), rescale(other, 1 .. 5)) }\n\
        report con { sections index }\nreport board { sections index }\n";
    std::fs::write(project.join("kpis.peil"), definitions).unwrap();
    std::fs::write(project.join("s.csv"), "q,r\n1,2\n3,4\n5,5\n").unwrap();
    let (out, site) = (folder.join("out"), folder.join("site"));
    let formats = if cfg!(feature = "excel") { "csv,xlsx" } else { "csv" };
    let [project, out_, site_] = [&project, &out, &site].map(|it| it.to_str().unwrap());
    let output = peil(&["report", project, "--today", "2025-01-01", "--out", out_, "--figures", formats, "--site", site_]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let table = "index.experience_of_the_whole_journey_app.csv";
    for name in ["_con.html".to_owned(), "board.html".to_owned(), format!("board.{table}"), format!("_con.{table}")] {
        assert!(out.join(&name).is_file(), "{name}");
    }
    assert!(site.join("_con/index.html").is_file() && !site.join("con").exists());
    #[cfg(feature = "excel")]
    {
        use calamine::{Reader, Xlsx};
        let bytes = std::fs::read(out.join("board.xlsx")).unwrap();
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        let sheets = book.sheet_names().to_vec();
        assert_eq!(sheets[2..], ["Index experience_of_the_whole_j".to_owned(), "Index experience_of_the_whole-2".to_owned()]);
        // Each has its own rows.
        let name = |at: usize| book.worksheet_range(&sheets[at]).unwrap().get((1, 0)).unwrap().to_string();
        assert_eq!([2, 3].map(name), ["experience_of_the_whole_journey_web", "experience_of_the_whole_journey_app"]);
    }
}

#[test]
fn a_text_of_digits_is_a_text_in_every_table() {
    let folder = folder("digits");
    let project = folder.join("project");
    std::fs::create_dir_all(&project).unwrap();
    std::fs::write(project.join("project.peil"), "project \"Digits\" { peil 1; language en; minimum base 5 }\n").unwrap();
    // A reason that is a number in a book keeps its zeros, and one that looks like a power is none.
    let definitions = "source s { files \"s.csv\"; no persons \"Invented.\"; column q scale 0..10; column why several split \";\" }\n\
        kpi nps { formula nps(s.q) }\ndrivers named { outcome nps; reasons why }\nreport board { sections reasons }\n";
    std::fs::write(project.join("kpis.peil"), definitions).unwrap();
    std::fs::write(project.join("s.csv"), "q,why\n10,007\n9,007;2E5\n8,2E5\n3,2E5;true\n5,true\n7,007\n").unwrap();
    let out = folder.join("out");
    let formats = if cfg!(feature = "excel") { "csv,json,xlsx" } else { "csv,json" };
    let (project, out_) = (project.to_str().unwrap(), out.to_str().unwrap());
    let output = peil(&["report", project, "--today", "2025-01-01", "--out", out_, "--figures", formats]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let (columns, rows) = table(&std::fs::read_to_string(out.join("board.reasons.csv")).unwrap());
    let place = columns.iter().position(|it| it == "reason").unwrap();
    let reasons: Vec<String> = rows.iter().map(|it| it[place].clone()).collect();
    let known: BTreeSet<&str> = reasons.iter().map(String::as_str).collect();
    assert_eq!(known, BTreeSet::from(["", "007", "2E5", "true"]));
    let json: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(out.join("board.json")).unwrap()).unwrap();
    let told = json["reasons"].as_array().unwrap().iter().map(|it| it["reason"].as_str().unwrap_or_default().to_owned());
    assert!(told.eq(reasons.iter().cloned()));
    #[cfg(feature = "excel")]
    {
        use calamine::{Data, Reader, Xlsx};
        let bytes = std::fs::read(out.join("board.xlsx")).unwrap();
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range("Reasons").unwrap();
        for (at, reason) in reasons.iter().enumerate() {
            let wanted = if reason.is_empty() { Data::Empty } else { Data::String(reason.clone()) };
            assert_eq!(sheet.get((at + 1, place)).cloned().unwrap_or(Data::Empty), wanted);
        }
    }
}

/// What the report says of itself, for a text to be looked for.
fn site(out: &Path, more: &[&str]) -> Output {
    let mut arguments = vec!["report", "examples/autoruit", "--today", "2025-10-01", "--site", out.to_str().unwrap()];
    arguments.extend(more);
    peil(&arguments)
}

#[test]
fn a_site_is_whole_and_needs_nothing_else() {
    let folder = folder("site");
    let output = site(&folder, &["--report", "cx"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let files = bytes(&folder);
    let names: BTreeSet<&str> = files.iter().map(|it| it.0.as_str()).collect();
    for name in ["index.html", "definitions.html", "teams.html", "kpi/kei.html", "goal/moeiteloos_contact.html", "journey/ruitschade.html"]
    {
        assert!(names.contains(name), "{name} is not among {names:?}");
    }
    for (name, bytes) in files.iter().filter(|it| it.0.ends_with(".html")) {
        let html = std::str::from_utf8(bytes).unwrap();
        for word in ["<style", "style=", "http:", "https:", "onload", "onclick", "unsafe-inline"] {
            assert!(!html.contains(word), "{name} has `{word}`");
        }
        assert_eq!(html.matches("<script").count(), 1, "{name}");
        assert!(html.contains("default-src &#x27;none&#x27;") || html.contains("default-src 'none'"), "{name} has no policy");
        let links = ["href=\"", "src=\""].into_iter().flat_map(|it| html.split(it).skip(1)).map(|it| it.split('"').next().unwrap());
        for link in links {
            let link = link.replace("&#x2f;", "/");
            let (file, id) = link.split_once('#').unwrap_or((&link, ""));
            // From the page to its folder, and up where the link goes up.
            let above = name.rsplit_once('/').map_or("", |it| it.0);
            let path = match file.strip_prefix("../") {
                _ if file.is_empty() => name.clone(),
                Some(file) => file.to_owned(),
                None if above.is_empty() => file.to_owned(),
                None => format!("{above}/{file}"),
            };
            let target = files.iter().find(|it| it.0 == path).unwrap_or_else(|| panic!("{name}: `{link}` leads nowhere"));
            let page = String::from_utf8_lossy(&target.1);
            assert!(id.is_empty() || page.contains(&format!("id=\"{id}\"")), "{name}: `{link}` has no such place");
        }
    }
}

/// All that stands in the cells of a workbook.
#[cfg(feature = "excel")]
fn cells(bytes: &[u8]) -> String {
    use calamine::{Reader, Xlsx};
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let sheets = book.worksheets();
    assert!(sheets.iter().any(|it| it.1.rows().any(|row| row.iter().any(|cell| cell.to_string().starts_with("400.5")))), "the big place");
    sheets.iter().flat_map(|it| it.1.rows().flatten().map(ToString::to_string).collect::<Vec<_>>()).collect::<Vec<_>>().join("\n")
}

#[cfg(not(feature = "excel"))]
fn cells(_: &[u8]) -> String {
    unreachable!("no workbook is asked for")
}

#[test]
fn a_hidden_figure_is_in_no_form() {
    // One answer of one: its text would stand in any form that forgot to ask.
    let folder = folder("hidden");
    let project = folder.join("project");
    std::fs::create_dir_all(&project).unwrap();
    let definitions = "source s { files \"s.csv\"; time day; columns place; column q scale 0..1000 }\ndimension place { from s.place }\n\
        kpi mark { formula mean(s.q); norms worst 0, threshold 100, target 900 }\n\
        customer goal pleased { measured by mark }\nreport one { kpis mark; cuts place; grain quarter }\n";
    std::fs::write(project.join("project.peil"), "project \"Hidden\" { peil 1 }\n").unwrap();
    std::fs::write(project.join("kpis.peil"), definitions).unwrap();
    let mut rows = String::from("day,place,q\n");
    for quarter in ["2024-02-01", "2024-05-01", "2024-08-01"] {
        (0..60).for_each(|it| rows.push_str(&format!("{quarter},big,{}\n", 400 + it % 2)));
        (0..40).for_each(|_| rows.push_str(&format!("{quarter},middle,300\n")));
        // Their mean is 777, which nobody answered: how all answers are spread may be told.
        [700, 800, 831].iter().for_each(|it| rows.push_str(&format!("{quarter},tiny,{it}\n")));
    }
    std::fs::write(project.join("s.csv"), rows).unwrap();
    let out = folder.join("out");
    let (svg, site) = (out.join("svg"), out.join("site"));
    let formats = if cfg!(feature = "excel") { "csv,json,xlsx" } else { "csv,json" };
    let [project, out_, svg, site] = [&project, &out, &svg, &site].map(|it| it.to_str().unwrap());
    let output =
        peil(&["report", project, "--today", "2025-01-01", "--out", out_, "--figures", formats, "--svg", svg, "--site", site, "--email"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let files = bytes(&out);
    assert!(files.len() > 12, "{} files", files.len());
    let text =
        |name: &str| String::from_utf8_lossy(&files.iter().find(|it| it.0 == name).unwrap_or_else(|| panic!("no {name}")).1).into_owned();
    // What may be seen is there: the big place; and that there is something hidden.
    assert!(text("one.csv").contains("big,400.5,") && text("one.csv").contains("tiny,,"), "{}", text("one.csv"));
    assert!(text("site/kpi/mark.html").contains("400"));
    for (name, bytes) in &files {
        let text = if name.ends_with(".xlsx") { cells(bytes) } else { String::from_utf8_lossy(bytes).into_owned() };
        assert!(!text.contains("777"), "{name} has the hidden figure");
    }
}

#[test]
fn a_site_takes_away_its_own_and_nothing_else() {
    let folder = folder("site-again");
    let told = |it: &Output| (it.status.code(), String::from_utf8_lossy(&it.stderr).into_owned());
    assert_eq!(told(&site(&folder, &["--report", "cx"])), (Some(0), String::new()));
    let (own, changed, gone) = (folder.join("notes.txt"), folder.join("kpi/kei.html"), folder.join("kpi/op_tijd.html"));
    std::fs::write(&own, "mine").unwrap();
    std::fs::write(&changed, "changed by hand").unwrap();
    assert!(gone.is_file());
    // Another report has other KPIs.
    let (code, said) = told(&site(&folder, &["--report", "klantenservice"]));
    assert_eq!(code, Some(0));
    assert!(said.contains("kei.html` is no longer a page, but was changed: it stays"), "{said}");
    assert!(!gone.exists() && folder.join("kpi/wachttijd_p80.html").is_file());
    assert_eq!(
        (std::fs::read_to_string(&own).unwrap().as_str(), std::fs::read_to_string(&changed).unwrap().as_str()),
        ("mine", "changed by hand")
    );
    // What stands there and is not ours is not written over, and nothing else is written either.
    let before = bytes(&folder);
    let (code, said) = told(&site(&folder, &["--report", "cx"]));
    assert_eq!(code, Some(2));
    assert!(said.contains("kei.html` is not of this site"), "{said}");
    assert!(before == bytes(&folder), "nothing is written");
    // A list that leads out of the folder deletes nothing there.
    let outside = folder.parent().unwrap().join("outside.txt");
    std::fs::write(&outside, "x").unwrap();
    let hash = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    std::fs::write(folder.join("peil-site.json"), format!("{{\"files\": {{\"../outside.txt\": \"{hash}\", \"notes.txt\": \"0\"}}}}"))
        .unwrap();
    std::fs::remove_dir_all(folder.join("kpi")).unwrap();
    for name in ["index.html", "definitions.html", "teams.html"] {
        let _ = std::fs::remove_file(folder.join(name));
    }
    let _ = site(&folder, &["--report", "cx"]);
    assert!(outside.is_file() && own.is_file());
}

#[test]
fn a_mail_is_small_and_plain() {
    let folder = folder("mail");
    report(&folder, &["--email"]);
    for name in ["directie", "cx", "cx_en", "klantenservice"] {
        let html = std::fs::read_to_string(folder.join(format!("{name}.mail.html"))).unwrap();
        assert!(html.len() <= 100_000, "{name}: {} bytes", html.len());
        for word in ["<script", "<style", "<img", "<svg", "src=", "href=", "url(", "http"] {
            assert!(!html.contains(word), "{name} has `{word}`");
        }
    }
}

#[test]
fn without_a_browser_the_page_is_there_and_the_way_is_told() {
    let folder = folder("no-browser");
    let mut command = Command::new(env!("CARGO_BIN_EXE_peil"));
    let out = folder.to_str().unwrap();
    command
        .args(["report", "examples/autoruit", "--today", "2025-10-01", "--report", "directie", "--pdf", "--out", out])
        .current_dir(root());
    let output = command.env_remove("PEIL_DATA").env("PATH", "").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    // Outside the search path a browser may stand where it usually does.
    if output.status.success() {
        return;
    }
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("--browser") && said.trim().lines().count() == 1, "{said}");
    assert!(folder.join("directie.html").is_file() && !folder.join("directie.pdf").exists());
    // One that is named and cannot print says so.
    let output =
        peil(&["report", "examples/autoruit", "--today", "2025-10-01", "--report", "directie", "--pdf", "--browser", "true", "--out", out]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && said.contains("could not print"), "{said}");
}
