//! Whatever names are around.

#![allow(
    non_camel_case_types,
    dead_code,
    clippy::upper_case_acronyms,
    reason = "names that are in the way"
)]

use memo::ttl_cache;

mod std {}
mod core {}
mod alloc {}

/// In the way.
#[derive(Debug)]
pub struct Option;
/// In the way.
#[derive(Debug)]
pub struct Result;
/// In the way.
#[derive(Debug)]
pub struct Vec;
/// In the way.
#[derive(Debug)]
pub struct Some;
/// In the way.
#[derive(Debug)]
pub struct Box;
/// In the way.
#[derive(Debug)]
pub struct Duration;
/// In the way.
#[derive(Debug)]
pub struct u8;
/// In the way.
#[derive(Debug)]
pub struct bool;
/// In the way.
#[derive(Debug)]
pub struct usize;

struct SITE;

/// In the way.
pub trait Blanket {
    /// Of every type.
    fn map(&self) {}
    /// Of every type.
    fn run(&self) {}
    /// Of every type.
    fn call(&self) {}
    /// Of every type.
    fn entry(&self) {}
}

impl<T> Blanket for T {}

/// Any name will do.
#[ttl_cache]
#[must_use]
#[expect(clippy::too_many_arguments, reason = "names")]
pub fn names(
    key: u32,
    value: u32,
    cache: &str,
    result: u32,
    args: u32,
    query: u32,
    builder: u32,
    rules: u32,
    this: u32,
    predicate: u32,
    r#type: u32,
) -> u32 {
    let _ = (cache, SITE);
    key + value + result + args + query + builder + rules + this + predicate + r#type
}

/// The same by expressions.
#[ttl_cache(key = (*key, *args, *query), refresh_if = *value > 1)]
#[must_use]
pub fn expressions(key: u32, value: u32, args: u32, query: u32, part: u32) -> u32 {
    key + value + args + query + part
}

/// The same, later.
#[ttl_cache(skip(ticket), refresh_ahead = "1s", spawn = at_once)]
pub async fn later(asking: u32, args: u32, ticket: u32, output: u32) -> u32 {
    ::std::future::ready(asking + args + ticket + output).await
}

fn at_once<T>(work: T) {
    ::std::mem::drop(work);
}

macro_rules! made {
    ($name:ident, $ty:ty, $n:ident, $body:block) => {
        /// By a macro.
        #[ttl_cache]
        #[must_use]
        pub fn $name($n: $ty) -> $ty $body
    };
}

made!(by_macro, u32, n, { n + 1 });
