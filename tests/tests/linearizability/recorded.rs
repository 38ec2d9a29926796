//! Histories of real threads.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use futures_lite::future;
use ttl_memo::{Policy, TtlCache};

use super::search::{Timed, has_order};
use super::sequential::Step;

/// What threads do, each with chances of its own.
#[derive(Clone, Copy)]
struct Mix {
    threads: u64,
    calls: u64,
    keys: u64,
    rounds: u64,
    /// Of 16 calls so many each: get, insert, invalidate, clear; the rest load.
    chances: [u64; 4],
}

/// Moments, in the order in which threads came by.
#[derive(Default)]
struct Moments(AtomicU64);

impl Moments {
    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

/// Numbers that look random, and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// A thread with its records, by key.
struct Recorder<'r> {
    cache: &'r TtlCache<u64, u64>,
    moments: &'r Moments,
    /// Values that nobody else has.
    next_value: u64,
    records: Vec<Vec<Timed>>,
}

impl Recorder<'_> {
    fn timed<T>(&self, call: impl FnOnce() -> T) -> (T, u64, u64) {
        let began = self.moments.next();
        let answer = call();
        (answer, began, self.moments.next())
    }

    fn record(&mut self, key: u64, step: Step, began: u64, ended: u64) {
        self.records[usize::try_from(key).unwrap()].push(Timed { step, began, ended });
    }

    fn load(&mut self, key: u64, by_a_task: bool, dice: &mut Dice) {
        let (value, yields) = (self.next_value, dice.below(4));
        let mut body = None;
        let mut load = || {
            let began = self.moments.next();
            (0..yields).for_each(|_| thread::yield_now());
            body = Some((began, self.moments.next()));
            value
        };
        let (answer, began, ended) = self.timed(|| {
            if by_a_task {
                future::block_on(self.cache.get_or_insert_async(key, async || load()))
            } else {
                self.cache.get_or_insert_with(key, load)
            }
        });
        match body {
            Some((body_began, body_ended)) => {
                assert_eq!(answer, value);
                self.record(key, Step::Begin(value), began, body_began);
                self.record(key, Step::End(value), body_ended, ended);
            }
            None => self.record(key, Step::Spared(answer), began, ended),
        }
    }

    fn call(&mut self, mix: &Mix, dice: &mut Dice) {
        let key = dice.below(mix.keys);
        self.next_value += 1;
        let (value, mut chance) = (self.next_value, dice.below(16));
        let kind = mix.chances.iter().position(|of| {
            let hit = chance < *of;
            chance = chance.saturating_sub(*of);
            hit
        });
        match kind {
            Some(0) => {
                let (answer, began, ended) = self.timed(|| self.cache.get(&key));
                self.record(key, Step::Get(answer), began, ended);
            }
            Some(1) => {
                let ((), began, ended) = self.timed(|| self.cache.insert(key, value));
                self.record(key, Step::Insert(value), began, ended);
            }
            Some(2) => {
                let (live, began, ended) = self.timed(|| self.cache.invalidate(&key));
                self.record(key, Step::Invalidate(live), began, ended);
            }
            Some(_) => {
                let all = dice.below(2) == 0;
                let (shown, began, ended) = self.timed(|| {
                    let mut shown = Vec::new();
                    if all {
                        self.cache.clear();
                    } else {
                        self.cache.retain(|key, _| {
                            shown.push(*key);
                            false
                        });
                    }
                    shown
                });
                for key in 0..mix.keys {
                    let takes = if all { 1 } else { shown.iter().filter(|it| **it == key).count() };
                    Step::sweep(value, takes).for_each(|step| self.record(key, step, began, ended));
                }
            }
            None => self.load(key, dice.below(3) == 0, dice),
        }
    }
}

fn check(mix: Mix) {
    for round in 0..mix.rounds {
        let policy = if round % 2 == 0 { Policy::Adaptive } else { Policy::Lru };
        let cache = TtlCache::builder().maxsize(1_000).policy(policy).build();
        let (moments, start) =
            (Moments::default(), Barrier::new(usize::try_from(mix.threads).unwrap()));
        let record = |thread: u64| {
            let mut dice = Dice(round * 1_000 + thread + 0x9E37_79B9);
            (0..8).for_each(|_| assert!(dice.below(2) < 2));
            let keys = usize::try_from(mix.keys).unwrap();
            let mut recorder = Recorder {
                cache: &cache,
                moments: &moments,
                next_value: thread << 32,
                records: vec![Vec::new(); keys],
            };
            start.wait();
            (0..mix.calls).for_each(|_| recorder.call(&mix, &mut dice));
            recorder.records
        };
        let records: Vec<_> = thread::scope(|scope| {
            let record = &record;
            let threads: Vec<_> =
                (0..mix.threads).map(|thread| scope.spawn(move || record(thread))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for key in 0..usize::try_from(mix.keys).unwrap() {
            let mut history: Vec<_> =
                records.iter().flat_map(|of_thread| of_thread[key].clone()).collect();
            history.sort_by_key(|timed| timed.began);
            assert!(has_order(&history), "round {round}, key {key}: {history:#?}");
        }
    }
}

#[test]
fn one_key_with_everything() {
    check(Mix { threads: 3, calls: 5, keys: 1, rounds: 2_000, chances: [4, 2, 2, 1] });
}

#[test]
fn one_key_that_is_loaded_and_invalidated() {
    check(Mix { threads: 4, calls: 4, keys: 1, rounds: 2_000, chances: [1, 0, 4, 1] });
}

#[test]
fn one_key_that_is_loaded_and_inserted() {
    check(Mix { threads: 3, calls: 5, keys: 1, rounds: 1_000, chances: [3, 4, 1, 0] });
}

#[test]
fn one_key_that_is_read_and_written() {
    check(Mix { threads: 4, calls: 8, keys: 1, rounds: 1_000, chances: [9, 4, 3, 0] });
}

#[test]
fn several_keys_with_everything() {
    check(Mix { threads: 4, calls: 12, keys: 3, rounds: 1_000, chances: [4, 2, 2, 1] });
}
