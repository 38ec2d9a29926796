//! As much of a cache as a policy needs: which key is in which slot.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use crate::policy::{EMPTY, GROUP, Marks, NONE, Policy, PolicyState, Residents};

/// The slots of a cache.
#[derive(Default)]
struct Slots {
    words: Vec<[AtomicU32; GROUP]>,
    keys: Vec<u32>,
}

impl Residents for Slots {
    fn slots(&self) -> u32 {
        self.keys.len() as u32
    }

    fn word(&self, slot: u32) -> &AtomicU32 {
        &self.words[slot as usize / GROUP][slot as usize % GROUP]
    }

    fn group(&self, group: u32) -> &[AtomicU32; GROUP] {
        &self.words[group as usize]
    }
}

/// A cache of keys below a known bound; a table as long as that stands for the hash table.
pub(crate) struct Bare {
    size: usize,
    slot_of: Vec<u32>,
    slots: Slots,
    free: Vec<u32>,
    policy: PolicyState,
    marks: Marks,
}

impl Bare {
    pub(crate) fn new(policy: Policy, size: usize, keys: usize, seed: u64) -> Self {
        let marks = Marks::new();
        let mut policy = PolicyState::new(policy, seed);
        policy.set_bound(size, &marks);
        Self {
            size,
            slot_of: vec![NONE; keys],
            slots: Slots::default(),
            free: Vec::new(),
            policy,
            marks,
        }
    }

    /// Whether the key was there; it is afterwards.
    pub(crate) fn access(&mut self, key: u32) -> bool {
        let slot = self.slot_of[key as usize];
        if slot != NONE {
            self.policy.touch(slot, self.slots.word(slot), hash(key), &self.marks);
            return true;
        }
        self.insert(key);
        false
    }

    pub(crate) fn insert(&mut self, key: u32) {
        let slot = self.free.pop().unwrap_or_else(|| self.new_slot());
        let word = self.policy.insert(slot, hash(key), &self.marks);
        self.slots.word(slot).store(word, Relaxed);
        self.slots.keys[slot as usize] = key;
        self.slot_of[key as usize] = slot;
        if self.slots.keys.len() - self.free.len() > self.size {
            self.evict(slot);
        }
    }

    fn new_slot(&mut self) -> u32 {
        let slot = self.slots.keys.len();
        if slot % GROUP == 0 {
            self.slots.words.push([const { AtomicU32::new(EMPTY) }; GROUP]);
        }
        self.slots.keys.push(0);
        slot as u32
    }

    fn evict(&mut self, keep: u32) {
        let victim = self.policy.victim(keep, &self.slots, &self.marks);
        let victim = victim.expect("a full cache holds another entry");
        let word = self.slots.word(victim).swap(EMPTY, Relaxed);
        assert!(victim != keep && word != EMPTY, "a victim that lives");
        let key = self.slots.keys[victim as usize];
        self.policy.evicted(victim, hash(key), word);
        self.slot_of[key as usize] = NONE;
        self.free.push(victim);
    }
}

/// Spreads ids as a cache's hash does.
pub(crate) fn hash(key: u32) -> u32 {
    let mixed = (u64::from(key) + 0x9E37_79B9_7F4A_7C15).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed >> 32) as u32
}
