//! Calls beside a plain model.

use std::time::Duration;

use proptest::prelude::*;

use super::{GENERATION, SECOND, advance, cached, clock, rt, run, runs};
use crate::Policy;

cached! {
    fn modelled(n: u32) -> u32;
    ttl_memo_shape; |builder| builder.maxsize(6).policy(Policy::Lru).clock(clock()).ttl(10 * SECOND);
    { run(); n + 1_000 * GENERATION.get() }
}

#[derive(Clone, Debug)]
enum Step {
    Call(u32),
    Peek(u32),
    Insert(u32),
    Invalidate(u32),
    InvalidateIf(u32),
    Refresh(u32),
    Expire,
    Clear,
    Advance(u32),
}

fn steps() -> impl Strategy<Value = Step> {
    let key = || 0..12_u32;
    prop_oneof![
        16 => key().prop_map(Step::Call),
        2 => key().prop_map(Step::Peek),
        2 => key().prop_map(Step::Insert),
        2 => key().prop_map(Step::Invalidate),
        1 => (2..6_u32).prop_map(Step::InvalidateIf),
        2 => key().prop_map(Step::Refresh),
        1 => Just(Step::Expire),
        4 => (1..6_u32).prop_map(Step::Advance),
        1 => Just(Step::Clear),
    ]
}

/// What is held by key, least recently used first: the value and its deadline.
type Held = Vec<(u32, u32, Duration)>;

fn store(held: &mut Held, n: u32, value: u32, now: Duration) {
    held.retain(|(key, _, deadline)| *key != n && *deadline > now);
    held.push((n, value, now + 10 * SECOND));
    if held.len() > 6 {
        held.remove(0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 1 } else { 200 }, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn calls_agree_with_a_list_that_is_searched(run in prop::collection::vec(steps(), 0..200)) {
        modelled::clear();
        runs();
        let (mut held, mut now) = (Held::new(), Duration::ZERO);
        let (mut hits, mut misses) = (0, 0);
        for (generation, step) in (0_u32..).zip(run) {
            GENERATION.set(generation);
            held.retain(|(_, _, deadline)| *deadline > now);
            let find = |held: &Held, n| held.iter().position(|(key, ..)| *key == n);
            match step {
                Step::Call(n) => {
                    let found = find(&held, n);
                    let expected = if let Some(at) = found {
                        let entry = held.remove(at);
                        held.push(entry);
                        hits += 1;
                        entry.1
                    } else {
                        misses += 1;
                        store(&mut held, n, n + 1_000 * generation, now);
                        n + 1_000 * generation
                    };
                    assert_eq!(modelled::call(n), expected);
                    assert_eq!(runs(), u32::from(found.is_none()));
                }
                Step::Peek(n) => {
                    let expected = find(&held, n).map(|at| held[at].1);
                    assert_eq!(modelled::peek(n), expected);
                }
                Step::Insert(n) => {
                    modelled::insert(n, 7);
                    store(&mut held, n, 7, now);
                }
                Step::Invalidate(n) => {
                    let found = find(&held, n);
                    assert_eq!(modelled::invalidate(n), found.is_some());
                    found.map(|at| held.remove(at));
                }
                Step::InvalidateIf(of) => {
                    let before = held.len();
                    held.retain(|(key, ..)| key % of != 0);
                    let gone = rt::invalidate_if(modelled::hidden(None), |n: &u32| n % of == 0);
                    assert_eq!(gone, before - held.len());
                }
                Step::Refresh(n) => {
                    assert_eq!(modelled::refresh(n), n + 1_000 * generation);
                    store(&mut held, n, n + 1_000 * generation, now);
                    runs();
                }
                Step::Expire => _ = modelled::expire(),
                Step::Clear => {
                    modelled::clear();
                    held.clear();
                    (hits, misses) = (0, 0);
                }
                Step::Advance(by) => {
                    advance(by * SECOND);
                    now += by * SECOND;
                }
            }
            let live = held.iter().filter(|(_, _, deadline)| *deadline > now).count();
            let info = modelled::info();
            assert_eq!((info.len, info.hits, info.misses), (live, hits, misses));
        }
    }
}
