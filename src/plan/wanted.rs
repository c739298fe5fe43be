//! What is to be held against what, in words (`previous`, `channel: web, phone`) -> what figures are held against.

use super::{Against, Ask, Request};
use crate::check::Checked;
use crate::model::{DimensionId, RowExpr, print_row};
use crate::value::nearest;

/// What is to be held against what, before it is known of which KPI.
pub enum Wanted {
    Previous,
    Year,
    Norm,
    Benchmark,
    Rest,
    /// Two values of a dimension.
    Groups(DimensionId, String, String),
}

impl Wanted {
    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn parse(checked: &Checked, text: &str) -> Result<Wanted, String> {
        Ok(match text.trim() {
            "previous" => Wanted::Previous,
            "year" => Wanted::Year,
            "norm" => Wanted::Norm,
            "benchmark" => Wanted::Benchmark,
            "rest" => Wanted::Rest,
            text => {
                let known = "previous, year, norm, benchmark, rest, or two groups: \"channel: web, phone\"";
                let Some((name, values)) = text.split_once(':') else {
                    return Err(format!("nothing is compared with `{text}`: compare with {known}"));
                };
                let id = dimension(checked, name.trim())?;
                let values = listed(values);
                let [a, b] = values.as_slice() else {
                    return Err(format!("`{text}` names {} groups: name two, as in \"channel: web, phone\"", values.len()));
                };
                if a == b {
                    return Err(format!("`{text}` names one group twice"));
                }
                Wanted::Groups(id, a.clone(), b.clone())
            }
        })
    }
}

fn dimension(checked: &Checked, name: &str) -> Result<DimensionId, String> {
    let all = &checked.model.dimensions;
    let found = all.iter().position(|it| it.name == name).map(|it| DimensionId(it as u32));
    found.ok_or_else(|| match nearest(name, all.iter().map(|it| it.name.as_str())) {
        Some(similar) => format!("unknown dimension `{name}`; did you mean `{similar}`?"),
        None => format!("unknown dimension `{name}`"),
    })
}

/// Values with commas between them; one that holds a comma stands in quotes.
fn listed(text: &str) -> Vec<String> {
    let mut quoted = false;
    let values = text.split(|it| {
        quoted ^= it == '"';
        it == ',' && !quoted
    });
    values.map(|it| it.trim().trim_matches('"').to_owned()).filter(|it| !it.is_empty()).collect()
}

impl Request {
    /// Adds an ask with what it is held against, or as it is where it is held against nothing. Of all KPIs, those that
    /// cannot be compared so are left out; one that was named is an error.
    ///
    /// # Errors
    /// Why a KPI that was named cannot be compared so.
    pub fn add_compared(&mut self, checked: &Checked, ask: Ask, wanted: &[Wanted], all: bool) -> Result<(), String> {
        if wanted.is_empty() {
            self.add(ask);
            return Ok(());
        }
        for it in wanted {
            match against(checked, &ask, it) {
                Ok(found) => {
                    for (part, against) in found {
                        let place = self.add(Ask { part, ..ask.clone() });
                        self.compare(place, against);
                    }
                }
                Err(_) if all => {}
                Err(reason) => return Err(reason),
            }
        }
        Ok(())
    }
}

/// What an ask is held against, each with the part of the KPI that the figure itself is then of.
fn against(checked: &Checked, ask: &Ask, wanted: &Wanted) -> Result<Vec<(Option<RowExpr>, Against)>, String> {
    let model = &checked.model;
    let kpi = &model.kpis[ask.kpi.index()];
    let name = &kpi.name;
    let own = |against: Against| Ok(vec![(ask.part.clone(), against)]);
    match wanted {
        Wanted::Previous | Wanted::Year if !checked.has_time(ask.kpi) => {
            Err(format!("`{name}` has no time: there is nothing earlier to compare it with"))
        }
        Wanted::Previous => own(Against::Previous),
        Wanted::Year => own(Against::Year),
        Wanted::Norm if kpi.norms.iter().all(|it| it.target.is_none()) => Err(format!("`{name}` has no target to compare it with")),
        Wanted::Norm => own(Against::Norm),
        Wanted::Benchmark => {
            let of = |it: &crate::model::Benchmark| it.of.as_ref().is_some_and(|it| it.kpi == ask.kpi && it.part == ask.part);
            let found: Vec<_> = model.benchmarks.iter().enumerate().filter(|it| of(it.1) && it.1.file.is_none()).collect();
            if let Some(it) = model.benchmarks.iter().find(|it| of(it)).filter(|_| found.is_empty()) {
                return Err(format!("the figures of benchmark `{}` stand in a file: `peil eval` reads it", it.name));
            }
            if found.is_empty() {
                return Err(format!("no benchmark is declared for `{name}`"));
            }
            Ok(found.into_iter().map(|(at, _)| (ask.part.clone(), Against::Benchmark(at))).collect())
        }
        Wanted::Rest if !ask.cut.is_empty() => own(Against::Rest),
        Wanted::Rest => match &ask.part {
            // What is unknown is not in the part, and so in the rest.
            Some(part) => {
                let rest = RowExpr::Coalesce(vec![RowExpr::Not(Box::new(part.clone())), RowExpr::Bool(true)]);
                own(Against::Group { part: rest, name: "rest".to_owned() })
            }
            None => Err(format!("`{name}` is not cut, so there is no rest: name a cut, or a part as in `{name}[region = \"N\"]`")),
        },
        Wanted::Groups(id, a, b) => {
            let dimension = &model.dimensions[id.index()].name;
            // Groups that overlap are held against each other all the same: what both have in common is counted.
            if checked.lacks(ask.kpi, *id).is_some_and(|it| !crate::model::overlaps_on(model, *id, it)) {
                return Err(format!("`{name}` cannot be cut by `{dimension}`"));
            }
            if ask.cut.contains(id) {
                return Err(format!("the groups of `{dimension}` are compared, so figures are not cut by it"));
            }
            let group = |value: &str| {
                let value = value.replace('\\', "\\\\").replace('"', "\\\"");
                crate::model::reference(model, &format!("{name}[{dimension} = \"{value}\"]")).map(|it| it.1)
            };
            let (first, second) = (group(a)?, group(b)?);
            let called = second.as_ref().map(|it| print_row(model, it)).unwrap_or_default();
            let of = |group| RowExpr::both(ask.part.clone(), group);
            let Some(other) = of(second) else { return Err(format!("`{b}` is no group of `{dimension}`")) };
            Ok(vec![(of(first), Against::Group { part: other, name: called })])
        }
    }
}
