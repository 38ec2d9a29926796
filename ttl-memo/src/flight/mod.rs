//! Single flight: concurrent calls for one missing key run the body once.

mod board;
#[expect(clippy::module_inception, reason = "a flight is what this room is about")]
mod flight;
mod waits;

pub(crate) use board::Board;
pub(crate) use flight::{Ending, Flight};
pub(crate) use waits::{Inside, Wait};
