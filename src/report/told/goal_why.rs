//! What moved a goal, told: its KPIs and sub-goals, the ones that moved it most first.

use crate::check::Checked;
use crate::diagnostic::harmless;
use crate::model::RollUp;
use crate::publish::{ChildOf, GoalWhy, MovedChild, MovedFigure};
use crate::report::numbers::Numbers;
use crate::report::words::Say;
use crate::words::Lang;
use std::fmt::Write;

/// Tells why a goal moved.
pub fn goal_why(checked: &Checked, why: &GoalWhy, lang: Lang) -> String {
    let teller = Teller { checked, say: Say(lang) };
    let mut out = String::new();
    let period = |it| lang.period_short(it);
    let [before, after] = why.goal.satisfaction.map(|it| teller.satisfaction(it));
    let _ = writeln!(out, "{}", teller.name(&why.goal));
    let _ =
        write!(out, "{} → {}: {} {before} → {after}", period(why.before), period(why.after), teller.pick("tevredenheid", "satisfaction"));
    if let Some(change) = why.goal.change() {
        let _ = write!(out, ", {}", lang.signed(change, 1));
    }
    out.push('\n');
    if why.goal.change().is_none() {
        let _ = writeln!(
            out,
            "{}",
            teller.pick(
                "Niet alles wat eraan bijdraagt is in beide perioden bekend; wat elk deel deed is dan geen som.",
                "Not all that it is made of is known in both periods; what each part did is then no sum."
            )
        );
    }
    teller.children(&why.goal, 1, &mut out);
    let _ = writeln!(
        out,
        "\n{}",
        teller.pick(
            "Dit zijn sommen, geen oorzaken: ze zeggen waar de verandering zit, niet wat haar teweegbracht.",
            "These are sums, not causes: they tell where the change is, not what brought it about."
        )
    );
    out
}

struct Teller<'a> {
    checked: &'a Checked,
    say: Say,
}

impl Teller<'_> {
    fn pick<'t>(&self, nl: &'t str, en: &'t str) -> &'t str {
        self.say.pick(nl, en)
    }

    fn satisfaction(&self, it: Option<f64>) -> String {
        it.map_or_else(|| "–".to_owned(), |it| self.say.0.number(it, 1))
    }

    fn name(&self, of: &MovedChild) -> String {
        let model = &self.checked.model;
        let lang = self.say.0;
        harmless(&match &of.what {
            ChildOf::Goal(id) => {
                let goal = &model.goals[id.index()];
                format!("{}  {}", goal.name, goal.title.get(lang).unwrap_or(""))
            }
            ChildOf::Kpi(it) => model.kpi_text(it.kpi, it.part.as_ref()),
        })
        .trim_end()
        .to_owned()
    }

    /// The children, those that moved the goal most first; unknown ones last.
    fn children(&self, of: &MovedChild, depth: usize, out: &mut String) {
        if let Some(how) = of.roll_up.filter(|it| *it != RollUp::Weighted) {
            let said = match how {
                RollUp::All => self.pick("telt als het zwakste deel", "counts as its weakest part"),
                _ => self.pick("telt als het sterkste deel", "counts as its strongest part"),
            };
            let _ = writeln!(out, "{}({said})", "  ".repeat(depth));
        }
        let mut order: Vec<&MovedChild> = of.children.iter().collect();
        let size = |it: &MovedChild| it.contribution.map_or(-1.0, f64::abs);
        order.sort_by(|a, b| size(b).total_cmp(&size(a)));
        for child in order {
            let [before, after] = child.satisfaction.map(|it| self.satisfaction(it));
            let moved = child.contribution.map_or_else(|| self.pick("onbekend", "unknown").to_owned(), |it| self.say.0.signed(it, 1));
            let weight = self.say.0.number(child.weight, 0);
            let _ = write!(out, "{}{moved:>7}  {}: {before} → {after}", "  ".repeat(depth), self.name(child));
            let _ = write!(out, ", {} {weight} %", self.pick("gewicht", "weight"));
            if let (ChildOf::Kpi(it), Some(figure)) = (&child.what, &child.figure) {
                out.push_str(&self.figure(&self.checked.model.kpis[it.kpi.index()], figure));
            }
            out.push('\n');
            self.children(child, depth + 1, out);
        }
    }

    fn figure(&self, kpi: &crate::model::Kpi, it: &MovedFigure) -> String {
        let seen: Vec<f64> = it.values.iter().chain(&it.targets).flatten().copied().collect();
        let numbers = Numbers::new(self.say.0, kpi, &seen);
        let [before, after] = it.values.map(|it| it.map_or_else(|| "–".to_owned(), |it| numbers.text(it)));
        let mut text = format!(" ({before} → {after}");
        if let (Some(by_figure), Some(by_norms), [Some(a), Some(b)]) = (it.by_figure, it.by_norms, it.targets)
            && by_norms != 0.0
        {
            let _ = write!(
                text,
                "; {} {}, {} {}",
                self.pick("door het cijfer", "by the figure"),
                self.say.0.signed(by_figure, 1),
                self.pick("door andere normen", "by other norms"),
                self.say.0.signed(by_norms, 1)
            );
            if a != b {
                let _ = write!(text, ", {} {} → {}", self.pick("doel", "target"), numbers.text(a), numbers.text(b));
            }
        }
        if let Some(on) = it.changed {
            let _ = write!(
                text,
                "; {} {on}: {}",
                self.pick("andere definitie sinds", "another definition since"),
                self.pick("niet te vergelijken", "not comparable")
            );
        }
        text.push(')');
        text
    }
}
