//! What expansions of `#[ttl_cache]` call. Not for use by hand: it changes without notice.

pub use crate::call::memoize::{Begun, Load, begin};
pub use crate::call::outcome::{OkOnly, Shape, Whole};
pub use crate::call::query::{Matches, Query};
pub use crate::registry::enter as register;
