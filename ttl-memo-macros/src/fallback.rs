//! What an attribute with mistakes expands to: the mistakes, and enough for the rest of the user's
//! crate to be checked as if there were none.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::around::Around;
use crate::check::is_ours;
use crate::expand::stand_ins;
use crate::model::Model;

/// The mistakes, followed by the item as written and stand-ins for its helpers, so that neither the
/// item nor a call of a helper is reported as not found.
pub(crate) fn expand(
    error: &syn::Error,
    item: &TokenStream,
    model: Option<&Model>,
    around: &dyn Fn() -> Around,
) -> TokenStream {
    let errors = error.to_compile_error();
    let Some(model) = model else { return quote!(#errors #item) };
    // A second `#[ttl_cache]` would make the helpers a second time.
    let twice = model.function.attrs.iter().any(is_ours);
    let item = if twice { without_ours(model) } else { item.clone() };
    // There nothing can be put beside it.
    let helpers = (around() != Around::TraitImpl).then(|| stand_ins(model));
    quote!(#errors #item #helpers)
}

fn without_ours(model: &Model) -> TokenStream {
    let function = &model.function;
    let attrs = function.attrs.iter().filter(|attr| !is_ours(attr));
    let (vis, defaultness, sig) = (&function.vis, &function.defaultness, &function.sig);
    let end = match &function.bodiless {
        Some(semicolon) => semicolon.to_token_stream(),
        None => function.body.to_token_stream(),
    };
    quote!(#(#attrs)* #vis #defaultness #sig #end)
}
