//! The feature `serde`.

use serde_json::json;
use ttl_memo::testing::isolated;
use ttl_memo::{CacheInfo, CacheParameters, Fetched, Policy, RemovalCause, ttl_cache};

#[ttl_cache(name = "reports::double", maxsize = 10, ttl = "90s", policy = lru)]
fn double(n: u32) -> u32 {
    2 * n
}

#[test]
fn reports_are_written_down_and_read_back() {
    let _world = isolated();
    assert_eq!((double(1), double(1)), (2, 2));
    let info = double_cache_info();
    let written = serde_json::to_value(&info).expect("it can be written");
    assert_eq!((&written["hits"], &written["maxsize"]), (&json!(1), &json!(10)));
    assert_eq!(serde_json::from_value::<CacheInfo>(written).ok(), Some(info));

    let parameters = double_cache_parameters();
    let written = serde_json::to_value(&parameters).expect("it can be written");
    assert_eq!((&written["name"], &written["policy"]), (&json!("reports::double"), &json!("lru")));
    assert_eq!(serde_json::from_value::<CacheParameters>(written).ok(), Some(parameters));

    let fetched = double_cache_fetch(1);
    let written = serde_json::to_value(&fetched).expect("it can be written");
    assert_eq!((&written["value"], &written["source"]), (&json!(2), &json!("hit")));
    assert_eq!(serde_json::from_value::<Fetched<u32>>(written).ok(), Some(fetched));
}

#[test]
fn words_are_those_of_the_attribute() {
    for policy in [Policy::Adaptive, Policy::Lru, Policy::Fifo, Policy::Lfu, Policy::Random] {
        let written = serde_json::to_value(policy).expect("it can be written");
        assert_eq!(written, json!(policy.to_string()));
        assert_eq!(serde_json::from_value::<Policy>(written).ok(), Some(policy));
    }
    let cause = serde_json::to_value(RemovalCause::Size).expect("it can be written");
    assert_eq!(cause, json!("size"));
}
