//! What should somebody look at first? The doubts about the file, the codes, the scales, and what was left out.

use super::guess::{Finished, Guess, Preview, Role};
use super::profile::{Profile, Way};
use super::read::{Header, Table};
use super::scale::{self, Form};
use crate::words::Lang;

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// 0 to 100.
    pub doubt: u8,
    pub text: String,
}

/// The sentence in the language of the survey.
pub fn say(lang: Lang, en: impl Into<String>, nl: impl Into<String>) -> String {
    if lang == Lang::Nl { nl.into() } else { en.into() }
}

/// The form of the file, where it is not the plain one.
pub fn form(guess: &mut Guess, table: &Table, profile: &Profile) {
    let lang = guess.lang;
    let mut note = |doubt: u8, en: String, nl: String| guess.notes.push(Note { doubt, text: say(lang, en, nl) });
    match table.shape.header {
        Header::Nothing => note(
            98,
            "the first row looks like answers, not like names: columns are called column_1, column_2, ...".to_owned(),
            "de eerste rij lijkt op antwoorden, niet op namen: de kolommen heten column_1, column_2, ...".to_owned(),
        ),
        Header::CodesAndTexts => note(
            35,
            "the second row was taken as the texts of the questions, not as an answer".to_owned(),
            "de tweede rij is gelezen als de tekst van de vragen, niet als antwoord".to_owned(),
        ),
        Header::Options => note(
            20,
            "two header rows, questions and options: they were made into one".to_owned(),
            "twee kopregels, vragen en opties: ze zijn tot één gemaakt".to_owned(),
        ),
        Header::Qualtrics | Header::Names => {}
    }
    if table.shape.above > 0 {
        let rows = table.shape.above;
        note(
            45,
            format!("{rows} rows above the header were taken as titles, and left out"),
            format!("{rows} rijen boven de kop zijn als titel gelezen, en weggelaten"),
        );
    }
    if let Some((own, others)) = &table.sheet {
        let named = others.iter().take(4).map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
        note(
            70,
            format!("sheet `{own}` was read, the fullest one; not read: {named} ({} in all). `--sheet NAME` takes another", others.len()),
            format!("blad `{own}` is gelezen, het volste; niet gelezen: {named} (samen {}). `--sheet NAAM` neemt een ander", others.len()),
        );
    }
    if table.form.encoding.is_some() {
        note(
            42,
            "the file is not UTF-8; it was read as windows-1252: look whether é and € are right".to_owned(),
            "het bestand is geen UTF-8; het is gelezen als windows-1252: kijk of é en € kloppen".to_owned(),
        );
    }
    if profile.short > 0 {
        let rows = profile.short;
        note(
            50,
            format!("{rows} rows have fewer fields than the header; what is missing counts as empty"),
            format!("{rows} rijen hebben minder velden dan de kop; wat ontbreekt telt als leeg"),
        );
    }
    let doubled = profile
        .columns
        .iter()
        .zip(&table.shape.names)
        .filter(|(column, name)| !name.is_empty() && column.header != super::read::plain(name));
    let doubled: Vec<&str> = doubled.map(|it| it.1.as_str()).take(4).collect();
    if !doubled.is_empty() {
        let named = doubled.join(", ");
        note(
            68,
            format!("headers that occur twice got a number: {named}"),
            format!("koppen die twee keer voorkomen kregen een nummer: {named}"),
        );
    }
    if let Some(time) = &guess.time
        && !time.way.is_known()
    {
        let header = &profile.columns[time.column].header;
        let text = say(
            lang,
            format!("the dates of `{header}` were written out as 2024-01-31: no source reads the form that they have in the file"),
            format!("de datums van `{header}` zijn overgeschreven als 2024-01-31: geen bron leest de vorm die ze in het bestand hebben"),
        );
        guess.notes.push(Note { doubt: if time.way == Way::Serial { 80 } else { 32 }, text });
    }
}

