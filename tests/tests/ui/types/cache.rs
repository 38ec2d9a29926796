use std::sync::LazyLock;

use ttl_memo::{TtlCache, ttl_cache};

static USERS: LazyLock<TtlCache<u32, String>> = LazyLock::new(|| TtlCache::builder().build());

#[ttl_cache(cache = &USERS)]
fn other_key(name: &str) -> String {
    name.into()
}

#[ttl_cache(cache = &USERS)]
fn other_value(n: u32) -> u32 {
    n
}

#[ttl_cache(cache = &USERS, single_flight = false)]
async fn neither(name: &str) -> Result<Vec<u8>, ()> {
    Ok(name.into())
}

#[ttl_cache(cache = USERS)]
fn no_reference(n: u32) -> String {
    n.to_string()
}

#[ttl_cache(cache = &"users")]
fn no_cache(n: u32) -> String {
    n.to_string()
}

struct Repo {
    users: TtlCache<u32, String>,
}

impl Repo {
    #[ttl_cache(cache = &self.users)]
    fn of_the_instance(&self, n: u64) -> String {
        n.to_string()
    }
}

fn main() {}
