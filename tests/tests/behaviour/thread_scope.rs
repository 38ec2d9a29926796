//! `scope = thread`: a cache for each thread, and values that stay there.

use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ttl_memo::{ManualClock, Source, ttl_cache};

thread_local! {
    static RUNS: Cell<u32> = const { Cell::new(0) };
    static CLOCK: ManualClock = ManualClock::new();
}

fn run() {
    RUNS.set(RUNS.get() + 1);
}

#[ttl_cache(scope = thread, maxsize = 2, policy = lru)]
fn word(letters: &str) -> Rc<str> {
    run();
    letters.into()
}

#[test]
fn each_thread_has_a_cache_of_its_own() {
    let value = word("a");
    assert!(Rc::ptr_eq(&value, &word("a")));
    let other = std::thread::spawn(|| {
        drop(word("a"));
        (RUNS.get(), word_cache_info().misses, word_cache_info().hits)
    });
    assert_eq!(other.join().expect("it does not panic"), (1, 1, 0));
    assert_eq!((RUNS.get(), word_cache_info().hits), (1, 1));
    word("b");
    word("c");
    assert_eq!((word_cache_peek("a"), word_cache_info().evictions), (None, 1));
}

#[test]
fn the_helpers_are_the_threads() {
    word_cache_insert("a", "other".into());
    assert_eq!(&*word("a"), "other");
    assert_eq!(&*word_cache_refresh("a"), "a");
    assert_eq!(word_cache_fetch("a").source, Source::Hit);
    assert_eq!(word_cache_invalidate_if(|letters| letters == "a"), 1);
    assert!(!word_cache_invalidate("a"));
    word("b");
    assert!(word_cache_invalidate("b"));
    assert_eq!((word_cache_expire(), word_cache_parameters().maxsize), (0, Some(2)));
    word_cache_clear();
    assert_eq!((word_cache_info().misses, &*word_uncached("z")), (0, "z"));
}

#[ttl_cache(scope = thread, ttl = "10s", clock = CLOCK.with(Clone::clone), stale_if_error = "5s",
    refresh_ahead = "1s", cache_if = |n| *n != 13, key = (*n, name.len()))]
fn measured(n: u32, name: &str) -> Result<u32, String> {
    run();
    if RUNS.get() > 1 { Err(name.to_owned()) } else { Ok(n) }
}

#[test]
fn options_hold_as_for_other_functions() {
    assert_eq!((measured(1, "abc"), measured(1, "def")), (Ok(1), Ok(1)));
    CLOCK.with(|clock| clock.advance(Duration::from_secs(12)));
    assert_eq!(measured_cache_fetch(1, "abc").source, Source::Stale);
    CLOCK.with(|clock| clock.advance(Duration::from_secs(3)));
    assert_eq!(measured(1, "abc"), Err("abc".to_owned()));
    RUNS.set(0);
    assert_eq!((measured(13, "abc"), RUNS.get()), (Ok(13), 1));
    RUNS.set(0);
    assert_eq!((measured(13, "abc"), RUNS.get()), (Ok(13), 1));
}

#[ttl_cache(scope = thread)]
fn shown<T: ToString + Clone + std::hash::Hash + Eq + 'static>(of: T) -> Rc<str> {
    run();
    of.to_string().into()
}

#[test]
fn each_instantiation_has_a_cache_of_its_own() {
    assert_eq!((&*shown(7_u8), &*shown(7_u16), &*shown('7'), RUNS.get()), ("7", "7", "7", 3));
    assert_eq!((&*shown(7_u8), RUNS.get(), shown_cache_info::<u8>().hits), ("7", 3, 1));
}

struct Counter(Rc<Cell<u32>>);

impl Counter {
    #[ttl_cache(scope = thread, skip(self))]
    fn next(&self, n: u32) -> Rc<u32> {
        self.0.set(self.0.get() + 1);
        Rc::new(n)
    }

    #[ttl_cache(scope = thread, skip(self))]
    async fn later(&self, n: u32) -> Rc<u32> {
        self.0.set(self.0.get() + 1);
        std::future::ready(Rc::new(n)).await
    }
}

