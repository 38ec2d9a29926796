//! Against a naive model, and what a call may cost.

use std::cell::{Cell, RefCell};

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const SLOTS: u32 = 48;
const NEVER: u64 = u64::MAX;

/// A `Deadlines`, and beside it what it should know, in the plainest form.
struct Pair {
    deadlines: Deadlines,
    now: u64,
    /// By slot: its deadline as it is now; `None` if it is not scheduled.
    actual: Vec<Option<u64>>,
    /// By slot: the deadline that it had when it was last scheduled or looked at.
    filed: RefCell<Vec<Option<u64>>>,
}

impl Pair {
    fn new(movable: bool) -> Self {
        let deadlines = if movable { Deadlines::movable() } else { Deadlines::new() };
        let none = vec![None; SLOTS as usize];
        Self { deadlines, now: 1 << 40, actual: none.clone(), filed: RefCell::new(none) }
    }

    fn set(&mut self, slot: u32, deadline: Option<u64>) {
        let deadline = deadline.filter(|&deadline| deadline != NEVER);
        self.actual[slot as usize] = deadline;
        self.filed.get_mut()[slot as usize] = deadline;
    }

    fn due(&self) -> Vec<u32> {
        (0..SLOTS)
            .filter(|&slot| self.actual[slot as usize].is_some_and(|d| d <= self.now))
            .collect()
    }

    fn search(&mut self, mut budget: u32, pop: bool) {
        let before = budget;
        let looks = Cell::new(0);
        let deadline_of = |slot: u32| {
            looks.set(looks.get() + 1);
            let deadline = self.actual[slot as usize].expect("only what is scheduled is looked at");
            // One that was moved to never is dropped.
            self.filed.borrow_mut()[slot as usize] = Some(deadline).filter(|&d| d != NEVER);
            deadline
        };
        let found = if pop {
            self.deadlines.pop_due(self.now, &mut budget, deadline_of)
        } else {
            self.deadlines.peek_due(self.now, &mut budget, deadline_of)
        };
        assert!(looks.get() <= before - budget, "every look is paid for");
        let due = self.due();
        match found {
            Some(slot) => {
                assert!(due.contains(&slot), "what is found is due");
                assert!(!self.deadlines.backlog());
                if pop {
                    self.set(slot, None);
                }
            }
            None if self.deadlines.backlog() => {
                assert_eq!(budget, 0, "a search that gives up has spent its budget");
                assert!(self.deadlines.next_due() <= self.now, "there is more to do");
            }
            None => {
                assert!(due.is_empty(), "nothing that is due is overlooked");
                assert!(self.deadlines.next_due() > self.now, "there is nothing to do yet");
            }
        }
    }

    fn check(&self) {
        let filed = self.filed.borrow();
        self.deadlines.validate(SLOTS, |slot| filed[slot as usize]);
        let deadline_of = |slot: u32| self.actual[slot as usize].expect("scheduled");
        let earliest = self.actual.iter().flatten().min().copied().unwrap_or(NEVER);
        assert!(self.deadlines.next_due() <= earliest, "nothing is due before `next_due`");
        let mut due = Vec::new();
        self.deadlines.for_each_due(self.now, deadline_of, |slot| due.push(slot));
        due.sort_unstable();
        assert_eq!(due, self.due(), "each that is due, once");
    }

    fn apply(&mut self, step: &Step) {
        match *step {
            Step::Schedule(slot, ref when) => {
                let deadline = when.after(self.now);
                self.deadlines.schedule(slot, deadline);
                self.set(slot, Some(deadline));
            }
            Step::Cancel(slot) => {
                self.deadlines.cancel(slot);
                self.set(slot, None);
            }
            Step::Pop(budget) => self.search(budget, true),
            Step::Peek(budget) => {
                self.search(budget, false);
            }
            Step::Advance(by) => self.now = self.now.saturating_add(by).min(NEVER - 1),
            Step::GoBack(by) => self.now = self.now.saturating_sub(by),
            Step::Extend(slot, by) => {
                if let (true, Some(deadline)) =
                    (self.deadlines.movable, &mut self.actual[slot as usize])
                {
                    *deadline = deadline.saturating_add(by);
                }
            }
            Step::Shrink => self.deadlines.shrink(),
            Step::Clear => {
                self.deadlines.clear();
                (0..SLOTS).for_each(|slot| self.set(slot, None));
            }
        }
        self.check();
    }
}

