//! Which kind of key a type makes, told by method resolution.
//!
//! A probe is a chain of wrappers, each the `Deref` target of the one before, with a method of the
//! same name on each. The compiler takes the first whose impl's bounds hold: the standard
//! library's types, then what is `Hash` and can be owned. The last has no bounds on its impl but
//! on its method, so that a type that is neither gets one error for each trait that it lacks.
//!
//! The method has a name that no trait of the user's will have by chance: one with a blanket impl
//! would come before the later wrappers.

#![expect(clippy::inline_always, reason = "what is fed is known where it is inlined, and folds")]
#![expect(clippy::unused_self, reason = "only its type is asked")]

use std::borrow::Borrow;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Deref;

use super::needs::{Fits, KeyClone, KeyEq, KeyHash, KeySend, KeySync, Local, Shared};
use super::parts::Part;
use super::query::{Matches, Query};

/// What a standard type makes.
#[derive(Clone, Copy, Debug)]
pub struct Standard<T>(T);

/// What a reference to any other type makes.
#[derive(Clone, Copy, Debug)]
pub struct Borrowed<'q, T: ?Sized>(&'q T);

/// What any other value makes.
#[derive(Clone, Copy, Debug)]
pub struct Owned<T>(T);

/// What stands for a key that cannot be one; never made, as it does not compile.
#[derive(Clone, Copy, Debug)]
pub struct Nothing<T: ?Sized>(PhantomData<T>);

/// Chains wrappers from the first to the last. `M` says whether threads share the cache.
macro_rules! chain {
    ($($(#[$doc:meta])* $name:ident => $next:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<T, M>(pub $next<T, M>);

        impl<T, M> Deref for $name<T, M> {
            type Target = $next<T, M>;

            fn deref(&self) -> &$next<T, M> {
                &self.0
            }
        }
    )*};
}

chain! {
    /// A parameter that is a reference, or holds some.
    Reference => ReferenceToAny;
    /// The same, of no standard type.
    ReferenceToAny => ReferenceToNone;
    /// A reference to a parameter that is a value.
    Value => AnyValue;
    /// The same, of no standard type.
    AnyValue => NoValue;
    /// What a `key` expression gives.
    Key => KeyByReference;
    /// The same, of no standard type.
    KeyByReference => NoKeyByReference;
    /// The same, which cannot be owned.
    NoKeyByReference => KeyByValue;
    /// The same, and no reference.
    KeyByValue => NoKey;
}

/// A place that a `key` expression names: its value where that is `Copy`, else a reference to it.
///
/// A value may be what a guard or another temporary gave (`self.state.lock().unwrap().revision`),
/// to which no reference lasts until the look-up is over.
#[derive(Clone, Copy, Debug)]
pub struct Place<T>(PlaceOfAny<T>);

/// The same, not `Copy`.
#[derive(Clone, Copy, Debug)]
pub struct PlaceOfAny<T>(T);

impl<T> Deref for Place<T> {
    type Target = PlaceOfAny<T>;

    fn deref(&self) -> &PlaceOfAny<T> {
        &self.0
    }
}

impl<T> Place<T> {
    /// A reference to the place.
    #[inline]
    pub fn at(place: T) -> Self {
        Self(PlaceOfAny(place))
    }
}

impl<T: Copy> Place<&T> {
    #[doc(hidden)]
    #[inline]
    pub fn ttl_memo_place(&self) -> T {
        *self.0.0
    }
}

impl<'q, T: ?Sized> PlaceOfAny<&'q T> {
    #[doc(hidden)]
    #[inline]
    pub fn ttl_memo_place(&self) -> &'q T {
        self.0
    }
}

/// A reference to what cannot be a key.
#[derive(Clone, Copy, Debug)]
pub struct ReferenceToNone<T, M>(pub T, PhantomData<M>);

/// A reference to a value that cannot be a key.
#[derive(Clone, Copy, Debug)]
pub struct NoValue<T, M>(pub T, PhantomData<M>);

/// A `key` that cannot be one.
#[derive(Clone, Copy, Debug)]
pub struct NoKey<T, M>(PhantomData<(fn() -> T, M)>);

impl<T> Reference<T, Shared> {
    /// A parameter that is a reference.
    #[inline]
    pub fn to(part: T) -> Self {
        Self(ReferenceToAny(ReferenceToNone(part, PhantomData)))
    }
}

impl<T> Reference<T, Local> {
    /// The same, for a thread's cache.
    #[inline]
    pub fn to_local(part: T) -> Self {
        Self(ReferenceToAny(ReferenceToNone(part, PhantomData)))
    }
}

impl<'q, T: Part<Owned: Fits<M>> + ?Sized, M> Reference<&'q T, M> {
    #[doc(hidden)]
    #[inline]
    pub fn ttl_memo_part(&self) -> Standard<&'q T> {
        Standard(self.0.0.0)
    }
}

impl<'q, T: ToOwned<Owned: Fits<M>> + Hash + Eq + ?Sized, M> ReferenceToAny<&'q T, M> {
    #[doc(hidden)]
    #[inline]
    pub fn ttl_memo_part(&self) -> Borrowed<'q, T> {
        Borrowed(self.0.0)
    }
}

impl<T: ?Sized, M> ReferenceToNone<&T, M> {
    #[doc(hidden)]
    pub fn ttl_memo_part(&self) -> Nothing<T>
    where
        T: KeyHash + KeyEq + KeyClone + KeySend<M> + KeySync<M>,
    {
        Nothing(PhantomData)
    }
}

