//! The loads in progress of one shard, by hash; lives under that shard's lock.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::sweeps::{Standing, Step, Sweeps};
use super::{Flight, FlightId};

/// How many ended flights a board keeps for use again, so that a miss allocates none.
const SPARE: usize = 4;

/// So many flights are found by a look at each.
const FEW: usize = 8;

/// A larger table than this is given back when the last flight has ended.
const ROOM: usize = 64;

/// Loads in progress by their key's hash. No user code runs in here, and nothing of the user's is
/// dropped: what is taken off is handed out, to be dropped without the lock.
///
/// Of a load that nobody else has met there is but its key here: no [`Flight`] is made for it. The
/// first who has to wait for it, or to compare its key where that may run code of the user's, lets
/// it have one, and brings that along: nothing is allocated here.
///
/// Invariant: a load on the board that is [sound](Standing) began after the last invalidation of its
/// key, so what it computes may be stored. An invalidation puts it off, and takes the right to store
/// from it; its leader takes it from the board.
#[derive(Debug)]
pub(crate) struct Board<K, V> {
    /// In no order: while they are few, a look at each costs less than one into a table.
    few: Vec<Aloft<K, V>>,
    /// Those that came when there were as many as that.
    crowd: Crowd<K, V>,
    spare: Vec<Arc<Flight<K, V>>>,
    /// How many loads have begun.
    begun: u64,
    sweeps: Sweeps,
}

type Crowd<K, V> = HashMap<u64, Vec<Aloft<K, V>>, BuildHasherDefault<AsItIs>>;

/// A load on the board.
#[derive(Debug)]
pub(crate) struct Aloft<K, V> {
    hash: u64,
    id: FlightId,
    /// Which load of this board it was: who began later has the higher number.
    pub(crate) number: u64,
    /// Whether others may wait for it; it is on the board either way, for invalidations to find.
    pub(crate) joinable: bool,
    standing: Standing,
    /// Nothing was stored under its key when it began, and no other load of its hash has begun
    /// since: as long as it is sound, there is nothing yet.
    first: bool,
    /// Tags invalidated since it began: it stores no value that carries one. A box within, because
    /// next to no load has any.
    #[expect(clippy::box_collection, reason = "8 bytes a load instead of 24")]
    pub(crate) refused: Option<Box<Vec<Arc<str>>>>,
    place: Place<K, V>,
}

/// Where a load's key is.
#[derive(Debug)]
enum Place<K, V> {
    /// Here: nobody but its leader knows of the load.
    Here(K),
    /// In a flight, which others may know.
    Flight(Arc<Flight<K, V>>),
}

impl<K, V> Default for Board<K, V> {
    fn default() -> Self {
        Self {
            few: Vec::new(),
            crowd: HashMap::default(),
            spare: Vec::new(),
            begun: 0,
            sweeps: Sweeps::default(),
        }
    }
}

impl<K, V> Aloft<K, V> {
    pub(crate) fn id(&self) -> FlightId {
        self.id
    }

    pub(crate) fn key(&self) -> &K {
        match &self.place {
            Place::Here(key) => key,
            Place::Flight(flight) => flight.key(),
        }
    }

    /// Its flight, if it has one.
    pub(crate) fn flight(&self) -> Option<&Arc<Flight<K, V>>> {
        match &self.place {
            Place::Here(_) => None,
            Place::Flight(flight) => Some(flight),
        }
    }

    /// Its flight; where it has none, one of `vacant` becomes that. None: there is none.
    pub(crate) fn share(
        &mut self,
        vacant: &mut Vec<Arc<Flight<K, V>>>,
    ) -> Option<Arc<Flight<K, V>>> {
        if let Place::Here(_) = self.place {
            let was = std::mem::replace(&mut self.place, Place::Flight(vacant.pop()?));
            if let (Place::Here(key), Place::Flight(flight)) = (was, &mut self.place) {
                let alone = Arc::get_mut(flight).expect("a vacant flight is nobody else's");
                alone.become_of(self.id, key);
            }
        }
        self.flight().map(Arc::clone)
    }

    /// Nobody joins it any more, and its value is not stored.
    pub(crate) fn put_off(&mut self) {
        self.standing = Standing::Off;
    }

    /// Whether what it gives may be stored, but for tags.
    pub(crate) fn is_sound(&self) -> bool {
        self.standing == Standing::Sound
    }

