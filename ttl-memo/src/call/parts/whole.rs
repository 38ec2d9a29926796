//! Parts that have none: numbers, texts, paths, addresses.

use std::hash::{Hash, Hasher};

use super::{Part, Plain};

/// Types that own everything already.
macro_rules! owned {
    ($($ty:ty),* $(,)?) => {$(
        impl Part for $ty {
            type Owned = Self;

            #[inline]
            fn own(&self) -> Self {
                self.clone()
            }

            #[inline]
            fn owned_as(&self, owned: &Self) -> bool {
                self.alike(owned)
            }
        }
    )*};
}

/// Types with a `Hash` and an `Eq` that are the standard library's.
macro_rules! hashable {
    ($($ty:ty),* $(,)?) => {$(
        impl Plain for $ty {
            #[inline(always)]
            fn feed<H: Hasher>(&self, state: &mut H) {
                self.hash(state);
            }

            #[inline]
            fn alike(&self, other: &Self) -> bool {
                self == other
            }

            fn feed_all<H: Hasher>(all: &[Self], state: &mut H) {
                Hash::hash_slice(all, state);
            }
        }

        owned!($ty);
    )*};
}

hashable! {
    (), bool, char, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize,
    std::path::PathBuf, std::ffi::OsString, std::ffi::CString,
    std::num::NonZeroU8, std::num::NonZeroU16, std::num::NonZeroU32, std::num::NonZeroU64,
    std::num::NonZeroU128, std::num::NonZeroUsize, std::num::NonZeroI8, std::num::NonZeroI16,
    std::num::NonZeroI32, std::num::NonZeroI64, std::num::NonZeroI128, std::num::NonZeroIsize,
    std::time::Duration, std::time::Instant, std::time::SystemTime,
    std::net::IpAddr, std::net::Ipv4Addr, std::net::Ipv6Addr,
    std::net::SocketAddr, std::net::SocketAddrV4, std::net::SocketAddrV6,
    std::cmp::Ordering, std::any::TypeId, std::thread::ThreadId,
}

/// The same, where a slice is hashed one by one; `$alike` compares them.
macro_rules! hashed_one_by_one {
    ($alike:path: $($ty:ty),* $(,)?) => {$(
        impl Plain for $ty {
            #[inline(always)]
            fn feed<H: Hasher>(&self, state: &mut H) {
                self.hash(state);
            }

            #[inline]
            fn alike(&self, other: &Self) -> bool {
                $alike(self, other)
            }
        }
    )*};
}

hashed_one_by_one!(PartialEq::eq: std::path::Path, std::ffi::OsStr, std::ffi::CStr);
hashed_one_by_one!(texts_are_alike: str, String);

/// Types that others own.
macro_rules! borrowed {
    ($($ty:ty),* $(,)?) => {$(
        impl Part for $ty {
            type Owned = <$ty as ToOwned>::Owned;

            #[inline]
            fn own(&self) -> Self::Owned {
                self.to_owned()
            }

            #[inline]
            fn owned_as(&self, owned: &Self::Owned) -> bool {
                self.alike(owned.as_ref())
            }
        }
    )*};
}

borrowed!(std::path::Path, std::ffi::OsStr, std::ffi::CStr, str);
owned!(String);

macro_rules! float {
    ($($ty:ty),*) => {$(
        impl Plain for $ty {
            #[inline(always)]
            fn feed<H: Hasher>(&self, state: &mut H) {
                self.to_bits().hash(state);
            }

            #[inline]
            fn alike(&self, other: &Self) -> bool {
                self.to_bits() == other.to_bits()
            }
        }

        owned!($ty);
    )*};
}

float!(f32, f64);

/// Whether two texts are the same.
///
/// Those of the lengths that most keys have are compared in place: for a call, a hit that has no
/// other would have to put all that it is at into memory.
#[inline]
fn texts_are_alike<T: AsRef<[u8]> + ?Sized>(one: &T, other: &T) -> bool {
    let (one, other) = (one.as_ref(), other.as_ref());
    one.len() == other.len()
        && match one.len() {
            16..=32 => differ::<16>(one, other, u128::from_ne_bytes) == 0,
            8..=15 => differ::<8>(one, other, |bytes| u64::from_ne_bytes(bytes).into()) == 0,
            _ => are_alike_by_call(one, other),
        }
}

/// In what the first `N` bytes of two texts differ, or the last, which may overlap.
#[inline]
fn differ<const N: usize>(one: &[u8], other: &[u8], word: impl Fn([u8; N]) -> u128) -> u128 {
    let first = |of: &[u8]| of.first_chunk().copied().map(&word);
    let last = |of: &[u8]| of.last_chunk().copied().map(&word);
    let differ =
        |one: Option<u128>, other: Option<u128>| one.zip(other).map_or(1, |it| it.0 ^ it.1);
    differ(first(one), first(other)) | differ(last(one), last(other))
}

#[inline(never)]
fn are_alike_by_call(one: &[u8], other: &[u8]) -> bool {
    one == other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_any_length_are_told_apart_by_each_byte() {
        for len in 0..40 {
            let one = "a".repeat(len);
            assert!(one.alike(&"a".repeat(len)), "{len}");
            assert!(!one.alike(&"a".repeat(len + 1)) && !"a".repeat(len + 1).alike(&one), "{len}");
            for at in 0..len {
                let mut other = one.clone();
                other.replace_range(at..=at, "b");
                assert!(!one.alike(&other) && !str::alike(&other, &one), "{len}, byte {at}");
            }
        }
    }
}
