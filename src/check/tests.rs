//! Do tests fit what they test? Rows for every source that is read, values in the unit of the KPI, a period where there
//! are several.

use super::Traits;
use super::cuts::check_part;
use super::norms::fit;
use crate::model::{Model, SourceId, Wanted};
use crate::value::{Code, Diagnostics, Fact};

/// Checks all tests, and puts what they expect into the units of their KPIs.
pub(super) fn check(model: &mut Model, traits: &[Traits], out: &mut Diagnostics) {
    let mut tests = std::mem::take(&mut model.tests);
    for test in &mut tests {
        let mut read: Vec<SourceId> = Vec::new();
        // What is missing of a KPI that is broken may be that it reads what stands idle here.
        let broken = test.broken || test.expectations.iter().any(|it| model.kpis[it.of.kpi.index()].broken);
        for it in &mut test.expectations {
            let kpi = &model.kpis[it.of.kpi.index()];
            let own = &traits[it.of.kpi.index()];
            if let Some(part) = &it.of.part {
                check_part(model, traits, it.of.kpi, part, it.span, out);
            }
            if let (Wanted::Value(value), Some(unit)) = (&mut it.wanted, &kpi.unit) {
                let written = value.value;
                fit(value, unit, None, "test", out);
                // `tolerance 1` beside `2 min` is in minutes.
                if let Some(tolerance) = &mut it.tolerance
                    && written != 0.0
                {
                    *tolerance *= value.value / written;
                }
            }
            if own.timeless.is_some() && it.period.is_some() && !kpi.broken {
                out.push(Fact::at(Code::TestRows, it.span).with("reason", "timeless").with("kpi", &kpi.name));
            }
            if test.on_data && own.timeless.is_none() && it.period.is_none() && test.period.is_none() && !kpi.broken {
                let fact = Fact::at(Code::TestRows, it.span).with("reason", "period").with("kpi", &kpi.name);
                out.push(fact);
            }
            read.extend(own.sources.iter().filter(|source| !read.contains(source)).copied().collect::<Vec<_>>());
            // What is missing of a test with another mistake may be that mistake.
            if test.on_data || kpi.broken || test.broken {
                continue;
            }
            for source in own.sources.iter().filter(|source| !test.rows.iter().any(|rows| rows.source == **source)) {
                let source = &model.sources[source.index()];
                let fact = Fact::at(Code::TestRows, it.span).with("reason", "missing").with("kpi", &kpi.name);
                out.push(fact.with("source", &source.name).label(source.span, "source"));
            }
        }
        // What a source refers to is read with it.
        let mut at = 0;
        while let Some(source) = read.get(at).copied() {
            let to: Vec<SourceId> = model.sources[source.index()].references.iter().map(|it| it.to).collect();
            read.extend(to.into_iter().filter(|it| !read.contains(it)).collect::<Vec<_>>());
            at += 1;
        }
        for rows in test.rows.iter().filter(|it| !broken && !read.contains(&it.source)) {
            let name = &model.sources[rows.source.index()].name;
            out.push(Fact::at(Code::TestRows, rows.span).with("reason", "idle").with("source", name));
        }
    }
    model.tests = tests;
}
