//! What holds a cache's entries: knows no lock, no clock, no thread.

pub(crate) mod deadlines;
pub(crate) mod ledger;
mod pages;
pub(crate) mod policy;
mod rings;
pub(crate) mod slots;
pub(crate) mod stock;
mod table;
mod vacancies;

#[cfg(test)]
pub(crate) mod model;
