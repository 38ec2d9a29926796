//! Against the plainest form of the same books.

use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::Relaxed;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::engine::model::Model;
use crate::engine::policy::{EMPTY, GROUP};

const SLOTS: u32 = 40;

/// Entries of which only the numbers are there.
struct Numbers {
    words: Vec<[AtomicU32; GROUP]>,
    filed: Vec<Filing>,
    weighted: bool,
}

impl Numbers {
    fn new(weighted: bool) -> Self {
        let nothing = Filing { hash: 0, weight: 1, deadline: u64::MAX };
        let empty = || core::array::from_fn(|_| AtomicU32::new(EMPTY));
        let words = (0..SLOTS as usize / GROUP).map(|_| empty()).collect();
        Self { words, filed: vec![nothing; SLOTS as usize], weighted }
    }

    fn put(&mut self, slot: u32, new: Filing, word: u32) {
        self.filed[slot as usize] = new;
        self.word(slot).store(word, Relaxed);
    }
}

impl Residents for Numbers {
    fn slots(&self) -> u32 {
        SLOTS
    }

    fn word(&self, slot: u32) -> &AtomicU32 {
        &self.words[slot as usize / GROUP][slot as usize % GROUP]
    }

    fn group(&self, group: u32) -> &[AtomicU32; GROUP] {
        &self.words[group as usize]
    }

    fn weighted(&self) -> bool {
        self.weighted
    }

    fn weight(&self, slot: u32) -> usize {
        assert_ne!(self.word(slot).load(Relaxed), EMPTY, "only entries have a weight");
        self.filed[slot as usize].weight
    }
}

impl Entries for Numbers {
    fn hash(&self, slot: u32) -> u32 {
        self.filed[slot as usize].hash
    }

    fn deadline(&self, slot: u32) -> u64 {
        self.filed[slot as usize].deadline
    }
}

/// The kind of books.
#[derive(Clone, Copy, Debug)]
struct Kind {
    policy: Policy,
    weighted: bool,
    moving: bool,
    window: u64,
    bound: Option<usize>,
}

#[derive(Clone, Debug)]
enum Step {
    Insert(u32, usize, u64),
    Replace(u32, u32, usize, u64),
    Remove(u32),
    Touch(u32),
    Extend(u32, u64),
    Advance(u64),
    GoBack(u64),
    Due(u32),
    Bound(Option<usize>),
    Clear,
    Shrink,
}

struct Pair {
    kind: Kind,
    ledger: Ledger,
    marks: Marks,
    numbers: Numbers,
    model: Model<u32>,
    now: u64,
    evictions: u64,
    expirations: u64,
}

impl Pair {
    fn new(kind: Kind) -> Self {
        let marks = Marks::new();
        let mut ledger = Ledger::new(kind.policy, 7, kind.weighted, kind.moving);
        ledger.set_window(kind.window);
        ledger.set_bound(kind.bound, &marks);
        Self {
            kind,
            ledger,
            marks,
            numbers: Numbers::new(kind.weighted),
            model: Model::new(kind.policy, kind.bound),
            now: 1 << 40,
            evictions: 0,
            expirations: 0,
        }
    }

    /// What is asked for, if it fits.
    fn filing(&self, slot: u32, weight: usize, ttl: u64) -> Option<Filing> {
        let weight = if self.kind.weighted { weight } else { 1 };
        if self.model.bound.is_some_and(|bound| weight > bound) {
            return None;
        }
        // Different hashes, and some that are not.
        let hash = (slot % 32).wrapping_mul(0x9E37_79B9);
        Some(Filing { hash, weight, deadline: self.now.saturating_add(ttl.max(1)) })
    }

    /// The slot that is meant by a number, of those that hold an entry or that do not.
    fn slot(&self, number: u32, holds: bool) -> Option<u32> {
        let fits = |slot: &u32| self.model.get(*slot).is_some() == holds;
        let all: Vec<u32> = (0..SLOTS).filter(fits).collect();
        all.get(number as usize % all.len().max(1)).copied()
    }

    fn expired(&mut self, slot: u32) {
        assert!(self.model.remove(slot).is_some(), "slot {slot} held an entry");
        self.expirations += 1;
    }

    /// Evicts down to the bound, as who stores must.
    fn settle(&mut self, keep: Option<u32>) {
        let kept = keep.unwrap_or(NONE);
        while let Some((slot, cause)) =
            self.ledger.surplus(self.now, kept, &self.numbers, &self.marks)
        {
            assert!(self.model.is_over_bound() && Some(slot) != keep);
            let over: Vec<u32> =
                self.model.over(self.now).filter(|&slot| Some(slot) != keep).collect();
            if cause == RemovalCause::Expired {
                assert!(over.contains(&slot), "what goes as expired is");
                self.expired(slot);
            } else {
                assert_eq!((cause, over), (RemovalCause::Size, vec![]), "expired ones go first");
                assert!(self.model.victims(keep).contains(&slot), "slot {slot} is to go next");
                self.model.remove(slot);
                self.evictions += 1;
            }
        }
        assert!(!self.model.is_over_bound(), "all that is over the bound goes");
    }

