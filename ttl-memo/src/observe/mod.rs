//! What loads tell those who watch: the features `metrics` and `tracing`. Without them, nothing.

#[cfg(feature = "metrics")]
pub mod metrics;
#[cfg(feature = "tracing")]
mod tracing;

/// How a run of a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// With a value, which was stored.
    Stored,
    /// With a value, which was not: refused, too heavy, invalidated meanwhile.
    NotStored,
    /// With an error, kept or not.
    Error,
    /// With an error, which a value past its deadline stands in for.
    Stale,
    /// It panicked.
    Panicked,
    /// Its future was dropped.
    Dropped,
}

/// One run of a body, watched from [`begin`](Self::begin) to [`end`](Self::end).
///
/// Of no size without the features. Recorders and subscribers are the user's: no lock is held where
/// this is called.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watch {
    /// None before the run begins and after it has ended.
    #[cfg(feature = "tracing")]
    span: Option<::tracing::Span>,
}

#[cfg_attr(
    not(feature = "tracing"),
    expect(clippy::unused_self, clippy::needless_pass_by_ref_mut, reason = "nobody watches")
)]
impl Watch {
    /// Whether there may be somebody who watches.
    pub(crate) const SEES: bool = cfg!(any(feature = "metrics", feature = "tracing"));

    /// A body of the cache `name` begins to run.
    #[cfg_attr(not(feature = "tracing"), expect(unused_variables, reason = "nobody watches"))]
    pub(crate) fn begin(name: &str) -> Self {
        Self {
            #[cfg(feature = "tracing")]
            span: Some(tracing::begin(name)),
        }
    }

    /// While what is returned lives, the body runs on this thread.
    pub(crate) fn enter(&self) -> impl Sized + use<> {
        #[cfg(feature = "tracing")]
        self.span.clone().map(::tracing::Span::entered)
    }

    /// The body of the cache `name` has run, in `took` nanoseconds, if that was measured.
    pub(crate) fn end(&mut self, name: &str, outcome: Outcome, took: Option<u64>) {
        // Each is for one of those who may watch.
        let _ = (name, outcome, took);
        #[cfg(feature = "metrics")]
        if let Some(took) = took {
            metrics::computed(name, took);
        }
        #[cfg(feature = "tracing")]
        if let Some(span) = self.span.take() {
            tracing::end(&span, outcome, took);
        }
    }

    /// An error of the cache `name` was not handed on: a value stood in for it that is `age`
    /// nanoseconds old.
    #[cfg_attr(not(feature = "tracing"), expect(unused_variables, reason = "nobody watches"))]
    pub(crate) fn stood_in(name: &str, age: u64) {
        #[cfg(feature = "tracing")]
        tracing::stood_in(name, age);
    }
}
