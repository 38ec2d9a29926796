use ttl_memo::ttl_cache;

#[ttl_cache(maxsize = "128")]
fn string(n: u64) -> u64 {
    n
}

#[ttl_cache(maxsize = "many")]
fn word(n: u64) -> u64 {
    n
}

#[ttl_cache(maxsize = -1)]
fn negative(n: u64) -> u64 {
    n
}

#[ttl_cache(maxsize = 1e3)]
fn float(n: u64) -> u64 {
    n
}

#[ttl_cache(maxsize = 128u32)]
fn other_integer(n: u64) -> u64 {
    n
}

#[ttl_cache(maxsize = Some(128))]
fn some(n: u64) -> u64 {
    n
}

#[ttl_cache(maxsize = "unlimited")]
fn without_end(n: u64) -> u64 {
    n
}

fn main() {}
