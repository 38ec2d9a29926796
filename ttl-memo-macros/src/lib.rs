//! The `#[ttl_cache]` attribute of `ttl_memo`, which re-exports it; its options are documented there.

#![expect(clippy::large_enum_variant, reason = "there is one model at a time")]

#[cfg(test)]
mod annotated;
mod args;
mod around;
mod call_site;
mod check;
mod errors;
mod expand;
mod fallback;
mod hygiene;
mod model;
mod pipeline;
mod runtime;
#[cfg(test)]
mod soup;

use crate::pipeline::memoize;

#[expect(
    missing_docs,
    reason = "its page is where `ttl_memo` re-exports it; this would be its end"
)]
#[proc_macro_attribute]
pub fn ttl_cache(
    options: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    memoize(options.into(), item.into(), call_site::around).into()
}
