//! What becomes of a call whose body calls back, fails or panics.

use std::rc::Rc;

use super::{FAILS, GENERATION, RUNS, SECOND, advance, cached, clock, next, rt, run, runs, shared};
use crate::Source;

cached! {
    fn fib(n: u32) -> u64;
    ttl_memo_shape; |builder| builder.maxsize(None);
    { run(); if n < 2 { u64::from(n) } else { call(n - 1) + call(n - 2) } }
}

#[test]
fn a_body_may_call_its_function_with_other_arguments() {
    assert_eq!(fib::call(80), 23_416_728_348_467_685);
    assert_eq!((runs(), fib::info().misses, fib::info().hits), (81, 81, 78));
}

#[test]
fn a_body_that_calls_its_function_with_the_same_arguments_runs_again_and_stores_once() {
    next(|| assert_eq!(*shared::call(1), 1));
    let outer = shared::call(1);
    assert_eq!((runs(), shared::info().misses, shared::info().len), (2, 2, 1));
    assert!(Rc::ptr_eq(&outer, &shared::call(1)), "the outer call's value is the one stored");
}

#[test]
fn invalidation_within_a_body_wins() {
    let ways: [fn(); 4] = [
        shared::clear,
        || _ = shared::invalidate(1),
        || _ = rt::invalidate_if(shared::hidden(None), |n: &u32| *n == 1),
        || drop((shared::refresh(1), shared::invalidate(1))),
    ];
    for way in ways {
        next(way);
        assert_eq!(*shared::call(1), 1);
        assert_eq!(shared::peek(1), None, "what began before the invalidation is not stored");
        shared::call(1);
        assert!(shared::peek(1).is_some());
        shared::clear();
    }
    next(|| shared::insert(1, Rc::new(7)));
    assert_eq!((*shared::call(1), *shared::call(1)), (1, 7));
}

#[test]
fn a_body_that_panics_stores_nothing() {
    next(|| std::panic::resume_unwind(Box::new(())));
    assert!(std::panic::catch_unwind(|| drop(shared::call(1))).is_err());
    assert_eq!((shared::info().failures, shared::info().misses), (1, 1));
    assert_eq!((*shared::call(1), shared::info().len), (1, 1));
}

cached! {
    fn fallible(n: u32) -> Result<u32, String>;
    ttl_memo_shape; |builder| builder.clock(clock()).ttl(10 * SECOND)
        .stale_if_error(10 * SECOND).stale_while_revalidate(5 * SECOND);
    |rules| rules.cache_if(|value| *value != 13).valid_if(|_, value| *value != 99)
        .on_error(|_, _| RUNS.set(RUNS.get() + 1_000)).refresh_ahead(2 * SECOND);
    { run(); if FAILS.get() { Err(format!("no {n}")) } else { Ok(n + GENERATION.get()) } }
}

#[test]
fn errors_are_handed_on_and_not_stored() {
    FAILS.set(true);
    assert_eq!(fallible::call(1), Err("no 1".to_owned()));
    assert_eq!(fallible::call(1), Err("no 1".to_owned()));
    FAILS.set(false);
    assert_eq!((fallible::call(1), runs()), (Ok(1), 3));
    assert_eq!((fallible::info().failures, fallible::info().misses), (2, 3));
    assert_eq!((fallible::call(13), fallible::call(13), runs()), (Ok(13), Ok(13), 2));
}

#[test]
fn a_value_stands_in_for_an_error_for_a_while() {
    assert_eq!(fallible::call(1), Ok(1));
    FAILS.set(true);
    advance(19 * SECOND);
    runs();
    let fetched = fallible::fetch(1);
    assert_eq!((fetched.value, fetched.source, runs()), (Ok(1), Source::Stale, 1_001));
    advance(SECOND);
    assert_eq!(fallible::call(1), Err("no 1".to_owned()));
}

#[test]
fn what_is_past_its_deadline_is_invalidated_by_its_parameters_too() {
    assert_eq!((fallible::call(1), fallible::call(2)), (Ok(1), Ok(2)));
    FAILS.set(true);
    advance(12 * SECOND);
    assert_eq!(rt::invalidate_if(fallible::hidden(None), |n: &u32| *n == 1), 0, "none was live");
    assert_eq!((fallible::call(1), fallible::call(2)), (Err("no 1".to_owned()), Ok(2)));
}

#[test]
fn one_call_revalidates_while_those_within_are_given_the_old_value() {
    assert_eq!(fallible::call(1), Ok(1));
    advance(12 * SECOND);
    GENERATION.set(100);
    next(|| {
        let fetched = fallible::fetch(1);
        assert_eq!((fetched.value, fetched.source), (Ok(1), Source::Stale));
    });
    assert_eq!((fallible::call(1), fallible::call(1)), (Ok(101), Ok(101)));
    assert_eq!((fallible::info().stale, fallible::info().hits), (1, 2));
    // Ahead of the deadline, likewise.
    advance(9 * SECOND);
    GENERATION.set(200);
    next(|| assert_eq!(fallible::call(1), Ok(101)));
    assert_eq!(fallible::call(1), Ok(201));
    FAILS.set(true);
    advance(9 * SECOND);
    assert_eq!(fallible::call(1), Ok(201), "a value that is live stands in");
}

#[test]
fn an_entry_that_is_not_valid_is_none() {
    fallible::insert(1, Ok(99));
    assert_eq!((fallible::peek(1), fallible::call(1)), (None, Ok(1)));
    assert_eq!(fallible::info().expirations, 1);
}

cached! {
    fn kept(n: u32) -> Result<u32, String>;
    ttl_memo_shape_of_both; |builder| builder.clock(clock()).ttl(10 * SECOND)
        .err_ttl(2 * SECOND).stale_while_revalidate(5 * SECOND);
    { run(); if FAILS.get() { Err(format!("no {n}")) } else { Ok(n) } }
}

#[test]
fn errors_are_kept_for_their_time_and_no_longer() {
    FAILS.set(true);
    assert_eq!((kept::call(1), kept::call(1), runs()), (Err("no 1".into()), Err("no 1".into()), 1));
    FAILS.set(false);
    advance(2 * SECOND);
    assert_eq!((kept::call(1), runs()), (Ok(1), 1), "an error has no stale window");
    // A value is not replaced by an error while it may be served.
    FAILS.set(true);
    advance(11 * SECOND);
    assert!(kept::call(1).is_err());
    assert_eq!(kept::info().failures, 1, "an error that may take no value's place is a failure");
}
