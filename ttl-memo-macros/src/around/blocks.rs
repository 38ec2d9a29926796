//! The blocks of a source file: what is in braces, brackets and parentheses, strings and comments.
//!
//! By letters, not by tokens: the whole of a file is read for the sake of one function, and what
//! is not understood must do no harm. It has but to know where strings, comments and brackets end.

use std::ops::Range;

use super::Around;

/// What is between two brackets, or is no code at all.
pub(super) struct Block {
    pub(super) within: Range<usize>,
    pub(super) around: Around,
}

/// The blocks, in the order in which they begin. One that does not end, ends with the text.
pub(super) fn of(text: &str) -> Vec<Block> {
    let mut reader = Reader { text, at: 0, blocks: Vec::new(), open: vec![Open::file()] };
    while let Some(letter) = reader.peek() {
        reader.read(letter);
    }
    reader.blocks
}

/// A block that has not ended yet.
struct Open {
    /// Its place among all.
    index: Option<usize>,
    /// Whether macros may make anything of what is in it.
    in_macro: bool,
    /// Its words since the last item or statement ended.
    words: Vec<String>,
    /// Whether an attribute among them may make anything of what follows.
    attributed: Attributed,
}

/// What the attributes of an item may do to it.
#[derive(Clone, Copy, PartialEq)]
enum Attributed {
    Plainly,
    /// `#[async_trait]`, which leaves a function where it is.
    AsyncTrait,
    /// By a macro.
    Somehow,
}

impl Open {
    fn file() -> Self {
        Self { index: None, in_macro: false, words: Vec::new(), attributed: Attributed::Plainly }
    }

