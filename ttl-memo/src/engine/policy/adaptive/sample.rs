//! Which of the sampled entries is worth least: without a branch that depends on what is sampled,
//! as no predictor could guess it.

use core::sync::atomic::Ordering::Relaxed;

use super::super::rng::Rng;
use super::super::{EMPTY, GROUP, NONE, Residents};
use super::lesson::Index;
use super::word::Word;

/// With fewer living entries than this among those looked at, the next group is looked at too.
const ENOUGH: u32 = GROUP as u32 / 2;

/// Costs from here on are those of empty slots.
const NOBODY: u32 = 0xFFFF_0000;

/// Draws the candidates.
#[derive(Clone, Debug)]
pub(super) struct Sampler {
    rng: Rng,
    /// The two slots filled last, the last one first.
    latest: [u32; 2],
    /// The next best of the last choice. They may have left since, and their slots been filled
    /// again: then they are as good as any.
    runners_up: [u32; 2],
}

impl Sampler {
    pub(super) fn new(seed: u64) -> Self {
        Self { rng: Rng::new(seed), latest: [NONE; 2], runners_up: [NONE; 2] }
    }

    pub(super) fn rng(&mut self) -> &mut Rng {
        &mut self.rng
    }

    /// An entry came.
    #[inline]
    pub(super) fn came(&mut self, slot: u32) {
        self.latest = [slot, self.latest[0]];
    }

    pub(super) fn clear(&mut self) {
        self.latest = [NONE; 2];
        self.runners_up = [NONE; 2];
    }

    /// The cheapest of a group or more, the runners-up of the last choice and the latest entry.
    #[inline]
    pub(super) fn choose<R: Residents>(
        &mut self,
        keep: u32,
        residents: &R,
        cost: impl Fn(u32, Word) -> u32 + Copy,
    ) -> Option<u32> {
        let groups = residents.slots().div_ceil(GROUP as u32);
        let mut group = self.rng.below(groups);
        let mut least = Least::NONE;
        let mut living = 0;
        // Drawn anew where there are few: going on to the next would eat into what follows a gap,
        // and the gap would grow. At last in order, so that whatever there is is found.
        for look in 0..2 * u64::from(groups) {
            living += least.look_at(group, keep, residents, cost);
            if living >= ENOUGH {
                break;
            }
            group = if look < u64::from(groups) {
                self.rng.below(groups)
            } else if group + 1 == groups {
                0
            } else {
                group + 1
            };
        }
        let latest = if self.latest[0] == keep { self.latest[1] } else { self.latest[0] };
        for slot in [latest, self.runners_up[0], self.runners_up[1]] {
            least.look_at_one(slot, keep, residents, cost);
        }
        let [victim, runners_up @ ..] = least.slots();
        self.runners_up = runners_up;
        (victim != NONE).then_some(victim)
    }
}

/// The cheapest candidate and its two runners-up; a candidate is its cost, then its slot.
#[derive(Clone, Copy, Debug)]
struct Least([u64; 3]);

impl Least {
    const NONE: Self = Self([u64::MAX; 3]);

    #[inline]
    fn push(&mut self, cost: u32, slot: u32) {
        let [first, second, third] = &mut self.0;
        let candidate = u64::from(cost) << 32 | u64::from(slot);
        let (low, candidate) = ((*first).min(candidate), (*first).max(candidate));
        *first = low;
        let (low, candidate) = ((*second).min(candidate), (*second).max(candidate));
        *second = low;
        *third = (*third).min(candidate);
    }

    /// Considers a group of slots but `keep`; gives how many others hold an entry. (A group that is
    /// drawn twice counts twice; `keep` alone must not pass for enough.)
    #[inline]
    fn look_at<R: Residents>(
        &mut self,
        group: u32,
        keep: u32,
        residents: &R,
        cost: impl Fn(u32, Word) -> u32,
    ) -> u32 {
        let mut living = 0;
        let first = group * GROUP as u32;
        for (slot, word) in (first..).zip(residents.group(group)) {
            let word = word.load(Relaxed);
            living += u32::from(word != EMPTY && slot != keep);
            let cost = cost(slot, Word(word));
            self.push(if slot == keep { u32::MAX } else { cost }, slot);
        }
        living
    }

    /// Considers a slot, unless it stands among the least already.
    #[inline]
    fn look_at_one<R: Residents>(
        &mut self,
        slot: u32,
        keep: u32,
        residents: &R,
        cost: impl Fn(u32, Word) -> u32,
    ) {
        let known = self.0.iter().any(|&candidate| candidate as u32 == slot);
        if slot < residents.slots() && slot != keep && !known {
            self.push(cost(slot, Word(residents.word(slot).load(Relaxed))), slot);
        }
    }

    /// The slots in order, `NONE` where there are fewer.
    #[inline]
    fn slots(self) -> [u32; 3] {
        self.0.map(
            |candidate| {
                if candidate < u64::from(NOBODY) << 32 { candidate as u32 } else { NONE }
            },
        )
    }
}

/// What losing an entry costs: its worth, then its age, so that of equals the last used goes. A
/// loop larger than the cache hits in what stayed, and never in what was just used.
#[inline]
pub(super) fn cost(index: &Index, word: Word, now: u32) -> u32 {
    let age = word.age(now);
    u32::from(index[word.place(age)]) << 16 | age
}

/// As `cost`, for each unit of weight.
#[inline]
pub(super) fn weighted_cost(index: &Index, word: Word, now: u32, weight: usize) -> u32 {
    if word.is_empty() {
        return u32::MAX;
    }
    let worth = f32::from_bits(cost(index, word, now) & 0xFFFF_0000);
    // Entries without weight are never in the way: their worth is beyond all others', not NaN.
    (worth / weight as f32).min(f32::MAX).to_bits()
}
