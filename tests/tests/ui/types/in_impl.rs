use ttl_memo::ttl_cache;

struct Math;

impl Math {
    #[ttl_cache]
    fn double(n: u32) -> u32 {
        n * 2
    }
}

fn main() {
    Math::double(2);
}
