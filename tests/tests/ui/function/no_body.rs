use ttl_memo::ttl_cache;

trait Load {
    #[ttl_cache(helpers = false)]
    fn load(&self) -> u64;
}

fn main() {}
