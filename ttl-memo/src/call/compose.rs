//! Keys made of several parts: tuples, and what the macro takes apart because a part of it is a
//! reference or a float while another may be the user's type.

#![expect(clippy::inline_always, reason = "what is fed is known where it is inlined, and folds")]

use std::hash::{Hash, Hasher};
use std::mem::discriminant;

use super::parts::feed_len;
use super::query::{Matches, Query};

/// An `Option`, by what is in it.
#[inline]
pub fn option<'q, T, Q>(of: &'q Option<T>, part: impl FnOnce(&'q T) -> Q) -> Option<Q> {
    of.as_ref().map(part)
}

impl<Q: Query> Matches for Option<Q> {
    type Key = Option<Q::Key>;
    const PLAIN: bool = Q::PLAIN;

    #[inline]
    fn matches(&self, key: &Self::Key) -> bool {
        match (self, key) {
            (Some(query), Some(key)) => query.matches(key),
            (None, None) => true,
            _ => false,
        }
    }
}

impl<Q: Query> Query for Option<Q> {
    #[inline(always)]
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        discriminant(self).hash(state);
        if let Some(query) = self {
            query.hash_into(state);
        }
    }

    #[inline]
    fn to_key(&self) -> Self::Key {
        self.as_ref().map(Q::to_key)
    }

    fn same(one: &Self::Key, other: &Self::Key) -> bool {
        match (one, other) {
            (Some(one), Some(other)) => Q::same(one, other),
            (None, None) => true,
            _ => false,
        }
    }
}

/// A slice, by its elements.
#[derive(Clone, Copy, Debug)]
pub struct Each<'q, T, F> {
    of: &'q [T],
    part: F,
}

/// A slice or a `Vec`, by what its elements are.
#[inline]
pub fn each<'q, T, Q, F: Fn(&'q T) -> Q>(of: &'q [T], part: F) -> Each<'q, T, F> {
    Each { of, part }
}

impl<'q, T, Q: Query, F: Fn(&'q T) -> Q> Matches for Each<'q, T, F> {
    type Key = Vec<Q::Key>;
    const PLAIN: bool = Q::PLAIN;

    fn matches(&self, key: &Self::Key) -> bool {
        let mut pairs = self.of.iter().zip(key);
        self.of.len() == key.len() && pairs.all(|(part, key)| (self.part)(part).matches(key))
    }
}

impl<'q, T, Q: Query, F: Fn(&'q T) -> Q> Query for Each<'q, T, F> {
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        feed_len(self.of.len(), state);
        for part in self.of {
            (self.part)(part).hash_into(state);
        }
    }

    fn to_key(&self) -> Self::Key {
        self.of.iter().map(|part| (self.part)(part).to_key()).collect()
    }

    fn same(one: &Self::Key, other: &Self::Key) -> bool {
        all_same::<Q>(one, other)
    }
}

/// An array, by its elements.
#[derive(Clone, Copy, Debug)]
pub struct Array<'q, T, F, const N: usize> {
    of: &'q [T; N],
    part: F,
}

/// An array, by what its elements are.
#[inline]
pub fn array<'q, T, Q, F, const N: usize>(of: &'q [T; N], part: F) -> Array<'q, T, F, N>
where
    F: Fn(&'q T) -> Q,
{
    Array { of, part }
}

impl<'q, T, Q: Query, F: Fn(&'q T) -> Q, const N: usize> Matches for Array<'q, T, F, N> {
    type Key = [Q::Key; N];
    const PLAIN: bool = Q::PLAIN;

    fn matches(&self, key: &Self::Key) -> bool {
        self.of.iter().zip(key).all(|(part, key)| (self.part)(part).matches(key))
    }
}

impl<'q, T, Q: Query, F: Fn(&'q T) -> Q, const N: usize> Query for Array<'q, T, F, N> {
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        feed_len(N, state);
        for part in self.of {
            (self.part)(part).hash_into(state);
        }
    }

    fn to_key(&self) -> Self::Key {
        self.of.each_ref().map(|part| (self.part)(part).to_key())
    }

    fn same(one: &Self::Key, other: &Self::Key) -> bool {
        all_same::<Q>(one, other)
    }
}

fn all_same<Q: Query>(one: &[Q::Key], other: &[Q::Key]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| Q::same(one, other))
}

macro_rules! tuple {
    ($($name:ident $at:tt),*) => {
        impl<$($name: Query),*> Matches for ($($name,)*) {
            type Key = ($($name::Key,)*);
            const PLAIN: bool = true $(&& $name::PLAIN)*;

            #[inline]
            fn matches(&self, key: &Self::Key) -> bool {
                let _ = key;
                true $(&& self.$at.matches(&key.$at))*
            }
        }

        impl<$($name: Query),*> Query for ($($name,)*) {
            #[inline(always)]
            fn hash_into<Z: Hasher>(&self, state: &mut Z) {
                let _ = &state;
                $(self.$at.hash_into(state);)*
            }

            #[inline]
            #[allow(clippy::unused_unit, reason = "the macro's empty tuple")]
            fn to_key(&self) -> Self::Key {
                ($(self.$at.to_key(),)*)
            }

            fn same(one: &Self::Key, other: &Self::Key) -> bool {
                let _ = (one, other);
                true $(&& $name::same(&one.$at, &other.$at))*
            }
        }
    };
}

tuple!();
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
