//! What it keeps, in a cache that is as plain as can be.

use std::collections::HashMap;

use super::*;
use crate::engine::policy::{EMPTY, GROUP, NONE};

struct Words(Vec<[AtomicU32; GROUP]>);

impl Residents for Words {
    fn slots(&self) -> u32 {
        (self.0.len() * GROUP) as u32
    }

    fn word(&self, slot: u32) -> &AtomicU32 {
        &self.0[slot as usize / GROUP][slot as usize % GROUP]
    }

    fn group(&self, group: u32) -> &[AtomicU32; GROUP] {
        &self.0[group as usize]
    }
}

struct Cache {
    policy: Adaptive,
    marks: Marks,
    words: Words,
    slot_of: HashMap<u32, u32>,
    key_in: HashMap<u32, u32>,
    free: Vec<u32>,
    room: usize,
}

fn hash(key: u32) -> u32 {
    (u64::from(key + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

impl Cache {
    fn new(room: usize) -> Self {
        let marks = Marks::new();
        let mut policy = Adaptive::new(7);
        policy.set_bound(room, &marks);
        // One slot more, for the entry that comes before another goes.
        let empty = || core::array::from_fn(|_| AtomicU32::new(EMPTY));
        let words = Words((0..(room + 1).div_ceil(GROUP)).map(|_| empty()).collect());
        let free = (0..words.slots()).rev().collect();
        let (slot_of, key_in) = (HashMap::new(), HashMap::new());
        Self { policy, marks, words, slot_of, key_in, free, room }
    }

    /// Whether it hits.
    fn access(&mut self, key: u32) -> bool {
        if let Some(&slot) = self.slot_of.get(&key) {
            self.marks.hit(self.words.word(slot), hash(key));
            return true;
        }
        let slot = self.free.pop().expect("a free slot");
        let word = self.policy.insert(slot, hash(key), &self.words, &self.marks);
        self.words.word(slot).store(word, Relaxed);
        self.slot_of.insert(key, slot);
        self.key_in.insert(slot, key);
        if self.slot_of.len() > self.room {
            let victim = self.policy.victim(slot, &self.words, &self.marks).expect("a victim");
            assert_ne!(victim, slot, "not the one that has just come");
            let (key, word) = self.take(victim);
            self.policy.evicted(victim, hash(key), word, &self.words);
        }
        false
    }

    fn take(&mut self, slot: u32) -> (u32, u32) {
        let key = self.key_in.remove(&slot).expect("an entry lives there");
        self.slot_of.remove(&key);
        self.free.push(slot);
        (key, self.words.word(slot).swap(EMPTY, Relaxed))
    }

    fn word_of(&self, key: u32) -> Option<Word> {
        Some(Word(self.words.word(*self.slot_of.get(&key)?).load(Relaxed)))
    }
}

#[test]
fn of_a_loop_that_is_too_large_most_is_kept() {
    let mut cache = Cache::new(100);
    let mut round = || (0..120).filter(|&key| cache.access(key)).count();
    let _learned_by: usize = (0..100).map(|_| round()).sum();
    let hits: usize = (0..100).map(|_| round()).sum();
    // Of the 120 no more than 99 can be hit; the least recently used would be none.
    assert!(hits > 80 * 100, "{hits} hits of {}", 99 * 100);
}

#[test]
fn what_is_used_again_outlasts_what_comes_once() {
    let mut cache = Cache::new(128);
    let mut hits = 0;
    for n in 0..40_000 {
        cache.access(1_000 + n);
        let hit = cache.access(n % 64);
        hits += u32::from(hit && n >= 20_000);
    }
    assert!(hits > 19_500, "{hits} hits of 20,000");
}

/// Used twice, some time apart, and evicted: a key with a past.
fn with_a_past(cache: &mut Cache) -> u32 {
    let mut next = 10_000;
    for key in 0..1_000 {
        cache.access(key);
        for _ in 0..8 {
            cache.access(next);
            next += 1;
        }
        if cache.access(key) && cache.word_of(key).is_some_and(|word| word.class() > 0) {
            while cache.slot_of.contains_key(&key) {
                cache.access(next);
                next += 1;
            }
            return key;
        }
    }
    unreachable!("some key lives long enough")
}

#[test]
fn a_key_that_returns_has_its_past_back_when_the_next_comes() {
    let mut cache = Cache::new(64);
    let key = with_a_past(&mut cache);
    assert!(!cache.access(key));
    assert_eq!(cache.word_of(key).map(Word::class), Some(0));
    // Without another to go.
    let free = *cache.free.last().expect("a free slot");
    cache.policy.insert(free, hash(u32::MAX - 1), &cache.words, &cache.marks);
    assert!(cache.word_of(key).is_some_and(|word| word.class() > 0));
}

#[test]
fn a_past_does_not_come_to_a_slot_that_its_key_has_left() {
    let mut cache = Cache::new(64);
    let key = with_a_past(&mut cache);
    cache.access(key);
    let slot = cache.slot_of[&key];
    let (_, word) = cache.take(slot);
    cache.policy.remove(slot, word, &cache.words);
    // The slot is free, and not the next to be used.
    cache.free.rotate_right(1);
    cache.access(u32::MAX - 1);
    assert_eq!(cache.words.word(slot).load(Relaxed), EMPTY);
    assert_eq!(cache.key_in.get(&slot), None);
}

#[test]
fn of_equals_the_last_used_goes_and_nothing_of_an_empty_cache() {
    let marks = Marks::new();
    let mut policy = Adaptive::new(7);
    policy.set_bound(4, &marks);
    let words = Words(vec![core::array::from_fn(|_| AtomicU32::new(EMPTY))]);
    assert_eq!(policy.victim(NONE, &words, &marks), None);
    for slot in 0..4 {
        let word = policy.insert(slot, hash(slot), &words, &marks);
        words.word(slot).store(word, Relaxed);
    }
    assert_eq!(policy.victim(3, &words, &marks), Some(2));
}

/// Drawn anew by each test, always the same.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as f64 / (1_u64 << 31) as f64
    }

    /// A rank below `many`, the n-th drawn about 1/n as often as the first.
    fn rank(&mut self, many: u32) -> u32 {
        (f64::from(many).powf(self.next()) - 1.0) as u32
    }
}

/// In hundredths, of the second half of a trace.
fn hits_of(room: usize, trace: impl ExactSizeIterator<Item = u32>) -> f64 {
    let mut cache = Cache::new(room);
    let half = trace.len() / 2;
    let hits = trace.enumerate().filter(|&(at, key)| cache.access(key) && at >= half).count();
    hits as f64 * 100.0 / half as f64
}

/// What it learns shows in nothing else: a change of these figures that is not meant is a mistake,
/// one that is meant has been measured on real traces.
#[test]
fn what_is_learnt_of_each_kind_of_trace_stays_learnt() {
    let (mut a, mut b, mut c, mut d) = (Draws(1), Draws(2), Draws(3), Draws(4));
    let found = [
        ("loop", hits_of(100, (0..24_000).map(|n| n % 150))),
        ("popular", hits_of(100, (0..40_000).map(|_| a.rank(2_000)))),
        ("shifting", hits_of(100, (0..40_000).map(|n| b.rank(1_000) + n / 2_000 * 300))),
        ("recent", hits_of(100, (0..40_000).map(|n| n / 4 + c.rank(200)))),
        (
            "scanned",
            hits_of(100, (0..40_000).map(|n| if n % 2 == 0 { d.rank(400) } else { 10_000 + n })),
        ),
    ];
    let known = [66.0, 59.5, 53.9, 60.7, 37.6];
    for ((kind, hits), known) in found.into_iter().zip(known) {
        assert!(
            (hits - known).abs() < 1.0,
            "{kind}: {hits:.1} in a hundred, not {known}; {found:?}"
        );
    }
}
