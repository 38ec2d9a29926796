//! [`TtlCache`] and its builder.

use std::borrow::Cow;
use std::fmt::Debug;
use std::future::{Future, Ready, ready};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::time::Duration;

use ttl_memo::{CacheInfo, CacheParameters, SingleFlight, TtlCache, TtlCacheBuilder};

use super::{ExpireAfter, Key, Listener, Other, Value, Weigher, all, builder};

type Cache = TtlCache<Key, Value>;
type Builder = TtlCacheBuilder<Key, Value>;

all! {
    Cache: [Send + Sync + Unpin + Debug + Default + UnwindSafe + RefUnwindSafe];
    Builder: [Send + Debug];
    TtlCache<Key, Value, Other>: [Send + Sync];
    &'static Cache: [IntoIterator<Item = (Key, Value), IntoIter = std::vec::IntoIter<(Key, Value)>>];
}

const _: fn(usize, Duration) -> Cache = Cache::new;
const _: fn(Option<usize>, Option<Duration>) -> Cache = Cache::new;
const _: fn() -> Builder = Cache::builder;

const _: fn(&Cache, &str) -> Option<Value> = Cache::get;
const _: fn(&Cache, &Key) -> Option<Value> = Cache::get;
const _: fn(&Cache, &str) -> Option<Value> = Cache::peek;
const _: fn(&Cache, &str) -> bool = Cache::contains_key;
const _: fn(&Cache, Key, Value) = Cache::insert;
const _: fn(&Cache, Key, Value, Duration) = Cache::insert_with_ttl;
const _: fn(&Cache, &str) -> bool = Cache::invalidate;

const _: fn(&Cache, Key, fn() -> Value) -> Value = Cache::get_or_insert_with;
/// An error of any type.
const _: fn(&Cache, Key, fn() -> Result<Value, *mut ()>) -> Result<Value, *mut ()> =
    Cache::try_get_or_insert_with;

fn _async_loads(cache: &Cache) {
    fn is<T, F: Future<Output = T> + Send>(_: F) {}
    is::<Value, _>(cache.get_or_insert_async(Key::new(), || ready(Value::new())));
    let failing = || ready(Err::<Value, Arc<str>>("".into()));
    is::<Result<Value, Arc<str>>, _>(cache.try_get_or_insert_async(Key::new(), failing));
    // With the types of the future, and of the error, named.
    drop(cache.get_or_insert_async::<Ready<Value>>(Key::new(), || ready(Value::new())));
    drop(cache.try_get_or_insert_async::<Ready<_>, Arc<str>>(Key::new(), failing));
}

const _: fn(&Cache) = Cache::clear;
const _: fn(&Cache) -> usize = Cache::expire;
const _: fn(&Cache, fn(&Key, &Value) -> bool) -> usize = Cache::retain;
const _: fn(&Cache) -> std::vec::IntoIter<(Key, Value)> = Cache::iter;
const _: fn(&Cache) -> usize = Cache::len;
const _: fn(&Cache) -> bool = Cache::is_empty;
const _: fn(&Cache) -> CacheInfo = Cache::info;
const _: fn(&Cache) -> CacheParameters = Cache::parameters;
const _: fn(&Cache, Duration) = Cache::set_ttl;
const _: fn(&Cache, Option<Duration>) = Cache::set_ttl;
const _: fn(&Cache, usize) = Cache::set_maxsize;
const _: fn(&Cache, Option<usize>) = Cache::set_maxsize;
const _: fn(&Cache, bool) = Cache::set_enabled;

builder!(Builder, TtlCacheBuilder);
const _: fn(Builder, &'static str) -> Builder = Builder::name;
const _: fn(Builder, String) -> Builder = Builder::name;
const _: fn(Builder, Cow<'static, str>) -> Builder = Builder::name;
const _: fn(Builder, bool) -> Builder = Builder::single_flight;
const _: fn(Builder, Duration) -> Builder = Builder::single_flight;
const _: fn(Builder, SingleFlight) -> Builder = Builder::single_flight;
const _: fn(Builder, Duration) -> Builder = Builder::stale_while_revalidate;
const _: fn(Builder, Duration) -> Builder = Builder::stale_if_error;
const _: fn(Builder, fn(&Key, &Value) -> Option<String>) -> Builder = Builder::tags;
const _: fn(Builder, fn(&Key, &Value) -> [&'static str; 2]) -> Builder = Builder::tags;
const _: fn(Builder) -> Cache = Builder::build;
const _: fn(TtlCacheBuilder<Key, Value, Other>) -> TtlCache<Key, Value, Other> =
    TtlCacheBuilder::build;
