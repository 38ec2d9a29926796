//! Mistakes, collected so that all of them are reported at once.

use std::fmt::Display;

use quote::ToTokens;
use syn::Error;

/// The mistakes found so far.
///
/// It must be [finished](Self::finish): one that is dropped with a mistake unreported would make
/// the macro accept what it knows to be wrong.
#[derive(Default)]
pub(crate) struct Errors {
    found: Option<Error>,
    finished: bool,
}

impl Errors {
    /// Complains at these tokens, from the first to the last.
    pub(crate) fn at(&mut self, tokens: &impl ToTokens, message: impl Display) {
        self.push(Error::new_spanned(tokens, message));
    }

    /// Adds one complaint, or several.
    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.found {
            Some(found) => found.combine(error),
            None => self.found = Some(error),
        }
    }

    /// The value, or a complaint added and nothing.
    pub(crate) fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// All that was found.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.finished = true;
        self.found.take().map_or(Ok(()), Err)
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        let forgotten = !self.finished && !std::thread::panicking();
        debug_assert!(!forgotten, "`Errors` dropped without `finish`");
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Ident, Span};

    use super::*;

    #[test]
    fn every_mistake_is_reported() {
        let mut errors = Errors::default();
        errors.at(&Ident::new("f", Span::call_site()), "one");
        assert_eq!(errors.keep(Err::<(), _>(Error::new(Span::call_site(), "two"))), None);
        let messages: Vec<_> =
            errors.finish().unwrap_err().into_iter().map(|error| error.to_string()).collect();
        assert_eq!(messages, ["one", "two"]);
    }

    #[test]
    fn finding_nothing_is_a_success() {
        assert!(Errors::default().finish().is_ok());
    }

    #[test]
    #[should_panic(expected = "without `finish`")]
    fn forgetting_them_is_a_bug() {
        drop(Errors::default());
    }
}
