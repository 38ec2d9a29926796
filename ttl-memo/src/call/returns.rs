//! What of a returned type is stored, told by method resolution: of a `Result` under whatever
//! name, the `Ok` value; of any other type, the whole.

use std::marker::PhantomData;
use std::ops::Deref;

use super::outcome::{Kept, OkOnly, Shape, Told, Whole};

/// What a function returns. An inherent method of a `Result` comes before that of what it derefs
/// to, and the error's type is seen by neither the cache nor the key.
#[derive(Debug)]
pub struct Returns<R>(ReturnsAny<R>);

/// What any function returns.
#[derive(Debug)]
pub struct ReturnsAny<R>(PhantomData<fn() -> R>);

impl<R> Returns<R> {
    /// The mark of a type.
    #[expect(clippy::new_without_default, reason = "a mark of a type, not a value with a default")]
    pub const fn new() -> Self {
        Self(ReturnsAny(PhantomData))
    }
}

impl<R> Deref for Returns<R> {
    type Target = ReturnsAny<R>;

    fn deref(&self) -> &ReturnsAny<R> {
        &self.0
    }
}

impl<T, E> Returns<Result<T, E>> {
    #[doc(hidden)]
    pub fn ttl_memo_shape(
        &self,
    ) -> OkOf<impl Fn() -> Result<T, E> + Copy + Send + Sync + 'static + use<T, E>> {
        of(|| unreachable!("a mark of what it would return"))
    }

    /// Where errors are kept too.
    #[doc(hidden)]
    pub fn ttl_memo_shape_of_both(&self) -> Kept<T, E> {
        Kept::new()
    }
}

impl<R> ReturnsAny<R> {
    #[doc(hidden)]
    pub fn ttl_memo_shape(&self) -> Whole<R> {
        Whole::new()
    }
}

/// [`OkOnly`] of the `Result` that an `F` would return.
///
/// What is left of a call after its look-up has this in its type, and must not seem to borrow from
/// the arguments, which the body consumes, though `E` may. A closure that captures nothing is
/// `'static` whatever it returns.
#[derive(Clone, Copy, Debug)]
pub struct OkOf<F>(PhantomData<F>);

fn of<F>(_: F) -> OkOf<F> {
    OkOf(PhantomData)
}

impl<T, E, F: Fn() -> Result<T, E> + Copy> Shape for OkOf<F> {
    type Answer = Result<T, E>;
    type Value = T;
    type Seen = T;
    type Error = E;
    type Reply = Result<T, E>;

    #[inline]
    fn value(answer: &Result<T, E>) -> Option<&T> {
        OkOnly::<T, E>::value(answer)
    }

    fn into_value(answer: Result<T, E>) -> Option<T> {
        OkOnly::<T, E>::into_value(answer)
    }

    #[inline]
    fn answer(value: T) -> Result<T, E> {
        OkOnly::answer(value)
    }

    #[inline]
    fn seen(value: &T) -> Option<&T> {
        OkOnly::<T, E>::seen(value)
    }

    fn error(answer: &Result<T, E>) -> Option<&E> {
        OkOnly::error(answer)
    }

    #[inline]
    fn reply(answer: Result<T, E>, told: impl FnOnce() -> Told) -> Result<T, E> {
        OkOnly::reply(answer, told)
    }
}
