//! `event`: the days of an annotation.

use super::build::Builder;
use super::types::*;
use crate::syntax::Word;
use crate::value::{Code, Fact};

impl Builder<'_> {
    pub fn events(&mut self) {
        for named in self.names.of(Word::Event).to_vec() {
            let body = named.body;
            let on = body.get("on").and_then(|it| self.days(it, "on"));
            let from = body.get("from").and_then(|it| self.days(it, "from"));
            let until = body.get("until").and_then(|it| self.days(it, "until"));
            let dates = match (on, from, until) {
                (Some(on), None, None) => Some(on),
                (None, Some(from), Some(until)) if from.0 < until.1 => Some((from.0, until.1)),
                (None, Some(from), None) => Some(from),
                _ => None,
            };
            let touches = self.kpis_named(body, "touches");
            let Some((from, until)) = dates else {
                if !body.is_refused() && ["on", "from", "until"].iter().all(|it| body.get(it).is_none()) {
                    let fact = Fact::at(Code::MissingKey, named.name.span).with("key", "on").with("word", "event");
                    self.out.push(fact.with("name", &named.name.value));
                } else if on.is_some() || from.is_some() {
                    let node = body.get("until").or(body.get("from")).unwrap_or(body);
                    self.wrong("until", "later date", node);
                    // Both are there, the later one first: they changed places.
                    if let (None, Some(from), Some(until)) = (on, body.get("from"), body.get("until"))
                        && let (Some(first), Some(last)) = (from.spanned(), until.spanned())
                        && let Some(fact) = self.out.iter_mut().last()
                    {
                        let swapped = fact.clone().mend(first.span, last.value.trim()).mend(last.span, first.value.trim());
                        *fact = swapped.with("swapped", "yes");
                    }
                }
                continue;
            };
            let title = self.text(body, "title");
            self.item_lints(Word::Event, named);
            self.model.events.push(Event { name: named.name.value.clone(), title, from, until, touches });
        }
    }
}