    fn due(&mut self, mut budget: u32) {
        let gone = |now: u64, window: u64| now.checked_sub(window);
        while let Some(slot) = self.ledger.due(self.now, &mut budget, &self.numbers) {
            let then = gone(self.now, self.kind.window).expect("a window has passed");
            assert!(self.model.over(then).any(|over| over == slot), "what is given back is gone");
            self.expired(slot);
        }
        if budget > 0 {
            let then = gone(self.now, self.kind.window);
            assert_eq!(then.and_then(|then| self.model.over(then).next()), None, "all is found");
            assert!(self.ledger.next_due() > self.now);
        }
    }

    fn apply(&mut self, step: &Step) {
        match *step {
            Step::Insert(number, weight, ttl) => {
                let Some(slot) = self.slot(number, false) else { return };
                let Some(new) = self.filing(slot, weight, ttl) else { return };
                let word = self.ledger.inserted(slot, new, &self.numbers, &self.marks);
                self.numbers.put(slot, new, word);
                self.model.insert(slot, new.weight, new.deadline);
                self.settle(Some(slot));
            }
            Step::Replace(number, other, weight, ttl) => self.replace(number, other, weight, ttl),
            Step::Remove(number) => {
                let Some(slot) = self.slot(number, true) else { return };
                self.ledger.removed(slot, RemovalCause::Invalidated, &self.numbers);
                self.model.remove(slot);
            }
            Step::Touch(number) => {
                let Some(slot) = self.slot(number, true) else { return };
                self.ledger.touch(slot, &self.numbers, &self.marks);
                self.model.touch(slot);
            }
            Step::Extend(number, by) => {
                let Some(slot) = self.slot(number, true).filter(|_| self.kind.moving) else {
                    return;
                };
                let deadline = &mut self.numbers.filed[slot as usize].deadline;
                if *deadline != u64::MAX {
                    *deadline = deadline.saturating_add(by).min(u64::MAX - 1);
                }
                self.model.get_mut(slot).expect("held").deadline = *deadline;
            }
            Step::Advance(by) => self.now = self.now.saturating_add(by).min(u64::MAX - 1),
            Step::GoBack(by) => self.now = self.now.saturating_sub(by),
            Step::Due(budget) => self.due(budget),
            Step::Bound(bound) => {
                self.ledger.set_bound(bound, &self.marks);
                self.model.bound = bound;
                self.settle(None);
            }
            Step::Clear => {
                self.ledger.clear();
                self.numbers = Numbers::new(self.kind.weighted);
                self.model.held.clear();
            }
            Step::Shrink => {
                let used = self.model.held.iter().map(|held| held.id + 1).max().unwrap_or(0);
                self.ledger.shrink_to(used);
            }
        }
        self.check();
    }

    fn replace(&mut self, number: u32, other: u32, weight: usize, ttl: u64) {
        let Some(from) = self.slot(number, true) else { return };
        let to = if other % 2 == 0 { from } else { self.slot(other, false).unwrap_or(from) };
        let Some(new) = self.filing(to, weight, ttl) else { return };
        let over = self.model.over(self.now).any(|over| over == from);
        let word = self.ledger.replaced(from, to, new, self.now, &self.numbers, &self.marks);
        self.numbers.put(to, new, word);
        if over && !matches!(self.kind.policy, Policy::Adaptive) {
            self.expired(from);
            self.model.insert(to, new.weight, new.deadline);
        } else {
            self.expirations += u64::from(over);
            self.model.replace(from, to, new.weight, new.deadline);
        }
        self.settle(Some(to));
    }

    fn check(&self) {
        self.ledger.validate(&self.numbers);
        assert_eq!(self.ledger.len(), self.model.held.len());
        assert_eq!(self.ledger.weight(), self.model.weight());
        assert_eq!(self.ledger.evictions(), self.evictions);
        assert_eq!(self.ledger.expirations(), self.expirations);
        let live = self.model.held.iter().filter(|held| held.deadline > self.now);
        let live = live.fold((0, 0), |sum, held| (sum.0 + 1, sum.1 + held.weight));
        assert_eq!(self.ledger.live(self.now, &self.numbers), live);
    }
}

fn kinds() -> impl Strategy<Value = Kind> {
    let policies = vec![Policy::Adaptive, Policy::Lru, Policy::Fifo, Policy::Lfu, Policy::Random];
    let windows = select(vec![0, 1, 30_000_000_000]);
    (select(policies), any::<bool>(), any::<bool>(), windows, bounds()).prop_map(
        |(policy, weighted, moving, window, bound)| Kind {
            policy,
            weighted,
            moving,
            window,
            bound,
        },
    )
}

fn bounds() -> impl Strategy<Value = Option<usize>> {
    prop_oneof![
        8 => (1..30_usize).prop_map(Some),
        1 => select(vec![None, Some(0), Some(usize::MAX)]),
    ]
}

/// Fixed ones, ones drawn from milliseconds to hours, and for ever.
fn ttls() -> impl Strategy<Value = u64> {
    prop_oneof![
        4 => select(vec![1, 60_000_000_000, 600_000_000_000, u64::MAX]),
        4 => (any::<u64>(), 20..44_u32).prop_map(|(span, shift)| span >> shift),
    ]
}

