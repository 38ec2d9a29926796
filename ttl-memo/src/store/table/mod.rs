//! A shard's entries as bare memory: found by any number of readers without a lock, and changed by
//! one writer at a time. With [`reclaim`](crate::reclaim) the only room of the store with `unsafe`.
//!
//! - A [`Face`] is what readers see, a [`Desk`] what the writer has, under the shard's lock. The
//!   two are made together, and a desk's methods are given the face that belongs to it.
//! - [`slots`] has the entries, [`root`] finds them, and [`bag`] keeps what was taken out until
//!   nobody can see it.
//!
//! # The order of things
//! To store: fill a free slot, then let a cell lead to it (release; a reader's load of the cell
//! acquires). To replace: fill another slot, then let the cell lead to that. To remove: take the
//! cell away, put the slot into the bag; after its grace drop the pair, then the slot is free. A
//! root that is outgrown goes the same way. A chunk goes when all its slots are free: whoever
//! could look into it was waited for on behalf of its last entries.

mod bag;
mod compare;
mod extras;
mod group;
mod head;
mod parts;
mod root;
mod seen;
mod slots;
mod walk;

use std::marker::PhantomData;
use std::ptr::NonNull;

pub(super) use bag::Ripe;
use bag::{Bag, OldRoot};
pub(super) use compare::{Compared, Holding};
pub(super) use extras::Notes;
use head::Head;
pub(super) use parts::Parts;
use root::Root;
pub(super) use seen::{Retired, Seen};
pub(super) use slots::Slots;
use walk::slot_of;

use crate::call::query::Matches;
use crate::engine::policy::{EMPTY, GROUP};
use crate::reclaim::{self, Section};
use crate::sync::atomic::{AtomicPtr, Ordering};
use group::Group;

/// Where a shard's readers begin.
pub(super) struct Face<K, V> {
    /// A [`Root`]'s.
    root: AtomicPtr<Head>,
    leads_to: PhantomData<AtomicPtr<Group<K, V>>>,
}

/// A shard's entries in their writer's hands.
pub(super) struct Desk<K, V> {
    slots: Slots<K, V>,
    bag: Bag<K, V>,
    /// Slots that cells lead to.
    len: usize,
    /// A hash that was looked for last, and the cell where the walk along it ended; until cells
    /// change.
    end: Option<(u32, usize)>,
}

impl<K, V> Face<K, V> {
    pub(super) fn new() -> Self {
        Self { root: AtomicPtr::new(head::nothing().as_ptr()), leads_to: PhantomData }
    }

    /// Holds an entry that matches, or keeps it within reach, without a lock. It may miss one that is
    /// being moved. `section`: one that has just begun. `code`: code of the user's beside
    /// `V::clone` is to look at it.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "in memory, what it is handed and gives costs 5 ns")]
    pub(super) fn look<M: Matches<Key = K>>(
        &self,
        mut section: Section,
        hash: u32,
        matcher: &M,
        code: bool,
    ) -> Option<Holding<'_, K, V>> {
        // A value without drop glue has no `Clone` to speak of.
        let brief = M::PLAIN && !code && !std::mem::needs_drop::<V>();
        let mut root = self.reach(&section);
        let mut walk = root.walk(hash);
        while let Some(cell) = walk.next_match() {
            // SAFETY: a cell that was in reach since the section began has led to it; it is emptied
            // no earlier than the section ends, or from `hold` on lets go of this entry.
            let seen = unsafe { root.see(cell) };
            if M::PLAIN {
                if matcher.matches(&seen.pair().0) {
                    if !brief {
                        section.hold(seen.address());
                    }
                    return Some(Holding::new(seen, section));
                }
            } else {
                // The user's `Eq`, and then his `Clone`. From here on the root may go.
                section.hold(seen.address());
                if matcher.matches(&seen.pair().0) {
                    return Some(Holding::new(seen, section));
                }
                let (before, rest) = (root.address(), walk.rest());
                section.probe_again();
                root = self.reach(&section);
                if root.address() != before {
                    return None;
                }
                walk = root.walk(hash).after(rest);
            }
            if !walk.step() {
                break;
            }
        }
        None
    }

    /// The root that is in force now. For as long as the section goes on probing.
    #[inline]
    fn reach<'r>(&self, _probing: &Section) -> Root<'r, K, V> {
        // Acquire: its cells are made before.
        let root = self.root.load(Ordering::Acquire);
        // SAFETY: it was in reach after the section began, so it goes no earlier than that ends or
        // holds something; `look`, and nobody else, sees to it that it is not used any more then.
        unsafe { Root::of(NonNull::new_unchecked(root)) }
    }

    /// The same, for the writer.
    ///
    /// # Safety
    /// It is not replaced within `'r`.
    #[inline]
    unsafe fn root<'r>(&self) -> Root<'r, K, V> {
        let root = self.root.load(Ordering::Relaxed);
        // SAFETY: a root is freed no earlier than another has taken its place.
        unsafe { Root::of(NonNull::new_unchecked(root)) }
    }
}

