//! The libraries that come with the program, as text: they are read like any other project, and `explain` prints them.

use crate::source::Listed;
use crate::value::nearest;

/// A library of the program.
#[derive(Debug)]
pub struct Standard {
    /// What it is used by: `peil.cx`.
    pub name: &'static str,
    /// The path under which its text is shown.
    pub path: &'static str,
    pub text: &'static str,
}

/// All of them.
pub const STANDARD: &[Standard] = &[Standard { name: "peil.cx", path: "peil/cx.peil", text: include_str!("cx.peil") }];

/// The library of the program with this name, where the name can be of no folder; else what was perhaps meant.
pub(super) fn named(path: &str) -> Option<Result<&'static Standard, Option<String>>> {
    let rest = path.strip_prefix("peil.")?;
    if rest.contains('/') {
        return None;
    }
    let found = STANDARD.iter().find(|it| it.name == path);
    Some(found.ok_or_else(|| nearest(path, STANDARD.iter().map(|it| it.name)).or_else(|| STANDARD.first().map(|it| it.name.to_owned()))))
}

/// Its text, as a world would list it.
pub(super) fn listed(name: &str) -> Vec<Listed> {
    let found = STANDARD.iter().filter(|it| it.name == name);
    found.map(|it| Listed { path: it.path.to_owned(), text: Ok(it.text.into()) }).collect()
}

impl Standard {
    /// The text of one of its items, with the comments above it.
    pub fn item(&self, name: &str) -> Option<&'static str> {
        let head = format!("\nkpi {name} ");
        let start = self.text.find(&head)? + 1;
        let end = self.text[start..].find("\n}\n").map_or(self.text.len(), |it| start + it + 3);
        // The comment belongs to the item up to the nearest blank line.
        let above = self.text[..start].rfind("\n\n").map_or(0, |it| it + 2);
        self.text.get(above..end)
    }

    /// The names of its items.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.text.lines().filter_map(|it| it.strip_prefix("kpi ")?.split_whitespace().next())
    }
}
