//! What a name means where it stands.

use syn::{Ident, Item, UseTree};

use crate::made;
use crate::source::{Module, Source};

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Meaning {
    Module(Module),
    /// An item of the crate: the module that defines it, and its name there.
    Item(Module, String),
    /// Of another crate, by the path as it is written.
    Foreign(String),
}

/// One name that a `use` brings: `as` this, from there.
pub(crate) struct Import {
    pub(crate) name: String,
    pub(crate) path: Vec<String>,
}

/// The names that a `use` brings; nothing for `*`, which is followed by itself.
pub(crate) fn imports(tree: &UseTree) -> Vec<Import> {
    fn walk(tree: &UseTree, before: &[String], found: &mut Vec<Import>) {
        let with = |ident: &Ident| [before, &[ident.to_string()]].concat();
        match tree {
            UseTree::Path(path) => walk(&path.tree, &with(&path.ident), found),
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| walk(tree, before, found));
            }
            UseTree::Name(name) if name.ident == "self" => found.push(Import {
                name: before.last().cloned().unwrap_or_default(),
                path: before.to_vec(),
            }),
            UseTree::Name(name) => {
                found.push(Import { name: name.ident.to_string(), path: with(&name.ident) });
            }
            UseTree::Rename(rename) => {
                found.push(Import { name: rename.rename.to_string(), path: with(&rename.ident) });
            }
            UseTree::Glob(_) => {}
        }
    }
    let mut found = Vec::new();
    walk(tree, &[], &mut found);
    found
}

impl Source {
    /// What `path` means in `module`.
    pub(crate) fn meaning(&self, module: &Module, path: &[String]) -> Meaning {
        let (mut at, rest) = match path {
            [first, rest @ ..] if first == "crate" => (Meaning::Module(Vec::new()), rest),
            [first, rest @ ..] if first == "self" => (Meaning::Module(module.clone()), rest),
            [first, rest @ ..] if first == "super" => {
                let (_, above) = module.split_last().expect("the root has nothing above");
                (Meaning::Module(above.to_vec()), rest)
            }
            [first, rest @ ..] => match self.name(module, first) {
                Some(meaning) => (meaning, rest),
                None => return Meaning::Foreign(path.join("::")),
            },
            [] => return Meaning::Module(module.clone()),
        };
        for name in rest {
            at = match at {
                Meaning::Module(module) if name == "super" => {
                    Meaning::Module(module[..module.len() - 1].to_vec())
                }
                Meaning::Module(module) => self
                    .name(&module, name)
                    .unwrap_or_else(|| Meaning::Foreign(format!("{}::{name}", module.join("::")))),
                Meaning::Item(_, item) => Meaning::Foreign(format!("{item}::{name}")),
                Meaning::Foreign(path) => Meaning::Foreign(format!("{path}::{name}")),
            };
        }
        at
    }

    /// What a single name means: something that the module defines, or that it imports.
    fn name(&self, module: &Module, name: &str) -> Option<Meaning> {
        let inner = [module.as_slice(), &[name.to_owned()]].concat();
        if self.has(&inner) {
            return Some(Meaning::Module(inner));
        }
        if self.items(module).iter().any(|item| defines(item).as_deref() == Some(name)) {
            return Some(Meaning::Item(module.clone(), name.to_owned()));
        }
        let imported = self.items(module).iter().find_map(|item| {
            let Item::Use(import) = item else { return None };
            let import = imports(&import.tree).into_iter().find(|import| import.name == name)?;
            // `use foo::foo`, of another crate, would lead back here.
            if import.path[0] == name && import.path[0] != "crate" {
                return Some(Meaning::Foreign(import.path.join("::")));
            }
            Some(self.meaning(module, &import.path))
        });
        imported.or_else(|| {
            let is_made = !made::calls(self.items(module), name).is_empty();
            is_made.then(|| Meaning::Item(module.clone(), name.to_owned()))
        })
    }
}

/// The name that an item gives to something.
pub(crate) fn defines(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}
