//! Which texts of the definitions does no row have, while rows have one that is spelt nearly so? `Yes` beside `yes`.

use crate::check::{self, Checked};
use crate::engine::{ColumnProfile, Texts};
use crate::model::{ColumnType, Compares, Dimension, Model, RowExpr, SourceId};
use crate::value::{Code, Diagnostics, Fact, Num, nearest};
use std::collections::BTreeMap;

/// What was found in the columns of the sources.
pub(super) type Profiles = BTreeMap<SourceId, BTreeMap<usize, ColumnProfile>>;

/// The texts of some rows, each with how often it occurs.
type Counts = BTreeMap<String, u64>;

/// Reports texts that conditions compare with, codes of columns and values of dimensions.
pub(super) fn report(checked: &Checked, profiles: &Profiles, out: &mut Diagnostics) {
    compared(checked, profiles, out);
    codes(checked, profiles, out);
    values(checked, profiles, out);
}

/// The code that a text of the data was meant to be, of those that no row has: `Y` for `y`.
pub(super) fn meant<'c>(found: &str, texts: &Texts, declared: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let seen = texts.all()?;
    let mut declared = declared.map(str::trim).filter(|it| !seen.contains_key(*it));
    declared.find(|it| is_near(it, found))
}

fn compared(checked: &Checked, profiles: &Profiles, out: &mut Diagnostics) {
    let model = &checked.model;
    let mut done = Vec::new();
    for it in model.compared.iter().filter(|it| model.libraries.at(it.span).is_none()) {
        let place = (it.span, it.with);
        if done.contains(&place) {
            continue;
        }
        done.push(place);
        let others = || model.compared.iter().filter(|other| other.with == it.with).map(|it| it.text.as_str());
        let (seen, at, fact) = match it.with {
            Compares::Column(source, column) => {
                let Some(seen) = of_column(profiles, source, column) else { continue };
                let fact = Fact::at(Code::AbsentValue, it.span).with("column", &model.sources[source.index()].columns[column].name);
                let fact = fact.with("source", &model.sources[source.index()].name);
                (seen.clone(), vec![(source, column)], fact)
            }
            Compares::Dimension(dimension) => {
                let dimension = &model.dimensions[dimension.index()];
                let Some((seen, at)) = of_dimension(dimension, profiles) else { continue };
                (seen, at, Fact::at(Code::AbsentValue, it.span).with("dimension", &dimension.name))
            }
        };
        let Some((near, rows)) = near(&it.text, &seen, others()) else { continue };
        let fact = fact.with("value", &it.text).with("rows", rows);
        out.push(if personal(model, &at) {
            fact
        } else {
            let quoted = format!("\"{}\"", near.replace('\\', "\\\\").replace('"', "\\\""));
            fact.with("similar", near).mend(it.span, quoted)
        });
    }
}

/// Codes for no answer, and codes with labels, of columns whose other texts are answers.
fn codes(checked: &Checked, profiles: &Profiles, out: &mut Diagnostics) {
    let model = &checked.model;
    for (id, columns) in profiles {
        let source = &model.sources[id.index()];
        for (at, profile) in columns {
            let column = &source.columns[*at];
            // Of what is recoded and of lists in one field, the data's own texts are not the codes.
            if column.of == Some(ColumnType::Several) || !column.recode.is_empty() {
                continue;
            }
            let Some(seen) = profile.texts.all() else { continue };
            let labels = column.labels.iter().map(|it| it.0.as_str());
            let declared: Vec<&str> = column.blank.iter().chain(&column.not_applicable).map(String::as_str).chain(labels).collect();
            for (place, code) in declared.iter().map(|it| it.trim()).enumerate() {
                let Some((near, rows)) = near(code, seen, declared.iter().copied()) else { continue };
                // What is undeclared was reported as such, with the code that was meant.
                if profile.undeclared.contains_key(near) {
                    continue;
                }
                let what = match place {
                    it if it < column.blank.len() => "blank",
                    it if it < column.blank.len() + column.not_applicable.len() => "not applicable",
                    _ => "label",
                };
                let fact = Fact::at(Code::AbsentValue, column.span).with("column", &column.name).with("source", &source.name);
                let fact = fact.with("what", what).with("value", code).with("rows", rows);
                let fact = fact.with_some("similar", (!personal(model, &[(*id, *at)])).then_some(near));
                out.push(fact.about(format!("source:{}", source.name)));
            }
        }
    }
}

