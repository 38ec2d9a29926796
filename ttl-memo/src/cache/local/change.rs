//! Changes of the entries, during which no code of the user's runs.

use std::cell::RefMut;
use std::sync::Arc;
use std::time::Duration;

use super::{LocalCore, short};
use crate::RemovalCause;
use crate::cache::home::{Home, KeyOf};
use crate::cache::landing::Leading;
use crate::cache::rivals::Same;
use crate::call::query::Matches;
use crate::engine::slots::{Held, Terms};
use crate::engine::stock::Stock;
use crate::farewells::Farewells;
use crate::flight::{Ending, Flight};
use crate::store::{NewEntry, Times};

/// So often a search is made again when the user's `Eq` has changed what it searches.
pub(super) const ATTEMPTS: u32 = 4;

/// What came of putting an entry in.
pub(super) struct Placed<K, V> {
    slot: u32,
    old: Option<Held<K, V>>,
    surplus: Option<(Held<K, V>, RemovalCause)>,
    /// There is more to be taken out.
    more: bool,
    /// How often the entries had changed then.
    changes: u64,
}

/// On what terms an entry is stored.
#[inline]
pub(super) fn terms<K, V>(stock: &Stock<K, V>, times: Times, weight: usize, now: u64) -> Terms {
    let lingers = times.gone != times.deadline;
    let Times { stored, deadline: limit, .. } = times;
    let deadline = limit.min(stock.idle_until(now));
    Terms { weight, stored, limit, deadline, lingers }
}

/// Flights taken off the board, to be dropped where that may run code of the user's.
type Detached<K, V> = Vec<Arc<Flight<K, V>>>;

impl<K, V> LocalCore<K, V> {
    /// The flights of a key with a number below `before`.
    pub(super) fn rivals(
        &self,
        hash: u64,
        before: u64,
        mut is: impl FnMut(&K) -> bool,
    ) -> Detached<K, V> {
        let board = self.board.borrow();
        let mut met: Detached<K, V> = board
            .with_hash(hash)
            .filter(|aloft| aloft.number < before)
            .filter_map(|aloft| aloft.flight().map(Arc::clone))
            .collect();
        drop(board);
        met.retain(|flight| is(flight.key()));
        met
    }

    /// Takes the right to store from loads, and lets nobody join them any more.
    pub(super) fn put_off(&self, hash: u64, flights: &[Arc<Flight<K, V>>]) {
        let mut board = self.board.borrow_mut();
        for flight in flights {
            if let Some(aloft) = board.get_mut(hash, flight.id()) {
                aloft.put_off();
            }
        }
    }

    /// Takes the right to store from all that is in the air.
    pub(super) fn put_all_off(&self) {
        self.within.forsake_all();
        self.board.borrow_mut().put_all_off();
    }

    /// What a load gave, under its flight's key. None: it was not stored, and nobody told.
    pub(super) fn store(
        &self,
        leading: &mut Leading<K, V>,
        value: V,
        (times, weight): (Times, usize),
        now: u64,
    ) -> Option<Times>
    where
        K: Clone,
        V: Clone,
    {
        let mut value = Some(value);
        let mut own_key = None;
        for _ in 0..ATTEMPTS {
            let own = leading.known()?;
            let number = self.number_of(leading.hash, own)?;
            // Code of the user's, and then a look at whether it has changed anything.
            let (changes, begun) = (self.changes.get(), self.board.borrow().next());
            if own_key.is_none() && Arc::strong_count(own) > 2 {
                own_key = Some(own.key().clone());
                leading.will_end(Ending::Value(Arc::new(value.clone()?), Some(times)));
            }
            let own = leading.known()?;
            let same = |key: &K| (leading.same)(own.key(), key);
            let rivals = self.rivals(leading.hash, number, same);
            let found = self.find(leading.hash, &KeyOf { key: own.key(), same: leading.same });
            let known = own_key.is_none() && Arc::strong_count(own) > 2;
            if known || (changes, begun) != (self.changes.get(), self.board.borrow().next()) {
                continue;
            }
            // Somebody looks at the entries.
            let Ok(stock) = self.stock.try_borrow_mut() else { return None };
            self.put_off(leading.hash, &rivals);
            let rest = self.land(leading, &mut own_key);
            let key = own_key.take()?;
            let terms = terms(&stock, times, weight, now);
            let pair = (key, value.take()?);
            let slot = found.map(|(slot, _)| slot);
            let placed = self.place(stock, slot, short(leading.hash), pair, terms, now);
            drop((rest, rivals));
            self.settle(placed, now);
            let deadline = terms.deadline;
            return Some(Times { deadline, ..times });
        }
        None
    }

