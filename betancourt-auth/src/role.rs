//! What somebody may do, as a type.

use std::fmt::Debug;

/// A role by its name in the store, so that a handler can ask for it in its signature.
///
/// ```
/// use betancourt_auth::Role;
///
/// #[derive(Debug)]
/// struct Admin;
///
/// impl Role for Admin {
///     const NAME: &'static str = "ADMIN";
/// }
/// ```
pub trait Role: Debug + Send + Sync + 'static {
    /// What stands in `users.role`.
    const NAME: &'static str;
}
