//! Under which names do files stand on any disk? Names of things as names of files: the same every time, and different
//! for different things, also where a disk does not tell `A` from `a`.

use std::collections::BTreeSet;

/// The longest name of a file, without its ending.
const MOST: usize = 80;
/// Names that Windows keeps for itself, whatever their ending.
const TAKEN: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4",
    "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// The longest name of a sheet.
#[cfg(feature = "excel")]
const MOST_OF_SHEET: usize = 31;

/// Names that were given out, as they are without capitals.
#[derive(Debug, Clone, Default)]
struct Given(BTreeSet<String>);

impl Given {
    /// Gives a name as far as it may be long. Where two would be one, the later gets a number.
    fn apart(&mut self, name: &str, most: usize) -> String {
        let mut given: String = name.chars().take(most).collect();
        let mut count = 1;
        while !self.0.insert(given.to_lowercase()) {
            count += 1;
            let number = format!("-{count}");
            given = name.chars().take(most - number.len()).collect::<String>() + &number;
        }
        given
    }
}

/// Names of files that were given out.
#[derive(Debug, Clone, Default)]
pub struct FileNames(Given);

impl FileNames {
    /// Gives the name of a file for the name of a thing: small letters, digits, `_`, `-` and `.`. Where two would be one,
    /// the later gets a number.
    pub fn give(&mut self, name: &str) -> String {
        let fit = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') { c.to_ascii_lowercase() } else { '-' };
        self.free(name.chars().map(fit).collect())
    }

    /// Likewise for a name that users know as it is written: its letters stay.
    pub fn keep(&mut self, name: &str) -> String {
        self.free(name.to_owned())
    }

    fn free(&mut self, mut name: String) -> String {
        let first = name.split('.').next().unwrap_or_default();
        if name.is_empty() || name.starts_with('.') || TAKEN.contains(&first.to_ascii_lowercase().as_str()) {
            name.insert(0, '_');
        }
        self.0.apart(&name, MOST)
    }
}

/// Names of sheets that were given out.
#[cfg(feature = "excel")]
#[derive(Debug, Clone, Default)]
pub(super) struct SheetNames(Given);

#[cfg(feature = "excel")]
impl SheetNames {
    /// Gives the name of a sheet. Where two would be one, the later gets a number.
    pub(super) fn give(&mut self, name: &str) -> String {
        self.0.apart(name, MOST_OF_SHEET)
    }
}

#[cfg(test)]
mod tests {
    use super::FileNames;

    #[test]
    fn names_fit_any_disk_and_differ() {
        let mut names = FileNames::default();
        let given = ["nps", "NPS", "nps", "nul", "nul.x", "..", "a/b\\c:d", "één", "één", ""].map(|it| names.give(it));
        assert_eq!(given, ["nps", "nps-2", "nps-3", "_nul", "_nul.x", "_..", "a-b-c-d", "--n", "--n-2", "_"]);
        assert!(names.give(&"x".repeat(400)).len() <= 80);
        assert!(names.give(&"x".repeat(400)).len() <= 80);
        let mut names = FileNames::default();
        assert_eq!(["Board", "board", "één", "CON"].map(|it| names.keep(it)), ["Board", "board-2", "één", "_CON"]);
    }

    #[cfg(feature = "excel")]
    #[test]
    fn names_of_sheets_are_short_and_differ() {
        let mut names = super::SheetNames::default();
        let long = "Index quality_of_service_experienced_web";
        let given = [long, &format!("{long}_too"), "Index NPS", "Index nps"].map(|it| names.give(it));
        let short = "Index quality_of_service_experi";
        assert_eq!(given, [short.to_owned(), format!("{}-2", &short[..29]), "Index NPS".to_owned(), "Index nps-2".to_owned()]);
    }
}
