//! The list, and how reading it recovers.

use std::time::Duration;

use proc_macro2::TokenStream;

use super::*;

/// The list, and the complaints about it.
fn read(list: &str) -> (Args, Vec<String>) {
    let tokens: TokenStream = list.parse().expect("the list is tokens");
    let mut errors = Errors::default();
    let args = Args::read(tokens, &mut errors);
    let complaints = match errors.finish() {
        Ok(()) => Vec::new(),
        Err(error) => error.into_iter().map(|error| error.to_string()).collect(),
    };
    (args, complaints)
}

/// A list with nothing wrong.
fn right(list: &str) -> Args {
    let (args, complaints) = read(list);
    assert_eq!(complaints, [""; 0], "{list}");
    args
}

fn literal(period: &Period) -> Option<Duration> {
    match period {
        Period::Literal(duration) => Some(*duration),
        Period::Expr(_) => None,
    }
}

#[test]
fn every_example_is_right() {
    for (name, example) in names::OPTIONS {
        let args = right(example);
        assert!(args.named(name).is_some(), "{name}");
        assert_eq!(args.named.len(), 1, "{name}");
    }
}

#[test]
fn nothing_may_be_given() {
    assert!(right("").named.is_empty());
}

#[test]
fn values_are_read() {
    let args = right("maxsize = 1_000, ttl = \"1h 30m\", policy = lfu, scope = thread,");
    assert!(matches!(args.maxsize.unwrap().value, MaxSize::Expr(_)));
    let Ttl::After(ttl) = args.ttl.unwrap().value else { panic!("a ttl was given") };
    assert_eq!(literal(&ttl), Some(Duration::from_secs(5_400)));
    assert_eq!(args.policy.unwrap().value, Policy::Lfu);
    assert_eq!(args.scope.unwrap().value, Scope::Thread);
}

#[test]
fn none_is_known_by_any_path() {
    let args = right("maxsize = (None), ttl = core::option::Option::None");
    assert!(matches!(args.maxsize.unwrap().value, MaxSize::None));
    assert!(matches!(args.ttl.unwrap().value, Ttl::None));
}

#[test]
fn expressions_stay_expressions() {
    let args =
        right("maxsize = LIMIT * 2, ttl = Duration::from_secs(LIMIT), tti = idle::<u8, u8>()");
    assert!(literal(&right("tti = 2 * MINUTE").tti.unwrap().value).is_none());
    assert!(matches!(right("maxsize = !0").maxsize.unwrap().value, MaxSize::Expr(_)));
    assert!(matches!(args.maxsize.unwrap().value, MaxSize::Expr(_)));
    assert!(matches!(args.ttl.unwrap().value, Ttl::After(Period::Expr(_))));
    assert!(literal(&args.tti.unwrap().value).is_none());
}

#[test]
fn commas_in_closures_separate_no_options() {
    let args = right("on_evict = |key, value, cause| drop((key, value, cause)), forever");
    assert!(args.on_evict.is_some() && args.forever.is_some());
}

#[test]
fn flags_and_their_negations() {
    assert!(right("in_impl").in_impl.unwrap().value);
    assert!(!right("in_impl = false").in_impl.unwrap().value);
    assert!(matches!(right("helpers = true").helpers.unwrap().value, Helpers::AsFunction));
    assert!(matches!(right("helpers = false").helpers.unwrap().value, Helpers::None));
    for vis in ["pub", "pub(crate)", "pub(in a::b)", "pub(self)"] {
        let helpers = right(&format!("helpers = {vis}")).helpers.unwrap().value;
        assert!(matches!(helpers, Helpers::Of(_)), "{vis}");
    }
}

#[test]
fn single_flight_takes_three_forms() {
    let form = |list: &str| right(list).single_flight.unwrap().value;
    assert!(matches!(form("single_flight = true"), SingleFlight::On));
    assert!(matches!(form("single_flight = false"), SingleFlight::Off));
    let SingleFlight::AtMost(wait) = form("single_flight = \"5s\"") else {
        panic!("a wait was given")
    };
    assert_eq!(literal(&wait.value), Some(Duration::from_secs(5)));
    assert!(matches!(form("single_flight = WAIT"), SingleFlight::AtMost(_)));
}

#[test]
fn paths_and_names() {
    let args = right("crate = ::my::reexport, skip(self, _, r#type), name = \"users\"");
    assert_eq!(args.crate_path.unwrap().value.segments.len(), 2);
    let skipped: Vec<_> = args.skip.unwrap().value.iter().map(ToString::to_string).collect();
    assert_eq!(skipped, ["self", "_", "r#type"]);
}

#[test]
fn jitter_is_a_fraction() {
    for list in ["jitter = 0.0", "jitter = 1.0", "jitter = (0.5)", "jitter = JITTER"] {
        assert!(right(list).jitter.is_some(), "{list}");
    }
    for list in ["jitter = 1.1", "jitter = -0.0", "jitter = 2", "jitter = 0", "jitter = 'x'"] {
        let (args, complaints) = read(list);
        assert!(args.jitter.is_none() && complaints.len() == 1, "{list}");
    }
}

