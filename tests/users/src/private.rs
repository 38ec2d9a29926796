//! What nobody else sees, and whose helpers nobody calls.

use memo::ttl_cache;

#[ttl_cache]
pub(crate) fn used(n: u8) -> u8 {
    n
}

#[ttl_cache]
fn own(n: u8, text: String) -> String {
    format!("{text}{n}")
}

#[ttl_cache(skip(n))]
fn skipping(mut n: u8, (a, _b): (u8, u8)) -> u8 {
    n += a;
    n
}

pub(crate) fn all() -> String {
    own(used(1), String::new()) + &skipping(1, (1, 2)).to_string()
}
