//! What an option's value is, once read.

use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use syn::{Expr, Visibility};

/// An option that was given.
#[derive(Clone)]
pub(crate) struct Given<T> {
    /// The option's name as written: its span is where to point when the option as a whole is
    /// wrong, and what an editor should know it by.
    pub(crate) name: Ident,
    /// Its value.
    pub(crate) value: T,
    /// The value's own tokens, to point at when the value is wrong; the name, for a flag.
    pub(crate) at: TokenStream,
}

impl<T> Given<T> {
    /// The value, and the rest.
    pub(crate) fn split(self) -> (T, Given<()>) {
        (self.value, Given { name: self.name, value: (), at: self.at })
    }
}

impl Given<()> {
    /// The same option with a value.
    pub(crate) fn with<T>(self, value: T) -> Given<T> {
        Given { name: self.name, value, at: self.at }
    }
}

/// A length of time.
#[derive(Clone)]
pub(crate) enum Period {
    /// A string with units, read at compile time; never zero.
    Literal(Duration),
    /// An expression of type `Duration`.
    Expr(Expr),
}

/// The value of `maxsize`.
#[derive(Clone)]
pub(crate) enum MaxSize {
    /// `None`: unbounded.
    None,
    /// A `usize` expression.
    Expr(Expr),
}

/// The value of `ttl`.
#[derive(Clone)]
pub(crate) enum Ttl {
    /// `None`: for ever.
    None,
    /// That long.
    After(Period),
}

/// The value of `policy`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Policy {
    /// Learns what the workload rewards.
    Adaptive,
    /// The least recently used goes.
    Lru,
    /// The oldest goes.
    Fifo,
    /// The least frequently used goes.
    Lfu,
    /// Any goes.
    Random,
}

/// The value of `scope`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scope {
    /// One cache for all threads.
    Global,
    /// One cache a thread.
    Thread,
}

/// The value of `single_flight`.
#[derive(Clone)]
pub(crate) enum SingleFlight {
    /// Concurrent calls for one missing key run the body once.
    On,
    /// Each runs it.
    Off,
    /// As `On`, but a call waits at most that long.
    AtMost(Given<Period>),
}

/// The value of `helpers`.
#[derive(Clone)]
pub(crate) enum Helpers {
    /// As visible as the function.
    AsFunction,
    /// None: nothing at all can be put beside the function when it stands in a trait or its impl.
    None,
    /// Of a visibility of their own.
    Of(Visibility),
}
