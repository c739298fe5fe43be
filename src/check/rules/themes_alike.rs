//! Two themes that readers cannot tell apart: of one colour, or with one title.

use super::name_words::texts;
use super::{Subject, about};
use crate::value::{Code, Diagnostics};

/// Names of the palette that stand for one colour.
const SAME: [(&str, &str); 2] = [("gray", "grey"), ("violet", "purple")];

pub(super) fn check(subject: Subject<'_>, out: &mut Diagnostics) {
    let themes = &subject.model.project.themes;
    for (at, theme) in themes.iter().enumerate() {
        let earlier = &themes[..at];
        let color = |it: &Option<String>| it.as_deref().map(paint);
        let titled = |other: &&crate::model::Theme| texts(&theme.title).any(|a| texts(&other.title).any(|b| a.trim().eq_ignore_ascii_case(b.trim())));
        let of_color = earlier.iter().find(|it| theme.color.is_some() && color(&it.color) == color(&theme.color));
        let by = of_color.map(|it| (it, "color")).or_else(|| earlier.iter().find(titled).map(|it| (it, "title")));
        if let Some((other, what)) = by {
            let fact = about(Code::ThemesAlike, "theme", &theme.name, theme.span).with("what", what).with("other", &other.name);
            out.push(fact.with_some("color", theme.color.as_deref()).label(other.span, "other"));
        }
    }
}

fn paint(name: &str) -> String {
    let name = name.to_lowercase();
    SAME.iter().find(|it| it.0 == name).map_or(name, |it| it.1.to_owned())
}
