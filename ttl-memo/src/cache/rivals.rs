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
pub(crate) struct Rivals<K, V>(Vec<Rival<K, V>>);

#[derive(Debug)]
struct Rival<K, V> {
    flight: Arc<Flight<K, V>>,
    /// None: not compared yet.
    same: Option<bool>,
}

impl<K, V> Default for Rivals<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K, V> Rivals<K, V> {
    /// Under the lock: whether `flight` is of the same key; None if it is to be compared first.
    pub(crate) fn is_same(&mut self, flight: &Arc<Flight<K, V>>) -> Option<bool> {
        if let Some(met) = self.0.iter().find(|rival| Arc::ptr_eq(&rival.flight, flight)) {
            return met.same;
        }
        self.0.push(Rival { flight: Arc::clone(flight), same: None });
        None
    }

    /// After the lock: compares those met since.
    pub(crate) fn compare(&mut self, mut same: impl FnMut(&K) -> bool) {
        for rival in self.0.iter_mut().filter(|rival| rival.same.is_none()) {
            rival.same = Some(same(rival.flight.key()));
        }
    }
}
