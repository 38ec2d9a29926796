use ttl_memo::{TtlCache, ttl_cache};

#[ttl_cache(cache = cache, maxsize = 10, ttl = "5s", policy = lru, err_ttl = "1s", name = "users")]
fn f(cache: &TtlCache<u64, u64>, n: u64) -> Result<u64, ()> {
    Ok(cache.len() as u64 + n)
}

#[ttl_cache(cache = cache, forever)]
fn g(cache: &TtlCache<u64, u64>, n: u64) -> u64 {
    cache.len() as u64 + n
}

#[ttl_cache(
    cache = cache,
    tti = "1s",
    expire_after = |_, _| None,
    jitter = 0.1,
    weigher = |_, _| 1,
    on_evict = |_, _, _| {},
    tags = |_, _| ["tag"],
    stale_while_revalidate = "1s",
    stale_if_error = "1s",
    hasher = state(),
    clock = clock(),
)]
fn h(cache: &TtlCache<u64, u64>, n: u64) -> Result<u64, ()> {
    Ok(n)
}

fn main() {}
