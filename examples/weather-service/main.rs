//! A small web server over an upstream that is slow and often fails, and what `#[ttl_cache]` makes
//! of it.
//!
//! ```text
//! cargo run --release -p ttl-memo-examples --bin weather-service
//! cargo run --release -p ttl-memo-examples --bin weather-service -- --load
//! ```
//!
//! The first serves until it is stopped, and prints where: `/` shows every cache, with a button that
//! clears it; `/metrics` is for Prometheus. The second is its own client: it asks for the same
//! forecasts with the caches off, with them on, and while the upstream is down, and prints what
//! clients were given and how often the upstream was called. `--port 8080` for a port of your choice.
//!
//! [`weather`] is what to read first.

mod client;
mod guard;
mod load;
mod page;
mod prometheus;
mod server;
mod upstream;
mod weather;

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use prometheus::Prometheus;
use tokio::net::TcpListener;

type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<ExitCode, Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (port, loads) = match arguments[..] {
        [] => (0, false),
        ["--load"] => (0, true),
        ["--port", port] => (port.parse()?, false),
        _ => return Err("usage: weather-service [--load | --port PORT]".into()),
    };
    let (at, serving) = start(port).await?;
    if loads {
        return load::run(at).await;
    }
    println!("caches at http://{at}/, a forecast at http://{at}/forecast/Bergen");
    serving.await??;
    Ok(ExitCode::SUCCESS)
}

type Serving = tokio::task::JoinHandle<std::io::Result<()>>;

/// Serves on this machine alone; port 0: any that is free.
async fn start(port: u16) -> Result<(SocketAddr, Serving), Error> {
    let prometheus = Prometheus::install()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let at = listener.local_addr()?;
    let router = server::router(at, prometheus);
    Ok((at, tokio::spawn(async move { axum::serve(listener, router).await })))
}
