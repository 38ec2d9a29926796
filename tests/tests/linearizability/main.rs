//! What threads do to one key at the same time could have been done one after another.
//!
//! Threads record when each call began and returned, and a search looks for an order of all of
//! them that a cache which does one thing at a time allows. Other keys have orders of their own.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod by_hand;
mod recorded;
mod search;
mod sequential;
