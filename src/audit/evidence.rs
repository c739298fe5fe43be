//! Do the data show what correlations are claimed to show? (R19, R25)

use super::data::Data;
use crate::check::Checked;
use crate::insight::evidence::{Claimed, Little, Shown, Verdict, claims, needs, test};
use crate::value::{Code, Diagnostics, Fact};

/// Reports claims that the data do not show, and those that too little is known for.
pub(super) fn report(checked: &Checked, data: Data<'_>, out: &mut Diagnostics) {
    let claims = claims(checked, false);
    if claims.is_empty() {
        return;
    }
    let Some(figures) = data.figures(checked, &needs(&claims)) else { return };
    for claim in &claims {
        if let Some(fact) = test(checked, &figures, claim).and_then(|it| fact(checked, claim, &it)) {
            out.push(fact);
        }
    }
}

fn fact(checked: &Checked, claim: &Claimed, verdict: &Verdict) -> Option<Fact> {
    let model = &checked.model;
    let of = |code: Code| Fact::at(code, claim.span).with("name", &claim.name).with("to", &claim.to).about(claim.about.clone());
    let (shown, contrary) = match verdict {
        Verdict::Shown(_) => return None,
        Verdict::NotShown(it) => (it, false),
        Verdict::Contrary(it) => (it, true),
        Verdict::Silent(id) => {
            let drivers = &model.drivers[id.index()];
            let fact = of(Code::ClaimNotShown).with("by", "silent").with("drivers", &drivers.name);
            return Some(fact.label(drivers.span, "drivers"));
        }
        Verdict::TooLittle(little) => {
            let fact = of(Code::ClaimUntested);
            return Some(match little {
                Little::Periods { shared, least, grain } => {
                    fact.with("reason", "periods").with("shared", shared).with("least", least).with("grain", grain.to_string())
                }
                Little::Rows { n, least } => fact.with("reason", "rows").with("n", n).with("least", least),
                Little::Coarse(grain) => fact.with("reason", "coarse").with("grain", grain.to_string()),
                Little::Flat => fact.with("reason", "flat"),
            });
        }
    };
    let fact = of(Code::ClaimNotShown).with_some("contrary", contrary.then_some("yes"));
    Some(match shown {
        Shown::Series { r, lag, grain, periods, n_effective, p, tried } => {
            let fact = fact.with("by", "series").with("r", format!("{r:.2}")).with("lag", lag).with("grain", grain.to_string());
            let fact = fact.with("periods", periods).with("worth", n_effective.round()).with("p", format!("{p:.3}"));
            fact.with_some("tried", (*tried > 1).then_some(tried))
        }
        Shown::Model { drivers, column, share, coefficient, low, high, n, p, among } => {
            let drivers = &model.drivers[drivers.index()];
            let item = drivers.answer.map(|it| &model.sources[it.source.index()].columns[*column].name);
            let fact = fact.with("by", "model").with("drivers", &drivers.name).with("item", item.map_or("", String::as_str));
            let fact = fact.with("share", format!("{share:.0}")).with("coefficient", format!("{coefficient:.2}"));
            let fact = fact.with("low", format!("{low:.2}")).with("high", format!("{high:.2}")).with("n", n);
            let fact = fact.with("p", format!("{p:.3}")).with_some("among", (*among > 1).then_some(among));
            fact.label(drivers.span, "drivers")
        }
    })
}
