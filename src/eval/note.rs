//! What is to be known about a figure, in one word each.

/// One line a note: what it means, its name, its word in machine output.
macro_rules! notes {
    ($($(#[$doc:meta])* $name:ident $text:literal,)*) => {
        /// What to know about a figure.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Note {
            $($(#[$doc])* $name,)*
        }

        impl Note {
            /// All of them, those of comparisons last.
            pub const ALL: &[Note] = &[$(Note::$name),*];

            /// The word of machine output.
            pub fn name(self) -> &'static str {
                match self {
                    $(Note::$name => $text,)*
                }
            }

            /// Whether it says that a figure that chance can move has no interval.
            pub fn is_unsure(self) -> bool {
                matches!(self, Note::NoInterval | Note::IntervalUnknown | Note::NoSpread | Note::RangeUnknown)
            }
        }
    };
}

notes! {
    /// It, or something that it rests on, is planned (R27).
    Planned "planned",
    /// The base is empty.
    EmptyBase "empty base",
    /// All its rows weigh nothing.
    NothingWeighs "weights add up to 0",
    /// It tells how far rows lie apart, and there is one.
    OneRow "one row",
    /// A part of it has no value.
    EmptyPart "part without a value",
    /// Something is divided by zero.
    DividedByZero "division by zero",
    /// The period that it is compared with has no data.
    NoEarlier "no earlier period",
    /// The period has not ended, or its data have not.
    Unfinished "unfinished period",
    /// The data do not reach back to all that says who was there when its window began.
    BeginsLate "begins before the data",
    /// What is to be told of some, or of all, is not over.
    Unobserved "not all observed yet",
    /// It is a forecast by a model, without an interval.
    Forecast "forecast of a model, without an interval",
    /// A model could not be fitted: too few customers.
    TooFewToFit "too few customers for a model",
    /// The model of purchases has no best parameters here.
    PurchasesUnfit "the model of purchases does not fit",
    /// The model of amounts has none, or too many amounts are not above 0.
    AmountsUnfit "the model of amounts does not fit",
    /// How often customers buy and for how much go together, which the models take not to be so.
    GoTogether "frequency and amount go together: the model takes them apart",
    /// A total or extreme has no interval.
    NoInterval "no interval for totals and extremes",
    /// The interval cannot be had from what is kept.
    IntervalUnknown "interval unknown",
    /// All are alike: nothing tells how far chance may move it.
    NoSpread "no spread: no interval",
    /// A part of it is of an earlier period.
    Held "held from an earlier period",
    /// An index is without some of its parts, which have no value.
    WithoutPart "without a part",
    /// A rescaled figure was held inside its ends.
    HeldInside "held inside its ends",
    /// It holds figures of one definition against those of another, and so has none.
    AcrossChange "across a change of definition",
    /// Its rows are of two definitions.
    TwoDefinitions "of two definitions: it changed within the period",
    /// Its parts are over different periods.
    OtherPeriod "margin and retention of different periods",
    /// More stays than interest takes off: what is still to come has no end.
    NoEnd "retention of 1 + interest or more: no finite value",
    /// An assumption is made by value of a dimension, and the figure is not cut by it.
    NeedsCut "assumption by value without a cut",
    /// Nothing is assumed of this value.
    NotAssumed "nothing assumed of this value",
    /// At an end of an assumption there is no value.
    RangeUnknown "range of assumptions unknown",
    /// Fewer persons than the minimum base, or what would give such a figure away.
    Hidden "hidden by the minimum base",
    /// There is nothing to hold it against.
    NothingToCompare "nothing to compare with",
    /// Norms judge at another grain.
    OtherGrain "norms judge at another grain",
    /// The two periods share rows.
    Overlapping "the periods share rows",
    /// There is no test of such a figure.
    NoTest "no test",
    /// Too few periods for limits.
    NoLimits "too few periods for limits",
    /// An outside figure says nothing of its own error.
    TakenAsExact "the other figure is taken as exact",
    /// An outside figure is of another period.
    OfAnotherPeriod "the other figure is of another period",
    /// What it is held against rests on few answers.
    FewBeside "the other figure rests on few answers",
    /// What it is held against would show a figure below the minimum base.
    HiddenBeside "not compared: hidden by the minimum base",
}
