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
