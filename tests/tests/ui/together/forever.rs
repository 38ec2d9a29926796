use ttl_memo::ttl_cache;

#[ttl_cache(forever, maxsize = 10, ttl = "5s")]
fn bounded(n: u64) -> u64 {
    n
}

#[ttl_cache(forever, jitter = 0.1)]
fn spread(n: u64) -> u64 {
    n
}

#[ttl_cache(forever, weigher = |_, _| 1)]
fn weighed(n: u64) -> u64 {
    n
}

fn main() {}
