// What is called is told apart by nothing.
use std::sync::Arc;

use ttl_memo::ttl_cache;

#[ttl_cache]
fn any(f: impl Fn(u8) -> u8, n: u8) -> u8 {
    f(n)
}

#[ttl_cache]
fn dynamic(f: &(dyn Fn(u8) -> u8 + Send), n: u8) -> u8 {
    f(n)
}

#[ttl_cache]
fn shared(f: Option<Arc<dyn Fn(u8) -> u8>>, n: u8) -> u8 {
    f.map_or(n, |f| f(n))
}

#[ttl_cache(skip(f))]
fn skipped(f: impl FnOnce(u8) -> u8, n: u8) -> u8 {
    f(n)
}

#[ttl_cache]
fn pointer(f: fn(u8) -> u8, n: u8) -> u8 {
    f(n)
}

fn main() {
    any(|n| n, 1);
    skipped(|n| n, 1);
    pointer(|n| n, 1);
}
