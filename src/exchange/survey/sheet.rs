//! What stands in the sheets of a workbook? Rows of texts, days as `2024-01-31`.

/// The most cells that a workbook may have.
#[cfg(feature = "excel")]
const MAX_CELLS: usize = 20_000_000;
/// The most bytes that its parts may have when they are unpacked, as the archive tells.
#[cfg(feature = "excel")]
const MAX_UNPACKED: u64 = 1 << 30;

/// The rows of a sheet, with its name and those of the others where there are several.
pub type Sheet = (Vec<Vec<String>>, Option<(String, Vec<String>)>);

/// Reads a sheet: the one that is named, else the one with the most cells that are filled.
///
/// # Errors
/// Why there is none.
#[cfg(not(feature = "excel"))]
pub fn read(_: &[u8], _: Option<&str>) -> Result<Sheet, String> {
    Err("a workbook, and this program was built without the feature `excel`: export CSV".to_owned())
}

/// Reads a sheet: the one that is named, else the one with the most cells that are filled.
///
/// # Errors
/// Why there is none.
#[cfg(feature = "excel")]
pub fn read(bytes: &[u8], wanted: Option<&str>) -> Result<Sheet, String> {
    use calamine::Reader;
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") && holds_utf16(bytes, "EncryptedPackage") {
        return Err("the workbook is protected by a password: save it without one".to_owned());
    }
    if unpacked(bytes).is_some_and(|it| it > MAX_UNPACKED) {
        return Err(format!("the workbook holds more than {} MiB: export CSV", MAX_UNPACKED >> 20));
    }
    let broken = |error: String| {
        if error.to_lowercase().contains("password") {
            "the workbook is protected by a password: save it without one".to_owned()
        } else {
            format!("the workbook cannot be read: {error}")
        }
    };
    // The decoder is another's: a panic of it is a file that cannot be read.
    let read = std::panic::catch_unwind(|| {
        let mut book = calamine::open_workbook_auto_from_rs(std::io::Cursor::new(bytes)).map_err(|it| broken(it.to_string()))?;
        let names = book.sheet_names();
        if let Some(wanted) = wanted
            && !names.iter().any(|it| it == wanted)
        {
            return Err(format!("no sheet `{wanted}`; the workbook has {}", listed(&names)));
        }
        let mut best: Option<(usize, usize, calamine::Range<calamine::Data>)> = None;
        let mut cells = 0;
        for (at, name) in names.iter().enumerate().filter(|it| wanted.is_none_or(|wanted| wanted == it.1)) {
            let range = match book.worksheet_range(name) {
                Ok(range) => range,
                // A chart has no cells; a sheet that is broken matters where it was asked for.
                Err(_) if wanted.is_none() => continue,
                Err(error) => return Err(broken(error.to_string())),
            };
            cells += range.get_size().0 * range.get_size().1;
            if cells > MAX_CELLS {
                return Err(format!("the workbook has more than {MAX_CELLS} cells: export CSV, or name one sheet by --sheet"));
            }
            let filled = range.used_cells().count();
            if best.as_ref().is_none_or(|it| filled > it.0) {
                best = Some((filled, at, range));
            }
        }
        let Some((_, at, range)) = best.filter(|it| it.0 > 0) else {
            return Err("the workbook has no sheet with cells that are filled".to_owned());
        };
        let rows: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(text).collect()).collect();
        let mut others = names.clone();
        let own = others.remove(at);
        Ok((rows, (!others.is_empty()).then_some((own, others))))
    });
    read.unwrap_or_else(|_| Err("the workbook cannot be read: it is damaged".to_owned()))
}

#[cfg(feature = "excel")]
fn listed(names: &[String]) -> String {
    let first: Vec<String> = names.iter().take(8).map(|it| format!("`{it}`")).collect();
    let more = names.len().saturating_sub(8);
    if more > 0 { format!("{} and {more} more", first.join(", ")) } else { first.join(", ") }
}

/// A cell as it would stand in a file of text.
#[cfg(feature = "excel")]
fn text(cell: &calamine::Data) -> String {
    use calamine::Data;
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::Int(it) => it.to_string(),
        // A code that Excel keeps as a double is that code.
        Data::Float(it) if it.fract() == 0.0 && it.abs() < 1e15 => format!("{it:.0}"),
        Data::Float(it) => it.to_string(),
        Data::String(it) => it.trim().to_owned(),
        Data::Bool(it) => if *it { "1" } else { "0" }.to_owned(),
        Data::DateTime(it) if it.is_duration() => it.as_f64().to_string(),
        Data::DateTime(it) => {
            let (year, month, day, hour, minute, second, _) = it.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date} {hour:02}:{minute:02}:{second:02}") }
        }
        Data::DateTimeIso(it) | Data::DurationIso(it) => it.clone(),
    }
}

#[cfg(feature = "excel")]
fn holds_utf16(bytes: &[u8], text: &str) -> bool {
    let wanted: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wanted.len()).any(|it| it == wanted)
}

/// The bytes that the parts of an archive have when they are unpacked, as its directory tells.
#[cfg(feature = "excel")]
fn unpacked(bytes: &[u8]) -> Option<u64> {
    let end = bytes.windows(4).rposition(|it| it == b"PK\x05\x06")?;
    let number = |at: usize, size: usize| {
        bytes.get(at..at + size).map(|it| it.iter().rev().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte)))
    };
    let mut at = number(end + 16, 4)?;
    let mut sum = 0;
    for _ in 0..number(end + 10, 2)? {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        sum += number(at + 24, 4)? as u64;
        at += 46 + number(at + 28, 2)? + number(at + 30, 2)? + number(at + 32, 2)?;
    }
    Some(sum)
}
