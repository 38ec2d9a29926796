//! All of the attribute, between the compiler's tokens and the compiler's tokens: also for who
//! has other tokens (`fuzz/`).

use proc_macro2::TokenStream;

use crate::args::Args;
use crate::around::Around;
use crate::errors::Errors;
use crate::model::{Function, Model};
use crate::{check, expand, fallback};

/// Parse, model, check; then expand, or fall back. What the function stands in is asked only where
/// it makes a difference.
pub(crate) fn memoize(
    options: TokenStream,
    item: TokenStream,
    around: impl Fn() -> Around,
) -> TokenStream {
    let mut errors = Errors::default();
    let args = Args::read(options, &mut errors);
    let function = errors.keep(Function::read(item.clone(), &args));
    let model = function.map(|function| Model::new(&args, function));
    if let Some(model) = &model {
        check::all(&args, model, &around, &mut errors);
    }
    match (errors.finish(), &model) {
        (Ok(()), Some(model)) => expand::expand(model),
        (Ok(()), None) => item,
        (Err(error), model) => fallback::expand(&error, &item, model.as_ref(), &around),
    }
}
