//! The same function under each option.
//!
//! Each gives a type of its own, so that the compiler makes code for each: code that two functions
//! have in common is inlined into neither, and only the odd one out would be fast.

use std::future::Future;
use std::hash::RandomState;
use std::hint::black_box;
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use ttl_memo::{CacheInfo, ManualClock, TtlCache, ttl_cache};
use ttl_memo_benches::numbers::scramble;

/// The one whose cost is 1.
pub(crate) const PLAIN: &str = "none";

/// What `cache = …` is measured with: as large as the others, and as long-lived.
static SHARED: LazyLock<TtlCache<u64, Shared>> = LazyLock::new(|| {
    TtlCache::builder().name("shared").maxsize(1_024).ttl(Duration::from_secs(600)).build()
});

/// Calls a function with each of these.
type Calls = dyn Fn(&[u64]);

/// An annotated function, and how its calls went.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    calls: Box<Calls>,
    info: fn() -> CacheInfo,
}

impl Subject {
    fn new<R>(
        name: &'static str,
        function: impl Fn(u64) -> R + 'static,
        info: fn() -> CacheInfo,
    ) -> Self {
        let calls = Box::new(move |keys: &[u64]| {
            for &key in keys {
                black_box(function(black_box(key)));
            }
        });
        Self { name, calls, info }
    }

    /// One call for each key.
    pub(crate) fn call(&self, keys: &[u64]) {
        (self.calls)(keys);
    }

    /// That `work` means so many hits and misses: otherwise it is not known what was measured.
    pub(crate) fn expect(&self, hits: u64, misses: u64, work: impl Fn()) -> Result<(), String> {
        let before = (self.info)();
        work();
        let after = (self.info)();
        let got = (after.hits - before.hits, after.misses - before.misses);
        if got == (hits, misses) {
            return Ok(());
        }
        Err(format!("{}: {got:?} hits and misses instead of {:?}", self.name, (hits, misses)))
    }
}

/// What one function gives: the one in this line, or that which is written out.
#[derive(Clone)]
struct Value<const WHICH: u32>(u64);

type Keyed = Value<0>;
type Shared = Value<1>;
type Awaited = Value<2>;

/// A function of a number that gives a number, by what it is called and its options.
macro_rules! number {
    ($name:expr $(, $($option:tt)+)?) => {{
        type Ours = Value<{ line!() }>;

        #[ttl_cache(maxsize = 1024, ttl = "10m" $(, $($option)+)?)]
        #[inline(never)]
        fn function(n: u64) -> Ours {
            Value(scramble(n))
        }
        Subject::new($name, function, function_cache_info)
    }};
}

/// One that gives a `Result`.
macro_rules! result {
    ($name:expr $(, $($option:tt)+)?) => {{
        type Ours = Value<{ line!() }>;

        #[ttl_cache(maxsize = 1024, ttl = "10m" $(, $($option)+)?)]
        #[inline(never)]
        fn function(n: u64) -> Result<Ours, &'static str> {
            scramble(n).checked_add(1).map(Value).ok_or("too large")
        }
        Subject::new($name, function, function_cache_info)
    }};
}

/// All of them, the plain one first. It comes twice: what is not 1 there is noise.
pub(crate) fn subjects() -> Vec<Subject> {
    let mut subjects = vec![number!(PLAIN), number!("none, measured again")];
    subjects.extend(which_stays());
    subjects.extend(what_is_stored());
    subjects.extend(how_it_is_made());
    subjects.extend(where_it_lives());
    subjects
}

fn which_stays() -> [Subject; 8] {
    [
        number!("`policy = lru`", policy = lru),
        number!("`policy = fifo`", policy = fifo),
        number!("`policy = lfu`", policy = lfu),
        number!("`policy = random`", policy = random),
        number!("`tti`", tti = "5m"),
        number!("`expire_after`", expire_after = |n, _| Some(Duration::from_secs(60 + n % 60))),
        number!("`jitter`", jitter = 0.1),
        number!("`weigher`", weigher = |_, _| 1),
    ]
}

fn what_is_stored() -> [Subject; 5] {
    [
        {
            // By hand: another macro's `n` would be another name.
            #[ttl_cache(maxsize = 1024, ttl = "10m", key = *n)]
            #[inline(never)]
            fn function(n: u64) -> Keyed {
                Value(scramble(n))
            }
            Subject::new("`key = *n`", function, function_cache_info)
        },
        number!("`cache_if`", cache_if = |value| value.0 != 1),
        number!("`valid_if`", valid_if = |_, value| value.0 != 1),
        number!("`on_evict`", on_evict = |n, _, _| _ = black_box(*n)),
        number!("`tags`, one for each value", tags = |n, _| [tag(*n)]),
    ]
}

/// One of eight.
fn tag(n: u64) -> &'static str {
    ["a", "b", "c", "d", "e", "f", "g", "h"][usize::from(n.to_le_bytes()[0] % 8)]
}

fn how_it_is_made() -> [Subject; 7] {
    [
        number!("`single_flight = false`", single_flight = false),
        number!("`single_flight = \"5s\"`", single_flight = "5s"),
        number!("`stale_while_revalidate`", stale_while_revalidate = "30s"),
        number!("`refresh_ahead`", refresh_ahead = "1m"),
        result!("a function that gives a `Result`"),
        result!("… with `err_ttl`", err_ttl = "1s"),
        result!("… with `stale_if_error`", stale_if_error = "1h"),
    ]
}

fn where_it_lives() -> [Subject; 5] {
    [
        number!("`scope = thread`", scope = thread),
        {
            #[ttl_cache(cache = &SHARED)]
            #[inline(never)]
            fn function(n: u64) -> Shared {
                Value(scramble(n))
            }
            Subject::new("`cache = &STATIC`", function, function_cache_info)
        },
        number!("`hasher`: the standard library's", hasher = RandomState::new()),
        number!("`clock`: a `ManualClock`", clock = ManualClock::new()),
        {
            #[ttl_cache(maxsize = 1024, ttl = "10m")]
            #[inline(never)]
            async fn function(n: u64) -> Awaited {
                std::future::ready(Value(scramble(n))).await
            }
            Subject::new("an `async fn`", |n| block_on(function(n)), function_cache_info)
        },
    ]
}

/// For futures that wait for nobody: their own thread is the only one.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}
