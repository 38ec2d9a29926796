//! A call of an annotated function, as ordinary generic code.

pub(crate) mod asked;
pub(crate) mod bundled;
pub(crate) mod compose;
pub(crate) mod entry;
pub(crate) mod helpers;
pub mod kept;
pub(crate) mod load;
mod look;
pub(crate) mod memoize;
pub(crate) mod memoize_async;
pub(crate) mod needs;
pub(crate) mod outcome;
pub(crate) mod parts;
pub(crate) mod probe;
pub(crate) mod query;
pub(crate) mod returns;
pub(crate) mod rules;
pub(crate) mod site;
pub(crate) mod ticket;
