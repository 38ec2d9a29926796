//! Looks at the entries, during which code of the user's may run.

use std::cell::Ref;

use super::{LocalCore, short};
use crate::cache::home::{Details, Shown};
use crate::call::query::Matches;
use crate::clock;
use crate::engine::slots::Held;
use crate::engine::stock::Stock;
use crate::farewells::discard_panic;
use crate::store::Times;

impl<K, V> LocalCore<K, V> {
    /// A look, while which nothing changes; none if there is nothing to be seen any more. To be
    /// [ended](Self::end_look), unless the user's code panics.
    #[inline]
    pub(super) fn look(&self) -> Option<Ref<'_, Stock<K, V>>> {
        if self.doomed.get() {
            // It may be over by now, if it ended in a panic.
            self.meet_doom();
            if self.doomed.get() {
                return None;
            }
        }
        self.stock.try_borrow().ok()
    }

    #[inline]
    pub(super) fn end_look(&self, looking: Ref<'_, Stock<K, V>>) {
        drop(looking);
        if self.doomed.get() {
            self.meet_doom();
        }
    }

    /// The last look is over, or there was none: what is doomed goes.
    #[cold]
    pub(super) fn meet_doom(&self) {
        let Ok(mut stock) = self.stock.try_borrow_mut() else { return };
        self.doomed.set(false);
        let all = stock.clear();
        self.changed(&stock);
        drop(stock);
        if std::thread::panicking() {
            // Another panic would be the end: then rather tell nobody.
            let tell = std::panic::AssertUnwindSafe(|| self.tell_all(all));
            if let Err(panic) = std::panic::catch_unwind(tell) {
                discard_panic(panic);
            }
        } else {
            self.tell_all(all);
        }
    }

    /// Nobody sees an entry any more.
    pub(super) fn doom(&self) {
        self.doomed.set(true);
        self.calm.set(0);
        self.meet_doom();
    }

    /// The slot of an entry, live or not, and its times; good for as long as nothing changes.
    pub(super) fn find<M: Matches<Key = K>>(&self, hash: u64, matcher: &M) -> Option<(u32, Times)> {
        let looking = self.look()?;
        let found = looking.find(short(hash), |key| matcher.matches(key));
        let found = found.map(|slot| (slot, self.times(&looking, slot)));
        self.end_look(looking);
        found
    }

    /// Whether every entry is live at `now`, a coarse reading, and nothing is to be seen to.
    #[inline]
    fn is_calm(&self, now: u64) -> bool {
        clock::is_well_before(now, self.calm.get())
    }

    /// Where it is not calm, before a look: the time, to go by each entry's deadline. None if there
    /// is nothing to be seen.
    #[inline(never)]
    fn heed(&self, now: u64) -> Option<u64> {
        if self.doomed.get() {
            // It may be over by now, if it ended in a panic.
            self.meet_doom();
            if self.doomed.get() {
                return None;
            }
        }
        // Where nothing expired, the clock was not asked.
        let unknown = now == clock::LAST;
        Some(match self.idle {
            u64::MAX if unknown => self.time.coarse(),
            u64::MAX => now,
            _ => self.time.precise(),
        })
    }

    /// The same after it.
    #[inline(never)]
    fn see_to(&self, now: u64) {
        if self.doomed.get() {
            self.meet_doom();
        }
        let due = self.stock.try_borrow().is_ok_and(|stock| now >= stock.ledger().next_due());
        if due && now != clock::LAST {
            self.give_back(now);
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "in memory, what it gives costs some ns")]
    pub(super) fn read_live<M: Matches<Key = K>, T>(
        &self,
        mut now: u64,
        hash: u64,
        matcher: &M,
        take: impl FnOnce(Shown<'_, K, V>) -> Option<T>,
    ) -> Option<T> {
        let calm = self.is_calm(now);
        if !calm {
            now = self.heed(now)?;
        }
        let looking = self.stock.try_borrow().ok()?;
        let found = looking.find_held(short(hash), |key| matcher.matches(key));
        let is_yet_live = |held: &Held<K, V>| calm || self.time.is_yet_before(now, held.deadline);
        let Some((slot, held)) = found.filter(|found| is_yet_live(found.1)) else {
            self.looked(looking, now, None);
            return None;
        };
        // Nothing changes during a look.
        let used = || (slot, self.changes.get());
        let used = (!looking.touch_shared(slot, held)).then(used);
        let details = DetailsOf { core: self, stock: &looking, slot, used: used.map(|_| now) };
        let (key, value) = (&held.key, &held.value);
        let answer = take(Shown { key, value, deadline: held.deadline, details: &details });
        self.looked(looking, now, used);
        answer
    }

    /// After a look: tells of a use, unless there was a change since, and sees to what there is to be
    /// seen to.
    #[inline]
    fn looked(&self, looking: Ref<'_, Stock<K, V>>, now: u64, used: Option<(u32, u64)>) {
        drop(looking);
        if let Some((slot, changes)) = used {
            self.touch(slot, now, changes);
        }
        if !self.is_calm(now) {
            self.see_to(now);
        }
    }

    /// A use of the entry that was found in a slot, unless there was a change since.
    fn touch(&self, slot: u32, now: u64, changes: u64) {
        if let Ok(mut stock) = self.stock.try_borrow_mut() {
            if self.changes.get() == changes {
                stock.touch(slot, now);
            }
        }
    }

    #[inline]
    pub(super) fn read_any<M: Matches<Key = K>, T>(
        &self,
        hash: u64,
        matcher: &M,
        now: u64,
        take: impl FnOnce(Shown<'_, K, V>) -> T,
    ) -> Option<T> {
        let looking = self.look()?;
        let found = looking.find(short(hash), |key| matcher.matches(key));
        let answer = found.and_then(|slot| {
            let held = looking.get(slot);
            let details = DetailsOf { core: self, stock: &looking, slot, used: None };
            let (key, value, deadline) = (&held.key, &held.value, held.deadline);
            let is_held = now < details.times().gone;
            is_held.then(|| take(Shown { key, value, deadline, details: &details }))
        });
        self.end_look(looking);
        answer
    }
}

/// What few look at of an entry.
struct DetailsOf<'l, K, V> {
    core: &'l LocalCore<K, V>,
    stock: &'l Stock<K, V>,
    slot: u32,
    /// The time of the use that this look is, if that is told of after it.
    used: Option<u64>,
}

impl<K, V> Details for DetailsOf<'_, K, V> {
    fn times(&self) -> Times {
        let times = self.core.times(self.stock, self.slot);
        let Some(now) = self.used else { return times };
        let (deadline, window) =
            (self.stock.prolonged(self.slot, now), times.gone - times.deadline);
        Times { deadline, gone: deadline.saturating_add(window), ..times }
    }

    fn slot(&self) -> u32 {
        self.slot
    }
}
