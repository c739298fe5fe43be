//! How answers are spread: a row for each figure and code; in JSON beside each figure.

use super::sheet::objects;
use super::{Field, Format, Head, Sheet, Table, cuts, key_fields, more, notes_field, owned, said, table, write};
use crate::check::Checked;
use crate::model::DimensionId;
use crate::publish::{AnswerCode, Distribution, DistributionRow, ResultTable, Results};
use crate::words::Lang;
use serde_json::{Map, Value, json};

/// The figures of a run with the answers behind them. As JSON all figures, those of a score with its answers; else a row
/// for each code of those that have answers.
pub fn distributions(checked: &Checked, results: &Results, found: &[Distribution], format: Format) -> String {
    with_sheet(checked, results, found, matches!(format, Format::Json | Format::Ndjson), |it| write(it, "figures", format))
}

/// The same in every form that goes beside a report: of scores alone, as objects one for each with its answers.
pub fn distributions_table(checked: &Checked, results: &Results, found: &[Distribution]) -> Table {
    let objects = with_sheet(checked, results, found, true, objects);
    let scores = objects.into_iter().filter(|it| !it["distribution"].is_null());
    Table { objects: scores.collect(), ..with_sheet(checked, results, found, false, table) }
}

/// Makes the sheet: `nested` with a row for each figure, else with one for each code.
fn with_sheet<T>(checked: &Checked, results: &Results, found: &[Distribution], nested: bool, make: impl FnOnce(&Sheet<'_>) -> T) -> T {
    let of = |table: &ResultTable| {
        let same = |it: &&Distribution| it.kpi == table.kpi && it.part == table.part && it.cut == table.cut && it.grain == table.grain;
        found.iter().find(same)
    };
    let tables: Vec<(&ResultTable, Option<&Distribution>)> = results.tables.iter().map(|it| (it, of(it))).collect();
    let tables: Vec<_> = tables.into_iter().filter(|it| nested || it.1.is_some()).collect();
    let heads: Vec<Head> = tables.iter().map(|(it, _)| Head::new(checked, it.kpi, it.part.as_ref(), &it.cut)).collect();
    let cuts = cuts(&heads);
    let columns = if nested { super::figure_columns(checked, &cuts) } else { columns(checked, &cuts) };
    let mut sheet = Sheet::new(columns);
    let lang = checked.model.project.language;
    for ((table, spread), head) in tables.iter().zip(&heads) {
        for row in &table.rows {
            let answers = spread.and_then(|it| it.row(row.period, &row.key));
            let mut first = vec![said(&head.name), owned(row.period.to_string())];
            key_fields(checked, head, &row.key, &cuts, &mut |it| first.push(it));
            if nested {
                super::figure_fields(head, row, &mut |it| first.push(it));
                let mut more = more(head, row);
                more.insert("distribution".to_owned(), spread.zip(answers).map_or(Value::Null, |(of, it)| object(of, it, lang)));
                sheet.rows.push(first);
                sheet.more.push(more);
                continue;
            }
            let (Some(of), Some(answers)) = (spread, answers) else { continue };
            lines(of, answers, &first, lang, &mut sheet);
        }
    }
    make(&sheet)
}

/// As many codes stand beside each other in a line for people.
const MOST_ACROSS: usize = 15;

/// The answers behind the figures of one score, for people: a line for each figure, with a column for each code. Empty
/// where there are none, or too many codes for a line.
pub fn answers_across(checked: &Checked, found: &[Distribution], lang: Lang) -> String {
    let [of] = found else { return String::new() };
    if of.codes.len() > MOST_ACROSS || of.rows.is_empty() {
        return String::new();
    }
    let head = Head::new(checked, of.kpi, of.part.as_ref(), &of.cut);
    let cuts = cuts(std::slice::from_ref(&head));
    let mut columns = vec!["period".to_owned()];
    columns.extend(cuts.iter().map(|it| checked.model.dimensions[it.index()].name.clone()));
    columns.extend(of.codes.iter().map(|it| it.code.clone()));
    columns.extend(["n", "note"].map(str::to_owned));
    let mut sheet = Sheet::new(columns);
    for row in &of.rows {
        let mut fields = vec![owned(row.period.to_string())];
        key_fields(checked, &head, &row.key, &cuts, &mut |it| fields.push(it));
        let share = |at: usize| row.shares.get(at).map_or(Field::Empty, |it| Field::Number((it.share * 10.0).round() / 10.0));
        fields.extend((0..of.codes.len()).map(share));
        fields.push(row.n.map_or(Field::Empty, Field::Count));
        fields.push(notes_field(row.notes.iter().map(|it| it.name())));
        sheet.rows.push(fields);
        sheet.more.push(Map::new());
    }
    let what = match lang {
        Lang::En => "answers by code, in % of all who answered",
        Lang::Nl => "antwoorden per code, in % van wie antwoordde",
    };
    format!("\n{what}\n{}", super::aligned(&sheet))
}

fn columns(checked: &Checked, cuts: &[DimensionId]) -> Vec<String> {
    let mut columns: Vec<String> = vec!["kpi".to_owned(), "period".to_owned()];
    columns.extend(cuts.iter().map(|it| checked.model.dimensions[it.index()].name.clone()));
    columns.extend(["code", "label", "class", "count", "share", "n", "note"].map(str::to_owned));
    columns
}

/// A line for each code, or one that says why there is none.
fn lines<'r>(of: &'r Distribution, row: &DistributionRow, first: &[Field<'r>], lang: Lang, sheet: &mut Sheet<'r>) {
    let note = notes_field(row.notes.iter().map(|it| it.name()));
    let n = row.n.map_or(Field::Empty, Field::Count);
    let mut push = |fields: [Field<'r>; 5]| {
        let mut line = first.to_vec();
        line.extend(fields);
        line.extend([n.clone(), note.clone()]);
        sheet.rows.push(line);
        sheet.more.push(Map::new());
    };
    if row.shares.is_empty() {
        push([Field::Empty, Field::Empty, Field::Empty, Field::Empty, Field::Empty]);
    }
    for (code, share) in of.codes.iter().zip(&row.shares) {
        let label = code.label.get(lang).map_or(Field::Empty, said);
        let class = code.class.map_or(Field::Empty, |it| said(it.name()));
        push([said(&code.code), label, class, Field::Count(share.count), Field::Number(share.share)]);
    }
}

fn object(of: &Distribution, row: &DistributionRow, lang: Lang) -> Value {
    if row.n.is_none() {
        return Value::Null;
    }
    let answer = |(code, share): (&AnswerCode, &crate::publish::AnswerShare)| {
        json!({
            "code": code.code,
            "label": code.label.get(lang),
            "class": code.class.map(|it| it.name()),
            "count": share.count,
            "share": super::number(share.share),
        })
    };
    Value::Array(of.codes.iter().zip(&row.shares).map(answer).collect())
}
