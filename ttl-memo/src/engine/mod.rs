//! What holds a cache's entries: knows no lock, no clock, no thread.

#[allow(dead_code, reason = "the entries that it schedules are not here yet")]
pub(crate) mod deadlines;
#[allow(dead_code, reason = "the entries that it counts are not here yet")]
pub(crate) mod ledger;
#[allow(dead_code, reason = "the entries that it chooses from are not here yet")]
pub(crate) mod policy;

#[cfg(test)]
pub(crate) mod model;
