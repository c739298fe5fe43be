//! The innermost loops: rows are added to the records of their slots.
//!
//! One pass an item over a window of rows, so that one item's records stay in the processor's cache. Records are small,
//! in integers, and wide enough for [`MOST_ROWS`] rows of one slot; then they are emptied into totals. Where slots are
//! many and rows of each few, counts and a sum share one word of 64 bits. What goes to the sink may overflow, and is
//! never looked at.

/// Rows of one slot that records can hold.
pub const MOST_ROWS: u32 = u16::MAX as u32;
/// Rows of a batch that go through the loops at a time, where one slot has too many of them.
pub const WINDOW: usize = 32_768;
/// Numbers up to this size leave room for the squares of [`MOST_ROWS`] of them in 64 bits.
pub const NARROW: u64 = 11_863_283;

/// Counts the class of each row in its slot.
pub fn count(counts: &mut [u16], shift: u32, class: &[u8; 256], ids: &[u32], codes: &[u8]) {
    for (id, code) in ids.iter().zip(codes) {
        let at = ((*id as usize) << shift) + usize::from(class[usize::from(*code)]);
        if let Some(count) = counts.get_mut(at) {
            *count = count.wrapping_add(1);
        }
    }
}

/// A sum, and the sum of squares.
pub trait Record: Copy + Default {
    /// Adds a number.
    fn add(&mut self, number: i64);
    /// Both sums.
    fn sums(&self) -> (i128, i128);
}

/// A sum alone, where no squares are kept.
#[derive(Clone, Copy, Default)]
pub struct Single(i64);

/// Sums that are known to fit 64 bits.
#[derive(Clone, Copy, Default)]
pub struct Narrow(i64, i64);

/// Sums of anything.
#[derive(Clone, Copy, Default)]
pub struct Wide(i128, i128);

impl Record for Single {
    #[inline(always)]
    fn add(&mut self, number: i64) {
        self.0 = self.0.wrapping_add(number);
    }

    fn sums(&self) -> (i128, i128) {
        (i128::from(self.0), 0)
    }
}

impl Record for Narrow {
    #[inline(always)]
    fn add(&mut self, number: i64) {
        self.0 = self.0.wrapping_add(number);
        self.1 = self.1.wrapping_add(number.wrapping_mul(number));
    }

    fn sums(&self) -> (i128, i128) {
        (i128::from(self.0), i128::from(self.1))
    }
}

impl Record for Wide {
    #[inline(always)]
    fn add(&mut self, number: i64) {
        self.0 = self.0.wrapping_add(i128::from(number));
        self.1 = self.1.wrapping_add(i128::from(number) * i128::from(number));
    }

    fn sums(&self) -> (i128, i128) {
        (self.0, self.1)
    }
}

/// Adds each row's number to the record of its slot and class.
pub fn by_class<R: Record>(records: &mut [R], shift: u32, class: &[u8; 256], ids: &[u32], codes: &[u8], numbers: &[i64]) {
    for ((id, code), number) in ids.iter().zip(codes).zip(numbers) {
        let at = ((*id as usize) << shift) + usize::from(class[usize::from(*code)]);
        if let Some(record) = records.get_mut(at) {
            record.add(*number);
        }
    }
}

/// Adds each row's number, times what its code stands for, to the record of its slot.
pub fn product<R: Record>(records: &mut [R], factor: &[i64; 256], ids: &[u32], codes: &[u8], numbers: &[i64]) {
    for ((id, code), number) in ids.iter().zip(codes).zip(numbers) {
        if let Some(record) = records.get_mut(*id as usize) {
            record.add(factor[usize::from(*code)].wrapping_mul(*number));
        }
    }
}

/// How a record of 64 bits holds the counts of some classes, above one sum of numbers that are not negative.
///
/// Adding a row is one addition: there is room for the counts and the sum of [`Layout::rows`] rows of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    classes: usize,
    /// The bits of each count.
    count: u32,
    /// The bits of the sum.
    sum: u32,
}

/// A count that is wider gains nothing; one that is narrower is emptied too often.
const WIDEST: u32 = 16;
const NARROWEST: u32 = 5;

