//! Parquet's runs: small numbers, packed bit by bit or repeated, as codes of rows.
//!
//! Levels say which rows have a value, keys which value of a dictionary it is. Both come as runs; here they become one
//! code a row at once, without the values between.

use bytes::Bytes;

/// A code in the width that rows have it: a byte, or two.
pub trait Code: Copy + Default + Ord {
    /// A number as a code; the largest code where it is none.
    fn saturated(number: u64) -> Self;
    /// Unpacks groups of eight numbers of `width` bits.
    fn unpack(width: usize, packed: &[u8], groups: &mut [[Self; 8]]);
}

/// Numbers of at most so many bits, in runs.
pub struct Runs {
    bytes: Bytes,
    /// Where the next run begins.
    next: usize,
    width: usize,
    run: Run,
}

enum Run {
    Repeated {
        left: usize,
        number: u64,
    },
    /// Numbers from a bit on, counted from the start of all bytes.
    Packed {
        left: usize,
        bit: usize,
    },
}

/// Why runs cannot be read.
type Broken = &'static str;

const TOO_FEW: Broken = "a page has fewer values than it says";
const CUT_OFF: Broken = "a page is cut off";

impl Runs {
    /// Numbers of `width` bits, at most 32.
    pub fn new(bytes: Bytes, width: usize) -> Runs {
        Runs { bytes, next: 0, width, run: Run::Repeated { left: 0, number: 0 } }
    }

    fn left(&self) -> usize {
        match self.run {
            Run::Repeated { left, .. } | Run::Packed { left, .. } => left,
        }
    }

    /// Sees to it that the run at hand is not empty.
    fn advance(&mut self) -> Result<(), Broken> {
        while self.left() == 0 {
            let (mut header, mut shift) = (0u64, 0);
            loop {
                let byte = *self.bytes.get(self.next).ok_or(TOO_FEW)?;
                self.next += 1;
                header |= u64::from(byte & 0x7f) << shift;
                shift += 7;
                if byte < 0x80 {
                    break;
                }
                if shift > 28 {
                    return Err("a run has no length");
                }
            }
            let length = usize::try_from(header >> 1).map_err(|_| CUT_OFF)?;
            if header & 1 == 1 {
                let bits = length.saturating_mul(self.width).min(self.bytes.len() - self.next) * 8;
                // Some writers leave out what fills the last group.
                let left = bits.checked_div(self.width).unwrap_or(length.saturating_mul(8));
                self.run = Run::Packed { left, bit: self.next * 8 };
                self.next += bits / 8;
            } else {
                let size = self.width.div_ceil(8);
                let number = self.bytes.get(self.next..self.next + size).ok_or(CUT_OFF)?;
                let number = number.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
                self.run = Run::Repeated { left: length, number };
                self.next += size;
            }
        }
        Ok(())
    }
}

/// Keys that were unpacked, as far as rows have asked for them.
pub struct Keys<T> {
    runs: Runs,
    /// More than eight beyond what there is: rows are filled in windows of eight.
    ready: Vec<T>,
    taken: usize,
    end: usize,
}

impl<T: Code> Keys<T> {
    /// The keys that runs hold.
    pub fn new(runs: Runs) -> Keys<T> {
        Keys { runs, ready: Vec::new(), taken: 0, end: 0 }
    }

