//! The public API, as `ttl-memo.txt` beside this has it: whoever changes the one changes the other,
//! and sees it in the diff. Read from the source by `syn`, so any toolchain gives the same.
//!
//! `TTL_MEMO_WRITE_API=1 cargo test -p ttl-memo-tests --test api` writes it anew.
//!
//! What the text of a signature cannot tell (that a type is `Send`, what a macro of ours implements)
//! is in `surface` beside this, which uses all of it as its users would.

mod lines;
mod listing;
mod made;
mod names;
mod options;
mod shown;
mod source;
mod surface;

use std::fs;
use std::path::Path;

use crate::source::Source;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace's folder")
}

#[test]
fn is_as_listed() {
    let source = Source::read(&repository().join("ttl-memo/src/lib.rs"));
    let names = repository().join("ttl-memo-macros/src/args/names.rs");
    let mut listing = listing::of(&source, "ttl_memo");
    listing.extend([String::new(), "options of #[ttl_memo::ttl_cache]".to_owned()]);
    listing.extend(options::of(&names));
    let listing = listing.join("\n") + "\n";

    let listed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/ttl-memo.txt");
    if std::env::var_os("TTL_MEMO_WRITE_API").is_some() {
        fs::write(&listed, &listing).expect("a folder of ours");
    }
    // As git may have checked it out.
    let before = fs::read_to_string(&listed).unwrap_or_default().replace("\r\n", "\n");
    let changes = changes(&before, &listing);
    assert!(
        changes.is_empty(),
        "the public API is not as {} has it:\n{changes}\n\
         If that is meant, write it anew: \
         TTL_MEMO_WRITE_API=1 cargo test -p ttl-memo-tests --test api",
        listed.display(),
    );
}

/// The lines of one text that the other has not, each with the heading that it stands under.
fn changes(before: &str, after: &str) -> String {
    let (before, after) = (lines::under_headings(before), lines::under_headings(after));
    let gone = before.iter().filter(|line| !after.contains(line)).map(|line| format!("- {line}\n"));
    let come = after.iter().filter(|line| !before.contains(line)).map(|line| format!("+ {line}\n"));
    gone.chain(come).collect()
}

#[test]
fn a_change_is_told_with_its_heading() {
    let before = "A\n    fn a()\n    fn b()\nB\n    fn a()\n";
    let after = "A\n    fn a()\nB\n    fn a()\n    fn b()\n";
    assert_eq!(changes(before, after), "- A: fn b()\n+ B: fn b()\n");
    assert_eq!(changes(before, before), "");
}
