use ttl_memo::ttl_cache;

struct Plain(u8);

#[ttl_cache(key = plain)]
fn reference(plain: &Plain) -> u8 {
    plain.0
}

#[ttl_cache(key = Plain(*n))]
fn value(n: u8) -> u8 {
    n
}

#[ttl_cache(key = (*n, Plain(*n)))]
fn part(n: u8) -> u8 {
    n
}

fn main() {}
