//! Reads an option that is code: a closure that the cache calls, or an expression of its own.

use quote::{ToTokens, quote};
use syn::{Expr, ExprClosure, Lit, Result};

use super::list::{Written, write};
use super::names::example;
use super::values::{bare, literal};

/// An expression that a literal cannot be: a hasher, a cache.
pub(super) fn expr(option: &Written) -> Result<Expr> {
    let expr = option.expr()?;
    match literal(expr) {
        Some((Lit::Str(_), _)) => {
            let example = write(example(&option.name()));
            Err(option.wrong(format!("`{}` is Rust code, not a string; {example}", option.name())))
        }
        Some(_) => Err(option.expected(what(&option.name()))),
        None => Ok(expr.clone()),
    }
}

/// What an option's value should be, where it was something else.
fn what(name: &str) -> &'static str {
    match name {
        "key" => "an expression over the parameters, or `key = ()` for one entry in all",
        "refresh_if" => "a condition over the parameters",
        "cache" => "an expression of type `&TtlCache<K, V>`",
        "hasher" => "a `BuildHasher` expression",
        "clock" => "an expression of a `Clock` type",
        "spawn" => "a function that runs work in the background",
        _ => "a closure or the path of a function",
    }
}

/// An expression over the parameters, which sees them as it is.
pub(super) fn over_parameters(option: &Written) -> Result<Expr> {
    let expr = expr(option)?;
    if let Expr::Closure(closure) = bare(&expr) {
        let name = option.name();
        let parameters = parameters(closure);
        let message = "is an expression that sees the function's parameters, and not a closure";
        return Err(syn::Error::new_spanned(
            parameters,
            format!("`{name}` {message}; {}", write(example(&name))),
        ));
    }
    Ok(expr)
}

/// What the cache calls.
pub(super) fn called(option: &Written) -> Result<Expr> {
    let expr = expr(option)?;
    let name = option.name();
    match bare(&expr) {
        Expr::Closure(closure) if takes(&name).is_some_and(|many| many != closure.inputs.len()) => {
            let message = format!("`{name}` is given other arguments; {}", write(example(&name)));
            Err(syn::Error::new_spanned(parameters(closure), message))
        }
        Expr::Array(_) | Expr::Binary(_) | Expr::Range(_) | Expr::Tuple(_) | Expr::Unary(_) => {
            Err(option.expected(what(&name)))
        }
        _ => Ok(expr),
    }
}

/// How many arguments an option's closure is given, by its example.
fn takes(name: &str) -> Option<usize> {
    let (_, after) = example(name).split_once('|')?;
    let (parameters, _) = after.split_once('|')?;
    Some(parameters.split(',').count())
}

fn parameters(closure: &ExprClosure) -> impl ToTokens {
    let (open, inputs, close) = (&closure.inputs_begin, &closure.inputs, &closure.inputs_end);
    quote!(#open #inputs #close)
}