    /// The number of a flight that is on the board still, and may store.
    fn number_of(&self, hash: u64, flight: &Arc<Flight<K, V>>) -> Option<u64> {
        let board = self.board.borrow();
        let mut all = board.with_hash(hash).filter(|aloft| aloft.is_sound());
        all.find(|aloft| aloft.id() == flight.id()).map(|aloft| aloft.number)
    }

    /// Takes a load off the board, and its key out of the flight, where nobody else knows that.
    fn land(&self, leading: &mut Leading<K, V>, key: &mut Option<K>) -> Option<Arc<Flight<K, V>>> {
        let mut board = self.board.borrow_mut();
        let own = leading.known()?;
        let ended = board.end(leading.hash, own.id());
        // Not the last that know it: the leader does, too.
        drop(ended);
        leading.taken_off();
        if key.is_some() {
            return None;
        }
        let own = leading.take_flight()?;
        let rest;
        (*key, rest) = board.recover(own);
        rest
    }

    /// Puts an entry where it belongs, and takes out the first that there is no room for.
    #[inline]
    pub(super) fn place(
        &self,
        mut stock: RefMut<'_, Stock<K, V>>,
        found: Option<u32>,
        hash: u32,
        pair: (K, V),
        terms: Terms,
        now: u64,
    ) -> Placed<K, V> {
        let (slot, old) = match found {
            Some(slot) => (slot, stock.exchange(slot, hash, pair, terms, now)),
            None => (stock.insert(None, hash, pair, terms, now).0, None),
        };
        let surplus = stock.surplus(now, Some(slot));
        let more = stock.ledger().is_over_bound() || now >= stock.ledger().next_due();
        self.changed(&stock);
        Placed { slot, old, surplus, more, changes: self.changes.get() }
    }

    /// After something was stored: the old entry is told of, and what there is no room for goes.
    #[inline]
    pub(super) fn settle(&self, placed: Placed<K, V>, now: u64) {
        let Placed { slot, old, surplus, more, mut changes } = placed;
        let mut farewells = Farewells::default();
        if let Some((held, cause)) = surplus {
            farewells.tell(self.hooks.listener.as_ref(), held.key, held.value, cause);
        }
        if let Some(Held { key, value, deadline, .. }) = old {
            let over = deadline <= now;
            let cause = if over { RemovalCause::Expired } else { RemovalCause::Replaced };
            farewells.tell(self.hooks.listener.as_ref(), key, value, cause);
        }
        if more {
            while let Some((held, cause)) = self.surplus(slot, now, &mut changes) {
                farewells.tell(self.hooks.listener.as_ref(), held.key, held.value, cause);
            }
            farewells.end();
            self.give_back(now);
        } else {
            farewells.end();
        }
    }

    fn surplus(
        &self,
        slot: u32,
        now: u64,
        changes: &mut u64,
    ) -> Option<(Held<K, V>, RemovalCause)> {
        // In use: whoever stores next makes the room.
        let mut stock = self.stock.try_borrow_mut().ok()?;
        // A listener may have put another entry there.
        let keep = (self.changes.get() == *changes).then_some(slot);
        let surplus = stock.surplus(now, keep)?;
        self.changed(&stock);
        if keep.is_some() {
            *changes = self.changes.get();
        }
        Some(surplus)
    }

    /// Gives back some of what is gone.
    #[cold]
    pub(super) fn give_back(&self, now: u64) {
        let Ok(stock) = self.stock.try_borrow() else { return };
        let budget = stock.ledger().allowance();
        drop(stock);
        self.expire_some(now, budget);
    }

    pub(super) fn expire_some(&self, now: u64, mut budget: u32) -> usize {
        let mut farewells = Farewells::default();
        let mut expired = 0;
        loop {
            let Ok(mut stock) = self.stock.try_borrow_mut() else { break };
            let Some(held) = stock.due(now, &mut budget) else {
                // It may be known by now that nothing is due for long.
                self.note_calm(&stock);
                break;
            };
            self.changed(&stock);
            drop(stock);
            expired += 1;
            farewells.tell(
                self.hooks.listener.as_ref(),
                held.key,
                held.value,
                RemovalCause::Expired,
            );
        }
        farewells.end();
        expired
    }

