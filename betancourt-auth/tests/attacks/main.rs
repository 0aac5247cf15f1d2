//! The attacks of the catalogue, each played against a real server over a real socket, once for every store, and
//! once for sessions that are sealed in their cookies.
//!
//! A row's test first plays the hostile move and asks for the required answer, then the same flow without the hostile
//! change, which must succeed: its positive twin. What a test sees, it sees from outside: answers, the providers'
//! logs, the servers' logs, and a photograph of the store. Every cookie that is set, every answer and every line of the
//! log is searched besides for what must not be there.
//!
//! The matrix is what exists: axum and Rocket, sessions in the store and sealed in cookies, the memory store and SQLite; and
//! with sessions and whatever counts once in Redis, those rows in which that has a part. What is about several processes is
//! played by processes, on SQLite, PostgreSQL and MariaDB, and on SQLite with Redis. Races are run in few rounds
//! unless `BETANCOURT_ROUNDS` asks for more (200 are the full number). `cargo xtask mutants` shows that each test fails
//! when the check that it guards is switched off.
#![cfg(test)]

mod adapt_alike;
mod adapt_claims;
mod adapt_corners;
mod adapt_failures;
mod adapt_start;
mod fault_answers;
mod fault_database;
mod fault_keepers;
mod fault_pools;
mod fault_processes;
mod fault_races;
mod fault_versions;
mod inbox_messages;
mod inbox_people;
mod jwe_chunks;
mod jwe_content;
mod jwe_end;
mod jwe_header;
mod jwe_keys;
mod link_addresses;
mod link_mailbox;
mod link_sessions;
mod log_events;
mod log_failures;
mod log_secrets;
mod logout_back_channel;
mod logout_front_channel;
mod logout_sign_out;
mod mail_addresses;
mod mail_answers;
mod mail_codes;
mod mail_links;
mod net_answers;
mod net_inside;
mod net_outages;
mod net_tls;
mod oauth_callback;
mod oauth_mix_up;
mod oauth_once;
mod oauth_refresh;
mod oauth_start;
mod oauth_stolen_code;
mod oauth_third_party;
mod oauth_token_answer;
mod oauth_unasked;
mod oidc_addresses;
mod oidc_claims;
mod oidc_contents;
mod oidc_discovery;
mod oidc_headers;
mod oidc_keys;
mod oidc_kinds;
mod oidc_nonce;
mod oidc_signatures;
mod oidc_step_up;
mod oidc_times;
mod oidc_user_info;
mod prov_people;
mod rate_counts;
mod rate_networks;
mod rate_sizes;
mod redir_addresses;
mod redir_hosts;
mod sess_cookies;
mod sess_ids;
mod sess_life;
mod sess_own;
mod sess_races;
mod support;
mod web_answers;
mod web_posts;
mod web_texts;

/// Says which function plays which row, and makes a test of it for every place, or for every ground of processes.
macro_rules! rows {
    ($list:ident in $($name:ident $ground:ident),*; $rows:tt) => {
        rows!(@list $list $rows);
        $(rows!(@in $name: $ground, $rows);)*
    };
    (@in $name:ident: $ground:ident, { $($row:literal => $module:ident::$attack:ident,)* }) => {
        mod $name {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $attack() {
                    crate::$module::$attack(crate::support::Ground::$ground).await;
                }
            )*
        }
    };
    ($list:ident on $($name:ident $place:ident),*; $rows:tt) => {
        rows!(@list $list $rows);
        $(rows!(@on $name: $place, $rows);)*
    };
    (@list $list:ident { $($row:literal => $module:ident::$attack:ident,)* }) => {
        const $list: &[(&str, &str)] = &[$(($row, stringify!($attack))),*];
    };
    (@on $name:ident: $place:ident, { $($row:literal => $module:ident::$attack:ident,)* }) => {
        mod $name {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $attack() {
                    let place = crate::support::Place::$place;
                    if place.is_here() {
                        crate::$module::$attack(place).await;
                    }
                }
            )*
        }
    };
}

