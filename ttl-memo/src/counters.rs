//! What a cache counts, without its hits writing a line that another core writes.

use std::sync::OnceLock;
use std::time::Duration;

use crate::reclaim::{self, ThreadSlot};
use crate::sync::Padded;
use crate::sync::atomic::{AtomicU64, Ordering};

/// Counts that only grow, but for [`reset`](Self::reset).
///
/// Relaxed throughout: nothing is published through a count, and a total is exact only at rest.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    striped: Striped,
    pub(crate) coalesced: Count,
    pub(crate) stale: Count,
    pub(crate) failures: Count,
    pub(crate) refreshes: Count,
}

/// A count of what is rare.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add_one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// So many hits of one thread, and it is time to look after the cache.
const ROUND: u64 = 256;

impl Counters {
    /// True now and then: when as much as a few hundred hits cost may be spent on the cache.
    #[inline]
    pub(crate) fn hit(&self) -> bool {
        self.striped.add(HITS, 1) % ROUND == 0
    }

    /// As [`hit`](Self::hit), by the thread whose slot this is; `None`, and not counted, if its
    /// stripe is not at hand.
    #[inline]
    pub(crate) fn hit_by(&self, slot: &ThreadSlot) -> Option<bool> {
        let hits = &self.striped.at_hand.get(slot.number())?[HITS];
        // No thread hits so often that it overflows.
        let count = hits.load(Ordering::Relaxed).wrapping_add(1);
        hits.store(count, Ordering::Relaxed);
        Some(count % ROUND == 0)
    }

    pub(crate) fn hits(&self) -> u64 {
        self.striped.get(HITS)
    }

    /// Counts a miss; how its body is to be timed.
    #[inline]
    pub(crate) fn miss(&self) -> Pace {
        let Some(stripe) = self.striped.own() else {
            self.striped.add_late(MISSES, 1);
            return Pace::Each;
        };
        let misses = count_in(stripe, MISSES, 1);
        if stripe[BRIEF_IN_A_ROW].load(Ordering::Relaxed) < SURE {
            Pace::Each
        } else if is_sample(misses) {
            Pace::Sample
        } else {
            Pace::Skip
        }
    }

    pub(crate) fn misses(&self) -> u64 {
        self.striped.get(MISSES)
    }

    /// A body has returned, after so many nanoseconds; of one that was not timed, about so many at
    /// most.
    #[inline]
    pub(crate) fn computed(&self, pace: Pace, took: u64) {
        if pace == Pace::Skip && took < NOTICED {
            return;
        }
        let is_brief = took < BRIEF;
        // Those that it stands for took as long, on the average. A long one stands for itself, as
        // each of these is noticed.
        let stands = pace == Pace::Sample && took < NOTICED;
        let others = if stands { (EVERY - 1) * took } else { 0 };
        let nanos = took.saturating_add(others);
        let Some(stripe) = self.striped.own() else {
            self.striped.add_late(COMPUTE_NANOS, nanos);
            return;
        };
        count_in(stripe, COMPUTE_NANOS, nanos);
        let in_a_row = &stripe[BRIEF_IN_A_ROW];
        let before = in_a_row.load(Ordering::Relaxed);
        let now = if is_brief { (before + 1).min(SURE) } else { 0 };
        if now != before {
            in_a_row.store(now, Ordering::Relaxed);
        }
    }

    pub(crate) fn compute_time(&self) -> Duration {
        Duration::from_nanos(self.striped.get(COMPUTE_NANOS))
    }

    pub(crate) fn reset(&self) {
        self.striped.reset();
        for count in [&self.coalesced, &self.stale, &self.failures, &self.refreshes] {
            count.reset();
        }
    }
}

/// How the body of a miss is timed: where a thread's last ones were brief, beside the clock's
/// cost, one stands for several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It is.
    Each,
    /// It is, for some that are not.
    Sample,
    /// It is not, but for what a coarse clock tells.
    Skip,
}

