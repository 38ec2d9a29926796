//! What of a returned value is stored, and what a caller is given.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::time::Duration;

use crate::{Fetched, Source};

/// How what a function returns and the value that is stored of it become each other.
///
/// Made anew at each call and never stored, so its types need not be `'static`.
pub trait Shape: Copy {
    /// What the function returns.
    type Answer;
    /// What is stored.
    type Value;
    /// What the user's hooks see of a stored value.
    type Seen;
    /// What the user's `on_error` sees.
    type Error;
    /// What the caller gets: the answer, or for `…_cache_fetch` the answer with its origin.
    type Reply;

    /// Whether [`reply`](Self::reply) asks what there is to tell.
    const TELLS: bool = false;

    /// Whether errors are stored, too.
    const KEEPS_ERRORS: bool = false;

    /// What of `answer` may be stored; `None`: it is a failure.
    fn value(answer: &Self::Answer) -> Option<&Self::Value>;

    /// As [`value`](Self::value), owned.
    fn into_value(answer: Self::Answer) -> Option<Self::Value>;

    /// The answer that a stored value stands for.
    fn answer(value: Self::Value) -> Self::Answer;

    /// As the user's hooks see it; `None`: it is an error that is kept.
    fn seen(value: &Self::Value) -> Option<&Self::Seen>;

    /// The error that `answer` is.
    fn error(answer: &Self::Answer) -> Option<&Self::Error>;

    /// What the caller gets. `told` costs a look at the clock.
    fn reply(answer: Self::Answer, told: impl FnOnce() -> Told) -> Self::Reply;
}

/// What there is to tell of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    pub(crate) source: Source,
    pub(crate) age: u64,
    /// In nanoseconds; `u64::MAX`: for ever.
    pub(crate) left: u64,
}

/// The answer itself is stored.
#[derive(Debug)]
pub struct Whole<R>(PhantomData<fn() -> R>);

impl<R> Whole<R> {
    #[expect(clippy::new_without_default, reason = "a mark of a type, not a value with a default")]
    /// The shape of a function that returns `R`.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<R> Copy for Whole<R> {}
impl<R> Clone for Whole<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Shape for Whole<R> {
    type Answer = R;
    type Value = R;
    type Seen = R;
    type Error = Infallible;
    type Reply = R;

    fn value(answer: &R) -> Option<&R> {
        Some(answer)
    }

    fn into_value(answer: R) -> Option<R> {
        Some(answer)
    }

    #[inline]
    fn answer(value: R) -> R {
        value
    }

    fn seen(value: &R) -> Option<&R> {
        Some(value)
    }

    fn error(_: &R) -> Option<&Infallible> {
        None
    }

    #[inline]
    fn reply(answer: R, _: impl FnOnce() -> Told) -> R {
        answer
    }
}

/// Of a `Result<T, E>`, the `Ok` value is stored; an `Err` is a failure.
#[derive(Debug)]
pub struct OkOnly<T, E>(PhantomData<fn() -> (T, E)>);

impl<T, E> OkOnly<T, E> {
    #[expect(clippy::new_without_default, reason = "a mark of a type, not a value with a default")]
    /// The shape of a function that returns `Result<T, E>`.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T, E> Copy for OkOnly<T, E> {}
impl<T, E> Clone for OkOnly<T, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, E> Shape for OkOnly<T, E> {
    type Answer = Result<T, E>;
    type Value = T;
    type Seen = T;
    type Error = E;
    type Reply = Result<T, E>;

    fn value(answer: &Result<T, E>) -> Option<&T> {
        answer.as_ref().ok()
    }

    fn into_value(answer: Result<T, E>) -> Option<T> {
        answer.ok()
    }

    #[inline]
    fn answer(value: T) -> Result<T, E> {
        Ok(value)
    }

    fn seen(value: &T) -> Option<&T> {
        Some(value)
    }

    fn error(answer: &Result<T, E>) -> Option<&E> {
        answer.as_ref().err()
    }

    #[inline]
    fn reply(answer: Result<T, E>, _: impl FnOnce() -> Told) -> Result<T, E> {
        answer
    }
}

/// Of a `Result<T, E>`, the whole is stored, errors for a time of their own (`err_ttl`).
#[derive(Debug)]
pub struct Kept<T, E>(PhantomData<fn() -> (T, E)>);

impl<T, E> Kept<T, E> {
    #[expect(clippy::new_without_default, reason = "a mark of a type, not a value with a default")]
    /// The shape of a function that returns `Result<T, E>`.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T, E> Copy for Kept<T, E> {}
impl<T, E> Clone for Kept<T, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, E> Shape for Kept<T, E> {
    type Answer = Result<T, E>;
    type Value = Result<T, E>;
    type Seen = T;
    type Error = E;
    type Reply = Result<T, E>;

    const KEEPS_ERRORS: bool = true;

    fn value(answer: &Result<T, E>) -> Option<&Result<T, E>> {
        Some(answer)
    }

    fn into_value(answer: Result<T, E>) -> Option<Result<T, E>> {
        Some(answer)
    }

    #[inline]
    fn answer(value: Result<T, E>) -> Result<T, E> {
        value
    }

    fn seen(value: &Result<T, E>) -> Option<&T> {
        value.as_ref().ok()
    }

    fn error(answer: &Result<T, E>) -> Option<&E> {
        answer.as_ref().err()
    }

    #[inline]
    fn reply(answer: Result<T, E>, _: impl FnOnce() -> Told) -> Result<T, E> {
        answer
    }
}

/// As `P`, but the caller is told where the answer came from.
#[derive(Clone, Copy, Debug)]
pub struct Fetching<P>(pub P);

impl<P: Shape> Shape for Fetching<P> {
    type Answer = P::Answer;
    type Value = P::Value;
    type Seen = P::Seen;
    type Error = P::Error;
    type Reply = Fetched<P::Answer>;

    const TELLS: bool = true;
    const KEEPS_ERRORS: bool = P::KEEPS_ERRORS;

    fn value(answer: &P::Answer) -> Option<&P::Value> {
        P::value(answer)
    }

    fn into_value(answer: P::Answer) -> Option<P::Value> {
        P::into_value(answer)
    }

    fn answer(value: P::Value) -> P::Answer {
        P::answer(value)
    }

    fn seen(value: &P::Value) -> Option<&P::Seen> {
        P::seen(value)
    }

    fn error(answer: &P::Answer) -> Option<&P::Error> {
        P::error(answer)
    }

    fn reply(answer: P::Answer, told: impl FnOnce() -> Told) -> Fetched<P::Answer> {
        let Told { source, age, left } = told();
        let expires_in = Some(left).filter(|left| *left != u64::MAX).map(Duration::from_nanos);
        Fetched { value: answer, source, age: Duration::from_nanos(age), expires_in }
    }
}
