//! Signatures, each on a line of its own.

use quote::ToTokens;
use syn::{File, Item, parse_quote};

/// A signature as rustfmt would write it if lines had no end.
pub(crate) fn signature(of: &impl ToTokens) -> String {
    item(parse_quote!(trait T { #of; }))
        .trim_start_matches("trait T {")
        .trim_end_matches('}')
        .trim()
        .trim_end_matches(';')
        .to_owned()
}

/// An item, likewise.
pub(crate) fn item(item: Item) -> String {
    let file = File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item] };
    one_line(&prettyplease::unparse(&file))
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    // What was broken over lines has gaps beside its brackets, and a comma at its end.
    words
        .join(" ")
        .replace("( ", "(")
        .replace(", )", ")")
        .replace(" )", ")")
        .replace("< ", "<")
        .replace(", >", ">")
        .replace(",>", ">")
        .replace(", {", " {")
}

/// Tokens on one line, with fewer of the gaps that they are printed with.
pub(crate) fn tokens(tokens: &impl ToTokens) -> String {
    one_line(&tokens.to_token_stream().to_string())
        .replace(" (", "(")
        .replace("=>(", "=> (")
        .replace(" :: ", "::")
        .replace(" ,", ",")
        .replace(" .", ".")
}

/// Each line that is indented, after the one above it that is not.
pub(crate) fn under_headings(text: &str) -> Vec<String> {
    let mut heading = "";
    let mut lines = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        if line.starts_with(' ') {
            lines.push(format!("{heading}: {}", line.trim_start()));
        } else {
            heading = line;
            lines.push(line.to_owned());
        }
    }
    lines
}
