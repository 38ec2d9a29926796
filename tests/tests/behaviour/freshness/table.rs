//! Every state of an entry × what the body does × options: what a caller gets, what is stored then,
//! who waits. Found out by trying, and compared with the table in the guide.
//!
//! `TTL_MEMO_WRITE_TABLE=1 cargo test -p ttl-memo-tests freshness::table` writes it anew.

use std::cell::RefCell;
use std::fmt::Write;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;

use ttl_memo::testing::{World, isolated};
use ttl_memo::{RemovalCause, ttl_cache};

use super::{
    Body, Failed, body, body_async, drop_spawned, let_body, poll, run_later, run_spawned, runs, s,
    spawn_later,
};

const OLD: u32 = 1;
const NEW: u32 = 2;
const TABLE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../ttl-memo/src/guide/freshness_table.md");

/// What stands above the tables.
const KEY: &str = "\
Found out by a test, which calls functions with these options in each state and lets their bodies
end in each way. A cell says what the caller gets that finds the entry so, and then what is stored;
*old* is the value that was there, *new* the one that the body gives. The last column is about
callers that come while the body runs: what they get, and where that depends on how the body ends,
for each way in the order of the columns. *Run it* means that one of those who waited does after a
panic or a drop, and all of them do after an error.

";

type Answer = Result<u32, Failed>;
type Call = Pin<Box<dyn Future<Output = Answer>>>;

thread_local! {
    /// The values that left a cache, not because their time was over.
    static LEFT: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "hooks see keys and values as they are stored"
)]
fn left(_: &u8, value: &u32, cause: RemovalCause) {
    if cause != RemovalCause::Expired {
        LEFT.with_borrow_mut(|left| left.push(*value));
    }
}

/// An annotated function, async and not, with its helpers.
struct Subject {
    /// The options that it shows.
    options: &'static str,
    call: fn() -> Call,
    call_sync: fn() -> Answer,
    insert: fn(Answer),
    insert_sync: fn(Answer),
    held: fn() -> Held,
    held_sync: fn() -> Held,
}

/// One with these options beside those that all have.
macro_rules! subject {
    ($options:literal, [$($given:tt)*] $(, $spawn:ident $spawn_sync:ident)?) => {{
        #[ttl_cache(ttl = "60s", on_evict = left, $($given)* $(, spawn = $spawn)?)]
        async fn f(_: u8) -> Answer {
            body_async().await
        }
        #[ttl_cache(ttl = "60s", on_evict = left, $($given)* $(, spawn = $spawn_sync)?)]
        fn g(_: u8) -> Answer {
            body()
        }
        Subject {
            options: $options,
            call: || Box::pin(f(0)),
            call_sync: || g(0),
            insert: |answer| f_cache_insert(0, answer),
            insert_sync: |answer| g_cache_insert(0, answer),
            held: || held(f_cache_peek(0), || { f_cache_expire(); f_cache_clear(); }),
            held_sync: || held(g_cache_peek(0), || { g_cache_expire(); g_cache_clear(); }),
        }
    }};
}

fn subjects() -> Vec<Subject> {
    vec![
        subject!("Without these options", []),
        subject!("`refresh_ahead`", [refresh_ahead = "10s"]),
        subject!("`refresh_ahead`, `spawn`", [refresh_ahead = "10s"], spawn_later run_later),
        subject!("`stale_while_revalidate`", [stale_while_revalidate = "60s"]),
        subject!(
            "`stale_while_revalidate`, `spawn`",
            [stale_while_revalidate = "60s"],
            spawn_later run_later
        ),
        subject!("`stale_if_error`", [stale_if_error = "60s"]),
        subject!(
            "`stale_if_error`, `stale_while_revalidate`, `refresh_ahead`",
            [stale_if_error = "60s", stale_while_revalidate = "60s", refresh_ahead = "10s"]
        ),
        subject!(
            "`stale_if_error`, `stale_while_revalidate`, `refresh_ahead`, `spawn`",
            [stale_if_error = "60s", stale_while_revalidate = "60s", refresh_ahead = "10s"],
            spawn_later run_later
        ),
        subject!("`err_ttl`", [err_ttl = "30s"]),
        subject!(
            "`err_ttl`, `stale_while_revalidate`",
            [err_ttl = "30s", stale_while_revalidate = "60s"]
        ),
        subject!("`err_ttl`, `stale_if_error`", [err_ttl = "30s", stale_if_error = "60s"]),
        subject!("`refresh_if`, and it is true", [refresh_if = always()]),
        subject!(
            "`refresh_if`, and it is true, `stale_if_error`",
            [refresh_if = always(), stale_if_error = "60s"]
        ),
        subject!("`single_flight = false`", [single_flight = false]),
        subject!(
            "`single_flight = false`, `stale_while_revalidate`",
            [single_flight = false, stale_while_revalidate = "60s"]
        ),
    ]
}

