//! The eviction policies alone, without the cache around them: what they hit, and what they cost.
//!
//! `cargo run --release -p ttl-memo --example policy -- replay SIZE[,SIZE...] TRACE...`
//! replays traces (little-endian `u32` ids, gzipped or not; the first 1,500,000) and prints the hit
//! ratio in percent of each policy.
//!
//! `cargo run --release -p ttl-memo --example policy -- cost [SIZE...]`
//! prints the time of a miss in the policy (insertion, choice of a victim, eviction).

mod bare;
mod cost;
#[allow(dead_code, unreachable_pub, reason = "the cache uses more of it")]
#[path = "../../src/engine/policy/mod.rs"]
mod policy;
mod replay;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((word, rest)) if word == "replay" => replay::run(rest),
        Some((word, rest)) if word == "cost" => cost::run(rest),
        _ => Err("usage: policy replay SIZE[,SIZE...] TRACE... | policy cost [SIZE...]".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
