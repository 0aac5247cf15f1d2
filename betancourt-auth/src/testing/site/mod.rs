//! The promises of an adapter, each as a function that fails where one does not keep it.
//!
//! An adapter converts: the framework's request into the core's, the core's answer into the framework's, and the answers
//! of a [`Visitor`](crate::Visitor) into guards. What it promises by that is the same in every framework, so it is
//! written here, once. The author of an adapter writes a small application with it, and one function that sends it a
//! request; [`site_conformance!`](crate::site_conformance) turns every promise into a test.
//!
//! # What the application serves
//!
//! Every action, below [`Auth::mount_path`], and these pages. `Admin` is [`Admin`]; the guards are those that the adapter
//! calls by these names.
//!
//! | path | guards | answer |
//! | --- | --- | --- |
//! | `/` | `MaybeSignedIn` | the [display name](crate::User::display_name), or `nobody` |
//! | `/public` | none | `public` |
//! | `/dashboard` | `SignedIn` | `Hello` and the name |
//! | `/admin` | `Role<Admin>` | `At your service,` and the name |
//! | `/often` | all three | `often` |
//! | `/cookies` | `SignedIn` | `cookies`, and it sets two cookies of its own, `a=1` and `b=2` |
//! | `/cached` | `SignedIn` | `cached`, with `Cache-Control: public, max-age=60` |
//! | `/inner/deep` | `SignedIn`, in a router below `/inner`, where the framework has such a thing | `deep` |
//! | `/members/room`, `/members/minutes` | none of their own: both together are behind what guards a whole router | `room`, `minutes` |
//! | `/office/books` | the same with `Admin` | `books` |
//!
//! # Example
//!
//! The pages are left out: this application serves the actions alone, so one promise is called by hand.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! use betancourt_auth::Auth;
//! use betancourt_auth::testing::site::{Site, a_path_that_is_no_action_is_refused};
//! use bytes::Bytes;
//! use http::{Request, Response};
//!
//! struct MyApplication(Auth);
//!
//! impl Site for MyApplication {
//!     async fn send(&self, request: Request<Bytes>) -> Response<Bytes> {
//!         self.0.handle(request).await // in yours, through the framework
//!     }
//! }
//!
//! a_path_that_is_no_action_is_refused(async |auth| MyApplication(auth)).await;
//! # });
//! ```
#![expect(clippy::unwrap_used, reason = "a broken promise fails the test by a panic")]
#![expect(clippy::indexing_slicing, reason = "a header that is missing fails the test by a panic")]

mod actions;
mod cookies;
mod guards;
mod mounts;
mod stage;

use std::future::Future;

use bytes::Bytes;
use http::{Request, Response};

use crate::auth::Auth;
use crate::role::Role;

pub use {actions::*, cookies::*, guards::*, mounts::*};

/// An application that was made with an adapter.
pub trait Site {
    /// Sends it a request, and waits for the whole answer.
    ///
    /// Its target has no host, which is in `Host`. A [`Peer`](crate::Peer) among its extensions is the address at the
    /// other end of the connection, as the framework would have it from the socket.
    fn send(&self, request: Request<Bytes>) -> impl Future<Output = Response<Bytes>>;
}

/// Starts an application with an [`Auth`]: what every promise is called with.
pub trait Start: AsyncFn(Auth) -> Self::Site {
    /// The application.
    type Site: Site;
}

impl<F: AsyncFn(Auth) -> S, S: Site> Start for F {
    type Site = S;
}

/// The role that the application's guards ask for.
#[derive(Clone, Copy, Debug)]
pub struct Admin;

impl Role for Admin {
    const NAME: &'static str = "ADMIN";
}

/// Turns every promise of an adapter into a test. It takes an `async` function that makes the application of
/// [`testing::site`](crate::testing::site) from an [`Auth`](crate::Auth).
///
/// The tests run on tokio, so `tokio` with the features `macros` and `rt` has to be among the crate's own
/// `[dev-dependencies]`.
#[macro_export]
macro_rules! site_conformance {
    ($start:expr) => {
        $crate::site_conformance! { $start =>
            somebody_signs_in_and_out somebody_signs_in_and_out_with_a_sealed_session
            methods_that_nothing_answers_to_are_refused a_path_that_is_no_action_is_refused
            the_base_path_itself_is_the_applications another_host_is_refused a_network_is_counted_by_its_peer
            a_body_has_a_limit
            a_session_in_use_is_renewed a_renewed_cookie_leaves_others_alone a_cookie_that_is_no_session_is_cleared
            an_answer_for_somebody_is_kept_by_nobody_else an_answer_says_itself_who_may_keep_it
            a_page_sends_nobody_to_sign_in a_script_is_told_that_nobody_is_signed_in somebody_gets_in
            others_lack_the_role the_role_of_this_moment_counts who_asks_often_costs_one_query
            a_page_that_never_asks_costs_nothing a_store_that_is_down_is_never_nobody
            head_is_answered_like_get an_upgrade_for_another_site_is_refused what_a_header_claims_changes_nothing
            a_whole_router_is_guarded a_whole_router_is_for_a_role a_nested_page_is_come_back_to
            another_base_path_is_served a_stripped_prefix_is_put_back
        }
    };
    ($start:expr => $($promise:ident)*) => {$(
        #[::tokio::test]
        async fn $promise() {
            $crate::testing::site::$promise($start).await;
        }
    )*};
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_promise_is_left_out() {
        let own = include_str!("mod.rs");
        let files = [
            include_str!("actions.rs"),
            include_str!("cookies.rs"),
            include_str!("guards.rs"),
            include_str!("mounts.rs"),
        ];
        let lines = files.iter().flat_map(|file| file.lines());
        let promises = lines.filter_map(|line| line.strip_prefix("pub async fn "));
        let names: Vec<_> = promises.filter_map(|line| line.split('(').next()).collect();
        assert!(names.len() > 25);
        let listed = |name: &str| own.split_whitespace().any(|word| word == name);
        assert_eq!(names.into_iter().find(|name| !listed(name)), None);
    }
}
