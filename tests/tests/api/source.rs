//! A crate's modules, from their files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use syn::{Attribute, File, Item, Meta};

/// A module by its path from the root, which has none.
pub(crate) type Module = Vec<String>;

/// Every module's items, but for what only tests and models are compiled with.
pub(crate) struct Source {
    modules: BTreeMap<Module, Vec<Item>>,
}

impl Source {
    pub(crate) fn read(root: &Path) -> Self {
        let mut source = Self { modules: BTreeMap::new() };
        let folder = root.parent().expect("a file is in a folder");
        source.file(root, folder, Vec::new());
        source
    }

    /// One file's module; those in it are looked for in `folder`.
    fn file(&mut self, file: &Path, folder: &Path, module: Module) {
        let text =
            fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed =
            syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.module(parsed.items, folder, module);
    }

    fn module(&mut self, items: Vec<Item>, folder: &Path, module: Module) {
        let items: Vec<Item> = items
            .into_iter()
            .flat_map(seen_through)
            .filter(|item| !is_left_out(attributes(item)))
            .collect();
        for item in &items {
            let Item::Mod(inner) = item else { continue };
            let name = inner.ident.to_string();
            let inside = [module.as_slice(), std::slice::from_ref(&name)].concat();
            let folder = folder.join(&name);
            match &inner.content {
                Some((_, items)) => self.module(items.clone(), &folder, inside),
                None => self.file(&file_of(&folder), &folder, inside),
            }
        }
        self.modules.insert(module, items);
    }

    pub(crate) fn has(&self, module: &Module) -> bool {
        self.modules.contains_key(module)
    }

    pub(crate) fn items(&self, module: &Module) -> &[Item] {
        self.modules.get(module).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn modules(&self) -> impl Iterator<Item = (&Module, &[Item])> {
        self.modules.iter().map(|(module, items)| (module, items.as_slice()))
    }
}

fn file_of(folder: &Path) -> PathBuf {
    let beside = folder.with_extension("rs");
    if beside.exists() { beside } else { folder.join("mod.rs") }
}

/// What an item is, without a macro around it that gives it back as it is written.
fn seen_through(item: Item) -> Vec<Item> {
    match &item {
        Item::Macro(call) if call.mac.path.is_ident("pin_project") => {
            call.mac.parse_body::<File>().expect("items").items
        }
        _ => vec![item],
    }
}

/// Whether these say `#[cfg(test)]` or `#[cfg(shuttle)]`.
fn is_left_out(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("cfg")
            && matches!(list.tokens.to_string().as_str(), "test" | "shuttle"))
    })
}

/// Whether these keep an item out of the documentation, and so of what is promised.
pub(crate) fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("doc")
            && list.tokens.to_string() == "hidden")
    })
}

pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
