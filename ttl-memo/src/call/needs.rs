//! What keys, values and errors are to be able to do, each in a trait of its own.
//!
//! Each is but a trait of the standard library under another name, so that what the compiler says
//! of a type that lacks it is about caches, and says what to do.

use std::hash::Hash;

use crate::TtlCache;

/// Whose cache it is: of all threads.
#[derive(Debug)]
pub struct Shared;

/// Whose cache it is: of one thread.
#[derive(Debug)]
pub struct Local;

/// What a cache of all threads, or of one, may hold.
///
/// `'static` is no matter of the choice between probes, and is asked for in what follows; asked for
/// here, too, what the compiler says of it is placed at the user's type.
pub trait Fits<M>: 'static {}

impl<T: Send + Sync + ?Sized + 'static> Fits<Shared> for T {}
impl<T: ?Sized + 'static> Fits<Local> for T {}

/// `Hash`
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of the key: it is not `Hash`",
    label = "not `Hash`",
    note = "derive `Hash` for it, leave it out with `skip(…)`, or say what tells calls apart with `key = …`"
)]
pub trait KeyHash {}

impl<T: Hash + ?Sized> KeyHash for T {}

/// `Eq`
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of the key: it is not `Eq`",
    label = "not `Eq`",
    note = "derive `PartialEq` and `Eq` for it, leave it out with `skip(…)`, or say what tells calls apart with `key = …`"
)]
pub trait KeyEq {}

impl<T: Eq + ?Sized> KeyEq for T {}

/// `Clone`, or `ToOwned`
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of the key: it is not `Clone`",
    label = "not `Clone`",
    note = "derive `Clone` for it, leave it out with `skip(…)`, or say what tells calls apart with `key = …`"
)]
pub trait KeyClone {}

impl<T: ToOwned + ?Sized> KeyClone for T {}

/// `Send`
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of the key: threads share the cache, and it is not `Send`",
    label = "not `Send`",
    note = "leave it out with `skip(…)`, say what tells calls apart with `key = …`, or give each thread a cache of its own with `scope = thread`"
)]
pub trait KeySend<M> {}

impl<T: Send + ?Sized> KeySend<Shared> for T {}
impl<T: ?Sized> KeySend<Local> for T {}

/// `Sync`
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of the key: threads share the cache, and it is not `Sync`",
    label = "not `Sync`",
    note = "leave it out with `skip(…)`, say what tells calls apart with `key = …`, or give each thread a cache of its own with `scope = thread`"
)]
pub trait KeySync<M> {}

impl<T: Sync + ?Sized> KeySync<Shared> for T {}
impl<T: ?Sized> KeySync<Local> for T {}

/// `Clone`
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored: it is not `Clone`, and each call that finds it is given a clone",
    label = "not `Clone`",
    note = "derive `Clone` for it, or return an `Arc<{Self}>`"
)]
pub trait ValueClone {}

impl<T: Clone> ValueClone for T {}

/// `Send`
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored: threads share the cache, and it is not `Send`",
    label = "not `Send`",
    note = "return something that is (an `Arc` in place of an `Rc`), or give each thread a cache of its own with `scope = thread`"
)]
pub trait ValueSend<M> {}

impl<T: Send> ValueSend<Shared> for T {}
impl<T> ValueSend<Local> for T {}

/// `Sync`
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored: threads share the cache, and it is not `Sync`",
    label = "not `Sync`",
    note = "return something that is (a `Mutex` in place of a `Cell`), or give each thread a cache of its own with `scope = thread`"
)]
pub trait ValueSync<M> {}

impl<T: Sync> ValueSync<Shared> for T {}
impl<T> ValueSync<Local> for T {}

/// `Clone`
#[diagnostic::on_unimplemented(
    message = "an error of type `{Self}` cannot be kept: it is not `Clone`",
    label = "not `Clone`",
    note = "return an `Arc` of it, or leave `err_ttl` out"
)]
pub trait ErrorClone {}

impl<T: Clone> ErrorClone for T {}

/// `Send`
#[diagnostic::on_unimplemented(
    message = "an error of type `{Self}` cannot be kept: threads share the cache, and it is not `Send`",
    label = "not `Send`",
    note = "return another, or leave `err_ttl` out"
)]
pub trait ErrorSend<M> {}

impl<T: Send> ErrorSend<Shared> for T {}
impl<T> ErrorSend<Local> for T {}

/// `Sync`
#[diagnostic::on_unimplemented(
    message = "an error of type `{Self}` cannot be kept: threads share the cache, and it is not `Sync`",
    label = "not `Sync`",
    note = "return another, or leave `err_ttl` out"
)]
pub trait ErrorSync<M> {}

impl<T: Sync> ErrorSync<Shared> for T {}
impl<T> ErrorSync<Local> for T {}

/// A `Result`
#[diagnostic::on_unimplemented(
    message = "this option is about errors, and the function returns `{Self}`, which is no `Result`",
    label = "leave it out"
)]
pub trait IsResult {}

impl<T, E> IsResult for Result<T, E> {}

/// What the keys of a lent cache are to be: the function's, `F`.
#[diagnostic::on_unimplemented(
    message = "this cache has keys of type `{Self}`, and the function's key is of type `{F}`",
    label = "keys of type `{Self}`",
    note = "name a cache of the function's key type, or say with `key = …` what is the key"
)]
pub trait KeyOfCache<F>: Sized {
    #[doc(hidden)]
    fn fit<V, S>(cache: &TtlCache<Self, V, S>) -> &TtlCache<F, V, S>;
}

impl<K> KeyOfCache<K> for K {
    fn fit<V, S>(cache: &TtlCache<K, V, S>) -> &TtlCache<K, V, S> {
        cache
    }
}

/// What the values of a lent cache are to be: the function's, `F`.
#[diagnostic::on_unimplemented(
    message = "this cache holds values of type `{Self}`, and the function gives `{F}`",
    label = "values of type `{Self}`",
    note = "name a cache of what the function returns: of a `Result<T, E>`, that is `T`"
)]
pub trait ValueOfCache<F>: Sized {
    #[doc(hidden)]
    fn fit<K, S>(cache: &TtlCache<K, Self, S>) -> &TtlCache<K, F, S>;
}

impl<V> ValueOfCache<V> for V {
    fn fit<K, S>(cache: &TtlCache<K, V, S>) -> &TtlCache<K, V, S> {
        cache
    }
}

/// What the work in the background can own.
#[diagnostic::on_unimplemented(
    message = "`spawn` runs the body later, and cannot own a `{Self}`: it is not `Clone`",
    label = "not `Clone`",
    note = "derive `Clone` for it, take it in an `Arc`, or leave `spawn` out"
)]
pub trait Spawned {
    /// What it is then.
    type Owned;

    #[doc(hidden)]
    fn own(&self) -> Self::Owned;
}

impl<T: Clone> Spawned for T {
    type Owned = T;

    fn own(&self) -> T {
        self.clone()
    }
}

impl<T: Clone> Spawned for [T] {
    type Owned = Vec<T>;

    fn own(&self) -> Vec<T> {
        self.to_vec()
    }
}

/// What is owned as something else.
macro_rules! unsized_types {
    ($($ty:ty),*) => {$(
        impl Spawned for $ty {
            type Owned = <$ty as ToOwned>::Owned;

            fn own(&self) -> Self::Owned {
                self.to_owned()
            }
        }
    )*};
}

unsized_types!(str, std::path::Path, std::ffi::OsStr, std::ffi::CStr);

/// An argument for the work in the background.
pub fn own<T: Spawned + ?Sized>(argument: &T) -> T::Owned {
    argument.own()
}
