use ttl_memo::ttl_cache;

#[ttl_cache(skip(lgger))]
fn misspelt(n: u64, logger: u64) -> u64 {
    n + logger
}

#[ttl_cache(skip(connection))]
fn no_such_parameter(n: u64, m: u64) -> u64 {
    n + m
}

#[ttl_cache(skip(a))]
fn part_of_a_pattern((a, b): (u64, u64), n: u64) -> u64 {
    a + b + n
}

#[ttl_cache(skip(self))]
fn no_receiver(n: u64) -> u64 {
    n
}

#[ttl_cache(skip(n))]
fn no_parameters() -> u64 {
    0
}

#[ttl_cache(skip(_))]
fn no_unnamed_parameter(n: u64) -> u64 {
    n
}

#[ttl_cache(skip(n, n))]
fn the_same_twice(n: u64) -> u64 {
    n
}

#[ttl_cache(skip = n)]
fn equals_sign(n: u64) -> u64 {
    n
}

#[ttl_cache(skip = (n, m))]
fn equals_sign_and_list(n: u64, m: u64) -> u64 {
    n + m
}

#[ttl_cache(skip())]
fn nothing(n: u64) -> u64 {
    n
}

#[ttl_cache(skip)]
fn flag(n: u64) -> u64 {
    n
}

#[ttl_cache(skip(&n))]
fn reference(n: &u64) -> u64 {
    *n
}

#[ttl_cache(skip("n"))]
fn string(n: u64) -> u64 {
    n
}

#[ttl_cache(skip(n.id))]
fn field(n: u64) -> u64 {
    n
}

fn main() {}
