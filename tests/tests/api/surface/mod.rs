//! Every name and signature that is promised, in use as its users have it: what changes here breaks
//! somebody. All is checked by the compiler, and nothing runs.

#![expect(clippy::type_complexity, reason = "signatures are what this is about")]

mod cache;
mod helpers;
mod map;
mod process;
mod reports;

use std::hash::BuildHasherDefault;
use std::time::Duration;

/// A key that can be looked up by another type.
type Key = String;
/// A value that is `Send` and `Sync`, and no more than that.
type Value = Vec<u8>;
/// A hasher that is not the default.
type Other = BuildHasherDefault<std::hash::DefaultHasher>;

type Weigher = fn(&Key, &Value) -> usize;
type ExpireAfter = fn(&Key, &Value) -> Option<Duration>;
type Listener = fn(&Key, &Value, ttl_memo::RemovalCause);

/// That a type has what is asked of it.
macro_rules! all {
    ($($type:ty: [$($bounds:tt)+];)+) => {
        const _: () = {
            $({
                const fn is<T: $($bounds)+ + ?Sized>() {}
                is::<$type>();
            })+
        };
    };
}
use all;

/// What each of the two builders has.
macro_rules! builder {
    ($builder:ident, $of:ident) => {
        const _: fn($builder, usize) -> $builder = $builder::maxsize;
        const _: fn($builder, Option<usize>) -> $builder = $builder::maxsize;
        const _: fn($builder, Duration) -> $builder = $builder::ttl;
        const _: fn($builder, Option<Duration>) -> $builder = $builder::ttl;
        const _: fn($builder, Duration) -> $builder = $builder::tti;
        const _: fn($builder, ttl_memo::Policy) -> $builder = $builder::policy;
        const _: fn($builder, Weigher) -> $builder = $builder::weigher;
        const _: fn($builder, ExpireAfter) -> $builder = $builder::expire_after;
        const _: fn($builder, f64) -> $builder = $builder::jitter;
        const _: fn($builder, Listener) -> $builder = $builder::on_evict;
        const _: fn($builder, ttl_memo::ManualClock) -> $builder = $builder::clock;
        const _: fn($builder, Other) -> $of<Key, Value, Other> = $builder::hasher;
    };
}
use builder;
