//! What is done after a lock is given back: listeners are told, values dropped, slots freed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Store;
use super::locked::Locked;
use super::shard::{Shard, Writer};
use super::table::{Retired, Ripe};
use crate::RemovalCause;
use crate::farewells::{Farewells, discard_panic};
use crate::reclaim::Section;
use crate::sync::LatchGuard;

impl<K, V, B> Store<K, V, B> {
    /// Runs `f` under a shard's lock, and then sees to what left. `section`: what the caller held
    /// until then.
    #[inline]
    pub(super) fn under<T>(
        &self,
        shard: &Shard<K, V, B>,
        mut guard: LatchGuard<'_, Writer<K, V, B>>,
        section: Option<Section>,
        f: impl FnOnce(&mut Locked<'_, K, V, B>) -> T,
    ) -> T {
        let writer = &mut *guard;
        writer.replay(shard, &self.terms);
        let left = Vec::new();
        let mut locked = Locked {
            store: self,
            shard,
            writer,
            left,
            changed: false,
            promptly: false,
            stored: None,
        };
        let answer = f(&mut locked);
        if !locked.changed {
            return answer;
        }
        locked.announce();
        let Locked { left, promptly, stored, .. } = locked;
        // Ended before it is looked for who is in the way.
        drop(section);
        let ripe = if left.is_empty() { guard.tidy(shard, promptly) } else { None };
        let crowded = guard.desk.is_crowded();
        drop(guard);
        let at_rest = left.is_empty() && ripe.is_none() && !crowded;
        if at_rest && stored.is_none_or(|(now, _)| !self.is_due(now) && !self.room.is_over()) {
            return answer;
        }
        // Whatever panics there, the bound is kept.
        let mut farewells = Farewells::default();
        if !left.is_empty() || ripe.is_some() {
            let aftermath = Aftermath { store: self, shard, left, told: 0, promptly, ripe };
            farewells.attempt(|| aftermath.see_to());
        }
        if crowded {
            // Some reader was interrupted while it probed: it needs the processor to get on.
            crate::sync::yield_now();
        }
        if let Some((now, slot)) = stored {
            if self.room.is_over() {
                farewells.attempt(|| self.relieve(shard, now, slot));
            }
            if self.is_due(now) {
                farewells.attempt(|| self.upkeep(now));
            }
        }
        farewells.end();
        answer
    }
}

/// Work that user code may interrupt by a panic, and that is done all the same.
struct Aftermath<'s, K, V, B> {
    store: &'s Store<K, V, B>,
    shard: &'s Shard<K, V, B>,
    left: Vec<(Retired<K, V>, RemovalCause)>,
    /// How many of them the listener has been called for.
    told: usize,
    promptly: bool,
    ripe: Option<Ripe<K, V>>,
}

impl<K, V, B> Aftermath<'_, K, V, B> {
    #[cold]
    fn see_to(mut self) {
        self.go_on();
    }

    /// Does what is left to be done.
    fn go_on(&mut self) {
        if let Some(listener) = &self.store.listener {
            while let Some((retired, cause)) = self.left.get(self.told) {
                self.told += 1;
                let (key, value) = retired.pair();
                listener(key, value, *cause);
            }
        }
        if !self.left.is_empty() {
            let mut writer = self.shard.writer.lock();
            for (retired, _) in self.left.drain(..) {
                writer.desk.discard(retired);
            }
            self.told = 0;
            self.ripe = writer.tidy(self.shard, self.promptly);
        }
        if let Some(ripe) = &mut self.ripe {
            ripe.drop_pairs();
        }
        if let Some(ripe) = self.ripe.take() {
            let mut writer = self.shard.writer.lock();
            writer.desk.give_back(&self.shard.face, ripe);
            if self.promptly {
                writer.shrink(self.shard);
            }
        }
    }
}

impl<K, V, B> Drop for Aftermath<'_, K, V, B> {
    fn drop(&mut self) {
        // After a panic: it goes on behind whatever panicked.
        while !self.left.is_empty() || self.ripe.is_some() {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.go_on())) {
                // The first is under way.
                discard_panic(panic);
            }
        }
    }
}
