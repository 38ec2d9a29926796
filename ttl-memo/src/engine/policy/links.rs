//! Slots in order: doubly linked lists through one dense array, eight bytes a slot.

use super::NONE;

/// In no list.
const OUT: u32 = NONE - 1;

#[derive(Clone, Copy, Debug)]
struct Link {
    newer: u32,
    older: u32,
}

/// The two ends of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    pub(super) newest: u32,
    pub(super) oldest: u32,
}

impl Ends {
    pub(super) const EMPTY: Self = Self { newest: NONE, oldest: NONE };

    pub(super) fn is_empty(self) -> bool {
        self.newest == NONE
    }
}

/// The links of any number of lists; a slot is in one of them at most.
#[derive(Clone, Debug, Default)]
pub(super) struct Links(Vec<Link>);

impl Links {
    /// Whether a slot is in a list.
    pub(super) fn contains(&self, slot: u32) -> bool {
        self.0.get(slot as usize).is_some_and(|link| link.newer != OUT)
    }

    /// The slot that came next after this one.
    pub(super) fn newer(&self, slot: u32) -> u32 {
        self.0[slot as usize].newer
    }

    /// Puts a slot that is in no list at the new end of one.
    pub(super) fn push(&mut self, ends: &mut Ends, slot: u32) {
        let at = slot as usize;
        if at >= self.0.len() {
            // An eighth more at a time, not twice, which would be eight idle bytes a slot.
            let len = at + 1 + at / 8 + 7;
            self.0.reserve_exact(len - self.0.len());
            self.0.resize(len, Link { newer: OUT, older: OUT });
        }
        self.0[at] = Link { newer: NONE, older: ends.newest };
        match ends.newest {
            NONE => ends.oldest = slot,
            newest => self.0[newest as usize].newer = slot,
        }
        ends.newest = slot;
    }

    /// Takes a slot out of the list that it is in, whose ends these are.
    pub(super) fn unlink(&mut self, ends: &mut Ends, slot: u32) {
        let Link { newer, older } = self.0[slot as usize];
        match newer {
            NONE => ends.newest = older,
            newer => self.0[newer as usize].older = older,
        }
        match older {
            NONE => ends.oldest = newer,
            older => self.0[older as usize].newer = newer,
        }
        self.0[slot as usize] = Link { newer: OUT, older: OUT };
    }

    /// Gives back what is kept for slots from `slots` on, all of them in no list.
    pub(super) fn shrink_to(&mut self, slots: u32) {
        self.0.truncate(slots as usize);
        self.0.shrink_to_fit();
    }
}

/// One list of all slots, by age.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    links: Links,
    ends: Ends,
}

impl Queue {
    pub(super) fn new() -> Self {
        Self { links: Links::default(), ends: Ends::EMPTY }
    }

    pub(super) fn push(&mut self, slot: u32) {
        debug_assert!(!self.links.contains(slot), "a slot holds one entry");
        self.links.push(&mut self.ends, slot);
    }

    /// Takes a slot out, if it is in.
    pub(super) fn remove(&mut self, slot: u32) -> bool {
        let held = self.links.contains(slot);
        if held {
            self.links.unlink(&mut self.ends, slot);
        }
        held
    }

    /// Makes a slot the newest, if it is in.
    pub(super) fn refresh(&mut self, slot: u32) {
        if slot != self.ends.newest && self.remove(slot) {
            self.push(slot);
        }
    }

    /// The oldest but `keep`.
    pub(super) fn oldest(&self, keep: u32) -> Option<u32> {
        let oldest = match self.ends.oldest {
            NONE => NONE,
            oldest if oldest == keep => self.links.newer(oldest),
            oldest => oldest,
        };
        (oldest != NONE).then_some(oldest)
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new();
    }

    pub(super) fn shrink_to(&mut self, slots: u32) {
        self.links.shrink_to(slots);
    }
}
