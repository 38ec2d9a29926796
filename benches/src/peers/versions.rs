//! What exactly was compared.

const LOCKFILE: &str = include_str!("../../../Cargo.lock");

const CRATES: [&str; 8] =
    ["ttl-memo", "cached", "memoize", "moka", "mini-moka", "quick_cache", "hashbrown", "foldhash"];

/// Each crate comes with the hash function of its own choice.
pub const HASHERS: &str = "hash functions as each comes: ttl-memo, quick_cache and the floors \
    foldhash, cached and memoize ahash, moka and mini-moka SipHash";

/// The crates and their versions, from the lockfile.
pub fn versions() -> String {
    let versions = CRATES.map(|name| match version(LOCKFILE, name) {
        Some(version) => format!("{name} {version}"),
        None => format!("{name} (unknown)"),
    });
    versions.join(", ")
}

/// The newest, which is the one that this program depends on, where there are several.
fn version<'a>(lockfile: &'a str, name: &str) -> Option<&'a str> {
    let packages = lockfile.split("[[package]]");
    let of_name = packages.filter_map(|package| {
        let field = |field: &str| {
            let start = format!("{field} = \"");
            package.lines().find_map(|line| line.strip_prefix(&start)?.strip_suffix('"'))
        };
        (field("name")? == name).then(|| field("version")).flatten()
    });
    of_name.last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_several_versions() {
        let lockfile = "[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n\n\
            [[package]]\nname = \"a\"\nversion = \"0.2.0\"\n\n\
            [[package]]\nname = \"b\"\nversion = \"3.0.0\"\n";
        assert_eq!(version(lockfile, "a"), Some("0.2.0"));
        assert_eq!(version(lockfile, "c"), None);
        assert!(!versions().contains("unknown"), "{}", versions());
    }
}
