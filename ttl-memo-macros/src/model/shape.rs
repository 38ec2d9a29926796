//! How the type of a keyed parameter is taken apart, by its spelling.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, GenericArgument, PathArguments, Type};

/// A keyed type and its parts.
///
/// It is taken apart only down to where a part is, or holds, a reference or a float: those cannot
/// be keyed by what `Hash`, `Eq` and `Clone` say of the whole. Whatever is not seen here by its
/// spelling (an alias of `f64`) is still told apart by the type system at the leaf.
pub(crate) struct Shape {
    /// The type as written, `impl Trait` replaced by its generic.
    pub(crate) ty: Type,
    /// What it is made of.
    pub(crate) kind: ShapeKind,
}

/// What a keyed type is made of.
pub(crate) enum ShapeKind {
    /// Neither a float nor a reference is seen in it: taken whole.
    Whole,
    /// `f32` or `f64`: keyed by its bits.
    Float,
    /// `&T`, where `T` is `str`, a slice, or anything that can be owned.
    Reference(Box<Shape>),
    /// `Option<T>`.
    Option(Box<Shape>),
    /// `(A, B)`.
    Tuple(Vec<Shape>),
    /// `[T]`, behind a reference.
    Slice(Box<Shape>),
    /// `[T; N]`.
    Array(Box<Shape>, Expr),
    /// `Vec<T>`.
    Vec(Box<Shape>),
    /// `Cow<'_, B>`, keyed as its `B::Owned`.
    Cow(Box<Shape>),
}

impl Shape {
    /// The type in which the cache owns such a key, as far as the spelling tells: `String` for
    /// `&str`, written as the projection that it is.
    pub(crate) fn owned(&self) -> TokenStream {
        match &self.kind {
            ShapeKind::Whole | ShapeKind::Float => self.ty.to_token_stream(),
            ShapeKind::Reference(part) if self.is_mutable() => part.owned(),
            ShapeKind::Option(part) => {
                let part = part.owned();
                quote!(::core::option::Option<#part>)
            }
            ShapeKind::Tuple(parts) => {
                let parts = parts.iter().map(Self::owned);
                quote!((#(#parts,)*))
            }
            ShapeKind::Slice(part) | ShapeKind::Vec(part) => {
                let part = part.owned();
                quote!(::std::vec::Vec<#part>)
            }
            ShapeKind::Array(part, len) => {
                let part = part.owned();
                quote!([#part; #len])
            }
            ShapeKind::Reference(part) | ShapeKind::Cow(part) => match &part.kind {
                ShapeKind::Whole => part.whole_owned(),
                _ => part.owned(),
            },
        }
    }

    /// What a whole is when it is owned, where a reference to it was seen.
    fn whole_owned(&self) -> TokenStream {
        let ty = &self.ty;
        if is_str(ty) {
            return quote!(::std::string::String);
        }
        quote!(<#ty as ::std::borrow::ToOwned>::Owned)
    }

    /// The types of which [`owned`](Self::owned) asks that they can be.
    pub(crate) fn to_be_owned(&self) -> Vec<&Type> {
        match &self.kind {
            ShapeKind::Whole | ShapeKind::Float => Vec::new(),
            ShapeKind::Reference(part) | ShapeKind::Cow(part) => match &part.kind {
                ShapeKind::Whole if is_str(&part.ty) => Vec::new(),
                ShapeKind::Whole => vec![&part.ty],
                _ => part.to_be_owned(),
            },
            ShapeKind::Tuple(parts) => parts.iter().flat_map(Self::to_be_owned).collect(),
            ShapeKind::Option(part)
            | ShapeKind::Slice(part)
            | ShapeKind::Vec(part)
            | ShapeKind::Array(part, _) => part.to_be_owned(),
        }
    }

    /// The parts that are not taken apart.
    pub(crate) fn wholes(&self) -> Vec<&Type> {
        match &self.kind {
            ShapeKind::Whole => vec![&self.ty],
            ShapeKind::Float => Vec::new(),
            ShapeKind::Tuple(parts) => parts.iter().flat_map(Self::wholes).collect(),
            ShapeKind::Reference(part)
            | ShapeKind::Cow(part)
            | ShapeKind::Option(part)
            | ShapeKind::Slice(part)
            | ShapeKind::Vec(part)
            | ShapeKind::Array(part, _) => part.wholes(),
        }
    }

    /// Whether it is a `&mut T`, which the checks refuse.
    fn is_mutable(&self) -> bool {
        matches!(bare(&self.ty), Type::Reference(reference) if reference.mutability.is_some())
    }

    /// Takes a type apart.
    pub(crate) fn of(ty: &Type) -> Self {
        let kind = match bare(ty) {
            Type::Reference(reference) => ShapeKind::Reference(Box::new(Self::of(&reference.elem))),
            Type::Tuple(tuple) => ShapeKind::Tuple(tuple.elems.iter().map(Self::of).collect()),
            Type::Slice(slice) => ShapeKind::Slice(Box::new(Self::of(&slice.elem))),
            Type::Array(array) => {
                ShapeKind::Array(Box::new(Self::of(&array.elem)), array.len.clone())
            }
            Type::Path(path) => Self::of_path(path),
            _ => ShapeKind::Whole,
        };
        let shape = Self { ty: ty.clone(), kind };
        if shape.is_special() { shape } else { Self { kind: ShapeKind::Whole, ..shape } }
    }

    fn of_path(path: &syn::TypePath) -> ShapeKind {
        let Some(last) = path.path.segments.last() else { return ShapeKind::Whole };
        if path.qself.is_some() {
            return ShapeKind::Whole;
        }
        let name = last.ident.to_string();
        if matches!(name.as_str(), "f32" | "f64") && last.arguments.is_none() {
            return ShapeKind::Float;
        }
        let Some(argument) = only_type_argument(&last.arguments) else { return ShapeKind::Whole };
        let part = || Box::new(Self::of(argument));
        match name.as_str() {
            "Option" => ShapeKind::Option(part()),
            "Vec" => ShapeKind::Vec(part()),
            "Cow" => ShapeKind::Cow(part()),
            _ => ShapeKind::Whole,
        }
    }

    /// Whether it is or holds a reference or a float.
    pub(crate) fn is_special(&self) -> bool {
        match &self.kind {
            ShapeKind::Whole => false,
            ShapeKind::Float | ShapeKind::Reference(_) | ShapeKind::Cow(_) => true,
            ShapeKind::Option(part)
            | ShapeKind::Slice(part)
            | ShapeKind::Array(part, _)
            | ShapeKind::Vec(part) => part.is_special(),
            ShapeKind::Tuple(parts) => parts.iter().any(Self::is_special),
        }
    }
}

fn is_str(ty: &Type) -> bool {
    matches!(bare(ty), Type::Path(path) if path.path.is_ident("str"))
}

/// The type inside parentheses and the invisible groups that `macro_rules!` leaves.
pub(crate) fn bare(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            _ => return ty,
        }
    }
}

/// The `T` of `Vec<T>`, `Cow<'_, T>`; nothing when there are several.
pub(crate) fn only_type_argument(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(list) = arguments else { return None };
    let mut types =
        list.args.iter().filter(|argument| !matches!(argument, GenericArgument::Lifetime(_)));
    match (types.next(), types.next()) {
        (Some(GenericArgument::Type(ty)), None) => Some(ty),
        _ => None,
    }
}
