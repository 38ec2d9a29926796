//! Annotated functions of every form under the strictest lints: not a single warning.

#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    unused,
    rust_2018_idioms,
    elided_lifetimes_in_paths,
    unsafe_op_in_unsafe_fn,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unused_import_braces,
    unused_lifetimes,
    let_underscore_drop,
    clippy::all,
    clippy::pedantic,
    clippy::nursery
)]
#![allow(clippy::redundant_pub_crate, reason = "at odds with `unreachable_pub`")]

pub mod documented;
pub mod hygiene;
mod private;
pub mod shapes;

/// Calls what is private.
#[must_use]
pub fn private() -> String {
    private::all() + &documented::uses_helpers().to_string()
}
