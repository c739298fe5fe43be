//! Answers: how likely is a value at most this, and which value has this likelihood?
//!
//! In go values and probabilities; out come probabilities and quantiles of the normal, Student's t
//! and binomial distributions.

use super::beta;

const SQRT_2: f64 = std::f64::consts::SQRT_2;
/// √2 less the double for it.
const SQRT_2_REST: f64 = -9.667_293_313_452_913e-17;
const SQRT_PI: f64 = 1.772_453_850_905_516;

/// Beyond so many degrees of freedom t is computed as a correction of the normal distribution.
const MANY_DEGREES: f64 = 1e7;

/// A larger quantile of t is none: its square is no number.
const LARGEST_T: f64 = 1e150;

/// Returns ln Γ(x) for x > 0; nothing else has one here.
pub fn ln_gamma(x: f64) -> Option<f64> {
    finite((x > 0.0).then(|| libm::lgamma(x))?)
}

/// Returns the regularised incomplete beta function I_x(a, b), for a, b > 0 and 0 <= x <= 1: the
/// probability that a beta variable is at most x.
pub fn incomplete_beta(x: f64, a: f64, b: f64) -> Option<f64> {
    let defined = (0.0..=1.0).contains(&x) && is_positive(a) && is_positive(b);
    finite(defined.then(|| beta::incomplete(x, 1.0 - x, a, b))?)
}

/// Returns the probability that a standard normal variable is at most x. Accurate in the lower tail
/// to the last digits; for the upper one ask for -x.
pub fn normal_cdf(x: f64) -> Option<f64> {
    (!x.is_nan()).then(|| normal_tail(-x))
}

/// Returns the probability that a standard normal variable lies at least as far from 0 as z: the
/// two-sided p of a test whose statistic is z.
pub fn normal_two_sided(z: f64) -> Option<f64> {
    (!z.is_nan()).then(|| 2.0 * normal_tail(z.abs()))
}

/// Returns the x below which a standard normal variable lies with probability 0 < p < 1.
///
/// SOURCE: M. J. Wichura, *Algorithm AS 241: the percentage points of the normal distribution*,
/// Applied Statistics 37 (1988) 477-484, routine PPND16, accurate to about 1 in 10^16; then one
/// step of Newton for the last bits.
pub fn normal_quantile(p: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0) {
        return None;
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let x = q * ratio(0.180625 - q * q, &CENTRE);
        return Some(x - (0.5 * libm::erf(x / SQRT_2) - q) / normal_density(x));
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = (-libm::log(tail)).sqrt();
    let first = if r <= 5.0 { ratio(r - 1.6, &MIDDLE) } else { ratio(r - 5.0, &TAIL) };
    let step = (normal_tail(first) - tail) / normal_density(first);
    // Where the density is itself too small to have digits, the step has none.
    let x = if tail > 1e-290 { first + step } else { first };
    Some(if q < 0.0 { -x } else { x })
}

/// Returns the z for which a standard normal variable lies within ±z with this probability: 1.96
/// for 0.95.
pub fn normal_critical(confidence: f64) -> Option<f64> {
    normal_quantile(tail_beyond(confidence)?).map(f64::abs)
}

/// Returns the probability that a confidence leaves at each end: 0.025 for 0.95; nothing for a
/// confidence that does not lie between 0 and 1.
///
/// As doubles 1 - 0.95 is 0.05000000000000004. A confidence is written in decimals, so its
/// complement is rounded to fifteen of them, and the tail is what was meant.
pub(super) fn tail_beyond(confidence: f64) -> Option<f64> {
    if !(confidence > 0.0 && confidence < 1.0) {
        return None;
    }
    let rest = 1.0 - confidence;
    let written = (rest * 1e15 + 0.5).floor() / 1e15;
    Some(if written > 0.0 { written / 2.0 } else { rest / 2.0 })
}

/// Returns the probability that a variable of Student's t with df > 0 degrees of freedom, whole or
/// not, is at most t.
pub fn t_cdf(t: f64, df: f64) -> Option<f64> {
    if t.is_nan() || !is_degrees(df) {
        return None;
    }
    let tail = t_tail(t.abs(), df);
    finite(if t < 0.0 { tail } else { 1.0 - tail })
}

/// Returns the probability that such a variable lies at least as far from 0 as t: a two-sided p.
pub fn t_two_sided(t: f64, df: f64) -> Option<f64> {
    if t.is_nan() || !is_degrees(df) {
        return None;
    }
    finite(2.0 * t_tail(t.abs(), df))
}

