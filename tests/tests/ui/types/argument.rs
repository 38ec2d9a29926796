use ttl_memo::ttl_cache;

struct Plain(u8);

#[derive(PartialEq, Eq, Clone)]
struct NoHash(u8);

#[ttl_cache]
fn by_value(plain: Plain, n: u8) -> u8 {
    plain.0 + n
}

#[ttl_cache]
fn by_reference(plain: &Plain) -> u8 {
    plain.0
}

#[ttl_cache]
fn only_one_missing(list: Vec<NoHash>) -> usize {
    list.len()
}

#[ttl_cache]
fn within(pair: (&str, &NoHash), some: Option<&Plain>) -> usize {
    pair.0.len() + usize::from(some.is_some())
}

#[ttl_cache]
fn generic<T>(value: T) -> u8 {
    drop(value);
    1
}

#[ttl_cache]
fn not_shared(value: std::rc::Rc<str>) -> usize {
    value.len()
}

fn main() {
    by_value(Plain(1), 1);
    by_reference(&Plain(1));
}
