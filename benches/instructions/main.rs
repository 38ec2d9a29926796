//! Instructions a call, which do not depend on what else the machine does.
//!
//! ```text
//! cargo run --release -p ttl-memo-benches --features peers --bin instructions
//! ```
//!
//! Runs itself under `valgrind --tool=callgrind` with few calls and with many, and divides the
//! difference. The loop around a call is included: three instructions or so.

mod work;

use std::process::{Command, ExitCode};

use ttl_memo_benches::flags::Flags;
use ttl_memo_benches::numbers::float;
use ttl_memo_benches::peers::{all, attribute_works, ours, versions};
use work::{PASS, WORKS};

const FEW: u64 = 2;
const MANY: u64 = 12;
/// What goals are there for: in calls of ours, the most instructions.
const GOALS: [(&str, f64); 2] = [("hit u64", 110.0), ("hit &str", 190.0)];

fn main() -> ExitCode {
    let outcome = match Flags::of_program().rest() {
        Ok(words) if words.is_empty() => compare(),
        Ok(words) => work::run(&words),
        Err(message) => Err(message),
    };
    outcome.map_or_else(
        |message| {
            eprintln!("{message}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

fn compare() -> Result<(), String> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("left out: valgrind is not installed");
        return Ok(());
    }
    println!("{}", versions());
    if !attribute_works() {
        println!("the attribute does not memoize yet: `TtlCache` by hand stands for it");
    }
    print!("{:<28}", "instructions a call");
    for (work, _) in WORKS {
        print!(" {work:>10}");
    }
    println!();
    for peer in all() {
        print!("{:<28}", peer.name());
        for (work, _) in WORKS {
            let count = a_call(peer.name(), work)?;
            let goal = GOALS.iter().find(|goal| goal.0 == work && peer.name() == ours());
            let verdict = goal.map_or("", |goal| if count <= goal.1 { " met" } else { " MISSED" });
            print!(" {:>10}", format!("{count:.0}{verdict}"));
        }
        println!();
    }
    for (work, most) in GOALS {
        println!("goal: {}, {work} ≤ {most}", ours());
    }
    Ok(())
}

fn a_call(peer: &str, work: &str) -> Result<f64, String> {
    let (few, many) = (count(peer, work, FEW)?, count(peer, work, MANY)?);
    Ok(float(many.saturating_sub(few)) / float((MANY - FEW) * PASS as u64))
}

/// Instructions of a whole run with so many passes.
fn count(peer: &str, work: &str, passes: u64) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([peer, work, &passes.to_string()])
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    // `==1== Collected : 123456`
    let collected = told.lines().find_map(|line| line.split("Collected :").nth(1));
    let count = collected.and_then(|count| count.trim().parse().ok());
    count.filter(|_| output.status.success()).ok_or_else(|| format!("{peer}, {work}: {told}"))
}
