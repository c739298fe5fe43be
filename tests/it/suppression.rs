//! Nothing that is hidden comes back out of what is shown: an attack on everything published, by linear programming.
//!
//! The attacker takes every figure of one question that is shown, with its base, as an equation over the finest cells
//! there may be, and asks for the least and the most that a hidden cell can hold. A range narrower than the minimum base
//! counts as found.