impl<T> Value<T, Shared> {
    /// A reference to a parameter that is a value.
    #[inline]
    pub fn of(part: T) -> Self {
        Self(AnyValue(NoValue(part, PhantomData)))
    }
}

impl<T> Value<T, Local> {
    /// The same, for a thread's cache.
    #[inline]
    pub fn of_local(part: T) -> Self {
        Self(AnyValue(NoValue(part, PhantomData)))
    }
}

impl<'q, T: Part<Owned: Fits<M>>, M> Value<&'q T, M> {
    #[doc(hidden)]
    #[inline]
    pub fn ttl_memo_part(&self) -> Standard<&'q T> {
        Standard(self.0.0.0)
    }
}

impl<'q, T: Hash + Eq + Clone + Fits<M>, M> AnyValue<&'q T, M> {
    #[doc(hidden)]
    #[inline]
    pub fn ttl_memo_part(&self) -> Borrowed<'q, T> {
        Borrowed(self.0.0)
    }
}

impl<T, M> NoValue<&T, M> {
    #[doc(hidden)]
    pub fn ttl_memo_part(&self) -> Nothing<T>
    where
        T: KeyHash + KeyEq + KeyClone + KeySend<M> + KeySync<M>,
    {
        Nothing(PhantomData)
    }
}

impl<T, M> Key<T, M> {
    fn new() -> Self {
        Self(KeyByReference(NoKeyByReference(KeyByValue(NoKey(PhantomData)))))
    }
}

impl<T> Key<T, Shared> {
    /// What a `key` expression gave: it is only looked at, and taken by what
    /// `ttl_memo_part` gives.
    #[inline]
    pub fn like(_: &T) -> Self {
        Self::new()
    }
}

impl<T> Key<T, Local> {
    /// The same, for a thread's cache.
    #[inline]
    pub fn like_local(_: &T) -> Self {
        Self::new()
    }
}

/// Makes a part of what a `key` expression gave.
pub(crate) type Make<T, P> = fn(T) -> P;

impl<T: Part<Owned: Fits<M>>, M> Key<T, M> {
    #[doc(hidden)]
    #[inline]
    pub fn ttl_memo_part(&self) -> Make<T, Standard<T>> {
        Standard
    }
}

impl<'q, T: ToOwned<Owned: Fits<M>> + Hash + Eq + ?Sized, M> KeyByReference<&'q T, M> {
    #[doc(hidden)]
    #[inline]
    pub fn ttl_memo_part(&self) -> Make<&'q T, Borrowed<'q, T>> {
        Borrowed
    }
}

impl<'q, T: ?Sized, M> NoKeyByReference<&'q T, M> {
    #[doc(hidden)]
    pub fn ttl_memo_part(&self) -> Make<&'q T, Nothing<T>>
    where
        T: KeyHash + KeyEq + KeyClone + KeySend<M> + KeySync<M>,
    {
        |_| Nothing(PhantomData)
    }
}

impl<T: Hash + Eq + Clone + Fits<M>, M> KeyByValue<T, M> {
    #[doc(hidden)]
    #[inline]
    pub fn ttl_memo_part(&self) -> Make<T, Owned<T>> {
        Owned
    }
}

impl<T, M> NoKey<T, M> {
    #[doc(hidden)]
    pub fn ttl_memo_part(&self) -> Make<T, Nothing<T>>
    where
        T: KeyHash + KeyEq + KeyClone + KeySend<M> + KeySync<M>,
    {
        |_| Nothing(PhantomData)
    }
}

impl<T: Part> Matches for Standard<T> {
    type Key = T::Owned;
    const PLAIN: bool = true;

    #[inline]
    fn matches(&self, key: &T::Owned) -> bool {
        self.0.owned_as(key)
    }
}

impl<T: Part> Query for Standard<T> {
    #[inline(always)]
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.0.feed(state);
    }

    #[inline]
    fn to_key(&self) -> T::Owned {
        self.0.own()
    }

    fn same(one: &T::Owned, other: &T::Owned) -> bool {
        super::parts::Plain::alike(one, other)
    }
}

impl<T: ToOwned + Hash + Eq + ?Sized> Matches for Borrowed<'_, T> {
    type Key = T::Owned;
    const PLAIN: bool = false;

    #[inline]
    fn matches(&self, key: &T::Owned) -> bool {
        let key: &T = key.borrow();
        self.0 == key
    }
}

impl<T: ToOwned + Hash + Eq + ?Sized> Query for Borrowed<'_, T> {
    #[inline(always)]
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }

    #[inline]
    fn to_key(&self) -> T::Owned {
        self.0.to_owned()
    }

    fn same(one: &T::Owned, other: &T::Owned) -> bool {
        let (one, other): (&T, &T) = (one.borrow(), other.borrow());
        one == other
    }
}

impl<T: Hash + Eq + Clone> Matches for Owned<T> {
    type Key = T;
    const PLAIN: bool = false;

    #[inline]
    fn matches(&self, key: &T) -> bool {
        self.0 == *key
    }
}

impl<T: Hash + Eq + Clone> Query for Owned<T> {
    #[inline(always)]
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }

    #[inline]
    fn to_key(&self) -> T {
        self.0.clone()
    }

    fn same(one: &T, other: &T) -> bool {
        one == other
    }
}

impl<T: ?Sized> Matches for Nothing<T> {
    type Key = ();
    const PLAIN: bool = true;

    fn matches(&self, (): &()) -> bool {
        true
    }
}

impl<T: ?Sized> Query for Nothing<T> {
    fn hash_into<H: Hasher>(&self, _: &mut H) {}

    fn to_key(&self) {}

    fn same((): &(), (): &()) -> bool {
        true
    }
}
