//! What the options do, one by one.

use std::hash::{BuildHasherDefault, DefaultHasher};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{LazyLock, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use ttl_memo::{Clock, ManualClock, RemovalCause, Source, ttl_cache};

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// A clock of a test's own.
macro_rules! clock {
    ($name:ident) => {
        static $name: LazyLock<ManualClock> = LazyLock::new(ManualClock::new);
    };
}

/// Counts runs of a body.
macro_rules! runs {
    ($name:ident) => {
        static $name: AtomicUsize = AtomicUsize::new(0);
    };
}

fn run(runs: &AtomicUsize) -> usize {
    runs.fetch_add(1, Relaxed) + 1
}

#[test]
fn skip_leaves_parameters_out() {
    runs!(RUNS);

    #[ttl_cache(skip(log, conn))]
    fn get(log: &dyn Fn(&str), id: u8, conn: &mut Vec<u8>) -> u8 {
        run(&RUNS);
        log("called");
        conn.push(id);
        id
    }

    let mut conn = Vec::new();
    assert_eq!((get(&|_| (), 1, &mut conn), get(&|_| (), 1, &mut conn)), (1, 1));
    assert_eq!((RUNS.load(Relaxed), conn), (1, vec![1]));
    assert!(get_cache_invalidate(1));
}

#[test]
fn forever_is_without_bounds() {
    #[ttl_cache(forever)]
    fn id(n: u32) -> u32 {
        n
    }

    (0..1000).for_each(|n| assert_eq!(id(n), n));
    let parameters = id_cache_parameters();
    assert_eq!((parameters.maxsize, parameters.ttl, id_cache_info().len), (None, None, 1000));
    assert_eq!(id_cache_fetch(1).expires_in, None);
}

#[test]
fn a_tti_ends_what_is_not_served() {
    clock!(CLOCK);

    #[ttl_cache(tti = "10s", clock = CLOCK.clone())]
    fn id(n: u32) -> u32 {
        n
    }

    assert_eq!(id_cache_parameters().ttl, None);
    assert_eq!(id_cache_parameters().tti, Some(secs(10)));
}

#[test]
fn a_value_may_have_a_ttl_of_its_own() {
    clock!(CLOCK);

    #[ttl_cache(ttl = "1h", clock = CLOCK.clone(), expire_after = |key, value| {
        (*key > 1).then(|| secs(u64::from(*value)))
    })]
    fn token(n: u32) -> u32 {
        n * 10
    }

    token(1);
    token(2);
    CLOCK.advance(secs(20));
    assert_eq!((token_cache_peek(1), token_cache_peek(2)), (Some(10), None));
}

#[test]
fn errors_are_kept_for_an_err_ttl() {
    clock!(CLOCK);
    runs!(RUNS);
    static GONE: Mutex<Vec<u32>> = Mutex::new(Vec::new());

    #[ttl_cache(
        err_ttl = "5s", ttl = "1m", clock = CLOCK.clone(), weigher = |_, _| 3,
        on_evict = |key, _value: &u32, _| GONE.lock().unwrap().push(*key),
        cache_if = |value| *value != 13, valid_if = |_, value| *value != 14,
        expire_after = |_, _| None, maxsize = 10, tags = |_, _| ["kept"]
    )]
    fn even(n: u32) -> Result<u32, String> {
        run(&RUNS);
        if n % 2 == 0 { Ok(n) } else { Err(format!("{n} is odd")) }
    }

    assert_eq!(
        (even(2), even(3), even(3)),
        (Ok(2), Err("3 is odd".into()), Err("3 is odd".into()))
    );
    assert_eq!(RUNS.load(Relaxed), 2);
    assert_eq!(even_cache_info().currsize, 4);
    CLOCK.advance(secs(5));
    assert!(even(3).is_err());
    assert_eq!(RUNS.load(Relaxed), 3);
    assert_eq!(ttl_memo::invalidate_tag("kept"), 1);
    assert_eq!(*GONE.lock().unwrap(), [2]);
    even_cache_insert(5, Err("given".into()));
    assert_eq!(even_cache_peek(5), Some(Err("given".into())));
}

#[test]
fn only_what_cache_if_wants_is_stored() {
    runs!(RUNS);

    #[ttl_cache(cache_if = Option::is_some)]
    fn find(n: u32) -> Option<u32> {
        run(&RUNS);
        (n > 1).then_some(n)
    }

    assert_eq!((find(1), find(1), find(2), find(2)), (None, None, Some(2), Some(2)));
    assert_eq!(RUNS.load(Relaxed), 3);
}

