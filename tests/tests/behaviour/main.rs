//! What a caller sees, a module a subject.

mod by_hand;
mod threads;
