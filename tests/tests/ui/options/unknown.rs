use ttl_memo::ttl_cache;

#[ttl_cache(max_size = 10)]
fn other_spelling(n: u64) -> u64 {
    n
}

#[ttl_cache(polcy = lru)]
fn slip_of_the_pen(n: u64) -> u64 {
    n
}

#[ttl_cache(time_to_live = "5s", convert = (n), sync_writes = true)]
fn names_from_elsewhere(n: u64) -> u64 {
    n
}

#[ttl_cache(unbound, result = true)]
fn names_without_counterpart(n: u64) -> u64 {
    n
}

#[ttl_cache(frobnicate = 3)]
fn nothing_like_it(n: u64) -> u64 {
    n
}

#[ttl_cache(size = 1, capacity = 1, max_capacity = 1, limit = 1)]
fn bounds_from_elsewhere(n: u64) -> u64 {
    n
}

#[ttl_cache(time = 1, ttl_secs = 1, expire_after_write = 1, time_to_idle = 1)]
fn times_from_elsewhere(n: u64) -> u64 {
    n
}

#[ttl_cache(expire_after_access = 1, ignore(n), sync = true)]
fn more_from_elsewhere(n: u64) -> u64 {
    n
}

#[ttl_cache(size = 10, time = 60, convert = r#"{ n }"#, sync_writes = true, result = true)]
fn from_cached(n: u64) -> Result<u64, ()> {
    Ok(n)
}

#[ttl_cache(capacity = 10, time_to_live = "5s", typed, max_age = 5, disk = true)]
fn from_elsewhere(n: u64) -> u64 {
    n
}

fn main() {}
