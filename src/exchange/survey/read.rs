//! How is this export written? Encoding, delimiter, header rows; then its rows, one by one, as texts.

use crate::source::{DataFile, encoding};
use std::borrow::Cow;
use std::io::Read;

/// More columns than this are no survey.
pub const MAX_COLUMNS: usize = 2_000;
/// How much of a file is looked at to learn its form.
const HEAD_BYTES: usize = 4 << 20;
/// How many rows of it.
const HEAD_ROWS: usize = 300;
/// The largest file that is decoded as a whole: Excel, and UTF-16.
const MAX_WHOLE: u64 = 256 << 20;

/// An export, opened.
pub struct Table {
    body: Body,
    pub form: Form,
    pub shape: Shape,
    /// Where the sheet was one of several: its name, and those of the others.
    pub sheet: Option<(String, Vec<String>)>,
}

enum Body {
    /// A file of text that is read again for every pass.
    Text { file: DataFile, skip: usize },
    /// Rows in memory.
    Grid(Vec<Vec<String>>),
}

/// How a file of text is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Its encoding, where that is not UTF-8.
    pub encoding: Option<&'static str>,
    pub delimiter: u8,
    /// It is no file of text that a source reads: a sheet, or UTF-16.
    pub foreign: bool,
}

/// What stands above the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// One row of names.
    Names,
    /// Names, question texts, and JSON with `ImportId`: Qualtrics.
    Qualtrics,
    /// Questions, and below them their options: SurveyMonkey.
    Options,
    /// Codes, and below them question texts.
    CodesAndTexts,
    /// No names at all.
    Nothing,
}

/// Where the header stands, and what it says.
#[derive(Clone, Debug)]
pub struct Shape {
    pub header: Header,
    /// Rows above the names: titles, a date of export.
    pub above: usize,
    /// Rows of the header itself.
    pub rows: usize,
    /// A header for each column, as it stands in the file, trimmed.
    pub names: Vec<String>,
    /// The text of each column's question, where the header has one.
    pub texts: Vec<String>,
}

impl Table {
    /// Opens an export and learns its form; `sheet` chooses one of a workbook.
    ///
    /// # Errors
    /// What keeps it from being read, in a sentence.
    pub fn open(file: DataFile, name: &str, sheet: Option<&str>) -> Result<Table, String> {
        let scan = Scan::of(&file)?;
        scan.refuse_foreign(name)?;
        if scan.is_workbook() {
            let whole = whole(&file, scan.size)?;
            let (rows, sheet) = super::sheet::read(&whole, sheet)?;
            let head: Vec<Vec<String>> = rows.iter().take(HEAD_ROWS).cloned().collect();
            let shape = shape(&head)?;
            let form = Form { encoding: None, delimiter: b',', foreign: true };
            return Ok(Table { body: Body::Grid(rows), form, shape, sheet });
        }
        if sheet.is_some() {
            return Err(format!("`{name}` has no sheets: it is a file of text"));
        }
        let (file, label, skip) = if let Some(label) = scan.utf16() {
            let bytes = whole(&file, scan.size)?;
            let (text, _, broken) = encoding(label).ok_or("unknown encoding")?.decode(&bytes);
            if broken {
                return Err(format!("`{name}` is neither UTF-8 nor whole {label}"));
            }
            (DataFile::Memory(text.into_owned().into_bytes().into()), Some(label), 0)
        } else if scan.zeros > 0 {
            return Err(format!("`{name}` is no file of text: it holds NUL bytes"));
        } else {
            (file, (!scan.utf8).then_some("windows-1252"), if scan.bom() { 3 } else { 0 })
        };
        let foreign = label.is_some_and(|it| it.starts_with("utf-16"));
        let mut form = Form { encoding: label.filter(|_| !foreign), delimiter: b',', foreign };
        let body = Body::Text { file, skip };
        form.delimiter = delimiter(&body, name)?;
        let head = head(&body, &form)?;
        let shape = shape(&head)?;
        Ok(Table { body, form, shape, sheet: None })
    }

    /// Whether its rows have cells, each in its place whatever stands beside it.
    pub fn is_grid(&self) -> bool {
        matches!(self.body, Body::Grid(_))
    }

