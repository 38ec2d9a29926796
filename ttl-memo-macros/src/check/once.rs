//! What is worked out once for a cache, before any call, sees no call's arguments.

use syn::{Expr, Ident};

use super::Checked;
use crate::args::{Args, MaxSize, Period, SingleFlight, Ttl};
use crate::errors::Errors;
use crate::model::Parameter;

pub(super) fn check(Checked { args, model }: Checked<'_>, errors: &mut Errors) {
    for (option, expr) in expressions(args) {
        let Some(argument) = argument(expr, &model.parameters) else { continue };
        let message = format!(
            "`{option}` is worked out once, before any call, and cannot go by `{argument}`; `key`, \
             `cache` and `refresh_if` can, and `expire_after` goes by key and value"
        );
        errors.at(argument, message);
    }
}

/// The values, beside closures, that are expressions.
fn expressions(args: &Args) -> impl Iterator<Item = (&Ident, &Expr)> {
    let maxsize = args.maxsize.iter().filter_map(|given| match &given.value {
        MaxSize::Expr(expr) => Some((&given.name, expr)),
        MaxSize::None => None,
    });
    let ttl = args.ttl.iter().filter_map(|given| match &given.value {
        Ttl::After(Period::Expr(expr)) => Some((&given.name, expr)),
        _ => None,
    });
    let periods = [
        &args.tti,
        &args.err_ttl,
        &args.stale_while_revalidate,
        &args.stale_if_error,
        &args.refresh_ahead,
    ];
    let wait = args.single_flight.iter().filter_map(|given| match &given.value {
        SingleFlight::AtMost(wait) => Some(wait),
        _ => None,
    });
    let periods = periods.into_iter().flatten().chain(wait);
    let periods = periods.filter_map(|given| match &given.value {
        Period::Expr(expr) => Some((&given.name, expr)),
        Period::Literal(_) => None,
    });
    let others = [&args.jitter, &args.hasher, &args.clock, &args.name];
    let others = others.into_iter().flatten().map(|given| (&given.name, &given.value));
    maxsize.chain(ttl).chain(periods).chain(others)
}

/// A parameter's name where only that can be meant. What is called by it may be another thing, and
/// so may what is in a block or a macro.
fn argument<'e>(expr: &'e Expr, parameters: &[Parameter]) -> Option<&'e Ident> {
    let within = |expr: &'e Expr| argument(expr, parameters);
    match expr {
        Expr::Path(path) => path.path.get_ident().filter(|name| {
            parameters.iter().flat_map(|parameter| &parameter.bound).any(|bound| bound == *name)
        }),
        Expr::Field(field) => within(&field.base),
        Expr::MethodCall(call) => {
            within(&call.receiver).or_else(|| call.args.iter().find_map(within))
        }
        Expr::Call(call) => call.args.iter().find_map(within),
        Expr::Unary(unary) => within(&unary.expr),
        Expr::Reference(reference) => within(&reference.expr),
        Expr::Cast(cast) => within(&cast.expr),
        Expr::Paren(paren) => within(&paren.expr),
        Expr::Group(group) => within(&group.expr),
        Expr::Binary(binary) => within(&binary.left).or_else(|| within(&binary.right)),
        _ => None,
    }
}
