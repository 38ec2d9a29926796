// A mistake in the body is reported beside one in the attribute.
use ttl_memo::ttl_cache;

#[ttl_cache(maxsiz = 10)]
fn f(n: u64) -> u64 {
    let text: String = n;
    text.len() as u64
}

fn main() {
    f(3);
}
