use ttl_memo::ttl_cache;

#[ttl_cache(ttl = 600)]
fn number(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = "600")]
fn number_in_a_string(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = 10s)]
fn unit_outside_a_string(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = 1.5)]
fn fraction(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = -5)]
fn negative(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = "10 parsecs")]
fn no_such_unit(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = "10 minuets")]
fn misspelt_unit(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = "1h 30")]
fn unit_missing(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = "ten minutes")]
fn number_missing(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = "")]
fn empty(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = "99999999999999999999 years")]
fn too_long(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = "0.1ns")]
fn too_fine(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = "0s")]
fn zero(n: u64) -> u64 {
    n
}

#[ttl_cache(tti = "0s")]
fn zero_tti(n: u64) -> u64 {
    n
}

#[ttl_cache(single_flight = "0s")]
fn zero_wait(n: u64) -> u64 {
    n
}

#[ttl_cache(single_flight = 5)]
fn wait_without_unit(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = 10 * 60, tti = (60 * 60) as u64)]
fn computed_without_unit(n: u64) -> u64 {
    n
}

#[ttl_cache(tti = None)]
fn none(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = Some(Duration::from_secs(5)))]
fn some(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = true)]
fn no_duration_at_all(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = "forever", tti = "never", single_flight = "none")]
fn without_end(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = "00:05:00", tti = "PT5M")]
fn other_notations(n: u64) -> u64 {
    n
}

#[ttl_cache(single_flight = None)]
fn no_wait(n: u64) -> u64 {
    n
}

fn main() {}
