//! Rules about what the function stands in, where that is known.

use syn::ext::IdentExt;

use super::Checked;
use crate::around::Around;
use crate::errors::Errors;
use crate::model::{Helpers, Place};

pub(super) fn check(
    Checked { args, model }: Checked<'_>,
    around: &dyn Fn() -> Around,
    errors: &mut Errors,
) {
    // Without helpers all is within the function, wherever that is.
    if let Helpers::None = model.options.helpers {
        return;
    }
    let (place, name) = (model.function.place, &model.function.sig.ident);
    let shown = name.unraw();
    match (place, around()) {
        (_, Around::TraitImpl) => errors.at(
            name,
            format!(
                "no helpers can be put beside `{shown}`, which is in a trait's `impl`; write \
                 `helpers = false`"
            ),
        ),
        (Place::Free, around @ (Around::Impl | Around::Trait)) => {
            let place = if around == Around::Impl { "an `impl`" } else { "a trait" };
            match &args.in_impl {
                Some(given) => errors.at(
                    &given.at,
                    format!("`{shown}` is in {place}; write `in_impl` without a value"),
                ),
                None => errors.at(
                    name,
                    format!(
                        "`{shown}` is in {place} and mentions neither `self` nor `Self`; write \
                         `#[ttl_cache(in_impl)]`"
                    ),
                ),
            }
        }
        (Place::Associated, Around::Free) => match &args.in_impl {
            Some(given) => {
                errors.at(&given.at, format!("`{shown}` is in no `impl`; leave `in_impl` out"));
            }
            None => errors.at(
                name,
                format!(
                    "`{shown}` mentions `Self`, as if it were in an `impl`; write `in_impl = false`"
                ),
            ),
        },
        _ => {}
    }
}