impl<K, V> Drop for Face<K, V> {
    fn drop(&mut self) {
        let root = NonNull::new(self.root.load(Ordering::Relaxed)).expect("there is always one");
        // SAFETY: no reader is left, or this could not be had.
        unsafe { head::free(root) };
    }
}

impl<K, V> Desk<K, V> {
    pub(super) fn new() -> Self {
        Self { slots: Slots::new(), bag: Bag::new(), len: 0, end: None }
    }

    #[inline]
    #[expect(clippy::unused_self, reason = "who has it is the writer")]
    fn root(&self, face: &Face<K, V>) -> Root<'_, K, V> {
        // SAFETY: it is replaced only by who has this exclusively.
        unsafe { face.root() }
    }

    /// Shows the entries of this hash to `is_it`, until it is one; its slot.
    #[inline]
    pub(super) fn find(
        &mut self,
        face: &Face<K, V>,
        hash: u32,
        mut is_it: impl FnMut(Seen<'_, K, V>) -> bool,
    ) -> Option<u32> {
        let mut walk = self.root(face).walk(hash);
        for cell in walk.by_ref() {
            let slot = slot_of::<K, V>(cell);
            if is_it(self.slots.see(slot)) {
                return Some(slot);
            }
        }
        self.end = Some((hash, walk.end()));
        None
    }

    /// An entry that lives, by its slot.
    pub(super) fn see(&self, slot: u32) -> Seen<'_, K, V> {
        self.slots.see(slot)
    }

    /// Fills a slot, which no reader finds yet; `full`: how many entries there will be at most,
    /// about.
    #[inline]
    pub(super) fn fill(
        &mut self,
        face: &Face<K, V>,
        (hash, deadline): (u32, u64),
        key: K,
        value: V,
        full: impl FnOnce() -> usize,
    ) -> u32 {
        let (slot, chunk) = self.slots.vacancy();
        let root = self.root(face);
        match root.chunk(chunk).filter(|_| root.has_room(self.len)) {
            Some(listed) if listed.load(Ordering::Relaxed).is_null() => {
                self.slots.show(chunk, listed);
            }
            Some(_) => {}
            None => self.enlarge(face, chunk, full()),
        }
        self.slots.fill(slot, hash, deadline, key, value);
        slot
    }

    #[cold]
    fn enlarge(&mut self, face: &Face<K, V>, chunk: usize, full: usize) {
        let root = self.root(face);
        let (cells, roomy) = (root.cells(), root.has_room(self.len));
        let cells = if roomy { cells } else { root::larger(cells, full) };
        self.rebuild(face, cells, chunk + 1 + chunk / 8);
    }

    /// Puts another root in place, of another size.
    fn rebuild(&mut self, face: &Face<K, V>, cells: usize, chunks: usize) {
        let head = root::new::<K, V>(cells, chunks.max(self.slots.chunks()));
        // SAFETY: just made for these types.
        let root = unsafe { Root::<K, V>::of(head) };
        for at in 0..self.slots.chunks() {
            self.slots.show(at, root.chunk(at).expect("made for so many"));
        }
        root.put_all(self.root(face));
        self.put_in_place(face, head);
    }

    fn put_in_place(&mut self, face: &Face<K, V>, root: NonNull<Head>) {
        self.end = None;
        // Release: it is made before.
        let old = face.root.swap(root.as_ptr(), Ordering::AcqRel);
        let old = NonNull::new(old).expect("there is always one");
        if old != head::nothing() {
            // SAFETY: readers that look at it go on, until its grace is over: the bag does nothing
            // with it before.
            self.bag.add_root(unsafe { OldRoot::of(old) });
        }
    }

    /// Writes down what the deadline of a filled slot does not tell. `others`: what would be so of
    /// entries of which nothing was, by their deadlines.
    pub(super) fn note(&mut self, slot: u32, notes: Notes, others: impl Fn(u64) -> Notes) {
        self.slots.note(slot, notes, others);
    }

    /// Whether what is in the slot has to be written down, because that is done for others near it.
    #[inline]
    pub(super) fn takes_notes(&self, slot: u32) -> bool {
        self.slots.has_extras(slot)
    }

    /// Lets readers find a filled slot.
    #[inline]
    pub(super) fn publish(&mut self, face: &Face<K, V>, slot: u32) {
        self.len += 1;
        let (end, hash) = (self.end.take(), self.slots.hash(slot));
        let root = self.root(face);
        match end {
            Some((of, at)) if of == hash => root.put_from(at, hash, slot),
            _ => root.put(hash, slot),
        }
    }

    /// Lets readers find a filled slot instead of another, with the same hash, which is retired.
    pub(super) fn exchange(&mut self, face: &Face<K, V>, from: u32, to: u32) -> Retired<K, V> {
        self.root(face).exchange(self.slots.hash(from), from, to);
        self.slots.retire(from)
    }

    /// An entry will be taken out. Where there are few, all is at hand.
    #[inline]
    pub(super) fn approach(&self, face: &Face<K, V>, slot: u32) {
        let root = self.root(face);
        if root.is_large() {
            root.approach(self.slots.hash(slot));
        }
    }

    /// Takes an entry out of readers' reach.
    #[inline]
    pub(super) fn withdraw(&mut self, face: &Face<K, V>, slot: u32) -> Retired<K, V> {
        self.len -= 1;
        self.end = None;
        self.root(face).take(self.slots.hash(slot), slot);
        self.slots.retire(slot)
    }

    /// Takes out everything.
    pub(super) fn withdraw_all(&mut self, face: &Face<K, V>) -> Vec<Retired<K, V>> {
        let mut all = Vec::with_capacity(self.len);
        self.len = 0;
        self.put_in_place(face, head::nothing());
        for slot in 0..self.slots.top() {
            let (group, at) = (slot as usize / GROUP, slot as usize % GROUP);
            // A group that is not there shows none, and is not to be written to.
            let word = &self.slots.words(group)[at];
            if word.load(Ordering::Relaxed) != EMPTY {
                word.store(EMPTY, Ordering::Relaxed);
                all.push(self.slots.retire(slot));
            }
        }
        all
    }

    /// Into the bag.
    #[inline]
    pub(super) fn discard(&mut self, retired: Retired<K, V>) {
        self.bag.add(retired);
    }

    /// Whether nothing does, no root either.
    pub(super) fn is_tidy(&self) -> bool {
        self.bag.is_empty()
    }

    /// Whether there is enough in the bag to look for readers in the way, or some were and have to
    /// be looked for again.
    #[inline]
    pub(super) fn is_bag_full(&self) -> bool {
        let waiting = self.bag.len();
        // A look costs a line for each thread, and should do so for several slots; but however many
        // threads there are, few wait beside a few that live.
        waiting >= (self.len / 8).clamp(1, 64)
            && waiting >= (reclaim::count() / 4).min(self.len.max(16))
            || self.bag.has_root()
            || self.bag.is_parked()
    }

    /// Whether so much waits that readers in the way should be let on.
    #[inline]
    pub(super) fn is_crowded(&self) -> bool {
        self.bag.is_parked() && self.bag.len() > self.len.max(1024)
    }

    /// Takes what nobody sees any more out of the bag. Pairs without drop glue go here; others are
    /// for the caller to drop, with no lock held, and then to [`give_back`](Self::give_back).
    pub(super) fn collect(&mut self, face: &Face<K, V>) -> Option<Ripe<K, V>> {
        let mut ripe = self.bag.collect()?;
        if std::mem::needs_drop::<(K, V)>() {
            return Some(ripe);
        }
        ripe.drop_pairs();
        self.give_back(face, ripe);
        None
    }

    /// Slots whose pairs were dropped are free.
    pub(super) fn give_back(&mut self, face: &Face<K, V>, ripe: Ripe<K, V>) {
        // SAFETY: it is not replaced in here.
        let root = unsafe { face.root() };
        let forget = |chunk: usize| {
            if let Some(listed) = root.chunk(chunk) {
                listed.store(std::ptr::null_mut(), Ordering::Relaxed);
            }
        };
        ripe.give_back(&mut self.slots, &mut self.bag, forget);
    }

    /// Gives memory back that so few entries do not need. Never long: a shard is not large, and
    /// each time is paid for by as many removals.
    pub(super) fn shrink(&mut self, face: &Face<K, V>) {
        let cells = self.root(face).cells();
        if self.len == 0 {
            self.put_in_place(face, head::nothing());
        } else if let Some(fewer) = root::smaller(cells, self.len) {
            self.rebuild(face, fewer, 0);
        }
    }

    #[inline]
    pub(super) fn slots(&self) -> &Slots<K, V> {
        &self.slots
    }
}

#[cfg(test)]
impl<K, V> Desk<K, V> {
    /// What waits in the bag; how many slots.
    pub(super) fn waiting(&self) -> usize {
        self.bag.len()
    }
}

#[cfg(any(test, fuzzing))]
impl<K, V> Desk<K, V> {
    /// Recomputes what cells lead to, and which slots are filled.
    pub(super) fn validate(&self, face: &Face<K, V>, lives: &[u32]) {
        assert_eq!(self.len, lives.len(), "entries are counted");
        for &slot in lives {
            let hash = self.slots.hash(slot);
            let root = self.root(face);
            let found = root.walk(hash).filter(|&cell| slot_of::<K, V>(cell) == slot).count();
            assert_eq!(found, 1, "one cell leads to slot {slot}");
        }
        let cells = self.root(face).filled();
        assert_eq!(cells, lives.len(), "no other cell leads anywhere");
        self.slots.validate(lives.len() + self.bag.len());
    }
}
