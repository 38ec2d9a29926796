//! `--load`: many clients, the same few cities, and what reached the upstream.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::{Error, upstream, weather};

const CLIENTS: usize = 32;
const REQUESTS: usize = 60;
const CITIES: [&str; 8] =
    ["Bergen", "Boston", "Kyoto", "Lagos", "Lima", "Mumbai", "Perth", "Yakutsk"];

/// What came of one load.
#[derive(Debug)]
struct Outcome {
    answered: usize,
    upstream_calls: u64,
    stale: u64,
    took: Duration,
}

/// The load three times; a failure if the cache did not pay.
pub(crate) async fn run(at: SocketAddr) -> Result<ExitCode, Error> {
    let requests = CLIENTS * REQUESTS;
    println!("{CLIENTS} clients ask for {REQUESTS} forecasts each, of {} cities\n", CITIES.len());
    println!("{:<34} {:>8} {:>14} {:>7} {:>9}", "", "answered", "upstream calls", "stale", "took");

    ttl_memo::set_enabled(false);
    let without = all(at).await?;
    without.print("without the cache");

    ttl_memo::set_enabled(true);
    let with = all(at).await?;
    with.print("with the cache");

    upstream::set_down(true);
    // Past the forecasts' time, so that each is renewed, and that fails.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let down = all(at).await?;
    down.print("with the cache, upstream down");

    println!("\n{} of the upstream's errors were seen by no client", weather::hidden_errors());
    println!("{}", weather::forecast_cache_info());
    let (_, metrics) = Client::to(at).await?.get("/metrics").await?;
    let hits = metrics.lines().find(|line| line.starts_with("ttl_memo_hits_total"));
    println!("{}", hits.ok_or("/metrics does not tell of hits")?);

    let pays = with.upstream_calls * 10 < without.upstream_calls && without.answered < requests;
    let holds = with.answered > without.answered && down.answered == requests;
    println!("{}", if pays && holds { "the cache pays" } else { "THE CACHE DOES NOT PAY" });
    Ok(if pays && holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// All clients, side by side.
async fn all(at: SocketAddr) -> Result<Outcome, Error> {
    let (calls, stale) = (upstream::calls(), weather::forecast_cache_info().stale);
    let start = Instant::now();
    let clients: Vec<_> = (0..CLIENTS).map(|number| tokio::spawn(one(at, number))).collect();
    let mut answered = 0;
    for client in clients {
        answered += client.await??;
    }
    Ok(Outcome {
        answered,
        upstream_calls: upstream::calls() - calls,
        stale: weather::forecast_cache_info().stale - stale,
        took: start.elapsed(),
    })
}

/// One client's requests; how many were answered.
async fn one(at: SocketAddr, number: usize) -> Result<usize, Error> {
    let mut client = Client::to(at).await?;
    let mut answered = 0;
    for request in 0..REQUESTS {
        // Some cities are asked for more often than others.
        let city = CITIES[(number * request) % CITIES.len()];
        let (status, _) = client.get(&format!("/forecast/{city}")).await?;
        answered += usize::from(status == 200);
    }
    Ok(answered)
}

impl Outcome {
    fn print(&self, what: &str) {
        let Self { answered, upstream_calls, stale, took } = self;
        println!("{what:<34} {answered:>8} {upstream_calls:>14} {stale:>7} {took:>9.0?}");
    }
}