/// What a caller finds. The ttl is 60 s, windows are as long, and what has 10 s left is about to
/// expire.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Missing,
    Live,
    Ending,
    Window,
    Past,
    Error,
}

const STATES: [(State, &str); 6] = [
    (State::Missing, "missing"),
    (State::Live, "live"),
    (State::Ending, "about to expire"),
    (State::Window, "in a stale window"),
    (State::Past, "past it"),
    (State::Error, "an error that is kept"),
];

impl State {
    fn arrange(self, world: &World, insert: fn(Answer)) {
        match self {
            Self::Missing => {}
            Self::Error => insert(Err(Failed)),
            _ => insert(Ok(OLD)),
        }
        world.advance(match self {
            Self::Missing | Self::Live | Self::Error => s(5),
            Self::Ending => s(55),
            Self::Window => s(90),
            Self::Past => s(150),
        });
    }
}

/// How the body ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    Value,
    Error,
    Panic,
    Dropped,
}

const ENDS: [Ends; 4] = [Ends::Value, Ends::Error, Ends::Panic, Ends::Dropped];

impl Ends {
    fn body(self) -> Body {
        match self {
            Self::Value => Body::Gives(Ok(NEW)),
            Self::Error => Body::Gives(Err(Failed)),
            Self::Panic => Body::Panics,
            Self::Dropped => Body::Hangs,
        }
    }
}

/// What a caller got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Got {
    Answer(Answer),
    Panic,
    /// It was dropped before it got anything.
    Nothing,
}

/// What a cache holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    Nothing,
    Value(u32),
    Error,
}

/// What is held, in its stale window too: that is seen when it leaves.
fn held(live: Option<Answer>, clear: impl FnOnce()) -> Held {
    LEFT.take();
    clear();
    match (live, LEFT.take().last()) {
        (Some(Err(Failed)), _) => Held::Error,
        (_, Some(value)) => Held::Value(*value),
        (Some(Ok(value)), None) => panic!("nobody heard that {value} left"),
        (None, None) => Held::Nothing,
    }
}

/// How a second call fares that comes while the body runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Other {
    /// Nobody runs the body.
    No,
    /// It is answered at once.
    AtOnce(Answer),
    /// It waits; how it goes on when the first has ended.
    Waits(Then),
    /// It runs the body, too.
    Runs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    Answered(Answer),
    Runs,
}

/// One cell of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell {
    got: Got,
    held: Held,
    other: Other,
}

fn try_async(subject: &Subject, state: State, ends: Ends) -> Cell {
    let world = isolated();
    state.arrange(&world, subject.insert);
    let_body(Body::Hangs);
    runs();
    let mut leader = (subject.call)();
    let mut got = match poll(leader.as_mut()) {
        Poll::Ready(answer) => Got::Answer(answer),
        Poll::Pending => Got::Nothing,
    };
    run_spawned();
    if runs() == 0 {
        return Cell { got, held: (subject.held)(), other: Other::No };
    }
    let mut second = (subject.call)();
    let meanwhile = poll(second.as_mut());
    let runs_too = runs() > 0;

    let_body(ends.body());
    if ends == Ends::Dropped {
        drop(leader);
        drop_spawned();
    } else if got == Got::Nothing {
        got = match catch_unwind(AssertUnwindSafe(|| poll(leader.as_mut()))) {
            Ok(Poll::Ready(answer)) => Got::Answer(answer),
            Ok(Poll::Pending) => panic!("the body has ended, and its caller waits"),
            Err(_) => Got::Panic,
        };
    } else {
        run_spawned();
    }
    runs();
    let_body(Body::Hangs);
    let other = match meanwhile {
        Poll::Ready(answer) => Other::AtOnce(answer),
        Poll::Pending if runs_too => Other::Runs,
        Poll::Pending => match poll(second.as_mut()) {
            Poll::Ready(answer) => Other::Waits(Then::Answered(answer)),
            Poll::Pending => {
                assert_eq!(runs(), 1, "it waits for nobody");
                Other::Waits(Then::Runs)
            }
        },
    };
    drop(second);
    Cell { got, held: (subject.held)(), other }
}

