//! What a thread keeps for itself, and for how long.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::{SECOND, advance, cached, clock, heard, rt, runs, shared};
use crate::{RemovalCause, Source};

#[test]
fn a_thread_has_a_cache_of_its_own_for_values_that_stay_there() {
    let value = shared::call(1);
    assert!(Rc::ptr_eq(&value, &shared::call(1)));
    assert_eq!((runs(), shared::info().hits, shared::info().misses), (1, 1, 1));
    let other = std::thread::spawn(|| {
        shared::call(1);
        (runs(), shared::info().hits, shared::info().misses)
    });
    assert_eq!(other.join().expect("it does not panic"), (1, 0, 1));
    assert_eq!((Rc::strong_count(&value), shared::info().hits), (2, 1));
}

thread_local! {
    static OWN: RefCell<Option<Arc<()>>> = const { RefCell::new(None) };
}

cached! {
    fn held(n: u32) -> Arc<()>;
    ttl_memo_shape; |builder| builder;
    { let _ = n; OWN.with_borrow(|own| Arc::clone(own.as_ref().expect("set"))) }
}

#[test]
fn what_a_thread_has_cached_goes_with_it() {
    let value = Arc::new(());
    let own = Arc::clone(&value);
    let thread = std::thread::spawn(move || {
        OWN.set(Some(own));
        (0..10).for_each(|n| drop(held::call(n)));
        OWN.take();
    });
    thread.join().expect("it does not panic");
    assert_eq!(Arc::strong_count(&value), 1);
}

#[test]
fn entries_expire_are_evicted_and_told_of() {
    shared::call(1);
    shared::call(2);
    shared::call(1);
    shared::call(3);
    assert_eq!((heard(), shared::info().evictions), (vec![(2, RemovalCause::Size)], 1));
    advance(9 * SECOND + Duration::from_nanos(999_999_999));
    assert!(shared::peek(1).is_some());
    advance(Duration::from_nanos(1));
    assert_eq!((shared::peek(1), shared::info().len), (None, 0));
    assert_eq!(shared::fetch(1).source, Source::Miss);
    let mut told = heard();
    told.sort_unstable_by_key(|(key, _)| *key);
    assert_eq!(told, [(1, RemovalCause::Expired), (3, RemovalCause::Expired)]);
    assert_eq!(shared::info().expirations, 2);
    shared::call(2);
    assert!(shared::invalidate(2) && !shared::invalidate(2));
    assert_eq!(heard(), [(2, RemovalCause::Invalidated)]);
    shared::insert(1, Rc::new(7));
    assert_eq!((heard(), *shared::call(1)), (vec![(1, RemovalCause::Replaced)], 7));
    advance(10 * SECOND);
    assert_eq!((shared::expire(), heard()), (1, vec![(1, RemovalCause::Expired)]));
    shared::call(1);
    shared::clear();
    assert_eq!(
        (heard(), shared::info()),
        (vec![(1, RemovalCause::Invalidated)], {
            crate::CacheInfo { maxsize: Some(2), ..Default::default() }
        })
    );
}

#[test]
fn what_has_expired_is_given_back_by_hits() {
    cached! {
        fn many(n: u32) -> u32;
        ttl_memo_shape; |builder| builder.maxsize(None).clock(clock())
            .expire_after(|n: &u32, _: &u32| (*n > 0).then_some(SECOND));
        { n }
    }
    (0..1_000).for_each(|n| assert_eq!(many::call(n), n));
    advance(SECOND);
    for _ in 0..100 {
        many::call(0);
    }
    assert_eq!((many::info().expirations, many::info().len), (999, 1));
}
