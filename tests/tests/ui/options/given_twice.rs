use ttl_memo::ttl_cache;

#[ttl_cache(ttl = "5s", maxsize = 10, ttl = "6s")]
fn f(n: u64) -> u64 {
    n
}

fn main() {}
