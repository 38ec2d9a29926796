use ttl_memo::ttl_cache;

#[ttl_cache(jitter = 2.0)]
fn too_much(n: u64) -> u64 {
    n
}

#[ttl_cache(jitter = -0.1)]
fn negative(n: u64) -> u64 {
    n
}

#[ttl_cache(jitter = 20)]
fn percent(n: u64) -> u64 {
    n
}

#[ttl_cache(jitter = 1)]
fn integer(n: u64) -> u64 {
    n
}

#[ttl_cache(jitter = "10%")]
fn string(n: u64) -> u64 {
    n
}

#[ttl_cache(jitter = 0.1f32)]
fn other_float(n: u64) -> u64 {
    n
}

fn main() {}
