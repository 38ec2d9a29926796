//! What is of the whole process: its caches, its clocks, its worlds.

use std::fmt::Debug;
use std::future::{Future, Ready};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::time::Duration;

use ttl_memo::testing::{Scoped, World};
use ttl_memo::{
    CacheInfo, CacheParameters, Clock, Handle, Janitor, ManualClock, RandomState, SystemClock,
};

use super::all;

all! {
    Handle: [Copy + Debug + Send + Sync + UnwindSafe + RefUnwindSafe];
    Janitor: [Debug + Send + Sync];
    SystemClock: [Clock + Copy + Debug + Default];
    ManualClock: [Clock + Clone + Debug + Default + UnwindSafe + RefUnwindSafe];
    Arc<dyn Clock>: [Clock];
    &'static ManualClock: [Clock];
    dyn Clock: [Send + Sync];
    RandomState: [std::hash::BuildHasher + Clone + Debug + Default + Send + Sync];
    World: [Debug];
    Scoped<Ready<u8>>: [Future<Output = u8> + Debug + Send];
}

const _: fn() -> Vec<Handle> = ttl_memo::caches;
const _: fn(&str) -> Option<Handle> = ttl_memo::cache;
const _: fn() = ttl_memo::clear_all;
const _: fn() -> usize = ttl_memo::expire_all;
const _: fn(&str) -> usize = ttl_memo::invalidate_tag;
const _: fn(bool) = ttl_memo::set_enabled;
const _: fn(Duration) -> Janitor = ttl_memo::spawn_janitor;
const _: fn() = ttl_memo::metrics::publish;

const _: fn(&Handle) -> String = Handle::name;
const _: fn(&Handle) -> CacheInfo = Handle::info;
const _: fn(&Handle) -> CacheParameters = Handle::parameters;
const _: fn(&Handle) = Handle::clear;
const _: fn(&Handle) -> usize = Handle::expire;
const _: fn(&Handle, Duration) = Handle::set_ttl;
const _: fn(&Handle, Option<Duration>) = Handle::set_ttl;
const _: fn(&Handle, usize) = Handle::set_maxsize;
const _: fn(&Handle, Option<usize>) = Handle::set_maxsize;
const _: fn(&Handle, bool) = Handle::set_enabled;

const _: SystemClock = SystemClock;
const _: fn() -> ManualClock = ManualClock::new;
const _: fn(&ManualClock, Duration) = ManualClock::advance;
const _: fn(&ManualClock) -> Duration = ManualClock::now;

const _: fn() -> World = ttl_memo::testing::isolated;
const _: fn(&World, Duration) = World::advance;
const _: fn(&World) -> ManualClock = World::clock;
const _: fn(&World, Ready<u8>) -> Scoped<Ready<u8>> = World::scope;
const _: fn(&World, fn() -> u8) -> u8 = World::run;

/// A clock of a user's, by the one method that it has to have.
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

all! {
    Stopped: [Clock];
}
