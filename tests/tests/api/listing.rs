//! What of a crate can be named from outside, a line each.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Item, Type, Visibility};

use crate::made;
use crate::names::{Meaning, defines, imports};
use crate::shown::{self, header, inside, kept};
use crate::source::{Module, Source, attributes, is_hidden};

/// Where an item is defined, by its name there.
type Definition = (Module, String);

/// What can be named, by the path that a user writes.
#[derive(Default)]
struct Public {
    items: BTreeMap<String, Definition>,
    /// Modules and what is re-exported from other crates.
    others: BTreeSet<String>,
}

pub(crate) fn of(source: &Source, name: &str) -> Vec<String> {
    let mut public = Public::default();
    public.module(source, &Vec::new(), name);
    public.once();
    let reachable: BTreeSet<&Definition> = public.items.values().collect();

    let mut listing: Vec<String> = public.others.iter().cloned().collect();
    for (path, definition) in &public.items {
        let (module, name) = definition;
        listing.extend([String::new(), path.clone()]);
        let items = source.items(module);
        // Under one name there may be several, for several targets.
        for item in items.iter().filter(|item| defines(item).as_ref() == Some(name)) {
            listing.extend(indented(shown::definition(item)));
        }
        listing.extend(indented(made::calls(items, name)));
        for ((_, header), inside) in impls(source, &reachable, definition) {
            listing.push(header);
            listing.extend(indented(inside));
        }
    }
    listing
}

fn indented(lines: impl IntoIterator<Item = String>) -> impl Iterator<Item = String> {
    lines.into_iter().map(|line| format!("    {line}"))
}

impl Public {
    /// Keeps what has several paths under the shortest, and the others as what they are.
    fn once(&mut self) {
        let mut shortest: BTreeMap<Definition, String> = BTreeMap::new();
        for (path, definition) in &self.items {
            let kept = shortest.entry(definition.clone()).or_insert_with(|| path.clone());
            if path.len() < kept.len() {
                kept.clone_from(path);
            }
        }
        for (path, definition) in std::mem::take(&mut self.items) {
            let kept = &shortest[&definition];
            if *kept == path {
                self.items.insert(path, definition);
            } else {
                self.others.insert(format!("pub use {path} = {kept}"));
            }
        }
    }

    fn module(&mut self, source: &Source, module: &Module, path: &str) {
        for item in source.items(module) {
            if !is_public(item) || is_hidden(attributes(item)) {
                continue;
            }
            if let Item::Use(import) = item {
                for import in imports(&import.tree) {
                    let meaning = source.meaning(module, &import.path);
                    self.meant(source, meaning, &format!("{path}::{}", import.name), item);
                }
            } else if let Item::Mod(inner) = item {
                let inside = [module.as_slice(), &[inner.ident.to_string()]].concat();
                let path = format!("{path}::{}", inner.ident);
                self.meant(source, Meaning::Module(inside), &path, item);
            } else if let Some(name) = defines(item) {
                self.items.insert(format!("{path}::{name}"), (module.clone(), name));
            }
        }
    }

    fn meant(&mut self, source: &Source, meaning: Meaning, path: &str, by: &Item) {
        let attributes = kept(attributes(by));
        match meaning {
            Meaning::Module(module) => {
                self.others.insert(format!("{attributes}pub mod {path}"));
                self.module(source, &module, path);
            }
            Meaning::Item(module, name) => {
                self.items.insert(path.to_owned(), (module, name));
            }
            Meaning::Foreign(from) => {
                self.others.insert(format!("{attributes}pub use {path} = {from}"));
            }
        }
    }
}

fn is_public(item: &Item) -> bool {
    let visibility = match item {
        Item::Const(item) => &item.vis,
        Item::Enum(item) => &item.vis,
        Item::Fn(item) => &item.vis,
        Item::Mod(item) => &item.vis,
        Item::Static(item) => &item.vis,
        Item::Struct(item) => &item.vis,
        Item::Trait(item) => &item.vis,
        Item::Type(item) => &item.vis,
        Item::Use(item) => &item.vis,
        _ => return false,
    };
    matches!(visibility, Visibility::Public(_))
}

/// The impls of a type or, of a trait, those for types that are not the crate's.
fn impls(
    source: &Source,
    reachable: &BTreeSet<&Definition>,
    of: &Definition,
) -> BTreeMap<(bool, String), BTreeSet<String>> {
    let mut found: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for (module, items) in source.modules() {
        for item in items {
            let Item::Impl(item) = item else { continue };
            let this = named(source, module, &item.self_ty);
            let contract = item.trait_.as_ref().map(|(path, _)| meaning(source, module, path));
            let is_of = match (&this, &contract) {
                // A trait of ours that nobody can name is nobody's business.
                (Some(Meaning::Item(module, name)), contract) => {
                    let is_private =
                        contract.as_ref().is_some_and(|contract| is_private(contract, reachable));
                    is(module, name, of) && !is_private
                }
                (_, Some(Meaning::Item(module, name))) => is(module, name, of),
                (_, _) => false,
            };
            if is_of {
                let inside = inside(item);
                if item.trait_.is_some() || !inside.is_empty() {
                    // Its own methods first.
                    let place = (item.trait_.is_some(), header(item));
                    found.entry(place).or_default().extend(inside);
                }
            }
        }
    }
    found
}

fn is(module: &Module, name: &str, (its_module, its_name): &Definition) -> bool {
    module == its_module && name == its_name
}

fn is_private(contract: &Meaning, reachable: &BTreeSet<&Definition>) -> bool {
    match contract {
        Meaning::Item(module, name) => !reachable.contains(&(module.clone(), name.clone())),
        _ => false,
    }
}

/// What a type's name means, through references.
fn named(source: &Source, module: &Module, of: &Type) -> Option<Meaning> {
    match of {
        Type::Path(path) => Some(meaning(source, module, &path.path)),
        Type::Reference(reference) => named(source, module, &reference.elem),
        _ => None,
    }
}

fn meaning(source: &Source, module: &Module, path: &syn::Path) -> Meaning {
    let path: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
    source.meaning(module, &path)
}
