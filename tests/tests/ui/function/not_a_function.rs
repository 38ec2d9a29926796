use ttl_memo::ttl_cache;

#[ttl_cache]
struct Point {
    x: u64,
}

#[ttl_cache]
impl Point {
    fn x(&self) -> u64 {
        self.x
    }
}

#[ttl_cache]
pub trait Shape {
    fn area(&self) -> u64;
}

#[ttl_cache]
const N: u64 = 3;

#[ttl_cache]
pub(crate) mod inner {}

fn main() {
    // All of them are still there.
    let _ = Point { x: N }.x();
}