#[test]
fn methods_and_async_functions_too() {
    let counter = Counter(Rc::default());
    assert!(Rc::ptr_eq(&counter.next(1), &counter.next(1)));
    assert_eq!((counter.0.get(), Counter::next_cache_info().hits), (1, 1));
    let mut futures = [Box::pin(counter.later(1)), Box::pin(counter.later(1))];
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let ready = futures.each_mut().map(|future| match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("nothing to wait for"),
    });
    assert!(Rc::ptr_eq(&ready[0], &ready[1]));
    assert_eq!(counter.0.get(), 2);
}

#[ttl_cache(scope = thread, maxsize = None)]
fn fib(n: u64) -> u64 {
    run();
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

#[test]
fn recursion_is_memoized() {
    assert_eq!((fib(90), RUNS.get()), (2_880_067_194_370_816_120, 91));
}

/// Calls the function when it goes.
struct Parting(u32);

impl Drop for Parting {
    fn drop(&mut self) {
        if self.0 > 0 {
            PARTED.with(|parted| parted.fetch_add(parting(self.0 - 1).0, Ordering::Relaxed));
        }
    }
}

thread_local! {
    static PARTED: Arc<AtomicU32> = Arc::default();
}

#[ttl_cache(scope = thread)]
fn parting(n: u32) -> Rc<Parting> {
    Rc::new(Parting(n))
}

#[test]
fn a_value_that_goes_with_its_thread_may_call_the_function() {
    let parted = std::thread::spawn(|| {
        // Made before the cache, so it goes after it.
        let parted = PARTED.with(Arc::clone);
        assert!(Rc::ptr_eq(&parting(3), &parting(3)));
        parted
    });
    let parted = parted.join().expect("it does not panic");
    assert_eq!(parted.load(Ordering::Relaxed), 2 + 1, "each ran the body of the next");
}

#[test]
fn a_call_from_a_thread_locals_destructor_is_answered() {
    struct Last(Arc<AtomicU32>);
    impl Drop for Last {
        fn drop(&mut self) {
            self.0.store(later(20), Ordering::Relaxed);
            self.0.fetch_add(later(20), Ordering::Relaxed);
        }
    }
    thread_local! {
        static LAST: Cell<Option<Last>> = const { Cell::new(None) };
    }
    #[ttl_cache(scope = thread)]
    fn later(n: u32) -> u32 {
        n + 1
    }
    for before in [true, false] {
        let answers = Arc::new(AtomicU32::new(0));
        let last = Last(Arc::clone(&answers));
        let thread = std::thread::spawn(move || {
            if before {
                later(20);
            }
            LAST.set(Some(last));
            later(20);
        });
        thread.join().expect("it does not panic");
        assert_eq!(answers.load(Ordering::Relaxed), 42);
    }
}

#[test]
fn a_helper_within_the_body_sees_that_it_runs() {
    #[ttl_cache(scope = thread)]
    fn outer(n: u32) -> Rc<u32> {
        run();
        match n {
            // Another's body, of the same key: both run it, and the outer one stores.
            1 if RUNS.get() < 2 => outer_cache_refresh(1),
            2 if RUNS.get() < 2 => outer_cache_fetch(2).value,
            3 if RUNS.get() < 2 => {
                outer_cache_insert(3, Rc::new(7));
                Rc::new(3)
            }
            // What began before the invalidation is not stored, what began after it is.
            4 if RUNS.get() < 2 => {
                outer_cache_invalidate(4);
                drop(outer(4));
                Rc::new(44)
            }
            n => Rc::new(n),
        }
    }
    let value = outer(1);
    assert!(Rc::ptr_eq(&value, &outer(1)));
    assert_eq!(RUNS.replace(0), 2);
    let value = outer(2);
    assert!(Rc::ptr_eq(&value, &outer(2)));
    assert_eq!(RUNS.replace(0), 2);
    assert_eq!((*outer(3), *outer(3), RUNS.replace(0)), (3, 7, 1));
    assert_eq!((*outer(4), *outer(4), RUNS.replace(0)), (44, 4, 2));
    let value = outer_cache_refresh(1);
    assert_eq!((RUNS.replace(0), *value), (2, 1), "and the other way round");
    assert!(Rc::ptr_eq(&value, &outer(1)));
}

/// Stays on its thread.
type Here = Rc<Cell<usize>>;

thread_local! {
    static TOLD: Here = Here::default();
}

#[test]
fn hooks_may_hold_what_stays_on_the_thread() {
    #[ttl_cache(
        scope = thread, maxsize = 3, clock = CLOCK.with(Clone::clone),
        weigher = { let of = TOLD.with(Rc::clone); move |_, value: &Here| value.get() + of.get() },
        expire_after = { let of = TOLD.with(Rc::clone); move |_, _| (of.get() == 1).then_some(Duration::ZERO) },
        on_evict = { let told = TOLD.with(Rc::clone); move |_, _, _| told.set(told.get() + 10) },
        valid_if = { let of = TOLD.with(Rc::clone); move |_, _| of.get() < 100 },
    )]
    fn held(weight: usize) -> Here {
        run();
        Rc::new(Cell::new(weight))
    }

    assert!(Rc::ptr_eq(&held(2), &held(2)));
    held(3);
    assert_eq!((held_cache_info().len, held_cache_info().currsize), (1, 3), "one of 2 had to go");
    assert_eq!(TOLD.with(|told| told.get()), 10);
    TOLD.with(|told| told.set(1));
    held(1);
    assert_eq!(held_cache_peek(1), None, "its time was nothing");
    TOLD.with(|told| told.set(100));
    let before = RUNS.get();
    held(3);
    assert_eq!(RUNS.get(), before + 1);
}

