//! The flights' protocol, on the real code, under every interleaving that Shuttle comes up with.
//!
//! ```text
//! RUSTFLAGS='--cfg shuttle' cargo test -p ttl-memo-tests --test shuttle --target-dir target/shuttle
//! ```
//!
//! Threads are Shuttle's and take turns where they meet: at a flight's lock, and in the user's code
//! between the critical sections of a store, where the key here gives way.

#![cfg(shuttle)]
#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod flights;
mod histories;
#[path = "../linearizability/search.rs"]
mod search;
#[path = "../linearizability/sequential.rs"]
mod sequential;

use std::hash::{Hash, Hasher};

use shuttle::thread;

/// So many interleavings of each test.
fn rounds() -> usize {
    std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3_000)
}

/// Tries interleavings: any, and those with few changes of thread at bad moments.
fn try_all(test: impl Fn() + Send + Sync + Copy + 'static) {
    shuttle::check_random(test, rounds());
    shuttle::check_pct(test, rounds(), 3);
}

/// A key whose user code is where others may come in.
#[derive(Debug)]
struct Key(u64);

impl Clone for Key {
    fn clone(&self) -> Self {
        thread::yield_now();
        Self(self.0)
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        thread::yield_now();
        self.0.hash(state);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        thread::yield_now();
        self.0 == other.0
    }
}

impl Eq for Key {}
