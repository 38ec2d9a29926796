use ttl_memo::ttl_cache;

struct Counter(u64);

impl Counter {
    #[ttl_cache]
    fn next(&mut self, by: u64) -> u64 {
        self.0 += by;
        self.0
    }

    #[ttl_cache(skip(self))]
    fn skipped(&mut self, by: u64) -> u64 {
        self.0 += by;
        self.0
    }
}

#[ttl_cache]
fn reference(buffer: &mut Vec<u8>) -> usize {
    buffer.len()
}

#[ttl_cache]
fn inside(buffer: Option<&mut Vec<u8>>) -> bool {
    buffer.is_some()
}

#[ttl_cache]
fn pattern((_a, _b): (&mut u8, u8)) -> u8 {
    0
}

#[ttl_cache(key = buffer.len())]
fn read_by_a_key(buffer: &mut Vec<u8>) -> usize {
    buffer.len()
}

fn main() {}