#[test]
fn so_may_those_beside_kept_errors() {
    #[ttl_cache(
        scope = thread, err_ttl = "1s", maxsize = 3,
        weigher = { let of = TOLD.with(Rc::clone); move |_, _| of.get() },
        on_evict = { let told = TOLD.with(Rc::clone); move |_, _, _| told.set(7) },
    )]
    fn failing(n: usize) -> Result<Here, Here> {
        let here = Rc::new(Cell::new(n));
        if n == 0 { Err(here) } else { Ok(here) }
    }

    TOLD.with(|told| told.set(2));
    let failed = failing(0).unwrap_err();
    assert!(Rc::ptr_eq(&failed, &failing(0).unwrap_err()));
    let _ = failing(1);
    assert_eq!(failing_cache_info().currsize, 3);
    failing_cache_clear();
    assert_eq!(TOLD.with(|told| told.get()), 7);
}

#[test]
fn a_use_tells_how_long_it_keeps_an_entry() {
    #[ttl_cache(scope = thread, ttl = "200s", tti = "40s", clock = CLOCK.with(Clone::clone))]
    fn number(n: u32) -> u32 {
        n
    }
    let left = || number_cache_fetch(1).expires_in;
    number(1);
    CLOCK.with(|clock| clock.advance(Duration::from_secs(15)));
    assert_eq!(left(), Some(Duration::from_secs(40)));
    for _ in 0..4 {
        CLOCK.with(|clock| clock.advance(Duration::from_secs(39)));
        assert!(left().is_some_and(|left| left > Duration::ZERO));
    }
    assert_eq!(left(), Some(Duration::from_secs(29)), "no longer than its ttl");
}

thread_local! {
    static TRUTH: Cell<u32> = const { Cell::new(0) };
    /// How many entries are to leave before others are asked for.
    static LEAVING: Cell<u32> = const { Cell::new(u32::MAX) };
}

/// Each from the one before.
#[ttl_cache(scope = thread, maxsize = None, on_evict = |_, _, _| chain_is_left())]
fn chain(n: u32) -> u32 {
    if n == 0 { TRUTH.get() } else { chain(n - 1) }
}

fn chain_is_left() {
    let left = LEAVING.get();
    LEAVING.set(left.saturating_sub(1));
    if left == 0 {
        LEAVING.set(u32::MAX);
        (0..50).for_each(|n| _ = chain(n));
    }
}

#[test]
fn what_a_listener_calls_for_does_not_outlive_a_sweep() {
    for leaving in [0, 1, 20, 49] {
        for all in [false, true] {
            (0..50).for_each(|n| _ = chain(n));
            assert_eq!(chain_cache_info().len, 50);
            TRUTH.set(TRUTH.get() + 1);
            LEAVING.set(leaving);
            if all {
                chain_cache_clear();
            } else {
                chain_cache_invalidate_if(|_| true);
            }
            assert_eq!(LEAVING.get(), u32::MAX, "it was called");
            assert!((0..50).all(|n| chain(n) == TRUTH.get()), "all: {all}, after {leaving}");
        }
    }
}
