//! Which of the sampled entries is worth least: without a branch that depends on what is sampled,
//! as no predictor could guess it, and for a group at a time, as vector instructions do it.

use core::sync::atomic::Ordering::Relaxed;

use super::super::rng::Rng;
use super::super::{EMPTY, GROUP, NONE, Residents};
use super::lesson::Index;
use super::word::{Word, places};
use crate::ahead;

/// With fewer living entries than this among those looked at, another group is looked at, too.
const ENOUGH: u32 = GROUP as u32 / 2;

/// Costs from here on are those of empty slots.
const NOBODY: u64 = 0xFFFF << 48;

/// What losing an entry costs: the more, the rather it is kept. In the upper half of a number, the
/// lower being for the entry's slot.
pub(super) trait Costs {
    fn of_one(&self, slot: u32, word: Word) -> u64;

    /// Of the entries in a group's slots, from `first` on.
    fn of_group(&self, first: u32, words: [u32; GROUP]) -> [u64; GROUP];
}

/// Draws the candidates.
#[derive(Clone, Debug)]
pub(super) struct Sampler {
    rng: Rng,
    /// The group to look at next, which has been asked for.
    next: u32,
    /// The two slots filled last, the last one first.
    latest: [u32; 2],
    /// The next best of the last choice. It may have left since, and its slot been filled again:
    /// then it is as good as any.
    runner_up: u32,
}

impl Sampler {
    pub(super) fn new(seed: u64) -> Self {
        Self { rng: Rng::new(seed), next: 0, latest: [NONE; 2], runner_up: NONE }
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
        self.runner_up = NONE;
    }

    /// The cheapest of a group or more, the runner-up of the last choice and the latest entry.
    #[inline]
    pub(super) fn choose<R: Residents>(
        &mut self,
        keep: u32,
        residents: &R,
        costs: &impl Costs,
    ) -> Option<u32> {
        let groups = residents.slots().div_ceil(GROUP as u32);
        let mut least = Least::NONE;
        let group = if self.next < groups { self.next } else { self.rng.below(groups) };
        self.draw(groups, residents);
        if least.look_at(group, keep, residents, costs) < ENOUGH {
            self.look_further(&mut least, group, keep, residents, costs);
        }
        let latest = if self.latest[0] == keep { self.latest[1] } else { self.latest[0] };
        for slot in [latest, self.runner_up] {
            least.look_at_one(slot, keep, residents, costs);
        }
        let [victim, runner_up] = least.slots();
        self.runner_up = runner_up;
        (victim != NONE).then_some(victim)
    }

    /// Draws the next group. It is anywhere in memory, so it is asked for now.
    #[inline]
    fn draw<R: Residents>(&mut self, groups: u32, residents: &R) {
        self.next = self.rng.below(groups);
        if self.next < groups {
            ahead::ask_for(residents.group(self.next));
        }
    }

    /// Looks at other groups, until there are enough to choose from.
    ///
    /// They are drawn: going on to the next would eat into what follows a gap, and the gap would
    /// grow. At last in order, so that whatever there is is found.
    #[cold]
    fn look_further<R: Residents>(
        &mut self,
        least: &mut Least,
        mut group: u32,
        keep: u32,
        residents: &R,
        costs: &impl Costs,
    ) {
        let groups = residents.slots().div_ceil(GROUP as u32);
        let mut living = 0;
        for look in 0..2 * u64::from(groups) {
            group = if look < u64::from(groups) {
                self.rng.below(groups)
            } else if group + 1 == groups {
                0
            } else {
                group + 1
            };
            living += least.look_at(group, keep, residents, costs);
            if living >= ENOUGH {
                break;
            }
        }
    }
}

/// The cheapest candidate and its runner-up; a candidate is its cost, then its slot.
#[derive(Clone, Copy, Debug)]
struct Least([u64; 2]);

impl Least {
    const NONE: Self = Self([u64::MAX; 2]);

    /// The cheapest of both.
    #[inline]
    fn and(self, other: Self) -> Self {
        let ([first, second], [third, fourth]) = (self.0, other.0);
        Self([first.min(third), first.max(third).min(second.min(fourth))])
    }

