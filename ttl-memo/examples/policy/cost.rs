//! The time that a miss takes in a policy.

use std::hint::black_box;
use std::time::Instant;

use crate::bare::Bare;
use crate::policy::Policy;

const MISSES: u32 = 2_000_000;
const ROUNDS: usize = 5;

pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let sizes: Vec<usize> = if arguments.is_empty() {
        vec![16, 128, 1_024, 10_000, 100_000]
    } else {
        let parse = |size: &String| size.parse().map_err(|_| format!("no size: {size}"));
        arguments.iter().map(parse).collect::<Result<_, _>>()?
    };
    println!("ns a miss, the least of {ROUNDS} rounds; `clock`: the second-chance hand, for scale");
    println!(
        "{:>8} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "size", "clock", "fifo", "random", "lru", "adaptive"
    );
    for size in sizes {
        let mut best = [f64::MAX; 5];
        for _ in 0..ROUNDS {
            let policies = [Policy::Fifo, Policy::Random, Policy::Lru, Policy::Adaptive];
            let times = [clock(size)].into_iter().chain(policies.map(|policy| cost(policy, size)));
            best.iter_mut().zip(times).for_each(|(best, time)| *best = best.min(time));
        }
        println!(
            "{size:>8} {:>8.1} {:>8.1} {:>8.1} {:>8.1} {:>8.1}",
            best[0], best[1], best[2], best[3], best[4]
        );
    }
    Ok(())
}

/// One key after another, none of which comes back while it could be known.
fn cost(policy: Policy, size: usize) -> f64 {
    let keys = (size * 16).next_power_of_two().max(1 << 18) as u32;
    let mut cache = Bare::new(policy, size, keys as usize, 1);
    (0..2 * size as u32).for_each(|key| cache.insert(key));
    let start = Instant::now();
    (0..MISSES).for_each(|number| cache.insert(black_box((2 * size as u32 + number) & (keys - 1))));
    start.elapsed().as_nanos() as f64 / f64::from(MISSES)
}

/// The same with a hand and a bit for each entry.
fn clock(size: usize) -> f64 {
    let keys = (size * 16).next_power_of_two().max(1 << 18) as u32;
    let mut slot_of = vec![u32::MAX; keys as usize];
    let (mut held, mut used) = (vec![0_u32; size], vec![false; size]);
    let mut hand = 0;
    let start = Instant::now();
    for number in 0..MISSES {
        let key = black_box(number & (keys - 1));
        while used[hand] {
            used[hand] = false;
            hand = if hand + 1 == size { 0 } else { hand + 1 };
        }
        slot_of[held[hand] as usize] = u32::MAX;
        slot_of[key as usize] = hand as u32;
        held[hand] = key;
        hand = if hand + 1 == size { 0 } else { hand + 1 };
    }
    let time = start.elapsed().as_nanos() as f64 / f64::from(MISSES);
    black_box((slot_of, held));
    time
}