    /// What others may know of it; its key is dropped, unless that is in there.
    pub(crate) fn into_flight(self) -> Option<Arc<Flight<K, V>>> {
        match self.place {
            Place::Here(_) => None,
            Place::Flight(flight) => Some(flight),
        }
    }
}

impl<K, V> Board<K, V> {
    /// The loads under this hash that are not off, to be compared by key.
    pub(crate) fn with_hash(&self, hash: u64) -> impl Iterator<Item = &Aloft<K, V>> {
        let few = self.few.iter().filter(move |aloft| aloft.hash == hash);
        few.chain(self.crowded(hash)).filter(|aloft| aloft.standing != Standing::Off)
    }

    /// The same, for whoever changes them.
    pub(crate) fn with_hash_mut(&mut self, hash: u64) -> impl Iterator<Item = &mut Aloft<K, V>> {
        let few = self.few.iter_mut().filter(move |aloft| aloft.hash == hash);
        let all = few.chain(self.crowd.get_mut(&hash).into_iter().flatten());
        all.filter(|aloft| aloft.standing != Standing::Off)
    }

    fn crowded(&self, hash: u64) -> &[Aloft<K, V>] {
        if self.crowd.is_empty() { &[] } else { self.crowd.get(&hash).map_or(&[], |all| all) }
    }

    /// Puts a load on the board, if there is none of its hash, nor a crowd, and room is made
    /// already. Nothing is stored under its hash. Not for a cache with tags.
    #[inline]
    pub(crate) fn begin_alone(
        &mut self,
        hash: u64,
        id: FlightId,
        key: &mut Option<K>,
        joinable: bool,
    ) -> bool {
        let many = self.few.len();
        let crowded = !self.crowd.is_empty() || many >= FEW || many == self.few.capacity();
        if crowded || self.few.iter().any(|aloft| aloft.hash == hash) {
            return false;
        }
        let Some(key) = key.take() else { return false };
        let number = self.begun;
        self.begun += 1;
        let place = Place::Here(key);
        let (standing, first, refused) = (self.sweeps.standing(), true, None);
        self.few.push(Aloft { hash, id, number, joinable, standing, first, refused, place });
        true
    }

    /// Where a load is that is the only one of its hash, if nobody else knows of it, nothing was
    /// invalidated since it began, and no tag: what storing its value comes to then.
    #[inline]
    pub(crate) fn alone(&self, hash: u64, id: FlightId) -> Option<Alone> {
        // As mostly.
        if let [only] = &self.few[..] {
            let own = only.id == id && only.is_sound() && only.refused.is_none();
            let own = own && only.flight().is_none() && self.crowd.is_empty();
            return own.then_some(Alone { at: 0, first: only.first });
        }
        let mut own = None;
        for (at, aloft) in self.few.iter().enumerate().filter(|(_, aloft)| aloft.hash == hash) {
            let undisturbed = aloft.id == id && aloft.is_sound() && aloft.refused.is_none();
            if !undisturbed || aloft.flight().is_some() {
                return None;
            }
            own = Some(Alone { at, first: aloft.first });
        }
        own.filter(|_| self.crowd.is_empty())
    }

    /// The key of a load that is [`alone`](Self::alone).
    pub(crate) fn key_of(&self, alone: Alone) -> &K {
        self.few[alone.at].key()
    }

    /// Takes such a load off, with its key.
    #[inline]
    pub(crate) fn end_alone(&mut self, alone: Alone) -> K {
        let last = self.few.len() - 1;
        // Mostly it is the only one, and not worth a move.
        if alone.at != last {
            self.few.swap(alone.at, last);
        }
        match self.few.pop() {
            Some(Aloft { place: Place::Here(key), .. }) => key,
            _ => unreachable!("nobody else knows of it"),
        }
    }

    /// Takes a load off if it is the only one of its hash, and nothing was invalidated since it
    /// began, nor a tag.
    pub(crate) fn end_only(&mut self, hash: u64, id: FlightId) -> Option<Aloft<K, V>> {
        let mut of_hash = self.few.iter().enumerate().filter(|(_, aloft)| aloft.hash == hash);
        let (at, only) = of_hash.next()?;
        let undisturbed = only.id == id && only.is_sound() && only.refused.is_none();
        if !undisturbed || of_hash.next().is_some() || !self.crowd.is_empty() {
            return None;
        }
        Some(self.few.swap_remove(at))
    }

    /// The number that the next load will have.
    pub(crate) fn next(&self) -> u64 {
        self.begun
    }

