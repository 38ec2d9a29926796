//! What is known of an entry's past, in its policy word.
//!
//! From the top: *stamp*, 16 bits, the epoch of the last use; *uses*, 6 bits; *class*, 5 bits; and
//! 5 bits of nothing, which make a class the place of its row in the index. Class 31 does not
//! exist, so no word of an entry is `EMPTY`, and the row of `EMPTY` is one of its own.
//!
//! An epoch is a sixteenth of the time in which the cache is used as often as it has room. A *now*
//! is an epoch in the place of a stamp, with ones below, so that subtracting a word borrows nothing.

use super::super::EMPTY;

/// Classes of pasts: 0 for entries never seen to be used again, then one for each level and gap.
pub(super) const CLASSES: usize = 1 + LEVELS * GAPS;
/// Levels of the number of uses: 1, 2–3, 4–7, and so on.
pub(super) const LEVELS: usize = 6;
/// Bands of the time between the last two uses.
pub(super) const GAPS: usize = 5;
/// Bands of the time since the last use, each half an octave.
pub(super) const AGES: usize = 24;
/// Epochs in the time in which the cache is used as often as it has room (a *turn*).
pub(super) const EPOCHS: u32 = 16;

const CLASS_AT: u32 = 5;
const USES_AT: u32 = 10;
const STAMP_AT: u32 = 16;
const MOST_USES: u32 = 63;
/// Twelve turns without a use, and half of the uses are forgotten.
const LONG: u32 = 12 * EPOCHS;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word(pub(super) u32);

impl Word {
    /// An entry not known from before.
    pub(super) fn new(now: u32) -> Self {
        Self(now & (u32::MAX << STAMP_AT))
    }

    /// An entry of this class, used again just now after `age` epochs.
    pub(super) fn returning(class: usize, age: u32, now: u32) -> Self {
        // The middle of the uses that the class's level stands for.
        const USES: [u32; LEVELS + 1] = [0, 1, 2, 5, 11, 22, 44];
        Self::used(USES[level_of(class)], age, now)
    }

    /// The word after a use at `now`.
    pub(super) fn renewed(self, now: u32) -> Self {
        Self::used((self.0 >> USES_AT) & MOST_USES, self.age(now), now)
    }

    fn used(uses: u32, age: u32, now: u32) -> Self {
        let uses = if age > LONG { uses.div_ceil(2) + 1 } else { (uses + 1).min(MOST_USES) };
        let class = 1 + uses.ilog2() * GAPS as u32 + gap(age);
        Self(now & (u32::MAX << STAMP_AT) | uses << USES_AT | class << CLASS_AT)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == EMPTY
    }

    pub(super) fn class(self) -> usize {
        (self.0 >> CLASS_AT) as usize & 31
    }

    /// Epochs since the last use.
    #[inline]
    pub(super) fn age(self, now: u32) -> u32 {
        now.wrapping_sub(self.0) >> STAMP_AT
    }

    /// The same, counted in 2⁻¹⁶ epochs: as it is where a stamp stands.
    #[inline]
    pub(super) fn long_age(self, now: u32) -> u64 {
        u64::from(now.wrapping_sub(self.0) & (u32::MAX << STAMP_AT))
    }

    /// Where the index has the worth of such an entry: a row of 32 places for each class.
    #[inline]
    pub(super) fn place(self, age: u32) -> usize {
        (self.0 & 31 << CLASS_AT) as usize | band(age)
    }
}

/// The *now* of an epoch.
pub(super) fn now(epoch: u32) -> u32 {
    (epoch << STAMP_AT) | ((1 << STAMP_AT) - 1)
}

/// Whether a word was stamped in the epoch of `now`; in none that is beyond all words.
#[inline]
pub(super) fn current(word: u64, now: u64) -> bool {
    (word ^ now) < 1 << STAMP_AT
}

/// The level of a class: 0 for class 0.
pub(super) fn level_of(class: usize) -> usize {
    class.div_ceil(GAPS)
}

/// The band of a gap, in turns: up to 1/4, 1, 2, 4, and more.
fn gap(age: u32) -> u32 {
    [4, 16, 32, 64].iter().map(|&end| u32::from(age >= end)).sum()
}

/// The band of an age in epochs: 0, 1, 2, 3, 4–5, 6–7, 8–11, 12–15, 16–23, and so on.
#[inline]
pub(super) fn band(age: u32) -> usize {
    // A float's exponent and the first bit of its fraction are just that, from 2 on.
    let half_octave = ((age as f32).to_bits() >> 22).saturating_sub(127 << 1);
    half_octave.max(age.min(1)).min(AGES as u32 - 1) as usize
}

/// [`Word::place`] of several words at once. An age is below 2^16, and all that comes after fits 16
/// bits: written so that it takes a few vector instructions.
#[inline]
pub(super) fn places<const N: usize>(words: [u32; N], now: u32) -> [u16; N] {
    let ages: [i32; N] = core::array::from_fn(|at| Word(words[at]).age(now) as i32);
    let halves: [i16; N] = core::array::from_fn(|at| ((ages[at] as f32).to_bits() >> 22) as i16);
    core::array::from_fn(|at| {
        let half_octave = halves[at].wrapping_sub(127 << 1);
        // An age beyond an `i16` seems negative, and then the half-octave is the greater.
        let band = half_octave.max((ages[at] as i16).min(1)).min(AGES as i16 - 1);
        (words[at] as u16) & 31 << CLASS_AT | band as u16
    })
}

/// The age at which a band begins, in turns.
pub(super) const fn start(band: usize) -> f32 {
    let epochs = match band {
        0 | 1 => band as f32,
        _ => (2 + (band & 1)) as f32 * (1_u64 << (band / 2)) as f32 / 2.0,
    };
    epochs / EPOCHS as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_several_words_are_those_of_each() {
        let now = now(0xFFFF);
        for age in 0..=0xFFFF_u32 {
            let words = [0, 1, 17, 30].map(|class| (0xFFFF - age) << STAMP_AT | class << CLASS_AT);
            let each = words.map(|word| Word(word).place(Word(word).age(now)));
            assert_eq!(places(words, now).map(usize::from), each);
        }
        assert_eq!(places([EMPTY], now), [31 << CLASS_AT]);
    }
}