/// Codes that seem to be no answers, and scales that only the shape of the answers tells.
pub fn suspects(guess: &mut Guess, profile: &Profile) {
    let lang = guess.lang;
    let mut groups: Vec<(String, u64, bool, Vec<String>)> = Vec::new();
    let mut by_shape: Vec<String> = Vec::new();
    let mut turned: Vec<String> = Vec::new();
    let mut worded: Vec<String> = Vec::new();
    for (at, column) in profile.columns.iter().enumerate() {
        let Role::Rating(scale) = guess.items[at].role.clone() else { continue };
        let said = |list: &[(String, u64)]| list.iter().map(|(code, rows)| format!("{code} ({rows})")).collect::<Vec<_>>();
        let codes: Vec<&(String, u64)> = scale.blank.iter().chain(&scale.not_applicable).collect();
        if !codes.is_empty() {
            let listed = [said(&scale.blank), said(&scale.not_applicable)].concat().join(", ");
            let mark = say(lang, format!("no answer: {listed}"), format!("geen antwoord: {listed}"));
            guess.items[at].marks.push(mark);
            let key = codes.iter().map(|it| it.0.as_str()).collect::<Vec<_>>().join(", ");
            let rows: u64 = codes.iter().map(|it| it.1).sum();
            let bare = codes.iter().any(|it| super::profile::number(&it.0).is_some());
            let key = format!("{key}|{}..{}", scale.low, scale.high);
            match groups.iter_mut().find(|it| it.0 == key) {
                Some(group) => {
                    group.1 += rows;
                    group.3.push(column.header.clone());
                }
                None => groups.push((key, rows, bare, vec![column.header.clone()])),
            }
        }
        if !scale.odd.is_empty() {
            let listed = scale.odd.iter().map(|it| format!("`{}`", it.0)).collect::<Vec<_>>().join(", ");
            guess.items[at].marks.push(say(
                lang,
                format!("{listed}: no answer that is known"),
                format!("{listed}: geen antwoord dat bekend is"),
            ));
            let text = say(
                lang,
                format!("`{}` holds {listed}, taken as no answer", column.header),
                format!("`{}` bevat {listed}, gelezen als geen antwoord", column.header),
            );
            guess.notes.push(Note { doubt: 82, text });
        }
        if !scale.best_high {
            turned.push(column.header.clone());
            let low = scale.low;
            guess.items[at].marks.push(say(lang, format!("{low} is best"), format!("{low} is het beste")));
        }
        if scale.form != Form::Words {
            let (from, to) = scale.seen;
            // Where all of the scale occurs, and more is to be said, that is enough.
            if scale.seen != (scale.low, scale.high) || guess.items[at].marks.is_empty() {
                guess.items[at].marks.push(say(
                    lang,
                    format!("answers from {from} to {to}"),
                    format!("antwoorden van {from} tot en met {to}"),
                ));
            }
        } else {
            guess.items[at].marks.push(say(lang, "words from bad to good", "woorden van slecht naar goed"));
        }
        if !scale.recode.is_empty() {
            worded.push(column.header.clone());
            if scale.absent > 0 {
                guess.items[at].marks.push(say(lang, "not all words of the scale occur", "niet alle woorden van de schaal komen voor"));
            }
        } else if !scale::hinted(&column.words) && scale.block < 3 {
            by_shape.push(column.header.clone());
            guess.items[at].marks.push(say(lang, "a rating, by its answers alone", "een oordeel, alleen naar de antwoorden"));
        }
    }
    let few = |list: &[String]| {
        let first = list.iter().take(4).cloned().collect::<Vec<_>>().join(", ");
        let more = list.len().saturating_sub(4);
        if more > 0 { say(lang, format!("{first} and {more} more"), format!("{first} en nog {more}")) } else { first }
    };
    for (key, rows, bare, headers) in groups {
        let (codes, scale) = key.split_once('|').unwrap_or((&key, ""));
        let all = profile.rows * headers.len() as u64;
        let percent = rows * 100 / all.max(1);
        let text = say(
            lang,
            format!(
                "{codes} beside the scale {scale} of {}: taken as no answer ({rows}×, {percent} %); as answers they would change the figure",
                few(&headers)
            ),
            format!(
                "{codes} naast de schaal {scale} van {}: gelezen als geen antwoord ({rows}×, {percent} %); als antwoord zouden ze het cijfer veranderen",
                few(&headers)
            ),
        );
        let doubt = if bare { 84 + (percent / 10).min(4) as u8 + 3 * u8::from(key.ends_with("|0..10")) } else { 34 };
        guess.notes.push(Note { doubt, text });
    }
    if !by_shape.is_empty() {
        let text = say(
            lang,
            format!("a rating by its answers alone, no word in the header says so: {}", few(&by_shape)),
            format!("een oordeel naar de antwoorden alleen, geen woord in de kop zegt het: {}", few(&by_shape)),
        );
        guess.notes.push(Note { doubt: 75, text });
    }
    if !turned.is_empty() {
        let text = say(
            lang,
            format!("asked for effort, or labelled so: the low end is taken as the good one: {}", few(&turned)),
            format!("gevraagd naar moeite, of zo gelabeld: de lage kant is de goede: {}", few(&turned)),
        );
        guess.notes.push(Note { doubt: 90, text });
    }
    if !worded.is_empty() {
        let text = say(
            lang,
            format!("answers that are no numbers got codes, by `recode`: {}; a next file needs the same line", few(&worded)),
            format!(
                "antwoorden in woorden kregen codes van slecht naar goed, met `recode`: {}; een volgend bestand heeft dezelfde regel nodig",
                few(&worded)
            ),
        );
        guess.notes.push(Note { doubt: 48, text });
    }
}