    /// Puts a load on the board that has a flight from the start.
    pub(crate) fn begin(&mut self, hash: u64, key: K, joinable: bool) -> Arc<Flight<K, V>> {
        let flight = match self.spare.pop() {
            Some(mut spare) => {
                let alone = Arc::get_mut(&mut spare).expect("a spare flight is nobody else's");
                alone.become_of(FlightId::new(), key);
                spare
            }
            None => Arc::new(Flight::new(key)),
        };
        self.add(hash, flight.id(), Place::Flight(Arc::clone(&flight)), joinable);
        flight
    }

    /// Puts a load on the board that nobody else knows of yet.
    pub(crate) fn begin_unknown(&mut self, hash: u64, id: FlightId, key: K, joinable: bool) {
        self.add(hash, id, Place::Here(key), joinable);
    }

    fn add(&mut self, hash: u64, id: FlightId, place: Place<K, V>, joinable: bool) {
        let number = self.begun;
        self.begun += 1;
        // What either stores may be in the way of the other.
        self.with_hash_mut(hash).for_each(|other| other.first = false);
        let (standing, first) = (self.sweeps.standing(), false);
        let (refused, sealed) = self.sweeps.refused();
        let joinable = joinable && !sealed;
        let aloft = Aloft { hash, id, number, joinable, standing, first, refused, place };
        if self.few.len() < FEW {
            self.few.push(aloft);
        } else {
            self.crowd.entry(hash).or_default().push(aloft);
        }
    }

    /// A load that was left for later is run now, and from now on may be waited for, if it is to be
    /// `joinable`. False: it need not be run, as it would store nothing, or another one of its hash
    /// has begun since.
    pub(crate) fn take_up(&mut self, hash: u64, id: FlightId, joinable: bool) -> bool {
        let Some(number) = self.get_mut(hash, id).map(|own| own.number) else { return false };
        if self.with_hash(hash).any(|other| other.number > number) {
            return false;
        }
        let own = self.with_hash_mut(hash).find(|aloft| aloft.id == id);
        own.is_some_and(|own| {
            if !own.is_sound() {
                return false;
            }
            own.joinable = joinable && own.refused.is_none();
            true
        })
    }

    /// A load, off or not.
    pub(crate) fn get_mut(&mut self, hash: u64, id: FlightId) -> Option<&mut Aloft<K, V>> {
        if let Some(at) = self.few.iter().position(|aloft| aloft.id == id) {
            return Some(&mut self.few[at]);
        }
        self.crowd.get_mut(&hash)?.iter_mut().find(|aloft| aloft.id == id)
    }

    /// Takes a load off, for its leader; whoever else does that leaves the leader its flight.
    pub(crate) fn end(&mut self, hash: u64, id: FlightId) -> Option<Aloft<K, V>> {
        let is_it = |aloft: &Aloft<K, V>| aloft.id == id;
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

    /// Puts every load off: none may be joined any more, nor store.
    pub(crate) fn put_all_off(&mut self) {
        self.all_mut().for_each(Aloft::put_off);
    }

    /// A sweep's next step: of all entries, or of those that carry a tag.
    pub(crate) fn swept(&mut self, step: Step, tag: Option<&Arc<str>>) {
        self.sweeps.take(step, tag);
        match (step, tag) {
            (Step::Unmark, _) => {}
            (_, None) => self.put_all_off(),
            (Step::Mark, Some(tag)) => self.refuse(tag),
            (Step::Seal, Some(_)) => self.all_mut().for_each(|aloft| aloft.joinable = false),
        }
    }

    /// Whether all entries are being swept.
    pub(crate) fn is_swept(&self) -> bool {
        self.sweeps.standing() != Standing::Sound
    }

    /// Values that carry `tag` are refused, if they come from loads that have begun; these are
    /// joined no more.
    fn refuse(&mut self, tag: &Arc<str>) {
        for aloft in self.all_mut() {
            aloft.joinable = false;
            aloft.refused.get_or_insert_default().push(Arc::clone(tag));
        }
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut Aloft<K, V>> {
        self.few.iter_mut().chain(self.crowd.values_mut().flatten())
    }
}

/// Where on the board a load is, until that changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Alone {
    at: usize,
    first: bool,
}

impl Alone {
    /// Nothing is stored under its key.
    pub(crate) fn is_first(self) -> bool {
        self.first
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

#[cfg(test)]
mod tests;
