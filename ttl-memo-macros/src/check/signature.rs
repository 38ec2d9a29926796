//! Rules about the function.

use proc_macro2::TokenStream;
use syn::{
    Attribute, GenericArgument, PathArguments, ReturnType, Type, TypeImplTrait, TypeParamBound,
    TypeReference,
};

use super::Checked;
use super::borrows::{Looking, find};
use crate::errors::Errors;
use crate::model::{Asyncness, Binding, Model, Parameter, Role, bare_type, skippable_name};

pub(super) fn check(checked: Checked<'_>, errors: &mut Errors) {
    let model = checked.model;
    check_const(model, errors);
    check_body(model, errors);
    check_abi(model, errors);
    check_attributes(model, errors);
    for parameter in &model.parameters {
        check_parameter_attributes(&parameter.attrs, errors);
        check_mutable(parameter, errors);
        check_owned(parameter, errors);
        check_closure(parameter, errors);
        if checked.args.spawn.is_some() {
            check_spawnable(parameter, errors);
        }
    }
    check_output(model, errors);
    if checked.args.spawn.is_some() {
        check_spawned_error(model, errors);
    }
}

/// A cache is looked up at run time.
fn check_const(model: &Model, errors: &mut Errors) {
    if let Some(constness) = &model.function.sig.constness {
        errors.at(constness, "a `const fn` cannot be memoized; remove the `const`");
    }
}

/// There must be something to memoize.
fn check_body(model: &Model, errors: &mut Errors) {
    if let Some(semicolon) = &model.function.bodiless {
        errors.at(
            semicolon,
            "a method without a body cannot be memoized; put `#[ttl_cache]` on its implementations",
        );
    }
}

/// What is called from another language has no helpers there.
fn check_abi(model: &Model, errors: &mut Errors) {
    let sig = &model.function.sig;
    let foreign = |abi: &&syn::Abi| abi.name.as_ref().is_none_or(|name| name.value() != "Rust");
    if let Some(abi) = sig.abi.as_ref().filter(foreign) {
        let advice = "memoize a plain function and call that from this one";
        errors.at(abi, format!("an `extern` function cannot be memoized; {advice}"));
    } else if let Some(variadic) = &sig.variadic {
        errors.at(variadic, "a variadic function cannot be memoized");
    }
}

/// One cache a function.
fn check_attributes(model: &Model, errors: &mut Errors) {
    for attr in model.function.attrs.iter().filter(|attr| is_ours(attr)) {
        errors.at(attr, "`#[ttl_cache]` given twice; put all options into one");
    }
}

/// Whether an attribute is `#[ttl_cache]`, by its last name.
pub(crate) fn is_ours(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "ttl_cache")
}

/// Whether a parameter is there must be known here.
fn check_parameter_attributes(attrs: &[Attribute], errors: &mut Errors) {
    let conditional =
        |attr: &&Attribute| attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr");
    for attr in attrs.iter().filter(conditional) {
        errors.at(attr, "a parameter of a memoized function cannot be conditional; write the function twice, each under its `#[cfg]`");
    }
}

/// What a call may change cannot tell it from another.
fn check_mutable(parameter: &Parameter, errors: &mut Errors) {
    let Role::Keyed(_) = parameter.role else { return };
    let Some(mutable) = find(Looking::Mutable, &parameter.written) else { return };
    match (&parameter.binding, skippable_name(&parameter.binding)) {
        (Binding::Receiver(receiver), _) => errors.at(
            receiver,
            "`&mut self` cannot be part of the key; take `&self`, or leave it out with `skip(self)`",
        ),
        (_, Some(name)) => errors.at(
            &mutable,
            format!("a `&mut` parameter cannot be part of the key; leave it out with `skip({name})`"),
        ),
        (_, None) => errors.at(
            &mutable,
            "a `&mut` parameter cannot be part of the key; give it a name and leave it out with `skip`",
        ),
    }
}

/// What is cloned as a whole is not owned where it borrows. Of other types than these the spelling
/// does not tell: an alias may stand for a tuple, whose parts are owned each for itself.
fn check_owned(parameter: &Parameter, errors: &mut Errors) {
    const WHOLE: [&str; 11] = [
        "Box",
        "Rc",
        "Arc",
        "Result",
        "BTreeMap",
        "BTreeSet",
        "VecDeque",
        "LinkedList",
        "Reverse",
        "Range",
        "RangeInclusive",
    ];
    let Role::Keyed(shape) = &parameter.role else { return };
    let mut within = shape.wholes();
    while let Some(ty) = within.pop() {
        let name = match bare_type(ty) {
            Type::Tuple(tuple) => {
                within.extend(&tuple.elems);
                continue;
            }
            Type::Path(path) => path.path.segments.last(),
            _ => None,
        };
        let Some(syn::PathSegment { ident, arguments }) = name else { continue };
        let held = type_arguments(arguments);
        if ident == "Option" || ident == "Vec" {
            within.extend(held);
        } else if WHOLE.iter().any(|name| ident == name) {
            for borrowed in held.filter_map(|ty| find(Looking::Borrows, ty)) {
                let message = "take it owned, or say with `key = …` what tells calls apart";
                let message = format!(
                    "the cache cannot own what is borrowed here, within `{ident}`; {message}"
                );
                errors.at(&borrowed, message);
            }
        }
    }
}

