//! A call's look-up, for threads and tasks alike: the answer, the right to run the body, or whom
//! to wait for.

use std::sync::Arc;

use super::load::{age, left};
use super::outcome::{Shape, Told};
use super::query::Query;
use super::rules::{Rules, Want};
use crate::Source;
use crate::cache::{Entered, Home, How, Leading, Shown, Start, Tally, aging_from};
use crate::clock::Instant;
use crate::flight::{Ending, Flight, FlightId};
use crate::options::SingleFlight;
use crate::store::Times;

/// What a call has been through so far.
#[derive(Debug, Default)]
pub(crate) struct Attempt {
    how: How,
    /// How many flights that it waited for were abandoned.
    abandoned: u8,
    /// Its patience's end, once it has begun to wait.
    until: Option<Instant>,
    began: bool,
}

/// How a look-up turned out.
pub(crate) enum Looked<K, V, A> {
    /// An answer, counted.
    Answer(A),
    /// The body is to run.
    Load(Leading<K, V>),
    /// The answer, counted; the body is to run in the background.
    Renew(A, Leading<K, V>),
    /// Somebody runs it.
    Wait(Waiting<K, V>),
}

/// A flight to wait for.
pub(crate) struct Waiting<K, V> {
    pub(crate) flight: Arc<Flight<K, V>>,
    /// The end of this call's patience; `None`: as long as it takes.
    pub(crate) until: Option<Instant>,
    /// It began too early for this call: when it is over, look again.
    pub(crate) too_early: bool,
}

impl<K, V> Waiting<K, V> {
    pub(crate) fn id(&self) -> FlightId {
        self.flight.id()
    }
}

/// A call's constants.
pub(crate) struct Look<'l, H, Q, P, U> {
    pub(crate) home: &'l H,
    pub(crate) hash: u64,
    pub(crate) query: &'l Q,
    pub(crate) rules: &'l U,
    pub(crate) shape: std::marker::PhantomData<fn() -> P>,
}

