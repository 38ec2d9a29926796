//! Operations on a `TtlCache` and on a plain list with the same rules: the same answers, counts and
//! removals, and every invariant after each.

#![no_main]
#![expect(clippy::unwrap_used, reason = "as in the tests that these modules are of")]

mod bytes;
#[path = "../../ttl-memo/src/map/tests/hashes.rs"]
mod hashes;
#[path = "../../tests/tests/model/operations.rs"]
mod operations;
#[path = "../../tests/tests/model/reference.rs"]
mod reference;
mod run;
#[path = "../../tests/tests/model/subject.rs"]
mod subject;

use libfuzzer_sys::fuzz_target;
use operations::check;
use run::Run;
use subject::Cache;

fuzz_target!(|run: Run| check::<Cache>(&run.setup, &run.operations));
