use ttl_memo::ttl_cache;

#[ttl_cache(spawn = std::thread::spawn)]
fn nothing_to_spawn(n: u64) -> u64 {
    n
}

#[ttl_cache(on_error = |_, _| {})]
fn nothing_stands_in(n: u64) -> Result<u64, ()> {
    Ok(n)
}

#[ttl_cache(stale_while_revalidate = "5s", on_error = |_, _| {})]
fn the_caller_hears(n: u64) -> Result<u64, ()> {
    Ok(n)
}

#[ttl_cache(ttl = "5s", refresh_ahead = "5s")]
fn ahead_of_all(n: u64) -> u64 {
    n
}

#[ttl_cache(refresh_ahead = "1h")]
fn ahead_of_the_default(n: u64) -> u64 {
    n
}

fn main() {}
