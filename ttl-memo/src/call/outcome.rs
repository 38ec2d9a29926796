//! What of a returned value is stored.

/// How an answer `R` and the value that is stored of it become each other.
pub trait Shape<R>: Copy {
    /// What is stored.
    type Value;

    /// What of `answer` may be stored; `None`: it is a failure.
    fn value(self, answer: &R) -> Option<&Self::Value>;

    /// The answer that a stored value stands for.
    fn answer(self, value: Self::Value) -> R;
}

/// The answer itself is stored.
#[derive(Clone, Copy, Debug)]
pub struct Whole;

impl<R> Shape<R> for Whole {
    type Value = R;

    fn value(self, answer: &R) -> Option<&R> {
        Some(answer)
    }

    fn answer(self, value: R) -> R {
        value
    }
}

/// Of a `Result`, the `Ok` value is stored; an `Err` is a failure.
#[derive(Clone, Copy, Debug)]
pub struct OkOnly;

impl<T, E> Shape<Result<T, E>> for OkOnly {
    type Value = T;

    fn value(self, answer: &Result<T, E>) -> Option<&T> {
        answer.as_ref().ok()
    }

    fn answer(self, value: T) -> Result<T, E> {
        Ok(value)
    }
}
