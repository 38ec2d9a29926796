//! Other attributes on the same function.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use ttl_memo::ttl_cache;

/// Counts spans.
struct Spans(&'static AtomicUsize);

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Not those of the cache itself.
        metadata.target().starts_with(module_path!())
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        assert_eq!(span.metadata().name(), "load");
        self.0.fetch_add(1, Relaxed);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn one_below_is_applied_once_to_the_function_alone() {
    static SPANS: AtomicUsize = AtomicUsize::new(0);

    #[ttl_cache(skip(_log))]
    #[tracing::instrument(skip(_log))]
    fn load(id: u32, _log: &dyn Fn()) -> u32 {
        id
    }

    tracing::subscriber::with_default(Spans(&SPANS), || {
        assert_eq!((load(1, &|| ()), load(1, &|| ())), (1, 1));
        assert_eq!(load_uncached(1, &|| ()), 1);
    });
    assert_eq!((SPANS.load(Relaxed), load_cache_info().hits), (2, 1));
}

#[test]
fn one_above_is_part_of_the_body() {
    static SPANS: AtomicUsize = AtomicUsize::new(0);

    #[tracing::instrument]
    #[ttl_cache]
    async fn load(id: u32) -> u32 {
        id
    }

    tracing::subscriber::with_default(Spans(&SPANS), || {
        futures_lite::future::block_on(async {
            assert_eq!((load(1).await, load(1).await), (1, 1));
        });
    });
    assert_eq!((SPANS.load(Relaxed), load_cache_info().hits), (1, 1));
}

#[test]
fn a_panic_knows_its_caller() {
    #[ttl_cache]
    #[track_caller]
    fn caller(n: u32) -> u32 {
        n.max(std::panic::Location::caller().column().min(1))
    }

    assert_eq!(caller(1), 1);
}

#[test]
fn conditions_are_shared() {
    #[cfg(all(test, not(doc)))]
    #[ttl_cache]
    fn which() -> u8 {
        1
    }

    #[cfg(not(all(test, not(doc))))]
    #[ttl_cache]
    fn which() -> u8 {
        2
    }

    assert_eq!((which(), which_cache_info().misses), (1, 1));
}

/// What a user's crate may have that hands the attribute on by other names.
mod prelude {
    pub(super) use ttl_memo as remembering;
    pub(super) use ttl_memo::ttl_cache as remember;
}

#[test]
fn another_name_is_told_where_the_crate_is() {
    use prelude::remember;

    #[remember(crate = self::prelude::remembering, ttl = None, key = *n % 10)]
    fn last_digit(n: u64) -> u64 {
        n % 10
    }

    assert_eq!((last_digit(7), last_digit(17)), (7, 7));
    let info: prelude::remembering::CacheInfo = last_digit_cache_info();
    assert_eq!((info.hits, info.misses), (1, 1));
}
