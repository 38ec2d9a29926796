//! The flights in progress of one shard, by hash; lives under that shard's lock.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::Flight;

/// How many ended flights a board keeps for use again, so that a miss allocates none.
const SPARE: usize = 4;

/// A larger table than this is given back when the last flight has ended.
const ROOM: usize = 64;

/// Flights by their key's hash. No user code runs in here, and no flight is dropped: what is taken
/// off is handed out, to be dropped without the lock.
///
/// Invariant: a flight on the board began after the last invalidation of its key, so what it
/// computes may be stored. An invalidation takes it off, and with that the right to store.
#[derive(Debug)]
pub(crate) struct Board<K, V> {
    flights: Flights<K, V>,
    spare: Vec<Arc<Flight<K, V>>>,
    /// How many flights have begun.
    begun: u64,
}

type Flights<K, V> = HashMap<u64, Bunch<K, V>, BuildHasherDefault<AsItIs>>;

/// The flights of one hash: nearly always one.
#[derive(Debug)]
struct Bunch<K, V> {
    first: Aloft<K, V>,
    /// Allocates only if keys collide, or loads of one key run side by side.
    more: Vec<Aloft<K, V>>,
}

/// A flight on the board.
#[derive(Debug)]
pub(crate) struct Aloft<K, V> {
    pub(crate) flight: Arc<Flight<K, V>>,
    /// Which flight of this board it was: who began later has the higher number.
    pub(crate) number: u64,
    /// Whether others may wait for it; it is on the board either way, for invalidations to find.
    pub(crate) joinable: bool,
    /// Tags invalidated since it began: it stores no value that carries one. A box within, because
    /// next to no flight has any.
    #[expect(clippy::box_collection, reason = "8 bytes a flight instead of 24")]
    pub(crate) refused: Option<Box<Vec<Arc<str>>>>,
}

impl<K, V> Default for Board<K, V> {
    fn default() -> Self {
        Self { flights: HashMap::default(), spare: Vec::new(), begun: 0 }
    }
}

impl<K, V> Board<K, V> {
    /// The flights under this hash, to be compared by key.
    pub(crate) fn with_hash(&self, hash: u64) -> impl Iterator<Item = &Aloft<K, V>> {
        let bunch = self.flights.get(&hash);
        bunch.into_iter().flat_map(|bunch| std::iter::once(&bunch.first).chain(&bunch.more))
    }

    /// The number that the next flight will have.
    pub(crate) fn next(&self) -> u64 {
        self.begun
    }

    /// Puts a flight on the board.
    pub(crate) fn begin(&mut self, hash: u64, key: K, joinable: bool) -> Arc<Flight<K, V>> {
        let flight = match self.spare.pop() {
            Some(mut spare) => {
                let alone = Arc::get_mut(&mut spare).expect("a spare flight is nobody else's");
                alone.begin(key);
                spare
            }
            None => Arc::new(Flight::new(key)),
        };
        let aloft =
            Aloft { flight: Arc::clone(&flight), number: self.begun, joinable, refused: None };
        self.begun += 1;
        match self.flights.entry(hash) {
            std::collections::hash_map::Entry::Occupied(bunch) => bunch.into_mut().more.push(aloft),
            std::collections::hash_map::Entry::Vacant(none) => {
                none.insert(Bunch { first: aloft, more: Vec::new() });
            }
        }
        flight
    }

    /// Takes a flight off; None if an invalidation did before.
    pub(crate) fn end(&mut self, hash: u64, flight: &Arc<Flight<K, V>>) -> Option<Aloft<K, V>> {
        let bunch = self.flights.get_mut(&hash)?;
        if Arc::ptr_eq(&bunch.first.flight, flight) {
            let Some(next) = bunch.more.pop() else {
                let bunch = self.flights.remove(&hash)?;
                self.tidy();
                return Some(bunch.first);
            };
            return Some(std::mem::replace(&mut bunch.first, next));
        }
        let at = bunch.more.iter().position(|other| Arc::ptr_eq(&other.flight, flight))?;
        Some(bunch.more.swap_remove(at))
    }

    /// Gives back the table of a burst that is over.
    fn tidy(&mut self) {
        if self.flights.is_empty() && self.flights.capacity() > ROOM {
            self.flights = HashMap::default();
        }
    }

    /// Keeps a flight that nobody else knows any more, emptied, for use again; else gives it back.
    pub(crate) fn keep(&mut self, mut flight: Arc<Flight<K, V>>) -> Option<Arc<Flight<K, V>>> {
        if self.spare.len() < SPARE && Arc::get_mut(&mut flight).is_some_and(Flight::is_empty) {
            self.spare.push(flight);
            return None;
        }
        Some(flight)
    }

    /// Takes every flight off: none may be joined any more, nor store.
    #[must_use = "what is taken off is to be dropped without the lock"]
    pub(crate) fn detach_all(&mut self) -> impl Sized + use<K, V> {
        std::mem::take(&mut self.flights)
    }

    /// Values that carry `tag` are refused, if they come from flights that have begun; these are
    /// joined no more.
    pub(crate) fn refuse(&mut self, tag: &Arc<str>) {
        for bunch in self.flights.values_mut() {
            for aloft in std::iter::once(&mut bunch.first).chain(&mut bunch.more) {
                aloft.joinable = false;
                aloft.refused.get_or_insert_default().push(Arc::clone(tag));
            }
        }
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
