//! Where `ttl_memo` is, seen from the user's crate.

use syn::{Path, parse_quote};

/// The path that `crate = …` gives, or the name under which the crate is known.
pub(crate) fn path(given: Option<&Path>) -> Path {
    given.cloned().unwrap_or_else(|| parse_quote!(::ttl_memo))
}
