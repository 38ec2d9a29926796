//! Rules about one option and the function.

use std::time::Duration;

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Expr, Ident as Name, Type};

use super::Checked;
use crate::args::{Args, Period, Ttl, listed, nearest};
use crate::errors::Errors;
use crate::model::{
    Binding, Helpers, Mentions, Parameter, bare_type, self_in_a_string, skippable_name,
};

pub(super) fn check(checked: Checked<'_>, errors: &mut Errors) {
    check_skip(checked, errors);
    check_in_impl(checked, errors);
    check_about_errors(checked, errors);
    check_refresh_ahead(checked.args, errors);
    check_spawn(checked, errors);
    check_spawned(checked, errors);
}

/// What runs work in the background takes a future, or a closure, as the function's body is.
fn check_spawned(Checked { args, model }: Checked<'_>, errors: &mut Errors) {
    const CLOSURES: [&str; 5] = [
        "std::thread::spawn",
        "thread::spawn",
        "rayon::spawn",
        "tokio::task::spawn_blocking",
        "task::spawn_blocking",
    ];
    const FUTURES: [&str; 3] = ["tokio::spawn", "tokio::task::spawn", "smol::spawn"];
    let Some(Expr::Path(path)) = args.spawn.as_ref().map(|given| &given.value) else { return };
    let names: Vec<_> = path.path.segments.iter().map(|name| name.ident.to_string()).collect();
    let name = names.join("::");
    if model.asyncness.is_async() && CLOSURES.contains(&&*name) {
        let message = "runs a closure, and the body of an `async fn` is a future; write";
        errors.at(path, format!("`{name}` {message} `spawn = tokio::spawn`"));
    } else if !model.asyncness.is_async() && FUTURES.contains(&&*name) {
        let message = "runs a future, and this function is not `async`; write";
        errors.at(path, format!("`{name}` {message} `spawn = std::thread::spawn`"));
    }
}

/// Work in the background that is within a method knows `self` by another name, which a string
/// cannot, and its arguments' lifetimes by none.
fn check_spawn(Checked { args, model }: Checked<'_>, errors: &mut Errors) {
    let (Some(_), Helpers::None) = (&args.spawn, &model.options.helpers) else { return };
    if !model.function.place.in_impl() {
        return;
    }
    let body = model.function.body.stream();
    let method = model.parameters.iter().any(Parameter::is_receiver);
    if let Some(string) = self_in_a_string(body.clone()).filter(|_| method) {
        let advice = "take it out of the string, as in `format!(\"{}\", self)`";
        let message = "`spawn` runs the body where it cannot be called `self`";
        errors.at(&string, format!("{message}; {advice}"));
    }
    let mentions = Mentions::any(&body);
    for declared in model.function.sig.generics.lifetimes() {
        let lifetime = &declared.lifetime;
        if mentions.name(&lifetime.to_string()) {
            let message = "`spawn` runs the body on arguments of its own, whose lifetimes have no \
                           name there; leave";
            errors.at(lifetime, format!("{message} `{lifetime}` out of the body"));
        }
    }
}

/// `skip` names parameters, each once.
fn check_skip(Checked { args, model }: Checked<'_>, errors: &mut Errors) {
    let Some(skip) = &args.skip else { return };
    for (index, name) in skip.value.iter().enumerate() {
        if skip.value[..index].iter().any(|earlier| earlier.unraw() == name.unraw()) {
            errors.at(name, format!("`{name}` skipped twice"));
        } else if !model.parameters.iter().any(|parameter| is_named(parameter, name)) {
            errors.at(name, not_skippable(&model.parameters, name));
        }
    }
}

fn is_named(parameter: &Parameter, name: &Ident) -> bool {
    skippable_name(&parameter.binding).is_some_and(|its| its == name.unraw())
}

/// What to say of a name in `skip` that is no parameter's.
fn not_skippable(parameters: &[Parameter], name: &Name) -> String {
    let wanted = name.unraw().to_string();
    if parameters.iter().flat_map(|parameter| &parameter.bound).any(|part| part.unraw() == wanted) {
        return format!(
            "`{name}` is a part of a pattern, and only whole parameters are skipped; \
             give the parameter a name and take it apart in the body"
        );
    }
    if wanted == "_" {
        return "no parameter is named `_`; name the one to skip".into();
    }
    let names = parameters.iter().filter_map(|parameter| skippable_name(&parameter.binding));
    let names: Vec<_> = names.map(|name| name.to_string()).filter(|name| name != "_").collect();
    let names = || names.iter().map(String::as_str);
    match nearest(&wanted, names()) {
        Some(meant) => format!("no parameter is named `{name}`; did you mean `{meant}`?"),
        None if parameters.is_empty() => {
            format!("no parameter is named `{name}`: the function has none; leave `skip` out")
        }
        None if names().next().is_none() => format!("no parameter is named `{name}`"),
        None => {
            format!("no parameter is named `{name}`; the function has {}", listed("and", names()))
        }
    }
}

/// A method is in an impl, whatever is said of it.
fn check_in_impl(Checked { args, model }: Checked<'_>, errors: &mut Errors) {
    let method =
        model.parameters.iter().any(|parameter| matches!(parameter.binding, Binding::Receiver(_)));
    if let Some(in_impl) = args.in_impl.as_ref().filter(|in_impl| method && !in_impl.value) {
        errors.at(&in_impl.at, "a function with a receiver is in an impl; leave `in_impl` out");
    }
}

/// What is about errors needs a function that can give one, where the spelling tells that it
/// cannot; otherwise the type system is asked.
fn check_about_errors(Checked { args, model }: Checked<'_>, errors: &mut Errors) {
    if may_be_result(&model.output.ty) {
        return;
    }
    for name in ["err_ttl", "stale_if_error", "on_error"] {
        if let Some(name) = args.named(name) {
            let message = "is about errors, and this function returns no `Result`; leave it out";
            errors.at(name, format!("`{name}` {message}"));
        }
    }
}

/// Whether a type may be an alias of a `Result`: any named one but the primitives.
fn may_be_result(ty: &Type) -> bool {
    let primitives = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
        "u32", "u64", "u128", "usize",
    ];
    match bare_type(ty) {
        Type::Path(path) => {
            path.path.get_ident().is_none_or(|name| !primitives.iter().any(|known| name == known))
        }
        Type::Macro(_) | Type::Verbatim(_) => true,
        _ => false,
    }
}

/// `refresh_ahead` is within the `ttl`, where both are known here.
fn check_refresh_ahead(args: &Args, errors: &mut Errors) {
    let Some(ahead) = &args.refresh_ahead else { return };
    let others = ["tti", "expire_after", "cache", "forever"];
    let (Period::Literal(length), false) =
        (&ahead.value, others.iter().any(|name| args.named(name).is_some()))
    else {
        return;
    };
    let ttl = match args.ttl.as_ref().map(|ttl| &ttl.value) {
        Some(Ttl::After(Period::Literal(ttl))) => *ttl,
        None if args.named("ttl").is_none() => Duration::from_secs(600),
        _ => return,
    };
    if *length >= ttl {
        let given = if args.ttl.is_some() { "`ttl`" } else { "default `ttl` of ten minutes" };
        errors.at(&ahead.at, format!("`refresh_ahead` must be shorter than the {given}"));
    }
}
