//! The least often used goes, and of several the least recently used one: a list for each count.
//!
//! A use moves an entry from its count's list to the next one's, so all is done in constant time.
//! Counts only grow: no ageing, as `cachetools.LFUCache` and the textbooks have it.

use core::sync::atomic::Ordering::Relaxed;

use super::links::{Ends, Links, newer};
use super::{EMPTY, EvictionPolicy, Marks, NONE, Recording, Replacement, Residents};
use crate::engine::pages::Pages;

/// The entries that were used so often, in the order of their last uses. Held while there are any.
#[derive(Clone, Debug)]
struct Level {
    uses: u64,
    entries: Ends,
    /// The next levels with entries.
    fewer: u32,
    more: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Lfu {
    links: Links,
    /// By slot, where an entry lives.
    level_of: Pages<u32>,
    levels: Vec<Level>,
    /// Places in `levels` to use again.
    free: Vec<u32>,
    least: u32,
}

impl Lfu {
    /// A level between two that are neighbours.
    fn new_level(&mut self, uses: u64, fewer: u32, more: u32) -> u32 {
        let level = Level { uses, entries: Ends::EMPTY, fewer, more };
        let at = if let Some(at) = self.free.pop() {
            self.levels[at as usize] = level;
            at
        } else {
            // No more levels than entries, and those are numbered below 2^32.
            let at = u32::try_from(self.levels.len()).unwrap_or(NONE);
            self.levels.push(level);
            at
        };
        self.set_more(fewer, at);
        self.set_fewer(more, at);
        at
    }

    fn set_more(&mut self, level: u32, more: u32) {
        match self.levels.get_mut(level as usize) {
            Some(level) => level.more = more,
            None => self.least = more,
        }
    }

    fn set_fewer(&mut self, level: u32, fewer: u32) {
        if let Some(level) = self.levels.get_mut(level as usize) {
            level.fewer = fewer;
        }
    }

    fn uses(&self, level: u32) -> u64 {
        self.levels.get(level as usize).map_or(u64::MAX, |level| level.uses)
    }

    /// Takes an entry that had this word out of its level, which stays even if empty.
    fn take(&mut self, slot: u32, word: u32, residents: &impl Residents) -> u32 {
        let level = self.level_of.leave(slot, NONE);
        let entries = &mut self.levels[level as usize].entries;
        self.links.unlink(entries, slot, word, residents);
        level
    }

    /// The word that the entry is to have.
    fn put(&mut self, slot: u32, level: u32, residents: &impl Residents) -> u32 {
        self.level_of.enter(slot, level, NONE);
        self.links.push(&mut self.levels[level as usize].entries, slot, residents)
    }

    fn drop_if_empty(&mut self, level: u32) {
        let Level { entries, fewer, more, .. } = self.levels[level as usize];
        if entries.is_empty() {
            self.set_more(fewer, more);
            self.set_fewer(more, fewer);
            self.free.push(level);
        }
    }

    /// Moves an entry that had this word, used once more, to the slot `to`; the word that it is to
    /// have.
    fn promote(&mut self, from: u32, word: u32, to: u32, residents: &impl Residents) -> u32 {
        let level = self.take(from, word, residents);
        let uses = self.levels[level as usize].uses + 1;
        let more = self.levels[level as usize].more;
        let next = if self.uses(more) == uses { more } else { self.new_level(uses, level, more) };
        let word = self.put(to, next, residents);
        self.drop_if_empty(level);
        word
    }
}

impl EvictionPolicy for Lfu {
    const RECORDING: Recording = Recording::Log;

    fn new(_seed: u64) -> Self {
        Self {
            links: Links::NONE,
            level_of: Pages::NONE,
            levels: Vec::new(),
            free: Vec::new(),
            least: NONE,
        }
    }

    fn insert(&mut self, slot: u32, _hash: u32, residents: &impl Residents, _marks: &Marks) -> u32 {
        let once = match self.least {
            least if self.uses(least) == 1 => least,
            least => self.new_level(1, NONE, least),
        };
        self.put(slot, once, residents)
    }

    fn renew(&mut self, of: Replacement, residents: &impl Residents, _marks: &Marks) -> u32 {
        self.promote(of.from, of.word, of.to, residents)
    }

    fn touch(&mut self, slot: u32, _hash: u32, residents: &impl Residents, _marks: &Marks) {
        let word = residents.word(slot).load(Relaxed);
        if word != EMPTY {
            let word = self.promote(slot, word, slot, residents);
            residents.word(slot).store(word, Relaxed);
        }
    }

    fn remove(&mut self, slot: u32, word: u32, residents: &impl Residents) {
        let level = self.take(slot, word, residents);
        self.drop_if_empty(level);
    }

    fn victim(&mut self, keep: u32, residents: &impl Residents, _marks: &Marks) -> Option<u32> {
        let level = self.levels.get(self.least as usize)?;
        if level.entries.oldest != keep {
            return Some(level.entries.oldest);
        }
        newer(keep, residents)
            .or_else(|| self.levels.get(level.more as usize).map(|level| level.entries.oldest))
    }

    fn evicted(&mut self, slot: u32, _hash: u32, word: u32, residents: &impl Residents) {
        self.remove(slot, word, residents);
    }

    fn clear(&mut self) {
        *self = Self::new(0);
    }

    fn shrink_to(&mut self, _slots: u32) {
        self.links.shrink();
        self.level_of.shrink();
        if self.least == NONE {
            self.clear();
        }
    }
}
