//! Which setups, and which operations.

use proptest::prelude::*;
use ttl_memo::Policy;

use super::hashes::Hashes;
use super::operations::{Ends, How, KEYS, Operation, Setup, Stored};

pub(crate) fn operation() -> impl Strategy<Value = Operation> {
    let leaf = prop_oneof![5 => simple(), 3 => load(Just(Vec::new()))];
    leaf.prop_recursive(
        3,
        12,
        4,
        |inner| prop_oneof![1 => load(prop::collection::vec(inner, 1..4)), 5 => simple()],
    )
}

fn stored() -> impl Strategy<Value = Stored> {
    let own = prop_oneof![6 => Just(None), 1 => (0..9_u64).prop_map(Some)];
    (0..6_usize, own).prop_map(|(weight, own)| Stored { weight, own })
}

fn load(inside: impl Strategy<Value = Vec<Operation>>) -> impl Strategy<Value = Operation> {
    let how = prop_oneof![12 => Just(How::Plainly), 6 => Just(How::Trying), 2 => Just(How::Anew)];
    let ends = prop_oneof![
        15 => stored().prop_map(Ends::Value),
        3 => Just(Ends::Error),
        1 => Just(Ends::Panic),
    ];
    (how, 0..KEYS, ends, inside)
        .prop_map(|(how, key, ends, inside)| Operation::Load(how, key, ends, inside))
}

fn simple() -> impl Strategy<Value = Operation> {
    let key = || 0..KEYS;
    let maxsize = prop_oneof![1 => Just(None), 8 => (0..12_usize).prop_map(Some)];
    prop_oneof![
        12 => key().prop_map(Operation::Get),
        2 => key().prop_map(Operation::Peek),
        12 => (key(), stored()).prop_map(|(key, stored)| Operation::Insert(key, stored)),
        3 => (key(), stored(), 0..9_u64)
            .prop_map(|(key, stored, ttl)| Operation::InsertFor(key, stored, ttl)),
        4 => key().prop_map(Operation::Invalidate),
        1 => (0..3_u8).prop_map(Operation::Retain),
        1 => Just(Operation::Clear),
        2 => Just(Operation::Expire),
        1 => prop::option::of(0..9_u64).prop_map(Operation::SetTtl),
        2 => maxsize.prop_map(Operation::SetMaxsize),
        1 => Just(Operation::SwitchOffAndOn),
        1 => Just(Operation::SwitchOff),
        3 => Just(Operation::SwitchOn),
        12 => prop_oneof![9 => 1..4_u64, 1 => Just(20), 1 => Just(1 << 25)]
            .prop_map(Operation::Advance),
    ]
}

/// Entries of one weight, with a ttl.
pub(crate) fn plain(policy: Policy) -> impl Strategy<Value = Setup> {
    let hashes = prop_oneof![
        6 => Just(Hashes::Mixed),
        1 => Just(Hashes::Colliding),
        1 => Just(Hashes::Equal),
    ];
    let any = (1..9_usize, prop::option::of(1..9_u64), hashes, any::<bool>());
    any.prop_map(move |(maxsize, ttl, hashes, awaited)| Setup {
        policy,
        maxsize: Some(maxsize),
        ttl,
        tti: None,
        window: 0,
        if_error: 0,
        hooks: false,
        hashes,
        awaited,
    })
}

pub(crate) fn by_weight(policy: Policy) -> impl Strategy<Value = Setup> {
    plain(policy).prop_map(|setup| Setup { hooks: true, ..setup })
}

/// With a tti, or stale windows.
pub(crate) fn with_all(policy: Policy) -> impl Strategy<Value = Setup> {
    let tti = (1..6_u64).prop_map(|tti| (Some(tti), 0, 0));
    let windows = (0..4_u64, 0..4_u64).prop_map(|(window, if_error)| (None, window, if_error));
    (plain(policy), prop_oneof![tti, windows], any::<bool>()).prop_map(
        |(setup, (tti, window, if_error), hooks)| Setup { tti, window, if_error, hooks, ..setup },
    )
}
