//! In which unit is a figure, and which end of it is good? Units are types: what differs is never added.

/// The unit of a figure, with what arithmetic has to know of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Unit {
    /// How many: rows, customers, promoters.
    Count,
    /// A share of a base, 0-100 %.
    Percent,
    /// What is left, or lost, of what there was at a start, in %: it may pass 100, and fall below 0.
    PercentOfStart,
    /// A difference of shares.
    PercentagePoints,
    /// A net score, -100..100 points (NPS and other nets), and differences of such.
    Points,
    /// A mean on an answer scale, with its ends.
    Score { low: f64, high: f64 },
    /// An index with its ends, 0-100 unless said otherwise.
    Index { low: f64, high: f64 },
    /// An amount of money in one currency (ISO 4217 code).
    Money(String),
    /// A length of time, in seconds.
    Duration,
    /// A quotient of like quantities.
    Ratio,
    /// A ratio times 100, 1,000 ... with its words: `per 1,000`.
    Per { words: String, factor: f64 },
    /// A difference of scores, indices or ratios, in the unit of what was subtracted.
    Difference(Box<Unit>),
    /// A number that has no other unit.
    Number,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// A higher figure is better.
    Up,
    /// A lower figure is better.
    Down,
}

impl Unit {
    /// The ends between which a figure of this unit lies, where the unit has them.
    pub fn range(&self) -> Option<(f64, f64)> {
        match self {
            Unit::Percent => Some((0.0, 100.0)),
            Unit::Points => Some((-100.0, 100.0)),
            Unit::Score { low, high } | Unit::Index { low, high } => Some((*low, *high)),
            _ => None,
        }
    }

    /// Whether figures of this unit add up over parts.
    pub fn is_additive(&self) -> bool {
        matches!(self, Unit::Count | Unit::Money(_) | Unit::Duration | Unit::Number)
    }

    /// The name in machine output, and in messages: `%`, `points`, `EUR`.
    pub fn name(&self) -> String {
        match self {
            Unit::Count => "count".to_owned(),
            Unit::Percent | Unit::PercentOfStart => "%".to_owned(),
            Unit::PercentagePoints => "percentage points".to_owned(),
            Unit::Points => "points".to_owned(),
            Unit::Score { low, high } => format!("score {low}..{high}"),
            Unit::Index { low, high } => format!("index {low}..{high}"),
            Unit::Money(currency) => currency.clone(),
            Unit::Duration => "s".to_owned(),
            Unit::Ratio => "ratio".to_owned(),
            Unit::Per { words, .. } => words.clone(),
            Unit::Difference(of) => match of.as_ref() {
                Unit::Score { .. } => "score".to_owned(),
                Unit::Index { .. } => "index".to_owned(),
                other => other.name(),
            },
            Unit::Number => "number".to_owned(),
        }
    }

    /// What stands behind a number in running text: `%`, `s`, a currency; nothing for points, scores and counts.
    pub fn sign(&self) -> &str {
        match self {
            Unit::Percent | Unit::PercentOfStart => "%",
            Unit::PercentagePoints => "pp",
            Unit::Money(currency) => currency,
            Unit::Duration => "s",
            _ => "",
        }
    }

    /// The unit of a difference of two figures of this unit.
    pub fn difference(&self) -> Unit {
        match self {
            Unit::Percent | Unit::PercentOfStart => Unit::PercentagePoints,
            // A difference of scores may be twice as wide as the scale: it has no ends.
            Unit::Points | Unit::Score { .. } | Unit::Index { .. } | Unit::Ratio | Unit::Per { .. } => {
                Unit::Difference(Box::new(self.clone()))
            }
            other => other.clone(),
        }
    }
}
