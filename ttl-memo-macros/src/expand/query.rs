//! How the key of a call is built from its arguments, by reference.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Block, Expr, ExprTuple, ExprUnary, GenericParam, Generics, Lifetime, LifetimeParam, Stmt, Type,
    TypeReference, UnOp, WherePredicate, parse_quote_spanned,
};

use super::Expansion;
use crate::hygiene::Names;
use crate::model::{Key, Parameter, Role, Shape, ShapeKind, bare_type, with_another_self};

impl Expansion<'_> {
    /// The name of a parameter where all are seen by reference.
    pub(super) fn seen<'p>(&'p self, parameter: &'p Parameter) -> &'p Ident {
        if parameter.is_receiver() { &self.this } else { &parameter.ident }
    }

    /// How a parameter is seen by reference, as an expression.
    pub(super) fn seen_value(&self, parameter: &Parameter, scope: Scope) -> TokenStream {
        // What is within a function has its receiver from there.
        let within = parameter.is_receiver() && !self.beside();
        let declared = scope == Scope::Function || within;
        let reference = match bare_type(&parameter.ty) {
            Type::Reference(reference) => Some(reference.mutability.is_some()),
            _ => None,
        };
        let cloned = within && scope == Scope::Look && reference.is_none();
        let name = if declared && !cloned { &parameter.ident } else { self.seen(parameter) };
        match (declared, reference) {
            (true, Some(false)) | (false, None) => name.to_token_stream(),
            (true, Some(true)) => quote_spanned!(Span::mixed_site()=> &*#name),
            (true, None) => quote_spanned!(Span::mixed_site()=> &#name),
            (false, Some(false)) => quote_spanned!(Span::mixed_site()=> *#name),
            (false, Some(true)) => quote_spanned!(Span::mixed_site()=> &**#name),
        }
    }

    /// The query: of the keyed parameters, or of what the `key` expression makes of them.
    pub(super) fn query(&self) -> TokenStream {
        match &self.model.key {
            Key::Parameters => {
                let parts = self.model.parameters.iter().filter_map(|parameter| {
                    let Role::Keyed(shape) = &parameter.role else { return None };
                    Some(self.parameter(shape, self.seen(parameter)))
                });
                together(parts.collect())
            }
            Key::Expr(key) => {
                let views = self.views(|parameter| parameter.uses.key);
                let key = self.key(&key.value);
                quote_spanned!(Span::mixed_site()=> { #views #key })
            }
        }
    }

    /// A whole parameter, seen through `name`, a reference to it, or itself where it is one.
    fn parameter(&self, shape: &Shape, name: &Ident) -> TokenStream {
        match &shape.kind {
            ShapeKind::Reference(part) => self.referred(part, &name.to_token_stream()),
            _ => self.part(shape, &name.to_token_stream()),
        }
    }

    /// A part, where `at` is a reference to it.
    fn part(&self, shape: &Shape, at: &TokenStream) -> TokenStream {
        let rt = &self.rt;
        let inner = |part: &Shape| {
            let each = Ident::new("part", Span::mixed_site());
            let inner = self.part(part, &each.to_token_stream());
            quote_spanned!(Span::mixed_site()=> |#each| #inner)
        };
        match &shape.kind {
            ShapeKind::Whole | ShapeKind::Float => self.probed("Value", "of", &shape.ty, at),
            ShapeKind::Reference(part) => self.referred(part, &quote!(*#at)),
            ShapeKind::Cow(part) => self.referred(part, &quote!(&**#at)),
            ShapeKind::Tuple(parts) => self.tuple(parts, at),
            ShapeKind::Option(part) => {
                let inner = inner(part);
                quote_spanned!(Span::mixed_site()=> #rt::option(#at, #inner))
            }
            ShapeKind::Slice(part) | ShapeKind::Vec(part) => {
                let inner = inner(part);
                quote_spanned!(Span::mixed_site()=> #rt::each(#at, #inner))
            }
            ShapeKind::Array(part, _) => {
                let inner = inner(part);
                quote_spanned!(Span::mixed_site()=> #rt::array(#at, #inner))
            }
        }
    }

    /// What a reference refers to, where `at` is that reference.
    fn referred(&self, part: &Shape, at: &TokenStream) -> TokenStream {
        match &part.kind {
            ShapeKind::Whole | ShapeKind::Float => self.probed("Reference", "to", &part.ty, at),
            _ => self.part(part, at),
        }
    }

    fn tuple(&self, parts: &[Shape], at: &TokenStream) -> TokenStream {
        let names: Vec<_> = (0..parts.len())
            .map(|index| Ident::new(&format!("part{index}"), Span::mixed_site()))
            .collect();
        let inner = parts.iter().zip(&names);
        let inner: Vec<_> =
            inner.map(|(part, name)| self.part(part, &name.to_token_stream())).collect();
        quote_spanned! {Span::mixed_site()=>
            {
                let (#(#names,)*) = #at;
                (#(#inner,)*)
            }
        }
    }

    /// The type system says what kind of part this is; its complaints are placed at the type.
    fn probed(&self, probe: &str, of: &str, ty: &Type, at: &TokenStream) -> TokenStream {
        let (probe, of) = (Ident::new(probe, Span::mixed_site()), self.of_scope(of));
        let (rt, span) = (&self.rt, type_span(ty));
        let made = quote!(#rt::#probe::#of(#at));
        let (made, part) = (located_at(span, made), part_at(span));
        quote!(#made #part)
    }

    /// What the `key` expression gives; a tuple's parts each for themselves.
    fn key(&self, expr: &Expr) -> TokenStream {
        let rt = &self.rt;
        let renamed = || self.without_self(expr.to_token_stream());
        match expr {
            Expr::Tuple(tuple) => together(tuple.elems.iter().map(|expr| self.key(expr)).collect()),
            Expr::Paren(paren) => self.key(&paren.expr),
            // What `macro_rules!` passed on.
            Expr::Group(group) => self.key(&group.expr),
            // A place is looked at, not moved out of; what is `Copy` may be in a temporary.
            Expr::Field(_) | Expr::Index(_) | Expr::Unary(ExprUnary { op: UnOp::Deref(_), .. }) => {
                let expr = renamed();
                self.key_of(
                    first_span(&expr),
                    &quote_spanned!(Span::mixed_site()=> #rt::Place::at(&#expr).ttl_memo_place()),
                )
            }
            _ => match ending_tuple(expr) {
                Some(tuple) => {
                    let expr = renamed();
                    let (pattern, parts) = self.taken_apart(tuple, "key");
                    quote_spanned! {Span::mixed_site()=>
                        {
                            let #pattern = #expr;
                            #parts
                        }
                    }
                }
                None => self.key_of(first_span(expr), &renamed()),
            },
        }
    }

    /// What a part of the `key` is made of a value.
    fn key_of(&self, span: Span, value: &TokenStream) -> TokenStream {
        let key = Ident::new("key", Span::mixed_site());
        let made = self.key_in(span, &key);
        quote_spanned! {Span::mixed_site()=>
            {
                let #key = #value;
                #made
            }
        }
    }

    /// The same, where it is in a variable.
    fn key_in(&self, span: Span, key: &Ident) -> TokenStream {
        let (rt, like, part) = (&self.rt, self.of_scope("like"), part_at(span));
        located_at(span, quote!(#rt::Key::#like(&#key)#part(#key)))
    }

    /// The pattern that takes a tuple apart, and its parts, made of what that binds.
    fn taken_apart(&self, tuple: &ExprTuple, name: &str) -> (TokenStream, TokenStream) {
        let parts = tuple.elems.iter().enumerate().map(|(index, part)| {
            let name = format!("{name}{index}");
            match part {
                Expr::Tuple(tuple) if tuple.elems.len() > 1 => self.taken_apart(tuple, &name),
                part => {
                    let name = Ident::new(&name, Span::mixed_site());
                    (name.to_token_stream(), self.key_in(first_span(part), &name))
                }
            }
        });
        let (patterns, parts): (Vec<_>, Vec<_>) = parts.unzip();
        (quote_spanned!(Span::mixed_site()=> (#(#patterns,)*)), together(parts))
    }

    /// Makes the names in the patterns of some parameters visible, as references.
    pub(super) fn views(&self, of: impl Fn(&Parameter) -> bool) -> TokenStream {
        let views = self.model.parameters.iter().filter(|parameter| of(parameter));
        let views = views.filter_map(|parameter| {
            let (pattern, name) = (parameter.shared_pattern()?, self.seen(parameter));
            Some(quote_spanned! {Span::mixed_site()=>
                #[allow(unused_variables)]
                let #pattern = #name;
            })
        });
        views.collect()
    }

    /// The tokens with another name for `self`, which only a method has.
    pub(super) fn without_self(&self, tokens: TokenStream) -> TokenStream {
        with_another_self(tokens, &self.this)
    }
}

/// The tuple of several parts that a block, an `if` or a `match` ends in, in one case at least.
fn ending_tuple(expr: &Expr) -> Option<&ExprTuple> {
    match expr {
        Expr::Tuple(tuple) => Some(tuple).filter(|tuple| tuple.elems.len() > 1),
        Expr::Paren(paren) => ending_tuple(&paren.expr),
        Expr::Group(group) => ending_tuple(&group.expr),
        Expr::Block(block) => tuple_of(&block.block),
        Expr::Unsafe(block) => tuple_of(&block.block),
        Expr::If(branches) => tuple_of(&branches.then_branch).or_else(|| {
            let (_, otherwise) = branches.else_branch.as_ref()?;
            ending_tuple(otherwise)
        }),
        Expr::Match(cases) => cases.arms.iter().find_map(|arm| ending_tuple(&arm.body)),
        _ => None,
    }
}

fn tuple_of(block: &Block) -> Option<&ExprTuple> {
    match block.stmts.last() {
        Some(Stmt::Expr(expr, None)) => ending_tuple(expr),
        _ => None,
    }
}

/// The tokens as if they stood at `span`, so that the compiler's words about them do.
fn located_at(span: Span, tokens: TokenStream) -> TokenStream {
    let at = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &mut token {
            *group = Group::new(group.delimiter(), located_at(span, group.stream()));
        }
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.into_iter().map(at).collect()
}

/// The call by which the type system says what a part is, and where its complaints are.
fn part_at(span: Span) -> TokenStream {
    quote_spanned!(Span::mixed_site().located_at(span)=> .ttl_memo_part())
}

/// The most parts of a tuple that is still `Clone`, `Hash` and `Eq`.
const TUPLE: usize = 12;

/// One part is the key itself; several, or none, are a tuple; more than a tuple takes, a tuple of
/// tuples.
pub(super) fn together(mut parts: Vec<TokenStream>) -> TokenStream {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    if parts.len() > TUPLE {
        parts = parts.chunks(TUPLE).map(|some| together(some.to_vec())).collect();
    }
    let mut tuple = Group::new(Delimiter::Parenthesis, quote!(#(#parts),*));
    tuple.set_span(Span::mixed_site());
    tuple.to_token_stream()
}

/// The lifetime for which the hidden function sees what it is given.
///
/// It is one for all that is borrowed: a `key` may make one reference of several (`a.min(b)`), and
/// what that function gives can only borrow for a lifetime that has a name. Callers may borrow for
/// longer, and lend for less.
pub(super) struct Seen {
    lifetime: Lifetime,
    /// Those with a name of the user's, which outlive it. What is behind a reference does anyway.
    longer: Vec<Lifetime>,
    /// What it is the lifetime of, first.
    first: Option<Span>,
}

impl Seen {
    pub(super) fn new(names: &Names) -> Self {
        Self { lifetime: names.lifetime("arguments"), longer: Vec::new(), first: None }
    }

    /// How a parameter is seen by reference, as a type: itself if it is a `&T`, else `&` of it.
    pub(super) fn seen_type(&mut self, parameter: &Parameter) -> TokenStream {
        self.first.get_or_insert_with(|| first_span(&parameter.ty));
        let (named, ty) = match bare_type(&parameter.ty) {
            Type::Reference(TypeReference { lifetime, elem, .. }) => (lifetime.as_ref(), &**elem),
            ty => (None, ty),
        };
        let named = named.filter(|lifetime| lifetime.ident != "_");
        self.longer.extend(named.cloned());
        let lifetime = named.unwrap_or(&self.lifetime);
        quote_spanned!(Span::mixed_site()=> &#lifetime #ty)
    }

    /// The generics, with the lifetime among them if there is a use for it.
    pub(super) fn within(self, mut generics: Generics) -> Generics {
        let Self { mut lifetime, longer, first } = self;
        let Some(first) = first else { return generics };
        let clause = generics.make_where_clause();
        clause.predicates.extend(longer.iter().map(|longer| -> WherePredicate {
            parse_quote_spanned!(Span::mixed_site()=> #longer: #lifetime)
        }));
        lifetime.set_span(Span::mixed_site().located_at(first));
        generics.params.insert(0, GenericParam::Lifetime(LifetimeParam::new(lifetime)));
        generics
    }
}

/// Where an expression stands that looks at parameters.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Scope {
    /// Where they are in scope as declared.
    Function,
    /// Where each is behind a reference: in an async call's look-up.
    Look,
}

/// The token of a type that a complaint of it points at: its name, or its first.
pub(super) fn type_span(ty: &Type) -> Span {
    if let Type::Path(path) = bare_type(ty) {
        if let Some(last) = path.path.segments.last() {
            return last.ident.span();
        }
    }
    first_span(ty)
}

fn first_span(tokens: &impl ToTokens) -> Span {
    tokens.to_token_stream().into_iter().next().map_or_else(Span::call_site, |token| token.span())
}