/// What is but known to be called has neither `Hash` nor `Eq`.
fn check_closure(parameter: &Parameter, errors: &mut Errors) {
    let (Role::Keyed(_), Some(name)) = (&parameter.role, skippable_name(&parameter.binding)) else {
        return;
    };
    let mut ty = bare_type(&parameter.written);
    let bounds = loop {
        ty = match ty {
            // Another complaint is made of `&mut`.
            Type::Reference(reference) if reference.mutability.is_none() => {
                bare_type(&reference.elem)
            }
            Type::ImplTrait(ty) => break &ty.bounds,
            Type::TraitObject(ty) => break &ty.bounds,
            Type::Path(path) => {
                let pointer = |last: &&syn::PathSegment| {
                    ["Box", "Rc", "Arc", "Option"].iter().any(|name| last.ident == name)
                };
                let last = path.path.segments.last().filter(pointer);
                let held = last.and_then(|last| type_arguments(&last.arguments).next());
                let Some(held) = held else { return };
                bare_type(held)
            }
            _ => return,
        };
    };
    let is = |bound: &TypeParamBound, names: &[&str]| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last();
            last.is_some_and(|last| names.iter().any(|name| last.ident == name))
        }
        _ => false,
    };
    let called = bounds.iter().any(|bound| is(bound, &["Fn", "FnMut", "FnOnce", "AsyncFn"]));
    if called && !bounds.iter().any(|bound| is(bound, &["Hash"])) {
        let message = "a closure cannot be part of the key; leave it out with";
        let advice = "or say with `key = …` what tells calls apart";
        errors.at(&parameter.written, format!("{message} `skip({name})`, {advice}"));
    }
}

/// The types in a path's `<…>`.
fn type_arguments(arguments: &PathArguments) -> impl Iterator<Item = &Type> {
    let list = match arguments {
        PathArguments::AngleBracketed(list) => Some(&list.args),
        _ => None,
    };
    list.into_iter().flatten().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// What runs later, elsewhere, must own what it works on.
fn check_spawnable(parameter: &Parameter, errors: &mut Errors) {
    let ty = match bare_type(&parameter.written) {
        Type::Reference(reference) if reference.mutability.is_none() => &*reference.elem,
        other => other,
    };
    if find(Looking::Borrows, ty).is_some() {
        let message = "`spawn` runs the body later, and cannot own what this borrows; take it \
                       owned, or as a plain `&T`";
        match &parameter.binding {
            Binding::Receiver(receiver) => errors.at(receiver, message),
            Binding::Pattern(_) => errors.at(&parameter.written, message),
        }
    }
}

/// What runs later, elsewhere, gives what borrows nothing: an error too, which elsewhere may.
fn check_spawned_error(model: &Model, errors: &mut Errors) {
    let Type::Path(path) = bare_type(&model.output.ty) else { return };
    let Some(last) = path.path.segments.last() else { return };
    let types = type_arguments(&last.arguments);
    if let Some(borrowed) = types.skip(1).find_map(|ty| find(Looking::Borrows, ty)) {
        let advice = "return it owned";
        errors.at(&borrowed, format!("`spawn` runs the body later, on arguments of its own, from which an error cannot borrow; {advice}"));
    }
}

/// A stored value has a type that can be named, and lives longer than any call.
fn check_output(model: &Model, errors: &mut Errors) {
    let ty = &model.output.ty;
    if let Type::Never(never) = bare_type(ty) {
        errors.at(never, "a function that never returns has nothing to memoize");
    } else if let Some(unnamed) = find(Looking::Unnamed, ty) {
        errors.at(&unnamed, of_unnamed(ty));
    } else if let Some(borrowed) = find(Looking::Borrows, ty) {
        errors.at(&borrowed, of_borrowed(model, &borrowed));
    }
}

fn of_unnamed(ty: &Type) -> String {
    let future = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => {
            bound.path.segments.last().is_some_and(|last| last.ident == "Future")
        }
        _ => false,
    };
    match bare_type(ty) {
        Type::ImplTrait(TypeImplTrait { bounds, .. }) if bounds.iter().any(future) => {
            "a future cannot be stored; write an `async fn`, whose value is".into()
        }
        _ => "the type of a stored value must have a name; return a `Vec`, an `Arc<dyn Trait>` or \
              another named type instead of `impl Trait`"
            .into(),
    }
}

fn of_borrowed(model: &Model, borrowed: &TokenStream) -> String {
    // An alias of the user's, by the look of its name.
    let alias = |ty: &Type| match bare_type(ty) {
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|last| last.ident.to_string().contains("Fut"))
        }
        _ => false,
    };
    let written = match &model.function.sig.output {
        ReturnType::Type(_, ty) => Some(&**ty),
        ReturnType::Default => None,
    };
    if matches!(model.asyncness, Asyncness::Sync) && written.is_some_and(alias) {
        return "a future cannot be stored; write an `async fn`, or return \
                `Pin<Box<dyn Future<Output = …> + Send + '_>>` or `BoxFuture<'_, …>`"
            .into();
    }
    let owned = match syn::parse2(borrowed.clone()) {
        Ok(Type::Reference(TypeReference { elem, .. })) => match bare_type(&elem) {
            Type::Path(path) if path.path.is_ident("str") => "`String` or `Arc<str>`",
            Type::Slice(_) => "`Vec<T>` or `Arc<[T]>`",
            _ => "a clone or an `Arc`",
        },
        _ => "a clone or an `Arc`",
    };
    format!("a stored value outlives the call and cannot borrow; return it owned, as {owned}")
}