/// Returns the t below which a variable of Student's t with df > 0 lies with probability 0 < p < 1.
/// Nothing where that t is larger than 10^150, as the far ends are for df near 0.
pub fn t_quantile(p: f64, df: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0 && is_degrees(df)) {
        return None;
    }
    if p == 0.5 {
        return Some(0.0);
    }
    // From the centre where the centre has the digits, from the tail where the tail has them.
    let central = (p - 0.5).abs() < 0.25;
    let goal = if central { (p - 0.5).abs() } else { p.min(1.0 - p) };
    let mut low = 0.0;
    let mut high = 1.0;
    let reached = |t: f64| {
        if central { t_centre(t, df) >= goal } else { t_tail(t, df) <= goal }
    };
    while !reached(high) {
        low = high;
        // Heavy tails reach far: their quantiles are looked for by orders of magnitude.
        high *= if high < 1e3 { 2.0 } else { high };
        if high > LARGEST_T {
            return None;
        }
    }
    let mut t = normal_quantile(p).map_or(high, f64::abs).clamp(low, high);
    for _ in 0..200 {
        if reached(t) {
            high = t;
        } else {
            low = t;
        }
        let density = t_times_density(t, df);
        // Newton, and in logarithms in the tail: there the tail is nearly a power of t.
        let mut next = if central {
            t + t * (goal - t_centre(t, df)) / density
        } else {
            let tail = t_tail(t, df);
            t * libm::exp(libm::log(tail / goal) * tail / density)
        };
        if (next - t).abs() <= 2.0 * f64::EPSILON * t {
            t = next;
            break;
        }
        if !(next > low && next < high) {
            next = if high < 2.0 * low { (low + high) / 2.0 } else { (low * high).sqrt() };
            if low == 0.0 {
                next = high / 2.0;
            }
            if next <= low || next >= high {
                break;
            }
        }
        t = next;
    }
    finite(if p < 0.5 { -t } else { t })
}

/// Returns the t for which a variable of Student's t lies within ±t with this probability.
pub fn t_critical(confidence: f64, df: f64) -> Option<f64> {
    t_quantile(tail_beyond(confidence)?, df).map(f64::abs)
}

/// Returns the probability of at most k successes in n independent trials that each succeed with
/// probability p.
pub fn binomial_cdf(k: u64, n: u64, p: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    if k >= n {
        return Some(1.0);
    }
    finite(beta::incomplete(1.0 - p, p, (n - k) as f64, k as f64 + 1.0))
}

/// Returns the probability that a standard normal variable lies above x.
///
/// x / √2 is rounded, and the tail magnifies that by x²; so what the rounding cut off is computed
/// exactly, and its effect added.
fn normal_tail(x: f64) -> f64 {
    let u = x / SQRT_2;
    let rounded = 0.5 * libm::erfc(u);
    if x.abs() > 40.0 {
        return rounded;
    }
    let (product, missed) = exact_product(u, SQRT_2);
    let cut_off = ((x - product) - missed - u * SQRT_2_REST) / SQRT_2;
    rounded - cut_off * libm::exp(-u * u) / SQRT_PI
}

fn normal_density(x: f64) -> f64 {
    libm::exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt()
}

/// Returns a product and exactly what its rounding missed.
///
/// SOURCE: T. J. Dekker, *A floating-point technique for extending the available precision*,
/// Numerische Mathematik 18 (1971) 224-242. Not a fused multiplication, which is slow where the
/// machine has none.
fn exact_product(a: f64, b: f64) -> (f64, f64) {
    let halves = |value: f64| {
        let wide = value * 134_217_729.0;
        let high = wide - (wide - value);
        (high, value - high)
    };
    let product = a * b;
    let ((a_high, a_low), (b_high, b_low)) = (halves(a), halves(b));
    let missed = a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low);
    (product, missed)
}

/// Returns P(T > t) for t >= 0.
fn t_tail(t: f64, df: f64) -> f64 {
    if df > MANY_DEGREES {
        return normal_tail(t) + t_correction(t, df);
    }
    let (x, y) = t_arguments(t, df);
    0.5 * beta::incomplete(x, y, df / 2.0, 0.5)
}

/// Returns P(0 < T <= t) for t >= 0.
fn t_centre(t: f64, df: f64) -> f64 {
    if df > MANY_DEGREES {
        return 0.5 * libm::erf(t / SQRT_2) - t_correction(t, df);
    }
    let (x, y) = t_arguments(t, df);
    0.5 * beta::incomplete(y, x, 0.5, df / 2.0)
}

/// Returns t times the density of Student's t, which is what x^a y^b / B(a, b) is here.
fn t_times_density(t: f64, df: f64) -> f64 {
    let (x, y) = t_arguments(t, df);
    beta::power_over_beta(x, y, df / 2.0, 0.5)
}

