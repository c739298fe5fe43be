//! Reads the data of a project once, then renders each of its reports again and again, in process; and the same for invented
//! projects of 15 and of 200 KPIs, with 24 months of answers. Prints, for each report, how many KPIs it has, the median and
//! the most of the time that its page takes, in milliseconds, and the size of the page and of the script in it.
//!
//! ```sh
//! cd benches/render && cargo run --release -- ../../examples/autoruit 2025-10-01 20
//! ```

use peil::calendar::{Date, DatePattern};
use peil::engine::{Engine, Options};
use peil::eval::Periods;
use peil::report::dress::Dress;
use peil::report::render::render_in;
use peil::report::{Assembly, assemble, default_report, gather};
use peil::session;
use peil::source::{DiskWorld, MemoryWorld, World};
use peil::value::Diagnostics;
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (folder, today) = (arguments.next().expect("render PROJECT TODAY [ROUNDS]"), arguments.next().expect("a day"));
    let today = Date::parse(&today, DatePattern::YearMonthDay).expect("a day, as 2025-10-01");
    let rounds: usize = arguments.next().map_or(20, |it| it.parse().expect("a number of rounds"));
    println!("report, KPIs: assembled + page = median of {rounds} (most) in ms; page, script in bytes");
    measure(&folder, &DiskWorld::new(Path::new(&folder), None), today, rounds);
    for kpis in [15, 200] {
        let files = [("project.peil".to_owned(), project(kpis).into_bytes()), ("survey.csv".to_owned(), answers(24, 60).into_bytes())];
        measure("invented", &MemoryWorld::new(files), Date::parse("2026-01-02", DatePattern::YearMonthDay).expect("a day"), rounds);
    }
}

fn measure(project: &str, world: &dyn World, today: Date, rounds: usize) {
    let session = session::open(world);
    let checked = session.checked.as_ref().expect("a project without errors");
    let all = &checked.model.reports;
    let reports = if all.is_empty() { vec![default_report(&checked.model)] } else { all.clone() };
    let gathered = gather(checked, &reports, today);
    let mut found = Diagnostics::default();
    let options = Options { engine: Engine::Plain, threads: 1 };
    let run = session::run(gathered.checked(), &gathered.request, world, options, Periods::default(), today, &mut found);
    let run = run.expect("data that can be read");
    let told = gathered.told(&run.plan, &run.table, &run.results, today);
    for report in &reports {
        let lang = report.language.unwrap_or(checked.model.project.language);
        let dress: &Dress = session.wardrobe.of(report);
        let (mut assembled, mut rendered, mut whole, mut page) = (Vec::new(), Vec::new(), Vec::new(), String::new());
        let mut kpis = 0;
        for _ in 0..rounds {
            let started = Instant::now();
            let view = assemble(&Assembly { checked, results: &run.results, report, lang, today, told: &told, others: &[] });
            let between = started.elapsed();
            page = render_in(&view, dress).expect("the templates fit the view");
            let ended = started.elapsed();
            kpis = view.kpis.len();
            assembled.push(between.as_secs_f64() * 1e3);
            rendered.push((ended - between).as_secs_f64() * 1e3);
            whole.push(ended.as_secs_f64() * 1e3);
        }
        let script = page.rsplit_once("<script>").and_then(|it| it.1.split_once("</script>")).map_or(0, |it| it.0.len());
        let most = whole.iter().copied().fold(0.0, f64::max);
        println!(
            "{project} {}, {kpis}: {:.1} + {:.1} = {:.1} ({most:.1}); {}, {script}",
            report.name,
            median(&mut assembled),
            median(&mut rendered),
            median(&mut whole),
            page.len(),
        );
    }
}

fn median(all: &mut [f64]) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(0.0)
}

fn project(kpis: usize) -> String {
    let mut text = "project \"Invented\" { peil 1; language en; grain quarter; team t \"Team\" }\n\
        source survey { files \"survey.csv\"; survey transactional; time day; column day; column q scale 0..10; columns place }\n\
        dimension place { from survey.place }\n"
        .to_owned();
    for at in 0..kpis {
        let _ = writeln!(
            text,
            "kpi k{at} \"An invented KPI, number {at}\" {{ formula share(survey.q >= {}); owner t; \
             norms worst 0 %, threshold 40 %, target 60 %; cuts place }}",
            at % 9 + 1
        );
    }
    text
}

/// Answers of so many months, so many each.
fn answers(months: usize, each: usize) -> String {
    let mut csv = "day,q,place\n".to_owned();
    for month in 0..months {
        for at in 0..each {
            let (year, number) = (2025 - (months - 1 - month) / 12, 12 - (months - 1 - month) % 12);
            let place = ["North", "South", "A place with a name of sixty letters, which is rather long"][at % 3];
            let _ = writeln!(csv, "{year}-{number:02}-{:02},{},\"{place}\"", at % 28 + 1, (at * 7 + month) % 11);
        }
    }
    csv
}
