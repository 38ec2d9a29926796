//! Operations on a `TtlCache` and on a plain list with the same rules: the same answers, counts and
//! removals, and every invariant after each.

#![no_main]
#![expect(clippy::unwrap_used, reason = "as in the tests that these modules are of")]

mod bytes;
#[path = "../../ttl-memo/src/map/tests/hashes.rs"]
mod hashes;
#[path = "../../tests/tests/model/operations.rs"]
mod operations;
#[path = "../../tests/tests/model/reference.rs"]
mod reference;

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use operations::{Operation, Setup, Stored, check};
use reference::Seconds;

/// A run, as its bytes say; written out when one fails.
#[derive(Debug)]
struct Run {
    setup: Setup,
    operations: Vec<Operation>,
}

impl<'a> Arbitrary<'a> for Run {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self { setup: setup(bytes)?, operations: bytes::all(bytes, operation)? })
    }
}

fn setup(bytes: &mut Unstructured<'_>) -> Result<Setup> {
    let (policy, hashes) = (bytes::policy(bytes)?, bytes::hashes(bytes)?);
    let (maxsize, ttl) = (maxsize(bytes)?, up_to(bytes, 9)?);
    let (kind, span) = (u8::arbitrary(bytes)?, u8::arbitrary(bytes)?);
    let tti = (kind & 3 == 1).then(|| Seconds::from(span % 5) + 1);
    let windows = kind & 3 == 2;
    let window = |span: u8| if windows { (span % 4).into() } else { 0 };
    Ok(Setup {
        policy,
        maxsize,
        ttl: (ttl > 0).then_some(ttl),
        tti,
        window: window(span),
        if_error: window(span / 4),
        hooks: kind & 4 == 4,
        hashes,
    })
}

fn up_to(bytes: &mut Unstructured<'_>, end: u8) -> Result<Seconds> {
    Ok((u8::arbitrary(bytes)? % end).into())
}

fn maxsize(bytes: &mut Unstructured<'_>) -> Result<Option<usize>> {
    let byte = u8::arbitrary(bytes)?;
    Ok((byte < 230).then_some(usize::from(byte % 12)))
}

fn stored(bytes: &mut Unstructured<'_>) -> Result<Stored> {
    let byte = u8::arbitrary(bytes)?;
    let own = if byte < 216 { None } else { Some(up_to(bytes, 9)?) };
    Ok(Stored { weight: usize::from(byte % 6), own })
}

fn operation(bytes: &mut Unstructured<'_>) -> Result<Operation> {
    let (what, key) = (u8::arbitrary(bytes)?, u8::arbitrary(bytes)? % 10);
    Ok(match what {
        0..44 => Operation::Get(key),
        44..50 => Operation::Peek(key),
        50..90 => Operation::Insert(key, stored(bytes)?),
        90..100 => Operation::InsertFor(key, stored(bytes)?, up_to(bytes, 9)?),
        100..140 => Operation::GetOrInsert(key, stored(bytes)?),
        140..155 => Operation::TryGetOrInsert(key, Some(stored(bytes)?)),
        155..165 => Operation::TryGetOrInsert(key, None),
        165..167 => Operation::Panic(key),
        167..180 => Operation::Invalidate(key),
        180..184 => Operation::Retain(key % 3),
        184..187 => Operation::Clear,
        187..194 => Operation::Expire,
        194..197 => Operation::SetTtl((key > 0).then(|| Seconds::from(key) - 1)),
        197..205 => Operation::SetMaxsize(maxsize(bytes)?),
        205..208 => Operation::SwitchOffAndOn,
        208..210 => Operation::SwitchOff,
        210..218 => Operation::SwitchOn,
        218..253 => Operation::Advance(Seconds::from(key % 3) + 1),
        253..255 => Operation::Advance(20),
        255 => Operation::Advance(1 << 25),
    })
}

fuzz_target!(|run: Run| check(&run.setup, &run.operations));
