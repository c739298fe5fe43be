//! What does one column hold: a rating, a choice, several answers, a text, something about a person?

use super::guess::Role;
use super::profile::{Column, Way};
use super::scale::{self, Scale};
use super::words;
use std::collections::BTreeMap;

/// What a column seems to be; its scale is that of a rating.
pub fn role(column: &Column, scale: Option<Scale>, rows: u64) -> Role {
    if column.filled == 0 {
        return Role::Empty;
    }
    if personal(column) {
        return Role::Personal;
    }
    if let Some(scale) = scale {
        return Role::Rating(scale);
    }
    let meta = words::META.contains(&column.header.to_lowercase().as_str())
        || column.header.to_lowercase().starts_with("duration")
        || column.header.starts_with("Q_");
    if meta || !column.more && words::are_groups(column.values.keys()) {
        return Role::Meta;
    }
    let sentences = column.longest > 60 || column.values.keys().any(|it| it.split_whitespace().count() > 8);
    // What is asked openly is a text, unless its contents are options: few, and each given again and again.
    let open = column.words.has(words::OPEN);
    if !column.is_numeric() && open && (sentences || !options(column)) {
        return Role::Text;
    }
    if column.dates.iter().any(|it| !matches!(it.way, Way::Period | Way::Serial)) && (!column.is_numeric() || column.longest == 8) {
        return Role::Dates;
    }
    if column.distinct() == 1 && !column.more {
        let only = column.values.keys().next().map_or("", String::as_str);
        let count = only.split_whitespace().count();
        // An option of several words stands in its header; a remark that repeats does not.
        let named = [&column.header, &column.question].iter().any(|it| it.to_lowercase().contains(&only.to_lowercase()));
        if count > 5 || count > 1 && !named && !column.is_numeric() && column.dates.is_empty() {
            return Role::Text;
        }
        let part = column.filled * 20 < rows * 19 && !only.is_empty();
        return if part { Role::Ticked } else { Role::Same };
    }
    if !column.more && column.values.keys().all(|it| matches!(it.as_str(), "0" | "1")) {
        return Role::Ticked;
    }
    if let Some(mark) = split(column) {
        return Role::Split(mark);
    }
    if column.is_numeric() {
        let whole = column.numbers.comma + column.numbers.point == 0;
        let few = !column.more && column.distinct() <= 16 && column.numbers.high < 1000.0;
        let about = column.words.says(words::ABOUT) && column.distinct() <= 30 && !column.more;
        if whole && (few || about) {
            let blank = coded_blank(column);
            return Role::Choice { coded: true, blank };
        }
        return Role::Number;
    }
    // Texts of several words that mostly occur once are remarks, also where one of them repeats.
    let once = || column.values.iter().filter(|it| *it.1 == 1 && it.0.contains(' ')).count();
    if !column.more && column.distinct() >= 2 && once() * 2 >= column.distinct() {
        return Role::Text;
    }
    let often = column.filled as f64 / column.distinct().max(1) as f64;
    if !column.more && column.longest <= 60 && column.distinct() <= 60 && (often >= 3.0 || column.distinct() <= 12 && often >= 1.5) {
        let blank = column.values.keys().filter(|it| words::says_blank(it) || words::says_not_applicable(it)).cloned().collect();
        // What is called a weight is none to cut by, whatever is wrong with it.
        return if column.words.has(words::WEIGHT) { Role::Many } else { Role::Choice { coded: false, blank } };
    }
    let spaced = column.values.keys().any(|it| it.contains(' '));
    if spaced && (column.longest > 60 || column.mean_length() > 18.0)
        || column.longest > 200
        || column.values.keys().any(|it| it.split_whitespace().count() > 4)
    {
        return Role::Text;
    }
    Role::Many
}

