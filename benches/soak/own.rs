//! Between the calls of the shared cache, some of functions that have a cache for each thread.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use ttl_memo::{Clock, SystemClock, ttl_cache};
use ttl_memo_benches::numbers::Random;

use crate::value::{Before, Origin, Value};
use crate::waiting::{block_on, pause, poll_once};
use crate::workers::Shared;

const KEYS: usize = 200;
const MAXSIZE: usize = 64;
const TTL: Duration = Duration::from_millis(5);

/// Not `Send`, as nothing of this has to be.
type Kept = Rc<Value>;

/// Makes the value of a key.
type Make<'m> = &'m dyn Fn(usize) -> Kept;

#[ttl_cache(scope = thread, maxsize = MAXSIZE, ttl = TTL, skip(make))]
fn plain(key: usize, make: Make<'_>) -> Kept {
    if key % 8 == 7 {
        plain(key - 1, make);
    }
    make(key)
}

#[ttl_cache(scope = thread, maxsize = MAXSIZE, ttl = TTL, skip(make))]
async fn awaited(key: usize, make: Make<'_>) -> Kept {
    pause().await;
    make(key)
}

/// For each key, when the latest invalidation began.
#[derive(Debug)]
pub(crate) struct Own(Vec<u64>);

impl Own {
    pub(crate) fn new() -> Self {
        Self(vec![0; KEYS])
    }

    /// A call of one of the functions, or of helpers of both.
    pub(crate) fn call(&mut self, shared: &Shared<'_>, random: &mut Random) {
        let key = usize::try_from(random.below(KEYS as u64)).unwrap_or(0);
        match random.below(100) {
            0..50 => self.load(shared, key, |make| Some(plain(key, make))),
            50..60 => self.load(shared, key, |make| Some(block_on(awaited(key, make)))),
            60..65 => self.load(shared, key, |make| poll_once(awaited(key, make))),
            65..70 => self.load(shared, key, |make| Some(plain_cache_refresh(key, make))),
            70..75 => self.load(shared, key, |_| plain_cache_peek(key)),
            75..83 => self.insert(shared, key),
            83..93 => {
                plain_cache_invalidate(key);
                awaited_cache_invalidate(key);
                self.0[key] = shared.moment();
            }
            93..95 => {
                let part = key % 16;
                plain_cache_invalidate_if(|key| key % 16 == part);
                awaited_cache_invalidate_if(|key| key % 16 == part);
                let moment = shared.moment();
                self.0.iter_mut().skip(part).step_by(16).for_each(|floor| *floor = moment);
            }
            95..96 => {
                plain_cache_clear();
                awaited_cache_clear();
                self.0.fill(shared.moment());
            }
            96..98 => _ = (plain_cache_expire(), awaited_cache_expire()),
            _ => {
                let info = plain_cache_info();
                let fits = info.len <= MAXSIZE;
                shared.checks.expect(fits, || format!("a thread holds too much: {info}"));
            }
        }
    }

    /// Calls with a body that notes what it made.
    fn load(&self, shared: &Shared<'_>, key: usize, call: impl FnOnce(Make<'_>) -> Option<Kept>) {
        let before = Before { key, floor: self.0[key], now: now() };
        let made = RefCell::new(None);
        let answer = call(&|of| {
            let value = Rc::new(Value::new(of, Origin::Load, shared.moment(), shared.alive));
            if of == key {
                made.replace(Some(Rc::clone(&value)));
            }
            value
        });
        if let Some(value) = made.into_inner() {
            stored(shared, &value);
        }
        if let Some(value) = answer {
            shared.checks.note(value.wrong(&before));
        }
    }

    fn insert(&mut self, shared: &Shared<'_>, key: usize) {
        let value = Rc::new(Value::new(key, Origin::Insert, shared.moment(), shared.alive));
        plain_cache_insert(key, Rc::clone(&value));
        awaited_cache_invalidate(key);
        // Later than what was loaded, earlier than this was stored.
        self.0[key] = shared.moment();
        stored(shared, &value);
    }
}

fn now() -> u64 {
    u64::try_from(SystemClock.now().as_nanos()).unwrap_or(u64::MAX)
}

/// The call that stores it has returned.
fn stored(shared: &Shared<'_>, value: &Value) {
    let life = u64::try_from(TTL.as_nanos()).unwrap_or(u64::MAX);
    value.was_stored(shared.moment(), now().saturating_add(life));
}