    /// Unpacks until there are so many, all below `limit`.
    fn prepare(&mut self, wanted: usize, limit: T) -> Result<(), Broken> {
        if self.taken > 0 && self.end - self.taken < wanted {
            self.ready.copy_within(self.taken..self.end, 0);
            self.end -= self.taken;
            self.taken = 0;
        }
        // Rows without a value ask for no key, and are filled in windows all the same.
        if self.ready.len() < self.end + 8 {
            self.ready.resize(self.end + 8, T::default());
        }
        while self.end - self.taken < wanted {
            self.runs.advance()?;
            let missing = wanted - (self.end - self.taken);
            let width = self.runs.width;
            let room = self.end + missing.next_multiple_of(8) + 8;
            if self.ready.len() < room {
                self.ready.resize(room, T::default());
            }
            match &mut self.runs.run {
                Run::Repeated { left, number } => {
                    let some = missing.min(*left);
                    self.ready[self.end..self.end + some].fill(T::saturated(*number));
                    self.end += some;
                    *left -= some;
                }
                Run::Packed { left, bit } => {
                    let groups = missing.min(*left).div_ceil(8);
                    let some = (groups * 8).min(*left);
                    let (to, _) = self.ready[self.end..self.end + groups * 8].as_chunks_mut();
                    T::unpack(width, &self.runs.bytes[*bit / 8..], to);
                    self.end += some;
                    *left -= some;
                    *bit += groups * 8 * width;
                }
            }
        }
        let most = self.ready[self.taken..self.taken + wanted].iter().fold(T::default(), |most, it| most.max(*it));
        if wanted > 0 && most >= limit { Err("a key is beyond its dictionary") } else { Ok(()) }
    }

    /// The codes of the next rows: `null` where levels say that there is no value. Keys are below `null`.
    ///
    /// # Errors
    /// Why there are none.
    pub fn rows(&mut self, levels: Option<&mut Keys<u8>>, null: T, rows: &mut [T]) -> Result<(), Broken> {
        let Some(levels) = levels else {
            return self.fill(null, rows);
        };
        levels.prepare(rows.len(), 2)?;
        let levels = levels.take(rows.len());
        let (eights, after) = levels.as_chunks::<8>();
        let sum = |it: &[u8; 8]| (u64::from_le_bytes(*it).wrapping_mul(0x0101_0101_0101_0101) >> 56) as usize;
        let there = eights.iter().map(sum).sum::<usize>() + after.iter().filter(|it| **it == 1).count();
        if there == levels.len() {
            return self.fill(null, rows);
        }
        self.prepare(there, null)?;
        let (to, rest) = rows.as_chunks_mut::<8>();
        let mut window = [null; 16];
        for (to, levels) in to.iter_mut().zip(eights) {
            let Some((keys, _)) = self.ready[self.taken..].split_first_chunk::<8>() else { return Err(TOO_FEW) };
            window[..8].copy_from_slice(keys);
            // One bit a row: the highest byte gathers the lowest bits of all.
            let mask = (u64::from_le_bytes(*levels).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8;
            let (places, count) = &PLACES[usize::from(mask)];
            for (to, place) in to.iter_mut().zip(places) {
                *to = window[usize::from(*place & 15)];
            }
            self.taken += usize::from(*count);
        }
        for (to, level) in rest.iter_mut().zip(after) {
            *to = if *level == 1 { self.ready[self.taken] } else { null };
            self.taken += usize::from(*level);
        }
        Ok(())
    }

    /// The next keys, one a row.
    fn fill(&mut self, limit: T, rows: &mut [T]) -> Result<(), Broken> {
        self.prepare(rows.len(), limit)?;
        rows.copy_from_slice(self.take(rows.len()));
        Ok(())
    }

    fn take(&mut self, count: usize) -> &[T] {
        self.taken += count;
        &self.ready[self.taken - count..self.taken]
    }
}

/// For each set of eight rows that have values, the place of each row's value among them, 8 where it has none; and how
/// many there are.
static PLACES: [([u8; 8], u8); 256] = {
    let mut all = [([8; 8], 0); 256];
    let mut mask = 0;
    while mask < 256 {
        let mut row = 0;
        while row < 8 {
            if mask >> row & 1 == 1 {
                all[mask].0[row] = all[mask].1;
                all[mask].1 += 1;
            }
            row += 1;
        }
        mask += 1;
    }
    all
};

/// The bytes of a group, and zeros where it ends before them.
fn window<const N: usize>(packed: &[u8], start: usize) -> [u8; N] {
    let mut window = [0; N];
    let rest = packed.get(start..).unwrap_or_default();
    let some = rest.len().min(N);
    window[..some].copy_from_slice(&rest[..some]);
    window
}

/// Numbers of any width.
fn unpack_any<T: Code>(width: usize, packed: &[u8], groups: &mut [[T; 8]]) {
    for (at, to) in groups.as_flattened_mut().iter_mut().enumerate() {
        let bit = at * width;
        let word = u64::from_le_bytes(window(packed, bit / 8));
        *to = T::saturated(word >> (bit % 8) & ((1 << width) - 1));
    }
}

impl Code for u8 {
    fn saturated(number: u64) -> u8 {
        u8::try_from(number).unwrap_or(u8::MAX)
    }

