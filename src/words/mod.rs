//! How is it said? Every sentence and number format, in Dutch and English.

pub mod format;
mod page;

pub use format::{Lang, tidy_number, tidy_number_to, whole_number_to};
pub use page::{Said, chapter, prose, say, say_in, split_page};
