//! Runs against the numbers that they were written from.

use super::*;
use proptest::prelude::*;

/// Writes numbers as runs: as the choices say, repeated where they are, else packed in groups of eight.
fn written(numbers: &[u64], width: usize, choices: &[bool]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut choices = choices.iter().copied().cycle();
    let mut rest = numbers;
    while let Some(first) = rest.first() {
        let same = rest.iter().take_while(|it| *it == first).count();
        if choices.next() == Some(true) || same >= 20 {
            header(&mut bytes, same << 1);
            bytes.extend(&first.to_le_bytes()[..width.div_ceil(8)]);
            rest = &rest[same..];
            continue;
        }
        let groups = if rest.len() > 40 && choices.next() == Some(true) { 3 } else { 1 };
        let (some, others) = rest.split_at(rest.len().min(groups * 8));
        header(&mut bytes, groups << 1 | 1);
        let mut packed = vec![0u8; groups * width];
        for (at, number) in some.iter().enumerate() {
            (0..width).filter(|bit| number >> bit & 1 == 1).for_each(|bit| packed[(at * width + bit) / 8] |= 1 << ((at * width + bit) % 8));
        }
        bytes.extend(packed);
        rest = others;
    }
    bytes
}

fn header(bytes: &mut Vec<u8>, mut header: usize) {
    while header >= 0x80 {
        bytes.push(header as u8 | 0x80);
        header >>= 7;
    }
    bytes.push(header as u8);
}

/// Reads rows in steps; `None` where a row has no value.
fn read<T: Code>(keys: Vec<u8>, width: usize, levels: Option<Vec<u8>>, null: T, rows: usize, step: usize) -> Result<Vec<T>, Broken> {
    let mut keys: Keys<T> = Keys::new(Runs::new(keys.into(), width));
    let mut levels = levels.map(|it| Keys::new(Runs::new(it.into(), 1)));
    let mut all = vec![T::default(); rows];
    for rows in all.chunks_mut(step) {
        keys.rows(levels.as_mut(), null, rows)?;
    }
    Ok(all)
}

proptest! {
    #[test]
    fn rows_get_back_what_was_written(
        rows in prop::collection::vec(prop::option::weighted(0.8, 0u64..1 << 16), 0..300),
        runs in 0usize..4,
        width in 1usize..=16,
        choices in prop::collection::vec(any::<bool>(), 1..20),
        step in 1usize..120,
    ) {
        // Some rows repeat the one before them.
        let mut wanted: Vec<Option<u64>> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            wanted.push(if runs > 0 && at % 16 >= 4 * (4 - runs) { wanted[at - 1] } else { row.map(|it| it & ((1 << width) - 1)) });
        }
        let there: Vec<u64> = wanted.iter().flatten().copied().collect();
        let levels: Vec<u64> = wanted.iter().map(|it| u64::from(it.is_some())).collect();
        let (keys, levels) = (written(&there, width, &choices), written(&levels, 1, &choices));
        if width < 8 {
            let read = read::<u8>(keys.clone(), width, Some(levels.clone()), 255, wanted.len(), step);
            let wide: Vec<u8> = wanted.iter().map(|it| it.map_or(255, |it| it as u8)).collect();
            prop_assert_eq!(read, Ok(wide));
        }
        if width < 16 {
            let wide: Vec<u16> = wanted.iter().map(|it| it.map_or(65_535, |it| it as u16)).collect();
            prop_assert_eq!(read::<u16>(keys.clone(), width, Some(levels), 65_535, wanted.len(), step), Ok(wide));
        }
        let all: Vec<u16> = there.iter().map(|it| *it as u16).collect();
        let limit = all.iter().max().map_or(0, |it| it.saturating_add(1));
        if limit < u16::MAX {
            prop_assert_eq!(read::<u16>(keys.clone(), width, None, limit, all.len(), step), Ok(all.clone()));
            // One more than there is, or a key that is none, is found out.
            if limit > 1 {
                prop_assert!(read::<u16>(keys.clone(), width, None, limit - 1, all.len(), step).is_err());
            }
            prop_assert!(read::<u16>(keys, width, None, limit, all.len() + 24, 1_000).is_err());
        }
    }

    #[test]
    fn bytes_of_any_kind_end_somewhere(bytes in prop::collection::vec(any::<u8>(), 0..60), levels in prop::collection::vec(any::<u8>(), 0..20), width in 0usize..=32) {
        let _ = read::<u8>(bytes.clone(), width, Some(levels.clone()), 200, 500, 90);
        let _ = read::<u16>(bytes, width, Some(levels), 60_000, 500, 90);
    }
}

#[test]
fn one_value_needs_no_bits() {
    assert_eq!(read::<u8>(vec![5 << 1], 0, None, 1, 5, 5), Ok(vec![0; 5]));
    assert_eq!(read::<u16>(vec![3], 0, None, 1, 8, 3), Ok(vec![0; 8]));
}

#[test]
fn a_last_group_may_be_cut_short() {
    // Three numbers of four bits in two bytes, where a group has four.
    assert_eq!(read::<u8>(vec![3, 0x21, 0x03], 4, None, 9, 3, 3), Ok(vec![1, 2, 3]));
    assert_eq!(read::<u8>(vec![3, 0x21, 0x03], 4, None, 9, 5, 5), Err(TOO_FEW));
}
