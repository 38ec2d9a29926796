//! What some functions expand to, as a reader would see it.

use expect_test::expect_file;
use proc_macro2::TokenStream;
use quote::quote;

use super::*;
use crate::args::Args;
use crate::errors::Errors;
use crate::model::Function;

fn expanded(list: TokenStream, item: TokenStream) -> String {
    let mut errors = Errors::default();
    let args = Args::read(list, &mut errors);
    let function = Function::read(item, &args).unwrap();
    errors.finish().unwrap();
    let file = syn::parse2(expand(&Model::new(&args, function))).unwrap();
    prettyplease::unparse(&file)
}

#[test]
fn a_function_and_its_helpers() {
    let list = quote!(maxsize = 1_000, ttl = "1h");
    let item = quote! {
        /// Looks a user up.
        #[must_use]
        pub fn user(id: u64, lang: &str) -> Option<User> {
            load(id, lang)
        }
    };
    expect_file!["snapshots/function.rs"].assert_eq(&expanded(list, item));
}

#[test]
fn an_async_method_without_helpers() {
    let list = quote!(helpers = false, skip(db));
    let item = quote! {
        async fn user(&self, db: &Db, (id, realm): (u64, u8)) -> io::Result<User> {
            db.load(self.table, id, realm).await
        }
    };
    expect_file!["snapshots/async_method.rs"].assert_eq(&expanded(list, item));
}
