//! Which slots are free, the lowest first, so that the end of the slots can be given back.
//!
//! But for one that is kept at hand: a full cache frees a slot for each that it takes, again and
//! again the next.

#![expect(clippy::cast_possible_truncation, reason = "slots are numbers of 32 bits")]

/// Sixty-four bits of a level make one of the next; six levels are enough for any slot.
const LEVELS: usize = 6;
const _: () = assert!(64_u64.pow(LEVELS as u32) > u32::MAX as u64);

/// A set of slots.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vacancies {
    /// At the lowest level a bit is a slot, above it whether there is any bit in a word below.
    levels: [Vec<u64>; LEVELS],
    /// How many there are in them.
    len: usize,
    /// One more.
    at_hand: Option<u32>,
}

impl Vacancies {
    /// How many are free.
    pub(crate) fn len(&self) -> usize {
        self.len + usize::from(self.at_hand.is_some())
    }

    /// Adds a slot that is not in the set.
    #[inline]
    pub(crate) fn push(&mut self, slot: u32) {
        match self.at_hand {
            None => self.at_hand = Some(slot),
            Some(_) => self.push_away(slot),
        }
    }

    fn push_away(&mut self, slot: u32) {
        self.len += 1;
        let mut bit = slot as usize;
        for level in &mut self.levels {
            let word = bit / 64;
            if level.len() <= word {
                level.resize(word + 1, 0);
            }
            let before = level[word];
            level[word] |= 1 << (bit % 64);
            if before != 0 {
                return;
            }
            bit = word;
        }
    }

    /// Takes the slot at hand out, or the lowest.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<u32> {
        self.at_hand.take().or_else(|| self.pop_lowest())
    }

    fn pop_lowest(&mut self) -> Option<u32> {
        let mut bit = 0;
        self.len = self.len.checked_sub(1)?;
        for level in self.levels.iter().rev() {
            bit = 64 * bit + level[bit].trailing_zeros() as usize;
        }
        let slot = bit as u32;
        for level in &mut self.levels {
            let word = &mut level[bit / 64];
            *word &= !(1 << (bit % 64));
            if *word != 0 {
                break;
            }
            bit /= 64;
        }
        Some(slot)
    }

    /// Takes out all from `slots` on, and gives back what they took.
    pub(crate) fn truncate(&mut self, slots: u32) {
        self.at_hand = self.at_hand.filter(|&slot| slot < slots);
        let mut bits = slots as usize;
        for at in 0..LEVELS {
            let words = bits.div_ceil(64);
            let level = &mut self.levels[at];
            let cut = level.get(words..).unwrap_or_default();
            let mut cut: u32 = cut.iter().map(|word| word.count_ones()).sum();
            level.truncate(words);
            level.shrink_to_fit();
            if bits % 64 != 0 && level.len() == words {
                let last = &mut level[words - 1];
                let kept = *last & ((1 << (bits % 64)) - 1);
                cut += (*last ^ kept).count_ones();
                *last = kept;
            }
            if at == 0 {
                self.len -= cut as usize;
            }
            // The last word that is left may have lost its last bit.
            let emptied =
                words.checked_sub(1).filter(|&word| self.levels[at].get(word) == Some(&0));
            if let (Some(word), Some(above)) = (emptied, self.levels.get_mut(at + 1)) {
                if let Some(above) = above.get_mut(word / 64) {
                    *above &= !(1 << (word % 64));
                }
            }
            bits = words;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Step {
        Push(u32),
        Pop,
        Truncate(u32),
    }

    fn steps() -> impl Strategy<Value = Step> {
        // Near each other, and at the edges of words at every level.
        let slots = || prop_oneof![0..200_u32, 4_090..4_100_u32, 262_140..262_150_u32];
        prop_oneof![
            6 => slots().prop_map(Step::Push),
            4 => Just(Step::Pop),
            1 => slots().prop_map(Step::Truncate),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_lowest_comes_first(run in prop::collection::vec(steps(), 0..200)) {
            let (mut set, mut model) = (Vacancies::default(), BTreeSet::new());
            let mut at_hand = None;
            for step in run {
                match step {
                    Step::Push(slot) if at_hand == Some(slot) || model.contains(&slot) => {}
                    Step::Push(slot) => {
                        set.push(slot);
                        if at_hand.is_none() {
                            at_hand = Some(slot);
                        } else {
                            model.insert(slot);
                        }
                    }
                    Step::Pop => {
                        let expected = at_hand.take().or_else(|| model.pop_first());
                        assert_eq!(set.pop(), expected);
                    }
                    Step::Truncate(slots) => {
                        at_hand = at_hand.filter(|&slot| slot < slots);
                        model.retain(|&slot| slot < slots);
                        set.truncate(slots);
                    }
                }
                assert_eq!(set.len(), model.len() + usize::from(at_hand.is_some()));
            }
            assert_eq!(at_hand, at_hand.and_then(|_| set.pop()));
            while let Some(slot) = set.pop() {
                assert_eq!(Some(slot), model.pop_first());
            }
            assert!(model.is_empty());
        }
    }

    #[test]
    fn any_slot_fits() {
        // Only as many words as it takes, so the largest is left to arithmetic.
        let mut set = Vacancies::default();
        set.push(0);
        set.push(1 << 24);
        assert_eq!((set.pop(), set.pop(), set.pop()), (Some(0), Some(1 << 24), None));
        set.truncate(0);
        assert!(set.levels.iter().all(|level| level.capacity() == 0));
    }
}
