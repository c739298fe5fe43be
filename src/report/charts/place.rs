//! Where do things stand that want the same place? Moves them apart by as little as possible,
//! keeping their order.

/// Something that wants a place on a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wish {
    /// Where its middle would stand if it were alone.
    pub at: f64,
    /// How much room it takes.
    pub size: f64,
    /// How much it counts against its neighbours; above 0.
    pub weight: f64,
}

/// Returns the middles, in the order of the wishes, at least `gap` between neighbours: of all such
/// places those with the least sum of weighted squares of what each is moved. Within `bounds`, if
/// there is room; else the overhang is at the end.
///
/// Chains of neighbours that push each other move as one block to their mean wish (pool adjacent
/// violators), which is exact and takes linear time.
pub fn spread(wishes: &[Wish], gap: f64, bounds: Option<(f64, f64)>) -> Vec<f64> {
    // Less the room that all before it take, the order is the only thing left to keep.
    let mut offsets = Vec::with_capacity(wishes.len());
    let mut taken = 0.0;
    for wish in wishes {
        offsets.push(taken + wish.size / 2.0);
        taken += wish.size + gap;
    }
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for (wish, offset) in wishes.iter().zip(&offsets) {
        let mut block = (wish.at - offset, wish.weight.max(1e-6), 1);
        while let Some(before) = blocks.last().copied().filter(|before| before.0 > block.0) {
            let weight = before.1 + block.1;
            block = ((before.0 * before.1 + block.0 * block.1) / weight, weight, before.2 + block.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    let total = taken - gap;
    let clamp = |place: f64| match bounds {
        Some((low, high)) => place.min(high - total).max(low),
        None => place,
    };
    let starts = blocks.into_iter().flat_map(|(place, _, count)| std::iter::repeat_n(clamp(place), count));
    starts.zip(&offsets).map(|(start, offset)| start + offset).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::Dice;

    #[test]
    fn who_has_room_stays() {
        let wishes = [10.0, 40.0, 80.0].map(|at| Wish { at, size: 20.0, weight: 1.0 });
        assert_eq!(spread(&wishes, 5.0, None), [10.0, 40.0, 80.0]);
        let wishes = [10.0, 10.0].map(|at| Wish { at, size: 20.0, weight: 1.0 });
        assert_eq!(spread(&wishes, 0.0, None), [0.0, 20.0]);
        assert_eq!(spread(&wishes, 0.0, Some((0.0, 99.0))), [10.0, 30.0]);
        assert!(spread(&[], 1.0, None).is_empty());
    }

    #[test]
    fn neighbours_never_touch() {
        let mut dice = Dice::new(3);
        for _ in 0..300 {
            let wishes: Vec<Wish> =
                (0..dice.below(12)).map(|_| Wish { at: dice.between(0.0, 90.0), size: dice.between(1.0, 12.0), weight: 1.0 }).collect();
            let places = spread(&wishes, 2.0, Some((0.0, 200.0)));
            for (index, pair) in places.windows(2).enumerate() {
                let least = (wishes[index].size + wishes[index + 1].size) / 2.0 + 2.0;
                assert!(pair[1] - pair[0] >= least - 1e-9);
            }
            for (place, wish) in places.iter().zip(&wishes) {
                assert!(*place >= wish.size / 2.0 - 1e-9 && *place <= 200.0 - wish.size / 2.0 + 1e-9);
            }
        }
    }
}
