use ttl_memo::ttl_cache;

#[ttl_cache(maxsize = None, weigher = |_, value| value.len())]
fn f(n: u64) -> String {
    n.to_string()
}

fn main() {}
