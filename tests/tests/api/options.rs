//! The attribute's options, by their names.

use std::fs;
use std::path::Path;

use syn::{Expr, ExprLit, Item, Lit};

/// From the macro's own table of them.
pub(crate) fn of(names: &Path) -> Vec<String> {
    let text = fs::read_to_string(names).expect("a source file of the macro's");
    let table =
        syn::parse_file(&text).expect("a source file").items.into_iter().find_map(
            |item| match item {
                Item::Const(table) if table.ident == "OPTIONS" => Some(table.expr),
                _ => None,
            },
        );
    let Some(Expr::Array(rows)) = table.map(|table| *table) else {
        panic!("{} has no table OPTIONS", names.display());
    };
    let names = rows.elems.iter().map(|row| {
        let Expr::Tuple(row) = row else { panic!("a row is a tuple") };
        let Some(Expr::Lit(ExprLit { lit: Lit::Str(name), .. })) = row.elems.first() else {
            panic!("a row begins with a name");
        };
        format!("    {}", name.value())
    });
    names.collect()
}
