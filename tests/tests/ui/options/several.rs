// Each mistake is one error, those after an unreadable value included.
use ttl_memo::ttl_cache;

#[ttl_cache(
    max_size = 10,
    on_evict = |key, value, cause| !,
    ttl = 600,
    policy = mru,
    ttl = "5s",
    skip(m),
)]
fn f(n: &mut u64) -> &u64 {
    n
}

fn main() {}
