//! The `#[ttl_cache]` attribute of `ttl_memo`, which re-exports it; its options are documented there.

mod args;
mod check;
mod errors;
mod expand;
mod fallback;
mod hygiene;
mod model;
mod runtime;
#[cfg(test)]
mod soup;

use proc_macro2::TokenStream;

use crate::args::Args;
use crate::errors::Errors;
use crate::model::{Function, Model};

#[expect(
    missing_docs,
    reason = "its page is where `ttl_memo` re-exports it; this would be its end"
)]
#[proc_macro_attribute]
pub fn ttl_cache(
    options: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    memoize(options.into(), item.into()).into()
}

/// Parse, model, check; then expand, or fall back.
fn memoize(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let args = Args::read(options, &mut errors);
    let function = errors.keep(Function::read(item.clone(), &args));
    let model = function.map(|function| Model::new(&args, function));
    if let Some(model) = &model {
        check::all(&args, model, &mut errors);
    }
    match (errors.finish(), &model) {
        (Ok(()), Some(model)) => expand::expand(model),
        (Ok(()), None) => item,
        (Err(error), model) => fallback::expand(&error, &item, model.as_ref()),
    }
}
