//! What a call gives, and when its body runs.

use syn::{GenericArgument, PathArguments, ReturnType, Signature, Type, TypeParamBound};

use super::shape::{bare, only_type_argument};

/// When the body runs.
pub(crate) enum Asyncness {
    /// When the function is called.
    Sync,
    /// When the future of an `async fn` is polled.
    Async,
    /// A plain function that returns `Pin<Box<dyn Future<Output = R> + …>>`, as `#[async_trait]`
    /// and `#[async_recursion]` make of an `async fn`, or a `BoxFuture<'_, R>`: treated as one. Its signature stays, and the
    /// wrapper boxes its own future.
    Boxed {
        /// The `R` in it.
        output: Type,
    },
}

impl Asyncness {
    /// How a function of this signature runs.
    pub(crate) fn of(sig: &Signature) -> Self {
        if sig.asyncness.is_some() {
            return Self::Async;
        }
        let ReturnType::Type(_, ty) = &sig.output else { return Self::Sync };
        boxed_future(ty).unwrap_or(Self::Sync)
    }

    /// Whether the body's value is awaited.
    pub(crate) fn is_async(&self) -> bool {
        !matches!(self, Self::Sync)
    }
}

/// `Pin<Box<dyn Future<Output = R> + …>>`, by whatever paths, or what the `futures` crate calls it.
fn boxed_future(ty: &Type) -> Option<Asyncness> {
    let named = ["BoxFuture", "LocalBoxFuture"].iter().find_map(|name| argument_of(name, ty));
    if let Some(output) = named {
        return Some(Asyncness::Boxed { output: output.clone() });
    }
    let Type::TraitObject(future) = bare(argument_of("Box", argument_of("Pin", ty)?)?) else {
        return None;
    };
    let output = future.bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last().filter(|last| last.ident == "Future")?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        arguments.args.iter().find_map(|argument| match argument {
            // A future has but its `Output`.
            GenericArgument::AssocType(assoc) => Some(assoc.ty.clone()),
            _ => None,
        })
    })?;
    Some(Asyncness::Boxed { output })
}

/// The `T` of `Name<T>`.
fn argument_of<'ty>(name: &str, ty: &'ty Type) -> Option<&'ty Type> {
    let Type::Path(path) = bare(ty) else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    only_type_argument(&last.arguments)
}

/// What a call gives: `R`.
///
/// Whether it is a `Result` is not asked here: the type system tells, through any alias.
pub(crate) struct Output {
    /// `R`: the return type, that of the future of an async function; `()` if none is written.
    pub(crate) ty: Type,
}

impl Output {
    /// What a function of this signature gives.
    pub(crate) fn of(sig: &Signature, asyncness: &Asyncness) -> Self {
        match (asyncness, &sig.output) {
            (Asyncness::Boxed { output, .. }, _) => Self::written(output),
            (_, ReturnType::Type(_, ty)) => Self::written(ty),
            (_, ReturnType::Default) => {
                let span = sig.ident.span();
                Self { ty: syn::parse_quote_spanned!(span=> ()) }
            }
        }
    }

    fn written(ty: &Type) -> Self {
        Self { ty: ty.clone() }
    }
}
