//! The flights in progress of one shard, by hash; lives under that shard's lock.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::Flight;

/// How many ended flights a board keeps for use again, so that a miss allocates none.
const SPARE: usize = 4;

/// So many flights are found by a look at each.
const FEW: usize = 8;

/// A larger table than this is given back when the last flight has ended.
const ROOM: usize = 64;

/// Flights by their key's hash. No user code runs in here, and no flight is dropped: what is taken
/// off is handed out, to be dropped without the lock.
///
/// Invariant: a flight on the board began after the last invalidation of its key, so what it
/// computes may be stored. An invalidation takes it off, and with that the right to store.
#[derive(Debug)]
pub(crate) struct Board<K, V> {
    /// In no order: while they are few, a look at each costs less than one into a table.
    few: Vec<Aloft<K, V>>,
    /// Those that came when there were as many as that.
    crowd: Crowd<K, V>,
    spare: Vec<Arc<Flight<K, V>>>,
    /// How many flights have begun.
    begun: u64,
}

type Crowd<K, V> = HashMap<u64, Vec<Aloft<K, V>>, BuildHasherDefault<AsItIs>>;

/// A flight on the board.
#[derive(Debug)]
pub(crate) struct Aloft<K, V> {
    hash: u64,
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
        Self { few: Vec::new(), crowd: HashMap::default(), spare: Vec::new(), begun: 0 }
    }
}

impl<K, V> Board<K, V> {
    /// The flights under this hash, to be compared by key.
    pub(crate) fn with_hash(&self, hash: u64) -> impl Iterator<Item = &Aloft<K, V>> {
        let few = self.few.iter().filter(move |aloft| aloft.hash == hash);
        few.chain(self.crowded(hash))
    }

    fn crowded(&self, hash: u64) -> &[Aloft<K, V>] {
        if self.crowd.is_empty() { &[] } else { self.crowd.get(&hash).map_or(&[], |all| all) }
    }

    /// Takes a flight off if it is the only one of its hash, and no tag was invalidated since it
    /// began: what storing its value comes to then.
    pub(crate) fn end_alone(&mut self, hash: u64, flight: &Arc<Flight<K, V>>) -> bool {
        if !self.crowd.is_empty() {
            return false;
        }
        let mut own = None;
        for (at, aloft) in self.few.iter().enumerate().filter(|(_, aloft)| aloft.hash == hash) {
            if !Arc::ptr_eq(&aloft.flight, flight) || aloft.refused.is_some() {
                return false;
            }
            own = Some(at);
        }
        own.map(|at| self.few.swap_remove(at)).is_some()
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
        let number = self.begun;
        self.begun += 1;
        let aloft = Aloft { hash, flight: Arc::clone(&flight), number, joinable, refused: None };
        if self.few.len() < FEW {
            self.few.push(aloft);
        } else {
            self.crowd.entry(hash).or_default().push(aloft);
        }
        flight
    }

    /// Takes a flight off; None if an invalidation did before.
    pub(crate) fn end(&mut self, hash: u64, flight: &Arc<Flight<K, V>>) -> Option<Aloft<K, V>> {
        let is_it = |aloft: &Aloft<K, V>| Arc::ptr_eq(&aloft.flight, flight);
        if let Some(at) = self.few.iter().position(is_it) {
            return Some(self.few.swap_remove(at));
        }
        let crowded = self.crowd.get_mut(&hash)?;
        let at = crowded.iter().position(is_it)?;
        let ended = crowded.swap_remove(at);
        if crowded.is_empty() {
            self.crowd.remove(&hash);
            self.tidy();
        }
        Some(ended)
    }

    /// Gives back the table of a burst that is over.
    fn tidy(&mut self) {
        if self.crowd.is_empty() && self.crowd.capacity() > ROOM {
            self.crowd = HashMap::default();
        }
    }

    /// The key of a flight that nobody else knows any more. The flight, emptied, is kept for use
    /// again, or else given back.
    pub(crate) fn recover(
        &mut self,
        mut flight: Arc<Flight<K, V>>,
    ) -> (Option<K>, Option<Arc<Flight<K, V>>>) {
        let Some(alone) = Arc::get_mut(&mut flight) else { return (None, Some(flight)) };
        let key = alone.take_key();
        if self.spare.len() < SPARE && alone.is_empty() {
            self.spare.push(flight);
            return (key, None);
        }
        (key, Some(flight))
    }

    /// Takes every flight off: none may be joined any more, nor store.
    #[must_use = "what is taken off is to be dropped without the lock"]
    pub(crate) fn detach_all(&mut self) -> impl Sized + use<K, V> {
        (std::mem::take(&mut self.few), std::mem::take(&mut self.crowd))
    }

    /// Values that carry `tag` are refused, if they come from flights that have begun; these are
    /// joined no more.
    pub(crate) fn refuse(&mut self, tag: &Arc<str>) {
        for aloft in self.few.iter_mut().chain(self.crowd.values_mut().flatten()) {
            aloft.joinable = false;
            aloft.refused.get_or_insert_default().push(Arc::clone(tag));
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
