//! Which fixes can be made together, and what do the files read then?

use crate::source::{FileId, Sources};
use crate::value::{Edit, Fact};
use std::collections::BTreeMap;

/// Files with fixes in them.
#[derive(Debug, Default)]
pub struct Mended<'f> {
    /// The files that changed, with their new texts, in the order of the files.
    pub texts: Vec<(FileId, String)>,
    /// The findings whose fixes were made.
    pub facts: Vec<&'f Fact>,
}

/// Makes all fixes that leave each other alone; of two that touch the same text, the first. No other byte changes.
pub fn mend<'f>(facts: impl IntoIterator<Item = &'f Fact>, sources: &Sources) -> Mended<'f> {
    let mut made: BTreeMap<FileId, Vec<Edit>> = BTreeMap::new();
    let mut mended = Mended::default();
    for fact in facts {
        let Some(edits) = fact.fix.as_ref().map(|it| &it.edits).filter(|it| !it.is_empty()) else { continue };
        let known = |it: &Edit| made.get(&it.span.file).map_or(&[][..], Vec::as_slice);
        // Two findings may ask for the very same.
        let same = edits.iter().all(|it| known(it).contains(it));
        if !same && edits.iter().any(|it| known(it).iter().any(|other| meet(it, other))) {
            continue;
        }
        if !same {
            edits.iter().for_each(|it| made.entry(it.span.file).or_default().push(it.clone()));
        }
        mended.facts.push(fact);
    }
    for (file, mut edits) in made {
        edits.sort_by_key(|it| std::cmp::Reverse((it.span.start, it.span.end)));
        let mut text = sources.file(file).text.to_string();
        edits.iter().for_each(|it| text.replace_range(it.span.range(), &it.text));
        mended.texts.push((file, text));
    }
    mended
}

/// Whether two changes touch the same text, or insert at the same place.
fn meet(a: &Edit, b: &Edit) -> bool {
    let (a, b) = (a.span, b.span);
    a.start == b.start || (a.start < b.end && b.start < a.end)
}
