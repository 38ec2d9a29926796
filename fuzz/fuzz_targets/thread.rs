//! Calls and helpers of functions with `scope = thread`, and a plain list with the same rules: the
//! same answers, counts and removals, and every invariant after each change.

#![no_main]
#![expect(clippy::unwrap_used, reason = "as in the tests that these modules are of")]

mod bytes;
#[path = "../../tests/tests/model/functions.rs"]
mod functions;
#[path = "../../ttl-memo/src/map/tests/hashes.rs"]
mod hashes;
#[path = "../../tests/tests/model/operations.rs"]
mod operations;
#[path = "../../tests/tests/model/reference.rs"]
mod reference;
mod run;
#[path = "../../tests/tests/model/subject.rs"]
mod subject;

use functions::Function;
use libfuzzer_sys::fuzz_target;
use operations::check;
use run::Run;

fuzz_target!(|run: Run| {
    // Its caches end with it.
    let run = move || check::<Function>(&run.setup, &run.operations);
    std::thread::spawn(run).join().unwrap();
});
