//! A command line of `--flags`, values and files.

use std::str::FromStr;

/// What is left to be understood.
#[derive(Clone, Debug)]
pub struct Flags {
    words: Vec<String>,
}

impl Flags {
    /// This program's.
    pub fn of_program() -> Self {
        Self::new(std::env::args().skip(1))
    }

    /// From words.
    pub fn new(words: impl IntoIterator<Item = String>) -> Self {
        Self { words: words.into_iter().collect() }
    }

    /// Whether `--name` is there.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() < before
    }

    /// Each value of `--name value`, in order.
    ///
    /// # Errors
    ///
    /// Where a value is missing or is not a `T`.
    pub fn values<T: FromStr>(&mut self, name: &str) -> Result<Vec<T>, String> {
        let mut values = Vec::new();
        while let Some(at) = self.words.iter().position(|word| word == name) {
            self.words.remove(at);
            if at == self.words.len() {
                return Err(format!("`{name}` needs a value"));
            }
            let word = self.words.remove(at);
            values.push(word.parse().map_err(|_| format!("`{name} {word}` cannot be read"))?);
        }
        Ok(values)
    }

    /// The last value of `--name value`.
    ///
    /// # Errors
    ///
    /// As [`values`](Self::values).
    pub fn value<T: FromStr>(&mut self, name: &str) -> Result<Option<T>, String> {
        Ok(self.values(name)?.pop())
    }

    /// What is left, if no flag is among it.
    ///
    /// # Errors
    ///
    /// Names a flag that nobody asked for.
    pub fn rest(self) -> Result<Vec<String>, String> {
        match self.words.iter().find(|word| word.starts_with("--")) {
            Some(unknown) => Err(format!("unknown flag `{unknown}`")),
            None => Ok(self.words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(line: &str) -> Flags {
        Flags::new(line.split(' ').map(str::to_owned))
    }

    #[test]
    fn everything_is_found_wherever_it_stands() {
        let mut flags = flags("a --size 10 --quick --size 20 b");
        assert!(flags.flag("--quick") && !flags.flag("--quick"));
        assert_eq!(flags.values::<usize>("--size"), Ok(vec![10, 20]));
        assert_eq!(flags.rest(), Ok(vec!["a".into(), "b".into()]));
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(flags("--size").value::<u8>("--size"), Err("`--size` needs a value".into()));
        let unread = flags("--size x").value::<u8>("--size");
        assert_eq!(unread, Err("`--size x` cannot be read".into()));
        assert_eq!(flags("--sise 3").rest(), Err("unknown flag `--sise`".into()));
    }
}