impl<H, Q, V, P, U> Look<'_, H, Q, P, U>
where
    H: Home<Q::Key, V>,
    Q: Query,
    Q::Key: Clone,
    V: Clone,
    P: Shape<Value = V>,
    U: Rules<Q::Key, P::Seen, P::Error>,
{
    /// The hit: what most calls are.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "where it is inlined, all stays in registers")]
    pub(crate) fn hit(&self, arrival: H::Arrival) -> Option<P::Reply> {
        if self.rules.want() != Want::Answer {
            return None;
        }
        let (home, hash, query, rules) = (self.home, self.hash, self.query, self.rules);
        // A look at how near the deadline is asks the clock.
        let code = U::VALIDATES || U::AHEAD && home.time().is_users();
        // By what they need, one by one: the whole would have to be in memory for them. The times
        // only where they are to be told: most calls should not move room for them about.
        if P::TELLS {
            let take = move |entry: Shown<'_, Q::Key, V>| {
                let value = taken::<P, _, _, _, _>(home, rules, &entry, U::AHEAD)?;
                Some((value, entry.times()))
            };
            let (value, times) = home.hit(arrival, hash, query, code, take)?;
            Some(P::reply(P::answer(value), || told(home, Source::Hit, Some(times))))
        } else {
            let take = move |entry: Shown<'_, Q::Key, V>| {
                taken::<P, _, _, _, _>(home, rules, &entry, U::AHEAD)
            };
            let value = home.hit(arrival, hash, query, code, take)?;
            Some(P::reply(P::answer(value), || told(home, Source::Hit, None)))
        }
    }

    /// As [`hit`](Self::hit), without haste, and however near the deadline is.
    #[inline(never)]
    fn serve(&self) -> Option<P::Reply> {
        let home = self.home;
        let now = home.time().coarse();
        let mut times = None;
        let take = |entry: Shown<'_, Q::Key, V>| {
            times = P::TELLS.then(|| entry.times());
            taken::<P, _, _, _, _>(home, self.rules, &entry, false)
        };
        let value = home.read(now, self.hash, self.query, U::VALIDATES, take)??;
        home.count(Tally::Hit);
        Some(P::reply(P::answer(value), || self.told(Source::Hit, times)))
    }

    fn is_valid(&self, entry: &Shown<'_, Q::Key, V>) -> bool {
        is_valid::<P, _, _, _>(self.rules, entry)
    }

    fn told(&self, source: Source, times: Option<Times>) -> Told {
        told(self.home, source, times)
    }

    /// After a miss: the right to load, where there is nothing to be thought about. Else the key, to
    /// [`enter`](Self::enter) with.
    #[inline]
    pub(crate) fn lead(&self) -> Result<Leading<Q::Key, V>, Option<Q::Key>> {
        let settings = self.home.settings();
        if !settings.is_enabled() || settings.shows_keys() {
            return Err(None);
        }
        let joinable = self.single_flight() != SingleFlight::Off;
        // The user's `Clone`, before any lock.
        let mut key = Some(self.query.to_key());
        match self.home.lead(self.hash, &mut key, joinable) {
            Some(id) => Ok(self.leading(Some(Start::Unknown(id)))),
            None => Err(key),
        }
    }

    /// After a miss, and after each wait.
    pub(crate) fn enter(
        &self,
        attempt: &mut Attempt,
        mut key: Option<Q::Key>,
        spawns: bool,
    ) -> Looked<Q::Key, V, P::Reply> {
        if !attempt.began {
            attempt.began = true;
            attempt.how.alone = self.single_flight() == SingleFlight::Off;
            attempt.how.anew = self.rules.want() != Want::Answer;
            attempt.how.later = spawns;
        }
        loop {
            if !self.home.settings().is_enabled() {
                return Looked::Load(self.leading(None));
            }
            self.expire_invalid();
            if !attempt.how.anew {
                if let Some(reply) = self.serve_instead_of_an_error() {
                    return Looked::Answer(reply);
                }
            }
            attempt.how.ahead = self.ahead();
            match self.home.enter(self.hash, self.query, key.take(), &mut attempt.how) {
                Entered::Stored => {
                    if let Some(reply) = self.serve() {
                        return Looked::Answer(reply);
                    }
                }
                Entered::Stale => {
                    if let Some(reply) = self.serve_held() {
                        return Looked::Answer(reply);
                    }
                }
                Entered::Within => return Looked::Load(Leading::of_nothing()),
                Entered::Renew(begun) if spawns => return self.renew(begun),
                Entered::Lead(begun) | Entered::Renew(begun) => {
                    return Looked::Load(self.leading(Some(begun)));
                }
                Entered::Join(flight) => {
                    let until = self.patience(attempt);
                    return Looked::Wait(Waiting { flight, until, too_early: false });
                }
                Entered::Await(flight) => {
                    let until = self.patience(attempt);
                    return Looked::Wait(Waiting { flight, until, too_early: true });
                }
            }
        }
    }

    /// After a wait: the answer, or `None` to enter again. `ending` is none if patience ended
    /// first.
    pub(crate) fn after(
        &self,
        attempt: &mut Attempt,
        too_early: bool,
        ending: Option<Ending<V>>,
    ) -> Option<P::Reply> {
        let Some(ending) = ending else {
            attempt.how.alone = true;
            return None;
        };
        if too_early {
            return None;
        }
        let (value, times, source) = match ending {
            Ending::Value(value, times) => (value, times, Source::Joined),
            Ending::Stale(value, times) => (value, Some(times), Source::Stale),
            // Whoever has waited for one that failed, or for two abandoned ones, waits no more.
            Ending::Failed => {
                attempt.how.alone = true;
                return None;
            }
            Ending::Abandoned => {
                attempt.abandoned += 1;
                attempt.how.alone = attempt.abandoned >= 2;
                return None;
            }
        };
        let value = V::clone(&value);
        if self.rules.want() != Want::Refresh {
            self.home.count(Tally::Hit);
            self.home.count(Tally::Coalesced);
            if source == Source::Stale {
                self.home.count(Tally::Stale);
            }
        }
        Some(P::reply(P::answer(value), || self.told(source, times)))
    }

    /// When this call stops waiting; `None`: never.
    fn patience(&self, attempt: &mut Attempt) -> Option<Instant> {
        let SingleFlight::AtMost(wait) = self.single_flight() else { return None };
        if attempt.until.is_none() {
            attempt.until = Instant::now().checked_add(wait);
        }
        attempt.until
    }

    /// The right to load; of a load that has not begun, for a call that cannot wait or a cache that
    /// is off, nothing is stored.
    pub(crate) fn leading(&self, begun: Option<Start<Q::Key, V>>) -> Leading<Q::Key, V> {
        Leading::new(self.hash, (Q::same, Q::PLAIN), begun)
    }

    fn single_flight(&self) -> SingleFlight {
        self.rules.single_flight().unwrap_or(self.home.settings().single_flight)
    }

    /// Answers with what is there, and leaves the renewal to somebody else.
    fn renew(&self, begun: Start<Q::Key, V>) -> Looked<Q::Key, V, P::Reply> {
        // `Clone` may panic: then nobody renews it, and whoever waits is told.
        let mut renewal = Renewal { home: self.home, leading: Some(self.leading(Some(begun))) };
        let reply = self.serve().or_else(|| self.serve_held());
        let leading = renewal.leading.take().expect("taken once");
        if let Some(reply) = reply {
            return Looked::Renew(reply, leading);
        }
        // It has gone meanwhile: nothing to answer with.
        if let Some(id) = leading.id() {
            self.home.take_up(self.hash, id, self.single_flight() != SingleFlight::Off);
        }
        Looked::Load(leading)
    }

    /// A value in its stale window, counted.
    fn serve_held(&self) -> Option<P::Reply> {
        let now = self.home.time().precise();
        let window = self.home.settings().while_revalidate;
        self.serve_where(now, |entry| now < entry.deadline.saturating_add(window))
    }

    /// A value, live or in a stale window, where the body has just failed and is let alone.
    fn serve_instead_of_an_error(&self) -> Option<P::Reply> {
        let (mark, now) = self.home.respite(self.hash)?;
        self.serve_where(now, |entry| entry.mark() == mark)
    }

    /// An entry that is held, counted.
    fn serve_where(
        &self,
        now: u64,
        serves: impl FnOnce(&Shown<'_, Q::Key, V>) -> bool,
    ) -> Option<P::Reply> {
        let home = self.home;
        let (value, times) = home.read_held(self.hash, self.query, now, |entry| {
            let serves = serves(&entry) && self.is_valid(&entry);
            serves.then(|| (entry.value.clone(), entry.times()))
        })??;
        home.count(Tally::Hit);
        let stale = now >= times.deadline;
        if stale {
            home.count(Tally::Stale);
        }
        let source = if stale { Source::Stale } else { Source::Hit };
        Some(P::reply(P::answer(value), || self.told(source, Some(times))))
    }

    /// How long before its deadline what is stored is to be renewed. An error that is kept is not:
    /// its time is all it has.
    fn ahead(&self) -> u64 {
        if !U::AHEAD {
            return 0;
        }
        let now = self.home.time().precise();
        let is_error = P::KEEPS_ERRORS
            && self
                .home
                .read_held(self.hash, self.query, now, |entry| P::seen(entry.value).is_none())
                == Some(true);
        if is_error { 0 } else { self.rules.ahead() }
    }

    /// What `valid_if` refuses is no entry any more.
    fn expire_invalid(&self) {
        if !U::VALIDATES {
            return;
        }
        let now = self.home.time().precise();
        let refused = self.home.read_held(self.hash, self.query, now, |entry| {
            (!self.is_valid(&entry)).then_some(entry.times())
        });
        if let Some(Some(times)) = refused {
            self.home.expire_one(self.hash, self.query, times);
        }
    }
}

