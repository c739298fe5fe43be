//! Are outside figures in the unit of the KPI that they are to be held beside?

use super::norms::fit;
use crate::model::{Benchmark, Kpi, Model, SurveyKind};
use crate::value::{Code, Diagnostics, Fact, Unit};

/// One way in which an outside figure was made otherwise than the KPI that it is held beside.
#[derive(Clone, Debug, PartialEq)]
pub enum MadeOtherwise {
    Country {
        theirs: String,
        own: String,
    },
    /// By another formula.
    Variant {
        theirs: String,
        own: String,
    },
    /// Asked on a scale with other ends.
    Scale {
        theirs: (f64, f64),
        own: (f64, f64),
    },
    /// In another kind of survey.
    Survey {
        theirs: SurveyKind,
        own: SurveyKind,
    },
}

impl MadeOtherwise {
    /// What is otherwise: a word of the language.
    pub fn name(&self) -> &'static str {
        match self {
            MadeOtherwise::Country { .. } => "country",
            MadeOtherwise::Variant { .. } => "variant",
            MadeOtherwise::Scale { .. } => "scale",
            MadeOtherwise::Survey { .. } => "survey",
        }
    }

    /// What the outside figure says of it, and what is so of the KPI: as they are written.
    pub fn ends(&self) -> (String, String) {
        let range = |it: &(f64, f64)| format!("{}..{}", it.0, it.1);
        match self {
            MadeOtherwise::Country { theirs, own } | MadeOtherwise::Variant { theirs, own } => (theirs.clone(), own.clone()),
            MadeOtherwise::Scale { theirs, own } => (range(theirs), range(own)),
            MadeOtherwise::Survey { theirs, own } => (theirs.name().to_owned(), own.name().to_owned()),
        }
    }
}

/// Checks all benchmarks, and puts their values into the units of their KPIs.
pub(super) fn check(model: &mut Model, out: &mut Diagnostics) {
    let mut benchmarks = std::mem::take(&mut model.benchmarks);
    for it in &mut benchmarks {
        let Some(of) = it.of.clone() else { continue };
        let kpi = &model.kpis[of.kpi.index()];
        unit(kpi, it, out);
    }
    model.benchmarks = benchmarks;
}

/// Puts the value of an outside figure into the unit of its KPI.
pub(super) fn fit_one(model: &Model, benchmark: &mut Benchmark, out: &mut Diagnostics) {
    if let Some(of) = benchmark.of.clone() {
        unit(&model.kpis[of.kpi.index()], benchmark, out);
    }
}

/// A value in another unit is another figure; one that the unit cannot have is a slip.
fn unit(kpi: &Kpi, benchmark: &mut Benchmark, out: &mut Diagnostics) {
    let (Some(unit), Some(mut value)) = (&kpi.unit, benchmark.value.clone()) else { return };
    let plain = kpi.written_unit.as_ref().and_then(|it| crate::model::seconds_in(&it.value)).filter(|_| *unit == Unit::Duration);
    let mut found = Diagnostics::default();
    fit(&mut value, unit, plain, "amount", &mut found);
    if found.iter().any(|it| it.code == Code::UnitConflict) {
        let written = value.unit.clone().unwrap_or_default();
        let fact = Fact::at(Code::BenchmarkNotComparable, value.span).with("name", &benchmark.name).with("differs", "unit");
        let fact = fact.with("kpi", &kpi.name).with("theirs", written).with("own", unit.name()).label(kpi.span, "kpi");
        out.push(fact.about(format!("benchmark:{}", benchmark.name)));
    } else {
        benchmark.broken |= !found.is_empty();
        out.append(found);
    }
    benchmark.value = Some(value);
}