    /// Hands over every row of answers with its place in the file, from 1; `false` ends it.
    ///
    /// # Errors
    /// Why a row cannot be read.
    pub fn each(&self, mut take: impl FnMut(u64, &[Cow<'_, str>]) -> Result<bool, String>) -> Result<(), String> {
        let above = self.shape.above + self.shape.rows;
        self.rows(|row, cells| if row <= above as u64 { Ok(true) } else { take(row, cells) })
    }

    /// Hands over every row, the header's too.
    ///
    /// # Errors
    /// Why a row cannot be read.
    pub fn rows(&self, mut take: impl FnMut(u64, &[Cow<'_, str>]) -> Result<bool, String>) -> Result<(), String> {
        match &self.body {
            Body::Grid(rows) => {
                for (at, row) in rows.iter().enumerate() {
                    let cells: Vec<Cow<'_, str>> = row.iter().map(|it| Cow::Borrowed(it.as_str())).collect();
                    if !take(at as u64 + 1, &cells)? {
                        break;
                    }
                }
                Ok(())
            }
            Body::Text { .. } => records(&self.body, &self.form, usize::MAX, take),
        }
    }
}

/// What the bytes of a file tell, all of them.
struct Scan {
    first: Vec<u8>,
    size: u64,
    utf8: bool,
    zeros: u64,
    /// Bytes of zero at odd places, which UTF-16 from the small end has.
    odd_zeros: u64,
}

impl Scan {
    fn of(file: &DataFile) -> Result<Scan, String> {
        let mut scan = Scan { first: Vec::new(), size: 0, utf8: true, zeros: 0, odd_zeros: 0 };
        let mut reader = file.open().map_err(|it| it.to_string())?;
        let mut buffer = vec![0; 1 << 16];
        let mut carried: Vec<u8> = Vec::new();
        loop {
            let read = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.to_string()),
            };
            let bytes = &buffer[..read];
            if scan.first.len() < 4096 {
                scan.first.extend(bytes.iter().take(4096 - scan.first.len()));
            }
            for (at, _) in bytes.iter().enumerate().filter(|it| *it.1 == 0) {
                scan.zeros += 1;
                scan.odd_zeros += (scan.size + at as u64) % 2;
            }
            scan.size += read as u64;
            if scan.utf8 {
                carried.extend(bytes);
                match std::str::from_utf8(&carried) {
                    Ok(_) => carried.clear(),
                    Err(error) if error.error_len().is_none() => drop(carried.drain(..error.valid_up_to())),
                    Err(_) => scan.utf8 = false,
                }
            }
        }
        scan.utf8 &= carried.is_empty();
        if scan.size == 0 || scan.first.iter().all(u8::is_ascii_whitespace) && scan.size < 4096 {
            return Err("the file is empty".to_owned());
        }
        Ok(scan)
    }

    fn bom(&self) -> bool {
        self.first.starts_with(b"\xef\xbb\xbf")
    }

    fn is_workbook(&self) -> bool {
        self.first.starts_with(b"PK\x03\x04") || self.first.starts_with(b"\xd0\xcf\x11\xe0")
    }

    fn utf16(&self) -> Option<&'static str> {
        let most = self.zeros * 5 > self.size;
        if self.first.starts_with(b"\xff\xfe") || most && self.odd_zeros * 10 > self.zeros * 9 {
            return Some("utf-16le");
        }
        (self.first.starts_with(b"\xfe\xff") || most && self.odd_zeros * 10 < self.zeros).then_some("utf-16be")
    }

    /// Files of which another form is to be had.
    fn refuse_foreign(&self, name: &str) -> Result<(), String> {
        let begins = |with: &[u8]| self.first.starts_with(with);
        if begins(b"$FL2") || begins(b"$FL3") {
            return Err(format!("`{name}` is a file of SPSS: export it as CSV, with codes rather than labels"));
        }
        if begins(b"PAR1") {
            return Err(format!("`{name}` is Parquet: a source reads it as it is, `init` does not look into it"));
        }
        if begins(b"\x1f\x8b") {
            return Err(format!("`{name}` is compressed: unpack it first"));
        }
        if begins(b"%PDF") {
            return Err(format!("`{name}` is a PDF: export the answers as CSV or Excel"));
        }
        if begins(b"<") && self.first.windows(5).any(|it| it.eq_ignore_ascii_case(b"<html") || it.eq_ignore_ascii_case(b"<?xml")) {
            return Err(format!("`{name}` is HTML or XML: export the answers as CSV or Excel"));
        }
        Ok(())
    }
}

fn whole(file: &DataFile, size: u64) -> Result<Vec<u8>, String> {
    if size > MAX_WHOLE {
        return Err(format!(
            "larger than {} MiB, which is too much for a file that is read as a whole: export CSV in UTF-8",
            MAX_WHOLE >> 20
        ));
    }
    let mut bytes = Vec::with_capacity(size as usize);
    file.open().and_then(|it| it.take(MAX_WHOLE + 1).read_to_end(&mut bytes)).map_err(|it| it.to_string())?;
    Ok(bytes)
}

/// Hands over the first records of a file of text.
fn records(
    body: &Body,
    form: &Form,
    most: usize,
    mut take: impl FnMut(u64, &[Cow<'_, str>]) -> Result<bool, String>,
) -> Result<(), String> {
    let Body::Text { file, skip } = body else { return Ok(()) };
    let mut reader = file.open().map_err(|it| it.to_string())?;
    let mut mark = [0; 3];
    reader.read_exact(&mut mark[..*skip]).map_err(|it| it.to_string())?;
    let encoding = form.encoding.and_then(encoding);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(form.delimiter).from_reader(reader);
    let mut record = csv::ByteRecord::new();
    let mut row = 0;
    while row < most as u64 {
        row += 1;
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(format!("row {row} cannot be read: {error}")),
        }
        let cells: Vec<Cow<'_, str>> = record
            .iter()
            .map(|it| match encoding {
                None => String::from_utf8_lossy(it),
                Some(encoding) => encoding.decode_without_bom_handling(it).0,
            })
            .collect();
        if !take(row, &cells)? {
            break;
        }
    }
    Ok(())
}

/// The delimiter with which the first rows fall into the most fields, equally many in each.
fn delimiter(body: &Body, name: &str) -> Result<u8, String> {
    let Body::Text { file, skip } = body else { return Ok(b',') };
    let mut bytes = Vec::new();
    let reader = file.open().map_err(|it| it.to_string())?;
    reader.take((HEAD_BYTES + skip) as u64).read_to_end(&mut bytes).map_err(|it| it.to_string())?;
    let bytes = &bytes[*skip..];
    if bytes.len() >= HEAD_BYTES && !bytes.contains(&b'\n') && !bytes.contains(&b'\r') {
        return Err(format!("`{name}` has no line end within {} MiB: it is no table of answers", HEAD_BYTES >> 20));
    }
    let mut best = (0.0, b',', 0);
    for delimiter in [b',', b';', b'\t', b'|'] {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes);
        let mut record = csv::ByteRecord::new();
        let mut widths: Vec<usize> = Vec::new();
        while widths.len() < HEAD_ROWS && reader.read_byte_record(&mut record).unwrap_or(false) {
            widths.push(record.len());
        }
        // The last row of what was taken may have been cut.
        if bytes.len() >= HEAD_BYTES && widths.len() > 1 && widths.len() < HEAD_ROWS {
            widths.pop();
        }
        let often = |width: usize| widths.iter().filter(|it| **it == width).count();
        let Some(mode) = widths.iter().copied().filter(|it| *it > 1).max_by_key(|it| (often(*it), *it)) else { continue };
        let score = often(mode) as f64 / widths.len() as f64 * (1.0 + (mode as f64).min(64.0) / 64.0);
        if score > best.0 {
            best = (score, delimiter, mode);
        }
    }
    if best.2 < 2 {
        return Err(format!("`{name}` has one column: no `,`, `;`, `|` or tab stands between fields"));
    }
    Ok(best.1)
}

fn head(body: &Body, form: &Form) -> Result<Vec<Vec<String>>, String> {
    let mut rows = Vec::new();
    records(body, form, HEAD_ROWS, |_, cells| {
        rows.push(cells.iter().map(|it| it.trim().to_owned()).collect());
        Ok(true)
    })?;
    Ok(rows)
}

// -- the header ----------------------------------------------------------------------------------------------------

/// Finds the header in the first rows.
fn shape(head: &[Vec<String>]) -> Result<Shape, String> {
    let filled = |row: &[String]| row.iter().filter(|it| !it.trim().is_empty()).count();
    let most = head.iter().map(|it| filled(it)).max().unwrap_or(0);
    if most < 2 {
        return Err("no row has two fields that are filled: this is no table of answers".to_owned());
    }
    // A title above the table fills a field or two; a header fills (nearly) all of them.
    let first = head.iter().position(|it| filled(it) * 2 >= most && filled(it) >= 2).unwrap_or(0);
    let above = first;
    let get = |row: usize, column: usize| head.get(first + row).and_then(|it| it.get(column)).map_or("", |it| it.trim());
    let ends: Vec<usize> = head[first..].iter().map(|it| it.iter().rposition(|it| !it.trim().is_empty()).map_or(0, |it| it + 1)).collect();
    // A field behind the last name that few rows have is no column: its row was cut badly.
    let behind = |width: usize| ends.iter().filter(|it| **it >= width).count() * 3 > ends.len();
    let last = ends.iter().copied().max().unwrap_or(0);
    let width = (ends[0] + 1..=last).rev().find(|it| behind(*it)).unwrap_or(ends[0]);
    if width > MAX_COLUMNS {
        return Err(format!(
            "{width} columns: an export of more than {MAX_COLUMNS} is no survey that one person can look over; export fewer"
        ));
    }
    let row = |at: usize| (0..width).map(|it| get(at, it).to_owned()).collect::<Vec<String>>();
    let import = |at: usize| {
        let cells: Vec<String> = row(at).into_iter().filter(|it| !it.is_empty()).collect();
        !cells.is_empty() && cells.iter().filter(|it| it.contains("\"ImportId\"") || it.contains("'ImportId'")).count() * 2 > cells.len()
    };
    if let Some(json) = (1..=2).find(|it| import(*it)) {
        let texts = if json == 2 { row(1) } else { vec![String::new(); width] };
        return Ok(Shape {
            header: Header::Qualtrics,
            above,
            rows: json + 1,
            names: row(0),
            texts: texts.iter().map(|it| plain(it)).collect(),
        });
    }
    let answers = ["response", "open-ended response", "antwoord", "open antwoord", "reactie"];
    let below = row(1);
    if below.iter().any(|it| answers.contains(&it.to_lowercase().as_str())) && head.len() > first + 2 {
        let mut question = String::new();
        let (mut names, mut texts) = (Vec::new(), Vec::new());
        for (column, option) in below.iter().enumerate() {
            let own = get(0, column);
            if !own.is_empty() {
                own.clone_into(&mut question);
            }
            let bare = option.is_empty() || answers.contains(&option.to_lowercase().as_str());
            names.push(if bare { question.clone() } else { format!("{question} - {option}") });
            texts.push(String::new());
        }
        return Ok(Shape { header: Header::Options, above, rows: 2, names, texts });
    }
    let names = row(0);
    let texty = |it: &str| !it.is_empty() && !value_like(it);
    if names.iter().filter(|it| !it.is_empty()).count() > 0 && names.iter().filter(|it| value_like(it)).count() * 2 > filled(&names) {
        let names = (1..=width).map(|it| format!("column_{it}")).collect();
        return Ok(Shape { header: Header::Nothing, above, rows: 0, names, texts: vec![String::new(); width] });
    }
    // Where answers are numbers or dates, a text in the second row is no answer.
    let valued: Vec<usize> = (0..width)
        .filter(|column| {
            let below: Vec<&str> = (2..head.len() - first).map(|it| get(it, *column)).filter(|it| !it.is_empty()).collect();
            below.len() >= 2 && below.iter().filter(|it| value_like(it)).count() * 10 >= below.len() * 9
        })
        .collect();
    let texts = valued.iter().filter(|it| texty(get(1, **it)) && get(1, **it).chars().count() > 3).count();
    if valued.len() >= 2 && texts * 5 >= valued.len() * 4 {
        let texts = row(1).iter().map(|it| plain(it)).collect();
        return Ok(Shape { header: Header::CodesAndTexts, above, rows: 2, names, texts });
    }
    Ok(Shape { header: Header::Names, above, rows: 1, names, texts: vec![String::new(); width] })
}

/// Whether a text is a number or begins like a date: an answer rather than a name.
fn value_like(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next().unwrap_or(' ');
    (first.is_ascii_digit() || first == '-' && chars.next().is_some_and(|it| it.is_ascii_digit()))
        && text.chars().all(|it| it.is_ascii_digit() || "-.,/: TZ+".contains(it))
}

/// A text of a question without marks of HTML and line ends.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let tag = rest[at + 1..].chars().next().is_some_and(|it| it.is_ascii_alphabetic() || it == '/');
        let end = rest[at..].find('>').filter(|_| tag);
        plain.push_str(&rest[..at]);
        match end {
            Some(end) => {
                plain.push(' ');
                rest = &rest[at + end + 1..];
            }
            None => {
                plain.push('<');
                rest = &rest[at + 1..];
            }
        }
    }
    plain.push_str(rest);
    let plain = plain.replace("&nbsp;", " ").replace("&amp;", "&").replace("&quot;", "\"").replace("&#39;", "'");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
