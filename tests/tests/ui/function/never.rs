use ttl_memo::ttl_cache;

#[ttl_cache]
fn f(n: u64) -> ! {
    panic!("{n}")
}

fn main() {}
