//! What the store's tests do not come by.
#![cfg(not(shuttle))]

use super::*;

#[test]
fn a_slot_whose_section_never_ended_is_nobody_elses() {
    // As when the user's `Clone` ends the process: then the main thread's thread-locals go, with
    // the section where it was, and other threads run on for a while.
    let ended_within = || {
        let mut section = Section::begin();
        section.hold(0);
        std::mem::forget(section);
        own().expect("given to it for the section")
    };
    let slot = std::thread::spawn(ended_within).join().expect("it does not panic");
    assert!(slot.is_taken());
}
