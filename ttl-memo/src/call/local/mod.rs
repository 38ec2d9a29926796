//! Calls of functions with `scope = thread`: a cache for each thread, and values that need not be
//! `Send`.
//!
//! The same names as for other functions, so that an expansion says the same but for the path
//! (`generated::local::…` for `generated::…`), the probes' constructors (`of_local` for `of`, and so
//! on) and the static:
//!
//! ```ignore
//! static SITE: rt::Site = {
//!     ::std::thread_local! {
//!         static LATEST: rt::Latest = const { rt::Latest::new() };
//!         static CACHES: rt::Caches = const { rt::Caches::new(&LATEST) };
//!     }
//!     rt::Site::new(&LATEST, &CACHES)
//! };
//! let query = args.map(|(n,)| rt::Value::of_local(n).ttl_memo_part());
//! let shape = rt::Returns::<R, _>::new_local().ttl_memo_shape();
//! SITE.entry("f", query, shape, |builder| builder)          // or `entry_with`, with rules
//! ```
//!
//! What the hidden function gives is an `impl rt::Call<R>`, to be handed to `rt::begin(call).run(…)`,
//! `rt::fetch`, `rt::clear` and so on, or asked of in `rt::memoize(args, |…, asking|
//! asking.call(call), |…| …)`. Options are set on a builder like that of other
//! functions, whose hooks need not be `Send`. There is no `on`, no `begin_spawning` and no `call_spawning`.
//!
//! A call from a thread-local's destructor, when this thread's caches have gone, is answered by a
//! cache of its own, made for it: it runs the body.
//!
//! A load of an async function that is in progress is known to the other tasks of its thread by the
//! same kind of flight as between threads. One of a function that is not async has [none](plain),
//! unless its options ask for more than a plain call does.

mod asked;
mod bundled;
mod entry;
pub mod kept;
mod plain;
mod site;
#[cfg(test)]
mod tests;

pub use asked::{Asking, memoize};
pub use bundled::{
    begin, begin_if, clear, expire, fetch, info, insert, invalidate, invalidate_if, parameters,
    peek, refresh,
};
pub use entry::{Call, Entry, Held, RulesIn};
pub use plain::{Loading, Plain};
#[cfg(feature = "testing")]
pub(crate) use site::Shelf;
pub use site::{Caches, Latest, Site};
