use ttl_memo::ttl_cache;

#[ttl_cache(err_ttl = "5s")]
fn number(n: u64) -> u64 {
    n
}

#[ttl_cache(stale_if_error = "5s", on_error = |_, _| {})]
fn nothing(_n: u64) {}

fn main() {}
