//! Doubly linked lists of slots: eight bytes a slot, whichever list it is in.
//!
//! Each list is a ring that runs through a *head* of its own, so that linking, unlinking and joining two lists are a
//! few stores without a special case for either end. A head is named by an id above all slots; ids and slots are told
//! apart by their value alone. A slot is in one list at most.

use super::pages::Pages;

/// The id of list 0's head; that of list `n` is `n` above. Slots are below.
const HEADS: u32 = u32::MAX - 1023;

/// Stands in `prev` of a slot that is in no list.
const UNLINKED: u32 = u32::MAX;

/// The neighbours of a slot; of a head: the last (`prev`) and the first (`next`) of its list.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Link {
    prev: u32,
    next: u32,
}

impl Link {
    const NOWHERE: Self = Self { prev: UNLINKED, next: UNLINKED };
}

/// What [`Rings::remove`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Removed {
    /// The slot was in no list.
    Nothing,
    /// It left a list that others are still in.
    OneOfSeveral,
    /// It was the last of this list.
    LastOf(usize),
}

/// All lists, numbered from 0. A list that was never used costs nothing and is empty.
#[derive(Clone, Debug)]
pub(crate) struct Rings {
    slots: Pages<Link>,
    heads: Vec<Link>,
}

impl Rings {
    pub(crate) const NONE: Self = Self { slots: Pages::NONE, heads: Vec::new() };

    /// Appends a slot that is in no list.
    #[inline]
    pub(crate) fn push(&mut self, list: usize, slot: u32) {
        let head = head_of(list);
        if list >= self.heads.len() {
            self.grow_heads(list);
        }
        assert!(slot < HEADS, "a shard has fewer than {HEADS} slots");
        debug_assert!(!self.contains(slot), "a slot is in one list at most");
        let before = self.heads[list].prev;
        self.slots.enter(slot, Link { prev: before, next: head }, Link::NOWHERE);
        self.heads[list].prev = slot;
        self.at(before).next = slot;
    }

    /// Takes a slot out of whichever list it is in.
    #[inline]
    pub(crate) fn remove(&mut self, slot: u32) -> Removed {
        let Some(Link { prev, next }) = self.slots.leave_if_used(slot, Link::NOWHERE) else {
            return Removed::Nothing;
        };
        self.at(prev).next = next;
        self.at(next).prev = prev;
        // Only a head is both neighbours at once of a slot that was alone.
        if prev == next && prev >= HEADS {
            Removed::LastOf((prev - HEADS) as usize)
        } else {
            Removed::OneOfSeveral
        }
    }

    /// The slot that has been longest in a list.
    #[inline]
    pub(crate) fn first(&self, list: usize) -> Option<u32> {
        let next = self.heads.get(list)?.next;
        (next < HEADS).then_some(next)
    }

    /// Moves all of one list behind all of another, at the cost of a few stores.
    pub(crate) fn append(&mut self, from: usize, to: usize) {
        let Some(Link { prev: last, next: first }) = self.heads.get(from).copied() else { return };
        if first >= HEADS {
            return;
        }
        if to >= self.heads.len() {
            self.grow_heads(to);
        }
        self.heads[from] = alone(from);
        let before = self.heads[to].prev;
        self.heads[to].prev = last;
        self.at(before).next = first;
        self.at(first).prev = before;
        self.at(last).next = head_of(to);
    }

    /// The slots of a list, in order.
    pub(crate) fn iter(&self, list: usize) -> impl Iterator<Item = u32> {
        let mut next = self.first(list);
        std::iter::from_fn(move || {
            let slot = next?;
            let after = self.link(slot).next;
            next = (after < HEADS).then_some(after);
            Some(slot)
        })
    }

    /// Whether a slot is in a list.
    pub(crate) fn contains(&self, slot: u32) -> bool {
        self.slots.get(slot).is_some_and(|link| link.prev != UNLINKED)
    }

    /// Gives back what is kept for slots to come. Those that are in a list keep what they need.
    pub(crate) fn shrink(&mut self) {
        self.slots.shrink();
    }

    /// Gives back what lists from `lists` on take. They must be empty.
    pub(crate) fn shrink_lists_to(&mut self, lists: usize) {
        debug_assert!((lists..self.heads.len()).all(|list| self.first(list).is_none()));
        self.heads.truncate(lists);
        self.heads.shrink_to_fit();
    }

    #[inline]
    fn at(&mut self, id: u32) -> &mut Link {
        if id < HEADS { self.slots.of_mut(id) } else { &mut self.heads[(id - HEADS) as usize] }
    }

    #[inline]
    fn link(&self, slot: u32) -> Link {
        self.slots.of(slot)
    }

    #[cold]
    fn grow_heads(&mut self, list: usize) {
        while self.heads.len() <= list {
            self.heads.push(alone(self.heads.len()));
        }
    }
}

/// The id by which links refer to a list's head.
#[inline]
fn head_of(list: usize) -> u32 {
    debug_assert!(list < (UNLINKED - HEADS) as usize);
    #[allow(clippy::cast_possible_truncation, reason = "lists are few, and numbered by this crate")]
    let list = list as u32;
    HEADS + list
}

/// The head of an empty list.
fn alone(list: usize) -> Link {
    Link { prev: head_of(list), next: head_of(list) }
}

#[cfg(test)]
impl Rings {
    /// Walks every list both ways, and returns which list each slot is in.
    pub(crate) fn validate(&self) -> Vec<Option<usize>> {
        let mut list_of = vec![None; self.slots.slots()];
        for list in 0..self.heads.len() {
            let mut before = head_of(list);
            for slot in self.iter(list) {
                assert_eq!(self.link(slot).prev, before, "links mirror each other");
                assert_eq!(list_of[slot as usize].replace(list), None, "a slot is in one list");
                before = slot;
            }
            assert_eq!(self.heads[list].prev, before, "a head knows the last of its list");
        }
        for (slot, list) in list_of.iter().enumerate() {
            let slot = u32::try_from(slot).expect("slots are 32 bits");
            assert_eq!(list.is_some(), self.contains(slot), "no slot is linked elsewhere");
        }
        self.slots.validate(|link| link.prev != UNLINKED);
        list_of
    }

    /// Bytes on the heap.
    pub(crate) fn heap(&self) -> usize {
        self.slots.heap() + self.heads.capacity() * size_of::<Link>()
    }
}
