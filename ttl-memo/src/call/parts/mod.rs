//! Keys made of the standard library's types, floats and borrows among them.
//!
//! No user code runs in any of this, so such keys may be compared under a lock.

#![expect(clippy::inline_always, reason = "what is fed is known where it is inlined, and folds")]

mod whole;

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::mem::discriminant;
use std::rc::Rc;
use std::sync::Arc;

/// Hash and equality of a standard type that may hold floats, which are told apart by their bits.
///
/// Feeds a hasher what [`Hash`] would, where there is a `Hash`.
pub trait Plain {
    #[doc(hidden)]
    fn feed<H: Hasher>(&self, state: &mut H);

    #[doc(hidden)]
    fn alike(&self, other: &Self) -> bool;

    #[doc(hidden)]
    fn feed_all<H: Hasher>(all: &[Self], state: &mut H)
    where
        Self: Sized,
    {
        for one in all {
            one.feed(state);
        }
    }
}

/// A standard type that may hold references, and what it is when it owns everything.
pub trait Part: Plain {
    /// The same, owned: `String` for `&str`.
    type Owned: Plain + 'static;

    #[doc(hidden)]
    fn own(&self) -> Self::Owned;

    #[doc(hidden)]
    fn owned_as(&self, owned: &Self::Owned) -> bool;
}

impl<T: Plain + ?Sized> Plain for &T {
    #[inline(always)]
    fn feed<H: Hasher>(&self, state: &mut H) {
        (**self).feed(state);
    }

    #[inline]
    fn alike(&self, other: &Self) -> bool {
        (**self).alike(other)
    }
}

impl<T: Part + ?Sized> Part for &T {
    type Owned = T::Owned;

    #[inline]
    fn own(&self) -> T::Owned {
        (**self).own()
    }

    #[inline]
    fn owned_as(&self, owned: &T::Owned) -> bool {
        (**self).owned_as(owned)
    }
}

impl<B: Plain + ToOwned + ?Sized> Plain for Cow<'_, B> {
    fn feed<H: Hasher>(&self, state: &mut H) {
        (**self).feed(state);
    }

    fn alike(&self, other: &Self) -> bool {
        (**self).alike(other)
    }
}

impl<B: Part + ToOwned + ?Sized> Part for Cow<'_, B> {
    type Owned = <B as Part>::Owned;

    fn own(&self) -> <B as Part>::Owned {
        (**self).own()
    }

    fn owned_as(&self, owned: &<B as Part>::Owned) -> bool {
        (**self).owned_as(owned)
    }
}

/// Boxes and shared pointers, which stay what they are.
macro_rules! pointer {
    ($($pointer:ident),*) => {$(
        impl<T: Plain + ?Sized> Plain for $pointer<T> {
            fn feed<H: Hasher>(&self, state: &mut H) {
                (**self).feed(state);
            }

            fn alike(&self, other: &Self) -> bool {
                (**self).alike(other)
            }
        }

        impl<T: Plain + ?Sized + 'static> Part for $pointer<T>
        where
            $pointer<T>: Clone,
        {
            type Owned = Self;

            fn own(&self) -> Self {
                self.clone()
            }

            fn owned_as(&self, owned: &Self) -> bool {
                self.alike(owned)
            }
        }
    )*};
}

pointer!(Box, Rc, Arc);

impl<T: Plain> Plain for Option<T> {
    #[inline(always)]
    fn feed<H: Hasher>(&self, state: &mut H) {
        discriminant(self).hash(state);
        if let Some(inner) = self {
            inner.feed(state);
        }
    }

    #[inline]
    fn alike(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(one), Some(other)) => one.alike(other),
            (None, None) => true,
            _ => false,
        }
    }
}

impl<T: Part> Part for Option<T> {
    type Owned = Option<T::Owned>;

    #[inline]
    fn own(&self) -> Self::Owned {
        self.as_ref().map(T::own)
    }

    #[inline]
    fn owned_as(&self, owned: &Self::Owned) -> bool {
        match (self, owned) {
            (Some(inner), Some(owned)) => inner.owned_as(owned),
            (None, None) => true,
            _ => false,
        }
    }
}

impl<T: Plain> Plain for [T] {
    fn feed<H: Hasher>(&self, state: &mut H) {
        feed_len(self.len(), state);
        T::feed_all(self, state);
    }

    fn alike(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(one, other)| one.alike(other))
    }
}

impl<T: Part> Part for [T] {
    type Owned = Vec<T::Owned>;

