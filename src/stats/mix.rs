//! Answers: did a figure change because its segments changed, or because their shares did?
//!
//! In go, for each segment and both periods, a weight and a total whose quotient is the segment's rate: answers and
//! promoters less detractors, repairs and complaints. Out come two effects that add up to the change of the whole.
//!
//! With w a segment's share of the weight, r its rate and R the rate of the whole, halfway between the two periods:
//! rate = (w₀ + w₁)/2 · (r₁ − r₀), mix = (w₁ − w₀) · ((r₀ + r₁)/2 − (R₀ + R₁)/2). Since shares add up to 1, taking R
//! off each segment leaves the sum as it is, and makes the sign of each mix readable: a segment better than the whole
//! that grows adds to it. There is no remainder.
//!
//! SOURCE: E. M. Kitagawa, *Components of a difference between two rates*, JASA 50 (1955) 1168-1194; entering and
//! leaving segments, which have one rate only, are mix alone.

/// What a segment adds up to in a period. Without rows both are 0.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Side {
    /// What its rate is taken over: answers, their weights, a denominator.
    pub weight: f64,
    /// Its rate times its weight.
    pub total: f64,
}

impl Side {
    fn rate(self) -> Option<f64> {
        (self.weight != 0.0).then(|| self.total / self.weight)
    }
}

/// A segment before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    pub before: Side,
    pub after: Side,
}

/// How the change is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Halfway between the two periods: two effects, no remainder.
    #[default]
    Midpoint,
    /// Seen from the first period: its rates for the mix, its shares for the rate, and what both changes make
    /// together.
    ThreePart,
}

/// What a segment, or the whole, adds to the change.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Effect {
    pub mix: f64,
    pub rate: f64,
    /// What is neither; 0 at the midpoint.
    pub interaction: f64,
}

impl Effect {
    /// All of it.
    pub fn whole(self) -> f64 {
        self.mix + self.rate + self.interaction
    }

    fn plus(self, other: Effect) -> Effect {
        Effect { mix: self.mix + other.mix, rate: self.rate + other.rate, interaction: self.interaction + other.interaction }
    }

    /// The same in another unit.
    pub fn times(self, factor: f64) -> Effect {
        Effect { mix: self.mix * factor, rate: self.rate * factor, interaction: self.interaction * factor }
    }
}

/// A change, split over segments.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// The rate of the whole.
    pub before: f64,
    pub after: f64,
    /// For each segment, in the order given.
    pub effects: Vec<Effect>,
    /// Their sum.
    pub whole: Effect,
}

/// Returns the split of a change. Nothing where a period has no weight, where a weight is below 0, or where a segment
/// has a total without a weight, so that its rate is not defined.
pub fn split(segments: &[Segment], method: Method) -> Option<Split> {
    let sum = |pick: &dyn Fn(&Segment) -> f64| segments.iter().map(pick).sum::<f64>();
    let sound = |it: &Side| it.weight >= 0.0 && it.total.is_finite() && (it.weight > 0.0 || it.total == 0.0);
    if !segments.iter().all(|it| sound(&it.before) && sound(&it.after)) {
        return None;
    }
    let (w0, w1) = (sum(&|it| it.before.weight), sum(&|it| it.after.weight));
    if !(w0 > 0.0 && w1 > 0.0 && w0.is_finite() && w1.is_finite()) {
        return None;
    }
    let (before, after) = (sum(&|it| it.before.total) / w0, sum(&|it| it.after.total) / w1);
    let centre = match method {
        Method::Midpoint => f64::midpoint(before, after),
        Method::ThreePart => before,
    };
    let effects: Vec<Effect> = segments
        .iter()
        .map(|it| {
            let (s0, s1) = (it.before.weight / w0, it.after.weight / w1);
            match (it.before.rate(), it.after.rate()) {
                (Some(r0), Some(r1)) => match method {
                    Method::Midpoint => Effect {
                        mix: (s1 - s0) * (f64::midpoint(r0, r1) - centre),
                        rate: f64::midpoint(s0, s1) * (r1 - r0),
                        interaction: 0.0,
                    },
                    Method::ThreePart => {
                        Effect { mix: (s1 - s0) * (r0 - centre), rate: s0 * (r1 - r0), interaction: (s1 - s0) * (r1 - r0) }
                    }
                },
                (r0, r1) => {
                    let only = r0.or(r1).unwrap_or(centre);
                    Effect { mix: (s1 - s0) * (only - centre), rate: 0.0, interaction: 0.0 }
                }
            }
        })
        .collect();
    let whole = effects.iter().fold(Effect::default(), |a, b| a.plus(*b));
    Some(Split { before, after, effects, whole })
}

