//! A Parquet file says what a file of text with the same values says; a damaged one says that it cannot be read.

#![cfg(feature = "engine")]

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int8Builder, Int16Builder, Int32Builder, Int64Builder, StringBuilder,
    TimestampMillisecondBuilder, UInt16Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use peil::engine::{Engine, Options, Table, scan};
use peil::model::{DimensionId, KpiId};
use peil::plan::{Ask, Request};
use peil::source::MemoryWorld;
use peil::value::Diagnostics;
use std::fmt::Write;
use std::sync::Arc;

const PROJECT: &str = r#"
project "Types" { peil 1; language en; grain month; calendar zone "Europe/Amsterdam" }
source s "Rows" {
  files "FILE"
  time day
  no persons "invented"
  weight w
  column day
  column at
  column tiny scale 0..10 best 10 blank 11 not applicable -2
  column small scale 1..5 blank 9
  column code labels 1 "One", 2 "Two" blank 7
  column big
  column yes
  column text blank "none"
  column free
  column money decimals 2
  column w
  column real
}
dimension text { from s.text }
dimension code { from s.code }
dimension yes { from s.yes }
kpi n { formula count(s) }
kpi tiny { formula nps(s.tiny) }
kpi small { formula mean(s.small); weight none }
kpi both { formula share(s.small >= 4 and s.tiny >= 9) }
kpi big { formula sum(s.big); weight none }
kpi bought { formula sum(s.money * s.small); weight none }
kpi money { formula mean(s.money where s.text = "b") }
kpi real { formula mean(s.real); weight none }
kpi different { formula distinct(s.free) }
kpi early { formula share(s.at <= 2024-03-31) }
"#;

/// The same rows as text and as Parquet, in row groups of so many.
struct Twins {
    text: String,
    parquet: Vec<u8>,
}

fn twins(rows: usize, group: usize) -> Twins {
    let mut state = 88_172_645_463_325_252u64;
    let mut up_to = |end: i64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 20) as i64 % end
    };
    let mut text = String::from("day,at,tiny,small,code,big,yes,text,free,money,w,real\n");
    let (mut day, mut at) = (Date32Builder::new(), TimestampMillisecondBuilder::new().with_timezone("UTC"));
    let (mut tiny, mut small, mut code, mut big) = (Int8Builder::new(), Int16Builder::new(), UInt16Builder::new(), Int64Builder::new());
    let (mut yes, mut words, mut free) = (BooleanBuilder::new(), StringBuilder::new(), StringBuilder::new());
    let mut money = Float64Builder::new();
    let mut w = Decimal128Builder::new().with_precision_and_scale(12, 4).expect("a decimal");
    let (mut real, mut unasked) = (Float64Builder::new(), Int32Builder::new());
    for row in 0..rows {
        // One column in ten is null, each its own.
        let null = up_to(10);
        let there = |column: i64| null != column;
        let date = 19_723 + up_to(366) as i32;
        let written = peil::calendar::Date::from_days(date).expect("a day").to_string();
        let minutes = up_to(1440);
        let stamp = there(0).then_some((i64::from(date) * 1440 + minutes) * 60_000);
        let a = there(1).then(|| up_to(14) as i8 - 2);
        let b = there(2).then(|| up_to(10) as i16);
        let c = there(3).then(|| up_to(4) as u16);
        let d = there(4).then(|| up_to(1 << 40) - (1 << 39));
        let e = there(5).then(|| up_to(2) == 1);
        let f = there(6).then(|| ["a", "b", " c ", "none", "x\u{e9}"][up_to(5) as usize]);
        let g = there(7).then(|| format!("text {}", up_to(500)));
        let h = there(8).then(|| up_to(100_000));
        let i = there(9).then(|| up_to(50_000));
        day.append_value(date);
        at.append_option(stamp);
        tiny.append_option(a);
        small.append_option(b);
        code.append_option(c);
        big.append_option(d);
        yes.append_option(e);
        words.append_option(f);
        free.append_option(g.as_ref());
        money.append_option(h.map(|it| it as f64 / 100.0));
        w.append_option(i.map(i128::from));
        real.append_value(row as f64 / 3.0);
        unasked.append_value(row as i32);
        let said = |it: Option<String>| it.unwrap_or_default();
        let hour = format!("T{:02}:{:02}:00Z", minutes / 60, minutes % 60);
        let _ = writeln!(
            text,
            "{written},{},{},{},{},{},{},{},{},{},{},{}",
            said(stamp.map(|_| format!("{written}{hour}"))),
            said(a.map(|it| it.to_string())),
            said(b.map(|it| it.to_string())),
            said(c.map(|it| it.to_string())),
            said(d.map(|it| it.to_string())),
            said(e.map(|it| it.to_string())),
            f.unwrap_or(""),
            said(g),
            said(h.map(|it| format!("{}.{:02}", it / 100, it % 100))),
            said(i.map(|it| format!("{}.{:04}", it / 10_000, it % 10_000))),
            row,
        );
    }
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("unasked", Arc::new(unasked.finish())),
        ("day", Arc::new(day.finish())),
        ("at", Arc::new(at.finish())),
        ("tiny", Arc::new(tiny.finish())),
        ("small", Arc::new(small.finish())),
        ("code", Arc::new(code.finish())),
        ("big", Arc::new(big.finish())),
        ("yes", Arc::new(yes.finish())),
        ("text", Arc::new(words.finish())),
        ("free", Arc::new(free.finish())),
        ("money", Arc::new(money.finish())),
        ("w", Arc::new(w.finish())),
        ("real", Arc::new(real.finish())),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, it)| (name, it, true))).expect("a batch");
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
    let mut parquet = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut parquet, batch.schema(), Some(properties)).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("a footer");
    Twins { text, parquet }
}

