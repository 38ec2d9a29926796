//! `spawn`: refreshes in the background, and nobody waits for them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, mpsc};
use std::task::{Context, Poll, Waker};

use ttl_memo::testing::isolated;
use ttl_memo::{ManualClock, RemovalCause, Source, TtlCache, ttl_cache};

use super::{
    Body, Failed, body, body_async, drop_spawned, let_body, now, poll, run_later, run_spawned,
    runs, s, spawn_later,
};

thread_local! {
    static HEARD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

#[ttl_cache(
    ttl = "60s",
    refresh_ahead = "10s",
    stale_while_revalidate = "30s",
    spawn = spawn_later,
    on_error = |key, _| HEARD.with_borrow_mut(|heard| heard.push(key.clone())),
)]
async fn page(_path: &str) -> Result<u32, Failed> {
    body_async().await
}

#[ttl_cache(
    ttl = "60s",
    refresh_ahead = "10s",
    stale_while_revalidate = "30s",
    spawn = run_later,
    on_error = |key, _| HEARD.with_borrow_mut(|heard| heard.push(key.clone())),
)]
fn page_sync(_path: &str) -> Result<u32, Failed> {
    body()
}

#[test]
fn everybody_is_answered_at_once_and_the_body_runs_later() {
    let world = isolated();
    for age in [s(55), s(70)] {
        page_cache_insert("/", Ok(1));
        page_sync_cache_insert("/", Ok(1));
        world.advance(age);
        let_body(Body::Gives(Ok(2)));
        assert_eq!((now(page("/")), now(page("/"))), (Ok(1), Ok(1)));
        assert_eq!((page_sync("/"), page_sync("/")), (Ok(1), Ok(1)));
        assert_eq!(runs(), 0);
        assert_eq!(run_spawned(), 2, "one refresh a key at a time");
        assert_eq!(runs(), 2);
        assert_eq!((now(page("/")), page_sync("/")), (Ok(2), Ok(2)));
    }
    for info in [page_cache_info(), page_sync_cache_info()] {
        assert_eq!((info.hits, info.misses, info.stale, info.refreshes), (6, 0, 2, 2));
    }
}

#[test]
fn a_fetch_is_answered_at_once_too() {
    let world = isolated();
    page_cache_insert("/", Ok(1));
    page_sync_cache_insert("/", Ok(1));
    world.advance(s(70));
    let_body(Body::Gives(Ok(2)));
    for fetched in [now(page_cache_fetch("/")), page_sync_cache_fetch("/")] {
        assert_eq!((fetched.value, fetched.source), (Ok(1), Source::Stale));
    }
    assert_eq!((runs(), run_spawned(), runs()), (0, 2, 2));
    for fetched in [now(page_cache_fetch("/")), page_sync_cache_fetch("/")] {
        assert_eq!((fetched.value, fetched.source), (Ok(2), Source::Hit));
    }
}

#[test]
fn a_missing_value_is_waited_for() {
    let world = isolated();
    let_body(Body::Gives(Ok(1)));
    assert_eq!((now(page("/")), page_sync("/")), (Ok(1), Ok(1)));
    world.advance(s(90));
    let_body(Body::Gives(Ok(2)));
    assert_eq!((now(page("/")), page_sync("/")), (Ok(2), Ok(2)), "past its window likewise");
    assert_eq!(run_spawned(), 0);
}

#[test]
fn a_refresh_that_fails_panics_or_is_dropped_leaves_the_value_and_is_tried_again() {
    let world = isolated();
    page_cache_insert("/", Ok(1));
    page_sync_cache_insert("/", Ok(1));
    world.advance(s(70));
    for body in [Body::Gives(Err(Failed)), Body::Panics] {
        let_body(body);
        assert_eq!((now(page("/")), page_sync("/")), (Ok(1), Ok(1)));
        assert_eq!(run_spawned(), 2);
    }
    assert_eq!(HEARD.take(), ["/", "/"], "nobody else would have heard of the errors");
    assert_eq!((now(page("/")), page_sync("/")), (Ok(1), Ok(1)));
    assert_eq!(drop_spawned(), 2);
    for info in [page_cache_info(), page_sync_cache_info()] {
        assert_eq!((info.hits, info.stale, info.refreshes, info.failures), (3, 3, 2, 2));
    }

    world.advance(s(20));
    let_body(Body::Gives(Err(Failed)));
    assert_eq!((now(page("/")), page_sync("/")), (Err(Failed), Err(Failed)), "not prolonged");
}

