//! The heap, counted: a global allocator that a program may install.
//!
//! By threads of their own: what another thread allocates is not in the way of what is measured,
//! and counting writes nothing that is shared.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static HELD: Cell<i64> = const { Cell::new(0) };
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// The system's allocator, counted thread by thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counted;

/// What this thread has allocated and not given back, in bytes, since it began. Negative where it
/// frees what others allocated.
pub fn held() -> i64 {
    HELD.with(Cell::get)
}

/// How often this thread has allocated.
pub fn allocations() -> u64 {
    ALLOCATIONS.with(Cell::get)
}

fn count(bytes: i64, allocations: u64) {
    // Gone when thread-locals are: what is freed then is nobody's measurement.
    let _ = HELD.try_with(|held| held.set(held.get() + bytes));
    let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + allocations));
}

/// A layout's size is at most `isize::MAX`.
fn size(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

// SAFETY: every call is handed to the system's allocator as it came; counting touches only
// thread-locals without destructors, and so neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(size(layout.size()), 1);
        // SAFETY: the caller's promise is the one that is asked for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(size(layout.size()), 1);
        // SAFETY: the caller's promise is the one that is asked for.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-size(layout.size()), 0);
        // SAFETY: the caller's promise is the one that is asked for.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count(size(new_size) - size(layout.size()), 1);
        // SAFETY: the caller's promise is the one that is asked for.
        unsafe { System.realloc(block, layout, new_size) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[global_allocator]
    static ALLOCATOR: Counted = Counted;

    #[test]
    fn what_is_allocated_is_counted_until_it_is_freed() {
        let (held_before, before) = (held(), allocations());
        let block = std::hint::black_box(vec![0_u8; 1_000]);
        assert_eq!((held() - held_before, allocations() - before), (1_000, 1));
        drop(block);
        assert_eq!(held(), held_before);
    }
}
