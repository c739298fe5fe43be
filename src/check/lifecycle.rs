//! Can customers be followed through the phases of a lifecycle? A source that tells them apart in time, and phases with
//! an order.

use crate::model::{Model, Rows};
use crate::value::{Code, Diagnostics, Fact};

/// Reports lifecycles that cannot be followed.
pub(super) fn check(model: &Model, out: &mut Diagnostics) {
    for (at, dimension) in model.dimensions.iter().enumerate() {
        let Some(lifecycle) = &dimension.lifecycle else { continue };
        let id = crate::model::DimensionId(at as u32);
        let source = &model.sources[lifecycle.value.index()];
        if source.broken || dimension.broken {
            continue;
        }
        if dimension.values.is_empty() {
            let fact = Fact::at(Code::MissingKey, dimension.span).with("key", "values").with("word", "dimension");
            out.push(fact.with("name", &dimension.name));
        }
        if let Some(fact) = super::cuts::lacking(model, id, lifecycle.value, lifecycle.span) {
            out.push(fact);
        } else if let Some(fact) = super::cuts::overlapping(model, id, lifecycle.value, lifecycle.span) {
            out.push(fact);
        } else if source.rows == Rows::Events {
            let fact = Fact::at(Code::WrongValue, lifecycle.span).with("key", "lifecycle").with("expected", "states of customers");
            out.push(fact.with("found", format!("`{}`", source.name)).label(source.span, "source"));
        } else if source.customer.is_none() {
            let fact = Fact::at(Code::NeedsCustomer, lifecycle.span).with("function", "lifecycle").with("name", &source.name);
            out.push(fact.label(source.span, "source"));
        } else if source.time.is_none() {
            let fact = Fact::at(Code::NeedsTime, lifecycle.span).with("function", "lifecycle").with("name", &source.name);
            out.push(fact.label(source.span, "source"));
        }
    }
}
