use ttl_memo::ttl_cache;

#[ttl_cache(maxsize = 10)]
#[ttl_cache(ttl = "5s")]
fn f(n: u64) -> u64 {
    n
}

fn main() {
    f(3);
    f_cache_clear();
}
