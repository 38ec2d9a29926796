//! Evicts the sampled entry that is worth its place the least.
//!
//! An entry's worth is its *hit density*: the chance that it is used again, by the time that it
//! would go on holding its place for that. Nobody knows it; but entries with like pasts (a *class*:
//! how often used, how long between the last two uses) that were last used equally long ago (*age*)
//! have done alike so far in this very cache, and [`lesson`] learns from what became of them.
//! So there is nothing to tune: what a workload rewards, recency, frequency, or neither in a scan
//! or a loop, shows in the counts.
//!
//! - A hit stamps the entry's word with the epoch, once an epoch; nothing moves ([`Marks`]).
//! - An evicted entry leaves a ghost, so that a key that returns has its past back ([`ghosts`]).
//! - A miss looks at eight neighbouring words at a random place, the runner-up of the last
//!   choice and the entry that came last; the least worthy goes, of several the last used.
//!
//! Time is counted in misses, times the uses seen a miss, so a cache that only hits does not age.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "what is counted is below 2^31 and not negative, and statistics are kept in 24 bits"
)]

mod ghosts;
mod lesson;
mod marks;
mod sample;
#[cfg(test)]
mod tests;
mod word;

use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::Relaxed;

pub(crate) use marks::Marks;

use self::lesson::Lesson;
use self::sample::{Sampler, Worth, WorthByWeight};
use self::word::{EPOCHS, Word, now};
use super::{EvictionPolicy, Recording, Replacement, Residents};

#[derive(Clone, Debug)]
pub(crate) struct Adaptive {
    /// Virtual time in epochs, with 32 binary places.
    clock: u64,
    /// How far an insertion moves the clock.
    pace: u64,
    /// Entries when full, if known.
    bound: usize,
    len: usize,
    /// Insertions since the last lesson began, and in all.
    since: u32,
    misses: u64,
    /// There is nothing to be learned before so many since.
    wake: u32,
    sampler: Sampler,
    /// Whether the entry that came last was here before is not found out yet.
    stranger: Option<Stranger>,
    /// Made at the first choice of a victim: a cache that never fills has none.
    lesson: Option<Box<Lesson>>,
}

/// An entry whose ghost has not been looked for.
///
/// Ghosts are anywhere in memory. So one is asked for when the entry comes, and looked for when the
/// next does: until then nobody needs to know.
#[derive(Clone, Copy, Debug)]
struct Stranger {
    slot: u32,
    hash: u32,
    /// The word that it was given.
    word: u32,
}

impl Adaptive {
    fn epoch(&self) -> u32 {
        (self.clock >> 32) as u32
    }

    fn now(&self) -> u32 {
        now(self.epoch())
    }

    /// Entries when full: as told, or else as many as there are now.
    fn room(&self) -> usize {
        if self.bound == usize::MAX { self.len.max(1) } else { self.bound }
    }

    /// Time goes on by a miss.
    fn tick(&mut self, marks: &Marks) {
        let before = self.epoch();
        self.clock = self.clock.wrapping_add(self.pace);
        // Readers keep this line: written only when there is something new.
        if self.epoch() != before {
            marks.set_epoch(self.epoch());
        }
        self.since += 1;
        self.misses += 1;
    }

    fn set_pace(&mut self, uses_a_miss: f32) {
        let room = self.room();
        let epochs = f64::from(uses_a_miss) * f64::from(EPOCHS) / room as f64;
        self.pace = (epochs * 4_294_967_296.0) as u64;
    }

    /// Gives an entry that was here before, and has not been used since it came back, its past.
    #[inline]
    fn recognize(&mut self, stranger: Stranger, residents: &impl Residents) {
        if let Some(past) = self.past_of(stranger) {
            if stranger.slot < residents.slots() {
                let word = residents.word(stranger.slot);
                // Never into a slot that is empty by now.
                if word.load(Relaxed) == stranger.word {
                    word.store(past.0, Relaxed);
                }
            }
        }
    }

    #[inline]
    fn past_of(&mut self, stranger: Stranger) -> Option<Word> {
        let epoch = self.epoch();
        self.lesson.as_mut().and_then(|lesson| lesson.welcome(stranger.hash, epoch))
    }

    /// An entry leaves. Whether it was here before is of no interest any more, and the ghost that
    /// it leaves is not one from before.
    #[inline]
    fn forget(&mut self, slot: u32) {
        if self.stranger.is_some_and(|stranger| stranger.slot == slot) {
            self.stranger = None;
        }
    }