/// The sums over a segment's rows that variances need.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sums {
    /// Rows.
    pub n: f64,
    /// Σw and Σws.
    pub w: f64,
    pub ws: f64,
    /// Σw², Σw²s, Σw²s².
    pub w2: f64,
    pub w2s: f64,
    pub w2s2: f64,
}

/// The standard errors of the effects of a split.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Errors {
    pub mix: f64,
    pub rate: f64,
    pub whole: f64,
}

/// Returns the standard errors of the midpoint effects of each segment, and of all together, where the rows of both
/// periods are samples that do not overlap. Nothing as in [`split`], or for a period of one row.
///
/// Shares and rates are both estimates. The influence of a row of segment k on a statistic with slopes a in shares and
/// b in rates is z = w (a_k − Σ a_j s_j) / W + w b_k (s − r_k) / W_k; the variance is n/(n−1) Σ z², added over the two
/// periods.
///
/// SOURCE: R. S. Woodruff, JASA 66 (1971) 411-414 (linearisation); for decompositions Wang, Rahman, Siegel & Fisher,
/// *Standardization and decomposition of rates*, Behavior Research Methods 32 (2000) 357-366, which resamples instead.
pub fn errors(before: &[Sums], after: &[Sums]) -> Option<(Vec<Errors>, Errors)> {
    let side = |it: &Sums| Side { weight: it.w, total: it.ws };
    let segments: Vec<Segment> = before.iter().zip(after).map(|(a, b)| Segment { before: side(a), after: side(b) }).collect();
    let found = split(&segments, Method::Midpoint)?;
    let centre = f64::midpoint(found.before, found.after);
    let (w0, w1): (f64, f64) = (before.iter().map(|it| it.w).sum(), after.iter().map(|it| it.w).sum());
    let count = segments.len();
    // The slopes of each segment's mix and rate in its own share and rate, and of its mix in the rate of the whole.
    struct Slopes {
        mix_share: [f64; 2],
        mix_rate: [f64; 2],
        rate_share: [f64; 2],
        rate_rate: [f64; 2],
        /// The mix by R₀ and by R₁.
        mix_whole: f64,
    }
    let slopes: Vec<Slopes> = segments
        .iter()
        .map(|it| {
            let (s0, s1) = (it.before.weight / w0, it.after.weight / w1);
            match (it.before.rate(), it.after.rate()) {
                (Some(r0), Some(r1)) => {
                    let c = f64::midpoint(r0, r1) - centre;
                    Slopes {
                        mix_share: [-c, c],
                        mix_rate: [(s1 - s0) / 2.0; 2],
                        rate_share: [(r1 - r0) / 2.0; 2],
                        rate_rate: [-f64::midpoint(s0, s1), f64::midpoint(s0, s1)],
                        mix_whole: -(s1 - s0) / 2.0,
                    }
                }
                (r0, r1) => {
                    let c = r0.or(r1).unwrap_or(centre) - centre;
                    Slopes {
                        mix_share: [-c, c],
                        mix_rate: [-s0, s1],
                        rate_share: [0.0; 2],
                        rate_rate: [0.0; 2],
                        mix_whole: -(s1 - s0) / 2.0,
                    }
                }
            }
        })
        .collect();
    let sides = [(before, w0), (after, w1)];
    let rows: Vec<f64> = sides.iter().map(|it| it.0.iter().map(|it| it.n).sum()).collect();
    if rows.iter().any(|n| *n <= 1.0) {
        return None;
    }
    // The variance of a statistic, by its slopes in every share and rate of a period.
    let variance = |slope: &dyn Fn(usize, usize) -> (f64, f64)| -> f64 {
        let mut total = 0.0;
        for (at, (sums, weight)) in sides.iter().enumerate() {
            let mean: f64 = (0..count).map(|k| slope(at, k).0 * sums[k].w / weight).sum();
            let mut squares = 0.0;
            for (k, it) in sums.iter().enumerate().filter(|it| it.1.w > 0.0) {
                let (a, b) = slope(at, k);
                let (alpha, beta, r) = ((a - mean) / weight, b / it.w, it.ws / it.w);
                squares += alpha * alpha * it.w2
                    + 2.0 * alpha * beta * (it.w2s - r * it.w2)
                    + beta * beta * (it.w2s2 - 2.0 * r * it.w2s + r * r * it.w2);
            }
            total += rows[at] / (rows[at] - 1.0) * squares.max(0.0);
        }
        total
    };
    let of = |only: Option<usize>| -> Errors {
        let own = |k: usize| if only.is_none_or(|it| it == k) { 1.0 } else { 0.0 };
        // The rate of the whole moves with every share and rate.
        let whole: f64 = only.map_or(0.0, |it| slopes[it].mix_whole);
        let mix = |at: usize, k: usize| {
            let (sums, weight) = sides[at];
            let (s, r) = (sums[k].w / weight, if sums[k].w > 0.0 { sums[k].ws / sums[k].w } else { 0.0 });
            (own(k) * slopes[k].mix_share[at] + whole * r, own(k) * slopes[k].mix_rate[at] + whole * s)
        };
        let rate = |at: usize, k: usize| (own(k) * slopes[k].rate_share[at], own(k) * slopes[k].rate_rate[at]);
        let both = |at: usize, k: usize| (mix(at, k).0 + rate(at, k).0, mix(at, k).1 + rate(at, k).1);
        Errors { mix: variance(&mix).sqrt(), rate: variance(&rate).sqrt(), whole: variance(&both).sqrt() }
    };
    Some(((0..count).map(|it| of(Some(it))).collect(), of(None)))
}

