//! A Parquet file says what a file of text with the same values says; a damaged one says that it cannot be read.

#![cfg(feature = "engine")]

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int8Builder, Int16Builder, Int32Builder, Int64Builder, StringBuilder,
    TimestampMillisecondBuilder, UInt16Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
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
    twins_with(rows, WriterProperties::builder().set_max_row_group_row_count(Some(group)))
}

fn twins_with(rows: usize, properties: WriterPropertiesBuilder) -> Twins {
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
    // A column that has no nulls may say so.
    let columns = columns.into_iter().map(|(name, it)| (name, it, name != "day"));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).expect("a batch");
    let properties = properties.build();
    let mut parquet = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut parquet, batch.schema(), Some(properties)).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("a footer");
    Twins { text, parquet }
}

/// What an engine reads of a file: everything by everything.
fn read(name: &str, bytes: &[u8], engine: Engine, threads: usize, without: &[&str]) -> (Option<Table>, Vec<&'static str>) {
    let cuts = [vec![], vec![DimensionId(0)], vec![DimensionId(1), DimensionId(2)]];
    read_project(PROJECT, name, bytes, engine, threads, without, &cuts)
}

fn read_project(
    project: &str,
    name: &str,
    bytes: &[u8],
    engine: Engine,
    threads: usize,
    without: &[&str],
    cuts: &[Vec<DimensionId>],
) -> (Option<Table>, Vec<&'static str>) {
    let project = project.replace("FILE", name);
    let world = MemoryWorld::new([("project.peil".to_owned(), project.into_bytes()), (name.to_owned(), bytes.to_vec())]);
    let session = peil::session::open(&world);
    let errors = session.diagnostics.sorted();
    let errors = errors.iter().filter(|it| it.severity == peil::value::Severity::Error);
    let said: Vec<_> = errors.map(|it| (it.code.name(), it.args.clone())).collect();
    let checked = session.checked.unwrap_or_else(|| panic!("{said:?}"));
    let mut request = Request::new();
    for (at, kpi) in checked.model.kpis.iter().enumerate().filter(|it| !without.contains(&it.1.name.as_str())) {
        let _ = kpi;
        for cut in cuts {
            request.add(Ask { kpi: KpiId(at as u32), part: None, cut: cut.clone(), grain: peil::calendar::Grain::Month });
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
fn pages_of_every_kind_say_the_same() {
    let all = groups(read("s.csv", twins(2_000, 700).text.as_bytes(), Engine::Plain, 1, &["real"]).0);
    type With = fn(WriterPropertiesBuilder) -> WriterPropertiesBuilder;
    let kinds: [(&str, With); 6] = [
        ("version 2", |it| it.set_writer_version(WriterVersion::PARQUET_2_0)),
        ("no dictionaries", |it| it.set_dictionary_enabled(false)),
        ("dictionaries that grow too large", |it| it.set_dictionary_page_size_limit(600).set_write_batch_size(50)),
        ("small pages", |it| it.set_data_page_row_count_limit(13).set_write_batch_size(13)),
        ("small pages of version 2, compressed", |it| {
            let small = it.set_data_page_row_count_limit(100).set_write_batch_size(10);
            small.set_writer_version(WriterVersion::PARQUET_2_0).set_compression(Compression::SNAPPY)
        }),
        ("some columns packed", |it| {
            it.set_column_dictionary_enabled("tiny".into(), false).set_column_encoding("tiny".into(), Encoding::DELTA_BINARY_PACKED)
        }),
    ];
    for (about, with) in kinds {
        let twins = twins_with(2_000, with(WriterProperties::builder().set_max_row_group_row_count(Some(700))));
        let (table, said) = read("s.parquet", &twins.parquet, Engine::Embedded, 2, &["real"]);
        assert_eq!(said, [""; 0], "{about}");
        assert!(groups(table) == all, "{about}");
    }
}

const CROWDS: &str = r#"
project "Crowds" { peil 1; language en; grain month }
source s "Rows" { files "FILE"; time day; complete; no persons "invented"
  column day
  column key
  column x scale 0..4 blank 5 not applicable 6
  column y scale 0..1
  column w
  column v
}
dimension key { from s.key }
kpi n { formula count(s.x) }
kpi high { formula count(s.x where s.x >= 3) }
kpi low { formula count(s.x where s.x <= 1) }
kpi wx { formula sum(s.x * s.w) }
kpi parts { formula sum(if(s.y = 1, 0.25, 2) * s.w) }
kpi down { formula sum(s.x * s.v) }
kpi rows { formula count(s) }
"#;

/// Groups with many rows of a batch, and groups with few: numbers that grow, change their sign, and get decimals.
#[test]
fn crowded_groups_and_others_are_added_alike() {
    let rows = 70_000;
    let mut state = 4_101_842_887_655_102_017u64;
    let mut up_to = |end: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 20) % end
    };
    let mut text = String::from("day,key,x,y,w,v\n");
    let (mut day, mut key, mut x, mut y) = (Date32Builder::new(), StringBuilder::new(), Int8Builder::new(), Int8Builder::new());
    let mut w = Decimal128Builder::new().with_precision_and_scale(9, 4).expect("a decimal");
    let mut v = Decimal128Builder::new().with_precision_and_scale(9, 2).expect("a decimal");
    for row in 0..rows {
        let date = 19_723 + up_to(60) as i32;
        // First a few rows everywhere, then most of them in ever more groups, then everywhere again.
        let among = [600, 600, 1, 20, 8, 40, 600][row / 10_000];
        let group = if up_to(10) > 0 { up_to(among) } else { up_to(600) };
        let name = format!("key {group}");
        let a = (up_to(9) > 0).then(|| up_to(7) as i8);
        // The first row groups have no halves.
        let b = if row < 30_000 { 0 } else { up_to(2) as i8 };
        let c = if row < 60_000 { up_to(50_000) } else { up_to(900_000_000) };
        let d = up_to(3_000) as i64 - if row < 10_000 { 0 } else { 1_500 };
        day.append_value(date);
        key.append_value(&name);
        x.append_option(a);
        y.append_value(b);
        w.append_value(i128::from(c));
        v.append_value(i128::from(d));
        let written = peil::calendar::Date::from_days(date).expect("a day");
        let sign = if d < 0 { "-" } else { "" };
        let a = a.map(|it| it.to_string()).unwrap_or_default();
        let _ = writeln!(text, "{written},{name},{a},{b},{}.{:04},{sign}{}.{:02}", c / 10_000, c % 10_000, d.abs() / 100, d.abs() % 100);
    }
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("day", Arc::new(day.finish())),
        ("key", Arc::new(key.finish())),
        ("x", Arc::new(x.finish())),
        ("y", Arc::new(y.finish())),
        ("w", Arc::new(w.finish())),
        ("v", Arc::new(v.finish())),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let mut parquet = Vec::new();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(10_000)).build();
    let mut writer = ArrowWriter::try_new(&mut parquet, batch.schema(), Some(properties)).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("a footer");
    let (plain, _) = read_project(CROWDS, "s.csv", text.as_bytes(), Engine::Plain, 1, &[], &[vec![], vec![DimensionId(0)]]);
    let plain = groups(plain);
    for threads in [1, 2, 3] {
        let cuts = [vec![], vec![DimensionId(0)]];
        let (table, said) = read_project(CROWDS, "s.parquet", &parquet, Engine::Embedded, threads, &[], &cuts);
        assert_eq!(said, [""; 0]);
        assert!(groups(table) == plain, "{threads} threads");
        let (table, _) = read_project(CROWDS, "s.csv", text.as_bytes(), Engine::Embedded, threads, &[], &cuts);
        assert!(groups(table) == plain, "{threads} threads, text");
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
