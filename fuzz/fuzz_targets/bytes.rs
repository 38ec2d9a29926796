//! What targets read from bytes in the same way.

use arbitrary::{Arbitrary, Result, Unstructured};
use ttl_memo::Policy;

use crate::hashes::Hashes;

/// So many operations are enough for a run.
const LONGEST: usize = 300;

/// Operations, as long as there are bytes.
pub(crate) fn all<T>(
    bytes: &mut Unstructured<'_>,
    one: impl Fn(&mut Unstructured<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut all = Vec::new();
    while !bytes.is_empty() && all.len() < LONGEST {
        all.push(one(bytes)?);
    }
    Ok(all)
}

pub(crate) fn policy(bytes: &mut Unstructured<'_>) -> Result<Policy> {
    let all = [Policy::Adaptive, Policy::Lru, Policy::Fifo, Policy::Lfu, Policy::Random];
    Ok(all[usize::from(u8::arbitrary(bytes)?) % all.len()])
}

pub(crate) fn hashes(bytes: &mut Unstructured<'_>) -> Result<Hashes> {
    Ok(match u8::arbitrary(bytes)? {
        0..32 => Hashes::Equal,
        32..64 => Hashes::Colliding,
        _ => Hashes::Mixed,
    })
}