/// How unevenly segments moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uneven {
    /// Half of what the segments' own changes differ from their common one, weighted by their shares.
    pub size: f64,
    /// The part of the differences that is more than chance gives, 0-1 (I²).
    pub beyond_chance: f64,
    /// The chance of differences so large where all segments moved alike.
    pub p: f64,
}

/// Returns how unevenly segments moved. `moves` holds for each segment that is there in both periods its mean share,
/// its own change and the variance of that change. Nothing for fewer than two such segments with a variance.
///
/// SOURCE: W. G. Cochran, Biometrics 10 (1954) 101-129 (Q); J. Higgins & S. Thompson, Statistics in Medicine 21 (2002)
/// 1539-1558 (I²); E. B. Wilson & M. M. Hilferty, PNAS 17 (1931) 684-688 (chi squared by the normal distribution).
pub fn uneven(moves: &[(f64, f64, f64)]) -> Option<Uneven> {
    let size = spread(moves.iter().map(|it| (it.0, it.1)))?;
    let known: Vec<&(f64, f64, f64)> = moves.iter().filter(|it| it.2 > 0.0 && it.2.is_finite()).collect();
    if known.len() < 2 {
        return None;
    }
    let weight: f64 = known.iter().map(|it| 1.0 / it.2).sum();
    let common: f64 = known.iter().map(|it| it.1 / it.2).sum::<f64>() / weight;
    let q: f64 = known.iter().map(|it| (it.1 - common) * (it.1 - common) / it.2).sum();
    let df = known.len() as f64 - 1.0;
    let beyond_chance = if q > df { (q - df) / q } else { 0.0 };
    let spread = 2.0 / (9.0 * df);
    let z = (libm::cbrt(q / df) - (1.0 - spread)) / libm::sqrt(spread);
    Some(Uneven { size, beyond_chance, p: super::distribution::normal_cdf(-z)? })
}

/// Returns half of what segments' changes differ from their common one; `moves` holds mean shares and changes.
pub fn spread(moves: impl Iterator<Item = (f64, f64)> + Clone) -> Option<f64> {
    let weight: f64 = moves.clone().map(|it| it.0).sum();
    let common = moves.clone().map(|it| it.0 * it.1).sum::<f64>() / weight;
    let size = moves.map(|it| it.0 * (it.1 - common).abs()).sum::<f64>() / 2.0;
    size.is_finite().then_some(size)
}

#[cfg(test)]
#[path = "mix_tests.rs"]
mod tests;
