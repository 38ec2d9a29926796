use ttl_memo::ttl_cache;

#[ttl_cache(key = "String")]
fn key_in_a_string(n: u64) -> u64 {
    n
}

#[ttl_cache(key = 5)]
fn constant_key(n: u64) -> u64 {
    n
}

#[ttl_cache(cache_if = "|value| *value > 0")]
fn closure_in_a_string(n: u64) -> u64 {
    n
}

#[ttl_cache(weigher = 1)]
fn number_as_a_closure(n: u64) -> u64 {
    n
}

#[ttl_cache(refresh_if = "*force", skip(force))]
fn condition_in_a_string(n: u64, force: bool) -> u64 {
    n + u64::from(force)
}

#[ttl_cache(cache = 5)]
fn number_as_a_cache(n: u64) -> u64 {
    n
}

fn main() {}
