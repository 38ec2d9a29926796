use std::time::Duration;

use ttl_memo::ttl_cache;

#[ttl_cache(maxsize = size)]
fn bound_by_an_argument(size: usize) -> usize {
    size
}

#[ttl_cache(ttl = Duration::from_secs(secs), jitter = f64::from(share) / 2.0)]
fn time_by_an_argument(secs: u64, share: f32) -> u64 {
    secs
}

struct Repo {
    ttl: Duration,
    name: &'static str,
}

impl Repo {
    #[ttl_cache(skip(self), ttl = self.ttl, name = self.name.to_owned())]
    fn find(&self, id: u64) -> u64 {
        id
    }
}

const fn secs() -> u64 {
    60
}

// Another thing of the same name.
#[ttl_cache(ttl = Duration::from_secs(secs()), maxsize = { let secs = 5; secs })]
fn not_the_argument(secs: u64) -> u64 {
    secs
}

fn main() {
    not_the_argument(1);
}