    /// Takes out the entry that `matcher` knows, if `is` says so; whether it was live. Where the
    /// entries are in use, all are doomed.
    pub(super) fn take_out<M: Matches<Key = K>>(
        &self,
        hash: u64,
        matcher: &M,
        now: u64,
        is: impl Fn(Times) -> bool,
    ) -> bool {
        for attempt in 0..=ATTEMPTS {
            let changes = self.changes.get();
            let Some((slot, times)) = self.find(hash, matcher) else { return false };
            if !is(times) {
                return false;
            }
            let live = now < times.deadline;
            if self.changes.get() == changes {
                let cause = if live { RemovalCause::Invalidated } else { RemovalCause::Expired };
                if self.remove(slot, cause) {
                    return live;
                }
            }
            if attempt == ATTEMPTS || self.changes.get() == changes {
                self.doom();
                return live;
            }
        }
        false
    }

    /// Whether the entries are not in use, and the one in this slot could be taken out.
    pub(super) fn remove(&self, slot: u32, cause: RemovalCause) -> bool {
        let Ok(mut stock) = self.stock.try_borrow_mut() else { return false };
        let held = stock.remove(slot, cause);
        self.changed(&stock);
        drop(stock);
        let mut farewells = Farewells::default();
        farewells.tell(self.hooks.listener.as_ref(), held.key, held.value, cause);
        farewells.end();
        true
    }

    /// Stores an entry at the caller's word. Where the entries are in use, all are doomed, this one
    /// included.
    pub(super) fn put_in(&self, new: NewEntry<K, V>, same: Same<K>, now: u64) {
        let NewEntry { hash, key, value, times, weight } = new;
        let (mut key, mut value) = (Some(key), Some(value));
        for _ in 0..ATTEMPTS {
            let Some(own) = key.as_ref() else { return };
            let (changes, begun) = (self.changes.get(), self.board.borrow().next());
            let rivals = self.rivals(hash, u64::MAX, |other| same(own, other));
            self.within.forsake(hash, |other| same(own, other));
            let found = self.find(hash, &KeyOf { key: own, same });
            if (changes, begun) != (self.changes.get(), self.board.borrow().next()) {
                continue;
            }
            self.put_off(hash, &rivals);
            let Ok(stock) = self.stock.try_borrow_mut() else { break };
            let terms = terms(&stock, times, weight, now);
            let (Some(key), Some(value)) = (key.take(), value.take()) else { return };
            let slot = found.map(|(slot, _)| slot);
            let placed = self.place(stock, slot, short(hash), (key, value), terms, now);
            drop(rivals);
            return self.settle(placed, now);
        }
        // Whatever is in the air for it has begun before.
        self.put_all_off();
        self.doom();
    }

    /// Shows each entry that is held to `keep`, and takes out those that it refuses; how many of
    /// them were live.
    pub(super) fn visit(&self, now: u64, mut keep: impl FnMut(&K, &V) -> bool) -> usize {
        let (mut slot, mut gone) = (0, 0);
        let mut doomed = false;
        // What hears of one that leaves may panic; the others are refused all the same.
        let mut farewells = Farewells::default();
        while let Some(looking) = self.look() {
            let Some(held) = looking.as_slice().get(slot as usize) else { break };
            let held = held.as_ref().filter(|_| now < self.times(&looking, slot).gone);
            let refused = held.filter(|held| !keep(&held.key, &held.value));
            let lived = refused.map(|held| now < held.deadline);
            self.end_look(looking);
            if let Some(live) = lived {
                gone += usize::from(live);
                let cause = if live { RemovalCause::Invalidated } else { RemovalCause::Expired };
                let here = |stock: &Stock<K, V>| {
                    stock.as_slice().get(slot as usize).is_some_and(Option::is_some)
                };
                // `keep` may have done anything: then another entry that is there now goes, too.
                if self.look().is_some_and(|looking| here(&looking)) {
                    doomed |= farewells.attempt(|| self.remove(slot, cause)) == Some(false);
                }
            }
            slot += 1;
        }
        if doomed {
            farewells.attempt(|| self.doom());
        }
        farewells.end();
        gone
    }

    /// For a load whose value may be stored: what is to be written down of it.
    pub(super) fn admitted(
        &self,
        leading: &Leading<K, V>,
        value: &V,
        ttl: Option<Duration>,
        now: u64,
    ) -> Option<(Times, usize)> {
        let flight = leading.known()?;
        let (mut times, weight) = self.admit(flight.key(), value, ttl, now)?;
        if ttl.is_some() {
            times.gone = times.deadline;
        }
        Some((times, weight))
    }
}