    fn unpack(width: usize, packed: &[u8], groups: &mut [[u8; 8]]) {
        match width {
            0 => groups.fill([0; 8]),
            1 => narrow::<1>(packed, groups),
            2 => narrow::<2>(packed, groups),
            3 => narrow::<3>(packed, groups),
            4 => narrow::<4>(packed, groups),
            5 => narrow::<5>(packed, groups),
            6 => narrow::<6>(packed, groups),
            7 => narrow::<7>(packed, groups),
            8 => narrow::<8>(packed, groups),
            _ => unpack_any(width, packed, groups),
        }
    }
}

/// Groups of eight numbers of `W` bits, each a byte.
fn narrow<const W: usize>(packed: &[u8], groups: &mut [[u8; 8]]) {
    for (at, to) in groups.iter_mut().enumerate() {
        let word = match packed.get(at * W..).and_then(|it| it.first_chunk::<8>()) {
            Some(word) => *word,
            None => window(packed, at * W),
        };
        *to = spread::<W>(u64::from_le_bytes(word)).to_le_bytes();
    }
}

/// Eight numbers of `W` bits, one a byte: halves move apart, then quarters, then each.
fn spread<const W: usize>(word: u64) -> u64 {
    if W == 8 {
        return word;
    }
    let bits = |count: usize| (1u64 << count) - 1;
    let (half, quarter, each) = (bits(4 * W), bits(2 * W) * 0x0000_0001_0000_0001, bits(W) * 0x0001_0001_0001_0001);
    let word = word & half | (word & half << (4 * W)) << (32 - 4 * W);
    let word = word & quarter | (word & quarter << (2 * W)) << (16 - 2 * W);
    word & each | (word & each << W) << (8 - W)
}

impl Code for u16 {
    fn saturated(number: u64) -> u16 {
        u16::try_from(number).unwrap_or(u16::MAX)
    }

    fn unpack(width: usize, packed: &[u8], groups: &mut [[u16; 8]]) {
        match width {
            9 => wide::<9>(packed, groups),
            10 => wide::<10>(packed, groups),
            11 => wide::<11>(packed, groups),
            12 => wide::<12>(packed, groups),
            13 => wide::<13>(packed, groups),
            14 => wide::<14>(packed, groups),
            15 => wide::<15>(packed, groups),
            16 => wide::<16>(packed, groups),
            _ => unpack_any(width, packed, groups),
        }
    }
}

/// Groups of eight numbers of `W` bits, at most 16.
fn wide<const W: usize>(packed: &[u8], groups: &mut [[u16; 8]]) {
    for (at, to) in groups.iter_mut().enumerate() {
        let bytes = match packed.get(at * W..).and_then(|it| it.first_chunk::<18>()) {
            Some(bytes) => *bytes,
            None => window(packed, at * W),
        };
        for (number, to) in to.iter_mut().enumerate() {
            let bit = number * W;
            let at = bit / 8;
            let word = u32::from(bytes[at]) | u32::from(bytes[at + 1]) << 8 | u32::from(bytes[at + 2]) << 16;
            *to = (word >> (bit % 8) & ((1 << W) - 1)) as u16;
        }
    }
}

#[cfg(test)]
#[path = "runs_tests.rs"]
mod tests;