#[test]
fn a_refresh_stores_nothing_over_what_came_later() {
    let world = isolated();
    page_cache_insert("/", Ok(1));
    world.advance(s(70));
    let_body(Body::Hangs);
    assert_eq!(now(page("/")), Ok(1));
    assert_eq!(run_spawned(), 1);
    page_cache_insert("/", Ok(3));
    let_body(Body::Gives(Ok(2)));
    run_spawned();
    assert_eq!(now(page("/")), Ok(3));

    world.advance(s(70));
    let_body(Body::Hangs);
    assert_eq!(now(page("/")), Ok(3));
    run_spawned();
    page_cache_clear();
    let_body(Body::Gives(Ok(2)));
    run_spawned();
    assert_eq!(page_cache_peek("/"), None, "it began before the clear");
}

#[test]
fn calls_join_a_refresh_once_the_window_is_over() {
    let world = isolated();
    page_cache_insert("/", Ok(1));
    world.advance(s(80));
    let_body(Body::Hangs);
    assert_eq!(now(page("/")), Ok(1));
    run_spawned();
    world.advance(s(10));
    let mut late = Box::pin(page("/"));
    assert!(poll(late.as_mut()).is_pending());
    assert_eq!(runs(), 1, "it waits for the one that runs");
    let_body(Body::Gives(Ok(2)));
    run_spawned();
    assert_eq!(now(late), Ok(2));
    assert_eq!(page_cache_info().coalesced, 1);
}

#[test]
fn a_stale_value_stands_in_for_those_who_joined_a_refresh_that_failed() {
    #[ttl_cache(
        ttl = "60s",
        stale_while_revalidate = "30s",
        stale_if_error = "60s",
        spawn = spawn_later
    )]
    async fn lasting() -> Result<u32, Failed> {
        body_async().await
    }
    let world = isolated();
    lasting_cache_insert(Ok(1));
    world.advance(s(80));
    let_body(Body::Hangs);
    assert_eq!(now(lasting()), Ok(1));
    run_spawned();
    world.advance(s(10));
    let mut late = Box::pin(lasting());
    assert!(poll(late.as_mut()).is_pending(), "no window is left for that");
    let_body(Body::Gives(Err(Failed)));
    run_spawned();
    assert_eq!(now(late), Ok(1));
    let info = lasting_cache_info();
    assert_eq!((info.hits, info.misses, info.stale, info.failures), (2, 0, 2, 1));
}

#[test]
fn a_refresh_does_not_keep_its_cache_alive() {
    struct Site {
        pages: TtlCache<u8, u32>,
    }
    impl Site {
        #[ttl_cache(cache = &self.pages, skip(self), refresh_ahead = "10s", spawn = run_later)]
        fn page(&self, _number: u8) -> Result<u32, Failed> {
            body()
        }
    }
    impl Clone for Site {
        fn clone(&self) -> Self {
            Site { pages: TtlCache::new(1, s(1)) }
        }
    }
    let world = isolated();
    let pages = TtlCache::builder().ttl(s(60)).clock(world.clock()).build();
    let site = Site { pages };
    site.pages.insert(1, 1);
    world.advance(s(55));
    let_body(Body::Gives(Ok(2)));
    assert_eq!(site.page(1), Ok(1));
    drop(site);
    assert_eq!(run_spawned(), 1);
    assert_eq!(runs(), 0, "for nobody");
}

