//! Ours, as most will use it.

use std::sync::Arc;

use ttl_memo::ttl_cache;

use super::{Boxed, Peer, Slow, Use, bodies};

pub(super) static DEFAULT: Default = Default;
pub(super) static LRU: Lru = Lru;
pub(super) static THREAD: Thread = Thread;
pub(super) static THREAD_LRU: ThreadLru = ThreadLru;

/// The default policy.
pub(super) struct Default;
/// `policy = lru`.
pub(super) struct Lru;
/// `scope = thread`
pub(super) struct Thread;
/// `scope = thread, policy = lru`
pub(super) struct ThreadLru;

/// Whether the attribute memoizes: the second of two equal calls does not run the body.
pub fn works() -> bool {
    #[ttl_cache]
    fn probe(n: u64) -> u64 {
        bodies::counted(n)
    }
    probe(0);
    let before = bodies::runs();
    probe(0);
    bodies::runs() == before
}

/// A module of annotated functions, one for each use.
macro_rules! functions {
    ($module:ident: $($option:tt)*) => {
        mod $module {
            use super::*;

            functions!(@number hits 4_096 "10m" number $($option)*);
            functions!(@number small 1_024 "10m" number $($option)*);
            functions!(@number large 100_000 "10m" number $($option)*);
            functions!(@number wide 200_000 "10m" number $($option)*);
            functions!(@number mixed 100_000 "10m" counted $($option)*);
            functions!(@number exact 1_024 "10m" counted $($option)*);
            functions!(@number held 100_000 "10m" number $($option)*);
            functions!(@number brief 100_000 "1500ms" number $($option)*);
            functions!(@number slow 128 "10m" slow $($option)*);

            pub(super) fn number(what_for: Use) -> Boxed<u64, u64> {
                match what_for {
                    Use::Hits => Box::new(hits),
                    Use::Small => Box::new(small),
                    Use::Large => Box::new(large),
                    Use::Wide => Box::new(wide),
                    Use::Mixed => Box::new(mixed),
                    Use::Exact => Box::new(exact),
                    Use::Held => Box::new(held),
                    Use::Brief => Box::new(brief),
                }
            }

            #[ttl_cache(maxsize = 4_096, ttl = "10m" $($option)*)]
            pub(super) fn text(text: &str) -> u64 {
                bodies::text(text)
            }

            #[ttl_cache(maxsize = 4_096, ttl = "10m" $($option)*)]
            pub(super) fn pair(text: &str, n: u32) -> String {
                bodies::pair(text, n)
            }

            #[ttl_cache(maxsize = 4_096, ttl = "10m" $($option)*)]
            pub(super) fn shared_pair(text: &str, n: u32) -> Arc<str> {
                bodies::shared_pair(text, n)
            }
        }
    };
    (@number $name:ident $maxsize:literal $ttl:literal $body:ident $($option:tt)*) => {
        #[ttl_cache(maxsize = $maxsize, ttl = $ttl $($option)*)]
        pub(super) fn $name(n: u64) -> u64 {
            bodies::$body(n)
        }
    };
}

functions!(default:);
functions!(lru: , policy = lru);
functions!(thread: , scope = thread);
functions!(thread_lru: , scope = thread, policy = lru);

macro_rules! peer {
    ($peer:ty, $name:literal, $module:ident) => {
        impl Peer for $peer {
            fn name(&self) -> &'static str {
                $name
            }

            fn number(&self, what_for: Use) -> Option<Boxed<u64, u64>> {
                Some($module::number(what_for))
            }

            fn text(&self) -> Option<Boxed<&'static str, u64>> {
                Some(Box::new($module::text))
            }

            fn pair(&self) -> Option<Boxed<(&'static str, u32), String>> {
                Some(Box::new(|(text, n)| $module::pair(text, n)))
            }

            fn shared_pair(&self) -> Option<Boxed<(&'static str, u32), Arc<str>>> {
                Some(Box::new(|(text, n)| $module::shared_pair(text, n)))
            }

            fn slow(&self) -> Vec<Slow> {
                vec![($name, Box::new($module::slow))]
            }
        }
    };
}

peer!(Default, "ttl-memo", default);
peer!(Lru, "ttl-memo lru", lru);
peer!(Thread, "ttl-memo thread", thread);
peer!(ThreadLru, "ttl-memo thread lru", thread_lru);
