// A closure that is given something else, and what is none.
use ttl_memo::ttl_cache;

#[ttl_cache(cache_if = |n, value| true, weigher = |value| 1)]
fn too_many_and_too_few(n: u8) -> u8 {
    n
}

#[ttl_cache(on_evict = |key, value| {}, tags = || ["a"], expire_after = move |value| None)]
fn too_few(n: u8) -> u8 {
    n
}

#[ttl_cache(cache_if = value > 3, tags = ["a"], weigher = !0)]
fn no_closure(n: u8) -> u8 {
    n
}

#[ttl_cache(key = |n| n % 10, refresh_if = |n| n > 3)]
fn no_need_of_a_closure(n: u8) -> u8 {
    n
}

#[ttl_cache(stale_while_revalidate = "5s", spawn = std::thread::spawn)]
async fn spawns_a_future(n: u8) -> u8 {
    n
}

#[ttl_cache(stale_while_revalidate = "5s", spawn = tokio::spawn)]
fn spawns_a_closure(n: u8) -> u8 {
    n
}

fn main() {
    too_few(1);
    spawns_a_closure(1);
}
