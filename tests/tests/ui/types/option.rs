use ttl_memo::ttl_cache;

#[ttl_cache(maxsize = String::new(), ttl = 1 + 1, tti = "10s".to_string(), clock = 5, hasher = 3)]
fn values(n: u8) -> u8 {
    n
}

#[ttl_cache(weigher = |key, value| key.len() + value)]
fn closures(n: u8) -> u8 {
    n
}

#[ttl_cache(cache_if = |value| *value, valid_if = |_, _| 1, refresh_if = *n)]
fn rules(n: u8) -> u8 {
    n
}

fn main() {}
