//! Tests of the whole; they are beside this, in `tests/`. Here only: what the documents in the root of
//! the repository show is run as it stands there.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}

#[cfg(doctest)]
#[doc = include_str!("../../COMPARE.md")]
mod compare {}