/// What an engine reads of a file: everything by everything.
fn read(name: &str, bytes: &[u8], engine: Engine, threads: usize, without: &[&str]) -> (Option<Table>, Vec<&'static str>) {
    let project = PROJECT.replace("FILE", name);
    let world = MemoryWorld::new([("project.peil".to_owned(), project.into_bytes()), (name.to_owned(), bytes.to_vec())]);
    let session = peil::session::open(&world);
    let errors = session.diagnostics.sorted();
    let errors = errors.iter().filter(|it| it.severity == peil::value::Severity::Error);
    let said: Vec<_> = errors.map(|it| (it.code.name(), it.args.clone())).collect();
    let checked = session.checked.unwrap_or_else(|| panic!("{said:?}"));
    let mut request = Request::new();
    for (at, kpi) in checked.model.kpis.iter().enumerate().filter(|it| !without.contains(&it.1.name.as_str())) {
        let _ = kpi;
        for cut in [vec![], vec![DimensionId(0)], vec![DimensionId(1), DimensionId(2)]] {
            request.add(Ask { kpi: KpiId(at as u32), part: None, cut, grain: peil::calendar::Grain::Month });
        }
    }
    let plan = peil::plan::plan(&checked, &request);
    let mut found = Diagnostics::default();
    let table = scan(&checked, &plan, &world, Options { engine, threads }, &mut found);
    (table, found.sorted().iter().map(|it| it.code.name()).collect())
}

fn groups(table: Option<Table>) -> Vec<peil::engine::GroupTable> {
    table.expect("a table").reads.remove(0).groupings
}

#[test]
fn types_mean_what_their_texts_mean() {
    let twins = twins(3_000, 700);
    // Doubles that nothing is declared of are no decimals: `real` is another number there.
    let (plain, _) = read("s.csv", twins.text.as_bytes(), Engine::Plain, 1, &["real"]);
    let plain = groups(plain);
    for threads in [1, 2, 4] {
        let (parquet, said) = read("s.parquet", &twins.parquet, Engine::Embedded, threads, &["real"]);
        assert_eq!(said, [""; 0]);
        let parquet = groups(parquet);
        for (a, b) in plain.iter().zip(&parquet) {
            assert_eq!(a.groups.len(), b.groups.len());
            for (a, b) in a.groups.iter().zip(&b.groups) {
                assert_eq!(a, b);
            }
        }
    }
}

#[test]
fn sums_of_doubles_do_not_depend_on_threads() {
    let twins = twins(3_000, 150);
    let (one, _) = read("s.parquet", &twins.parquet, Engine::Embedded, 1, &[]);
    for threads in [2, 3, 4, 8] {
        let (several, _) = read("s.parquet", &twins.parquet, Engine::Embedded, threads, &[]);
        assert_eq!(one, several);
    }
}

#[test]
fn the_plain_engine_names_the_engine_that_is_needed() {
    let (table, said) = read("s.parquet", &twins(10, 10).parquet, Engine::Plain, 1, &[]);
    assert!(table.is_none());
    assert_eq!(said, ["needs-engine"]);
}

#[test]
fn damaged_files_are_unreadable() {
    let whole = twins(400, 100).parquet;
    for kept in (0..whole.len()).step_by(whole.len() / 60) {
        let (table, said) = read("s.parquet", &whole[..kept], Engine::Embedded, 2, &[]);
        assert!(table.is_none(), "{kept} of {} bytes", whole.len());
        assert_eq!(said, ["unreadable-data"]);
    }
    // A changed byte may change a value, which nothing can tell; whatever it does, it ends with a table or a reason.
    for at in (4..whole.len()).step_by(whole.len() / 60) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        let (table, said) = read("s.parquet", &bytes, Engine::Embedded, 2, &[]);
        assert!(table.is_some() || !said.is_empty(), "byte {at}");
    }
}
