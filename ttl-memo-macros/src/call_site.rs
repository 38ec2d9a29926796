//! Where the attribute stands, as the compiler tells.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::SystemTime;

use proc_macro::Span;

use crate::around::{Around, Source};

/// A file that was read, and when it was written.
type Known = (PathBuf, Option<SystemTime>, Source);

/// What the function stands in.
pub(crate) fn around() -> Around {
    /// The last one: one file's functions come one after another.
    static KNOWN: Mutex<Option<Known>> = Mutex::new(None);
    let Some((file, line, column)) = position() else { return Around::Unknown };
    let written = file.metadata().and_then(|file| file.modified()).ok();
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let is_known = known.as_ref().is_some_and(|(of, then, _)| *of == file && *then == written);
    if !is_known {
        let Ok(text) = std::fs::read_to_string(&file) else { return Around::Unknown };
        *known = Some((file, written, Source::new(text)));
    }
    known.as_ref().map_or(Around::Unknown, |(_, _, source)| source.around(line, column))
}

/// The file, line and column of the attribute.
#[allow(unstable_name_collisions, reason = "where a span's own are unstable, ours are called")]
#[expect(clippy::incompatible_msrv, reason = "before that, ours are called")]
fn position() -> Option<(PathBuf, usize, usize)> {
    let at = Span::call_site();
    // Another kind of file is text with examples in it.
    let file = at.local_file().filter(|file| file.extension().is_some_and(|kind| kind == "rs"))?;
    Some((file, at.line(), at.column()))
}

/// What a span tells from Rust 1.88 on, and nothing of before: its own methods come first.
#[allow(dead_code, reason = "used where a span has no such methods")]
trait Older {
    fn line(&self) -> usize {
        0
    }

    fn column(&self) -> usize {
        0
    }

    fn local_file(&self) -> Option<PathBuf> {
        None
    }
}

impl Older for Span {}
