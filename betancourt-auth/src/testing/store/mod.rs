//! The promises of [`store`](crate::store), each as a function that fails where a store does not keep it.
//!
//! [`store_conformance!`](crate::store_conformance) turns all of them into tests.
#![expect(clippy::unwrap_used, reason = "a broken promise fails the test by a panic")]

mod account_pages;
mod accounts;
mod audit;
mod crash;
mod elsewhere;
mod fixture;
mod inbox;
mod lists;
mod mailbox;
mod origins;
mod people;
mod races;
mod sealed;
mod sessions;
mod sign_in;
mod sign_up;
mod suspensions;
mod tokens;

pub use {
    account_pages::*, accounts::*, audit::*, crash::*, elsewhere::*, inbox::*, lists::*,
    mailbox::*, origins::*, people::*, races::*, sealed::*, sessions::*, sign_in::*, sign_up::*,
    suspensions::*, tokens::*,
};

/// Turns every promise of [`store`](crate::store) into a test of the store that an expression gives.
///
/// The expression is evaluated for each test and must give an empty store each time; it may `.await`. A second one, which
/// has [`CrashPoints`](crate::testing::CrashPoints) for an argument and gives such a store with them in its way, adds the
/// promises about work that is broken off. [`testing`](crate::testing) shows how.
#[macro_export]
macro_rules! store_conformance {
    ($store:expr) => {
        $crate::store_conformance! { $store =>
            an_empty_store_knows_nobody a_ping_is_answered a_user_is_read_as_written
            moments_are_kept_to_the_millisecond odd_texts_come_back_unchanged addresses_are_compared_exactly
            people_without_an_address_are_many a_new_role_is_seen_by_a_living_session
            a_role_for_nobody_changes_nothing the_last_one_with_a_role_keeps_it
            of_the_last_two_with_a_role_one_keeps_it a_deleted_user_leaves_nothing_behind a_deleted_user_can_come_back
            a_deletion_of_nobody_changes_nothing an_account_is_read_as_written an_account_without_tokens_has_none
            subjects_are_compared_exactly subjects_that_look_alike_are_different_accounts
            candidates_answer_both_questions candidates_find_the_account_asked_for
            candidates_without_an_address_are_found_by_account_alone accounts_are_listed_oldest_first
            a_new_person_is_written_whole a_taken_address_stops_a_sign_up a_taken_id_stops_a_sign_up
            a_taken_account_stops_a_sign_up a_taken_session_token_stops_a_sign_up
            a_sign_up_that_fails_replaces_nothing first_sign_ins_at_once_have_one_winner
            a_sign_in_brings_tokens_up_to_date a_sign_in_keeps_what_it_was_not_given
            a_sign_in_leaves_other_accounts_alone a_sign_in_without_its_account_conflicts
            a_sign_in_with_an_account_of_another_conflicts a_sign_in_never_takes_over_a_session
            a_session_never_replaces_itself a_further_account_is_tied a_tied_account_is_not_tied_again
            an_account_is_not_tied_to_nobody a_link_never_takes_over_a_session links_at_once_have_one_winner
            a_session_is_read_as_written an_expired_session_is_still_read session_tokens_are_compared_exactly
            an_extension_moves_the_end an_extension_never_shortens an_extension_never_makes_a_session
            a_session_ends_once a_session_ended_by_many_ends_once all_sessions_of_a_user_end replaced_sessions_end
            a_replaced_session_makes_room sessions_beyond_the_limit_go_by_their_end sessions_within_the_limit_stay
            the_new_session_is_never_evicted an_eviction_spares_others sign_ins_at_once_keep_to_the_limit
            a_sealed_session_has_no_row a_sealed_session_replaces_others a_sealed_session_evicts_nobody
            a_session_kept_elsewhere_has_no_row a_session_kept_elsewhere_ends_those_it_replaces
            a_session_kept_elsewhere_is_somebodys
            a_standing_is_that_of_the_user_now a_cut_ends_what_began_before_it a_cut_never_moves_back
            a_cut_for_nobody_is_forgotten a_sealed_session_ends_once a_sealed_session_ended_by_many_ends_once
            what_is_remembered_of_sealed_sessions_is_swept a_handshake_is_spent_once a_handshake_is_spent_once_among_fifty a_handshake_stays_spent_until_its_end
            events_are_counted_by_key a_count_begins_anew_at_its_end only_the_first_event_sets_the_end
            events_at_once_are_all_counted a_sweep_removes_what_has_ended a_sweep_keeps_to_its_limit
            a_verification_token_is_taken_once a_verification_token_is_taken_once_among_fifty
            a_verification_token_belongs_to_its_address a_wrong_verification_token_takes_nothing
            all_tokens_of_an_address_go_at_once newer_tokens_end_older_ones an_expired_token_is_still_taken
            a_sweep_removes_tokens_that_have_ended an_entry_makes_a_session an_entry_that_conflicts_writes_nothing
            a_first_proof_ends_what_was_there_before a_further_proof_ends_nothing
            proofs_at_once_end_what_was_there_before_once an_entry_replaces_and_evicts
            an_audit_event_is_read_as_written the_audit_log_is_newest_first
            audit_events_of_one_moment_keep_their_order
            an_account_is_found_by_its_key an_account_is_untied_once an_untied_account_is_free the_last_account_stays
            another_account_at_the_same_provider_counts the_last_two_accounts_never_go_at_once
            tokens_are_replaced_whole tokens_of_nobody_are_not_kept sessions_are_listed what_has_ended_is_not_listed
            all_sessions_but_one_end a_sealed_session_is_kept_when_others_end a_session_is_seen
            a_sealed_session_is_seen where_a_session_began_is_read_as_written
            a_session_at_a_provider_ends_what_began_in_it a_person_at_a_provider_ends_what_they_began
            a_session_of_a_person_ends_what_began_in_both a_stranger_at_a_provider_ends_nothing
            every_way_in_writes_where_it_began
            a_withdrawal_goes_as_far_as_its_reaction a_message_is_carried_out_once
            a_message_is_carried_out_once_among_fifty what_is_said_of_a_moved_account_changes_nothing
            the_last_way_in_is_not_untied_by_a_provider a_request_to_delete_is_read_as_written
            open_requests_to_delete_are_listed a_request_to_delete_ends_once a_deleted_user_closes_their_requests
            drawn_ids_are_new a_person_without_an_account_is_written_whole a_new_person_replaces_a_session
            a_link_replaces_and_evicts a_sign_in_proves_an_address_once a_sign_in_that_conflicts_proves_nothing
            a_sign_in_ends_the_wish_for_one a_token_is_not_kept_twice
            sealed_sessions_that_ended_are_remembered_until_then what_is_known_of_sealed_sessions_goes_with_their_user
            a_request_to_delete_ends_once_among_fifty a_deletion_among_sign_ins_leaves_nothing_behind
            an_end_of_all_sessions_among_sign_ins_counts_them a_provider_and_a_person_never_untie_both
            newer_tokens_at_once_leave_those_of_one
            requests_to_delete_are_swept_when_they_are_done a_sweep_removes_one_kind audit_events_are_swept_by_their_age
            users_are_listed_page_by_page users_are_found_by_what_they_are_called users_are_found_by_their_role
            nobody_has_a_list_without_an_end the_audit_log_is_read_page_by_page
            requests_to_delete_are_listed_page_by_page a_page_behind_nobody_is_a_page
            a_history_is_read_by_pages a_deleted_user_leaves_no_places_in_the_log
            a_wish_to_be_deleted_can_be_taken_back a_wish_of_nobody_is_not_kept
            a_suspension_is_read_as_written a_suspension_ends_all_sessions nobody_enters_who_is_suspended
            a_suspension_is_lifted_once the_last_one_with_a_role_is_not_suspended
            of_the_last_two_with_a_role_one_is_not_suspended a_suspension_among_sign_ins_leaves_no_session
            a_suspended_user_is_deleted_as_any_other a_name_and_a_picture_are_taken_over
        }
    };
    ($store:expr; |$crash:ident| $breaking:expr) => {
        $crate::store_conformance!($store);
        $crate::store_conformance! { |$crash| $breaking =>
            a_sign_up_that_breaks_off_leaves_nothing a_sign_in_that_breaks_off_changes_nothing
            an_entry_that_breaks_off_changes_nothing a_link_that_breaks_off_ties_nothing
            an_untying_that_breaks_off_unties_nothing a_replacement_that_breaks_off_keeps_the_old_tokens
            a_role_that_breaks_off_is_the_old_one a_suspension_that_breaks_off_shuts_nobody_out a_deletion_that_breaks_off_deletes_nothing
            a_session_whose_renewal_breaks_off_is_as_it_was a_session_whose_end_breaks_off_lives
            sessions_whose_end_breaks_off_all_live a_withdrawal_that_breaks_off_is_not_carried_out
            a_request_to_delete_that_breaks_off_is_open what_breaks_off_was_not_counted
            verification_tokens_that_break_off_are_as_before a_sweep_that_breaks_off_is_finished_later
        }
    };
    (|$crash:ident| $breaking:expr => $($promise:ident)*) => {$(
        #[::tokio::test]
        async fn $promise() {
            let $crash = $crate::testing::CrashPoints::default();
            let store = $breaking;
            $crate::testing::store::$promise(&store, &$crash).await;
        }
    )*};
    ($store:expr => $($promise:ident)*) => {$(
        #[::tokio::test]
        async fn $promise() {
            let store = $store;
            $crate::testing::store::$promise(&store).await;
        }
    )*};
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_promise_is_left_out() {
        let own = include_str!("mod.rs");
        let files = [
            include_str!("account_pages.rs"),
            include_str!("accounts.rs"),
            include_str!("audit.rs"),
            include_str!("crash.rs"),
            include_str!("elsewhere.rs"),
            include_str!("inbox.rs"),
            include_str!("lists.rs"),
            include_str!("mailbox.rs"),
            include_str!("origins.rs"),
            include_str!("people.rs"),
            include_str!("races.rs"),
            include_str!("sealed.rs"),
            include_str!("sessions.rs"),
            include_str!("sign_in.rs"),
            include_str!("sign_up.rs"),
            include_str!("suspensions.rs"),
            include_str!("tokens.rs"),
        ];
        let promises = files
            .iter()
            .flat_map(|file| file.lines())
            .filter_map(|line| line.strip_prefix("pub async fn "));
        let names: Vec<_> = promises.filter_map(|line| line.split('(').next()).collect();
        assert!(names.len() > 50);
        let listed = |name: &str| own.split_whitespace().any(|word| word == name);
        assert_eq!(names.into_iter().find(|name| !listed(name)), None);
    }
}
