//! A thousand tasks ask for ten pages at once; the upstream is asked ten times.
//!
//! ```text
//! cargo run -p ttl-memo-examples --bin single-flight
//! ```
//!
//! The attribute on an `async fn`, on tokio. What happens when the task that asks is cancelled is
//! shown too: one of those who wait takes over.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use ttl_memo::ttl_cache;

const PAGES: u32 = 10;
const TASKS: u32 = 1_000;
/// How long the upstream takes for an answer.
const LATENCY: Duration = Duration::from_millis(100);

#[ttl_cache(ttl = "1m")]
async fn page(number: u32) -> String {
    upstream(number).await
}

#[ttl_cache(ttl = "1m", single_flight = false)]
async fn page_for_each(number: u32) -> String {
    upstream(number).await
}

static ASKED: AtomicU32 = AtomicU32::new(0);

async fn upstream(number: u32) -> String {
    ASKED.fetch_add(1, Ordering::Relaxed);
    tokio::time::sleep(LATENCY).await;
    format!("page {number}")
}

#[tokio::main]
async fn main() {
    println!("{TASKS} tasks, {PAGES} pages, {LATENCY:?} for each answer of the upstream");
    println!("{:<28} {:>8} {:>10}", "", "upstream", "took");
    report("single_flight = false", page_for_each_all).await;
    report("single flight", page_all).await;
    println!("{}, of them {} joined", page_cache_info(), page_cache_info().coalesced);

    page_cache_clear();
    ASKED.store(0, Ordering::Relaxed);
    let first = tokio::spawn(page(0));
    while ASKED.load(Ordering::Relaxed) == 0 {
        tokio::task::yield_now().await;
    }
    let waiting = tokio::spawn(page(0));
    tokio::task::yield_now().await;
    first.abort();
    let answer = waiting.await.expect("it was not cancelled");
    println!(
        "the task that asked was cancelled; the one that waited asked again and got {answer:?} \
         ({} requests)",
        ASKED.load(Ordering::Relaxed),
    );
}

async fn page_all() {
    let tasks: JoinSet<String> = (0..TASKS).map(|task| page(task % PAGES)).collect();
    check(tasks).await;
}

async fn page_for_each_all() {
    let tasks: JoinSet<String> = (0..TASKS).map(|task| page_for_each(task % PAGES)).collect();
    check(tasks).await;
}

async fn check(tasks: JoinSet<String>) {
    let answers = tasks.join_all().await;
    assert!(answers.iter().all(|page| page.starts_with("page ")), "{answers:?}");
}

async fn report<F: Future<Output = ()>>(what: &str, ask: impl FnOnce() -> F) {
    ASKED.store(0, Ordering::Relaxed);
    let start = Instant::now();
    ask().await;
    println!(
        "{what:<28} {:>8} {:>10}",
        ASKED.load(Ordering::Relaxed),
        format!("{:.0?}", start.elapsed())
    );
}
