//! Model → tokens. Cannot fail, asks nothing.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Model;

/// The function as written.
pub(crate) fn expand(model: &Model) -> TokenStream {
    let function = &model.function;
    let (attrs, vis, defaultness) = (&function.attrs, &function.vis, &function.defaultness);
    let (sig, body) = (&function.sig, &function.body);
    quote!(#(#attrs)* #vis #defaultness #sig #body)
}
