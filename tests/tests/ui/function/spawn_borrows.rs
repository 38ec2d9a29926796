use std::borrow::Cow;

use ttl_memo::ttl_cache;

#[ttl_cache(refresh_ahead = "5s", spawn = std::thread::spawn)]
fn nested(owned: &str, borrowed: &[&str]) -> usize {
    owned.len() + borrowed.len()
}

#[ttl_cache(refresh_ahead = "5s", spawn = std::thread::spawn)]
fn path(text: Cow<'_, str>) -> usize {
    text.len()
}

#[ttl_cache(refresh_ahead = "5s", spawn = std::thread::spawn, skip(buffer))]
fn mutable(n: usize, buffer: &mut Vec<u8>) -> usize {
    n + buffer.len()
}

fn main() {}
