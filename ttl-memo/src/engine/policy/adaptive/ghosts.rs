//! The past of entries that were evicted, four bytes each.
//!
//! A *ghost* is, from the top: class, 5 bits; stamp, 15 bits, the epoch of the last use; fingerprint
//! of the key, 12 bits, never zero. Ghosts stand in sets of a cache line each, the newest first; a
//! new one pushes the oldest of its set out.

use super::word::Word;
use crate::ahead;

/// Ghosts in a set.
const SET: usize = 16;
const LINE: usize = SET * size_of::<u32>();
const STAMP_AT: u32 = 12;
const CLASS_AT: u32 = 27;
const STAMPS: u32 = (1 << (CLASS_AT - STAMP_AT)) - 1;

/// Twelve bits of a key's hash, not zero. The lowest bits also say whether a key is spied.
pub(super) fn fingerprint(hash: u32) -> u32 {
    (hash.wrapping_mul(0x9E37_79B1) >> (u32::BITS - STAMP_AT)).max(1)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ghost(u32);

impl Ghost {
    const NONE: Self = Self(0);

    fn of(hash: u32, word: Word, now: u32, epoch: u32) -> Self {
        let stamp = epoch.wrapping_sub(word.age(now)) & STAMPS;
        Self(fingerprint(hash) | stamp << STAMP_AT | (word.class() as u32) << CLASS_AT)
    }

    fn is_some(self) -> bool {
        self != Self::NONE
    }

    pub(super) fn fingerprint(self) -> u32 {
        self.0 & ((1 << STAMP_AT) - 1)
    }

    pub(super) fn class(self) -> usize {
        (self.0 >> CLASS_AT) as usize
    }

    /// Epochs since the last use.
    pub(super) fn age(self, epoch: u32) -> u32 {
        epoch.wrapping_sub(self.0 >> STAMP_AT) & STAMPS
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Ghosts {
    words: Box<[u32]>,
    /// The first word on a new cache line, where the sets begin.
    base: usize,
    sets: u32,
}

impl Ghosts {
    /// Room for at least so many.
    pub(super) fn new(room: usize) -> Self {
        let sets = room.div_ceil(SET).min(1 << 26) as u32;
        // Zeroed memory costs nothing until it is used, but comes on no particular address: so
        // ask for a line more and begin where a line does.
        let words = vec![0_u32; (sets as usize + 1) * SET].into_boxed_slice();
        let base = words.as_ptr().align_offset(LINE).min(SET);
        Self { words, base, sets }
    }

    /// Forgets them, and gives their memory back.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// How many there is room for.
    pub(super) fn room(&self) -> usize {
        self.sets as usize * SET
    }

    /// Where the set of a key begins. Other bits of the hash than the fingerprint decide.
    fn set_of(&self, hash: u32) -> usize {
        let mixed = hash.wrapping_mul(0x85EB_CA6B);
        ((u64::from(mixed) * u64::from(self.sets)) >> 32) as usize * SET + self.base
    }

    fn set(&mut self, hash: u32) -> Option<&mut [u32; SET]> {
        let first = self.set_of(hash);
        self.words.get_mut(first..)?.first_chunk_mut()
    }

    /// A key's ghost will be looked for.
    #[inline]
    pub(super) fn approach(&self, hash: u32) {
        if let Some(first) = self.words.get(self.set_of(hash)) {
            ahead::ask_for(first);
        }
    }

    /// Takes a key's ghost, if there is one.
    #[inline]
    pub(super) fn take(&mut self, hash: u32) -> Option<Ghost> {
        let wanted = fingerprint(hash);
        let set = self.set(hash)?;
        // First whether there is one, as mostly there is none: without a branch for each.
        let is_wanted = |ghost: u32| Ghost(ghost).fingerprint() == wanted;
        if !set.iter().fold(false, |any, &ghost| any | is_wanted(ghost)) {
            return None;
        }
        let at = set.iter().position(|&ghost| is_wanted(ghost))?;
        let ghost = Ghost(set[at]);
        set.copy_within(at + 1.., at);
        set[SET - 1] = Ghost::NONE.0;
        Some(ghost)
    }

    /// Adds the ghost of an entry, and gives the one that it pushed out.
    #[inline]
    pub(super) fn push(&mut self, hash: u32, word: Word, now: u32, epoch: u32) -> Option<Ghost> {
        let set = self.set(hash)?;
        let old = *set;
        set[1..].copy_from_slice(&old[..SET - 1]);
        set[0] = Ghost::of(hash, word, now, epoch).0;
        let last = Ghost(old[SET - 1]);
        last.is_some().then_some(last)
    }

    /// The ghost in the `at`th place of all.
    pub(super) fn at(&self, at: usize) -> Option<Ghost> {
        let ghost = self.words.get(self.base + at).copied().map(Ghost);
        ghost.filter(|ghost| ghost.is_some())
    }
}
