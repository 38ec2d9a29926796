//! Doubly linked lists of slots: eight bytes a slot, whichever list it is in.
//!
//! Each list is a ring that runs through a *head* of its own, so that linking, unlinking and joining two lists are a
//! few stores without a special case for either end. A head is named by an id above all slots; ids and slots are told
//! apart by their value alone. A slot is in one list at most.

/// The id of list 0's head; that of list `n` is `n` above. Slots are below.
const HEADS: u32 = u32::MAX - 1023;

/// Stands in `prev` of a slot that is in no list.
const UNLINKED: u32 = u32::MAX;

/// The neighbours of a slot; of a head: the last (`prev`) and the first (`next`) of its list.
#[derive(Clone, Copy, Debug)]
struct Link {
    prev: u32,
    next: u32,
}

impl Link {
    const NOWHERE: Self = Self { prev: UNLINKED, next: UNLINKED };
}

/// What [`Links::remove`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Removed {
    /// The slot was in no list.
    Nothing,
    /// It left a list that others are still in.
    OneOfSeveral,
    /// It was the last of this list.
    LastOf(usize),
}

/// All lists, numbered from 0. A list that was never used costs nothing and is empty.
#[derive(Clone, Debug)]
pub(super) struct Links {
    slots: Vec<Link>,
    heads: Vec<Link>,
}

impl Links {
    pub(super) const NONE: Self = Self { slots: Vec::new(), heads: Vec::new() };

    /// Appends a slot that is in no list.
    pub(super) fn push(&mut self, list: usize, slot: u32) {
        let head = head_of(list);
        if slot as usize >= self.slots.len() {
            self.grow_slots(slot);
        }
        if list >= self.heads.len() {
            self.grow_heads(list);
        }
        debug_assert!(!self.contains(slot), "a slot is in one list at most");
        let before = self.heads[list].prev;
        self.slots[slot as usize] = Link { prev: before, next: head };
        self.heads[list].prev = slot;
        self.at(before).next = slot;
    }

    /// Takes a slot out of whichever list it is in.
    pub(super) fn remove(&mut self, slot: u32) -> Removed {
        let Some(link) = self.slots.get_mut(slot as usize) else { return Removed::Nothing };
        let Link { prev, next } = *link;
        if prev == UNLINKED {
            return Removed::Nothing;
        }
        *link = Link::NOWHERE;
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
    pub(super) fn first(&self, list: usize) -> Option<u32> {
        let next = self.heads.get(list)?.next;
        (next < HEADS).then_some(next)
    }

    /// Moves all of one list behind all of another, at the cost of a few stores.
    pub(super) fn append(&mut self, from: usize, to: usize) {
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
    pub(super) fn iter(&self, list: usize) -> impl Iterator<Item = u32> {
        let mut next = self.first(list);
        std::iter::from_fn(move || {
            let slot = next?;
            let after = self.slots[slot as usize].next;
            next = (after < HEADS).then_some(after);
            Some(slot)
        })
    }

    /// Whether a slot is in a list.
    pub(super) fn contains(&self, slot: u32) -> bool {
        self.slots.get(slot as usize).is_some_and(|link| link.prev != UNLINKED)
    }

    /// Gives back what slots from `slots` on take, down to the last that is in a list.
    ///
    /// Does nothing while there is less than a quarter to gain, so that it may be called often.
    pub(super) fn shrink_slots_to(&mut self, slots: usize) {
        if self.slots.len() <= slots + slots / 4 + 8 {
            return;
        }
        let linked = self.slots.iter().rposition(|link| link.prev != UNLINKED);
        self.slots.truncate(slots.max(linked.map_or(0, |slot| slot + 1)));
        self.slots.shrink_to_fit();
    }

    /// Gives back what lists from `lists` on take. They must be empty.
    pub(super) fn shrink_lists_to(&mut self, lists: usize) {
        debug_assert!((lists..self.heads.len()).all(|list| self.first(list).is_none()));
        self.heads.truncate(lists);
        self.heads.shrink_to_fit();
    }

    fn at(&mut self, id: u32) -> &mut Link {
        if id < HEADS {
            &mut self.slots[id as usize]
        } else {
            &mut self.heads[(id - HEADS) as usize]
        }
    }

    /// An eighth more at a time, not twice: a `Vec`'s own doubling would leave up to eight idle bytes a slot.
    #[cold]
    fn grow_slots(&mut self, slot: u32) {
        assert!(slot < HEADS, "a shard has fewer than {HEADS} slots");
        let wanted = slot as usize + 1;
        let len = wanted + wanted / 8 + 7;
        self.slots.reserve_exact(len - self.slots.len());
        self.slots.resize(len, Link::NOWHERE);
    }

    #[cold]
    fn grow_heads(&mut self, list: usize) {
        while self.heads.len() <= list {
            self.heads.push(alone(self.heads.len()));
        }
    }
}

/// The id by which links refer to a list's head.
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
impl Links {
    /// Walks every list both ways, and returns which list each slot is in.
    pub(super) fn validate(&self) -> Vec<Option<usize>> {
        let mut list_of = vec![None; self.slots.len()];
        for list in 0..self.heads.len() {
            let mut before = head_of(list);
            for slot in self.iter(list) {
                assert_eq!(self.slots[slot as usize].prev, before, "links mirror each other");
                assert_eq!(list_of[slot as usize].replace(list), None, "a slot is in one list");
                before = slot;
            }
            assert_eq!(self.heads[list].prev, before, "a head knows the last of its list");
        }
        for (slot, list) in list_of.iter().enumerate() {
            assert_eq!(
                list.is_some(),
                self.slots[slot].prev != UNLINKED,
                "no slot is linked elsewhere"
            );
        }
        list_of
    }

    /// Bytes on the heap.
    pub(super) fn heap(&self) -> usize {
        (self.slots.capacity() + self.heads.capacity()) * size_of::<Link>()
    }
}
