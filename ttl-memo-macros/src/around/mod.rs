//! What a function stands in, as its source tells.
//!
//! An attribute is handed the function and no more: whether that stands in an `impl`, and whether
//! in a trait's, its tokens do not say. The source does, and where in it the attribute stands is
//! known (from Rust 1.88 on, and only to the compiler). It is looked at for nothing but to explain a
//! mistake in the user's words; where it says nothing clear, the compiler finds the same mistake,
//! and explains it in its own.

mod blocks;
#[cfg(test)]
mod tests;

/// What a function stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Around {
    /// Nobody knows: there is no source, or a macro may have made something else of it.
    Unknown,
    /// A file, a module or a function.
    Free,
    /// An `impl` of a type's own.
    Impl,
    /// A trait's `impl`.
    TraitImpl,
    /// A trait.
    Trait,
}

/// A source file, and what its blocks are.
pub(crate) struct Source {
    text: String,
    /// In the order in which they begin.
    blocks: Vec<blocks::Block>,
}

impl Source {
    pub(crate) fn new(text: String) -> Self {
        let blocks = blocks::of(&text);
        Self { text, blocks }
    }

    /// What the `#[ttl_cache]` stands in that begins at this line and column, both counted from 1.
    pub(crate) fn around(&self, line: usize, column: usize) -> Around {
        let Some(at) = self.attribute(line, column) else { return Around::Unknown };
        let mut around = self.blocks.iter().rev().filter(|block| block.within.contains(&at));
        around.next().map_or(Around::Free, |innermost| innermost.around)
    }

    /// Where the text of a `#[ttl_cache]` is, if there is one.
    fn attribute(&self, line: usize, column: usize) -> Option<usize> {
        let before: usize =
            self.text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
        let (column, _) = self.text[before..].char_indices().nth(column.checked_sub(1)?)?;
        let at = before + column;
        let path = self.text[at..].strip_prefix("#[")?.split(['(', ']']).next()?;
        (path.rsplit("::").next()?.trim() == "ttl_cache").then_some(at)
    }
}
