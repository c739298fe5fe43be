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

/// Names that were given out.
#[derive(Debug, Clone, Default)]
pub(super) struct FileNames(BTreeSet<String>);

impl FileNames {
    /// Gives the name of a file for the name of a thing: small letters, digits, `_`, `-` and `.`. Where two would be one,
    /// the later gets a number.
    pub(super) fn give(&mut self, name: &str) -> String {
        let fit = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') { c.to_ascii_lowercase() } else { '-' };
        let mut plain: String = name.chars().map(fit).take(MOST).collect();
        if plain.is_empty() || plain.starts_with('.') || TAKEN.contains(&plain.split('.').next().unwrap_or_default()) {
            plain.insert(0, '_');
        }
        let mut given = plain.clone();
        let mut count = 1;
        while !self.0.insert(given.clone()) {
            count += 1;
            given = format!("{plain}-{count}");
        }
        given
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
    }
}
