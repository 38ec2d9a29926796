//! Calls on caches of one thread, as expansions make them.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use proptest::prelude::*;

use crate::generated::local as rt;
use crate::{ManualClock, Policy, RemovalCause, Source};

const SECOND: Duration = Duration::from_secs(1);

/// A function of this module's, with what an expansion puts beside it.
macro_rules! cached {
    (
        fn $name:ident($arg:ident: $ty:ty) -> $output:ty;
        $shape:ident; |$builder:ident| $built:expr; $(|$rules:ident| $ruled:expr;)?
        $body:block
    ) => {
        mod $name {
            #![allow(dead_code, reason = "not every test uses every helper")]
            use super::*;

            pub(super) fn hidden($arg: Option<&$ty>) -> impl rt::Call<$output> {
                static SITE: rt::Site = {
                    std::thread_local! {
                        static LATEST: rt::Latest = const { rt::Latest::new() };
                        static CACHES: rt::Caches = const { rt::Caches::new(&LATEST) };
                    }
                    rt::Site::new(&LATEST, &CACHES)
                };
                let query = $arg.map(|of| rt::Value::of_local(of).ttl_memo_part());
                let shape = rt::Returns::<$output, _>::new_local().$shape();
                cached!(@entry SITE, stringify!($name), query, shape, |$builder| $built, $(|$rules| $ruled.done())?)
            }

            pub(super) fn uncached($arg: $ty) -> $output {
                $body
            }

            pub(super) fn call($arg: $ty) -> $output {
                rt::begin(hidden(Some(&$arg))).run(|| uncached($arg))
            }

            pub(super) fn fetch($arg: $ty) -> crate::Fetched<$output> {
                rt::fetch(hidden(Some(&$arg)), false).run(|| uncached($arg))
            }

            pub(super) fn refresh($arg: $ty) -> $output {
                rt::refresh(hidden(Some(&$arg))).run(|| uncached($arg))
            }

            pub(super) fn peek($arg: $ty) -> Option<$output> {
                rt::peek(hidden(Some(&$arg)))
            }

            pub(super) fn insert($arg: $ty, value: $output) {
                rt::insert(hidden(Some(&$arg)), value);
            }

            pub(super) fn invalidate($arg: $ty) -> bool {
                rt::invalidate(hidden(Some(&$arg)))
            }

            pub(super) fn clear() {
                rt::clear(hidden(None));
            }

            pub(super) fn expire() -> usize {
                rt::expire(hidden(None))
            }

            pub(super) fn info() -> crate::CacheInfo {
                rt::info(hidden(None))
            }
        }
    };
    (@entry $site:ident, $name:expr, $query:expr, $shape:expr, $build:expr,) => {
        $site.entry($name, $query, $shape, $build)
    };
    (@entry $site:ident, $name:expr, $query:expr, $shape:expr, $build:expr, $rule:expr) => {
        $site.entry_with($name, $query, $shape, $build, $rule)
    };
}

thread_local! {
    static CLOCK: ManualClock = ManualClock::new();
    /// What bodies and other code of the user's do next.
    static NEXT: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
    static RUNS: Cell<u32> = const { Cell::new(0) };
    static HEARD: RefCell<Vec<(u32, RemovalCause)>> = const { RefCell::new(Vec::new()) };
}

fn clock() -> ManualClock {
    CLOCK.with(Clone::clone)
}

fn advance(by: Duration) {
    clock().advance(by);
}

/// Something to be done from within the next body, or other code of the user's.
fn next(f: impl FnOnce() + 'static) {
    NEXT.with_borrow_mut(|next| next.push(Box::new(f)));
}

fn do_next() {
    // Values are dropped at the thread's end, too, and while it unwinds.
    let next = NEXT.try_with(|next| next.borrow_mut().pop()).ok().flatten();
    if let Some(f) = next.filter(|_| !std::thread::panicking()) {
        f();
    }
}

/// How often a body has run since this was last asked.
fn runs() -> u32 {
    RUNS.replace(0)
}

fn run() {
    RUNS.set(RUNS.get() + 1);
    do_next();
}

cached! {
    fn shared(n: u32) -> Rc<u32>;
    ttl_memo_shape; |builder| builder.maxsize(2).policy(Policy::Lru).clock(clock()).ttl(10 * SECOND).on_evict(
        |key: &u32, _: &Rc<u32>, cause| HEARD.with_borrow_mut(|heard| heard.push((*key, cause))));
    { run(); Rc::new(n) }
}

fn heard() -> Vec<(u32, RemovalCause)> {
    HEARD.take()
}

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

