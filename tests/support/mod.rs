//! What both test binaries share: pages of Markdown, projects in memory.

#![allow(dead_code, reason = "each of the two binaries uses its part")]

pub mod data;
pub mod drawn;
pub mod files;
pub mod marks;
pub mod page;
pub mod project;
pub mod random;
pub mod section;
pub mod work;
