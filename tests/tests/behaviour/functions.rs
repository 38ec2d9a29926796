//! Free functions, and everything beside them.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use ttl_memo::{ManualClock, Source, ttl_cache};

#[test]
fn a_second_call_runs_no_body() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);

    #[ttl_cache]
    fn square(n: u64) -> u64 {
        RUNS.fetch_add(1, Relaxed);
        n * n
    }

    assert_eq!((square(3), square(3), square(4)), (9, 9, 16));
    assert_eq!(RUNS.load(Relaxed), 2);
    assert_eq!(
        square_cache_info().to_string(),
        "CacheInfo(hits=1, misses=2, maxsize=128, currsize=2)"
    );
}

#[test]
fn parameters_of_every_kind_are_the_key() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);

    #[ttl_cache(maxsize = None)]
    fn all(s: &str, n: u32, name: String, list: &[u8], flag: Option<bool>) -> String {
        RUNS.fetch_add(1, Relaxed);
        format!("{s}{n}{name}{list:?}{flag:?}")
    }

    let call = || all("a", 1, "b".into(), &[1, 2], None);
    assert_eq!(call(), call());
    assert_eq!(RUNS.load(Relaxed), 1);
    all("b", 1, "b".into(), &[1, 2], None);
    all("a", 2, "b".into(), &[1, 2], None);
    all("a", 1, "c".into(), &[1, 2], None);
    all("a", 1, "b".into(), &[1], None);
    all("a", 1, "b".into(), &[1, 2], Some(true));
    assert_eq!(RUNS.load(Relaxed), 6);
    assert_eq!(all_cache_info().maxsize, None);
}

#[test]
fn no_parameters_are_one_key() {
    #[ttl_cache]
    fn answer() -> u8 {
        42
    }

    assert_eq!((answer(), answer()), (42, 42));
    assert_eq!((answer_cache_info().hits, answer_cache_info().len), (1, 1));
    assert!(answer_cache_invalidate());
    assert_eq!(answer_cache_peek(), None);
}

static CLOCK: LazyLock<ManualClock> = LazyLock::new(ManualClock::new);

#[test]
fn an_entry_lives_for_its_ttl() {
    #[ttl_cache(maxsize = 2 + 2, ttl = "1m", clock = CLOCK.clone(), policy = lru)]
    fn now(_n: u8) -> Duration {
        ttl_memo::Clock::now(&*CLOCK)
    }

    let then = now(1);
    CLOCK.advance(Duration::from_secs(60) - Duration::from_nanos(1));
    assert_eq!(now(1), then);
    CLOCK.advance(Duration::from_nanos(1));
    assert_ne!(now(1), then);
    let parameters = now_cache_parameters();
    assert_eq!((parameters.maxsize, parameters.ttl), (Some(4), Some(Duration::from_secs(60))));
    assert_eq!(parameters.policy, ttl_memo::Policy::Lru);
    assert!(parameters.name.ends_with("an_entry_lives_for_its_ttl::now"), "{}", parameters.name);
    CLOCK.advance(Duration::from_secs(61));
    assert_eq!(now_cache_expire(), 1);
}

#[test]
fn helpers_do_what_they_say() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);

    #[ttl_cache(ttl = Duration::from_secs(5))]
    fn join(a: &str, b: &str) -> String {
        RUNS.fetch_add(1, Relaxed);
        format!("{a}{b}")
    }

    assert_eq!(join_cache_peek("a", "b"), None);
    join_cache_insert("a", "b", "given".into());
    assert_eq!(join("a", "b"), "given");
    assert_eq!(join_cache_peek("a", "b").as_deref(), Some("given"));
    assert_eq!(join_cache_refresh("a", "b"), "ab");
    assert_eq!(join_uncached("a", "b"), "ab");
    assert_eq!(RUNS.load(Relaxed), 2);
    let fetched = join_cache_fetch("a", "b");
    assert_eq!((fetched.value.as_str(), fetched.source), ("ab", Source::Hit));
    assert_eq!(join_cache_fetch("a", "c").source, Source::Miss);
    assert_eq!(join_cache_invalidate_if(|_, b: &String| b == "c"), 1);
    assert!(join_cache_invalidate("a", "b"));
    assert!(!join_cache_invalidate("a", "b"));
    join_cache_clear();
    let info = join_cache_info();
    assert_eq!((info.hits, info.misses, info.len), (0, 0, 0));
}

mod inner {
    pub(super) fn one() -> u8 {
        1
    }
}

#[test]
#[expect(unused_qualifications, reason = "it is what is tried")]
fn a_module_named_self_is_no_receiver() {
    #[ttl_cache]
    fn shown(n: u8) -> String {
        use std::fmt::{self, Write};
        let mut text = String::new();
        let written: fmt::Result = write!(text, "{n}{}", self::inner::one());
        written.map_or_else(|_| String::new(), |()| text)
    }

    assert_eq!((shown(2), shown(2)), ("21".into(), "21".into()));
    assert_eq!(shown_cache_info().hits, 1);
}

/// Panics when it is dropped, if it is to.
struct Fragile(bool);

impl Drop for Fragile {
    fn drop(&mut self) {
        if self.0 {
            std::panic::resume_unwind(Box::new(()));
        }
    }
}

#[ttl_cache(skip(_of))]
fn held(_of: Fragile) -> Arc<()> {
    Arc::default()
}

#[ttl_cache(scope = thread, skip(_of))]
fn held_by_thread(_of: Fragile) -> Arc<()> {
    Arc::default()
}

#[test]
fn an_answer_is_dropped_where_an_argument_panics_as_it_goes() {
    for call in [held, held_by_thread] {
        let value = call(Fragile(false));
        let count = Arc::strong_count(&value);
        assert!(std::panic::catch_unwind(|| call(Fragile(true))).is_err());
        assert_eq!(Arc::strong_count(&value), count);
    }
}
