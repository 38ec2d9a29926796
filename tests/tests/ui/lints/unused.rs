// A function that nobody uses is told of as it would be without the attribute: once, at its name.
// One of which a helper is used is not, nor is a helper that nobody uses.
#![deny(dead_code, unfulfilled_lint_expectations)]
use ttl_memo::ttl_cache;

#[ttl_cache]
fn unused(n: u8) -> u8 {
    only_by_the_unused(n)
}

fn only_by_the_unused(n: u8) -> u8 {
    n
}

#[ttl_cache(refresh_ahead = "5s", spawn = std::thread::spawn)]
pub(crate) fn unused_beyond_the_crate<T: Clone>(n: u8) -> Option<u8> {
    Some(n)
}

#[ttl_cache(helpers = pub(crate), skip(by))]
async fn unused_async(n: u8, by: &str) -> Result<u8, std::num::ParseIntError> {
    Ok(n + by.parse::<u8>()?)
}

/// Calls itself alone.
#[ttl_cache]
#[must_use]
unsafe fn unused_recursive(n: u8) -> u8 {
    if n == 0 { 0 } else { unsafe { unused_recursive(n - 1) } }
}

#[ttl_cache(scope = thread)]
fn unused_local(n: u8) -> u8 {
    n
}

#[ttl_cache(helpers = false)]
fn unused_alone(n: u8) -> u8 {
    n
}

#[ttl_cache]
#[allow(dead_code)]
fn allowed(n: u8) -> u8 {
    n
}

#[ttl_cache]
#[expect(dead_code, unused_variables, reason = "for later")]
fn expected(n: u8) -> u8 {
    1
}

#[ttl_cache]
fn called(n: u8) -> u8 {
    n
}

#[ttl_cache]
fn cleared(n: u8) -> u8 {
    n
}

#[ttl_cache]
fn fetched<T: Clone>(n: u8) -> Option<u8> {
    Some(n)
}

#[ttl_cache]
#[deprecated]
fn peeked(n: u8) -> u8 {
    n
}

#[ttl_cache]
fn unnameable(n: impl Into<u8> + Clone + std::hash::Hash + Eq + Send + Sync + 'static) -> u8 {
    n.into()
}

struct Repo;

impl Repo {
    #[ttl_cache(in_impl)]
    fn of_which_nothing_is_told(n: u8) -> u8 {
        n
    }

    fn unused_beside_it(&self) {}

    #[ttl_cache(in_impl, helpers = false)]
    fn unused_alone(n: u8) -> u8 {
        n
    }

    #[ttl_cache(skip(self))]
    #[expect(dead_code)]
    fn expected(&self, n: u8) -> u8 {
        n
    }
}

fn main() {
    let _ = Repo;
    called(1);
    cleared_cache_clear();
    fetched_cache_fetch::<u8>(1);
    peeked_cache_peek(1);
    {
        #[ttl_cache]
        fn unused_within(n: u8) -> u8 {
            n
        }
    }
}
