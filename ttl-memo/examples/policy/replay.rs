//! Hit ratios on traces.

use std::collections::HashMap;
use std::fs;
use std::io::Read;

use flate2::read::GzDecoder;

use crate::bare::{Bare, hash};
use crate::policy::Policy;

/// So many requests of a trace are replayed.
const REQUESTS: usize = 1_500_000;
const POLICIES: [Policy; 5] =
    [Policy::Adaptive, Policy::Lru, Policy::Fifo, Policy::Lfu, Policy::Random];

pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let (sizes, traces) = arguments.split_first().ok_or("sizes, then traces")?;
    let sizes: Vec<usize> = sizes
        .split(',')
        .map(|size| size.parse().map_err(|_| format!("no size: {size}")))
        .collect::<Result<_, _>>()?;
    print!("{:<24} {:>8}", "trace", "size");
    POLICIES.iter().for_each(|policy| print!(" {policy:>8}"));
    println!(" {:>8}", "8 shards");
    for path in traces {
        let trace = read(path)?;
        for &size in &sizes {
            let name = path.rsplit('/').next().unwrap_or(path);
            print!("{:<24} {size:>8}", name.split('.').next().unwrap_or(name));
            for policy in POLICIES {
                print!(" {:>8.2}", ratio(policy, size, 1, &trace));
            }
            if size > 4096 {
                print!(" {:>8.2}", ratio(Policy::Adaptive, size, 8, &trace));
            }
            println!();
        }
    }
    Ok(())
}

/// A trace, its keys numbered in the order in which they come.
fn read(path: &str) -> Result<Vec<u32>, String> {
    let mut bytes = fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        GzDecoder::new(&bytes[..])
            .read_to_end(&mut plain)
            .map_err(|error| format!("{path}: {error}"))?;
        bytes = plain;
    }
    let mut numbers = HashMap::new();
    let ids = bytes.chunks_exact(4).map(|id| u32::from_le_bytes([id[0], id[1], id[2], id[3]]));
    Ok(ids
        .take(REQUESTS)
        .map(|id| {
            let next = numbers.len() as u32;
            *numbers.entry(id).or_insert(next)
        })
        .collect())
}

/// Hits in percent, in so many equal shards.
fn ratio(policy: Policy, size: usize, shards: usize, trace: &[u32]) -> f64 {
    let keys = trace.iter().max().map_or(0, |&last| last as usize + 1);
    let mut caches: Vec<Bare> =
        (0..shards).map(|seed| Bare::new(policy, size / shards, keys, seed as u64)).collect();
    // Not the bits that the policy makes most of.
    let shard = |key: u32| hash(key).rotate_left(16) as usize % shards;
    let hits = trace.iter().filter(|&&key| caches[shard(key)].access(key)).count();
    100.0 * hits as f64 / trace.len().max(1) as f64
}