rows! { STORED on memory Memory, sqlite Sqlite, rocket Rocket; {
    "ADAPT-01" => adapt_claims::adapt_01_headers_that_claim_something_else,
    "ADAPT-02" => adapt_claims::adapt_02_paths_that_a_matcher_could_read_otherwise,
    "ADAPT-03" => adapt_failures::adapt_03_a_store_that_fails_while_a_guard_asks,
    "ADAPT-04" => adapt_corners::adapt_04_corners_that_nobody_guards,
    "ADAPT-04" => adapt_corners::adapt_04_connections_that_outlive_their_session,
    "ADAPT-05" => adapt_alike::adapt_05_both_adapters_answer_alike,
    "ADAPT-06" => adapt_start::adapt_06_an_application_that_is_not_safe,
    "FAULT-01" => fault_answers::fault_01_a_store_that_goes_away_in_a_callback,
    "FAULT-06" => fault_answers::fault_06_a_commit_of_which_nobody_knows,
    "FAULT-10" => fault_answers::fault_10_texts_that_would_be_orders,
    "INBOX-01" => inbox_messages::inbox_01_a_message_that_somebody_else_signed,
    "INBOX-02" => inbox_messages::inbox_02_a_message_for_another_application,
    "INBOX-03" => inbox_messages::inbox_03_a_message_that_is_repeated,
    "INBOX-04" => inbox_messages::inbox_04_a_message_of_another_time,
    "INBOX-05" => inbox_messages::inbox_05_a_message_of_another_kind,
    "INBOX-05" => inbox_messages::inbox_05_an_address_that_is_tried,
    "INBOX-06" => inbox_people::inbox_06_a_message_about_a_stranger,
    "INBOX-07" => inbox_people::inbox_07_bodies_that_are_none,
    "INBOX-07" => inbox_people::inbox_07_a_store_that_is_down,
    "INBOX-08" => inbox_people::inbox_08_the_last_way_in_is_taken_back,
    "INBOX-08" => inbox_people::inbox_08_consent_that_is_given_again,
    "INBOX-09" => inbox_people::inbox_09_the_page_of_a_request_to_delete,
    "INBOX-09" => inbox_people::inbox_09_a_user_who_stays,
    "INBOX-10" => inbox_people::inbox_10_an_application_with_a_say,
    "LINK-02" => link_mailbox::link_02_the_owner_of_the_mailbox_arrives_by_mail,
    "LINK-03" => link_mailbox::link_03_leftovers_after_the_mailbox_was_proven,
    "LINK-04" => link_mailbox::link_04_an_identity_that_waits_in_the_account,
    "LOG-01" => log_secrets::log_01_nothing_secret_is_told,
    "LOG-02" => log_events::log_02_texts_that_would_be_lines,
    "LOG-03" => log_events::log_03_everything_leaves_a_trace,
    "LOG-04" => log_failures::log_04_what_panics_tells_nothing,
    "LOGOUT-01" => logout_sign_out::logout_01_a_sign_out_that_another_site_begins,
    "LOGOUT-02" => logout_sign_out::logout_02_a_provider_that_is_down_or_sends_back_another_state,
    "LOGOUT-03" => logout_back_channel::logout_03_a_token_that_is_not_the_providers,
    "LOGOUT-04" => logout_back_channel::logout_04_a_token_about_something_else,
    "LOGOUT-05" => logout_back_channel::logout_05_a_token_again_too_late_or_too_often,
    "LOGOUT-06" => logout_back_channel::logout_06_exactly_what_was_meant_ends,
    "LOGOUT-07" => logout_front_channel::logout_07_a_frame_of_a_stranger,
    "MAIL-01" => mail_links::mail_01_a_link_opened_twice_at_once_and_too_late,
    "MAIL-02" => mail_codes::mail_02_a_code_that_is_guessed,
    "MAIL-03" => mail_links::mail_03_a_scanner_opens_the_link_first,
    "MAIL-04" => mail_codes::mail_04_a_link_asked_for_by_somebody_else,
    "MAIL-05" => mail_addresses::mail_05_addresses_that_name_two_mailboxes,
    "MAIL-06" => mail_addresses::mail_06_characters_that_become_syntax,
    "MAIL-07" => mail_addresses::mail_07_twins_of_an_address,
    "MAIL-08" => mail_answers::mail_08_answers_that_tell_who_is_known,
    "MAIL-09" => mail_answers::mail_09_a_mailbox_that_is_flooded,
    "MAIL-10" => mail_links::mail_10_a_token_that_is_used_for_something_else,
    "MAIL-11" => mail_answers::mail_11_mail_that_cannot_be_sent_and_hostile_texts,
    "NET-01" => net_inside::net_01_an_issuer_that_leads_inside,
    "NET-02" => net_answers::net_02_an_answer_that_leads_elsewhere,
    "NET-03" => net_answers::net_03_a_picture_that_is_none,
    "NET-04" => net_outages::net_04_a_provider_that_says_nothing,
    "NET-05" => net_answers::net_05_a_body_without_an_end,
    "NET-06" => net_answers::net_06_an_answer_that_cannot_be_read,
    "NET-07" => net_tls::net_07_tls_that_is_broken,
    "NET-08" => net_answers::net_08_a_provider_that_is_busy,
    "NET-09" => net_outages::net_09_a_provider_that_is_down,
    "OAUTH-01" => oauth_unasked::oauth_01_an_answer_that_nobody_asked_for,
    "OAUTH-02" => oauth_unasked::oauth_02_an_attackers_answer_in_a_victims_browser,
    "OAUTH-03" => oauth_once::oauth_03_the_same_callback_twice,
    "OAUTH-04" => oauth_once::oauth_04_the_same_callback_fifty_times_at_once,
    "OAUTH-05" => oauth_once::oauth_05_an_attempt_that_is_too_old,
    "OAUTH-06" => oauth_mix_up::oauth_06_begun_with_one_provider_and_finished_with_another,
    "OAUTH-07" => oauth_mix_up::oauth_07_a_provider_that_sends_the_browser_to_another_one,
    "OAUTH-08" => oauth_mix_up::oauth_08_an_answer_without_the_issuer_it_promised,
    "OAUTH-09" => oauth_stolen_code::oauth_09_a_stolen_code_in_the_thiefs_own_callback,
    "OAUTH-10" => oauth_stolen_code::oauth_10_a_provider_that_offers_plain_challenges,
    "OAUTH-11" => oauth_callback::oauth_11_an_error_with_a_hostile_text,
    "OAUTH-12" => oauth_callback::oauth_12_parameters_that_come_twice,
    "OAUTH-13" => oauth_callback::oauth_13_an_answer_by_the_wrong_method,
    "OAUTH-14" => oauth_callback::oauth_14_an_answer_posted_across_sites,
    "OAUTH-15" => oauth_callback::oauth_15_tokens_in_the_callback,
    "OAUTH-16" => oauth_token_answer::oauth_16_odd_token_types,
    "OAUTH-16" => oauth_token_answer::oauth_16_odd_clients_and_a_refused_authentication,
    "OAUTH-17" => oauth_start::oauth_17_a_start_that_overrides_parameters,
    "OAUTH-18" => oauth_start::oauth_18_a_start_by_link_or_image,
    "OAUTH-19" => oauth_start::oauth_19_every_route_answers_without_leaks,
    "OAUTH-20" => oauth_refresh::oauth_20_a_refresh_at_three_servers_at_once,
    "OAUTH-20" => oauth_refresh::oauth_20_a_server_that_dies_while_it_refreshes,
    "OAUTH-20" => oauth_refresh::oauth_20_a_provider_that_is_down,
    "OAUTH-20" => oauth_refresh::oauth_20_new_tokens_soon_after_a_failure,
    "OAUTH-20" => oauth_refresh::oauth_20_a_refresh_token_that_was_taken_back,
    "OAUTH-21" => oauth_refresh::oauth_21_a_refresh_that_answers_with_somebody_else,
    "OAUTH-22" => oauth_third_party::oauth_22_a_sign_in_that_a_third_party_begins,
    "OIDC-01" => oidc_discovery::oidc_01_a_document_of_another_issuer,
    "OIDC-02" => oidc_discovery::oidc_02_endpoints_where_no_provider_is,
    "OIDC-03" => oidc_claims::oidc_03_a_token_of_another_issuer,
    "OIDC-04" => oidc_claims::oidc_04_a_token_for_another_client,
    "OIDC-05" => oidc_claims::oidc_05_a_token_for_us_and_for_somebody_else,
    "OIDC-06" => oidc_times::oidc_06_a_token_that_has_ended_or_a_clock_that_is_wrong,
    "OIDC-07" => oidc_times::oidc_07_times_that_are_none,
    "OIDC-08" => oidc_times::oidc_08_tokens_of_no_time_or_of_the_future,
    "OIDC-09" => oidc_nonce::oidc_09_a_token_of_another_attempt,
    "OIDC-10" => oidc_claims::oidc_10_subjects_that_are_none_or_look_alike,
    "OIDC-11" => oidc_signatures::oidc_11_a_token_without_a_signature,
    "OIDC-12" => oidc_signatures::oidc_12_a_broken_signature,
    "OIDC-13" => oidc_signatures::oidc_13_an_hmac_instead_of_a_signature,
    "OIDC-14" => oidc_signatures::oidc_14_numbers_that_are_no_signature_on_a_curve,
    "OIDC-15" => oidc_headers::oidc_15_a_header_that_brings_its_own_key,
    "OIDC-16" => oidc_keys::oidc_16_a_token_that_names_no_key,
    "OIDC-17" => oidc_keys::oidc_17_keys_that_change_and_a_flood_of_names,
    "OIDC-18" => oidc_keys::oidc_18_a_key_set_full_of_what_is_no_key,
    "OIDC-19" => oidc_user_info::oidc_19_an_access_token_of_somebody_else,
    "OIDC-20" => oidc_user_info::oidc_20_user_info_about_somebody_else,
    "OIDC-21" => oidc_kinds::oidc_21_a_token_of_another_kind,
    "OIDC-22" => oidc_kinds::oidc_22_an_id_token_that_somebody_brings_along,
    "OIDC-23" => oidc_step_up::oidc_23_a_sign_in_weaker_than_demanded,
    "OIDC-24" => oidc_addresses::oidc_24_an_address_that_is_nearly_verified,
    "OIDC-25" => oidc_addresses::oidc_25_an_address_and_its_proof_in_two_documents,
    "OIDC-26" => oidc_contents::oidc_26_claims_that_are_too_much,
    "PROV-01" => prov_people::prov_01_a_token_of_another_tenant,
    "PROV-02" => prov_people::prov_02_an_address_that_a_tenant_made_up,
    "PROV-03" => prov_people::prov_03_somebody_of_another_tenant,
    "PROV-04" => prov_people::prov_04_a_domain_that_was_stripped,
    "PROV-05" => prov_people::prov_05_an_address_that_google_does_not_run,
    "PROV-06" => prov_people::prov_06_an_edited_form,
    "PROV-07" => prov_people::prov_07_an_apple_account_without_its_address,
    "PROV-08" => prov_people::prov_08_a_secret_that_would_have_ended,
    "PROV-09" => prov_people::prov_09_a_facebook_address_proves_nothing,
    "PROV-10" => prov_people::prov_10_a_public_address_and_a_name_used_again,
    "PROV-11" => prov_people::prov_11_what_entries_know_people_by,
    "PROV-12" => prov_people::prov_12_ids_that_are_numbers,
    "RATE-01" => rate_networks::rate_01_addresses_that_somebody_makes_up,
    "RATE-02" => rate_networks::rate_02_an_address_that_changes_and_one_that_is_not_known,
    "RATE-03" => rate_networks::rate_03_one_address_in_many_spellings,
    "RATE-04" => rate_counts::rate_04_two_hundred_at_once_and_steady_traffic,
    "RATE-05" => rate_counts::rate_05_a_store_that_cannot_count,
    "RATE-06" => rate_counts::rate_06_ever_new_names,
    "RATE-07" => rate_sizes::rate_07_more_than_anybody_needs,
    "REDIR-01" => redir_addresses::redir_01_an_address_of_a_foreign_origin,
    "REDIR-02" => redir_addresses::redir_02_addresses_without_a_scheme,
    "REDIR-03" => redir_addresses::redir_03_control_characters_and_double_encoding,
    "REDIR-04" => redir_addresses::redir_04_other_schemes,
    "REDIR-05" => redir_addresses::redir_05_addresses_that_look_like_ours,
    "REDIR-06" => redir_addresses::redir_06_edited_looping_and_endless_addresses,
    "REDIR-07" => redir_hosts::redir_07_a_host_that_is_not_ours,
    "REDIR-08" => redir_hosts::redir_08_forwarding_headers_of_a_stranger,
    "SESS-01" => sess_ids::sess_01_a_planted_session,
    "SESS-01" => sess_ids::sess_01_an_old_id_after_signing_in_again,
    "SESS-02" => sess_ids::sess_02_a_stolen_table,
    "SESS-03" => sess_cookies::sess_03_garbage,
    "SESS-04" => sess_cookies::sess_04_a_cookie_tossed_by_a_sibling,
    "SESS-05" => sess_cookies::sess_05_every_cookie_is_protected,
    "SESS-06" => sess_life::sess_06_idle_and_absolute_ends,
    "SESS-07" => sess_life::sess_07_a_cookie_after_its_end,
    "SESS-07" => sess_races::sess_07_everywhere_against_a_new_sign_in,
    "SESS-08" => sess_life::sess_08_a_deleted_user,
    "SESS-09" => sess_life::sess_09_more_sessions_than_one_keeps,
    "SESS-10" => sess_own::sess_10_a_revoked_session_in_the_memory_of_another_server,
    "SESS-11" => sess_own::sess_11_a_session_of_somebody_else,
    "SESS-12" => sess_ids::sess_12_an_id_that_is_taken,
    "SESS-13" => sess_races::sess_13_sign_out_against_renewal,
    "SESS-13" => sess_races::sess_13_a_role_against_renewal,
    "LINK-01" => link_addresses::link_01_an_account_made_before_its_owner_comes,
    "LINK-05" => link_addresses::link_05_a_provider_that_does_not_prove_addresses,
    "LINK-06" => link_addresses::link_06_one_subject_at_several_providers,
    "LINK-07" => link_sessions::link_07_an_account_of_somebody_else,
    "LINK-08" => link_sessions::link_08_an_attempt_and_a_session_of_different_people,
    "LINK-09" => link_sessions::link_09_a_proof_for_another_subject,
    "LINK-10" => link_sessions::link_10_the_last_way_in,
    "LINK-11" => link_addresses::link_11_an_address_that_belongs_to_somebody_else_by_now,
    "LINK-12" => link_addresses::link_12_addresses_that_are_none,
    "LINK-13" => link_addresses::link_13_fields_that_nobody_asked_for,
    "LINK-14" => link_sessions::link_14_a_stolen_session_of_yesterday,
    "WEB-01" => web_posts::web_01_posts_that_another_site_sends,
    "WEB-02" => web_posts::web_02_json_that_is_sent_as_text,
    "WEB-03" => web_posts::web_03_a_token_of_another_time_or_browser,
    "WEB-04" => web_posts::web_04_a_sign_in_that_another_site_begins,
    "WEB-05" => web_answers::web_05_another_origin_that_wants_to_read,
    "WEB-06" => web_answers::web_06_a_page_in_a_frame,
    "WEB-07" => web_texts::web_07_texts_in_an_address,
    "WEB-08" => web_texts::web_08_texts_from_a_provider,
    "WEB-09" => web_answers::web_09_every_answer_is_hardened,
    "WEB-10" => web_answers::web_10_what_is_left_after_signing_out,
    "WEB-11" => web_answers::web_11_methods_that_nothing_answers_to,
} }

