// What borrows, or may: one error each, at its type.
use std::hash::Hash;

use ttl_memo::ttl_cache;

#[derive(Clone, Hash, PartialEq, Eq)]
struct Word<'a>(&'a str);

#[ttl_cache]
fn value<T: Default + Clone + Send + Sync>(n: u8) -> Result<T, u8> {
    Err(n)
}

#[ttl_cache]
fn key<T: Hash + Eq + Clone + Send + Sync>(n: u8, key: Option<T>) -> u8 {
    drop(key);
    n
}

#[ttl_cache]
fn hidden_in_value(text: &str) -> Option<Word> {
    Some(Word(text))
}

#[ttl_cache]
fn hidden_in_key(n: u8, word: &Word<'_>) -> usize {
    word.0.len() + usize::from(n)
}

#[ttl_cache(helpers = false)]
async fn named_in_key<'a>(word: Word<'a>) -> usize {
    word.0.len()
}

#[ttl_cache(key = word.clone())]
fn in_expression(word: &Word<'_>) -> usize {
    word.0.len()
}

fn main() {}
