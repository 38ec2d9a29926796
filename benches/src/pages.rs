//! Tables in the repository's pages, written by the program that measures them.

use std::path::{Path, PathBuf};

/// Puts `text` into the page at `path` below the repository's root, where it says
/// `<!-- name -->` and `<!-- /name -->`.
///
/// # Errors
///
/// Where the page cannot be read or written, or has no such place.
pub fn write(path: &str, name: &str, text: &str) -> Result<(), String> {
    let page = std::fs::read_to_string(place(path)).map_err(|error| format!("{path}: {error}"))?;
    let page = replace(&page, name, text).ok_or_else(|| format!("{path}: no `<!-- {name} -->`"))?;
    overwrite(path, &page)
}

/// Writes the file at `path` below the repository's root anew.
///
/// # Errors
///
/// Where it cannot be written.
pub fn overwrite(path: &str, text: &str) -> Result<(), String> {
    std::fs::write(place(path), text).map_err(|error| format!("{path}: {error}"))
}

fn place(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn replace(page: &str, name: &str, text: &str) -> Option<String> {
    let (before, rest) = page.split_once(&format!("<!-- {name} -->"))?;
    let (_, after) = rest.split_once(&format!("<!-- /{name} -->"))?;
    let text = text.trim();
    Some(format!("{before}<!-- {name} -->\n\n{text}\n\n<!-- /{name} -->{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_the_marks_is_replaced() {
        let page = "a\n<!-- t -->\nold\n<!-- /t -->\nb\n";
        let new = replace(page, "t", "new\n").expect("the marks are there");
        assert_eq!(new, "a\n<!-- t -->\n\nnew\n\n<!-- /t -->\nb\n");
        assert_eq!(replace(&new, "t", "new").as_ref(), Some(&new));
        assert_eq!(replace(page, "u", "new"), None);
    }

    #[test]
    fn the_pages_have_their_places() {
        let readme = include_str!("../../README.md");
        let whole = include_str!("../README.md");
        assert!(replace(readme, "side-by-side", "").is_some());
        assert!(replace(whole, "side-by-side", "").is_some());
        assert!(replace(whole, "options", "").is_some());
    }
}
