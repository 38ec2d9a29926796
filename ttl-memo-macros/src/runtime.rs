//! Where `ttl_memo` is, seen from the user's crate.
//!
//! A crate that renames its dependency says so only in its `Cargo.toml`. A crate of the field that
//! reads those needs a whole TOML parser, which every user would build; what is asked here is so
//! little that it is read by hand. Whatever is not understood is taken for not renamed, and
//! `crate = …` has the last word.

use std::collections::HashMap;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use proc_macro2::{Ident, Span};
use syn::{Path, parse_quote};

const PACKAGE: &str = "ttl-memo";

/// The path that `crate = …` gives, or the name under which the user's crate knows ours.
pub(crate) fn path(given: Option<&Path>) -> Path {
    if let Some(given) = given {
        return given.clone();
    }
    let found = std::env::var_os("CARGO_MANIFEST_DIR").and_then(|dir| name_in(dir.as_ref()));
    let name = found.unwrap_or_else(|| PACKAGE.to_owned()).replace('-', "_");
    // A name that is none would be cargo's to refuse; it must not make us panic.
    let name = syn::parse_str(&name).unwrap_or_else(|_| Ident::new("ttl_memo", Span::call_site()));
    parse_quote!(::#name)
}

/// A manifest's answer, and when the manifest was written: an editor keeps us alive for long.
type Known = HashMap<PathBuf, (Option<SystemTime>, Option<String>)>;

/// The new name in the manifest of this directory. It is read once, not for every function.
fn name_in(dir: &FilePath) -> Option<String> {
    static KNOWN: Mutex<Option<Known>> = Mutex::new(None);
    let manifest = dir.join("Cargo.toml");
    let written = manifest.metadata().and_then(|file| file.modified()).ok();
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let known = known.get_or_insert_default();
    match known.get(dir) {
        Some((then, name)) if *then == written => name.clone(),
        _ => {
            let text = std::fs::read_to_string(&manifest).unwrap_or_default();
            let name = new_name(&text, || workspace_above(dir));
            known.insert(dir.to_owned(), (written, name.clone()));
            name
        }
    }
}

/// The manifest of the workspace that this directory is in.
fn workspace_above(dir: &FilePath) -> Option<String> {
    dir.ancestors()
        .filter_map(|dir| std::fs::read_to_string(dir.join("Cargo.toml")).ok())
        .find(|text| text.lines().any(|line| line.trim_start().starts_with("[workspace")))
}

/// The name that a manifest gives to our package, if another than its own.
fn new_name(manifest: &str, workspace: impl FnOnce() -> Option<String>) -> Option<String> {
    let dependencies: Vec<_> = dependencies(manifest).filter(|it| !it.of_workspace).collect();
    if dependencies.iter().any(|it| it.name == PACKAGE) {
        return None;
    }
    if let Some(renamed) = dependencies.iter().find(|it| it.is_ours()) {
        return Some(renamed.name.clone());
    }
    let inherited: Vec<_> = dependencies.iter().filter(|it| it.inherits()).collect();
    if inherited.is_empty() {
        return None;
    }
    let workspace = workspace()?;
    let mut offered = self::dependencies(&workspace).filter(|it| it.of_workspace && it.is_ours());
    offered.find(|it| inherited.iter().any(|its| its.name == it.name)).map(|it| it.name)
}

/// What a line, or a table, of a manifest says of a dependency.
struct Dependency {
    /// Its name in the crate.
    name: String,
    /// What is said: `{ package = "…", … }`, or a part of it.
    says: String,
    /// Whether it is only offered to the members of the workspace.
    of_workspace: bool,
}

impl Dependency {
    fn is_ours(&self) -> bool {
        value_of(&self.says, "package") == Some(PACKAGE)
    }

    fn inherits(&self) -> bool {
        value_of(&self.says, "workspace") == Some("true")
    }
}

fn dependencies(manifest: &str) -> impl Iterator<Item = Dependency> + '_ {
    let mut table = String::new();
    let mut lines = manifest.lines().map(without_comment);
    std::iter::from_fn(move || {
        loop {
            let line = lines.next()?;
            if let Some(header) = line.trim().strip_prefix('[') {
                header.trim_matches(['[', ']', ' ']).clone_into(&mut table);
                continue;
            }
            let Some((key, value)) = line.split_once('=') else { continue };
            // What is said of a dependency may go on over several lines.
            let mut says = value.to_owned();
            while depth(&says) > 0 {
                let Some(line) = lines.next() else { break };
                says.push_str(line);
            }
            if let Some(found) = dependency(&table, key.trim(), &says) {
                return Some(found);
            }
        }
    })
}

/// The dependency that `key = says` is about, in this table.
fn dependency(table: &str, key: &str, says: &str) -> Option<Dependency> {
    let of_workspace = table.starts_with("workspace.");
    let plain = |name: &str| name.trim().trim_matches(['"', '\'']).to_owned();
    let (name, says) = if table.ends_with("dependencies") {
        match key.split_once('.') {
            // `memo.workspace = true`
            Some((name, field)) => (plain(name), format!("{} = {says}", field.trim())),
            None => (plain(key), says.to_owned()),
        }
    } else {
        // `[dependencies.memo]`
        let (_, name) =
            table.rsplit_once('.').filter(|(above, _)| above.ends_with("dependencies"))?;
        (plain(name), format!("{key} = {says}"))
    };
    Some(Dependency { name, says, of_workspace })
}

