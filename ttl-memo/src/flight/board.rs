//! The flights in progress of one shard, by hash; lives under that shard's lock.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::Flight;

/// How many ended flights a board keeps for use again, so that a miss allocates none.
const SPARE: usize = 4;

/// Flights by their key's hash. No user code runs in here.
///
/// Invariant: a flight on the board began after the last invalidation of its key, so what it
/// computes may be stored. An invalidation takes it off, and with that the right to store.
#[derive(Debug)]
pub(crate) struct Board<K, V> {
    flights: HashMap<u64, Vec<Arc<Flight<K, V>>>, BuildHasherDefault<AsItIs>>,
    spare: Vec<Arc<Flight<K, V>>>,
}

impl<K, V> Default for Board<K, V> {
    fn default() -> Self {
        Self { flights: HashMap::default(), spare: Vec::new() }
    }
}

impl<K, V> Board<K, V> {
    /// The flights under this hash, to be compared by key.
    pub(crate) fn with_hash(&self, hash: u64) -> &[Arc<Flight<K, V>>] {
        self.flights.get(&hash).map_or(&[], Vec::as_slice)
    }

    /// Puts a flight on the board.
    pub(crate) fn begin(&mut self, hash: u64, key: K, joinable: bool) -> Arc<Flight<K, V>> {
        let flight = match self.spare.pop() {
            Some(mut spare) => {
                let alone = Arc::get_mut(&mut spare).expect("a spare flight is nobody else's");
                alone.begin(key, joinable);
                spare
            }
            None => Arc::new(Flight::new(key, joinable)),
        };
        self.flights.entry(hash).or_default().push(Arc::clone(&flight));
        flight
    }

    /// Takes a flight off; false if an invalidation did before.
    pub(crate) fn end(&mut self, hash: u64, flight: &Arc<Flight<K, V>>) -> bool {
        let Some(same) = self.flights.get_mut(&hash) else { return false };
        let Some(at) = same.iter().position(|other| Arc::ptr_eq(other, flight)) else {
            return false;
        };
        same.swap_remove(at);
        if same.is_empty() {
            self.flights.remove(&hash);
        }
        true
    }

    /// Keeps a flight that nobody else knows any more, emptied, for use again.
    pub(crate) fn keep(&mut self, mut flight: Arc<Flight<K, V>>) {
        if self.spare.len() < SPARE && Arc::get_mut(&mut flight).is_some_and(|it| it.is_empty()) {
            self.spare.push(flight);
        }
    }

    /// What is in the air for keys of this hash may no longer be joined, nor store.
    ///
    /// By hash alone, so that no `Eq` runs under the lock: an unrelated flight that collides in
    /// all 64 bits merely stores nothing.
    pub(crate) fn detach(&mut self, hash: u64) {
        self.flights.remove(&hash);
    }

    /// As [`detach`](Self::detach), for every key.
    pub(crate) fn detach_all(&mut self) {
        self.flights.clear();
    }
}

/// The keys are hashes already.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("only hashes of 64 bits are looked up");
    }
}
