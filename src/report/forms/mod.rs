//! In which other forms does a report exist? The same view and the same figures, nothing more: tables beside the page,
//! its drawings one by one, a site, a mail.
//!
//! What a form may hold is what the page shows; each takes the assembled view, or [`Shown`], and never the results of a
//! run as a whole.

#[cfg(feature = "excel")]
mod columns;
pub mod figures;
pub mod mail;
mod names;
mod paint;
pub mod pictures;
pub mod site;
#[cfg(feature = "excel")]
pub mod workbook;

pub use names::FileNames;

pub use super::assemble::{Beside, Item, List, Place, Shown, ShownKpi, SitePage, site as pages};