fn weights() -> impl Strategy<Value = usize> {
    prop_oneof![8 => 0..6_usize, 1 => 6..40_usize]
}

fn steps() -> impl Strategy<Value = Step> {
    let slot = || 0..SLOTS;
    prop_oneof![
        12 => (slot(), weights(), ttls()).prop_map(|(slot, weight, ttl)| Step::Insert(slot, weight, ttl)),
        4 => (slot(), slot(), weights(), ttls())
            .prop_map(|(slot, to, weight, ttl)| Step::Replace(slot, to, weight, ttl)),
        2 => slot().prop_map(Step::Remove),
        8 => slot().prop_map(Step::Touch),
        4 => (slot(), ttls()).prop_map(|(slot, by)| Step::Extend(slot, by)),
        4 => ttls().prop_map(|by| Step::Advance(by >> 4)),
        1 => ttls().prop_map(|by| Step::GoBack(by >> 8)),
        6 => select(vec![0, 1, 4, 16, 1_000]).prop_map(Step::Due),
        1 => bounds().prop_map(Step::Bound),
        1 => Just(Step::Shrink),
    ]
}

fn long_runs() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(prop_oneof![200 => steps(), 1 => Just(Step::Clear)], 0..400)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 1 } else { 128 }, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_books_agree_with_the_model(kind in kinds(), run in long_runs()) {
        let mut pair = Pair::new(kind);
        for step in &run {
            pair.apply(step);
        }
    }
}

fn plain(policy: Policy, bound: usize) -> Pair {
    Pair::new(Kind { policy, weighted: false, moving: false, window: 0, bound: Some(bound) })
}

#[test]
fn one_that_is_over_when_it_comes_stays_until_another_does() {
    let mut pair = plain(Policy::Lru, 1);
    pair.apply(&Step::Insert(0, 1, u64::MAX));
    let new = Filing { hash: 1, weight: 1, deadline: pair.now };
    let word = pair.ledger.inserted(1, new, &pair.numbers, &pair.marks);
    pair.numbers.put(1, new, word);
    let mut surplus = |keep| pair.ledger.surplus(pair.now, keep, &pair.numbers, &pair.marks);
    assert_eq!(surplus(1), Some((0, RemovalCause::Size)));
    assert_eq!(surplus(1), None);
    assert_eq!(pair.ledger.due(pair.now, &mut 4, &pair.numbers), Some(1));
    pair.ledger.validate(&pair.numbers);
}

#[test]
fn the_one_other_entry_is_found_however_the_samples_are_drawn() {
    let bound = Some(2);
    let policy = Policy::Adaptive;
    let mut pair = Pair::new(Kind { policy, weighted: true, moving: false, window: 0, bound });
    // In one group the entry that stays, in another the one that is to go.
    pair.apply(&Step::Insert(8, 1, u64::MAX));
    pair.apply(&Step::Insert(0, 0, u64::MAX));
    pair.apply(&Step::Replace(0, 1, 2, u64::MAX));
}

#[test]
fn weights_may_add_up_to_more_than_can_be_said() {
    let mut pair = Pair::new(Kind {
        policy: Policy::Fifo,
        weighted: true,
        moving: false,
        window: 0,
        bound: None,
    });
    for slot in 0..3 {
        let new = Filing { hash: slot, weight: usize::MAX, deadline: u64::MAX };
        let word = pair.ledger.inserted(slot, new, &pair.numbers, &pair.marks);
        pair.numbers.put(slot, new, word);
    }
    assert_eq!((pair.ledger.len(), pair.ledger.weight()), (3, usize::MAX));
    pair.ledger.set_bound(Some(usize::MAX), &pair.marks);
    let mut gone = Vec::new();
    while let Some((slot, _)) = pair.ledger.surplus(0, NONE, &pair.numbers, &pair.marks) {
        gone.push(slot);
    }
    assert_eq!((gone, pair.ledger.weight()), (vec![0, 1], usize::MAX));
    pair.ledger.validate(&pair.numbers);
}

#[test]
fn what_is_in_its_window_makes_room_but_is_not_given_back() {
    let mut pair = Pair::new(Kind {
        policy: Policy::Lru,
        weighted: false,
        moving: false,
        window: 100,
        bound: Some(2),
    });
    pair.apply(&Step::Insert(0, 1, u64::MAX));
    pair.apply(&Step::Insert(1, 1, 50));
    pair.now += 149;
    assert_eq!(pair.ledger.due(pair.now, &mut 4, &pair.numbers), None);
    assert_eq!(pair.ledger.live(pair.now, &pair.numbers), (1, 1));
    assert_eq!(pair.ledger.next_due(), pair.now + 1);
    // The least recently used is the other.
    pair.apply(&Step::Insert(2, 1, 50));
    assert_eq!((pair.evictions, pair.expirations), (0, 1));
    pair.now += 150;
    pair.apply(&Step::Due(4));
    assert_eq!((pair.evictions, pair.expirations), (0, 2));
}
