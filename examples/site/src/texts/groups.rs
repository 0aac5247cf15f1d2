//! How groups of texts are declared.

macro_rules! groups {
    ($($(#[$doc:meta])+ $group:ident { $($field:ident),+ $(,)? })+) => {
        $(
            $(#[$doc])+
            #[derive(Debug, Serialize)]
            #[expect(missing_docs, reason = "a field is named after the place where its text is read")]
            pub struct $group { $(pub $field: Text),+ }
        )+
    };
}
