use ttl_memo::ttl_cache;

#[ttl_cache]
fn f(n: u64, #[cfg(windows)] handle: u64) -> u64 {
    n
}

fn main() {}