rows! { SEALED on sealed Sealed, rocket_sealed RocketSealed; {
    "ADAPT-01" => adapt_claims::adapt_01_headers_that_claim_something_else,
    "ADAPT-02" => adapt_claims::adapt_02_paths_that_a_matcher_could_read_otherwise,
    "ADAPT-03" => adapt_failures::adapt_03_a_store_that_fails_while_a_guard_asks,
    "ADAPT-04" => adapt_corners::adapt_04_corners_that_nobody_guards,
    "ADAPT-04" => adapt_corners::adapt_04_connections_that_outlive_their_session,
    "ADAPT-05" => adapt_alike::adapt_05_both_adapters_answer_alike,
    "ADAPT-06" => adapt_start::adapt_06_an_application_that_is_not_safe,
    "FAULT-01" => fault_answers::fault_01_a_store_that_goes_away_in_a_callback,
    "FAULT-06" => fault_answers::fault_06_a_commit_of_which_nobody_knows,
    "FAULT-10" => fault_answers::fault_10_texts_that_would_be_orders,
    "INBOX-01" => inbox_messages::inbox_01_a_message_that_somebody_else_signed,
    "INBOX-02" => inbox_messages::inbox_02_a_message_for_another_application,
    "INBOX-03" => inbox_messages::inbox_03_a_message_that_is_repeated,
    "INBOX-04" => inbox_messages::inbox_04_a_message_of_another_time,
    "INBOX-05" => inbox_messages::inbox_05_a_message_of_another_kind,
    "INBOX-05" => inbox_messages::inbox_05_an_address_that_is_tried,
    "INBOX-06" => inbox_people::inbox_06_a_message_about_a_stranger,
    "INBOX-07" => inbox_people::inbox_07_bodies_that_are_none,
    "INBOX-07" => inbox_people::inbox_07_a_store_that_is_down,
    "INBOX-08" => inbox_people::inbox_08_the_last_way_in_is_taken_back,
    "INBOX-08" => inbox_people::inbox_08_consent_that_is_given_again,
    "INBOX-09" => inbox_people::inbox_09_the_page_of_a_request_to_delete,
    "INBOX-09" => inbox_people::inbox_09_a_user_who_stays,
    "INBOX-10" => inbox_people::inbox_10_an_application_with_a_say,
    "LINK-02" => link_mailbox::link_02_the_owner_of_the_mailbox_arrives_by_mail,
    "LINK-03" => link_mailbox::link_03_leftovers_after_the_mailbox_was_proven,
    "LINK-04" => link_mailbox::link_04_an_identity_that_waits_in_the_account,
    "LOG-01" => log_secrets::log_01_nothing_secret_is_told,
    "LOG-02" => log_events::log_02_texts_that_would_be_lines,
    "LOG-03" => log_events::log_03_everything_leaves_a_trace,
    "LOG-04" => log_failures::log_04_what_panics_tells_nothing,
    "LOGOUT-01" => logout_sign_out::logout_01_a_sign_out_that_another_site_begins,
    "LOGOUT-02" => logout_sign_out::logout_02_a_provider_that_is_down_or_sends_back_another_state,
    "LOGOUT-03" => logout_back_channel::logout_03_a_token_that_is_not_the_providers,
    "LOGOUT-04" => logout_back_channel::logout_04_a_token_about_something_else,
    "LOGOUT-05" => logout_back_channel::logout_05_a_token_again_too_late_or_too_often,
    "LOGOUT-06" => logout_back_channel::logout_06_exactly_what_was_meant_ends,
    "LOGOUT-07" => logout_front_channel::logout_07_a_frame_of_a_stranger,
    "MAIL-01" => mail_links::mail_01_a_link_opened_twice_at_once_and_too_late,
    "MAIL-02" => mail_codes::mail_02_a_code_that_is_guessed,
    "MAIL-03" => mail_links::mail_03_a_scanner_opens_the_link_first,
    "MAIL-04" => mail_codes::mail_04_a_link_asked_for_by_somebody_else,
    "MAIL-05" => mail_addresses::mail_05_addresses_that_name_two_mailboxes,
    "MAIL-06" => mail_addresses::mail_06_characters_that_become_syntax,
    "MAIL-07" => mail_addresses::mail_07_twins_of_an_address,
    "MAIL-08" => mail_answers::mail_08_answers_that_tell_who_is_known,
    "MAIL-09" => mail_answers::mail_09_a_mailbox_that_is_flooded,
    "MAIL-10" => mail_links::mail_10_a_token_that_is_used_for_something_else,
    "MAIL-11" => mail_answers::mail_11_mail_that_cannot_be_sent_and_hostile_texts,
    "NET-01" => net_inside::net_01_an_issuer_that_leads_inside,
    "NET-02" => net_answers::net_02_an_answer_that_leads_elsewhere,
    "NET-03" => net_answers::net_03_a_picture_that_is_none,
    "NET-04" => net_outages::net_04_a_provider_that_says_nothing,
    "NET-05" => net_answers::net_05_a_body_without_an_end,
    "NET-06" => net_answers::net_06_an_answer_that_cannot_be_read,
    "NET-07" => net_tls::net_07_tls_that_is_broken,
    "NET-08" => net_answers::net_08_a_provider_that_is_busy,
    "NET-09" => net_outages::net_09_a_provider_that_is_down,
    "OAUTH-01" => oauth_unasked::oauth_01_an_answer_that_nobody_asked_for,
    "OAUTH-02" => oauth_unasked::oauth_02_an_attackers_answer_in_a_victims_browser,
    "OAUTH-03" => oauth_once::oauth_03_the_same_callback_twice,
    "OAUTH-04" => oauth_once::oauth_04_the_same_callback_fifty_times_at_once,
    "OAUTH-05" => oauth_once::oauth_05_an_attempt_that_is_too_old,
    "OAUTH-06" => oauth_mix_up::oauth_06_begun_with_one_provider_and_finished_with_another,
    "OAUTH-07" => oauth_mix_up::oauth_07_a_provider_that_sends_the_browser_to_another_one,
    "OAUTH-08" => oauth_mix_up::oauth_08_an_answer_without_the_issuer_it_promised,
    "OAUTH-09" => oauth_stolen_code::oauth_09_a_stolen_code_in_the_thiefs_own_callback,
    "OAUTH-10" => oauth_stolen_code::oauth_10_a_provider_that_offers_plain_challenges,
    "OAUTH-11" => oauth_callback::oauth_11_an_error_with_a_hostile_text,
    "OAUTH-12" => oauth_callback::oauth_12_parameters_that_come_twice,
    "OAUTH-13" => oauth_callback::oauth_13_an_answer_by_the_wrong_method,
    "OAUTH-14" => oauth_callback::oauth_14_an_answer_posted_across_sites,
    "OAUTH-15" => oauth_callback::oauth_15_tokens_in_the_callback,
    "OAUTH-16" => oauth_token_answer::oauth_16_odd_token_types,
    "OAUTH-16" => oauth_token_answer::oauth_16_odd_clients_and_a_refused_authentication,
    "OAUTH-17" => oauth_start::oauth_17_a_start_that_overrides_parameters,
    "OAUTH-18" => oauth_start::oauth_18_a_start_by_link_or_image,
    "OAUTH-19" => oauth_start::oauth_19_every_route_answers_without_leaks,
    "OAUTH-20" => oauth_refresh::oauth_20_a_refresh_at_three_servers_at_once,
    "OAUTH-20" => oauth_refresh::oauth_20_a_server_that_dies_while_it_refreshes,
    "OAUTH-20" => oauth_refresh::oauth_20_a_provider_that_is_down,
    "OAUTH-20" => oauth_refresh::oauth_20_new_tokens_soon_after_a_failure,
    "OAUTH-20" => oauth_refresh::oauth_20_a_refresh_token_that_was_taken_back,
    "OAUTH-21" => oauth_refresh::oauth_21_a_refresh_that_answers_with_somebody_else,
    "OAUTH-22" => oauth_third_party::oauth_22_a_sign_in_that_a_third_party_begins,
    "OIDC-01" => oidc_discovery::oidc_01_a_document_of_another_issuer,
    "OIDC-02" => oidc_discovery::oidc_02_endpoints_where_no_provider_is,
    "OIDC-03" => oidc_claims::oidc_03_a_token_of_another_issuer,
    "OIDC-04" => oidc_claims::oidc_04_a_token_for_another_client,
    "OIDC-05" => oidc_claims::oidc_05_a_token_for_us_and_for_somebody_else,
    "OIDC-06" => oidc_times::oidc_06_a_token_that_has_ended_or_a_clock_that_is_wrong,
    "OIDC-07" => oidc_times::oidc_07_times_that_are_none,
    "OIDC-08" => oidc_times::oidc_08_tokens_of_no_time_or_of_the_future,
    "OIDC-09" => oidc_nonce::oidc_09_a_token_of_another_attempt,
    "OIDC-10" => oidc_claims::oidc_10_subjects_that_are_none_or_look_alike,
    "OIDC-11" => oidc_signatures::oidc_11_a_token_without_a_signature,
    "OIDC-12" => oidc_signatures::oidc_12_a_broken_signature,
    "OIDC-13" => oidc_signatures::oidc_13_an_hmac_instead_of_a_signature,
    "OIDC-14" => oidc_signatures::oidc_14_numbers_that_are_no_signature_on_a_curve,
    "OIDC-15" => oidc_headers::oidc_15_a_header_that_brings_its_own_key,
    "OIDC-16" => oidc_keys::oidc_16_a_token_that_names_no_key,
    "OIDC-17" => oidc_keys::oidc_17_keys_that_change_and_a_flood_of_names,
    "OIDC-18" => oidc_keys::oidc_18_a_key_set_full_of_what_is_no_key,
    "OIDC-19" => oidc_user_info::oidc_19_an_access_token_of_somebody_else,
    "OIDC-20" => oidc_user_info::oidc_20_user_info_about_somebody_else,
    "OIDC-21" => oidc_kinds::oidc_21_a_token_of_another_kind,
    "OIDC-22" => oidc_kinds::oidc_22_an_id_token_that_somebody_brings_along,
    "OIDC-23" => oidc_step_up::oidc_23_a_sign_in_weaker_than_demanded,
    "OIDC-24" => oidc_addresses::oidc_24_an_address_that_is_nearly_verified,
    "OIDC-25" => oidc_addresses::oidc_25_an_address_and_its_proof_in_two_documents,
    "OIDC-26" => oidc_contents::oidc_26_claims_that_are_too_much,
    "PROV-01" => prov_people::prov_01_a_token_of_another_tenant,
    "PROV-02" => prov_people::prov_02_an_address_that_a_tenant_made_up,
    "PROV-03" => prov_people::prov_03_somebody_of_another_tenant,
    "PROV-04" => prov_people::prov_04_a_domain_that_was_stripped,
    "PROV-05" => prov_people::prov_05_an_address_that_google_does_not_run,
    "PROV-06" => prov_people::prov_06_an_edited_form,
    "PROV-07" => prov_people::prov_07_an_apple_account_without_its_address,
    "PROV-08" => prov_people::prov_08_a_secret_that_would_have_ended,
    "PROV-09" => prov_people::prov_09_a_facebook_address_proves_nothing,
    "PROV-10" => prov_people::prov_10_a_public_address_and_a_name_used_again,
    "PROV-11" => prov_people::prov_11_what_entries_know_people_by,
    "PROV-12" => prov_people::prov_12_ids_that_are_numbers,
    "RATE-01" => rate_networks::rate_01_addresses_that_somebody_makes_up,
    "RATE-02" => rate_networks::rate_02_an_address_that_changes_and_one_that_is_not_known,
    "RATE-03" => rate_networks::rate_03_one_address_in_many_spellings,
    "RATE-04" => rate_counts::rate_04_two_hundred_at_once_and_steady_traffic,
    "RATE-05" => rate_counts::rate_05_a_store_that_cannot_count,
    "RATE-06" => rate_counts::rate_06_ever_new_names,
    "RATE-07" => rate_sizes::rate_07_more_than_anybody_needs,
    "REDIR-01" => redir_addresses::redir_01_an_address_of_a_foreign_origin,
    "REDIR-02" => redir_addresses::redir_02_addresses_without_a_scheme,
    "REDIR-03" => redir_addresses::redir_03_control_characters_and_double_encoding,
    "REDIR-04" => redir_addresses::redir_04_other_schemes,
    "REDIR-05" => redir_addresses::redir_05_addresses_that_look_like_ours,
    "REDIR-06" => redir_addresses::redir_06_edited_looping_and_endless_addresses,
    "REDIR-07" => redir_hosts::redir_07_a_host_that_is_not_ours,
    "REDIR-08" => redir_hosts::redir_08_forwarding_headers_of_a_stranger,
    "SESS-01" => sess_ids::sess_01_a_planted_session,
    "SESS-01" => sess_ids::sess_01_an_old_id_after_signing_in_again,
    "SESS-03" => sess_cookies::sess_03_garbage,
    "SESS-04" => sess_cookies::sess_04_a_cookie_tossed_by_a_sibling,
    "SESS-05" => sess_cookies::sess_05_every_cookie_is_protected,
    "SESS-06" => sess_life::sess_06_idle_and_absolute_ends,
    "SESS-07" => sess_life::sess_07_a_cookie_after_its_end,
    "SESS-07" => sess_races::sess_07_everywhere_against_a_new_sign_in,
    "SESS-08" => sess_life::sess_08_a_deleted_user,
    "SESS-10" => sess_own::sess_10_a_revoked_session_in_the_memory_of_another_server,
    "SESS-11" => sess_own::sess_11_a_session_of_somebody_else,
    "SESS-13" => sess_races::sess_13_sign_out_against_sealing_anew,
    "JWE-01" => jwe_header::jwe_01_other_algorithms,
    "JWE-02" => jwe_header::jwe_02_a_compressed_payload,
    "JWE-03" => jwe_content::jwe_03_every_part_tampered_with,
    "JWE-04" => jwe_content::jwe_04_tokens_of_another_purpose,
    "JWE-05" => jwe_chunks::jwe_05_chunks_that_do_not_fit_together,
    "JWE-06" => jwe_keys::jwe_06_secrets_that_change,
    "JWE-07" => jwe_end::jwe_07_a_copy_after_the_end,
    "JWE-07" => jwe_end::jwe_07_a_role_that_was_taken_away,
    "JWE-08" => jwe_content::jwe_08_tokens_that_are_too_much,
    "JWE-08" => jwe_content::jwe_08_claims_that_are_not_the_applications,
    "LINK-01" => link_addresses::link_01_an_account_made_before_its_owner_comes,
    "LINK-05" => link_addresses::link_05_a_provider_that_does_not_prove_addresses,
    "LINK-06" => link_addresses::link_06_one_subject_at_several_providers,
    "LINK-07" => link_sessions::link_07_an_account_of_somebody_else,
    "LINK-08" => link_sessions::link_08_an_attempt_and_a_session_of_different_people,
    "LINK-09" => link_sessions::link_09_a_proof_for_another_subject,
    "LINK-10" => link_sessions::link_10_the_last_way_in,
    "LINK-11" => link_addresses::link_11_an_address_that_belongs_to_somebody_else_by_now,
    "LINK-12" => link_addresses::link_12_addresses_that_are_none,
    "LINK-13" => link_addresses::link_13_fields_that_nobody_asked_for,
    "LINK-14" => link_sessions::link_14_a_stolen_session_of_yesterday,
    "WEB-01" => web_posts::web_01_posts_that_another_site_sends,
    "WEB-02" => web_posts::web_02_json_that_is_sent_as_text,
    "WEB-03" => web_posts::web_03_a_token_of_another_time_or_browser,
    "WEB-04" => web_posts::web_04_a_sign_in_that_another_site_begins,
    "WEB-05" => web_answers::web_05_another_origin_that_wants_to_read,
    "WEB-06" => web_answers::web_06_a_page_in_a_frame,
    "WEB-07" => web_texts::web_07_texts_in_an_address,
    "WEB-08" => web_texts::web_08_texts_from_a_provider,
    "WEB-09" => web_answers::web_09_every_answer_is_hardened,
    "WEB-10" => web_answers::web_10_what_is_left_after_signing_out,
    "WEB-11" => web_answers::web_11_methods_that_nothing_answers_to,
} }

