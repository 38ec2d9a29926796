use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use ttl_memo::ttl_cache;

type OwnFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

struct Parsed<'a>(&'a str);

#[ttl_cache]
fn reference(text: &str) -> &str {
    text
}

#[ttl_cache]
fn slice<'a>(bytes: &'a [u8]) -> Option<&'a [u8]> {
    Some(bytes)
}

#[ttl_cache]
fn path<'a>(text: &'a str) -> Parsed<'a> {
    Parsed(text)
}

#[ttl_cache]
fn elided(text: &str) -> Cow<'_, str> {
    text.into()
}

#[ttl_cache]
fn object<'a>(text: &'a str) -> Box<dyn Fn() -> usize + 'a> {
    Box::new(move || text.len())
}

#[ttl_cache]
fn in_a_result(text: &str) -> Result<&str, Parsed<'_>> {
    Ok(text)
}

#[ttl_cache]
async fn awaited(text: &str) -> &str {
    text
}

#[ttl_cache]
fn boxed(text: &str) -> OwnFuture<'_, usize> {
    Box::pin(async move { text.len() })
}

#[ttl_cache]
fn borrowed_error(text: &str) -> Result<usize, Parsed<'_>> {
    text.parse().map_err(|_| Parsed(text))
}

#[ttl_cache]
fn outlives_all(n: u64) -> &'static str {
    if n == 0 { "nothing" } else { "something" }
}

fn main() {
    let _ = Parsed("").0;
}
