//! The loads of plain calls: no flight, and one look for where the value belongs.

use super::change::{ATTEMPTS, terms};
use super::{LocalCore, short};
use crate::cache::home::{Home, KeyOf, Tally};
use crate::cache::rivals::Same;
use crate::call::query::Query;

/// So many bodies, one within another, are found by a look at each.
const FEW: usize = 32;

impl<K, V> LocalCore<K, V> {
    /// Whether a load of this hash may be a plain one.
    #[inline]
    pub(crate) fn loads_plainly(&self, hash: u64) -> bool {
        let board = self.board.borrow();
        self.plain
            && self.settings.is_enabled()
            && self.within.len() < FEW
            && !board.is_swept()
            && board.with_hash(hash).next().is_none()
    }

    /// The body of a plain call begins; None if it is called from within itself.
    #[inline]
    pub(crate) fn begin_plain<Q: Query<Key = K>>(&self, hash: u64, query: &Q) -> Option<usize> {
        // Both code of the user's: what it does comes before this load begins.
        let key = query.to_key();
        if self.within.has(hash, |other| query.matches(other)) {
            return None;
        }
        Some(self.within.enter(hash, key))
    }

    /// It has ended, with nothing to store.
    #[inline]
    pub(crate) fn end_plain(&self, at: &mut Option<usize>) {
        if let Some(at) = at.take() {
            self.within.leave(at);
        }
    }

    /// Stores what it gave, unless an invalidation came first; whether it did.
    #[inline]
    pub(crate) fn finish_plain(
        &self,
        at: &mut Option<usize>,
        hash: u64,
        same: Same<K>,
        value: &V,
        now: u64,
    ) -> bool
    where
        V: Clone,
    {
        // Whoever asks for the key from within what follows is within the body still.
        let Some(key) = at.and_then(|at| self.within.take_key(at)) else { return false };
        let Some((times, weight)) = self.admit(&key, value, None, now) else {
            // Refused for itself, not because nothing is stored at all.
            if self.stores_anything() {
                self.count(Tally::Failure);
            }
            return false;
        };
        let value = value.clone();
        for _ in 0..ATTEMPTS {
            let changes = self.changes.get();
            let found = self.find(hash, &KeyOf { key: &key, same });
            if changes != self.changes.get() {
                continue;
            }
            if !at.take().is_some_and(|at| self.within.leave(at)) {
                return false;
            }
            // If somebody looks at the entries, it is not stored.
            let Ok(stock) = self.stock.try_borrow_mut() else { return false };
            let terms = terms(&stock, times, weight, now);
            let found = found.map(|(slot, _)| slot);
            let placed = self.place(stock, found, short(hash), (key, value), terms, now);
            self.settle(placed, now);
            return true;
        }
        false
    }
}
