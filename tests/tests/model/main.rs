//! `TtlCache`, and functions with `scope = thread`, beside a plain list with the same rules: long
//! sequences of calls, of calls in their bodies and of time going by give the same answers and
//! counts, and the listener hears what the list would lose.
//!
//! The list predicts which entry goes for size where the policy is exact; otherwise it takes what
//! the listener heard and checks that it was allowed.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod functions;
#[path = "../../../ttl-memo/src/map/tests/hashes.rs"]
mod hashes;
mod operations;
mod reference;
mod strategies;
mod subject;

use functions::Function;
use operations::{Operation, check};
use proptest::prelude::*;
use subject::Cache;
use ttl_memo::Policy;

/// Sequences for each property.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(64),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    prop::collection::vec(strategies::operation(), 1..250)
}

/// For each policy and kind of setup.
macro_rules! properties {
    ($($name:ident: $setup:expr;)*) => {
        proptest! {
            #![proptest_config(config())]
            $(
                #[test]
                fn $name(setup in $setup, operations in operations()) {
                    check::<Cache>(&setup, &operations);
                    let on_its_own = || check::<Function>(&setup, &operations);
                    std::thread::scope(|scope| scope.spawn(on_its_own).join().unwrap());
                }
            )*
        }
    };
}

properties! {
    fifo: strategies::plain(Policy::Fifo);
    fifo_by_weight: strategies::by_weight(Policy::Fifo);
    fifo_with_all: strategies::with_all(Policy::Fifo);
    lru: strategies::plain(Policy::Lru);
    lru_by_weight: strategies::by_weight(Policy::Lru);
    lru_with_all: strategies::with_all(Policy::Lru);
    lfu: strategies::plain(Policy::Lfu);
    lfu_by_weight: strategies::by_weight(Policy::Lfu);
    lfu_with_all: strategies::with_all(Policy::Lfu);
    adaptive: strategies::plain(Policy::Adaptive);
    adaptive_by_weight: strategies::by_weight(Policy::Adaptive);
    adaptive_with_all: strategies::with_all(Policy::Adaptive);
    random: strategies::plain(Policy::Random);
    random_by_weight: strategies::by_weight(Policy::Random);
    random_with_all: strategies::with_all(Policy::Random);
}