/// Shorter bodies, in nanoseconds, are brief: to time them would cost some percent.
const BRIEF: u64 = 1_000;
/// So many brief ones in a row, and the next is thought to be brief, too.
const SURE: u64 = 32;
/// One in so many of these is timed.
const EVERY: u64 = 16;
/// A body that is not timed and takes so long is noticed by a coarse clock.
const NOTICED: u64 = 20_000_000;

/// Which ones: one in [`EVERY`], in no pattern that the calls may have, too.
#[inline]
fn is_sample(misses: u64) -> bool {
    misses.wrapping_mul(0x9E37_79B9_7F4A_7C15) < u64::MAX / EVERY
}

/// So many threads have their stripes at hand; those of others are made when they are first needed.
const AT_HAND: usize = 4;
/// Rows of further stripes, each with twice as many as the one before.
const ROWS: usize = 24;

/// The counts of a stripe, which the hot paths keep: one line has room for all.
const COUNTS: usize = 4;
const HITS: usize = 0;
const MISSES: usize = 1;
const COMPUTE_NANOS: usize = 2;
/// No count: how many of the thread's last bodies were brief.
const BRIEF_IN_A_ROW: usize = 3;

type Counts = [AtomicU64; COUNTS];
type Stripe = Padded<Counts>;

/// Counts with a line for each thread.
///
/// A stripe is its thread's own, by the number of its [slot](crate::reclaim): a plain load and a
/// store, with nobody to lose them to. When a slot goes to another thread, its release and the
/// taking of it order the one's last store before the other's first load.
#[derive(Debug, Default)]
struct Striped {
    at_hand: [Stripe; AT_HAND],
    rows: OnceLock<Box<Rows>>,
    /// For threads without a slot, which are about to end.
    late: Counts,
    /// The sums when they were last set back to zero.
    baseline: Counts,
}

type Rows = [OnceLock<Box<[Stripe]>>; ROWS];

/// Counts so much more in a stripe that is this thread's; what it has then.
#[inline]
fn count_in(stripe: &Stripe, what: usize, more: u64) -> u64 {
    let count = &stripe[what];
    let sum = count.load(Ordering::Relaxed).saturating_add(more);
    count.store(sum, Ordering::Relaxed);
    sum
}

impl Striped {
    /// The stripe's count with so much more.
    #[inline]
    fn add(&self, what: usize, more: u64) -> u64 {
        match self.own() {
            Some(stripe) => count_in(stripe, what, more),
            None => self.add_late(what, more),
        }
    }

    /// This thread's stripe; none to a thread that is about to end.
    #[inline]
    fn own(&self) -> Option<&Stripe> {
        self.at_hand.get(reclaim::here().number()).or_else(|| self.further())
    }

    #[inline(never)]
    fn further(&self) -> Option<&Stripe> {
        let number = reclaim::join()?.number();
        let Some(further) = number.checked_sub(AT_HAND) else {
            return Some(&self.at_hand[number]);
        };
        let (row, at) = place(further);
        let rows = self.rows.get_or_init(Box::default);
        let stripes = || (0..AT_HAND << row).map(|_| Stripe::default()).collect();
        Some(&rows[row].get_or_init(stripes)[at])
    }

    #[cold]
    fn add_late(&self, what: usize, more: u64) -> u64 {
        self.late[what].fetch_add(more, Ordering::Relaxed).wrapping_add(more)
    }

    fn sum(&self, what: usize) -> u64 {
        let further = self.rows.get().into_iter().flat_map(|rows| rows.iter());
        let further = further.filter_map(OnceLock::get).flatten();
        let stripes = self.at_hand.iter().chain(further);
        let counts = stripes.map(|stripe| stripe[what].load(Ordering::Relaxed));
        let late = self.late[what].load(Ordering::Relaxed);
        counts.fold(late, u64::saturating_add)
    }

    fn get(&self, what: usize) -> u64 {
        // One may be counted, and all be reset, between the two.
        self.sum(what).saturating_sub(self.baseline[what].load(Ordering::Relaxed))
    }

    /// Stripes are their threads' to write: what was counted so far is remembered instead.
    fn reset(&self) {
        for (what, baseline) in self.baseline.iter().enumerate() {
            baseline.fetch_max(self.sum(what), Ordering::Relaxed);
        }
    }
}

