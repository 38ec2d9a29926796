use ttl_memo::ttl_cache;

struct Repo;

impl Repo {
    #[ttl_cache(in_impl = false, skip(self))]
    fn find(&self, id: u64) -> u64 {
        id
    }
}

fn main() {}
