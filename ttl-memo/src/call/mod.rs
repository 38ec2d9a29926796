//! A call of an annotated function, as ordinary generic code.

pub(crate) mod memoize;
pub(crate) mod outcome;
pub(crate) mod query;