#[test]
fn a_spawn_that_panics_reaches_the_caller_and_the_next_call_tries_again() {
    fn refuse(work: impl FnOnce() + Send + 'static) {
        drop(work);
        panic!("no threads left");
    }
    #[ttl_cache(ttl = "60s", refresh_ahead = "10s", spawn = refuse)]
    fn shaky() -> Result<u32, Failed> {
        body()
    }
    let world = isolated();
    shaky_cache_insert(Ok(1));
    world.advance(s(55));
    assert!(std::panic::catch_unwind(shaky).is_err());
    assert!(std::panic::catch_unwind(shaky).is_err(), "it is still due");
    assert_eq!(shaky_cache_peek(), Some(Ok(1)));
}

static TOLD: Mutex<BTreeMap<u8, mpsc::Sender<RemovalCause>>> = Mutex::new(BTreeMap::new());

/// Hears why the entry of a key leaves, on whatever thread that happens.
fn told_of(key: u8) -> mpsc::Receiver<RemovalCause> {
    let (tell, told) = mpsc::channel();
    TOLD.lock().expect("no test panics in here").insert(key, tell);
    told
}

fn tell(key: u8, cause: RemovalCause) {
    let _ = TOLD.lock().expect("no test panics in here")[&key].send(cause);
}

#[test]
fn a_thread_of_its_own_may_run_it() {
    #[ttl_cache(
        ttl = "60s",
        refresh_ahead = "10s",
        spawn = std::thread::spawn,
        on_evict = |key, _, cause| tell(key.0, cause),
    )]
    fn threaded(key: u8, name: &str) -> Result<String, Failed> {
        if name.is_empty() { Err(Failed) } else { Ok(format!("{key}{name}")) }
    }
    let world = isolated();
    let told = told_of(1);
    threaded_cache_insert(1, "a", Ok("old".to_owned()));
    world.advance(s(55));
    assert_eq!(threaded(1, "a"), Ok("old".to_owned()));
    assert_eq!(told.recv(), Ok(RemovalCause::Replaced));
    assert_eq!(threaded(1, "a"), Ok("1a".to_owned()));
}

/// What a body of the next test is to give, once it is told.
static GIVEN: Mutex<Option<mpsc::Receiver<String>>> = Mutex::new(None);

trait Pooled {
    fn pooled_too(&self, key: u8) -> Result<String, Failed>;
}

impl Pooled for str {
    #[ttl_cache(
        ttl = "60s",
        refresh_ahead = "10s",
        spawn = rayon::spawn,
        helpers = false,
        key = *key,
        on_evict = |key, _, cause| tell(*key, cause),
    )]
    fn pooled_too(&self, key: u8) -> Result<String, Failed> {
        if self.is_empty() {
            return Err(Failed);
        }
        Ok(format!("{key}{}{}", self, rayon::current_thread_index().is_some()))
    }
}

#[test]
fn a_pool_may_run_it() {
    #[ttl_cache(
        ttl = "60s",
        refresh_ahead = "10s",
        spawn = rayon::spawn,
        on_evict = |key, _, cause| tell(key.0, cause),
    )]
    fn pooled(key: u8, name: &str) -> Result<String, Failed> {
        let given = GIVEN.lock().expect("no test panics in here").take().ok_or(Failed)?;
        let given = given.recv().map_err(|_| Failed)?;
        Ok(format!("{key}{name}{given}{}", rayon::current_thread_index().is_some()))
    }
    let world = isolated();
    let (told, (give, given)) = (told_of(3), mpsc::channel());
    *GIVEN.lock().expect("no test panics in here") = Some(given);
    pooled_cache_insert(3, "a", Ok("old".to_owned()));
    world.advance(s(55));
    assert_eq!(pooled(3, "a"), Ok("old".to_owned()));
    assert_eq!(pooled(3, "a"), Ok("old".to_owned()), "while the body waits");
    give.send("new".to_owned()).expect("it waits");
    assert_eq!(told.recv(), Ok(RemovalCause::Replaced));
    assert_eq!(pooled(3, "a"), Ok("3anewtrue".to_owned()));
    assert_eq!(pooled_cache_info().refreshes, 1);
}

