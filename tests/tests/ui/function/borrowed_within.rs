// What is borrowed within a type that is cloned as a whole.
use std::collections::BTreeMap;
use std::sync::Arc;

use ttl_memo::ttl_cache;

#[ttl_cache]
fn boxed(words: Box<[&str]>) -> usize {
    words.len()
}

#[ttl_cache]
fn deep(both: (u8, Option<Arc<&str>>), map: &Option<BTreeMap<&str, u8>>) -> usize {
    both.1.map_or(0, |word| word.len()) + map.iter().len()
}

#[ttl_cache]
fn result<'a>(read: Result<&'a str, &'a u8>) -> bool {
    read.is_ok()
}

#[ttl_cache]
fn lasting(words: Box<[&'static str]>, call: Option<Arc<fn(&str) -> &str>>) -> usize {
    words.len() + usize::from(call.is_some())
}

fn main() {
    boxed(Box::new([""]));
}
