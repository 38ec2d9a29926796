//! Finding an entry for certain, without running the user's `Eq` under a lock.
//!
//! Keys are compared before the lock is taken, and under it there is a look at whether that was
//! all: whether each entry of this hash is one that was compared. If another has come, it begins
//! again, but then some other thread has stored something: of any that come into each other's way,
//! one gets on.
//!
//! What was compared is known by its slot. So that a slot stays that of the same entry until the
//! lock is had, the one entry that there is mostly is [held](crate::reclaim); where several have
//! the same 32 bits of hash, the section goes on probing until the end, and none of them can go.

use super::entry::{EntryRef, Terms};
use super::locked::{Found, Locked};
use super::shard::Shard;
use super::table::{Compared, Seen};
use super::{Store, short};
use crate::RemovalCause;
use crate::call::query::Matches;
use crate::farewells::Farewells;
use crate::reclaim::Section;
use crate::sync::LatchGuard;

type Guard<'s, K, V, B> = LatchGuard<'s, super::shard::Writer<K, V, B>>;

impl<K, V, B> Store<K, V, B> {
    /// Runs `f` under the lock of `hash`'s shard, told which entry (live or not) matches; gives the
    /// matcher back, so that it may own what is to be stored.
    pub(crate) fn locked<M: Matches<Key = K>, T>(
        &self,
        hash: u64,
        matcher: M,
        f: impl FnOnce(&mut Locked<'_, K, V, B>, Option<Found>, M) -> T,
    ) -> T {
        let hash = short(hash);
        let shard = self.shard_of(hash);
        let (guard, section, found) = self.match_under_lock(shard, hash, &matcher);
        let found = found.map(Found);
        self.under(shard, guard, section, |locked| f(locked, found, matcher))
    }

    /// Runs `f` under the lock of `hash`'s shard, where there is no entry of this hash, on what is
    /// kept beside the entries.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "in memory, what `f` has at hand costs 3 ns")]
    pub(crate) fn locked_if_none<T>(&self, hash: u64, f: impl FnOnce(&mut B) -> T) -> Option<T> {
        let hash = short(hash);
        let shard = self.shard_of(hash);
        let mut guard = shard.writer.lock();
        if guard.desk.find(&shard.face, hash, |_| true).is_some() {
            return None;
        }
        Some(f(&mut guard.companion))
    }

    /// Hands a matching entry to `take`, with no lock held.
    pub(crate) fn find<M: Matches<Key = K>, T>(
        &self,
        hash: u64,
        matcher: &M,
        take: impl FnOnce(EntryRef<'_, K, V>) -> T,
    ) -> Option<T> {
        let hash = short(hash);
        let shard = self.shard_of(hash);
        let (guard, section, found) = self.match_under_lock(shard, hash, matcher);
        let held = found.map(|slot| {
            let section = section.unwrap_or_else(Section::idle);
            guard.desk.hold(section, slot)
        });
        drop(guard);
        held.map(|held| take(self.entry(held.seen())))
    }

    #[inline]
    pub(super) fn entry<'e>(&'e self, seen: Seen<'e, K, V>) -> EntryRef<'e, K, V> {
        entry_until(seen, seen.deadline(), &self.terms)
    }

    /// The lock, and the slot of the entry that matches. The section keeps the slot that entry's
    /// until the lock is given back.
    #[expect(clippy::unused_self, reason = "a step of its methods")]
    fn match_under_lock<'s, M: Matches<Key = K>>(
        &self,
        shard: &'s Shard<K, V, B>,
        hash: u32,
        matcher: &M,
    ) -> (Guard<'s, K, V, B>, Option<Section>, Option<u32>) {
        if M::PLAIN {
            // Nobody's code but ours.
            let mut guard = shard.writer.lock();
            let found = guard.desk.find(&shard.face, hash, |seen| matcher.matches(&seen.pair().0));
            return (guard, None, found);
        }
        let mut compared = Compared::none();
        loop {
            shard.face.compare(hash, matcher, &mut compared);
            let mut guard = shard.writer.lock();
            let mut all = true;
            let found = guard.desk.find(&shard.face, hash, |seen| {
                let answer = compared.answer(seen.number());
                all &= answer.is_some();
                answer == Some(true)
            });
            // What is found is all that there is to know.
            if all || found.is_some() {
                return (guard, compared.into_section(), found);
            }
        }
    }

    /// Shows every entry that is held at `now` to `keep`, with no lock held, and takes out those
    /// that it refuses; how many of them were live. Of entries stored meanwhile it sees some.
    pub(crate) fn visit(
        &self,
        now: u64,
        mut keep: impl FnMut(EntryRef<'_, K, V>) -> bool,
    ) -> usize {
        let mut gone = 0;
        // What hears of one that leaves may panic; the others are refused all the same.
        let mut farewells = Farewells::default();
        for shard in &self.shards {
            let mut slot = 0;
            while let Some(held) = self.hold_next(shard, now, &mut slot) {
                let entry = self.entry(held.seen());
                let live = now < entry.deadline();
                if !keep(entry) {
                    let lived = farewells.attempt(|| self.take_out_held(shard, held, live));
                    gone += usize::from(lived == Some(true) && live);
                }
            }
        }
        farewells.end();
        gone
    }

    /// The next entry that is held at `now` from `slot` on, which is then past it.
    fn hold_next<'s>(
        &self,
        shard: &'s Shard<K, V, B>,
        now: u64,
        slot: &mut u32,
    ) -> Option<super::table::Holding<'s, K, V>> {
        let guard = shard.writer.lock();
        let view = super::shard::View { slots: guard.desk.slots(), weighted: self.terms.weighted };
        let top = guard.desk.slots().top();
        let gone = |at| self.terms.times(&guard.desk.see(at)).gone;
        let next = (*slot..top).find(|&at| view.lives(at) && now < gone(at))?;
        *slot = next + 1;
        Some(guard.desk.hold(Section::idle(), next))
    }

    /// Takes out what is held, if it lives yet; whether it did.
    fn take_out_held(
        &self,
        shard: &Shard<K, V, B>,
        held: super::table::Holding<'_, K, V>,
        live: bool,
    ) -> bool {
        let guard = shard.writer.lock();
        let slot = held.number();
        let view = super::shard::View { slots: guard.desk.slots(), weighted: self.terms.weighted };
        // The slot is this entry's or nobody's while it is held.
        let lives = view.lives(slot);
        self.under(shard, guard, Some(held.into_section()), |locked| {
            if lives {
                let cause = if live { RemovalCause::Invalidated } else { RemovalCause::Expired };
                locked.remove(Found(slot), cause);
            }
            lives
        })
    }
}

/// An entry of which the deadline has been looked at.
#[inline]
pub(super) fn entry_until<'e, K, V>(
    seen: Seen<'e, K, V>,
    deadline: u64,
    terms: &'e Terms,
) -> EntryRef<'e, K, V> {
    let (key, value) = seen.pair();
    EntryRef { key, value, deadline, seen, terms }
}