/// The row of a further stripe, and its place there.
fn place(further: usize) -> (usize, usize) {
    let row = (further / AT_HAND + 1).ilog2() as usize;
    (row, further - AT_HAND * ((1 << row) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_has_a_place_of_its_own() {
        let mut expected =
            (0_usize..6).flat_map(|row| (0..AT_HAND << row).map(move |at| (row, at)));
        for number in 0..AT_HAND * 63 {
            assert_eq!(Some(place(number)), expected.next(), "stripe {number}");
        }
    }

    #[test]
    fn threads_lose_no_hit_and_a_reset_forgets_all() {
        const EACH: u64 = if cfg!(miri) { 100 } else { 10_000 };
        let counters = Counters::default();
        let hit_by_threads = || {
            std::thread::scope(|scope| {
                for _ in 0..6 {
                    scope.spawn(|| (0..EACH).for_each(|_| _ = counters.hit()));
                }
            });
        };
        hit_by_threads();
        assert_eq!(counters.hits(), 6 * EACH);
        counters.reset();
        assert_eq!(counters.hits(), 0);
        hit_by_threads();
        assert_eq!(counters.hits(), 6 * EACH);
    }

    #[test]
    fn of_brief_bodies_some_stand_for_all() {
        let counters = Counters::default();
        let mut timed = 0;
        for _ in 0..100_000 {
            let pace = counters.miss();
            timed += u32::from(pace != Pace::Skip);
            // As a coarse clock tells it, of one that is not timed.
            counters.computed(pace, if pace == Pace::Skip { 4_000_000 } else { 100 });
        }
        assert!((5_000..8_000).contains(&timed), "{timed} were timed");
        let micros = counters.compute_time().as_micros();
        assert!((9_500..10_500).contains(&micros), "{micros} of 10,000 µs");
    }

    #[test]
    #[cfg_attr(miri, ignore = "slow there")]
    fn bodies_that_are_neither_brief_nor_long_are_stood_for_too() {
        const EACH: u64 = 3_000_000;
        let counters = Counters::default();
        let mut longer = 0;
        for body in 0..300_000 {
            let took = if body % 97 == 5 { EACH } else { 100 };
            longer += u64::from(took == EACH);
            let pace = counters.miss();
            // A coarse clock may tell of some milliseconds more.
            counters.computed(pace, if pace == Pace::Skip { took + 4_000_000 } else { took });
        }
        let took = counters.compute_time().as_millis();
        let total = u128::from(longer * EACH / 1_000_000);
        assert!((total * 4 / 5..total * 6 / 5).contains(&took), "{took} of {total} ms");
    }

    #[test]
    fn no_long_body_goes_unnoticed_and_after_one_each_is_timed() {
        let counters = Counters::default();
        let lull = || {
            while counters.miss() != Pace::Skip {
                counters.computed(Pace::Each, 0);
            }
        };
        lull();
        counters.computed(Pace::Skip, 50_000_000);
        assert_eq!(counters.compute_time().as_millis(), 50);
        assert_eq!(counters.miss(), Pace::Each);
        lull();
        counters.computed(Pace::Sample, 50_000_000);
        assert_eq!(counters.compute_time().as_millis(), 100);
        assert_eq!(counters.miss(), Pace::Each);
    }

    #[test]
    fn hits_from_a_thread_local_destructor_count() {
        use std::sync::Arc;

        struct HitAtEnd(Arc<Counters>);
        impl Drop for HitAtEnd {
            fn drop(&mut self) {
                self.0.hit();
            }
        }
        std::thread_local! {
            static AT_END: std::cell::RefCell<Option<HitAtEnd>> = const { std::cell::RefCell::new(None) };
        }
        let counters = Arc::new(Counters::default());
        let own = Arc::clone(&counters);
        let thread = std::thread::spawn(move || {
            AT_END.with(|at_end| *at_end.borrow_mut() = Some(HitAtEnd(Arc::clone(&own))));
            // After the other, so that it goes first.
            own.hit();
        });
        thread.join().expect("it does not panic");
        assert_eq!(counters.hits(), 2);
    }
}
