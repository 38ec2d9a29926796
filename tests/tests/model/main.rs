//! `TtlCache` beside a plain list with the same rules: long sequences of calls and of time going
//! by give the same answers and counts, and the listener hears what the list would lose.
//!
//! The list predicts which entry goes for size where the policy is exact; otherwise it takes what
//! the listener heard and checks that it was allowed.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod operations;
mod reference;

use operations::{Operation, check};
use proptest::prelude::*;
use ttl_memo::Policy;

/// Sequences for each property.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(128),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    prop::collection::vec(operations::operation(), 1..250)
}

/// A property for one policy and kind of setup.
macro_rules! properties {
    ($($(#[$attribute:meta])* $name:ident: $setup:expr;)*) => {
        proptest! {
            #![proptest_config(config())]
            $(
                #[test]
                $(#[$attribute])*
                fn $name(setup in $setup, operations in operations()) {
                    check(&setup, &operations);
                }
            )*
        }
    };
}

properties! {
    fifo: operations::plain(Policy::Fifo);
    fifo_by_weight: operations::by_weight(Policy::Fifo);
    #[ignore = "needs the engine"]
    fifo_with_all: operations::with_all(Policy::Fifo);
    #[ignore = "needs the engine"]
    lru: operations::plain(Policy::Lru);
    #[ignore = "needs the engine"]
    lru_by_weight: operations::by_weight(Policy::Lru);
    #[ignore = "needs the engine"]
    lru_with_all: operations::with_all(Policy::Lru);
    #[ignore = "needs the engine"]
    lfu: operations::plain(Policy::Lfu);
    #[ignore = "needs the engine"]
    lfu_by_weight: operations::by_weight(Policy::Lfu);
    #[ignore = "needs the engine"]
    lfu_with_all: operations::with_all(Policy::Lfu);
    adaptive: operations::plain(Policy::Adaptive);
    adaptive_by_weight: operations::by_weight(Policy::Adaptive);
    #[ignore = "needs the engine"]
    adaptive_with_all: operations::with_all(Policy::Adaptive);
    random: operations::plain(Policy::Random);
    random_by_weight: operations::by_weight(Policy::Random);
    #[ignore = "needs the engine"]
    random_with_all: operations::with_all(Policy::Random);
}