// Where a keeper beside the people has a part in it: sessions, what is spent once, mailed tokens, what is counted.
rows! { KEPT on redis Redis; {
    "ADAPT-03" => adapt_failures::adapt_03_a_store_that_fails_while_a_guard_asks,
    "ADAPT-04" => adapt_corners::adapt_04_connections_that_outlive_their_session,
    "FAULT-01" => fault_answers::fault_01_a_store_that_goes_away_in_a_callback,
    "FAULT-06" => fault_answers::fault_06_a_commit_of_which_nobody_knows,
    "FAULT-07" => fault_keepers::fault_07_a_keeper_that_comes_back_with_less,
    "FAULT-07" => fault_keepers::fault_07_a_keeper_that_is_away,
    "INBOX-03" => inbox_messages::inbox_03_a_message_that_is_repeated,
    "INBOX-08" => inbox_people::inbox_08_the_last_way_in_is_taken_back,
    "LINK-02" => link_mailbox::link_02_the_owner_of_the_mailbox_arrives_by_mail,
    "LINK-03" => link_mailbox::link_03_leftovers_after_the_mailbox_was_proven,
    "LINK-08" => link_sessions::link_08_an_attempt_and_a_session_of_different_people,
    "LINK-10" => link_sessions::link_10_the_last_way_in,
    "LINK-14" => link_sessions::link_14_a_stolen_session_of_yesterday,
    "LOGOUT-01" => logout_sign_out::logout_01_a_sign_out_that_another_site_begins,
    "LOGOUT-03" => logout_back_channel::logout_03_a_token_that_is_not_the_providers,
    "LOGOUT-05" => logout_back_channel::logout_05_a_token_again_too_late_or_too_often,
    "LOGOUT-06" => logout_back_channel::logout_06_exactly_what_was_meant_ends,
    "LOGOUT-07" => logout_front_channel::logout_07_a_frame_of_a_stranger,
    "MAIL-01" => mail_links::mail_01_a_link_opened_twice_at_once_and_too_late,
    "MAIL-02" => mail_codes::mail_02_a_code_that_is_guessed,
    "MAIL-03" => mail_links::mail_03_a_scanner_opens_the_link_first,
    "MAIL-04" => mail_codes::mail_04_a_link_asked_for_by_somebody_else,
    "MAIL-09" => mail_answers::mail_09_a_mailbox_that_is_flooded,
    "MAIL-10" => mail_links::mail_10_a_token_that_is_used_for_something_else,
    "OAUTH-03" => oauth_once::oauth_03_the_same_callback_twice,
    "OAUTH-04" => oauth_once::oauth_04_the_same_callback_fifty_times_at_once,
    "OAUTH-05" => oauth_once::oauth_05_an_attempt_that_is_too_old,
    "OAUTH-20" => oauth_refresh::oauth_20_a_refresh_at_three_servers_at_once,
    "OAUTH-20" => oauth_refresh::oauth_20_a_server_that_dies_while_it_refreshes,
    "RATE-04" => rate_counts::rate_04_two_hundred_at_once_and_steady_traffic,
    "RATE-05" => rate_counts::rate_05_a_store_that_cannot_count,
    "SESS-01" => sess_ids::sess_01_a_planted_session,
    "SESS-01" => sess_ids::sess_01_an_old_id_after_signing_in_again,
    "SESS-02" => sess_ids::sess_02_a_stolen_table,
    "SESS-03" => sess_cookies::sess_03_garbage,
    "SESS-06" => sess_life::sess_06_idle_and_absolute_ends,
    "SESS-07" => sess_life::sess_07_a_cookie_after_its_end,
    "SESS-07" => sess_races::sess_07_everywhere_against_a_new_sign_in,
    "SESS-08" => sess_life::sess_08_a_deleted_user,
    "SESS-09" => sess_life::sess_09_more_sessions_than_one_keeps,
    "SESS-10" => sess_own::sess_10_a_revoked_session_in_the_memory_of_another_server,
    "SESS-11" => sess_own::sess_11_a_session_of_somebody_else,
    "SESS-12" => sess_ids::sess_12_an_id_that_is_taken,
    "SESS-13" => sess_races::sess_13_sign_out_against_renewal,
    "SESS-13" => sess_races::sess_13_a_role_against_renewal,
    "WEB-10" => web_answers::web_10_what_is_left_after_signing_out,
} }

