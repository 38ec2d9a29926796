use ttl_memo::{TtlCache, ttl_cache};

#[ttl_cache(scope = thread, refresh_ahead = "5s", spawn = std::thread::spawn)]
fn spawned(n: u64) -> u64 {
    n
}

#[ttl_cache(scope = thread, tags = |_, _| ["tag"])]
fn tagged(n: u64) -> u64 {
    n
}

#[ttl_cache(scope = thread, cache = cache)]
fn shared(cache: &TtlCache<u64, u64>, n: u64) -> u64 {
    cache.len() as u64 + n
}

fn main() {}