    /// Considers a group of slots but `keep`; gives how many others hold an entry. (A group that is
    /// drawn twice counts twice; `keep` alone must not pass for enough.)
    #[inline]
    fn look_at<R: Residents>(
        &mut self,
        group: u32,
        keep: u32,
        residents: &R,
        costs: &impl Costs,
    ) -> u32 {
        if residents.slots() == 0 {
            return 0;
        }
        let first = group * GROUP as u32;
        let held = residents.group(group);
        // Each by itself, `keep` too: a list that is stored bit by bit, and then loaded at once, has
        // to be waited for.
        let words: [u32; GROUP] = core::array::from_fn(|at| {
            let word = held[at].load(Relaxed);
            if first + at as u32 == keep { EMPTY } else { word }
        });
        let costs = costs.of_group(first, words);
        // In pairs, and pairs of these: from one to the next each would wait for the one before.
        let one = |at: usize| costs[at] | u64::from(first + at as u32);
        let pair = |at| Self([one(at).min(one(at + 1)), one(at).max(one(at + 1))]);
        let four = |at| pair(at).and(pair(at + 2));
        *self = self.and(four(0).and(four(4)));
        words.iter().map(|&word| u32::from(word != EMPTY)).sum()
    }

    /// Considers a slot, unless it stands among the least already.
    #[inline]
    fn look_at_one<R: Residents>(
        &mut self,
        slot: u32,
        keep: u32,
        residents: &R,
        costs: &impl Costs,
    ) {
        let known = self.0.iter().any(|&candidate| candidate as u32 == slot);
        if slot < residents.slots() && slot != keep && !known {
            let cost = costs.of_one(slot, Word(residents.word(slot).load(Relaxed)));
            *self = self.and(Self([cost | u64::from(slot), u64::MAX]));
        }
    }

    /// The slots in order, `NONE` where there are fewer.
    #[inline]
    fn slots(self) -> [u32; 2] {
        self.0.map(|candidate| if candidate < NOBODY { candidate as u32 } else { NONE })
    }
}

/// Its worth, then its age, so that of equals the last used goes: a loop larger than the cache hits
/// in what stayed, and never in what was just used.
pub(super) struct Worth<'i> {
    pub(super) index: &'i Index,
    pub(super) now: u32,
}

impl Costs for Worth<'_> {
    #[inline]
    fn of_one(&self, _slot: u32, word: Word) -> u64 {
        cost(self.index[word.place(word.age(self.now))], word, self.now)
    }

    #[inline]
    fn of_group(&self, _first: u32, words: [u32; GROUP]) -> [u64; GROUP] {
        let places = places(words, self.now);
        core::array::from_fn(|at| {
            let worth = self.index[usize::from(places[at]) % self.index.len()];
            cost(worth, Word(words[at]), self.now)
        })
    }
}

/// The worth, then the age.
#[inline]
fn cost(worth: u16, word: Word, now: u32) -> u64 {
    u64::from(worth) << 48 | word.long_age(now) << 16
}

/// The same, for each unit of weight.
pub(super) struct WorthByWeight<'i, R> {
    pub(super) worth: Worth<'i>,
    pub(super) residents: &'i R,
}

impl<R: Residents> Costs for WorthByWeight<'_, R> {
    fn of_one(&self, slot: u32, word: Word) -> u64 {
        // Slots are looked at that hold no entry, or are none at all.
        if word.is_empty() {
            return NOBODY;
        }
        let worth = f32::from_bits((self.worth.of_one(slot, word) >> 32) as u32 & 0xFFFF_0000);
        // Entries without weight are never in the way: their worth is beyond all others', not NaN.
        let by_weight = (worth / self.residents.weight(slot) as f32).min(f32::MAX);
        u64::from(by_weight.to_bits()) << 32
    }

    fn of_group(&self, first: u32, words: [u32; GROUP]) -> [u64; GROUP] {
        core::array::from_fn(|at| self.of_one(first + at as u32, Word(words[at])))
    }
}
