//! The rules: one function each, all of them run, each complaining at the token at fault.
//!
//! What only the type system can tell (an argument that is not `Hash`, a value that is not `Clone`)
//! is not asked here.

mod borrows;
mod once;
mod options;
mod place;
mod signature;
#[cfg(test)]
mod tests;
mod together;

pub(crate) use signature::is_ours;

use crate::args::Args;
use crate::around::Around;
use crate::errors::Errors;
use crate::model::Model;

/// Everything that a call of a rule may look at.
#[derive(Clone, Copy)]
struct Checked<'a> {
    /// The options as written.
    args: &'a Args,
    /// The function, and what the options make of it.
    model: &'a Model,
}

/// Checks what was written against every rule.
pub(crate) fn all(args: &Args, model: &Model, around: &dyn Fn() -> Around, errors: &mut Errors) {
    let checked = Checked { args, model };
    together::check(args, errors);
    options::check(checked, errors);
    once::check(checked, errors);
    signature::check(checked, errors);
    place::check(checked, around, errors);
}

/// Whether a type can be written anywhere but where a function says what it returns.
pub(crate) fn is_nameable(ty: &syn::Type) -> bool {
    let never = matches!(crate::model::bare_type(ty), syn::Type::Never(_));
    !never && borrows::find(borrows::Looking::Unnamed, ty).is_none()
}
