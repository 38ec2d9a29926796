//! A power of two of equal parts, one of which is chosen by hash.

/// Never empty.
pub(in crate::store) struct Parts<T> {
    parts: Box<[T]>,
    /// The length less one.
    mask: usize,
}

impl<T> Parts<T> {
    /// As many as `make` makes.
    ///
    /// # Panics
    /// If that is no power of two.
    pub(in crate::store) fn new(parts: impl Iterator<Item = T>) -> Self {
        let parts: Box<[T]> = parts.collect();
        assert!(parts.len().is_power_of_two(), "chosen by some bits of a hash");
        Self { mask: parts.len() - 1, parts }
    }

    /// Log2 of their number.
    #[inline]
    pub(in crate::store) fn log2(&self) -> u32 {
        self.parts.len().trailing_zeros()
    }

    /// By the bits of the hash from the second on: the lowest says nothing.
    #[inline]
    pub(in crate::store) fn of(&self, hash: u32) -> &T {
        let at = (hash >> 1) as usize & self.mask;
        // SAFETY: no more than the length less one, which is not zero (see `new`).
        unsafe { self.parts.get_unchecked(at) }
    }
}

impl<T> std::ops::Deref for Parts<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.parts
    }
}

impl<'p, T> IntoIterator for &'p Parts<T> {
    type Item = &'p T;
    type IntoIter = std::slice::Iter<'p, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.parts.iter()
    }
}
