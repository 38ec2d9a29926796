//! Functions with `scope = thread`: one for each policy and kind of options.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use ttl_memo::{CacheInfo, Fetched, ManualClock, RemovalCause, ttl_cache};

use super::operations::{How, KEYS, Operation, Setup};
use super::reference::{Seconds, Value};
use super::subject::{Body, Heard, Subject, at_once, seconds};

/// What the options of this thread's caches are to be.
struct Asked {
    setup: Setup,
    clock: ManualClock,
    heard: Heard,
}

thread_local! {
    static ASKED: RefCell<Option<Asked>> = const { RefCell::new(None) };
}

fn asked<T>(of: impl FnOnce(&Asked) -> T) -> T {
    ASKED.with_borrow(|asked| of(asked.as_ref().unwrap()))
}

fn heard(key: u8, value: &Value, cause: RemovalCause) {
    asked(|it| it.heard.lock().unwrap().push((key, value.id, cause)));
}

fn span(of: impl FnOnce(&Setup) -> Option<Seconds>) -> Duration {
    asked(|it| of(&it.setup)).map_or(Duration::MAX, seconds)
}

type Answer = Result<Value, ()>;

/// A function, and what is beside it.
#[derive(Clone, Copy)]
pub(crate) struct Function {
    ask: fn(u8, Body<'_>) -> Answer,
    fetch: fn(u8, Body<'_>) -> Fetched<Answer>,
    refresh: fn(u8, Body<'_>) -> Answer,
    peek: fn(u8) -> Option<Answer>,
    insert: fn(u8, Answer),
    invalidate: fn(u8) -> bool,
    drop_third: fn(u8) -> usize,
    clear: fn(),
    expire: fn() -> usize,
    info: fn() -> CacheInfo,
}

/// A function, its helpers beside it.
macro_rules! function {
    (@ $helper:ident) => { $helper };
    (@ $helper:ident async) => { |key, body| at_once($helper(key, body)) };
    ($name:ident: $policy:ident [$($async:tt)?] $($options:tt)*) => {
        mod $name {
            use super::super::*;

            #[ttl_cache(
                scope = thread,
                policy = $policy,
                skip(body),
                maxsize = asked(|it| it.setup.maxsize).unwrap_or(usize::MAX),
                ttl = span(|it| it.ttl),
                hasher = asked(|it| it.setup.hashes),
                clock = asked(|it| it.clock.clone()),
                on_evict = |key, value, cause| heard(*key, value, cause)
                $($options)*
            )]
            $($async)? fn call(_key: u8, body: Body<'_>) -> Answer {
                body()
            }

            pub(super) const FUNCTION: Function = Function {
                ask: function!(@ call $($async)?),
                fetch: function!(@ call_cache_fetch $($async)?),
                refresh: function!(@ call_cache_refresh $($async)?),
                peek: call_cache_peek,
                insert: call_cache_insert,
                invalidate: call_cache_invalidate,
                drop_third: |third| call_cache_invalidate_if(|key| key % 3 == third),
                clear: call_cache_clear,
                expire: call_cache_expire,
                info: call_cache_info,
            };
        }
    };
}

/// One for each policy, and an async one, with these options beside those that all have.
macro_rules! functions {
    ($($kind:ident { $($options:tt)* })*) => {$(
        mod $kind {
            function!(adaptive: adaptive [] $($options)*);
            function!(lru: lru [] $($options)*);
            function!(fifo: fifo [] $($options)*);
            function!(lfu: lfu [] $($options)*);
            function!(random: random [] $($options)*);
            function!(awaited: lru [async] $($options)*);

            pub(super) fn by(policy: ttl_memo::Policy, awaited: bool) -> super::Function {
                match policy {
                    ttl_memo::Policy::Lru if awaited => awaited::FUNCTION,
                    ttl_memo::Policy::Lru => lru::FUNCTION,
                    ttl_memo::Policy::Fifo => fifo::FUNCTION,
                    ttl_memo::Policy::Lfu => lfu::FUNCTION,
                    ttl_memo::Policy::Random => random::FUNCTION,
                    _ => adaptive::FUNCTION,
                }
            }
        }
    )*};
}

functions! {
    plain {}
    weighted { , weigher = |_, it| it.weight, expire_after = |_, it| it.own.map(seconds) }
    idle { , tti = span(|it| it.tti) }
    idle_weighted {
        , tti = span(|it| it.tti)
        , weigher = |_, it| it.weight, expire_after = |_, it| it.own.map(seconds)
    }
    windowed {
        , stale_while_revalidate = span(|it| Some(it.window))
        , stale_if_error = span(|it| Some(it.if_error))
    }
    windowed_weighted {
        , stale_while_revalidate = span(|it| Some(it.window))
        , stale_if_error = span(|it| Some(it.if_error))
        , weigher = |_, it| it.weight, expire_after = |_, it| it.own.map(seconds)
    }
}

/// On a thread of its own, where each function's cache is new.
impl Subject for Function {
    fn new(setup: &Setup, clock: &ManualClock, heard: &Heard) -> Self {
        let by = match (setup.tti.is_some(), setup.window + setup.if_error > 0, setup.hooks) {
            (true, _, false) => idle::by,
            (true, _, true) => idle_weighted::by,
            (false, true, false) => windowed::by,
            (false, true, true) => windowed_weighted::by,
            (false, false, false) => plain::by,
            (false, false, true) => weighted::by,
        };
        let (clock, heard) = (clock.clone(), Arc::clone(heard));
        ASKED.set(Some(Asked { setup: setup.clone(), clock, heard }));
        by(setup.policy, setup.awaited)
    }

    fn can(operation: &Operation) -> bool {
        matches!(
            operation,
            Operation::Peek(_)
                | Operation::Insert(..)
                | Operation::Load(..)
                | Operation::Invalidate(_)
                | Operation::Retain(_)
                | Operation::Clear
                | Operation::Expire
                | Operation::Advance(_)
        )
    }

    fn get(&self, _: u8) -> Option<Value> {
        unreachable!("a call has a body")
    }

    fn peek(&self, key: u8) -> Option<Value> {
        (self.peek)(key).map(Result::unwrap)
    }

    fn insert(&self, key: u8, value: Value, ttl: Option<Seconds>) {
        assert_eq!(ttl, None, "there is no helper for that");
        (self.insert)(key, Err(()));
        (self.insert)(key, Ok(value));
    }

    fn load(&self, how: How, key: u8, body: Body<'_>) -> Answer {
        match how {
            How::Plainly => (self.ask)(key, body),
            How::Trying => (self.fetch)(key, body).value,
            How::Anew => (self.refresh)(key, body),
        }
    }

    fn invalidate(&self, key: u8) -> bool {
        (self.invalidate)(key)
    }

    fn drop_third(&self, third: u8) -> usize {
        (self.drop_third)(third)
    }

    fn clear(&self) {
        (self.clear)();
    }

    fn expire(&self) -> usize {
        (self.expire)()
    }

    fn set_ttl(&self, _: Option<Seconds>) {
        unreachable!("a thread's cache keeps its options")
    }

    fn set_maxsize(&self, _: Option<usize>) {
        unreachable!("a thread's cache keeps its options")
    }

    fn set_enabled(&self, _: bool) {
        unreachable!("a thread's cache is not switched off")
    }

    fn info(&self) -> CacheInfo {
        (self.info)()
    }

    fn entries(&self) -> Vec<(u8, Value)> {
        let live = |key| Some((key, Subject::peek(self, key)?));
        (0..KEYS).filter_map(live).collect()
    }
}
