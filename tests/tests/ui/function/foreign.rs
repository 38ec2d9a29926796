use ttl_memo::ttl_cache;

#[ttl_cache]
extern "C" fn f(n: u64) -> u64 {
    n
}

fn main() {
    f(3);
}
