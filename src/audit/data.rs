//! The data that figures are computed from, where the check of a figure is the audit. What cannot be read was reported
//! by who read it first.

use crate::calendar::Date;
use crate::check::Checked;
use crate::engine::{self, Options};
use crate::eval::{self, Figures, Periods};
use crate::plan::{Plan, Request};
use crate::publish::{self, Results};
use crate::source::World;
use crate::value::Diagnostics;

/// Where data are, and until when they are looked at.
#[derive(Clone, Copy)]
pub(super) struct Data<'w> {
    pub world: &'w dyn World,
    pub options: Options,
    /// Without a day all that is there.
    pub today: Option<Date>,
}

impl Data<'_> {
    /// What may be shown of a request; `None` where data could not be read.
    pub fn published(self, checked: &Checked, request: &Request) -> Option<Results> {
        let plan = publish::plan(checked, request);
        let (table, figures) = self.computed(checked, &plan)?;
        Some(publish::publish(checked, &plan, &table, figures, self.day()))
    }

    /// The figures of a request, hidden ones too: for a judgement that shows none of them.
    pub fn figures(self, checked: &Checked, request: &Request) -> Option<Figures> {
        Some(self.computed(checked, &crate::plan::plan(checked, request))?.1)
    }

    fn computed(self, checked: &Checked, plan: &Plan) -> Option<(engine::Table, Figures)> {
        let table = engine::scan(checked, plan, self.world, self.options, &mut Diagnostics::default())?;
        let figures = eval::evaluate(checked, plan, &table, Periods::default(), self.day());
        Some((table, figures))
    }

    fn day(self) -> Date {
        self.today.unwrap_or(Date::MAX)
    }
}