/// As far as one thread can find out.
fn try_sync(subject: &Subject, state: State, ends: Ends) -> (Got, Held) {
    let world = isolated();
    state.arrange(&world, subject.insert_sync);
    let_body(ends.body());
    let got = match catch_unwind(|| (subject.call_sync)()) {
        Ok(answer) => Got::Answer(answer),
        Err(_) => Got::Panic,
    };
    run_spawned();
    (got, (subject.held_sync)())
}

#[test]
fn the_table_of_the_guide_is_true() {
    let table = table();
    if std::env::var_os("TTL_MEMO_WRITE_TABLE").is_some() {
        std::fs::write(TABLE, &table).expect("the table can be written");
    }
    let checked_in = std::fs::read_to_string(TABLE).expect("the table is checked in");
    assert!(
        table == checked_in,
        "what calls do has changed; see it in the diff after\n\
         TTL_MEMO_WRITE_TABLE=1 cargo test -p ttl-memo-tests freshness::table\n{table}"
    );
}

fn table() -> String {
    let mut table = KEY.to_owned();
    for subject in subjects() {
        let _ = writeln!(table, "#### {}\n", subject.options);
        table.push_str(
            "| the entry is | a value | an error | a panic | dropped | other callers |\n\
             |---|---|---|---|---|---|\n",
        );
        for (state, name) in STATES {
            if state == State::Error && !subject.options.contains("err_ttl") {
                continue;
            }
            row(&mut table, &subject, state, name);
        }
        table.push('\n');
    }
    table
}

fn row(table: &mut String, subject: &Subject, state: State, name: &str) {
    let cells = ENDS.map(|ends| try_async(subject, state, ends));
    for (cell, ends) in cells.iter().zip(ENDS) {
        if cell.other == Other::No {
            assert_eq!(cell.held, cells[0].held, "a call that runs nothing changes nothing");
        }
        if ends != Ends::Dropped {
            let sync = try_sync(subject, state, ends);
            assert_eq!((cell.got, cell.held), sync, "{}, {name}: sync differs", subject.options);
        }
    }
    let _ = write!(table, "| {name} |");
    for cell in cells {
        let _ = write!(table, " {} |", cell.words());
    }
    let _ = writeln!(table, " {} |", meanwhile(&cells.map(|cell| cell.other)));
}

impl Cell {
    fn words(self) -> String {
        let got = match self.got {
            Got::Answer(answer) => word(answer),
            Got::Panic => "panic",
            Got::Nothing => "–",
        };
        let held = match self.held {
            Held::Nothing => "nothing",
            Held::Value(value) => word(Ok(value)),
            Held::Error => "`Err`",
        };
        if self.other == Other::No {
            return got.to_owned();
        }
        format!("{got}; {held}")
    }
}

/// What other callers get while the body runs, by how it ends.
fn meanwhile(others: &[Other; 4]) -> String {
    let then = |other: Other| match other {
        Other::No => "the body does not run".to_owned(),
        Other::AtOnce(answer) => format!("are given {} at once", word(answer)),
        Other::Runs => "run it too".to_owned(),
        Other::Waits(Then::Answered(answer)) => format!("wait: {}", word(answer)),
        Other::Waits(Then::Runs) => "wait: run it".to_owned(),
    };
    let words = others.map(then);
    if words.iter().all(|word| *word == words[0]) {
        return words[0].clone();
    }
    let ends = words.map(|word| word.trim_start_matches("wait: ").to_owned());
    format!("wait: {}", ends.join(", "))
}

fn word(answer: Answer) -> &'static str {
    match answer {
        Ok(OLD) => "old",
        Ok(NEW) => "new",
        Ok(_) => unreachable!("bodies give two values"),
        Err(Failed) => "`Err`",
    }
}

/// A condition that holds.
fn always() -> bool {
    true
}
