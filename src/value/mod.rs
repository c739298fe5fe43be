//! What do all rooms speak of? Plain data: numbers, units, spans and facts, that know no stage.

mod fact;
mod fold;
mod num;
mod sum;
mod unit;

pub use fact::{Arg, Code, Diagnostics, Edit, Fact, Family, Fix, Label, List, Severity, nearest};
pub use fold::DRAWN;
pub use num::{MAX_SCALE, Num, POWERS, decimal_to_f64};
pub use sum::Sum;
pub use unit::{Direction, Unit};