#[test]
fn a_pool_may_run_a_method_without_helpers() {
    let world = isolated();
    let told = told_of(4);
    assert_eq!("b".pooled_too(4), Ok("4bfalse".to_owned()));
    world.advance(s(55));
    assert_eq!("c".pooled_too(4), Ok("4bfalse".to_owned()));
    assert_eq!(told.recv(), Ok(RemovalCause::Replaced));
    assert_eq!("d".pooled_too(4), Ok("4ctrue".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runtime_may_run_it() {
    #[ttl_cache(
        ttl = "60s",
        stale_while_revalidate = "10s",
        spawn = tokio::spawn,
        on_evict = |key, _, cause| tell(key.0, cause),
    )]
    async fn tasked(key: u8, name: &str) -> Result<String, Failed> {
        tokio::task::yield_now().await;
        Ok(format!("{key}{name}"))
    }
    let world = isolated();
    let told = told_of(2);
    tasked_cache_insert(2, "b", Ok("old".to_owned()));
    world.advance(s(65));
    assert_eq!(tasked(2, "b").await, Ok("old".to_owned()));
    assert_eq!(told.recv(), Ok(RemovalCause::Expired), "its time was over before");
    assert_eq!(tasked(2, "b").await, Ok("2b".to_owned()));
}

#[ttl_cache(
    helpers = false,
    ttl = "60s",
    refresh_ahead = "10s",
    spawn = spawn_later,
    skip(_more),
)]
async fn alone(
    (path, part): (String, u8),
    _more: impl Clone + Send + 'static,
) -> Result<u32, Failed> {
    let _ = (path, part);
    body_async().await
}

#[ttl_cache(helpers = false, ttl = "60s", refresh_ahead = "10s", spawn = run_later)]
fn alone_sync<const N: u8>(_path: &str) -> Result<u32, Failed> {
    body()
}

#[test]
fn without_helpers_the_body_runs_later_too() {
    let world = isolated();
    let_body(Body::Gives(Ok(1)));
    assert_eq!((now(alone(("/".into(), 1), 'a')), alone_sync::<1>("/")), (Ok(1), Ok(1)));
    assert_eq!(runs(), 2);
    world.advance(s(55));
    let_body(Body::Gives(Ok(2)));
    assert_eq!((now(alone(("/".into(), 1), 'b')), alone_sync::<1>("/")), (Ok(1), Ok(1)));
    assert_eq!(runs(), 0);
    assert_eq!(run_spawned(), 2);
    assert_eq!(runs(), 2);
    assert_eq!((now(alone(("/".into(), 1), 'c')), alone_sync::<1>("/")), (Ok(2), Ok(2)));
    assert_eq!(runs(), 0);
}

#[test]
fn what_lives_for_ever_is_handed_on_as_it_is() {
    #[ttl_cache(ttl = "60s", refresh_ahead = "10s", spawn = run_later)]
    fn named(name: &'static str) -> Result<(&'static str, u32), Failed> {
        Ok((name, body()?))
    }
    #[ttl_cache(helpers = false, ttl = "60s", refresh_ahead = "10s", spawn = spawn_later)]
    async fn named_later(by: &str, name: &'static [u8]) -> Result<(&'static [u8], u32), Failed> {
        let _ = by;
        Ok((name, body_async().await?))
    }
    let world = isolated();
    let_body(Body::Gives(Ok(1)));
    assert_eq!((named("a"), now(named_later("x", b"a"))), (Ok(("a", 1)), Ok((&b"a"[..], 1))));
    world.advance(s(55));
    let_body(Body::Gives(Ok(2)));
    assert_eq!((named("a"), now(named_later("x", b"a"))), (Ok(("a", 1)), Ok((&b"a"[..], 1))));
    assert_eq!(run_spawned(), 2);
    assert_eq!((named("a"), now(named_later("x", b"a"))), (Ok(("a", 2)), Ok((&b"a"[..], 2))));
}

