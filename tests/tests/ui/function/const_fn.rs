use ttl_memo::ttl_cache;

#[ttl_cache]
const fn f(n: u64) -> u64 {
    n
}

fn main() {
    const _: u64 = f(3);
}
