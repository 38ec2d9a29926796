//! Any operations on a `TtlCache` beside the plain list of `tests/tests/model`, whose strategies
//! take the fuzzer's bytes for random ones.

#![no_main]

#[path = "../../tests/tests/model/operations.rs"]
mod operations;
#[path = "../../tests/tests/model/reference.rs"]
mod reference;

use libfuzzer_sys::fuzz_target;
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use ttl_memo::Policy;

const POLICIES: [Policy; 5] =
    [Policy::Adaptive, Policy::Lru, Policy::Fifo, Policy::Lfu, Policy::Random];

fuzz_target!(|data: &[u8]| {
    let Some((&kind, data)) = data.split_first() else { return };
    let policy = POLICIES[usize::from(kind) % POLICIES.len()];
    let setup = match usize::from(kind) / POLICIES.len() % 3 {
        0 => operations::plain(policy).boxed(),
        1 => operations::by_weight(policy).boxed(),
        _ => operations::with_all(policy).boxed(),
    };
    let bytes = TestRng::from_seed(RngAlgorithm::PassThrough, data);
    let mut runner = TestRunner::new_with_rng(Config::default(), bytes);
    let length = 1..=(data.len() / 16).clamp(1, 400);
    let Ok(both) = (setup, vec(operations::operation(), length)).new_tree(&mut runner) else {
        return;
    };
    let (setup, operations) = both.current();
    operations::check(&setup, &operations);
});