#[test]
fn an_error_may_borrow_beside_a_cache_if() {
    #[derive(Debug, PartialEq)]
    struct Bad<'a>(&'a str);

    #[ttl_cache(cache_if = |len| *len > 1, valid_if = |key, len| key.len() == *len)]
    fn len(text: &str) -> Result<usize, Bad<'_>> {
        if text.is_empty() { Err(Bad(text)) } else { Ok(text.len()) }
    }

    let local = String::from("ab");
    assert_eq!((len(&local), len(&local), len("")), (Ok(2), Ok(2), Err(Bad(""))));
    assert_eq!((len("a"), len("a")), (Ok(1), Ok(1)));
    assert_eq!(len_cache_info().hits, 1);
    assert_eq!(len_cache_peek(&local), Some(Ok(2)));
    len_cache_insert("xy", Err(Bad("no")));
    assert_eq!(len_cache_peek("xy"), None);
}

#[test]
fn what_is_not_valid_is_run_anew() {
    static REVISION: AtomicUsize = AtomicUsize::new(1);

    #[ttl_cache(valid_if = |_key, value| *value == REVISION.load(Relaxed))]
    fn revision(_n: u8) -> usize {
        REVISION.load(Relaxed)
    }

    assert_eq!((revision(1), revision(1)), (1, 1));
    REVISION.store(2, Relaxed);
    assert_eq!((revision(1), revision(1)), (2, 2));
    assert_eq!((revision_cache_info().hits, revision_cache_info().misses), (2, 2));
}

#[test]
fn refresh_if_asks_for_a_new_value() {
    runs!(RUNS);

    #[ttl_cache(skip(force, opts), refresh_if = *force || opts.0)]
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a reference is what is tested")]
    fn load(n: u8, force: bool, opts: &(bool, u8)) -> usize {
        usize::from(n) + run(&RUNS)
    }

    assert_eq!((load(1, false, &(false, 0)), load(1, false, &(false, 1))), (2, 2));
    assert_eq!((load(1, true, &(false, 0)), load(1, false, &(false, 0))), (3, 3));
    assert_eq!(load(1, false, &(true, 0)), 4);
    assert_eq!(load_cache_fetch(1, true, &(false, 0)).source, Source::Miss);
    assert_eq!(load_cache_fetch(1, false, &(false, 0)).source, Source::Hit);
    let info = load_cache_info();
    assert_eq!((info.misses, info.refreshes, info.hits), (4, 3, 3));
}

#[test]
fn weights_listeners_and_tags() {
    static GONE: Mutex<Vec<(String, RemovalCause)>> = Mutex::new(Vec::new());

    #[ttl_cache(
        maxsize = 10, weigher = |key, value| key.len() + value.len(), policy = fifo,
        on_evict = |key, _, cause| GONE.lock().unwrap().push((key.clone(), cause)),
        tags = |key, _| [format!("page:{key}")]
    )]
    fn page(url: &str) -> String {
        url.to_uppercase()
    }

    assert_eq!((page("ab"), page("cd"), page("efg")), ("AB".into(), "CD".into(), "EFG".into()));
    assert_eq!(page_cache_info().currsize, 10);
    assert_eq!(ttl_memo::invalidate_tag("page:cd"), 1);
    let gone = GONE.lock().unwrap();
    assert_eq!(
        *gone,
        [("ab".into(), RemovalCause::Size), ("cd".into(), RemovalCause::Invalidated)]
    );
}

#[test]
fn a_stale_value_stands_in_for_an_error() {
    clock!(CLOCK);
    static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

    #[ttl_cache(
        ttl = "1m", stale_if_error = "1h", clock = CLOCK.clone(), skip(ok),
        on_error = |key, error| HEARD.lock().unwrap().push(format!("{key}: {error}"))
    )]
    fn load(id: u8, ok: bool) -> Result<u8, String> {
        if ok { Ok(id) } else { Err("down".into()) }
    }

    assert_eq!(load(1, true), Ok(1));
    CLOCK.advance(secs(61));
    assert_eq!(load(1, false), Ok(1));
    assert_eq!(*HEARD.lock().unwrap(), ["1: down"]);
    CLOCK.advance(secs(3600));
    assert_eq!(load(1, false), Err("down".into()));
}

#[test]
fn a_stale_value_is_served_while_it_is_renewed() {
    clock!(CLOCK);
    runs!(RUNS);

    #[ttl_cache(ttl = "1m", stale_while_revalidate = "1h", clock = CLOCK.clone(), spawn = at_once)]
    fn load(name: &str, id: u8) -> String {
        format!("{name}{id}{}", run(&RUNS))
    }

    assert_eq!(load("a", 1), "a11");
    CLOCK.advance(secs(60));
    assert_eq!((load("a", 1), load("a", 1)), ("a11".into(), "a12".into()));
    let info = load_cache_info();
    assert_eq!((info.stale, info.refreshes, info.misses), (1, 1, 1));
    CLOCK.advance(secs(60));
    let fetched = load_cache_fetch("a", 1);
    assert_eq!((fetched.value.as_str(), fetched.source), ("a12", Source::Stale));
    assert_eq!(load_cache_peek("a", 1).as_deref(), Some("a13"));
}