/// Values of dimensions that take all others together: what is misspelt disappears there.
fn values(checked: &Checked, profiles: &Profiles, out: &mut Diagnostics) {
    let model = &checked.model;
    for dimension in model.dimensions.iter().filter(|it| it.other.is_some() && model.libraries.at(it.span).is_none()) {
        let Some((seen, at)) = of_dimension(dimension, profiles) else { continue };
        for (value, _) in &dimension.values {
            let Some((near, rows)) = near(value, &seen, dimension.values.iter().map(|it| it.0.as_str())) else { continue };
            let fact = Fact::at(Code::AbsentValue, dimension.span).with("dimension", &dimension.name).with("what", "value");
            let fact = fact.with("value", value).with("rows", rows);
            let fact = fact.with_some("similar", (!personal(model, &at)).then_some(near));
            out.push(fact.about(format!("dimension:{}", dimension.name)));
        }
    }
}

/// The texts of a column whose texts are answers; `None` where they were not read, or are too many.
fn of_column(profiles: &Profiles, source: SourceId, column: usize) -> Option<&Counts> {
    profiles.get(&source)?.get(&column)?.texts.all()
}

/// The texts of all columns that a dimension is read from, and these columns; `None` where it is computed.
fn of_dimension(dimension: &Dimension, profiles: &Profiles) -> Option<(Counts, Vec<(SourceId, usize)>)> {
    let mut seen = Counts::new();
    let mut at = Vec::new();
    for (_, expr) in &dimension.from {
        let RowExpr::Column(column) = expr else { return None };
        if column.through.is_some() {
            return None;
        }
        let place = (column.source, column.column as usize);
        of_column(profiles, place.0, place.1)?.iter().for_each(|(text, rows)| *seen.entry(text.clone()).or_default() += rows);
        at.push(place);
    }
    Some((seen, at))
}

/// Whether one of these columns holds what persons wrote, or who they are: its texts are not repeated.
fn personal(model: &Model, columns: &[(SourceId, usize)]) -> bool {
    columns.iter().any(|(source, column)| check::holds_persons(&model.sources[source.index()], *column))
}

/// The text that rows have where a wanted one was meant, with its rows; `None` where a row has what is wanted. What is
/// wanted elsewhere is meant there.
fn near<'s, 'w>(wanted: &str, seen: &'s Counts, others: impl Iterator<Item = &'w str>) -> Option<(&'s str, u64)> {
    if seen.contains_key(wanted) {
        return None;
    }
    let others: Vec<&str> = others.collect();
    let open = || seen.iter().filter(|(text, _)| !others.contains(&text.as_str()) && is_near(wanted, text));
    // Of several that are meant, the one that most rows have.
    open().max_by_key(|it| (*it.1, std::cmp::Reverse(it.0))).map(|(text, rows)| (text.as_str(), *rows))
}

/// Whether two texts are one text, written in two ways. Where figures or the number of words differ, two things are
/// meant: `2024` and `2025`, `Noord` and `Noord-Oost`.
pub(super) fn is_near(wanted: &str, found: &str) -> bool {
    if wanted == found {
        return false;
    }
    if Num::parse(wanted).is_some() || Num::parse(found).is_some() {
        return Num::parse(wanted) == Num::parse(found);
    }
    let letters = |it: &str| it.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let digits = |it: &str| it.chars().filter(char::is_ascii_digit).collect::<String>();
    let (a, b) = (letters(wanted), letters(found));
    if !a.is_empty() && a == b {
        return true;
    }
    digits(wanted) == digits(found) && nearest(wanted, [found]).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_in_two_spellings() {
        for (wanted, found) in [("Yes", "yes"), ("N.v.t.", "nvt"), ("North East", "north-east"), ("Telefoon", "Telefon"), ("9", "9.0")] {
            assert!(is_near(wanted, found), "{wanted} {found}");
        }
    }

    #[test]
    fn two_things_are_not_near() {
        for (wanted, found) in [("Yes", "No"), ("2024", "2025"), ("wave 1", "wave 2"), ("N", "O"), ("9", "99"), ("-1", "1"), ("", "x")] {
            assert!(!is_near(wanted, found), "{wanted} {found}");
        }
    }

    #[test]
    fn what_a_row_has_is_not_looked_for_elsewhere() {
        let seen = Counts::from([("Yes".to_owned(), 1), ("yes".to_owned(), 9), ("Noo".to_owned(), 2), ("no".to_owned(), 3)]);
        assert_eq!(near("Yes", &seen, [].into_iter()), None);
        assert_eq!(near("No", &seen, [].into_iter()), Some(("no", 3)));
        assert_eq!(near("No", &seen, ["no"].into_iter()), None, "both are meant");
    }
}
