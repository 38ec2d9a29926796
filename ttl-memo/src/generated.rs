//! What expansions of `#[ttl_cache]` call. Not for use by hand: it changes without notice.

pub use std::time::Duration;

pub use crate::Policy;
pub use crate::TtlCache;
pub use crate::call::bundled::{
    begin, begin_if, begin_spawning, clear, expire, fetch, fetch_spawning, info, insert,
    invalidate, invalidate_if, parameters, peek, refresh, spawn,
};
pub use crate::call::compose::{array, each, option};
pub use crate::call::entry::{Call, Entry, lent, on};
pub use crate::call::kept;
pub use crate::call::load::Load;
pub use crate::call::memoize::{Begun, Spawning};
pub use crate::call::memoize_async::{Asked, Asking, Memoized, memoize};
pub use crate::call::needs::own;
pub use crate::call::outcome::{Fetching, Kept, OkOnly, Shape, Whole};
pub use crate::call::parts::Part;
pub use crate::call::probe::{Key, Place, Reference, Value};
pub use crate::call::query::{Matches, Query};
pub use crate::call::returns::Returns;
pub use crate::call::rules::{RuleSet, Rules, Ruling};
pub use crate::call::site::Site;
pub use crate::call::ticket::Ticket;
pub use crate::registry::enter as register;

/// The same for functions with `scope = thread`.
pub mod local {
    pub use std::time::Duration;

    pub use crate::Policy;
    pub use crate::call::compose::{array, each, option};
    pub use crate::call::load::Load;
    pub use crate::call::local::{
        Asking, Caches, Call, Entry, Held, Latest, Loading, Plain, RulesIn, Site, begin, begin_if,
        clear, expire, fetch, info, insert, invalidate, invalidate_if, kept, memoize, parameters,
        peek, refresh,
    };
    pub use crate::call::memoize::Begun;
    pub use crate::call::memoize_async::{Asked, Memoized};
    pub use crate::call::outcome::{Fetching, Kept, OkOnly, Shape, Whole};
    pub use crate::call::parts::Part;
    pub use crate::call::probe::{Key, Place, Reference, Value};
    pub use crate::call::query::{Matches, Query};
    pub use crate::call::returns::Returns;
    pub use crate::call::rules::{RuleSet, Rules, Ruling};
}