thread_local! {
    static FAILS: Cell<bool> = const { Cell::new(false) };
    static GENERATION: Cell<u32> = const { Cell::new(0) };
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

cached! {
    fn told(n: u32) -> u32;
    ttl_memo_shape; |builder| builder.clock(clock()).on_evict(|_, _, _| do_next());
    { run(); n }
}

#[test]
fn a_listener_that_panics_keeps_nothing_from_being_invalidated() {
    let panics = |f: fn()| {
        next(|| panic!("told"));
        assert!(std::panic::catch_unwind(f).is_err());
    };
    told::insert(1, 7);
    told::insert(2, 7);
    panics(|| _ = rt::invalidate_if(told::hidden(None), |_: &u32| true));
    assert_eq!((told::peek(1), told::peek(2)), (None, None));
    told::insert(1, 7);
    next(move || panics(|| _ = told::invalidate(1)));
    assert_eq!((told::refresh(1), told::peek(1)), (1, None), "it had begun before");
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

/// A key or a value, all of whose code does what is to be done next.
#[derive(Debug)]
struct Busy(u32);

impl PartialEq for Busy {
    fn eq(&self, other: &Self) -> bool {
        do_next();
        self.0 == other.0
    }
}

impl Eq for Busy {}

impl std::hash::Hash for Busy {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        do_next();
        // Few hashes, so that others are compared.
        (self.0 % 2).hash(state);
    }
}

impl Clone for Busy {
    fn clone(&self) -> Self {
        do_next();
        Self(self.0)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        do_next();
    }
}

type Key = Rc<Busy>;

cached! {
    fn busy(n: Key) -> Rc<Busy>;
    ttl_memo_shape; |builder| builder.maxsize(4).policy(Policy::Lru).clock(clock()).ttl(10 * SECOND)
        .tti(8 * SECOND)
        .weigher(|_, _| { do_next(); 1 }).expire_after(|_, _| { do_next(); None })
        .on_evict(|_, _, _| do_next());
    |rules| rules.valid_if(|_, _| { do_next(); true }).cache_if(|_| { do_next(); true });
    { run(); Rc::new(Busy(n.0)) }
}

fn busy(n: u32) -> u32 {
    busy::call(Rc::new(Busy(n))).0
}

/// Everything that code of the user's may do with the function from within.
fn from_within() -> Vec<fn()> {
    fn key() -> Key {
        Rc::new(Busy(1))
    }
    vec![
        || assert_eq!(busy(1), 1),
        || assert_eq!((busy(2), busy(3), busy(4), busy(5), busy(6)), (2, 3, 4, 5, 6)),
        busy::clear,
        || _ = busy::invalidate(key()),
        || _ = rt::invalidate_if(busy::hidden(None), |key: &Key| key.0 % 2 == 1),
        || busy::insert(key(), Rc::new(Busy(1))),
        || drop(busy::refresh(key())),
        || drop((busy::peek(key()), busy::info(), busy::expire())),
        || advance(9 * SECOND),
        || std::panic::resume_unwind(Box::new(())),
    ]
}

#[test]
fn code_of_the_users_may_do_anything_with_the_function_from_within() {
    let outer: Vec<fn()> = vec![
        || assert_eq!(busy(1), 1),
        || assert_eq!(busy(9), 9),
        || _ = busy::invalidate(Rc::new(Busy(1))),
        || busy::insert(Rc::new(Busy(1)), Rc::new(Busy(1))),
        || _ = rt::invalidate_if(busy::hidden(None), |key: &Key| key.0 % 2 == 0),
        busy::clear,
        || _ = busy::expire(),
    ];
    let mut done = 0;
    for outer in outer {
        for inner in from_within() {
            // After so many runs of such code.
            for after in 0..24 {
                busy::clear();
                (0..4).for_each(|n| assert_eq!(busy(n), n));
                if after % 3 == 0 {
                    advance(5 * SECOND);
                }
                next(move || {
                    DONE.set(DONE.get() + 1);
                    inner();
                });
                (0..after).for_each(|_| next(|| ()));
                let quiet = std::panic::catch_unwind(outer);
                NEXT.take();
                done += DONE.replace(0);
                drop(quiet);
                let info = busy::info();
                assert!(info.len <= 5, "{info:?}");
                assert_eq!((busy(1), busy(1), busy(7), busy(7)), (1, 1, 7, 7));
                assert!(busy::info().len <= 4, "the bound holds");
            }
        }
    }
    assert!(done > 500, "{done} times something was done from within");
}

thread_local!(static DONE: Cell<u32> = const { Cell::new(0) });

#[test]
fn an_invalidation_from_within_a_look_takes_effect() {
    for invalidate in [busy::clear, || _ = busy::invalidate(Rc::new(Busy(1)))] {
        busy(1);
        let stale = busy::call(Rc::new(Busy(1)));
        // Asked whether the entry is valid, in the midst of a look at it.
        next(invalidate);
        next(|| ());
        busy(1);
        NEXT.take();
        assert!(!Rc::ptr_eq(&stale, &busy::call(Rc::new(Busy(1)))));
        busy::clear();
    }
}

#[test]
fn a_call_from_a_thread_locals_destructor_runs_the_body() {
    struct AtEnd;
    impl Drop for AtEnd {
        fn drop(&mut self) {
            // The caches were made later, so they are gone.
            assert_eq!((*shared::call(1), *shared::call(1)), (1, 1));
            assert_eq!(shared::info().misses, 0);
            shared::insert(1, Rc::new(2));
            assert_eq!((shared::peek(1), shared::invalidate(1)), (None, false));
            REACHED.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    }
    static REACHED: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
    thread_local!(static AT_END: RefCell<Option<AtEnd>> = const { RefCell::new(None) });
    let thread = std::thread::spawn(|| {
        // What was made first goes last: this test's own, then the value, and first the caches.
        let _ = (clock(), runs(), heard(), NEXT.with_borrow(Vec::len));
        AT_END.set(Some(AtEnd));
        shared::call(1);
    });
    thread.join().expect("it does not panic");
    assert!(REACHED.load(std::sync::atomic::Ordering::Relaxed));
}

cached! {
    fn circular(n: u32) -> u32;
    ttl_memo_shape; |builder| builder.maxsize(call(1) as usize);
    { n }
}

#[test]
fn an_option_that_calls_its_function_is_told() {
    let told = std::panic::catch_unwind(|| circular::call(1)).expect_err("it panics");
    let told = told.downcast_ref::<String>().expect("a message");
    assert!(told.contains("calls the function itself"), "{told}");
}

/// An async function, as an expansion makes it.
fn asked(n: u32) -> impl Future<Output = Result<Rc<u32>, String>> {
    fn hidden(n: Option<&u32>) -> impl rt::Call<Result<Rc<u32>, String>> {
        static SITE: rt::Site = {
            std::thread_local! {
                static LATEST: rt::Latest = const { rt::Latest::new() };
                static CACHES: rt::Caches = const { rt::Caches::new(&LATEST) };
            }
            rt::Site::new(&LATEST, &CACHES)
        };
        let query = n.map(|of| rt::Value::of_local(of).ttl_memo_part());
        let shape = rt::Returns::<Result<Rc<u32>, String>, _>::new_local().ttl_memo_shape();
        SITE.entry("asked", query, shape, |builder| builder)
    }
    rt::memoize(
        (n,),
        |(n,), asking| asking.call(hidden(Some(n))),
        |(n,)| async move {
            run();
            let mut waits = n;
            std::future::poll_fn(|_| {
                waits = waits.saturating_sub(1);
                if waits == 0 { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            if FAILS.get() { Err("no".to_owned()) } else { Ok(Rc::new(n)) }
        },
    )
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn tasks_of_one_thread_run_the_body_once() {
    let (mut one, mut other) = (pin!(asked(3)), pin!(asked(3)));
    assert!(poll(one.as_mut()).is_pending() && poll(other.as_mut()).is_pending());
    assert!(poll(other.as_mut()).is_pending() && poll(one.as_mut()).is_pending());
    let Poll::Ready(Ok(first)) = poll(one.as_mut()) else { panic!("it is over") };
    let Poll::Ready(Ok(second)) = poll(other.as_mut()) else { panic!("it is over") };
    assert_eq!((runs(), Rc::ptr_eq(&first, &second)), (1, true));
    let Poll::Ready(Ok(third)) = poll(pin!(asked(3))) else { panic!("it is there") };
    assert!(Rc::ptr_eq(&first, &third));
}

#[test]
fn when_the_task_that_loads_is_dropped_another_takes_over() {
    let mut other = pin!(asked(2));
    {
        let mut one = Box::pin(asked(2));
        assert!(poll(one.as_mut()).is_pending() && poll(other.as_mut()).is_pending());
    }
    assert!(poll(other.as_mut()).is_pending());
    assert!(matches!(poll(other.as_mut()), Poll::Ready(Ok(_))));
    assert_eq!(runs(), 2);
}

#[test]
fn those_who_waited_for_an_error_run_their_own() {
    FAILS.set(true);
    let (mut one, mut other) = (pin!(asked(2)), pin!(asked(2)));
    assert!(poll(one.as_mut()).is_pending() && poll(other.as_mut()).is_pending());
    assert!(matches!(poll(one.as_mut()), Poll::Ready(Err(_))));
    assert!(poll(other.as_mut()).is_pending());
    FAILS.set(false);
    assert!(matches!(poll(other.as_mut()), Poll::Ready(Ok(_))));
    assert_eq!(runs(), 2);
}

cached! {
    fn modelled(n: u32) -> u32;
    ttl_memo_shape; |builder| builder.maxsize(6).policy(Policy::Lru).clock(clock()).ttl(10 * SECOND);
    { run(); n + 1_000 * GENERATION.get() }
}

#[derive(Clone, Debug)]
enum Step {
    Call(u32),
    Peek(u32),
    Insert(u32),
    Invalidate(u32),
    InvalidateIf(u32),
    Refresh(u32),
    Expire,
    Clear,
    Advance(u32),
}

fn steps() -> impl Strategy<Value = Step> {
    let key = || 0..12_u32;
    prop_oneof![
        16 => key().prop_map(Step::Call),
        2 => key().prop_map(Step::Peek),
        2 => key().prop_map(Step::Insert),
        2 => key().prop_map(Step::Invalidate),
        1 => (2..6_u32).prop_map(Step::InvalidateIf),
        2 => key().prop_map(Step::Refresh),
        1 => Just(Step::Expire),
        4 => (1..6_u32).prop_map(Step::Advance),
        1 => Just(Step::Clear),
    ]
}

/// What is held by key, least recently used first: the value and its deadline.
type Held = Vec<(u32, u32, Duration)>;

fn store(held: &mut Held, n: u32, value: u32, now: Duration) {
    held.retain(|(key, _, deadline)| *key != n && *deadline > now);
    held.push((n, value, now + 10 * SECOND));
    if held.len() > 6 {
        held.remove(0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 1 } else { 200 }, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn calls_agree_with_a_list_that_is_searched(run in prop::collection::vec(steps(), 0..200)) {
        modelled::clear();
        runs();
        let (mut held, mut now) = (Held::new(), Duration::ZERO);
        let (mut hits, mut misses) = (0, 0);
        for (generation, step) in (0_u32..).zip(run) {
            GENERATION.set(generation);
            held.retain(|(_, _, deadline)| *deadline > now);
            let find = |held: &Held, n| held.iter().position(|(key, ..)| *key == n);
            match step {
                Step::Call(n) => {
                    let found = find(&held, n);
                    let expected = if let Some(at) = found {
                        let entry = held.remove(at);
                        held.push(entry);
                        hits += 1;
                        entry.1
                    } else {
                        misses += 1;
                        store(&mut held, n, n + 1_000 * generation, now);
                        n + 1_000 * generation
                    };
                    assert_eq!(modelled::call(n), expected);
                    assert_eq!(runs(), u32::from(found.is_none()));
                }
                Step::Peek(n) => {
                    let expected = find(&held, n).map(|at| held[at].1);
                    assert_eq!(modelled::peek(n), expected);
                }
                Step::Insert(n) => {
                    modelled::insert(n, 7);
                    store(&mut held, n, 7, now);
                }
                Step::Invalidate(n) => {
                    let found = find(&held, n);
                    assert_eq!(modelled::invalidate(n), found.is_some());
                    found.map(|at| held.remove(at));
                }
                Step::InvalidateIf(of) => {
                    let before = held.len();
                    held.retain(|(key, ..)| key % of != 0);
                    let gone = rt::invalidate_if(modelled::hidden(None), |n: &u32| n % of == 0);
                    assert_eq!(gone, before - held.len());
                }
                Step::Refresh(n) => {
                    assert_eq!(modelled::refresh(n), n + 1_000 * generation);
                    store(&mut held, n, n + 1_000 * generation, now);
                    runs();
                }
                Step::Expire => _ = modelled::expire(),
                Step::Clear => {
                    modelled::clear();
                    held.clear();
                    (hits, misses) = (0, 0);
                }
                Step::Advance(by) => {
                    advance(by * SECOND);
                    now += by * SECOND;
                }
            }
            let live = held.iter().filter(|(_, _, deadline)| *deadline > now).count();
            let info = modelled::info();
            assert_eq!((info.len, info.hits, info.misses), (live, hits, misses));
        }
    }
}
