// What somebody writes who comes from another cache, of Rust or not.
use ttl_memo::ttl_cache;

#[ttl_cache(maxsize = 128, typed = true)]
fn functools(n: u64) -> u64 {
    n
}

#[ttl_cache(max = 10, lock = std::sync::Mutex::new(()), info = true, timer = now)]
fn cachetools(n: u64) -> u64 {
    n
}

#[ttl_cache(with_cached_flag = true, result_fallback = true, sync_lock = "mutex")]
fn cached(n: u64) -> u64 {
    n
}

#[ttl_cache(disk_dir = "/tmp", cache_prefix_block = "x", map_error = e)]
fn cached_elsewhere(n: u64) -> u64 {
    n
}

#[ttl_cache(SharedCache, Capacity: 10, TimeToLive: 60, Ignore: n, CustomHasher: H, HasherInit: H)]
fn memoize(n: u64) -> u64 {
    n
}

#[ttl_cache(eviction_policy = lru, eviction_listener = |k, v, c| {}, initial_capacity = 3)]
fn moka(n: u64) -> u64 {
    n
}

#[ttl_cache(lru, async, thread)]
async fn in_a_word(n: u64) -> u64 {
    n
}

#[ttl_cache(record_stats = true, refresh_after_write = "5s", early_refresh = "5s")]
fn caffeine(n: u64) -> u64 {
    n
}

#[ttl_cache(policy = tiny_lfu)]
fn its_policy(n: u64) -> u64 {
    n
}

#[ttl_cache(policy = mru)]
fn no_policy_of_ours(n: u64) -> u64 {
    n
}

fn main() {
    functools(1);
    memoize_cache_clear();
}
