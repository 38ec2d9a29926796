//! `TtlCache` by one caller: its options, what changes while it is used, the registry.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod builder;
mod counts;
mod expiry;
mod listener;
mod registry;
mod retune;
mod sizes;
