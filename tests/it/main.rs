//! Everything that is not a page: engines against each other.

mod engines;
