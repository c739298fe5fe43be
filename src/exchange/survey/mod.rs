//! What does this survey export say in Peil's words? In go a file and its name, out come the texts of a project that
//! checks, every guess marked, and the data in a form that a source reads.

mod guess;
mod kpis;
mod names;
mod notes;
mod profile;
mod read;
mod roles;
mod scale;
mod sheet;
mod time;
mod words;
mod write;

pub use notes::Note;

use crate::source::DataFile;
use crate::words::Lang;
use guess::Guess;
use profile::Profile;
use read::{Header, Table};
use std::collections::BTreeMap;
use std::io::Write;

/// Data up to this size are copied into the project.
pub const MAX_COPY: u64 = 20 << 20;

/// A project that an export suggests.
pub struct Draft {
    table: Table,
    profile: Profile,
    guess: Guess,
    file: String,
    size: u64,
}

/// How the project gets at the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    /// The file itself is copied, byte for byte.
    Copied,
    /// A copy is written, in the form of the file, without the columns that may tell who answered.
    Thinned,
    /// A copy is written as CSV in UTF-8 with one header row: no source reads the file as it is.
    Rewritten,
    /// The file is large, and stays where it is.
    Referred,
}

/// What to make of an export.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// The sheet of a workbook.
    pub sheet: Option<&'a str>,
    /// The language of the project.
    pub lang: Option<Lang>,
}

/// Reads an export and guesses what it is.
///
/// # Errors
/// What keeps it from being read, in a sentence.
pub fn draft(file: DataFile, name: &str, size: u64, wanted: &Wanted<'_>) -> Result<Draft, String> {
    let table = Table::open(file, name, wanted.sheet)?;
    let profile = profile::profile(&table)?;
    let guess = guess::guess(&table, &profile, name, wanted.lang);
    Ok(Draft { table, profile, guess, file: name.to_owned(), size })
}

impl Draft {
    /// How the project gets at the data.
    pub fn data(&self) -> Data {
        let dated = self.guess.time.as_ref().is_some_and(|it| !it.way.is_known() || it.missing > 0);
        if self.guess.unfit || dated {
            Data::Rewritten
        } else if self.size > MAX_COPY {
            Data::Referred
        } else if self.guess.items.iter().any(|it| it.role.is_left_out()) {
            Data::Thinned
        } else {
            Data::Copied
        }
    }

    /// The path of the data as the project names it.
    pub fn data_path(&self) -> String {
        let name: String = self.file.chars().map(|it| if "*?[]{}\\/\":".contains(it) || it.is_control() { '_' } else { it }).collect();
        let name = name.trim_start_matches('.');
        let stem = name.rsplit_once('.').map_or(name, |it| it.0);
        let stem = if stem.is_empty() { "survey" } else { stem };
        match self.data() {
            Data::Referred => self.file.clone(),
            _ if name.to_lowercase().ends_with(".txt") || name.to_lowercase().ends_with(".tsv") => format!("data/{name}"),
            _ => format!("data/{stem}.csv"),
        }
    }

    /// The files of definitions, by path. `measured` says of a KPI what it is now.
    pub fn definitions(&self, measured: &BTreeMap<String, String>) -> Vec<(&'static str, String)> {
        write::definitions(self, measured)
    }

    /// Guesses to look at, the most doubtful first.
    pub fn notes(&self) -> &[Note] {
        &self.guess.notes
    }

    /// The language of the project.
    pub fn lang(&self) -> Lang {
        self.guess.lang
    }

    /// Answers that the project reads, and columns with something in them.
    pub fn counts(&self) -> (u64, usize) {
        (
            self.profile.rows - self.guess.time.as_ref().map_or(0, |it| it.missing),
            self.profile.columns.iter().filter(|it| it.filled > 0).count(),
        )
    }

    /// Writes the copy of the data.
    ///
    /// # Errors
    /// Why it could not be read again, or written.
    pub fn write_data(&self, to: &mut dyn Write) -> Result<(), String> {
        let rewritten = self.data() == Data::Rewritten;
        let width = self.profile.columns.len();
        let kept: Vec<usize> = (0..width)
            .filter(|at| !self.guess.items[*at].role.is_left_out() && (!rewritten || self.profile.columns[*at].filled > 0))
            .collect();
        let time = self.guess.time.as_ref();
        let encoding = self.table.form.encoding.filter(|_| !rewritten).and_then(crate::source::encoding);
        let mut writer = csv::WriterBuilder::new().flexible(true).delimiter(self.table.form.delimiter).from_writer(to);
        let failed = |it: csv::Error| it.to_string();
        if rewritten {
            writer.write_record(kept.iter().map(|it| self.profile.columns[*it].header.as_bytes())).map_err(failed)?;
        }
        let above = if rewritten { (self.table.shape.above + self.table.shape.rows) as u64 } else { 0 };
        self.table.rows(|row, cells| {
            if row <= above || rewritten && cells.iter().all(|it| it.trim().is_empty()) {
                return Ok(true);
            }
            if rewritten && time.is_some_and(|it| cells.get(it.column).is_none_or(|it| it.trim().is_empty())) {
                return Ok(true);
            }
            for at in &kept {
                let cell = cells.get(*at).map_or("", |it| it.as_ref());
                let day = time.filter(|it| it.column == *at && row > above && !it.way.is_known()).and_then(|it| it.way.read(cell.trim()));
                let written = match (day, encoding) {
                    (Some((day, _)), _) => writer.write_field(day.to_string()),
                    (None, Some(encoding)) => writer.write_field(encoding.encode(cell).0),
                    (None, None) => writer.write_field(if rewritten { cell.trim() } else { cell }),
                };
                written.map_err(failed)?;
            }
            writer.write_record(None::<&[u8]>).map_err(failed)?;
            Ok(true)
        })?;
        writer.flush().map_err(|it| it.to_string())
    }

    /// Rows of the header in the data that the project reads.
    fn header_rows(&self) -> usize {
        match (self.data(), self.table.shape.header) {
            (Data::Rewritten, _) | (_, Header::Names) => 1,
            _ => self.table.shape.rows,
        }
    }
}