/// Who makes a survey tries it: Qualtrics keeps those answers among the others, and says which they are.
pub fn preview(guess: &mut Guess, table: &Table, profile: &Profile) {
    const WORDS: &[&str] = &["survey preview", "preview", "enquêtevoorbeeld", "survey test"];
    // The kinds of answers by number: 0 is one of a respondent, 1 a preview.
    const KINDS: &[&str] = &["0", "1", "2", "4", "8", "9", "12", "16", "17", "32", "40", "48"];
    let found = profile.columns.iter().enumerate().find_map(|(at, column)| {
        let header = column.header.to_lowercase().replace(' ', "");
        if column.more || !matches!(header.as_str(), "status" | "distributionchannel" | "responsetype") {
            return None;
        }
        let coded = header != "distributionchannel"
            && table.shape.header == Header::Qualtrics
            && column.values.keys().all(|it| KINDS.contains(&it.as_str()));
        let is_preview = |it: &str| WORDS.contains(&it.to_lowercase().as_str()) || coded && it == "1";
        let (value, rows) = column.values.iter().find(|it| is_preview(it.0))?;
        // Where nothing else is there, nothing would be left.
        (*rows < profile.rows).then(|| Preview { column: at, value: value.clone(), rows: *rows, blanks: column.filled < profile.rows })
    });
    if let Some(it) = &found {
        let (rows, header) = (it.rows, &profile.columns[it.column].header);
        let text = say(
            guess.lang,
            format!("{rows} answers were given to try the survey, says `{header}`: `keep where` in survey.peil leaves them out"),
            format!("{rows} antwoorden zijn gegeven om de enquête te proberen, zegt `{header}`: `keep where` in survey.peil laat ze weg"),
        );
        guess.notes.push(Note { doubt: 64, text });
    }
    guess.preview = found;
}

/// Tools write answers that were begun and not finished.
pub fn finished(guess: &mut Guess, profile: &Profile) {
    let done = |it: &&String| ["1", "true", "yes", "ja", "waar"].contains(&it.to_lowercase().as_str());
    let found = profile.columns.iter().enumerate().find_map(|(at, column)| {
        let two = column.header.eq_ignore_ascii_case("finished") && column.distinct() == 2 && !column.more;
        let value = column.values.keys().find(done).filter(|_| two)?;
        let rows = column.values.iter().filter(|it| it.0 != value).map(|it| *it.1).sum();
        Some(Finished { column: at, value: value.clone(), rows })
    });
    if let Some(it) = &found {
        let rows = it.rows;
        let text = say(
            guess.lang,
            format!("{rows} answers were not finished and count all the same; `keep where` in survey.peil leaves them out"),
            format!("{rows} antwoorden zijn niet afgemaakt en tellen toch mee; `keep where` in survey.peil laat ze weg"),
        );
        guess.notes.push(Note { doubt: 59, text });
    }
    guess.finished = found;
}

/// What is not declared, and why.
pub fn left_out(guess: &mut Guess, profile: &Profile) {
    let lang = guess.lang;
    let headers = |want: &dyn Fn(&Role) -> bool| -> Vec<&str> {
        guess.items.iter().zip(&profile.columns).filter(|it| want(&it.0.role)).map(|it| it.1.header.as_str()).collect()
    };
    let listed = |list: &[&str]| {
        let first = list.iter().take(6).copied().collect::<Vec<_>>().join(", ");
        let more = list.len().saturating_sub(6);
        if more > 0 { say(lang, format!("{first} and {more} more"), format!("{first} en nog {more}")) } else { first }
    };
    let (people, texts) = (headers(&|it| *it == Role::Personal), headers(&|it| *it == Role::Text));
    let mut notes = Vec::new();
    if !people.is_empty() {
        let named = listed(&people);
        notes.push(Note {
            doubt: 57,
            text: say(
                lang,
                format!("may tell who answered, so not declared, and not in a copy of the data: {named}"),
                format!("kan zeggen wie er antwoordde, dus niet gedeclareerd, en niet in een kopie van de data: {named}"),
            ),
        });
    }
    if !texts.is_empty() {
        let named = listed(&texts);
        notes.push(Note {
            doubt: 28,
            text: say(
                lang,
                format!("free text, in which people may be named, so not declared, and not in a copy of the data: {named}"),
                format!(
                    "open antwoorden, waarin mensen genoemd kunnen zijn, dus niet gedeclareerd, en niet in een kopie van de data: {named}"
                ),
            ),
        });
    }
    guess.notes.extend(notes);
}
