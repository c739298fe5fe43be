//! Answers: how fast does ln Γ change here, and how fast does that change?

/// Below this the series has too few digits; the argument is raised to it first.
const LARGE: f64 = 12.0;

/// Returns ψ(x), the derivative of ln Γ(x), for x > 0: ψ(x) = ψ(x+1) − 1/x up to where
/// ψ(x) = ln x − 1/(2x) − Σ B₂ₖ/(2k x²ᵏ) is taken to k = 6.
///
/// Error: what is left out is less than the next term, 1/(12 x¹⁴) < 7e-17 from 12 on; what is rounded, 1e-13 of the value.
/// SOURCE: NIST Digital Library of Mathematical Functions, 5.5.2 (recurrence) and 5.11.2 (series).
pub(super) fn digamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < LARGE {
        below += 1.0 / x;
        x += 1.0;
    }
    let s = 1.0 / (x * x);
    let series = s * (1.0 / 12.0 - s * (1.0 / 120.0 - s * (1.0 / 252.0 - s * (1.0 / 240.0 - s * (1.0 / 132.0 - s * 691.0 / 32_760.0)))));
    libm::log(x) - 0.5 / x - series - below
}

/// Returns ψ'(x), for x > 0: ψ'(x) = ψ'(x+1) + 1/x² up to where ψ'(x) = 1/x + 1/(2x²) + Σ B₂ₖ/x²ᵏ⁺¹ is taken to k = 6.
///
/// Error: what is left out is less than the next term, 7/(6 x¹⁵) < 8e-17 from 12 on; what is rounded, 1e-13 of the value.
/// SOURCE: the same, 5.15.5 and 5.15.8.
pub(super) fn trigamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < LARGE {
        below += 1.0 / (x * x);
        x += 1.0;
    }
    let s = 1.0 / (x * x);
    let series = s * (1.0 / 6.0 - s * (1.0 / 30.0 - s * (1.0 / 42.0 - s * (1.0 / 30.0 - s * (5.0 / 66.0 - s * 691.0 / 2_730.0)))));
    1.0 / x + 0.5 * s + series / x + below
}

#[cfg(test)]
#[expect(clippy::excessive_precision, reason = "figures as another program writes them")]
mod tests {
    use super::*;
    use crate::stats::testing::assert_close;

    #[test]
    fn equal_known_values() {
        // Euler's constant, π²/6, and figures of mpmath with 30 digits.
        assert_close(digamma(1.0), -0.577_215_664_901_532_9, 1e-14);
        assert_close(trigamma(1.0), 1.644_934_066_848_226_4, 1e-14);
        for (x, first, second) in DIGITS {
            assert_close(digamma(x), first, 1e-13);
            assert_close(trigamma(x), second, 1e-13);
        }
    }

    const DIGITS: [(f64, f64, f64); 4] = [
        (0.05, -20.49784499129987, 401.53235734211512),
        (0.3, -3.502524222200133, 12.24536454610773),
        (7.5, 1.9467574842460868, 0.1426158966967038),
        (1234.5, 7.1180162318279978, 0.00081037272712696665),
    ];
}
