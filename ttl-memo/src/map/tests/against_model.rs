//! Long runs beside a list that is searched.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;

use super::hashes::Hashes;
use super::pair::{KEYS, Kind, Pair, Step};
use crate::Policy;

fn spans() -> impl Strategy<Value = Duration> {
    prop_oneof![
        4 => select(vec![1, 1_000_000_000, 5_000_000_000, 60_000_000_000]),
        4 => (any::<u64>(), 20..44_u32).prop_map(|(span, shift)| span >> shift),
    ]
    .prop_map(Duration::from_nanos)
}

fn kinds() -> impl Strategy<Value = Kind> {
    let policies = vec![Policy::Adaptive, Policy::Lru, Policy::Fifo, Policy::Lfu, Policy::Random];
    let maxsizes = prop_oneof![
        8 => (1..20_usize).prop_map(Some),
        1 => select(vec![None, Some(0), Some(usize::MAX)]),
    ];
    let ttls = || prop::option::of(spans());
    let hashes = prop_oneof![
        6 => Just(Hashes::Mixed),
        1 => Just(Hashes::Colliding),
        1 => Just(Hashes::Equal),
    ];
    (select(policies), any::<bool>(), maxsizes, ttls(), ttls(), hashes).prop_map(
        |(policy, weighted, maxsize, ttl, tti, hashes)| Kind {
            policy,
            weighted,
            maxsize,
            ttl,
            tti,
            hashes,
        },
    )
}

fn steps() -> impl Strategy<Value = Step> {
    let key = || 0..KEYS;
    let weight = || prop_oneof![8 => 0..5_usize, 1 => 5..30_usize];
    prop_oneof![
        10 => key().prop_map(Step::Get),
        2 => key().prop_map(Step::Peek),
        8 => (key(), weight()).prop_map(|(key, weight)| Step::Insert(key, weight)),
        2 => (key(), weight()).prop_map(|(key, weight)| Step::TryInsert(key, weight)),
        4 => (key(), weight(), spans()).prop_map(|(key, weight, ttl)| Step::InsertFor(key, weight, ttl)),
        1 => (key(), weight()).prop_map(|(key, weight)| Step::InsertFor(key, weight, Duration::ZERO)),
        1 => (key(), weight()).prop_map(|(key, weight)| Step::InsertFor(key, weight, Duration::MAX)),
        2 => prop::collection::vec((key(), weight()), 0..4).prop_map(Step::Extend),
        2 => key().prop_map(Step::Remove),
        4 => (key(), weight()).prop_map(|(key, weight)| Step::Entry(key, weight)),
        1 => Just(Step::Pop),
        1 => Just(Step::Expire),
        1 => (2..8_u8).prop_map(Step::Retain),
        1 => Just(Step::Clone),
        6 => spans().prop_map(|span| Step::Advance(span / 4)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 1 } else { 100 }, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_map_agrees_with_the_model(
        kind in kinds(),
        run in prop::collection::vec(prop_oneof![100 => steps(), 1 => Just(Step::Clear)], 0..300),
    ) {
        let mut pair = Pair::new(kind);
        for step in &run {
            pair.apply(step);
        }
    }
}

/// Found by the fuzzer, as built by a compiler (nightly of 2026-05-19, optimised) that took an answer
/// of the deadlines' search, that there is none, for a slot.
#[test]
fn what_is_due_is_a_slot_with_an_entry() {
    let mut pair = Pair::new(Kind {
        policy: Policy::Lfu,
        weighted: true,
        maxsize: None,
        ttl: Some(Duration::from_nanos(65_867_350_016)),
        tti: Some(Duration::from_nanos(92_641_689_600)),
        hashes: Hashes::Mixed,
    });
    for step in [
        Step::Entry(7, 0),
        Step::InsertFor(2, 3, Duration::from_nanos(37_469)),
        Step::InsertFor(12, 4, Duration::MAX),
        Step::Expire,
        Step::Insert(21, 1),
        Step::TryInsert(15, 4),
        Step::Extend(vec![(18, 0), (18, 14), (6, 1)]),
        Step::Entry(16, 3),
        Step::Clone,
        Step::Entry(4, 4),
        Step::Entry(15, 0),
        Step::Extend(vec![(23, 3), (7, 1), (17, 1)]),
        Step::Entry(20, 0),
        Step::Get(22),
        Step::Expire,
        Step::Extend(vec![(23, 2), (19, 3), (0, 1)]),
        Step::Insert(15, 1),
        Step::TryInsert(20, 4),
        Step::TryInsert(22, 4),
        Step::Advance(Duration::from_nanos(448_421_429_248)),
        Step::Entry(3, 2),
        Step::Insert(8, 4),
        Step::Entry(22, 1),
        Step::Clone,
        Step::Get(21),
        Step::TryInsert(2, 1),
    ] {
        pair.apply(&step);
    }
}