/// A `spawn` that does not wait.
fn at_once(work: impl FnOnce() + Send + 'static) {
    work();
}

#[test]
fn an_entry_near_its_end_is_renewed_ahead() {
    clock!(CLOCK);
    runs!(RUNS);

    static RENEWAL: Mutex<Option<JoinHandle<()>>> = Mutex::new(None);
    fn renew(work: impl FnOnce() + Send + 'static) {
        *RENEWAL.lock().unwrap() = Some(std::thread::spawn(work));
    }

    struct Db;

    impl Clone for Db {
        fn clone(&self) -> Self {
            Self
        }
    }

    impl Db {
        #[ttl_cache(
            ttl = "1m", refresh_ahead = "10s", clock = CLOCK.clone(), skip(self), spawn = renew
        )]
        fn load(&self, ids: &[u8]) -> usize {
            ids.len() + run(&RUNS)
        }
    }

    assert_eq!(Db.load(&[1]), 2);
    CLOCK.advance(secs(51));
    assert_eq!(Db.load(&[1]), 2);
    RENEWAL.lock().unwrap().take().unwrap().join().unwrap();
    assert_eq!(Db::load_cache_info().refreshes, 1);
    assert_eq!(Db.load(&[1]), 3);
}

#[test]
fn async_renewals_are_spawned() {
    clock!(CLOCK);
    runs!(RUNS);

    #[ttl_cache(
        ttl = "1m", refresh_ahead = "10s", clock = CLOCK.clone(), spawn = tokio::spawn,
        refresh_if = *force, skip(force)
    )]
    async fn load(name: &str, id: String, force: bool) -> String {
        tokio::task::yield_now().await;
        format!("{name}{id}{}", run(&RUNS))
    }

    /// What is spawned on the runtime's one thread, and waits for nothing, comes to its end.
    async fn renewals() {
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    }

    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        assert_eq!(load("a", "1".into(), false).await, "a11");
        CLOCK.advance(secs(55));
        assert_eq!(load("a", "1".into(), false).await, "a11");
        renewals().await;
        assert_eq!(load("a", "1".into(), false).await, "a12");
        assert_eq!(load("a", "1".into(), true).await, "a13");
        CLOCK.advance(secs(55));
        assert_eq!(load_cache_fetch("a", "1".into(), false).await.source, Source::Hit);
        renewals().await;
        assert_eq!(load_cache_peek("a", "1".into()).as_deref(), Some("a14"));
    });
}

#[test]
fn the_rest_of_the_builder() {
    static NAME: &str = "named";

    #[ttl_cache(
        name = NAME, hasher = BuildHasherDefault::<DefaultHasher>::default(), jitter = 0.5,
        policy = lfu, single_flight = false, maxsize = 7, ttl = secs(60), helpers = pub(crate)
    )]
    fn id(n: u8) -> u8 {
        n
    }

    id(1);
    let parameters = id_cache_parameters();
    assert_eq!((&*parameters.name, parameters.policy), ("named", ttl_memo::Policy::Lfu));
    let left = id_cache_fetch(1).expires_in.unwrap();
    assert!(left >= secs(29) && left <= secs(60), "{left:?}");
    assert_eq!(ttl_memo::cache("named").unwrap().info().hits, 1);
}

#[test]
fn a_wait_has_a_length() {
    #[ttl_cache(single_flight = "5s", policy = random)]
    fn waits(n: u8) -> u8 {
        n
    }

    assert_eq!((waits(1), waits(1)), (1, 1));
}

#[test]
fn an_option_that_panics_is_tried_again() {
    static READY: AtomicUsize = AtomicUsize::new(0);

    #[ttl_cache(maxsize = { assert!(READY.load(Relaxed) > 0, "not ready"); 3 })]
    fn id(n: u8) -> u8 {
        n
    }

    assert!(std::panic::catch_unwind(|| id(1)).is_err());
    READY.store(1, Relaxed);
    assert_eq!((id(1), id_cache_parameters().maxsize), (1, Some(3)));
}

#[test]
fn a_clock_is_any_expression_of_a_clock_type() {
    #[derive(Clone)]
    struct Still;

    impl Clock for Still {
        fn now(&self) -> Duration {
            Duration::ZERO
        }
    }

    #[ttl_cache(clock = Still)]
    fn id(n: u8) -> u8 {
        n
    }

    assert_eq!((id(1), id_cache_fetch(1).age), (1, Duration::ZERO));
}