    /// Learns a little: there is something to be learned.
    #[cold]
    fn learn(&mut self, residents: &impl Residents, marks: &Marks) {
        let (room, epoch) = (self.room(), self.epoch());
        let lesson = self.lesson.get_or_insert_with(|| Box::new(Lesson::new(room, marks)));
        if lesson.idle() {
            let due = lesson.due(self.misses - u64::from(self.since));
            if self.since < due {
                self.wake = due;
                return;
            }
            lesson.begin(self.since, self.misses, room);
            self.since = 0;
        }
        lesson.go_on(residents, marks, self.sampler.rng(), epoch);
        self.wake = 0;
        if lesson.idle() {
            self.wake = lesson.due(self.misses - u64::from(self.since));
            let uses_a_miss = lesson.uses_a_miss();
            self.set_pace(uses_a_miss);
        }
    }
}

impl EvictionPolicy for Adaptive {
    const RECORDING: Recording = Recording::Word;

    fn new(seed: u64) -> Self {
        Self {
            clock: 0,
            pace: 0,
            bound: usize::MAX,
            len: 0,
            since: 0,
            misses: 0,
            wake: 0,
            sampler: Sampler::new(seed),
            stranger: None,
            lesson: None,
        }
    }

    fn set_bound(&mut self, entries: usize, _marks: &Marks) {
        self.bound = entries.max(1);
        self.wake = 0;
        match &self.lesson {
            Some(lesson) => {
                let uses_a_miss = lesson.uses_a_miss();
                self.set_pace(uses_a_miss);
            }
            // Without a bound nothing is ever chosen: time stands still, and hits store nothing.
            None if entries == usize::MAX => self.pace = 0,
            None => self.set_pace(1.0),
        }
    }

    #[inline]
    fn insert(&mut self, slot: u32, hash: u32, residents: &impl Residents, marks: &Marks) -> u32 {
        if let Some(stranger) = self.stranger.take() {
            self.recognize(stranger, residents);
        }
        self.tick(marks);
        self.len += 1;
        self.sampler.came(slot);
        let word = Word::new(self.now()).0;
        if let Some(lesson) = &self.lesson {
            lesson.ghosts.approach(hash);
            self.stranger = Some(Stranger { slot, hash, word });
        }
        word
    }

    fn renew(&mut self, of: Replacement, _residents: &impl Residents, marks: &Marks) -> u32 {
        let mut word = of.word;
        if let Some(stranger) = self.stranger.take_if(|stranger| stranger.slot == of.from) {
            word = self.past_of(stranger).map_or(word, |past| past.0);
        }
        let word = AtomicU32::new(word);
        marks.hit_alone(&word, self.now(), of.hash);
        word.into_inner()
    }

    #[inline]
    fn touch(&mut self, slot: u32, hash: u32, residents: &impl Residents, marks: &Marks) {
        marks.hit_alone(residents.word(slot), self.now(), hash);
    }

    fn remove(&mut self, slot: u32, _word: u32, _residents: &impl Residents) {
        self.len = self.len.saturating_sub(1);
        self.forget(slot);
    }

    #[inline]
    fn victim(&mut self, keep: u32, residents: &impl Residents, marks: &Marks) -> Option<u32> {
        if self.since >= self.wake {
            self.learn(residents, marks);
        }
        let now = self.now();
        let worth = Worth { index: &self.lesson.as_ref()?.index, now };
        if residents.weighted() {
            self.sampler.choose(keep, residents, &WorthByWeight { worth, residents })
        } else {
            self.sampler.choose(keep, residents, &worth)
        }
    }

    #[inline]
    fn evicted(&mut self, slot: u32, hash: u32, word: u32, _residents: &impl Residents) {
        self.len = self.len.saturating_sub(1);
        self.forget(slot);
        let epoch = self.epoch();
        if let Some(lesson) = &mut self.lesson {
            lesson.bury(hash, Word(word), epoch);
        }
    }

    /// What was learned stays; it is the keys' ghosts that go.
    fn clear(&mut self) {
        self.len = 0;
        self.stranger = None;
        self.sampler.clear();
        if let Some(lesson) = &mut self.lesson {
            lesson.ghosts.clear();
        }
    }

    fn shrink_to(&mut self, _slots: u32) {}
}