    fn own(&self) -> Self::Owned {
        self.iter().map(T::own).collect()
    }

    fn owned_as(&self, owned: &Self::Owned) -> bool {
        owned_as_each(self, owned)
    }
}

impl<T: Plain, const N: usize> Plain for [T; N] {
    fn feed<H: Hasher>(&self, state: &mut H) {
        self.as_slice().feed(state);
    }

    fn alike(&self, other: &Self) -> bool {
        self.as_slice().alike(other)
    }
}

impl<T: Part, const N: usize> Part for [T; N] {
    type Owned = [T::Owned; N];

    fn own(&self) -> Self::Owned {
        self.each_ref().map(T::own)
    }

    fn owned_as(&self, owned: &Self::Owned) -> bool {
        owned_as_each(self, owned)
    }
}

impl<T: Plain> Plain for Vec<T> {
    fn feed<H: Hasher>(&self, state: &mut H) {
        self.as_slice().feed(state);
    }

    fn alike(&self, other: &Self) -> bool {
        self.as_slice().alike(other)
    }
}

impl<T: Part> Part for Vec<T> {
    type Owned = Vec<T::Owned>;

    fn own(&self) -> Self::Owned {
        self.as_slice().own()
    }

    fn owned_as(&self, owned: &Self::Owned) -> bool {
        owned_as_each(self, owned)
    }
}

/// What `Hash` feeds before the elements of a slice.
pub(super) fn feed_len<H: Hasher>(len: usize, state: &mut H) {
    state.write_usize(len);
}

fn owned_as_each<T: Part>(parts: &[T], owned: &[T::Owned]) -> bool {
    parts.len() == owned.len() && parts.iter().zip(owned).all(|(part, owned)| part.owned_as(owned))
}

macro_rules! tuple {
    ($($name:ident $at:tt),*) => {
        impl<$($name: Plain),*> Plain for ($($name,)*) {
            #[inline(always)]
            fn feed<Z: Hasher>(&self, state: &mut Z) {
                $(self.$at.feed(state);)*
            }

            #[inline]
            fn alike(&self, other: &Self) -> bool {
                $(self.$at.alike(&other.$at))&&*
            }
        }

        impl<$($name: Part),*> Part for ($($name,)*) {
            type Owned = ($($name::Owned,)*);

            #[inline]
            fn own(&self) -> Self::Owned {
                ($(self.$at.own(),)*)
            }

            #[inline]
            fn owned_as(&self, owned: &Self::Owned) -> bool {
                $(self.$at.owned_as(&owned.$at))&&*
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, DefaultHasher};

    use super::*;
    use crate::RandomState;

    /// `part` hashes as the key that it becomes, in more than one way of hashing.
    fn hashes_as_owned<T: Part>(part: &T)
    where
        T::Owned: Hash,
    {
        let key = part.own();
        assert!(part.owned_as(&key));
        let state = RandomState::default();
        let mut fast = state.build_hasher();
        part.feed(&mut fast);
        assert_eq!(fast.finish(), state.hash_one(&key));
        let (mut one, mut other) = (DefaultHasher::new(), DefaultHasher::new());
        part.feed(&mut one);
        key.hash(&mut other);
        assert_eq!(one.finish(), other.finish());
    }

    #[test]
    fn borrowed_parts_hash_as_their_keys() {
        hashes_as_owned(&7_u64);
        hashes_as_owned(&"abc");
        hashes_as_owned(&Some("abc"));
        hashes_as_owned(&None::<&str>);
        hashes_as_owned(&("a", 1_u8, [1_u32, 2]));
        hashes_as_owned(&["a", "b"].as_slice());
        hashes_as_owned(&vec![1_u8, 2, 3]);
        hashes_as_owned(&b"bytes".as_slice());
        hashes_as_owned(&Cow::Borrowed("cow"));
        hashes_as_owned(&std::path::Path::new("/a/b"));
        hashes_as_owned(&Arc::<str>::from("shared"));
        hashes_as_owned(&vec![Some(("x", 'y'))]);
        hashes_as_owned(&());
    }

    #[test]
    fn floats_are_their_bits() {
        assert!(f64::NAN.owned_as(&f64::NAN));
        assert!(!0.0_f64.owned_as(&-0.0));
        assert!(Some([1.5_f32]).owned_as(&Some([1.5])));
        assert!(!vec![1.0].owned_as(&vec![1.0, 2.0]));
    }
}
