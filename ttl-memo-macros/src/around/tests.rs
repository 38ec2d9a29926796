//! What is around a `#[ttl_cache]`, in sources of all kinds.

use super::*;

/// What is around the attribute in this text.
fn around(text: &str) -> Around {
    let at = text.find("#[ttl_cache").or(text.find("#[ttl_memo")).unwrap();
    let line = text[..at].matches('\n').count() + 1;
    let column = text[..at].chars().rev().take_while(|&letter| letter != '\n').count() + 1;
    Source::new(text.to_owned()).around(line, column)
}

/// The attribute on a function, after `before`, with as many braces as that needs.
fn within(before: &str) -> Around {
    around(&format!("{before} #[ttl_cache] fn f(n: u8) -> u8 {{ n }}"))
}

#[test]
fn a_file_and_a_module_are_no_impl() {
    assert_eq!(within(""), Around::Free);
    assert_eq!(within("mod inner {"), Around::Free);
    assert_eq!(within("pub(crate) mod inner { use super::*;"), Around::Free);
    assert_eq!(within("impl A { fn g() {} } fn h() {}"), Around::Free);
    assert_eq!(within("impl A { mod b {} }"), Around::Free);
}

#[test]
fn a_function_is_none_even_in_an_impl() {
    assert_eq!(within("fn outer() {"), Around::Free);
    assert_eq!(within("impl A { fn outer(&self) -> u8 {"), Around::Free);
    assert_eq!(within("impl A { fn outer(&self) { if x { y } "), Around::Free);
    assert_eq!(within("impl A { fn outer(&self) { if x {"), Around::Unknown);
}

#[test]
fn an_impl_is_told_from_a_traits() {
    for own in [
        "impl A {",
        "impl<T: Clone> A<T> where T: B {",
        "#![allow(unused)] impl A {",
        "impl<F> A<F> where for<'a> F: Fn(&'a str) {",
        "unsafe impl A<[u8; 3]> { fn other() { let x = ';'; }",
        "#[allow(dead_code)] impl A {",
        "#[doc = \"impl B for C {\"] impl A { const B: u8 = 3;",
    ] {
        assert_eq!(within(own), Around::Impl, "{own}");
    }
    for traits in [
        "impl B for A {",
        "impl<'a, T> B<'a> for A<T> where T: C {",
        "unsafe impl<T> B for [T; 3] { type C = u8;",
        "#[async_trait::async_trait] impl B for A {",
        "#[async_trait(?Send)] #[allow(unused)] impl B for A {",
        "mod m { impl<F> B for F where for<'a> F: Fn(&'a u8) {",
    ] {
        assert_eq!(within(traits), Around::TraitImpl, "{traits}");
    }
    assert_eq!(within("pub trait B: for<'a> C<'a> {"), Around::Trait);
    assert_eq!(within("#[async_trait] pub(crate) unsafe trait B {"), Around::Trait);
}

#[test]
fn what_a_macro_may_change_is_not_known() {
    for unknown in [
        "#[extension] impl A {",
        "#[extension(trait Ext)] impl B for A {",
        "#[cfg_attr(x, extension)] impl A {",
        "make! { impl A {",
        "make!(impl A {",
        "macro_rules! make { () => { impl A {",
        "#[server] mod m { impl A {",
        "vec![",
    ] {
        assert_eq!(within(unknown), Around::Unknown, "{unknown}");
    }
    assert_eq!(within("#[derive(Debug)] struct A; impl A {"), Around::Impl);
    assert_eq!(within("make! { impl B for A {} } impl A {"), Around::Impl);
}

#[test]
fn brackets_in_strings_and_comments_are_none() {
    for text in [
        "impl A { // { fn\n",
        "impl A { /* { /* { */ */",
        "impl A { const B: &str = \"{ \\\" {\";",
        "impl A { const B: &str = r#\"{ \" {\"#; const C: &[u8] = br\"{\";",
        "impl A { const B: char = '{'; const C: char = '\\''; const D: char = '\\u{7b}';",
        "impl<'a> A<'a> { fn b<'b>(_: &'b str) -> char { '\"' }",
        "impl A { const r#fn: u8 = b'{';",
        "impl A { const B: &str = \"\\\\\";",
        "/* impl B for A { */ impl A {",
        "// the last { of 'em\nimpl A {",
    ] {
        assert_eq!(within(text), Around::Impl, "{text}");
    }
}

#[test]
fn an_example_in_a_comment_is_not_there() {
    assert_eq!(within("impl A { /** for example:"), Around::Unknown);
    assert_eq!(within("impl A { //"), Around::Unknown);
    assert_eq!(within("impl A { const B: &str = \""), Around::Unknown);
    assert_eq!(within("impl A { const B: &str = r\""), Around::Unknown);
}

#[test]
fn the_attribute_must_be_there() {
    let source = Source::new("impl A {\n    #[ttl_cache]\n    fn ß() {}\n}\n".into());
    assert_eq!(source.around(2, 5), Around::Impl);
    for (line, column) in [(2, 4), (2, 6), (1, 1), (0, 0), (3, 5), (9, 1), (2, 99), (4, 1)] {
        assert_eq!(source.around(line, column), Around::Unknown, "{line}:{column}");
    }
    assert_eq!(around("impl A { #[ttl_memo::ttl_cache(ttl = None)] fn f() {} }"), Around::Impl);
    assert_eq!(around("impl A { #[ttl_cache_of] fn f() {} }"), Around::Unknown);
    assert_eq!(around("impl Ä for Ö { /* äöü */ #[ttl_cache] fn f() {} }"), Around::TraitImpl);
}

#[test]
fn any_text_is_read_to_its_end() {
    for text in ["}}}", "'", "\"", "r#\"", "/*", "/", "'\\", "{[(", "]", "r#", "#", "'ä", "\\"] {
        let source = Source::new(format!("{text}\n#[ttl_cache]"));
        source.around(2, 1);
    }
}