/// The value of `field` in `{ field = "value", … }`.
fn value_of<'a>(says: &'a str, field: &str) -> Option<&'a str> {
    says.split(['{', ',', '}']).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        (name.trim() == field).then(|| value.trim().trim_matches(['"', '\'']))
    })
}

fn without_comment(line: &str) -> &str {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (c, quote) {
            ('#', None) => return &line[..at],
            ('"' | '\'', None) => quote = Some(c),
            (_, Some(open)) if open == c => quote = None,
            _ => {}
        }
    }
    line
}

/// How many brackets are open at the end of a text.
fn depth(text: &str) -> usize {
    let count = |brackets: [char; 2]| text.matches(brackets).count();
    count(['{', '[']).saturating_sub(count(['}', ']']))
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::*;

    /// The new name in a manifest whose workspace's is `workspace`.
    fn found(manifest: &str, workspace: &str) -> Option<String> {
        new_name(manifest, || Some(workspace.to_owned()))
    }

    #[test]
    fn its_own_name_is_no_new_one() {
        assert_eq!(found("[dependencies]\nttl-memo = \"1\"", ""), None);
        assert_eq!(found("[dependencies]\nttl-memo.workspace = true", ""), None);
        assert_eq!(found("[dependencies.ttl-memo]\nversion = \"1\"", ""), None);
        assert_eq!(found("[package]\nname = \"ttl-memo\"", ""), None);
        assert_eq!(found("", ""), None);
    }

    #[test]
    fn a_new_name_is_found_in_every_form() {
        for manifest in [
            "[dependencies]\nmemo = { package = \"ttl-memo\", version = \"1\" }",
            "[dependencies]\nmemo = { version = \"1\", package='ttl-memo' } # ours",
            "[dependencies]\nmemo.package = \"ttl-memo\"\nmemo.version = \"1\"",
            "[dependencies.memo]\nversion = \"1\"\npackage = \"ttl-memo\"",
            "[dev-dependencies]\n\"memo\" = { package = \"ttl-memo\" }",
            "[target.'cfg(unix)'.dependencies]\nmemo = { package = \"ttl-memo\" }",
            "[dependencies]\nmemo = { features = [\n  \"testing\",\n], package = \"ttl-memo\" }",
            "[dependencies]\nmemo = { git = \"https://it's.here#main\", package = \"ttl-memo\" }",
        ] {
            assert_eq!(found(manifest, "").as_deref(), Some("memo"), "{manifest}");
        }
    }

    #[test]
    fn a_new_name_may_come_from_the_workspace() {
        let workspace =
            "[workspace.dependencies]\nother = \"1\"\nmemo = { package = \"ttl-memo\" }";
        for manifest in [
            "[dependencies]\nmemo = { workspace = true }",
            "[dependencies]\nmemo.workspace = true",
            "[dependencies.memo]\nworkspace = true",
        ] {
            assert_eq!(found(manifest, workspace).as_deref(), Some("memo"), "{manifest}");
        }
        assert_eq!(found("[dependencies]\nother.workspace = true", workspace), None);
        assert_eq!(found("[dependencies]\nmemo = \"1\"", workspace), None, "another of that name");
        assert_eq!(found(workspace, workspace), None, "offered, but not used");
    }

    #[test]
    fn others_are_not_mistaken_for_it() {
        for manifest in [
            "[dependencies]\nmemo = { package = \"ttl-memo-macros\" }",
            "[dependencies]\n# memo = { package = \"ttl-memo\" }",
            "[dependencies]\nmemo = \"1\" # { package = \"ttl-memo\" }",
            "[features]\nmemo = [\"package = ttl-memo\"]",
            "[package.metadata.x]\npackage = \"ttl-memo\"",
        ] {
            assert_eq!(found(manifest, ""), None, "{manifest}");
        }
    }

    #[test]
    fn manifests_are_read_again_when_they_change() {
        let workspace = std::env::temp_dir().join(format!("ttl-memo-{}", std::process::id()));
        let member = workspace.join("crates").join("member");
        std::fs::create_dir_all(&member).unwrap();
        let write = |dir: &FilePath, text: &str, age: u64| {
            let manifest = dir.join("Cargo.toml");
            std::fs::write(&manifest, text).unwrap();
            let written = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(age);
            let manifest = std::fs::File::options().write(true).open(manifest).unwrap();
            manifest.set_modified(written).unwrap();
        };
        let offers = "[workspace]\n[workspace.dependencies]\nours = { package = \"ttl-memo\" }";
        write(&workspace, offers, 1);
        write(&member, "[dependencies]\nours.workspace = true", 1);
        assert_eq!(name_in(&member).as_deref(), Some("ours"));
        assert_eq!(name_in(&member).as_deref(), Some("ours"));
        write(&member, "[dependencies]\nmemo.package = \"ttl-memo\"", 2);
        assert_eq!(name_in(&member).as_deref(), Some("memo"));
        assert_eq!(name_in(&workspace.join("nowhere")), None);
        std::fs::remove_dir_all(&workspace).unwrap();
    }

    #[test]
    fn what_is_given_comes_first() {
        let text = |path: Path| path.to_token_stream().to_string().replace(' ', "");
        assert_eq!(text(path(Some(&parse_quote!(my::reexport)))), "my::reexport");
        assert_eq!(text(path(None)), "::ttl_memo");
    }
}