    /// After a `;`, or an item's block.
    fn start_anew(&mut self) {
        self.words.clear();
        self.attributed = Attributed::Plainly;
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    blocks: Vec<Block>,
    /// Never empty.
    open: Vec<Open>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// Reads on, past whatever begins with this letter.
    fn read(&mut self, letter: char) {
        let rest = self.rest();
        match letter {
            '/' if rest.starts_with("//") => self.pass(rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => self.pass(comment(rest)),
            '"' => self.pass(string(rest)),
            '\'' => self.at += quoted(rest),
            _ if letter == '_' || letter.is_alphanumeric() => self.word(),
            '(' | '[' | '{' => self.begin(letter),
            ')' | ']' | '}' => self.end(letter),
            _ => {
                self.at += letter.len_utf8();
                match (letter, self.open.last_mut()) {
                    (';', Some(open)) => open.start_anew(),
                    (letter, Some(open)) if !letter.is_whitespace() => {
                        open.words.push(letter.into());
                    }
                    _ => {}
                }
            }
        }
    }

    /// Passes so much that is no code. An example in it is the documentation's.
    fn pass(&mut self, len: usize) {
        let within = self.at..self.at + len;
        self.blocks.push(Block { within, around: Around::Unknown });
        self.at += len;
    }

    fn word(&mut self) {
        let rest = self.rest();
        let end = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let hashes = after.len() - after.trim_start_matches('#').len();
        let raw = ["r", "br", "cr"].contains(&word) && after[hashes..].starts_with('"');
        if raw {
            let closing = format!("\"{}", "#".repeat(hashes));
            let inside = end + hashes + 1;
            let close = rest[inside..].find(&closing).map(|at| inside + at + closing.len());
            self.pass(close.unwrap_or(rest.len()));
        } else {
            let word = word.to_owned();
            self.at += end;
            if let Some(open) = self.open.last_mut() {
                open.words.push(word);
            }
        }
    }

    fn begin(&mut self, bracket: char) {
        self.at += 1;
        let Some(outer) = self.open.last() else { return };
        let in_macro = outer.in_macro || outer.attributed == Attributed::Somehow;
        let in_macro = in_macro || is_call(&outer.words);
        let around = match bracket {
            '{' if !in_macro => header(&outer.words, outer.attributed),
            _ => Around::Unknown,
        };
        let index = Some(self.blocks.len());
        self.blocks.push(Block { within: self.at..self.text.len(), around });
        self.open.push(Open { index, in_macro, ..Open::file() });
    }

    fn end(&mut self, bracket: char) {
        // The file itself does not end before its text.
        let ended = if self.open.len() > 1 { self.open.pop() } else { None };
        if let Some(block) = ended.as_ref().and_then(|open| self.blocks.get_mut(open.index?)) {
            block.within.end = self.at;
        }
        self.at += 1;
        let Some(outer) = self.open.last_mut() else { return };
        match (bracket, ended) {
            ('}', _) => outer.start_anew(),
            (']', Some(attribute)) if outer.words.last().is_some_and(|word| word == "#") => {
                outer.words.pop();
                outer.attributed = outer.attributed.and(&attribute.words);
            }
            // `#![…]` is about what it is in.
            (']', Some(_)) if outer.words.ends_with(&["#".into(), "!".into()]) => {
                outer.start_anew();
            }
            _ => outer.words.push("…".into()),
        }
    }
}

impl Attributed {
    /// With one attribute more, of these words.
    fn and(self, words: &[String]) -> Self {
        const PLAIN: [&str; 8] =
            ["allow", "warn", "deny", "forbid", "expect", "cfg", "doc", "rustfmt"];
        let mut path = words.iter().filter(|word| *word != ":" && *word != "…");
        let last = path.next_back().map_or("", String::as_str);
        let first = words.first().map_or("", String::as_str);
        match self {
            Self::Plainly if PLAIN.contains(&first) => Self::Plainly,
            Self::Plainly | Self::AsyncTrait if last == "async_trait" => Self::AsyncTrait,
            Self::AsyncTrait if PLAIN.contains(&first) => Self::AsyncTrait,
            _ => Self::Somehow,
        }
    }
}

/// Whether a bracket after these words is that of a macro's call, or of its rules.
fn is_call(words: &[String]) -> bool {
    let before = |back: usize| words.len().checked_sub(back).map(|at| words[at].as_str());
    before(1) == Some("!") || before(2) == Some("!")
}

/// What a block in braces is, after these words.
fn header(words: &[String], attributed: Attributed) -> Around {
    const BEFORE: [&str; 9] =
        ["pub", "…", "unsafe", "default", "const", "async", "extern", "auto", "safe"];
    let mut words = words.iter().map(String::as_str).skip_while(|word| BEFORE.contains(word));
    match (words.next(), attributed) {
        (Some("mod" | "fn"), Attributed::Plainly) => Around::Free,
        (Some("trait"), _) => Around::Trait,
        (Some("impl"), _) => {
            let mut words = words.peekable();
            while let Some(word) = words.next() {
                // `for<'a>` begins a type or a bound.
                if word == "for" && words.peek().is_some_and(|next| *next != "<") {
                    return Around::TraitImpl;
                }
            }
            // Whatever else has this attribute is no trait's.
            if attributed == Attributed::Plainly { Around::Impl } else { Around::Unknown }
        }
        _ => Around::Unknown,
    }
}

/// How long the comment is, with those in it.
fn comment(text: &str) -> usize {
    let (mut at, mut depth) = (2, 1);
    while depth > 0 {
        let rest = &text[at..];
        let Some(next) = rest.find("*/") else { return text.len() };
        match rest.find("/*") {
            Some(inner) if inner < next => {
                depth += 1;
                at += inner + 2;
            }
            _ => {
                depth -= 1;
                at += next + 2;
            }
        }
    }
    at
}

/// How long the string is, which may have escapes.
fn string(text: &str) -> usize {
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// How long a character is; of a lifetime, its quote.
fn quoted(text: &str) -> usize {
    let mut letters = text.char_indices().skip(1);
    match (letters.next(), letters.next()) {
        (Some((_, '\\')), Some(_)) => {
            let end = letters.find(|(_, letter)| *letter == '\'');
            end.map_or(text.len(), |(at, _)| at + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}
