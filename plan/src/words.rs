//! Closed lists of words, and families of them: each is declared once, with what it means.

use std::borrow::Cow;

/// A value of a closed list.
pub(crate) trait Word: Copy + 'static {
    /// Every one, in the order of declaration.
    fn every() -> Vec<Self>;
    /// The word it is written as.
    fn spelled(self) -> Cow<'static, str>;
    /// The one that is written as `word`.
    fn read(word: &str) -> Option<Self>;
}

/// Declares an enum whose variants are words.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[doc = $about:literal])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[doc = $about])* $variant,)* }

        impl $name {
            /// Every one, in the order of declaration.
            pub const ALL: &[$name] = &[$($name::$variant,)*];

            /// The word it is written as.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            /// What it is, in a sentence.
            pub const fn about(self) -> &'static str {
                match self { $($name::$variant => concat!($($about),*),)* }
            }

            /// The one that is written as `word`.
            pub fn from_word(word: &str) -> Option<$name> {
                match word { $($word => Some($name::$variant),)* _ => None }
            }
        }

        impl $crate::words::Word for $name {
            fn every() -> Vec<$name> { $name::ALL.to_vec() }
            fn spelled(self) -> std::borrow::Cow<'static, str> { self.word().into() }
            fn read(word: &str) -> Option<$name> { $name::from_word(word) }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.word()) }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(self.word()) }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<$name, D::Error> {
                let word = std::borrow::Cow::<'de, str>::deserialize(d)?;
                $name::from_word(&word).ok_or_else(|| serde::de::Error::unknown_variant(&word, &[$($word,)*]))
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "enum": [$($word,)*] })
            }
        }
    };
}
pub(crate) use words;

/// Declares an enum of words and of families: a family's word is its own, a dot, and the word of a value.
macro_rules! word_families {
    (
        $(#[$meta:meta])*
        $name:ident {
            words { $($(#[doc = $about:literal])* $variant:ident = $word:literal,)* }
            families { $($(#[doc = $of_about:literal])* $family:ident($of:ty) = $prefix:literal,)* }
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[doc = $about])* $variant,)*
            $($(#[doc = $of_about])* $family($of),)*
        }

        impl $name {
            /// Every one: the words, then the families, in the order of declaration.
            pub fn all() -> Vec<$name> {
                let mut all = vec![$($name::$variant,)*];
                $(all.extend(<$of as $crate::words::Word>::every().into_iter().map($name::$family));)*
                all
            }

            /// The word it is written as.
            pub fn word(self) -> std::borrow::Cow<'static, str> {
                use $crate::words::Word as _;
                match self {
                    $($name::$variant => $word.into(),)*
                    $($name::$family(of) => format!(concat!($prefix, ".{}"), of.spelled()).into(),)*
                }
            }

            /// What it is, in a sentence.
            pub const fn about(self) -> &'static str {
                match self {
                    $($name::$variant => concat!($($about),*),)*
                    $($name::$family(_) => concat!($($of_about),*),)*
                }
            }

            /// The one that is written as `word`.
            pub fn from_word(word: &str) -> Option<$name> {
                match word {
                    $($word => return Some($name::$variant),)*
                    _ => {}
                }
                $(if let Some(of) = word.strip_prefix(concat!($prefix, "."))
                    && let Some(of) = <$of as $crate::words::Word>::read(of)
                {
                    return Some($name::$family(of));
                })*
                None
            }
        }

        impl $crate::words::Word for $name {
            fn every() -> Vec<$name> { $name::all() }
            fn spelled(self) -> std::borrow::Cow<'static, str> { self.word() }
            fn read(word: &str) -> Option<$name> { $name::from_word(word) }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.word()) }
        }
    };
}
pub(crate) use word_families;