rows! { PROCESSES in file Sqlite, sealed_file Sealed, postgres Postgres, mysql Mysql; {
    "FAULT-02" => fault_processes::fault_02_a_server_that_is_killed_before_a_statement,
    "FAULT-03" => fault_processes::fault_03_a_server_that_is_killed_before_it_answers,
    "FAULT-04" => fault_races::fault_04_two_devices_at_once,
    "FAULT-05" => fault_races::fault_05_two_providers_with_one_address,
    "FAULT-08" => fault_pools::fault_08_more_callbacks_than_connections,
    "FAULT-09" => fault_versions::fault_09_two_versions_on_one_schema,
    "FAULT-09" => fault_versions::fault_09_a_migration_that_is_killed,
    "INBOX-03" => fault_races::inbox_03_one_message_at_three_processes,
    "LINK-10" => fault_races::link_10_the_last_way_in_at_three_processes,
    "MAIL-01" => fault_races::mail_01_one_link_and_one_code_at_three_processes,
    "OAUTH-04" => fault_races::oauth_04_one_callback_at_three_processes,
    "RATE-04" => rate_counts::rate_04_two_hundred_at_three_processes,
} }

rows! { ALONE in alone Sqlite; {
    "RATE-06" => rate_counts::rate_06_memory_while_ever_new_names_come,
    "RATE-07" => rate_sizes::rate_07_memory_while_too_much_comes,
} }

