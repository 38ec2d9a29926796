//! The `#[ttl_cache]` attribute.

mod args;
mod hygiene;
mod model;
mod runtime;

use proc_macro::TokenStream;

/// Memoizes the function below it.
#[proc_macro_attribute]
pub fn ttl_cache(_options: TokenStream, item: TokenStream) -> TokenStream {
    item
}
