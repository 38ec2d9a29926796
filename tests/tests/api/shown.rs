//! What an item shows to its users.

use quote::quote;
use syn::{
    Attribute, Fields, FnArg, ImplItem, Item, ItemEnum, ItemImpl, ItemStruct, ItemTrait, Meta, Pat,
    Signature, TraitItem, Visibility, parse_quote,
};

use crate::lines;
use crate::source::{attributes, is_hidden};

/// The attributes that a user meets, before what they stand on.
pub(crate) fn kept(attributes: &[Attribute]) -> String {
    let kept = ["cfg", "deprecated", "derive", "must_use", "non_exhaustive", "repr"];
    let shown = attributes.iter().filter_map(|attribute| match &attribute.meta {
        // Their order means nothing.
        Meta::List(list) if list.path.is_ident("derive") => {
            let text = list.tokens.to_string();
            let mut names: Vec<&str> =
                text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
            names.sort_unstable();
            Some(format!("#[derive({})] ", names.join(", ")))
        }
        Meta::List(list) if list.path.is_ident("cfg_attr") => {
            let text = lines::tokens(&list.tokens);
            text.contains("derive").then(|| format!("#[cfg_attr({text})] "))
        }
        meta if kept.iter().any(|name| meta.path().is_ident(name)) => {
            Some(format!("#[{}] ", lines::tokens(meta)))
        }
        _ => None,
    });
    shown.collect()
}

/// A definition, and what it has inside.
pub(crate) fn definition(item: &Item) -> Vec<String> {
    let (line, inside) = match item {
        Item::Fn(item) => (format!("pub {}", lines::signature(&item.sig)), Vec::new()),
        Item::Struct(item) => structure(item),
        Item::Enum(item) => enumeration(item),
        Item::Trait(item) => contract(item),
        Item::Type(item) => {
            let mut bare = item.clone();
            bare.attrs.clear();
            (lines::item(Item::Type(bare)), Vec::new())
        }
        other => (lines::item(other.clone()), Vec::new()),
    };
    let line = format!("{}{line}", kept(attributes(item)));
    [vec![line], inside].concat()
}

fn structure(item: &ItemStruct) -> (String, Vec<String>) {
    let ItemStruct { vis, ident, generics, .. } = item;
    let parameters = &generics.params;
    let bounds = &generics.where_clause;
    let header = lines::item(parse_quote!(#vis struct #ident<#parameters> #bounds {}));
    let (shape, fields) = fields(&item.fields);
    (format!("{}{shape}", header.trim_end_matches([';', '{', '}', ' '])), fields)
}

/// What is between an item's brackets, and its public fields.
fn fields(fields: &Fields) -> (&'static str, Vec<String>) {
    let is_public = |field: &&syn::Field| matches!(field.vis, Visibility::Public(_));
    let public: Vec<String> = fields
        .iter()
        .filter(is_public)
        .map(|field| {
            let name = field.ident.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
            let ty = &field.ty;
            let line = lines::signature(&quote!(type T = #ty));
            format!("pub {name}{}", line.trim_start_matches("type T = "))
        })
        .collect();
    let shape = match (fields.len() == public.len(), fields) {
        (_, Fields::Unit) => "",
        (true, _) => " with these fields",
        (false, _) => " with private fields",
    };
    (shape, public)
}

fn enumeration(item: &ItemEnum) -> (String, Vec<String>) {
    let ItemEnum { vis, ident, generics, .. } = item;
    let header = lines::item(parse_quote!(#vis enum #ident #generics {}));
    let variants = item.variants.iter().map(|variant| {
        let mut bare = variant.clone();
        bare.attrs.clear();
        let line = lines::item(parse_quote!(enum E { #bare }));
        let line = line.trim_start_matches("enum E {").trim_end_matches('}').trim();
        format!("{}{}", kept(&variant.attrs), line.trim_end_matches(','))
    });
    (header.trim_end_matches(" {}").to_owned(), variants.collect())
}

fn contract(item: &ItemTrait) -> (String, Vec<String>) {
    let mut bare = item.clone();
    bare.attrs.clear();
    bare.items.clear();
    let inside = item.items.iter().map(|inner| match inner {
        TraitItem::Fn(function) => {
            let provided = if function.default.is_some() { " { … }" } else { "" };
            format!("{}{provided}", lines::signature(&function.sig))
        }
        other => lines::item(parse_quote!(trait T { #other })),
    });
    (lines::item(Item::Trait(bare)).trim_end_matches(" {}").to_owned(), inside.collect())
}

/// The line that an impl begins with.
pub(crate) fn header(item: &ItemImpl) -> String {
    let mut bare = item.clone();
    bare.attrs.clear();
    bare.items.clear();
    let header = lines::item(Item::Impl(bare));
    format!("{}{}", kept(&item.attrs), header.trim_end_matches(" {}"))
}

/// Its public methods; of a trait's impl, its types, as the trait says the rest.
pub(crate) fn inside(item: &ItemImpl) -> Vec<String> {
    let in_trait = item.trait_.is_some();
    item.items
        .iter()
        .filter_map(|inner| match inner {
            ImplItem::Fn(function) if !in_trait => {
                let is_shown =
                    matches!(function.vis, Visibility::Public(_)) && !is_hidden(&function.attrs);
                is_shown.then(|| {
                    let bare = unmarked(function.sig.clone());
                    format!("{}pub {}", kept(&function.attrs), lines::signature(&bare))
                })
            }
            ImplItem::Type(inner) if in_trait => Some(lines::signature(&{
                let mut bare = inner.clone();
                bare.attrs.clear();
                let syn::ImplItemType { ident, generics, ty, .. } = bare;
                quote!(type #ident #generics = #ty)
            })),
            ImplItem::Const(inner) if !in_trait && matches!(inner.vis, Visibility::Public(_)) => {
                let (name, ty) = (&inner.ident, &inner.ty);
                Some(lines::signature(&quote!(const #name: #ty)))
            }
            _ => None,
        })
        .collect()
}

/// Without `mut`, which is the body's business.
fn unmarked(mut signature: Signature) -> Signature {
    for input in &mut signature.inputs {
        match input {
            FnArg::Receiver(receiver) => receiver.mutability = None,
            FnArg::Typed(typed) => {
                if let Pat::Ident(pattern) = &mut *typed.pat {
                    pattern.mutability = None;
                }
            }
        }
    }
    signature
}