// The same with a keeper beside the people.
rows! { SPLIT in file_and_redis Redis; {
    "FAULT-02" => fault_processes::fault_02_a_server_that_is_killed_before_a_statement,
    "FAULT-03" => fault_processes::fault_03_a_server_that_is_killed_before_it_answers,
    "FAULT-04" => fault_races::fault_04_two_devices_at_once,
    "INBOX-03" => fault_races::inbox_03_one_message_at_three_processes,
    "MAIL-01" => fault_races::mail_01_one_link_and_one_code_at_three_processes,
    "OAUTH-04" => fault_races::oauth_04_one_callback_at_three_processes,
    "RATE-04" => rate_counts::rate_04_two_hundred_at_three_processes,
} }

rows! { SERVERS in postgres_itself Postgres, mysql_itself Mysql; {
    "FAULT-03" => fault_database::fault_03_a_database_that_is_killed_under_load,
} }

/// Not an attack: what a process of its own serves. Without an order it sees to it that such a process serves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_of_its_own() {
    if let Some(order) = support::order() {
        return support::serve(order).await;
    }
    let town = support::Town::start(support::Ground::Sqlite, 1, 1).await.unwrap();
    assert_eq!(town.browser().who().await, None);
}

/// The rows that wait, and for what.
const WAITING: &[(&str, &str)] = &[
    ("FAULT-11", "an address cannot be changed yet"),
    ("NET-10", "no breach list and no captcha is asked yet"),
    ("RATE-08", "it is played at the site's binary: in `examples/site`, tests/site/slow.rs"),
];

