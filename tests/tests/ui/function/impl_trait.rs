use ttl_memo::ttl_cache;

#[ttl_cache]
fn iterator(n: u64) -> impl Iterator<Item = u64> {
    0..n
}

#[ttl_cache]
fn inside(n: u64) -> Option<impl Copy> {
    Some(n)
}

#[ttl_cache]
fn future(n: u64) -> impl Future<Output = u64> {
    async move { n }
}

fn main() {
    // The others of its helpers are there.
    iterator_cache_clear();
    iterator(3).count();
}
