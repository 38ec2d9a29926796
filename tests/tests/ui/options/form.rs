use ttl_memo::ttl_cache;

#[ttl_cache("10m")]
fn value_without_name(n: u64) -> u64 {
    n
}

#[ttl_cache(128)]
fn number_without_name(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl)]
fn name_without_value(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = )]
fn value_missing(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl: "10m")]
fn colon(n: u64) -> u64 {
    n
}

#[ttl_cache(Capacity: 100, TimeToLive: std::time::Duration::from_secs(2))]
fn another_crates(n: u64) -> u64 {
    n
}

#[ttl_cache(maxsize(10))]
fn parentheses(n: u64) -> u64 {
    n
}

#[ttl_cache(maxsize = 10 ttl = "5s")]
fn comma_missing(n: u64) -> u64 {
    n
}

#[ttl_cache(ttl = 10 minutes)]
fn words_outside_a_string(n: u64) -> u64 {
    n
}

#[ttl_cache(forever = true)]
fn flag_with_value(n: u64) -> u64 {
    n
}

#[ttl_cache(+)]
fn no_option_at_all(n: u64) -> u64 {
    n
}

fn main() {}
