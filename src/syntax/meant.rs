//! What was perhaps meant by a value of another form? The spelling of numbers, percentages, dates, ranges and choices.

/// A value in the form that was expected, and whether it stands there without quotes.
pub struct Meant {
    pub text: String,
    /// Whether the quotes around the value are what is wrong.
    pub bare: bool,
}

/// The value in the form that was expected, where there is no doubt about it.
pub fn meant(expected: &str, text: &str, quoted: bool) -> Option<Meant> {
    let text = text.trim();
    let said = |text: String| Some(Meant { text, bare: false });
    match expected {
        "number" | "whole number" => {
            let number = decimal(text)?;
            let bare = quoted && number == text;
            (number != text || bare).then_some(Meant { text: number, bare: quoted })
        }
        "percentage" => {
            let number = text.trim_end_matches(|it: char| it.is_alphabetic() || it == '%').trim();
            let value: f64 = decimal(number)?.parse().ok()?;
            match value {
                it if it > 0.0 && it < 1.0 && number == text => said(format!("{} %", (value * 1e6).round() / 1e4)),
                it if (1.0..=100.0).contains(&it) => said(format!("{value} %")),
                _ => None,
            }
        }
        "change" => {
            let number = text.trim_start_matches(['+', '-']);
            let end = number.find(|it: char| !it.is_ascii_digit() && it != ',').unwrap_or(number.len());
            let point = decimal(&number[..end]).filter(|it| it.contains('.'))?;
            said(format!("{}{point}{}", &text[..text.len() - number.len()], &number[end..]))
        }
        "unit" | "assumed unit" | "kpi unit" => unit(text, expected != "unit").filter(|it| it != text).and_then(said),
        "date" | "period" => date(text).filter(|it| it != text).and_then(said),
        "flag" => said(if yes(text)? { "true" } else { "false" }.to_owned()),
        "yes or no" => said(if yes(text)? { "yes" } else { "no" }.to_owned()),
        "range" => {
            let ends: Vec<&str> = text.split(|it: char| !it.is_ascii_digit()).filter(|it| !it.is_empty()).collect();
            let between: String = text.chars().filter(|it| !it.is_ascii_digit() && !it.is_whitespace()).collect();
            let [low, high] = ends.as_slice() else { return None };
            let (a, b): (i64, i64) = (low.parse().ok()?, high.parse().ok()?);
            (matches!(between.as_str(), "-" | "–" | "…" | "..." | "to" | "tot" | "..=" | ":") && a < b)
                .then(|| Meant { text: format!("{low}..{high}"), bare: false })
        }
        "month" => {
            const DUTCH: [(&str, &str); 8] = [
                ("januari", "january"),
                ("februari", "february"),
                ("maart", "march"),
                ("mei", "may"),
                ("juni", "june"),
                ("juli", "july"),
                ("augustus", "august"),
                ("oktober", "october"),
            ];
            let lower = text.to_lowercase();
            DUTCH.iter().find(|it| it.0 == lower).and_then(|it| said(it.1.to_owned()))
        }
        _ => None,
    }
}

/// A number with a decimal point, of one with a comma or a point.
fn decimal(text: &str) -> Option<String> {
    let number = if text.matches(',').count() == 1 && !text.contains('.') { text.replace(',', ".") } else { text.to_owned() };
    // `1,000` may be a thousand, or one.
    let doubtful = text.contains(',') && text.split(',').nth(1).is_some_and(|it| it.len() == 3);
    (!doubtful && number.parse::<f64>().is_ok_and(f64::is_finite)).then_some(number)
}

/// A unit as we write it, of one in other words; `any` where it may be another than of time or money.
fn unit(text: &str, any: bool) -> Option<String> {
    let lower = text.to_lowercase();
    let of = match lower.as_str() {
        "sec" | "secs" | "seconde" | "seconden" => "s",
        "mins" | "minuut" | "minuten" => "min",
        "hour" | "hours" | "hr" | "hrs" | "uur" | "uren" => "h",
        "dag" | "dagen" => "days",
        "wk" | "weken" => "weeks",
        "€" | "eur" | "euro" | "euros" | "euro's" => "EUR",
        "$" | "usd" | "dollar" | "dollars" => "USD",
        "£" | "gbp" | "pond" | "pound" | "pounds" => "GBP",
        _ if !any => return None,
        "pct" | "perc" | "percent" | "percentage" | "procent" | "per cent" => "%",
        "‰" | "permille" | "per mille" | "promille" | "per thousand" | "per duizend" => "per 1,000",
        "per hundred" | "per honderd" => "per 100",
        "per million" | "per miljoen" => "per 1,000,000",
        "point" | "punt" | "punten" | "pts" => "points",
        "pp" | "procentpunt" | "procentpunten" | "percentage point" => "percentage points",
        "aantal" => "count",
        "getal" => "number",
        "verhouding" => "ratio",
        // Thousands as Dutch has them.
        _ => {
            let groups: Vec<&str> = lower.strip_prefix("per ")?.split('.').collect();
            let digits = |it: &&str| it.bytes().all(|it| it.is_ascii_digit());
            let grouped = groups.len() > 1 && (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|it| it.len() == 3);
            return (grouped && groups.iter().all(digits)).then(|| format!("per {}", groups.join(",")));
        }
    };
    Some(of.to_owned())
}

fn yes(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "on" | "ja" | "j" | "aan" | "true" | "waar" | "1" => Some(true),
        "no" | "n" | "off" | "nee" | "uit" | "false" | "onwaar" | "0" => Some(false),
        _ => None,
    }
}

/// A day or period as we write it, of one in another order; `01-02-2025` may be either of two days, and is left.
fn date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['-', '/', '.', ' ']).filter(|it| !it.is_empty()).collect();
    let number = |it: &str, most: u32| it.parse::<u32>().ok().filter(|it| (1..=most).contains(it));
    let year = |it: &str| it.len() == 4 && it.bytes().all(|it| it.is_ascii_digit());
    let quarter = |it: &str| {
        let number = it.strip_prefix(['Q', 'q', 'K', 'k'])?;
        matches!(number, "1" | "2" | "3" | "4").then(|| number.to_owned())
    };
    match parts.as_slice() {
        [y, m, d] if year(y) => Some(format!("{y}-{:02}-{:02}", number(m, 12)?, number(d, 31)?)),
        [d, m, y] if year(y) => {
            let (a, b) = (number(d, 31)?, number(m, 31)?);
            match (a > 12, b > 12) {
                (true, false) => Some(format!("{y}-{b:02}-{a:02}")),
                (false, true) => Some(format!("{y}-{a:02}-{b:02}")),
                _ if a == b => Some(format!("{y}-{a:02}-{b:02}")),
                _ => None,
            }
        }
        [y, q] | [q, y] if year(y) && quarter(q).is_some() => Some(format!("{y}-Q{}", quarter(q)?)),
        [y, m] if year(y) => Some(format!("{y}-{:02}", number(m, 12)?)),
        [m, y] if year(y) => Some(format!("{y}-{:02}", number(m, 12)?)),
        [one] if one.len() == 6 && one.is_char_boundary(4) && year(&one[..4]) => {
            quarter(&one[4..]).map(|it| format!("{}-Q{it}", &one[..4]))
        }
        _ => None,
    }
}