/// Whether texts are options out of a list, in a field by themselves or with others: each is given at least three times.
fn options(column: &Column) -> bool {
    if column.more || column.distinct() < 2 {
        return false;
    }
    let given_again = |pieces: &BTreeMap<&str, u64>| pieces.len() >= 2 && pieces.len() <= 30 && pieces.values().all(|it| *it >= 3);
    let whole: BTreeMap<&str, u64> = column.values.iter().map(|it| (it.0.as_str(), *it.1)).collect();
    if given_again(&whole) {
        return true;
    }
    split(column).is_some_and(|mark| {
        let mut pieces: BTreeMap<&str, u64> = BTreeMap::new();
        for (text, count) in &column.values {
            text.split(mark).map(str::trim).filter(|it| !it.is_empty()).for_each(|it| *pieces.entry(it).or_default() += count);
        }
        given_again(&pieces)
    })
}

/// 0 below codes that begin at 1: nothing was ticked.
fn coded_blank(column: &Column) -> Vec<String> {
    let zero = column.values.get("0").copied().unwrap_or(0);
    let ones = column.values.contains_key("1") && column.values.contains_key("2");
    let mut blank: Vec<String> = Vec::new();
    if ones && zero > 0 && zero * 4 < column.filled && !column.values.contains_key("-1") {
        blank.push("0".to_owned());
    }
    blank.extend(column.values.keys().filter(|it| ["98", "99", "998", "999", "-1", "-9", "-99"].contains(&it.as_str())).cloned());
    blank.extend(column.values.keys().filter(|it| words::says_blank(it) || words::says_not_applicable(it)).cloned());
    blank
}

/// Whether a column may tell who answered.
fn personal(column: &Column) -> bool {
    const ALWAYS: &[&str] = &[
        "email",
        "e mail",
        "mailadres",
        "ip address",
        "ipaddress",
        "ip adres",
        "latitude",
        "longitude",
        "iban",
        "bsn",
        "recipient",
        "phone number",
        "phonenumber",
        "telefoonnummer",
        "mobile number",
        "first name",
        "firstname",
        "last name",
        "lastname",
        "voornaam",
        "achternaam",
        "surname",
        "full name",
        "fullname",
        "customer name",
        "customername",
        "klantnaam",
        "passport",
        "paspoort",
        "ssn",
        "social security",
        "burgerservicenummer",
        "mobilenumber",
        "telephone number",
        "postcode",
        "zip code",
        "zipcode",
        "postal",
        "geboorte",
        "date of birth",
        "birthdate",
        "dob",
    ];
    const WITH_MANY: &[&str] =
        &["name", "naam", "phone", "telefoon", "mobile", "mobiel", "address", "adres", "street", "straat", "zip", "birth"];
    let half = column.filled.div_ceil(2);
    if column.mail >= half || column.machine >= half {
        return true;
    }
    let many = column.more || column.distinct() > 30 || column.filled >= 3 && column.distinct() as u64 * 10 >= column.filled * 9;
    column.words.has(ALWAYS) && !scale::hinted(&column.words) || many && column.words.says(WITH_MANY) && column.distinct() > 2
}

/// The mark between several answers in one field.
fn split(column: &Column) -> Option<char> {
    for mark in [';', '|', ','] {
        let with: u64 = column.values.iter().filter(|it| it.0.contains(mark)).map(|it| *it.1).sum();
        if with * 20 < column.filled {
            continue;
        }
        let mut pieces: BTreeMap<&str, u64> = BTreeMap::new();
        for (text, count) in &column.values {
            text.split(mark).map(str::trim).filter(|it| !it.is_empty()).for_each(|it| *pieces.entry(it).or_default() += count);
        }
        let named = pieces.keys().all(|it| it.chars().count() <= 50) && pieces.keys().any(|it| it.contains(char::is_alphabetic));
        let numbers = mark == ',' && column.is_numeric();
        // Pieces that come back in several combinations are options; those of free text do not.
        let alone = pieces.keys().filter(|it| column.values.contains_key(**it)).count();
        if named && !numbers && pieces.len() >= 2 && pieces.len() <= 30 && column.distinct() > alone && alone * 2 >= pieces.len() {
            return Some(mark);
        }
    }
    None
}
