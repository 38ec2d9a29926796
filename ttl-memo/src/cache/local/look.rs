//! Looks at the entries, during which code of the user's may run.

use std::cell::Ref;

use super::{LocalCore, short};
use crate::cache::home::Shown;
use crate::call::query::Matches;
use crate::engine::stock::Stock;
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
        self.changed();
        let all = stock.clear();
        drop(stock);
        if std::thread::panicking() {
            // Another panic would be the end: then rather tell nobody.
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.tell_all(all)));
        } else {
            self.tell_all(all);
        }
    }

    /// Nobody sees an entry any more.
    pub(super) fn doom(&self) {
        self.doomed.set(true);
        self.meet_doom();
    }

    /// The slot of an entry, live or not, and its times; good for as long as nothing changes.
    pub(super) fn find<M: Matches<Key = K>>(&self, hash: u64, matcher: &M) -> Option<(u32, Times)> {
        let looking = self.look()?;
        let found = looking.find(short(hash), |key| matcher.matches(key));
        let found = found.map(|slot| (slot, self.times(looking.get(slot))));
        self.end_look(looking);
        found
    }

    #[inline]
    pub(super) fn read_live<M: Matches<Key = K>, T>(
        &self,
        now: u64,
        hash: u64,
        matcher: &M,
        take: impl FnOnce(Shown<'_, K, V>) -> T,
    ) -> Option<T> {
        let now = if self.idle == u64::MAX { now } else { self.time.precise() };
        let changes = self.changes.get();
        let looking = self.look()?;
        let is_due = now >= looking.ledger().next_due();
        let found = looking.find(short(hash), |key| matcher.matches(key));
        let mut used = None;
        let answer = found.and_then(|slot| {
            let held = looking.get(slot);
            if !self.time.is_yet_before(now, held.deadline) {
                return None;
            }
            if !looking.touch_shared(slot) {
                used = Some(slot);
            }
            let times = self.times(held);
            let (key, value) = (&held.key, &held.value);
            Some(take(Shown { key, value, deadline: held.deadline, times: &times }))
        });
        self.end_look(looking);
        if let Some(slot) = used {
            self.touch(slot, now, changes);
        }
        if is_due {
            self.give_back(now);
        }
        answer
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
            let all = self.times(held);
            let (key, value, deadline) = (&held.key, &held.value, held.deadline);
            (now < all.gone).then(|| take(Shown { key, value, deadline, times: &all }))
        });
        self.end_look(looking);
        answer
    }
}
