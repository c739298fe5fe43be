//! Which findings are one mistake? A name that changed is unknown wherever it is used, and is one mistake all the same.

use super::fact::{Code, Diagnostics, Fact, Label};
use std::collections::{BTreeMap, HashMap};

/// The findings about what stands elsewhere: where that changed, each place that uses it has one, and says the same.
const FOLDED: [Code; 10] = [
    Code::UnknownKpi,
    Code::UnknownGoal,
    Code::UnknownSource,
    Code::UnknownDimension,
    Code::UnknownTouchpoint,
    Code::UnknownName,
    Code::UnknownTeam,
    Code::UnknownTheme,
    Code::UnknownColumn,
    Code::ScaleMismatch,
];

/// How many further places of one mistake are drawn; of more it is said how many there are.
pub const DRAWN: usize = 5;

impl Diagnostics {
    /// Makes one finding of those that say the same of several places: it stands at the first, points at the others, and
    /// mends all of them.
    pub fn fold(&mut self) {
        let mut order: Vec<usize> = (0..self.facts.len()).filter(|it| FOLDED.contains(&self.facts[*it].code)).collect();
        if order.len() < 2 {
            return;
        }
        order.sort_by_key(|it| self.facts[*it].span.map(|span| (span.file.0, span.start)));
        let mut first_of: HashMap<String, usize> = HashMap::new();
        let mut others: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut gone = vec![false; self.facts.len()];
        for at in order {
            match first_of.get(&meaning(&self.facts[at])) {
                None => {
                    first_of.insert(meaning(&self.facts[at]), at);
                }
                // The very same is left out when findings are sorted.
                Some(first) if self.facts[*first].span == self.facts[at].span => {}
                Some(first) => {
                    others.entry(*first).or_default().push(at);
                    gone[at] = true;
                }
            }
        }
        for (first, others) in others {
            let mut fact = self.facts[first].clone();
            for other in others.iter().map(|it| self.facts[*it].clone()) {
                fact.labels.extend(other.span.map(|span| Label { span, role: "also", args: Vec::new() }));
                for edit in other.fix.into_iter().flat_map(|it| it.edits) {
                    fact = fact.edit(edit);
                }
            }
            self.facts[first] = fact.with_some("places", (others.len() > DRAWN).then_some(others.len() + 1));
        }
        let mut at = 0;
        self.facts.retain(|_| {
            at += 1;
            !gone[at - 1]
        });
    }
}

/// What a finding says, wherever it says so. What mends one place mends the others.
fn meaning(fact: &Fact) -> String {
    let edits = fact.fix.as_ref().map(|it| it.edits.len());
    format!("{:?}", (fact.code, fact.severity, &fact.args, &fact.labels, edits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    fn unknown(file: u32, at: usize, name: &str) -> Fact {
        let span = Span::new(FileId(file), at, at + name.len());
        Fact::at(Code::UnknownKpi, span).with("name", name).mend(span, "nps")
    }

    #[test]
    fn one_name_is_one_finding_that_mends_all_places() {
        let mut found = Diagnostics::default();
        found.push(unknown(1, 40, "npss"));
        found.push(unknown(0, 7, "npss"));
        found.push(unknown(0, 90, "ces_"));
        found.push(unknown(0, 70, "npss"));
        found.fold();
        let facts = found.sorted();
        assert_eq!(facts.len(), 2);
        assert_eq!(facts[0].span.map(|it| it.start), Some(7));
        let also: Vec<u32> = facts[0].labels.iter().map(|it| it.span.start).collect();
        assert_eq!(also, [70, 40]);
        assert_eq!(facts[0].fix.as_ref().map(|it| it.edits.len()), Some(3));
        assert_eq!(facts[1].labels.len(), 0);
    }

    #[test]
    fn what_says_something_else_stays() {
        let span = |at| Span::new(FileId(0), at, at + 1);
        let mut found = Diagnostics::default();
        found.push(Fact::at(Code::NormOutOfRange, span(1)).with("value", 7));
        found.push(Fact::at(Code::NormOutOfRange, span(5)).with("value", 7));
        found.push(unknown(0, 9, "npss").label(span(1), "similar"));
        found.push(unknown(0, 30, "npss"));
        found.fold();
        assert_eq!(found.len(), 4);
    }
}