#[test]
fn what_macro_rules_passes_on_is_seen_through() {
    // `$ttl:expr` arrives in an invisible group.
    let group = |text: &str| {
        let tokens: TokenStream = text.parse().expect("tokens");
        proc_macro2::Group::new(proc_macro2::Delimiter::None, tokens)
    };
    let (ttl, maxsize) = (group("\"5s\""), group("None"));
    let mut errors = Errors::default();
    let args = Args::read(quote::quote!(ttl = #ttl, maxsize = #maxsize), &mut errors);
    assert!(errors.finish().is_ok());
    let mut errors = Errors::default();
    assert!(matches!(args.ttl.unwrap().value, Ttl::After(Period::Literal(_))));
    assert!(matches!(args.maxsize.unwrap().value, MaxSize::None));
    let sum = group("10 * 60");
    Args::read(quote::quote!(ttl = #sum), &mut errors);
    assert!(errors.finish().unwrap_err().to_string().starts_with("`ttl` needs a unit"));
}

#[test]
fn each_mistake_is_one_complaint_and_the_rest_is_read() {
    for (list, complaints) in [
        ("on_evict = |a, b| !, maxsize = 3", 1),
        ("ttl = , maxsize = 3", 1),
        ("ttl =, maxsize = 3", 1),
        ("ttl == \"5s\", maxsize = 3", 1),
        ("ttl: \"5s\", maxsize = 3", 1),
        ("ttl = 10 minutes, maxsize = 3", 1),
        ("ttl = \"5s\" maxsize = 3", 1),
        ("+, maxsize = 3", 1),
        (", maxsize = 3", 1),
        ("\"5s\", maxsize = 3", 1),
        ("a::b = 3, maxsize = 3", 1),
        ("skip(1), maxsize = 3", 1),
        ("maxsize = 3, maxsize = 4", 1),
        ("ttl = 5, ttl = 6, maxsize = 3", 2),
        ("frob = |a, b| a + b, size = 5, maxsize = 3", 2),
        ("ttl = |a, = 5, frob, maxsize = 3", 1),
        ("ttl == |a, b| 5, maxsize = 3", 1),
        ("ttl == f(a), f(b), maxsize = 3", 1),
        ("policy = , scope = , maxsize = 3", 2),
        ("true = 4, maxsize = 3", 1),
        ("true, maxsize = 3", 1),
    ] {
        let (args, found) = read(list);
        assert_eq!(found.len(), complaints, "{list}: {found:?}");
        assert!(args.maxsize.is_some(), "{list}");
    }
}

#[test]
fn reading_goes_on_at_the_next_option_of_whatever_form() {
    for rest in
        ["skip(a), forever, in_impl", "in_impl, skip(a), forever", "forever, skip(a), in_impl"]
    {
        let (args, found) = read(&format!("ttl == 5, {rest}"));
        assert_eq!(found.len(), 1, "{rest}: {found:?}");
        assert!(args.skip.is_some() && args.forever.is_some() && args.in_impl.is_some(), "{rest}");
    }
    for rest in ["skip(a)", "forever", "in_impl"] {
        let (args, _) = read(&format!("ttl == 5, {rest}"));
        assert_eq!(args.named.len(), 1, "{rest}");
    }
}

#[test]
fn what_is_no_option_is_told_how_to_be_one() {
    for (list, complaint) in [
        ("ttl == \"5s\"", "expected `=` or `,` after `ttl`; write `ttl = \"10m\"`"),
        ("ttl => \"5s\"", "expected `=` or `,` after `ttl`; write `ttl = \"10m\"`"),
        ("maxsize(5)", "`maxsize` is given with `=`; write `maxsize = 5`"),
        ("maxsize[5]", "`maxsize` is given with `=`; write `maxsize = 5`"),
        ("maxsize{5}", "`maxsize` is given with `=`; write `maxsize = 5`"),
        ("\"5 s\"", "expected an option; write `ttl = \"5 s\"`"),
        ("\"users\"", "expected an option; write `name = value`"),
        ("5", "expected an option; write `maxsize = 5`"),
        ("5s", "expected an option; write `name = value`"),
        ("ttl = WAIT now", "expected `,` after the value of `ttl`"),
        ("ttl = \"10\" minutes", "expected `,` after the value of `ttl`"),
        ("ttl = 10 \"s\"", "expected `,` after the value of `ttl`"),
        (
            "ttl = 10 minutes",
            "expected `,` after the value of `ttl`; a duration is a string, such as `\"10m\"`",
        ),
    ] {
        assert_eq!(read(list).1, [complaint], "{list}");
    }
}

#[test]
fn what_a_value_should_be_is_said() {
    for (list, complaint) in [
        ("refresh_if = 5", "expected a condition over the parameters; write `refresh_if = *force`"),
        ("policy = Policy::Lru", "`policy` is a plain word; write `policy = lru`"),
        ("policy = policy::lru", "`policy` is a plain word; write `policy = lru`"),
        ("crate = <A as B>::c", "expected a path; write `crate = my_crate::ttl_memo`"),
        (
            "spawn = 5",
            "expected a function that runs work in the background; write `spawn = tokio::spawn`",
        ),
        (
            "ttl = \"5 H\"",
            "cannot read `\"5 H\"` as a duration: unknown unit `H`; did you mean `h`?",
        ),
    ] {
        assert_eq!(read(list).1, [complaint], "{list}");
    }
}

#[test]
fn a_wrong_value_is_as_if_not_given_but_its_name_is_known() {
    let (args, complaints) = read("ttl = 600");
    assert_eq!(
        complaints,
        ["`ttl` needs a unit; write `ttl = \"600s\"` or a `Duration` expression"]
    );
    assert!(args.ttl.is_none() && args.named("ttl").is_some());
}

#[test]
fn numbers_with_a_suffix_are_durations_out_of_quotes() {
    for (value, meant) in
        [("10s", "10s"), ("5min", "5min"), ("1_000ms", "1000ms"), ("1.5h", "1.5h")]
    {
        let (_, complaints) = read(&format!("tti = {value}"));
        assert_eq!(complaints, [format!("a duration is a string; write `tti = \"{meant}\"`")]);
    }
    let (_, complaints) = read("ttl = 600u64");
    assert!(complaints[0].contains("ttl = \"600s\""));
}