/// Rows of which a part waits.
const WAITING_IN_PART: &[(&str, &str)] = &[
    (
        "NET-06",
        "a JSON document counts whatever its type says: providers call it plain text or a script",
    ),
    (
        "NET-07",
        "mail servers are tried in `interop/`, and no TLS of a database is configured by us",
    ),
    (
        "LINK-14",
        "an address cannot be changed yet, and there are no passwords, passkeys or second factors of ours",
    ),
    ("OIDC-19", "the hybrid flow, which has `c_hash`, is not offered"),
    (
        "LOG-03",
        "an address cannot be changed and no password be reset yet, and there are no second factors",
    ),
    (
        "OIDC-22",
        "no endpoint takes an ID token from a browser or a native app, so that none can be fooled by one",
    ),
];

/// Rows that cannot be played on sealed sessions.
const NOT_SEALED: &[(&str, &str)] = &[
    ("SESS-02", "the tables have no sessions that could be stolen"),
    ("SESS-09", "a sealed session has no row, so nobody can count them"),
    ("SESS-12", "no row is made that could be there already"),
];

/// Rows that cannot be played on stored sessions.
const NOT_STORED: &[(&str, &str)] = &[("JWE-", "a stored session is a random token")];

/// How many rows each group has.
const GROUPS: [(&str, usize); 16] = [
    ("ADAPT", 6),
    ("FAULT", 11),
    ("NET", 10),
    ("OAUTH", 22),
    ("OIDC", 26),
    ("INBOX", 10),
    ("PROV", 12),
    ("REDIR", 8),
    ("SESS", 13),
    ("JWE", 8),
    ("LINK", 14),
    ("WEB", 11),
    ("MAIL", 11),
    ("LOGOUT", 7),
    ("RATE", 8),
    ("LOG", 4),
];