impl Layout {
    /// A layout for so many classes, and numbers up to a size; `None` where 64 bits are too few.
    pub fn new(classes: usize, most: u64) -> Option<Layout> {
        let number = u64::BITS - most.leading_zeros();
        let count = (u64::BITS.checked_sub(number)? / (u32::try_from(classes).ok()? + 1)).min(WIDEST);
        let sum = u64::BITS - count * u32::try_from(classes).ok()?;
        (count >= NARROWEST).then_some(Layout { classes, count, sum })
    }

    /// Whether it has room for so many classes, and for numbers up to a size.
    pub fn holds(&self, classes: usize, most: u64) -> bool {
        let number = u64::BITS - most.leading_zeros();
        classes <= self.classes && number + self.count <= self.sum
    }

    /// The rows of a slot that there is room for.
    pub fn rows(&self) -> u32 {
        (1 << self.count) - 1
    }

    /// What a row of a class adds, beside its number.
    pub fn step(&self, class: u8) -> u64 {
        1 << (self.sum + self.count * u32::from(class))
    }

    /// The sum of a record.
    pub fn sum(&self, record: u64) -> u64 {
        record & ((1 << self.sum) - 1)
    }

    /// The counts of a record, by class.
    pub fn counts(&self, record: u64) -> impl Iterator<Item = u64> {
        let (count, mask) = (self.count, (1 << self.count) - 1);
        let counts = record >> self.sum;
        (0..self.classes as u32).map(move |class| counts >> (count * class) & mask)
    }
}

/// What a code adds to a record: its class's step, and its factor of the row's number.
#[derive(Clone, Copy, Default)]
pub struct Step {
    pub count: u64,
    pub factor: u64,
}

/// Adds each row's step, and its number times the factor, to the record of its slot.
///
/// Not inlined, as its twin below: among the variables of its caller its own would not stay in registers.
#[inline(never)]
pub fn packed(records: &mut [u64], steps: &[Step; 256], ids: &[u32], codes: &[u8], numbers: &[u32]) {
    for ((id, code), number) in ids.iter().zip(codes).zip(numbers) {
        if let Some(record) = records.get_mut(*id as usize) {
            let Step { count, factor } = steps[usize::from(*code)];
            *record = record.wrapping_add(factor.wrapping_mul(u64::from(*number)).wrapping_add(count));
        }
    }
}

/// Adds each row's step to the record of its slot.
#[inline(never)]
pub fn packed_counts(records: &mut [u64], steps: &[Step; 256], ids: &[u32], codes: &[u8]) {
    for (id, code) in ids.iter().zip(codes) {
        if let Some(record) = records.get_mut(*id as usize) {
            *record = record.wrapping_add(steps[usize::from(*code)].count);
        }
    }
}

/// Counts and sums of a slot side by side, so that a row touches one piece of memory. `C` is a power of two.
#[derive(Clone, Copy)]
pub struct Fused<R, const C: usize> {
    pub counts: [u16; C],
    pub sums: R,
}

impl<R: Record, const C: usize> Default for Fused<R, C> {
    fn default() -> Fused<R, C> {
        Fused { counts: [0; C], sums: R::default() }
    }
}

/// Counts the class of each row in its slot, and adds its number times what its code stands for.
pub fn fused<R: Record, N: Copy + Into<i64>, const C: usize>(
    records: &mut [Fused<R, C>],
    (class, factor): (&[u8; 256], &[i64; 256]),
    ids: &[u32],
    codes: &[u8],
    numbers: &[N],
) {
    for ((id, code), number) in ids.iter().zip(codes).zip(numbers) {
        if let Some(record) = records.get_mut(*id as usize) {
            let code = usize::from(*code);
            let count = &mut record.counts[usize::from(class[code]) & (C - 1)];
            *count = count.wrapping_add(1);
            record.sums.add(factor[code].wrapping_mul((*number).into()));
        }
    }
}

/// Adds each row's number to the record of its slot.
pub fn plain<R: Record>(records: &mut [R], ids: &[u32], numbers: &[i64]) {
    for (id, number) in ids.iter().zip(numbers) {
        if let Some(record) = records.get_mut(*id as usize) {
            record.add(*number);
        }
    }
}
