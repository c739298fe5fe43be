//! `report`: audience, sections, KPIs, cuts, period.

use super::build::Builder;
use super::types::*;
use crate::syntax::Word;
use crate::value::{Code, Fact};
use crate::words::Lang;

impl Builder<'_> {
    pub fn reports(&mut self) {
        for named in self.names.of(Word::Report).to_vec() {
            let body = named.body;
            let mut sections = Vec::new();
            for name in self.names_of(body, "sections") {
                if crate::syntax::schema::SECTIONS.contains(&name.value.as_str()) {
                    sections.push(name.value);
                    continue;
                }
                let fact = Fact::at(Code::WrongValue, name.span).with("key", "sections").with("expected", "choice");
                let fact = fact.with("found", format!("`{}`", name.value)).with("choices", crate::syntax::schema::SECTIONS.join(", "));
                self.out.push(fact.did_you_mean(&name.value, name.span, crate::syntax::schema::SECTIONS));
            }
            let period = self.period(body, "period", "period");
            let report = Report {
                name: named.name.value.clone(),
                span: named.name.span,
                title: self.text(body, "title"),
                description: self.text(body, "description"),
                audience: self.team(body, "for"),
                language: self.word(body, "language").and_then(Lang::named),
                sections,
                kpis: self.kpis_named(body, "kpis"),
                cuts: self.cuts(body),
                period,
                grain: self.grain(body, "grain"),
                template: self.file_name(body, "template"),
                style: self.file_name(body, "style"),
                logo: self.file_name(body, "logo"),
            };
            self.model.reports.push(report);
            self.item_lints(Word::Report, named);
        }
    }
}
