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

#[ttl_cache(refresh_ahead = "5s", spawn = std::thread::spawn)]
fn error(text: &str) -> Result<usize, &str> {
    text.parse().map_err(|_| text)
}

trait Shown {
    fn shown(&self) -> String;
    fn named<'a>(&self, text: &'a str) -> usize;
}

impl Shown for u8 {
    #[ttl_cache(helpers = false, refresh_ahead = "5s", spawn = std::thread::spawn)]
    fn shown(&self) -> String {
        format!("{self}")
    }

    #[ttl_cache(helpers = false, refresh_ahead = "5s", spawn = std::thread::spawn)]
    fn named<'a>(&self, text: &'a str) -> usize {
        let text: &'a str = text.trim();
        text.len()
    }
}

fn main() {}
