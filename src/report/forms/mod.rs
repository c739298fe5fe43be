//! In which other forms does a report exist? The same view and the same figures, nothing more: tables beside the page,
//! and its drawings one by one.
//!
//! What a form may hold is what the page shows; each takes the assembled view, or [`Shown`], and never the results of a
//! run as a whole.

mod columns;
pub mod figures;
mod names;
mod paint;
pub mod pictures;
#[cfg(feature = "excel")]
pub mod workbook;

pub use super::assemble::{Shown, ShownKpi};
