//! A dictionary whose pairs expire: shopping carts that are forgotten when nobody comes back.
//!
//! ```text
//! cargo run -p ttl-memo-examples --bin expiring-dictionary
//! ```
//!
//! [`TtlMap`] has the methods of a `HashMap` and one owner, `&mut self`. No attribute, no threads.

use std::time::Duration;

use ttl_memo::{ManualClock, TtlMap};

type Carts = TtlMap<String, Vec<&'static str>>;

const MINUTE: Duration = Duration::from_secs(60);

fn main() {
    // So that half an hour passes while you watch. Without `clock` it is the system's.
    let clock = ManualClock::new();
    let mut carts: Carts =
        TtlMap::builder().maxsize(3).tti(30 * MINUTE).clock(clock.clone()).build();

    put(&mut carts, "ada", "tea");
    put(&mut carts, "bob", "coffee");
    show("two customers", &carts);

    clock.advance(20 * MINUTE);
    put(&mut carts, "ada", "biscuits");
    show("20 minutes later Ada adds to hers", &carts);

    clock.advance(15 * MINUTE);
    show("15 minutes later Bob's is gone, for 35 minutes have passed", &carts);
    for (customer, cart) in carts.expire() {
        println!("  {customer} left {} behind", cart.join(", "));
    }

    for customer in ["cleo", "dan", "eve"] {
        put(&mut carts, customer, "soup");
    }
    show("three more, and there is room for three in all", &carts);
    println!("{}", carts.info());
}

fn put(carts: &mut Carts, customer: &str, article: &'static str) {
    carts.entry(customer.to_owned()).or_default().push(article);
}

fn show(what: &str, carts: &Carts) {
    println!("{what}:");
    let mut lines: Vec<String> = carts
        .iter()
        .map(|(customer, cart)| {
            let left = carts.ttl_of(customer).map_or(0, |left| left.as_secs() / 60);
            format!("  {customer:<5} {:<16} {left} minutes left", cart.join(", "))
        })
        .collect();
    lines.sort();
    println!("{}", lines.join("\n"));
}
