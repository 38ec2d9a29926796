use ttl_memo::ttl_cache;

#[ttl_cache(key = *n, skip(m))]
fn f(n: u64, m: u64) -> u64 {
    n + m
}

fn main() {}