/// Returns df / (df + t²) and its complement, also where t² is too large for a number.
fn t_arguments(t: f64, df: f64) -> (f64, f64) {
    let ratio = t / df.sqrt();
    let square = ratio * ratio;
    if square > 1e30 {
        return (1.0 / ratio / ratio, 1.0);
    }
    (1.0 / (1.0 + square), square / (1.0 + square))
}

/// Returns what Student's upper tail has more than the normal one, for many degrees of freedom.
///
/// SOURCE: R. A. Fisher's expansion (1925), in Johnson, Kotz & Balakrishnan, *Continuous univariate
/// distributions* 2, 2nd ed., equation 28.15; the term left out is of order df^-4.
fn t_correction(t: f64, df: f64) -> f64 {
    if t > 40.0 {
        return 0.0;
    }
    let s = t * t;
    let first = (s + 1.0) / 4.0;
    let second = (((3.0 * s - 7.0) * s - 5.0) * s - 3.0) / 96.0;
    let third = (((((s - 11.0) * s + 14.0) * s + 6.0) * s - 3.0) * s - 15.0) / 384.0;
    normal_density(t) * t * (first + (second + third / df) / df) / df
}

/// Returns whether there is such a t: with still fewer degrees of freedom nearly all of it lies
/// beyond what numbers can hold.
fn is_degrees(df: f64) -> bool {
    df >= 1e-6 && df.is_finite()
}

fn is_positive(value: f64) -> bool {
    value > 0.0 && value.is_finite()
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// The coefficients of a ratio of two polynomials of degree 7, lowest first; the denominator's
/// first is 1.
struct Ratio {
    above: [f64; 8],
    below: [f64; 8],
}

fn ratio(x: f64, coefficients: &Ratio) -> f64 {
    let polynomial = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * x + term);
    polynomial(&coefficients.above) / polynomial(&coefficients.below)
}

// The digits are those of the publication, also where a double cannot hold them all.
#[expect(clippy::excessive_precision)]
const CENTRE: Ratio = Ratio {
    above: [
        3.387_132_872_796_366_608_0,
        1.331_416_678_917_843_774_5e2,
        1.971_590_950_306_551_442_7e3,
        1.373_169_376_550_946_112_5e4,
        4.592_195_393_154_987_145_7e4,
        6.726_577_092_700_870_085_3e4,
        3.343_057_558_358_812_810_5e4,
        2.509_080_928_730_122_672_7e3,
    ],
    below: [
        1.0,
        4.231_333_070_160_091_125_2e1,
        6.871_870_074_920_579_083_0e2,
        5.394_196_021_424_751_107_7e3,
        2.121_379_430_158_659_586_7e4,
        3.930_789_580_009_271_061_0e4,
        2.872_908_573_572_194_267_4e4,
        5.226_495_278_852_854_561_0e3,
    ],
};

#[expect(clippy::excessive_precision)]
const MIDDLE: Ratio = Ratio {
    above: [
        1.423_437_110_749_683_577_34,
        4.630_337_846_156_545_295_90,
        5.769_497_221_460_691_405_50,
        3.647_848_324_763_204_605_04,
        1.270_458_252_452_368_382_58,
        2.417_807_251_774_506_117_70e-1,
        2.272_384_498_926_918_458_33e-2,
        7.745_450_142_783_414_076_40e-4,
    ],
    below: [
        1.0,
        2.053_191_626_637_758_821_87,
        1.676_384_830_183_803_849_40,
        6.897_673_349_851_000_045_50e-1,
        1.481_039_764_274_800_745_90e-1,
        1.519_866_656_361_645_719_66e-2,
        5.475_938_084_995_344_946_00e-4,
        1.050_750_071_644_416_843_24e-9,
    ],
};

#[expect(clippy::excessive_precision)]
const TAIL: Ratio = Ratio {
    above: [
        6.657_904_643_501_103_777_20,
        5.463_784_911_164_114_369_90,
        1.784_826_539_917_291_335_80,
        2.965_605_718_285_048_912_30e-1,
        2.653_218_952_657_612_309_30e-2,
        1.242_660_947_388_078_438_60e-3,
        2.711_555_568_743_487_578_15e-5,
        2.010_334_399_292_288_132_65e-7,
    ],
    below: [
        1.0,
        5.998_322_065_558_879_376_90e-1,
        1.369_298_809_227_358_053_10e-1,
        1.487_536_129_085_061_485_25e-2,
        7.868_691_311_456_132_591_00e-4,
        1.846_318_317_510_054_681_80e-5,
        1.421_511_758_316_445_888_70e-7,
        2.044_263_103_389_939_785_64e-15,
    ],
};

#[cfg(test)]
#[path = "distribution_tests.rs"]
mod tests;