/// Calls for the key that its refresh is of, as that is dropped.
struct AsksAsItGoes;

impl Drop for AsksAsItGoes {
    fn drop(&mut self) {
        let mut call = Box::pin(asked_by_its_own_destructor());
        let mut cx = Context::from_waker(Waker::noop());
        ANSWER.set(Some(call.as_mut().poll(&mut cx)));
    }
}

thread_local! {
    static HANGS: Cell<bool> = const { Cell::new(false) };
    static ANSWER: Cell<Option<Poll<u32>>> = const { Cell::new(None) };
}

#[ttl_cache(ttl = "60s", stale_while_revalidate = "30s", spawn = spawn_later)]
async fn asked_by_its_own_destructor() -> u32 {
    if HANGS.take() {
        let _asks = AsksAsItGoes;
        std::future::pending::<()>().await;
    }
    2
}

#[test]
fn a_destructor_of_a_dropped_refresh_does_not_wait_for_it() {
    let world = isolated();
    asked_by_its_own_destructor_cache_insert(1);
    world.advance(s(70));
    HANGS.set(true);
    assert_eq!(now(asked_by_its_own_destructor()), 1);
    assert_eq!(run_spawned(), 1);
    world.advance(s(70));
    assert_eq!(drop_spawned(), 1);
    assert_eq!(ANSWER.take(), Some(Poll::Ready(2)), "it runs the body itself");
    assert_eq!(now(asked_by_its_own_destructor()), 2);
}

#[test]
fn nobody_waits_for_a_renewal_that_has_not_begun() {
    let world = isolated();
    // About to expire, and in a stale window.
    for age in [s(55), s(70)] {
        page_cache_insert("/", Ok(1));
        page_sync_cache_insert("/", Ok(1));
        world.advance(age);
        assert_eq!((now(page("/")), page_sync("/")), (Ok(1), Ok(1)));
        world.advance(s(60));
        let_body(Body::Gives(Ok(2)));
        // They would wait for what is to be run by nobody but themselves.
        assert_eq!((now(page("/")), page_sync("/"), runs()), (Ok(2), Ok(2), 2));
        assert_eq!((run_spawned(), runs()), (2, 0), "what came too late does nothing");
        assert_eq!((now(page("/")), page_sync("/")), (Ok(2), Ok(2)));
    }
    // Likewise while another call runs the body.
    page_cache_insert("/", Ok(1));
    world.advance(s(70));
    assert_eq!(now(page("/")), Ok(1));
    world.advance(s(60));
    let_body(Body::Hangs);
    let mut first = std::pin::pin!(page("/"));
    assert!(poll(first.as_mut()).is_pending());
    let mut second = std::pin::pin!(page("/"));
    assert!(poll(second.as_mut()).is_pending());
    assert_eq!((run_spawned(), runs()), (1, 1));
    let_body(Body::Gives(Ok(3)));
    assert_eq!((now(first), now(second), runs()), (Ok(3), Ok(3), 0));
}

#[test]
fn one_thread_that_is_to_run_a_renewal_does_not_wait_for_it() {
    static CLOCK: std::sync::LazyLock<ManualClock> = std::sync::LazyLock::new(ManualClock::new);

    #[ttl_cache(
        ttl = "60s", stale_while_revalidate = "30s", spawn = rayon::spawn, clock = CLOCK.clone()
    )]
    fn double(n: u32) -> u32 {
        n * 2
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let called = pool.install(|| {
        let first = double(1);
        CLOCK.advance(s(70));
        let stale = double(1);
        CLOCK.advance(s(70));
        (first, stale, double(1))
    });
    assert_eq!(called, (2, 2, 2));
    let info = double_cache_info();
    assert_eq!((info.hits, info.misses, info.coalesced), (1, 2, 0));
}
