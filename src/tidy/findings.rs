//! Findings, one row each: whether they hold, and their text with figures put in.

use super::{Field, Format, Sheet, Table, owned, said, short_number, table, write};
use crate::check::Checked;
use crate::publish::{CitedResult, FindingResult, FindingState, ToldPiece};
use crate::words::Lang;
use serde_json::{Map, Value, json};

const COLUMNS: [&str; 8] = ["finding", "period", "state", "by", "on", "text", "decision", "note"];

/// Findings in the language of the project; in JSON with the figures of their texts and conditions.
pub fn findings(checked: &Checked, found: &[FindingResult], format: Format, lang: Lang) -> String {
    write(&sheet(checked, found, lang), "findings", format)
}

/// The same in every form that goes beside a report.
pub fn findings_table(checked: &Checked, found: &[FindingResult], lang: Lang) -> Table {
    table(&sheet(checked, found, lang))
}

fn sheet<'r>(checked: &'r Checked, found: &'r [FindingResult], lang: Lang) -> Sheet<'r> {
    let mut sheet = Sheet::new(COLUMNS);
    for it in found {
        let finding = &checked.model.findings[it.finding.index()];
        let passage = finding.text.iter().position(|it| it.lang == Some(lang)).unwrap_or(0);
        let pieces = it.text.get(passage).map_or(&[][..], Vec::as_slice);
        let team = finding.team.map(|it| checked.model.project.teams[it.index()].name.clone());
        let by: Vec<String> = [finding.person.clone(), team].into_iter().flatten().collect();
        let note = match it.state {
            FindingState::Unknown(why) => said(why.name()),
            _ => Field::Empty,
        };
        sheet.rows.push(vec![
            said(&finding.name),
            owned(it.period.to_string()),
            said(it.state.name()),
            owned(by.join(", ")),
            finding.on.map_or(Field::Empty, |it| owned(it.to_string())),
            owned(pieces.iter().map(text).collect()),
            finding.decision.get(lang).map_or(Field::Empty, said),
            note,
        ]);
        let mut more = Map::new();
        let figures = |pieces: &[ToldPiece]| -> Vec<Value> {
            pieces.iter().filter_map(|it| if let ToldPiece::Figure(it) = it { Some(figure(it)) } else { None }).collect()
        };
        more.insert("figures".to_owned(), Value::Array(figures(pieces)));
        let compared = it.condition.iter().map(|it| {
            let sides: Vec<Value> = it.figures.iter().flatten().map(figure).collect();
            json!({"holds": it.holds, "figures": sides})
        });
        more.insert("condition".to_owned(), Value::Array(compared.collect()));
        sheet.more.push(more);
    }
    sheet
}

/// A piece as plain text: figures to three decimals, with their unit.
fn text(piece: &ToldPiece) -> String {
    match piece {
        ToldPiece::Words(it) => it.clone(),
        ToldPiece::Figure(it) => match it.value {
            Ok(value) => format!("{} {}", short_number(value), it.unit.as_ref().map_or("", |it| it.sign())).trim_end().to_owned(),
            Err(why) => format!("[{}]", why.name()),
        },
    }
}

fn figure(of: &CitedResult) -> Value {
    json!({
        "value": of.value.ok().map_or(Value::Null, super::number),
        "unit": of.unit.as_ref().map(|it| it.name()),
        "period": of.period.to_string(),
        "few": of.few,
        "note": of.value.err().map(|it| it.name()),
    })
}
