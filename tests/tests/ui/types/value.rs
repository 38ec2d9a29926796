use std::cell::Cell;
use std::rc::Rc;

use ttl_memo::ttl_cache;

struct NotClone;

type Fallible<T> = Result<T, String>;

#[ttl_cache]
fn not_clone(n: u8) -> NotClone {
    NotClone
}

#[ttl_cache]
fn not_clone_within(n: u8) -> Result<NotClone, String> {
    Ok(NotClone)
}

#[ttl_cache]
fn not_clone_within_alias(n: u8) -> Fallible<NotClone> {
    Ok(NotClone)
}

#[ttl_cache]
fn not_send(n: u8) -> Rc<u8> {
    Rc::new(n)
}

#[ttl_cache]
fn not_sync(n: u8) -> Cell<u8> {
    Cell::new(n)
}

#[ttl_cache]
fn generic<T: Default>(n: u8) -> T {
    T::default()
}

fn main() {
    not_clone(1);
}
