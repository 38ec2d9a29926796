//! The memory of a root: a head, and in the same piece what it is the head of.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::{self, NonNull};

use crate::sync::atomic::{AtomicPtr, AtomicU64};

/// What there is of a root whatever it leads to; its number of cells comes first, as each look-up
/// begins with it.
///
/// Behind it lie the cells, and before it, backwards, the directory: all in one piece, so that a
/// reader that has come here has one load to a cell and one to a chunk.
#[derive(Debug)]
#[repr(C, align(8))]
pub(super) struct Head {
    pub(super) cells: usize,
    pub(super) chunks: usize,
}

/// Where the cells are: behind the head.
///
/// # Safety
/// The root is there.
#[inline]
pub(super) unsafe fn first_cell(head: NonNull<Head>) -> NonNull<AtomicU64> {
    // SAFETY: that is where they are laid.
    unsafe { head.add(1) }.cast()
}

/// A directory's entry, so far from the head.
///
/// # Safety
/// The root is there, and there is such an entry.
#[inline]
pub(super) unsafe fn entry<T>(head: NonNull<Head>, backwards: isize) -> NonNull<AtomicPtr<T>> {
    // SAFETY: laid there, backwards from the head.
    unsafe { head.cast::<AtomicPtr<T>>().offset(backwards) }
}

/// Where a chunk's entry is from the head: `-1 - at`.
#[inline]
#[expect(clippy::cast_possible_wrap, reason = "an object has less than `isize::MAX` bytes")]
pub(super) fn backwards(at: usize) -> isize {
    !(at as isize)
}

/// The memory of a root, and how far its head is from the beginning.
fn layout(cells: usize, chunks: usize) -> (Layout, usize) {
    let laid_out = || {
        let (both, at) =
            Layout::array::<AtomicPtr<()>>(chunks).ok()?.extend(Layout::new::<Head>()).ok()?;
        let (all, cells) = both.extend(Layout::array::<AtomicU64>(cells).ok()?).ok()?;
        // As `first_cell` takes it.
        assert!(cells == at + size_of::<Head>(), "no gap");
        Some((all, at))
    };
    laid_out().expect("less than the address space")
}

/// A root without entries, for all that have none.
#[cfg(not(shuttle))]
pub(super) fn nothing() -> NonNull<Head> {
    /// With one cell, as a walk begins somewhere.
    #[repr(C)]
    struct Nothing(Head, AtomicU64);

    static NOTHING: Nothing = Nothing(Head { cells: 1, chunks: 0 }, AtomicU64::new(0));
    NonNull::from(&NOTHING).cast()
}

/// Anew for each execution that is tried.
#[cfg(shuttle)]
pub(super) fn nothing() -> NonNull<Head> {
    struct Leaked(NonNull<Head>);
    // SAFETY: as a static's address may be had by all.
    unsafe impl Sync for Leaked {}
    // SAFETY: likewise.
    unsafe impl Send for Leaked {}
    shuttle::lazy_static! {
        static ref NOTHING: Leaked = Leaked(make(1, 0));
    }
    NOTHING.0
}

/// So many free cells, and a directory with room for so many chunks.
#[expect(clippy::cast_ptr_alignment, reason = "the layout sees to it")]
pub(super) fn make(cells: usize, chunks: usize) -> NonNull<Head> {
    assert!(cells > 0, "a walk begins somewhere");
    let (layout, at) = layout(cells, chunks);
    // SAFETY: it is not of no size, as there are cells.
    let memory = unsafe { alloc(layout) };
    if memory.is_null() {
        handle_alloc_error(layout);
    }
    // SAFETY: all within what `layout` has laid out.
    unsafe {
        let head = memory.add(at).cast::<Head>();
        head.write(Head { cells, chunks });
        for at in 0..cells {
            head.add(1).cast::<AtomicU64>().add(at).write(AtomicU64::new(0));
        }
        for at in 1..=chunks {
            head.cast::<AtomicPtr<()>>().sub(at).write(AtomicPtr::new(ptr::null_mut()));
        }
        NonNull::new_unchecked(head)
    }
}

/// Frees a root's memory; the one that stands for nothing stays.
///
/// # Safety
/// Nobody is in it any more, nor will be.
pub(super) unsafe fn free(head: NonNull<Head>) {
    if head == nothing() {
        return;
    }
    // SAFETY: it is there yet.
    let &Head { cells, chunks } = unsafe { head.as_ref() };
    let (layout, at) = layout(cells, chunks);
    // SAFETY: made, and allocated so, by `make`.
    unsafe {
        for at in 0..cells {
            head.add(1).cast::<AtomicU64>().add(at).drop_in_place();
        }
        for at in 1..=chunks {
            head.cast::<AtomicPtr<()>>().sub(at).drop_in_place();
        }
        dealloc(head.cast::<u8>().sub(at).as_ptr(), layout);
    }
}
