use std::sync::LazyLock;

use ttl_memo::{TtlCache, ttl_cache};

static USERS: LazyLock<TtlCache<u32, String>> = LazyLock::new(|| TtlCache::builder().build());

#[ttl_cache(cache = &USERS)]
fn other_key(name: &str) -> String {
    name.into()
}

#[ttl_cache(cache = &USERS)]
fn other_value(n: u32) -> u32 {
    n
}

#[ttl_cache(cache = USERS)]
fn no_reference(n: u32) -> String {
    n.to_string()
}

fn main() {}
