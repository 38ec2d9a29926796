use ttl_memo::ttl_cache;

#[ttl_cache(
    ttl = None,
    jitter = 0.1,
    refresh_ahead = "5s",
    stale_while_revalidate = "5s",
    stale_if_error = "5s",
)]
fn f(n: u64) -> Result<u64, ()> {
    Ok(n)
}

fn main() {}
