//! What the benchmark programs share: keys to ask for, ways to measure, ways to tell.
//!
//! The programs are `side-by-side`, `options`, `hit-ratio`, `instructions`, `soak` and
//! `compile-cost`, each in a folder of its own beside `src`. What is compared with other crates is
//! behind the feature `peers`.

pub mod belady;
pub mod flags;
pub mod heap;
pub mod machine;
pub mod numbers;
pub mod pages;
#[cfg(feature = "peers")]
pub mod peers;
pub mod report;
pub mod rounds;
pub mod svg;
pub mod trace;
pub mod zipf;