/// What a live entry answers with, if it does.
#[inline(always)]
#[expect(clippy::inline_always, reason = "in memory, what it gives costs 5 ns")]
fn taken<P, H, K, V, U>(home: &H, rules: &U, entry: &Shown<'_, K, V>, minds_age: bool) -> Option<V>
where
    H: Home<K, V>,
    V: Clone,
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
{
    let near = minds_age && P::seen(entry.value).is_some() && {
        let from = aging_from(entry.deadline, rules.ahead());
        !home.time().is_before(from)
    };
    if near || !is_valid::<P, _, _, _>(rules, entry) {
        return None;
    }
    Some(entry.value.clone())
}

#[inline]
fn is_valid<P, K, V, U>(rules: &U, entry: &Shown<'_, K, V>) -> bool
where
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
{
    !U::VALIDATES || {
        let seen = P::seen(entry.value);
        seen.is_none_or(|seen| rules.valid(entry.key, seen))
    }
}

fn told<H: Home<K, V>, K, V>(home: &H, source: Source, times: Option<Times>) -> Told {
    let now = home.time().precise();
    Told {
        source,
        age: times.map_or(0, |times| age(times, now)),
        left: times.map_or(0, |times| left(times, now)),
    }
}

/// A renewal that nobody has taken over yet.
struct Renewal<'l, H: Home<K, V>, K, V> {
    home: &'l H,
    leading: Option<Leading<K, V>>,
}

impl<H: Home<K, V>, K, V> Drop for Renewal<'_, H, K, V> {
    fn drop(&mut self) {
        if let Some(leading) = &mut self.leading {
            leading.end(self.home);
        }
    }
}
