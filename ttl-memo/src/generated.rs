//! What expansions of `#[ttl_cache]` call. Not for use by hand: it changes without notice.

pub use crate::call::helpers::{insert, invalidate, invalidate_if, peek};
pub use crate::call::kept;
pub use crate::call::load::Load;
pub use crate::call::memoize::{Begun, CallLoad, Spawning, begin, begin_spawning};
pub use crate::call::memoize_async::{Asked, Asking, Memoized, memoize, memoize_spawning};
pub use crate::call::outcome::{Fetching, Kept, OkOnly, Shape, Whole};
pub use crate::call::query::{Matches, Query};
pub use crate::call::rules::{RuleSet, Rules, rules};
pub use crate::call::ticket::Ticket;
pub use crate::registry::enter as register;
