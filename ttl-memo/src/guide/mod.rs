//! The guide: a page for each question of the first month.
//!
//! | page | answers |
//! |---|---|
//! | [`keys`] | which calls are the same; what a look-up costs; floats, references, keys of your own |
//! | [`results`] | what of a `Result` or an `Option` is stored, and what an error may do |
//! | [`asynchronous`] | `async fn`, runtimes, cancellation, `Send` |
//! | [`methods`] | methods, traits, generics, a cache for each instance, one for several functions |
//! | [`invalidation`] | how to drop what is no longer true, and what is guaranteed then |
//! | [`freshness`] | stale windows and refreshes: what a call does at each moment of an entry's life |
//! | [`sizing`] | which `maxsize` and `ttl`, and how to tell whether the annotation earns its place |
//! | [`expiry`] | what happens to a value when it expires, when, and on whose thread |
//! | [`testing`] | tests that do not sleep and do not see each other's entries |
//! | [`observing`] | counters, metrics, tracing, the registry |
//! | [`coming_from`] | `cachetools`, `functools`, `cached`, `memoize`, `moka`: each line of theirs beside ours |
//! | [`how_it_works`] | the words of these pages; what the attribute makes, what a hit, a miss and a flight are; recursion |
//!
//! The options, one by one, are on the page of the attribute: [`ttl_cache`](macro@crate::ttl_cache).

#[doc = include_str!("asynchronous.md")]
pub mod asynchronous {}

#[doc = include_str!("coming_from.md")]
pub mod coming_from {}

#[doc = include_str!("expiry.md")]
pub mod expiry {}

// The state table stands below the text: one row a state of an entry.
#[doc = include_str!("freshness.md")]
#[doc = "\n# In every state\n"]
#[doc = include_str!("freshness_table.md")]
pub mod freshness {}

#[doc = include_str!("how_it_works.md")]
pub mod how_it_works {}

#[doc = include_str!("invalidation.md")]
pub mod invalidation {}

#[doc = include_str!("keys.md")]
pub mod keys {}

#[doc = include_str!("methods.md")]
pub mod methods {}

#[doc = include_str!("observing.md")]
pub mod observing {}

#[doc = include_str!("results.md")]
pub mod results {}

#[doc = include_str!("sizing.md")]
pub mod sizing {}

#[doc = include_str!("testing.md")]
pub mod testing {}