#[test]
fn every_row_is_tested_or_waits_for_a_reason() {
    let rows = GROUPS
        .iter()
        .flat_map(|(group, rows)| (1..=*rows).map(move |number| format!("{group}-{number:02}")));
    for row in rows {
        let waits = WAITING.iter().filter(|(waiting, _)| *waiting == row).count();
        for (tested, cannot) in [(STORED, NOT_STORED), (SEALED, NOT_SEALED)] {
            let is_it = |(tested, _): &&(&str, &str)| *tested == row;
            let mut apart = PROCESSES.iter().chain(KEPT);
            let alone = apart.find(is_it).filter(|_| row.starts_with("FAULT-"));
            let is_tested = tested.iter().find(is_it).or(alone).is_some();
            let cannot = cannot.iter().filter(|(begin, _)| row.starts_with(begin)).count();
            assert_eq!(usize::from(is_tested) + waits + cannot, 1, "{row}");
        }
    }
    let all = [STORED, SEALED, KEPT, PROCESSES, ALONE, SPLIT, SERVERS].concat();
    for (row, attack) in all {
        let prefix = row.to_lowercase().replace('-', "_");
        assert!(attack.starts_with(&prefix), "{attack} is listed as {row}");
    }
    assert!(WAITING_IN_PART.iter().all(|(row, _)| STORED.iter().any(|(tested, _)| tested == row)));
}
