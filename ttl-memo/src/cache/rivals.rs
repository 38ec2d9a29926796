//! Flights whose keys have one hash, told apart without running `Eq` under a lock.

use std::sync::Arc;

use crate::flight::Flight;

/// Compares two stored keys.
pub(crate) type Same<K> = fn(&K, &K) -> bool;

/// The flights met under a lock, compared after it.
///
/// Holding them keeps their keys where they are: a leader whose flight others know clones its key
/// instead of moving it.
#[derive(Debug)]
pub(crate) struct Rivals<K, V> {
    met: Vec<Arc<Flight<K, V>>>,
    /// Of these, how many have been compared.
    compared: usize,
    /// Which of those are of the same key.
    same: Vec<bool>,
}

impl<K, V> Default for Rivals<K, V> {
    fn default() -> Self {
        Self { met: Vec::new(), compared: 0, same: Vec::new() }
    }
}

impl<K, V> Rivals<K, V> {
    /// Under the lock: whether `flight` is of the same key; None if it is to be compared first.
    pub(crate) fn is_same(&mut self, flight: &Arc<Flight<K, V>>) -> Option<bool> {
        if let Some(at) = self.met.iter().position(|met| Arc::ptr_eq(met, flight)) {
            return self.same.get(at).copied();
        }
        self.met.push(Arc::clone(flight));
        None
    }

    /// After the lock: compares those met since.
    pub(crate) fn compare(&mut self, mut same: impl FnMut(&K) -> bool) {
        for flight in &self.met[self.compared..] {
            self.same.push(same(flight.key()));
            self.compared += 1;
        }
    }
}
