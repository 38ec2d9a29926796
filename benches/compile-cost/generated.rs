//! The crates that are built.

use std::fmt::Write;
use std::io;
use std::path::Path;

/// One that memoizes, and how functions are annotated for it.
pub(crate) struct Library {
    pub(crate) name: &'static str,
    /// The line of its manifest.
    dependency: String,
    import: &'static str,
    attribute: &'static str,
    /// Of the functions' text parameters.
    text: &'static str,
    /// What a function of a text needs beside it.
    by_text: &'static str,
}

/// Ours, as it stands here.
pub(crate) fn local() -> String {
    let here = env!("CARGO_MANIFEST_DIR");
    format!("ttl-memo = {{ path = {:?} }}", format!("{here}/../ttl-memo"))
}

/// Ours first.
pub(crate) fn libraries() -> [Library; 3] {
    [
        Library {
            name: "ttl-memo",
            dependency: local(),
            import: "use ttl_memo::ttl_cache;",
            attribute: r#"ttl_cache(maxsize = 1_000, ttl = "10m")"#,
            text: "&str",
            by_text: r#"ttl_cache(maxsize = 1_000, ttl = "10m")"#,
        },
        Library {
            name: "cached",
            dependency: "cached = \"4.1\"".to_owned(),
            import: "use cached::macros::cached;",
            attribute: "cached(max_size = 1_000, ttl_secs = 600)",
            text: "&str",
            by_text: r#"cached(max_size = 1_000, ttl_secs = 600, key = "(String, u32)",
    convert = { (text.to_owned(), n) })"#,
        },
        Library {
            name: "memoize",
            dependency: "memoize = \"0.6\"".to_owned(),
            import: "use memoize::memoize;\nuse std::time::Duration;",
            attribute: "memoize(Capacity: 1_000, TimeToLive: Duration::from_secs(600))",
            text: "String",
            by_text: "memoize(Capacity: 1_000, TimeToLive: Duration::from_secs(600))",
        },
    ]
}

impl Library {
    /// A package of its own, with so many annotated functions.
    pub(crate) fn write(&self, folder: &Path, functions: usize) -> io::Result<()> {
        std::fs::create_dir_all(folder.join("src"))?;
        std::fs::write(folder.join("Cargo.toml"), self.manifest())?;
        std::fs::write(folder.join("src/lib.rs"), self.source(functions))
    }

    fn manifest(&self) -> String {
        format!(
            "[package]\nname = \"annotated\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [workspace]\n\n[dependencies]\n{}\n",
            self.dependency
        )
    }

    /// Half of them functions of a number, half of a text and a number.
    fn source(&self, functions: usize) -> String {
        let Self { import, attribute, text, by_text, .. } = self;
        let mut source = format!("{import}\n");
        for number in 0..functions {
            let _ = if number % 2 == 0 {
                writeln!(
                    source,
                    "\n#[{attribute}]\npub fn number_{number}(n: u64) -> u64 {{\n    \
                     n.wrapping_mul({number}) >> 3\n}}"
                )
            } else {
                writeln!(
                    source,
                    "\n#[{by_text}]\npub fn text_{number}(text: {text}, n: u32) -> String {{\n    \
                     format!(\"{{text}} {{n}} {number}\")\n}}"
                )
            };
        }
        source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_annotated() {
        for library in libraries() {
            let source = library.source(10);
            assert_eq!(source.matches("pub fn ").count(), 10, "{source}");
            assert_eq!(source.matches("\n#[").count(), 10, "{source}");
            assert!(library.manifest().contains(library.name));
        }
    }
}
