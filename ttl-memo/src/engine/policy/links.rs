//! Slots in order: doubly linked lists, eight bytes a slot.
//!
//! The way to the newer neighbour is the slot's policy word, as there is one for each slot anyway;
//! the way to the older one is kept here. A slot's word is the one that [`Links::push`] gave, or as
//! lists have changed it, until the entry leaves; then the owner has taken it, and hands it in.

use core::sync::atomic::Ordering::Relaxed;

use super::{NONE, Residents};
use crate::engine::pages::Pages;

/// The word of the newest in a list: no slot, and not that of a slot without an entry.
const LAST: u32 = NONE - 1;

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
#[derive(Clone, Debug)]
pub(super) struct Links {
    older: Pages<u32>,
}

/// The slot that came next after this one.
pub(super) fn newer(slot: u32, residents: &impl Residents) -> Option<u32> {
    let newer = residents.word(slot).load(Relaxed);
    (newer < LAST).then_some(newer)
}

impl Links {
    pub(super) const NONE: Self = Self { older: Pages::NONE };

    /// Puts a slot that is in no list at the new end of one; the word that it is to have.
    #[inline]
    pub(super) fn push(&mut self, ends: &mut Ends, slot: u32, residents: &impl Residents) -> u32 {
        self.older.enter(slot, ends.newest, NONE);
        match ends.newest {
            NONE => ends.oldest = slot,
            newest => residents.word(newest).store(slot, Relaxed),
        }
        ends.newest = slot;
        LAST
    }

    /// Takes a slot that had this word out of the list that it is in, whose ends these are.
    #[inline]
    pub(super) fn unlink(
        &mut self,
        ends: &mut Ends,
        slot: u32,
        word: u32,
        residents: &impl Residents,
    ) {
        let older = self.older.leave(slot, NONE);
        match word {
            LAST => ends.newest = older,
            newer => *self.older.of_mut(newer) = older,
        }
        match older {
            NONE => ends.oldest = if word == LAST { NONE } else { word },
            older => residents.word(older).store(word, Relaxed),
        }
    }

    /// Gives back what is kept for slots to come.
    pub(super) fn shrink(&mut self) {
        self.older.shrink();
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
        Self { links: Links::NONE, ends: Ends::EMPTY }
    }

    /// Adds a slot as the newest; the word that it is to have.
    #[inline]
    pub(super) fn push(&mut self, slot: u32, residents: &impl Residents) -> u32 {
        self.links.push(&mut self.ends, slot, residents)
    }

    /// Takes a slot out, which had this word.
    #[inline]
    pub(super) fn remove(&mut self, slot: u32, word: u32, residents: &impl Residents) {
        self.links.unlink(&mut self.ends, slot, word, residents);
    }

    /// Makes a slot the newest, if it holds an entry.
    pub(super) fn refresh(&mut self, slot: u32, residents: &impl Residents) {
        let word = residents.word(slot).load(Relaxed);
        if word < LAST {
            self.remove(slot, word, residents);
            let last = self.push(slot, residents);
            residents.word(slot).store(last, Relaxed);
        }
    }

    /// The oldest but `keep`.
    #[inline]
    pub(super) fn oldest(&self, keep: u32, residents: &impl Residents) -> Option<u32> {
        match self.ends.oldest {
            NONE => None,
            oldest if oldest == keep => newer(keep, residents),
            oldest => Some(oldest),
        }
    }

    /// The very oldest.
    #[inline]
    pub(super) fn first(&self) -> Option<u32> {
        Some(self.ends.oldest).filter(|&oldest| oldest != NONE)
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new();
    }

    pub(super) fn shrink(&mut self) {
        self.links.shrink();
    }
}
