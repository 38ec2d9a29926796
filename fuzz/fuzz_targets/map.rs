//! Operations on a `TtlMap` and on a list that is searched: the same answers, counts and removals,
//! and every invariant after each.

#![no_main]

mod bytes;
#[path = "../../ttl-memo/src/map/tests/hashes.rs"]
mod hashes;
#[path = "../../ttl-memo/src/map/tests/heard.rs"]
mod heard;
#[path = "../../ttl-memo/src/engine/model.rs"]
mod model;
#[path = "../../ttl-memo/src/map/tests/pair.rs"]
mod pair;

use std::time::Duration;

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use pair::{KEYS, Kind, Pair, Step};
// The files above know them by these paths.
use ttl_memo::{ManualClock, Policy, RemovalCause, TtlMap, map};

/// A run, as its bytes say; written out when one fails.
#[derive(Debug)]
struct Run {
    kind: Kind,
    steps: Vec<Step>,
}

impl<'a> Arbitrary<'a> for Run {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self { kind: kind(bytes)?, steps: bytes::all(bytes, step)? })
    }
}

fn kind(bytes: &mut Unstructured<'_>) -> Result<Kind> {
    let (policy, hashes) = (bytes::policy(bytes)?, bytes::hashes(bytes)?);
    let maxsize = match u8::arbitrary(bytes)? {
        byte @ 0..20 => Some(byte.into()),
        byte @ 20..250 => Some(usize::from(byte % 19) + 1),
        250 => Some(usize::MAX),
        _ => None,
    };
    let weighted = bool::arbitrary(bytes)?;
    Ok(Kind { policy, weighted, maxsize, ttl: period(bytes)?, tti: period(bytes)?, hashes })
}

fn period(bytes: &mut Unstructured<'_>) -> Result<Option<Duration>> {
    Ok(if bool::arbitrary(bytes)? { Some(span(bytes)?) } else { None })
}

/// From a nanosecond to some hours, the round ones among them.
fn span(bytes: &mut Unstructured<'_>) -> Result<Duration> {
    let nanos = match u8::arbitrary(bytes)? {
        0..16 => 1,
        16..80 => 1_000_000_000,
        80..112 => 5_000_000_000,
        112..128 => 60_000_000_000,
        shift => u64::from(u16::arbitrary(bytes)?) << (shift % 29),
    };
    Ok(Duration::from_nanos(nanos))
}

fn step(bytes: &mut Unstructured<'_>) -> Result<Step> {
    let (what, key) = (u8::arbitrary(bytes)?, u8::arbitrary(bytes)? % KEYS);
    Ok(match what {
        0..56 => Step::Get(key),
        56..64 => Step::Peek(key),
        64..108 => Step::Insert(key, weight(bytes)?),
        108..118 => Step::TryInsert(key, weight(bytes)?),
        118..136 => Step::InsertFor(key, weight(bytes)?, span(bytes)?),
        136..140 => Step::InsertFor(key, weight(bytes)?, Duration::ZERO),
        140..144 => Step::InsertFor(key, weight(bytes)?, Duration::MAX),
        144..152 => {
            let mut pairs = vec![(key, weight(bytes)?)];
            for _ in 0..what % 3 {
                pairs.push((u8::arbitrary(bytes)? % KEYS, weight(bytes)?));
            }
            Step::Extend(pairs)
        }
        152..164 => Step::Remove(key),
        164..188 => Step::Entry(key, weight(bytes)?),
        188..196 => Step::Pop,
        196..204 => Step::Expire,
        204..208 => Step::Retain(2 + key % 6),
        208..212 => Step::Clone,
        212..214 => Step::Clear,
        _ => Step::Advance(span(bytes)? / 4),
    })
}

fn weight(bytes: &mut Unstructured<'_>) -> Result<usize> {
    let byte = usize::from(u8::arbitrary(bytes)?);
    Ok(if byte < 224 { byte % 5 } else { byte - 220 })
}

fuzz_target!(|run: Run| {
    let mut pair = Pair::new(run.kind);
    for step in &run.steps {
        pair.apply(step);
    }
});
