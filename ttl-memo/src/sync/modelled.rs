//! Shuttle's, with the faces of those that they stand in for.

pub(crate) use shuttle::sync::atomic;
pub(crate) use shuttle::thread::yield_now;
pub(crate) use shuttle::thread_local;

/// A static that threads meet at: each execution has its own.
macro_rules! global {
    ($(#[$attribute:meta])* static $name:ident: $type:ty = $value:expr;) => {
        shuttle::lazy_static! {
            $(#[$attribute])*
            static ref $name: $type = $value;
        }
    };
}

pub(crate) use global;
