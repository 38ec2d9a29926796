//! Loads whose keys have one hash, told apart without running `Eq` under a lock.

use std::sync::Arc;

use crate::flight::{Aloft, Flight};

/// Compares two stored keys.
pub(crate) type Same<K> = fn(&K, &K) -> bool;

/// The flights met under a lock, compared after it.
///
/// Holding them keeps their keys where they are: a leader whose flight others know clones its key
/// instead of moving it.
#[derive(Debug)]
pub(crate) struct Rivals<K, V> {
    met: Vec<Rival<K, V>>,
    /// For loads that have no flight yet; made without the lock.
    vacant: Vec<Arc<Flight<K, V>>>,
    /// How many of these there were too few.
    short: usize,
}

#[derive(Debug)]
struct Rival<K, V> {
    flight: Arc<Flight<K, V>>,
    /// None: not compared yet.
    same: Option<bool>,
}

impl<K, V> Default for Rivals<K, V> {
    fn default() -> Self {
        Self { met: Vec::new(), vacant: Vec::new(), short: 0 }
    }
}

impl<K, V> Rivals<K, V> {
    /// Under the lock: whether a load is of the same key; None if it is to be compared first.
    pub(crate) fn is_same(&mut self, aloft: &mut Aloft<K, V>) -> Option<bool> {
        let flight = self.flight_of(aloft)?;
        if let Some(met) = self.met.iter().find(|rival| Arc::ptr_eq(&rival.flight, &flight)) {
            return met.same;
        }
        self.met.push(Rival { flight, same: None });
        None
    }

    /// Under the lock: the flight of a load; None if one is to be made first.
    pub(crate) fn flight_of(&mut self, aloft: &mut Aloft<K, V>) -> Option<Arc<Flight<K, V>>> {
        let flight = aloft.share(&mut self.vacant);
        self.short += usize::from(flight.is_none());
        flight
    }

    /// After the lock: compares those met since, and makes what there was too little of.
    pub(crate) fn compare(&mut self, mut same: impl FnMut(&K) -> bool) {
        for rival in self.met.iter_mut().filter(|rival| rival.same.is_none()) {
            rival.same = Some(same(rival.flight.key()));
        }
        let short = std::mem::take(&mut self.short);
        self.vacant.extend((0..short).map(|_| Arc::new(Flight::vacant())));
    }
}