#[derive(Clone, Debug)]
enum When {
    After(u64),
    Before(u64),
    At(u64),
}

impl When {
    fn after(&self, now: u64) -> u64 {
        match *self {
            Self::After(by) => now.saturating_add(by),
            Self::Before(by) => now.saturating_sub(by),
            Self::At(deadline) => deadline,
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Schedule(u32, When),
    Cancel(u32),
    Pop(u32),
    Peek(u32),
    Advance(u64),
    GoBack(u64),
    Extend(u32, u64),
    Shrink,
    Clear,
}

/// As many of each size, from nanoseconds to centuries.
fn spans() -> impl Strategy<Value = u64> {
    (any::<u64>(), 0..64_u32).prop_map(|(span, shift)| span >> shift)
}

/// Up to a few minutes, which is what time usually moves by.
fn moves() -> impl Strategy<Value = u64> {
    (any::<u64>(), 26..64_u32).prop_map(|(span, shift)| span >> shift)
}

fn whens() -> impl Strategy<Value = When> {
    prop_oneof![
        4 => select(vec![1_000, 600_000_000_000, 5_000_000_000, 3, 64, 4_096]).prop_map(When::After),
        4 => moves().prop_map(When::After),
        2 => spans().prop_map(When::After),
        1 => moves().prop_map(When::Before),
        1 => spans().prop_map(When::At),
        1 => (0..3_u64).prop_map(|below| When::At(NEVER - below)),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let slot = || 0..SLOTS;
    prop_oneof![
        12 => (slot(), whens()).prop_map(|(slot, when)| Step::Schedule(slot, when)),
        3 => slot().prop_map(Step::Cancel),
        10 => (0..12_u32).prop_map(Step::Pop),
        3 => (0..12_u32).prop_map(Step::Peek),
        2 => Just(Step::Pop(10_000)),
        6 => moves().prop_map(Step::Advance),
        1 => spans().prop_map(Step::Advance),
        2 => moves().prop_map(Step::GoBack),
        1 => spans().prop_map(Step::GoBack),
        4 => (slot(), moves()).prop_map(|(slot, by)| Step::Extend(slot, by)),
        1 => (slot(), spans()).prop_map(|(slot, by)| Step::Extend(slot, by)),
        1 => Just(Step::Shrink),
    ]
}

fn long_runs() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(prop_oneof![200 => steps(), 1 => Just(Step::Clear)], 0..400)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 1 } else { 64 }, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn standing_deadlines_agree_with_the_model(run in long_runs()) {
        let mut pair = Pair::new(false);
        for step in &run {
            pair.apply(step);
        }
    }

    #[test]
    fn moving_deadlines_agree_with_the_model(run in long_runs()) {
        let mut pair = Pair::new(true);
        for step in &run {
            pair.apply(step);
        }
    }
}

/// Pops all that is due, with `budget` for each call; how many slots came, and how many looks that took.
fn drain(
    deadlines: &mut Deadlines,
    now: u64,
    budget: u32,
    deadline_of: impl Fn(u32) -> u64,
) -> (u32, u32) {
    let looks = Cell::new(0);
    let counted = |slot| {
        looks.set(looks.get() + 1);
        deadline_of(slot)
    };
    let mut popped = 0;
    loop {
        let (before, mut left) = (looks.get(), budget);
        while deadlines.pop_due(now, &mut left, counted).is_some() {
            popped += 1;
        }
        assert!(looks.get() - before <= budget, "one call's work is bounded");
        if !deadlines.backlog() {
            return (popped, looks.get());
        }
    }
}

/// Deadlines that no queue takes, by arriving in descending order.
fn descending(count: u32, first: u64, step: u64) -> (Deadlines, Vec<u64>) {
    let mut deadlines = Deadlines::new();
    let all: Vec<_> = (0..count).map(|slot| first + u64::from(count - slot) * step).collect();
    for (slot, &deadline) in (0..count).zip(&all) {
        deadlines.schedule(slot, deadline);
    }
    (deadlines, all)
}

const MINUTE: u64 = 60_000_000_000;
const MANY: u32 = 100_000;

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn one_ttl_costs_one_look_for_each_slot() {
    let mut deadlines = Deadlines::new();
    let deadline_of = |slot: u32| MINUTE + u64::from(slot) * 1_000;
    (0..MANY).for_each(|slot| deadlines.schedule(slot, deadline_of(slot)));
    assert_eq!(drain(&mut deadlines, MINUTE - 1, 8, deadline_of), (0, 0));
    assert_eq!(drain(&mut deadlines, MINUTE, 8, deadline_of), (1, 2));
    assert_eq!(deadlines.next_due(), MINUTE + 1_000);
    assert_eq!(drain(&mut deadlines, 2 * MINUTE, 8, deadline_of), (MANY - 1, MANY - 1));
    assert_eq!(deadlines.next_due(), NEVER);
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn a_few_ttls_need_no_wheel() {
    let mut deadlines = Deadlines::new();
    let ttls = [10 * MINUTE, MINUTE / 6, MINUTE, 60 * MINUTE];
    let deadline_of = |slot: u32| u64::from(slot) * 1_000 + ttls[(slot * 7 % 13 % 4) as usize];
    (0..MANY).for_each(|slot| deadlines.schedule(slot, deadline_of(slot)));
    assert!(deadlines.wheel.is_empty(&deadlines.links));
    let mut last = 0;
    while let Some(slot) = deadlines.peek_due(NEVER - 1, &mut 4, deadline_of) {
        deadlines.cancel(slot);
        last = slot;
    }
    assert!(!deadlines.backlog(), "the documented budget is enough");
    assert!(last < MANY && deadlines.first().is_none());
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn many_due_in_one_nanosecond_are_worked_off_within_the_budget() {
    const AFTER_ALL: u32 = MANY + 1;
    let instant = 10 * MINUTE + 123_456_789;
    let mut deadlines = Deadlines::movable();
    let deadline_of = |slot: u32| match slot {
        MANY => MINUTE,
        AFTER_ALL => NEVER - 1,
        _ => instant,
    };
    // The wheel starts nine minutes before, so that the others are filed far from their final place;
    // and one long after them keeps it from starting anew, at just that place, when they come up.
    (0..=AFTER_ALL).rev().for_each(|slot| deadlines.schedule(slot, deadline_of(slot)));
    assert_eq!(drain(&mut deadlines, MINUTE, 128, deadline_of), (1, 1));
    // The worst that time can do: to stop at the start of every bucket on the way.
    let mut all_looks = 0;
    for level in (1..=6).rev() {
        let (popped, looks) =
            drain(&mut deadlines, instant >> (6 * level) << (6 * level), 128, deadline_of);
        assert_eq!(popped, 0);
        all_looks += looks;
    }
    assert!(all_looks > MANY, "the way was taken");
    let (popped, looks) = drain(&mut deadlines, instant, 128, deadline_of);
    assert_eq!(popped, MANY);
    assert!(all_looks + looks <= 7 * MANY, "one look a level: {}", all_looks + looks);
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn random_deadlines_cost_few_looks_each() {
    let mut random = 1_u64;
    let mut next = move || {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        random >> 20
    };
    let mut deadlines = Deadlines::new();
    let all: Vec<_> = (0..MANY).map(|_| MINUTE + next() % (10 * MINUTE)).collect();
    (0..MANY).for_each(|slot| deadlines.schedule(slot, all[slot as usize]));
    let (mut popped, mut looks) = (0, 0);
    for now in (0..12 * MINUTE).step_by(1_000_000) {
        let (more, cost) = drain(&mut deadlines, now, 16, |slot| all[slot as usize]);
        popped += more;
        looks += cost;
    }
    assert_eq!(popped, MANY);
    assert!(looks <= 6 * MANY, "{looks} looks");
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn going_back_joins_no_more_buckets_than_were_brought_into_use() {
    let mut deadlines = Deadlines::movable();
    let (mut joins, mut used) = (0, 0);
    for slot in 0..MANY {
        // Down in ever longer strides, and up again a little: each of the former sends the base back.
        let deadline = 100 * MINUTE - u64::from(slot) * 40_000 + u64::from(slot % 7) * 777_777;
        deadlines.schedule(slot, deadline);
        let now = deadlines.wheel.used();
        joins += (used + 1_usize).saturating_sub(now);
        used = now;
    }
    assert!(joins <= MANY as usize, "{joins} joins");
}

#[test]
fn a_moved_deadline_is_met_at_the_old_one_and_kept() {
    let mut deadlines = Deadlines::movable();
    let all = [Cell::new(10), Cell::new(20)];
    let deadline_of = |slot: u32| all[slot as usize].get();
    deadlines.schedule(0, 10);
    deadlines.schedule(1, 20);
    all[0].set(1_000);
    assert_eq!(deadlines.pop_due(15, &mut 100, deadline_of), None);
    assert_eq!(deadlines.pop_due(20, &mut 100, deadline_of), Some(1));
    assert_eq!(deadlines.pop_due(999, &mut 100, deadline_of), None);
    all[0].set(NEVER);
    assert_eq!(deadlines.pop_due(1_000, &mut 100, deadline_of), None);
    assert_eq!((deadlines.first(), deadlines.next_due()), (None, NEVER));
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn never_costs_nothing() {
    let mut deadlines = Deadlines::new();
    (0..MANY).for_each(|slot| deadlines.schedule(slot, NEVER));
    assert_eq!((deadlines.links.heap(), deadlines.next_due()), (0, NEVER));
    deadlines.schedule(3, 5);
    deadlines.schedule(3, NEVER);
    assert_eq!(deadlines.first(), None);
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn memory_goes_back_after_a_burst() {
    let (mut deadlines, all) = descending(MANY, 0, 1_000);
    let burst = deadlines.links.heap();
    assert!(burst <= MANY as usize * 9 + 16_384, "about eight bytes a slot, not {burst} in all");
    (100..MANY).for_each(|slot| deadlines.cancel(slot));
    deadlines.shrink();
    deadlines.validate(MANY, |slot| (slot < 100).then(|| all[slot as usize]));
    deadlines.cancel(99);
    drain(&mut deadlines, NEVER - 1, 64, |slot| all[slot as usize]);
    deadlines.shrink();
    assert!(deadlines.links.heap() <= 1024, "{} bytes are left", deadlines.links.heap());
}

#[test]
fn the_last_instant_is_one_like_others() {
    for deadlines in [&mut Deadlines::new(), &mut Deadlines::movable()] {
        let all = [NEVER - 1, NEVER - 2, 0, 1 << 63];
        (0..4).for_each(|slot| deadlines.schedule(slot, all[slot as usize]));
        let deadline_of = |slot: u32| all[slot as usize];
        let mut order = Vec::new();
        for now in [0, 1 << 63, NEVER - 2, NEVER - 1] {
            order.extend(deadlines.pop_due(now, &mut 100, deadline_of));
            assert_eq!(deadlines.pop_due(now, &mut 100, deadline_of), None);
        }
        assert_eq!(order, [2, 3, 1, 0]);
    }
}
