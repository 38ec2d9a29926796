//! What of a returned type is stored, told by method resolution: of a `Result` under whatever
//! name, the `Ok` value; of any other type, the whole.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::ops::Deref;

use super::needs::{
    ErrorClone, ErrorSend, ErrorSync, Fits, IsResult, Shared, ValueClone, ValueSend, ValueSync,
};
use super::outcome::{Kept, OkOnly, Shape, Told, Whole};

/// Chains wrappers from the first to the last, as probes of keys are.
macro_rules! chain {
    ($($(#[$doc:meta])* $name:ident => $next:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<R, M = Shared>($next<R, M>);

        impl<R, M> Deref for $name<R, M> {
            type Target = $next<R, M>;

            fn deref(&self) -> &$next<R, M> {
                &self.0
            }
        }
    )*};
}

chain! {
    /// What a function returns: a `Result`, the error of which is seen by neither the cache nor
    /// the key.
    Returns => ReturnsNoValue;
    /// A `Result` of what cannot be stored.
    ReturnsNoValue => ReturnsAny;
    /// What is no `Result`.
    ReturnsAny => ReturnsNothing;
}

/// What is no `Result`, and cannot be stored.
#[derive(Debug)]
pub struct ReturnsNothing<R, M = Shared>(PhantomData<(fn() -> R, M)>);

impl<R, M> Returns<R, M> {
    const fn made() -> Self {
        Self(ReturnsNoValue(ReturnsAny(ReturnsNothing(PhantomData))))
    }
}

impl<R> Returns<R, Shared> {
    /// The mark of a type.
    #[expect(clippy::new_without_default, reason = "a mark of a type, not a value with a default")]
    pub const fn new() -> Self {
        Self::made()
    }
}

impl<R> Returns<R, super::needs::Local> {
    /// The same, for a thread's cache.
    pub const fn new_local() -> Self {
        Self::made()
    }
}

impl<T: Clone + Fits<M>, E, M> Returns<Result<T, E>, M> {
    #[doc(hidden)]
    pub fn ttl_memo_shape(
        &self,
    ) -> OkOf<impl Fn() -> Result<T, E> + Copy + Send + Sync + 'static + use<T, E, M>> {
        of(|| unreachable!("a mark of what it would return"))
    }

    /// Where there is an option about errors.
    #[doc(hidden)]
    pub fn ttl_memo_shape_of_result(
        &self,
    ) -> OkOf<impl Fn() -> Result<T, E> + Copy + Send + Sync + 'static + use<T, E, M>> {
        of(|| unreachable!("a mark of what it would return"))
    }
}

impl<T: Clone + Fits<M>, E: Clone + Fits<M>, M> Returns<Result<T, E>, M> {
    /// Where errors are kept too.
    #[doc(hidden)]
    pub fn ttl_memo_shape_of_both(&self) -> Kept<T, E> {
        Kept::new()
    }
}

impl<T, E, M> ReturnsNoValue<Result<T, E>, M> {
    #[doc(hidden)]
    pub fn ttl_memo_shape(&self) -> Unstorable<Result<T, E>>
    where
        T: ValueClone + ValueSend<M> + ValueSync<M>,
    {
        Unstorable(PhantomData)
    }

    #[doc(hidden)]
    pub fn ttl_memo_shape_of_result(&self) -> Unstorable<Result<T, E>>
    where
        T: ValueClone + ValueSend<M> + ValueSync<M>,
    {
        Unstorable(PhantomData)
    }

    #[doc(hidden)]
    pub fn ttl_memo_shape_of_both(&self) -> Unstorable<Result<T, E>>
    where
        T: ValueClone + ValueSend<M> + ValueSync<M>,
        E: ErrorClone + ErrorSend<M> + ErrorSync<M>,
    {
        Unstorable(PhantomData)
    }
}

impl<R: Clone + Fits<M>, M> ReturnsAny<R, M> {
    #[doc(hidden)]
    pub fn ttl_memo_shape(&self) -> Whole<R> {
        Whole::new()
    }
}

impl<R, M> ReturnsNothing<R, M> {
    #[doc(hidden)]
    pub fn ttl_memo_shape(&self) -> Unstorable<R>
    where
        R: ValueClone + ValueSend<M> + ValueSync<M>,
    {
        Unstorable(PhantomData)
    }

    #[doc(hidden)]
    pub fn ttl_memo_shape_of_result(&self) -> Unstorable<R>
    where
        R: IsResult,
    {
        Unstorable(PhantomData)
    }

    #[doc(hidden)]
    pub fn ttl_memo_shape_of_both(&self) -> Unstorable<R>
    where
        R: IsResult,
    {
        Unstorable(PhantomData)
    }
}

/// What stands for a return type that cannot be stored; never made, as it does not compile.
#[derive(Debug)]
pub struct Unstorable<R>(PhantomData<fn() -> R>);

impl<R> Copy for Unstorable<R> {}
impl<R> Clone for Unstorable<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Shape for Unstorable<R> {
    type Answer = R;
    type Value = ();
    type Seen = ();
    type Error = Infallible;
    type Reply = R;

    fn value(_: &R) -> Option<&()> {
        None
    }

    fn into_value(_: R) -> Option<()> {
        None
    }

    fn answer((): ()) -> R {
        unreachable!("never stored")
    }

    fn seen(value: &()) -> Option<&()> {
        Some(value)
    }

    fn error(_: &R) -> Option<&Infallible> {
        None
    }

    fn reply(answer: R, _: impl FnOnce() -> Told) -> R {
        answer
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
