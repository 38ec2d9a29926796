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
    hits: Striped,
    pub(crate) misses: Count,
    pub(crate) coalesced: Count,
    pub(crate) stale: Count,
    pub(crate) failures: Count,
    pub(crate) refreshes: Count,
    compute_nanos: AtomicU64,
}

/// A count off the hit path.
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
        self.hits.add_one() % ROUND == 0
    }

    /// As [`hit`](Self::hit), by the thread whose slot this is.
    #[inline]
    pub(crate) fn hit_by(&self, slot: &ThreadSlot) -> bool {
        self.hits.add_one_by(slot) % ROUND == 0
    }

    pub(crate) fn hits(&self) -> u64 {
        self.hits.get()
    }

    /// A body has returned, after so many nanoseconds.
    pub(crate) fn computed(&self, took: u64) {
        self.compute_nanos.fetch_add(took, Ordering::Relaxed);
    }

    pub(crate) fn compute_time(&self) -> Duration {
        Duration::from_nanos(self.compute_nanos.load(Ordering::Relaxed))
    }

    pub(crate) fn reset(&self) {
        self.hits.reset();
        self.compute_nanos.store(0, Ordering::Relaxed);
        for count in [&self.misses, &self.coalesced, &self.stale, &self.failures, &self.refreshes] {
            count.reset();
        }
    }
}

/// So many threads have their stripes at hand; those of others are made when they are first needed.
const AT_HAND: usize = 4;
/// Rows of further stripes, each with twice as many as the one before.
const ROWS: usize = 24;

type Stripe = Padded<AtomicU64>;

/// A count with a line for each thread.
///
/// A stripe is its thread's own, by the number of its [slot](crate::reclaim): a plain load and a
/// store, with nobody to lose them to. When a slot goes to another thread, its release and the
/// taking of it order the one's last store before the other's first load.
#[derive(Debug, Default)]
struct Striped {
    at_hand: [Stripe; AT_HAND],
    rows: OnceLock<Box<Rows>>,
    /// For threads without a slot, which are about to end.
    late: AtomicU64,
    /// The sum when it was last set back to zero.
    baseline: AtomicU64,
}

type Rows = [OnceLock<Box<[Stripe]>>; ROWS];

/// Counts one more in a stripe that is this thread's; what it has then.
#[inline]
fn count_in(stripe: &Stripe) -> u64 {
    let count = stripe.load(Ordering::Relaxed) + 1;
    stripe.store(count, Ordering::Relaxed);
    count
}

impl Striped {
    /// The stripe's count with this one.
    #[inline]
    fn add_one(&self) -> u64 {
        match reclaim::own() {
            Some(slot) => self.add_one_by(slot),
            None => self.add_further(),
        }
    }

    /// The same, by the thread whose slot this is.
    #[inline]
    fn add_one_by(&self, slot: &ThreadSlot) -> u64 {
        match self.at_hand.get(slot.number()) {
            Some(stripe) => count_in(stripe),
            None => self.add_further(),
        }
    }

    #[inline(never)]
    fn add_further(&self) -> u64 {
        let Some(slot) = reclaim::join() else {
            return self.late.fetch_add(1, Ordering::Relaxed) + 1;
        };
        let number = slot.number();
        let Some(further) = number.checked_sub(AT_HAND) else {
            return count_in(&self.at_hand[number]);
        };
        let (row, at) = place(further);
        let rows = self.rows.get_or_init(Box::default);
        let stripes = || (0..AT_HAND << row).map(|_| Stripe::default()).collect();
        count_in(&rows[row].get_or_init(stripes)[at])
    }

    fn sum(&self) -> u64 {
        let further = self.rows.get().into_iter().flat_map(|rows| rows.iter());
        let further = further.filter_map(OnceLock::get).flatten();
        let stripes = self.at_hand.iter().chain(further);
        let sum: u64 = stripes.map(|stripe| stripe.load(Ordering::Relaxed)).sum();
        sum + self.late.load(Ordering::Relaxed)
    }

    fn get(&self) -> u64 {
        // A hit may be counted, and all be reset, between the two.
        self.sum().saturating_sub(self.baseline.load(Ordering::Relaxed))
    }

    /// Stripes are their threads' to write: what was counted so far is remembered instead.
    fn reset(&self) {
        self.baseline.fetch_max(self.sum(), Ordering::Relaxed);
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
        let counters = Counters::default();
        let hit_by_threads = || {
            std::thread::scope(|scope| {
                for _ in 0..6 {
                    scope.spawn(|| (0..10_000).for_each(|_| _ = counters.hit()));
                }
            });
        };
        hit_by_threads();
        assert_eq!(counters.hits(), 60_000);
        counters.reset();
        assert_eq!(counters.hits(), 0);
        hit_by_threads();
        assert_eq!(counters.hits(), 60_000);
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
