//! Mistakes and what the compiler says of them: a folder a kind of mistake, a file a mistake.

#[test]
fn mistakes_are_explained() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*/*.rs");
}
