//! Single flight: concurrent calls for one missing key run the body once.

mod alarm;
mod board;
#[expect(clippy::module_inception, reason = "a flight is what this room is about")]
mod flight;
mod seats;
mod sweeps;
mod waits;

pub(crate) use alarm::Alarm;
pub(crate) use board::{Aloft, Board};
pub(crate) use flight::Ending;
pub(crate) use flight::Flight;
pub(crate) use seats::Seat;
pub(crate) use sweeps::Step;
pub(crate) use waits::{FlightId, Inside, Wait};
