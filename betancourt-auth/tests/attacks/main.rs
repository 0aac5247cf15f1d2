//! The attacks of the catalogue, each played against a real server over a real socket, once for every store.
//!
//! A row's test first plays the hostile move and asks for the required answer, then the same flow without the hostile
//! change, which must succeed: its positive twin. What a test sees, it sees from outside: answers, the providers'
//! logs, the servers' logs, and a photograph of the store. Every cookie that is set, every answer and every line of the
//! log is searched besides for what must not be there.
//!
//! The matrix is what exists: axum, sessions in the store, the memory store and SQLite. Races are run in few rounds
//! unless `BETANCOURT_ROUNDS` asks for more (200 are the full number). `cargo xtask mutants` shows that each test fails
//! when the check that it guards is switched off.
#![cfg(test)]

mod oauth_callback;
mod oauth_mix_up;
mod oauth_once;
mod oauth_start;
mod oauth_stolen_code;
mod oauth_token_answer;
mod oauth_unasked;
mod redir_addresses;
mod redir_hosts;
mod sess_cookies;
mod sess_ids;
mod sess_life;
mod sess_races;
mod support;

/// Says which function plays which row, and makes a test of it for every store.
macro_rules! rows {
    ($($row:literal => $module:ident::$attack:ident,)*) => {
        const TESTED: &[(&str, &str)] = &[$(($row, stringify!($attack))),*];

        rows!(@on memory: Memory, $($module::$attack,)*);
        rows!(@on sqlite: Sqlite, $($module::$attack,)*);
    };
    (@on $name:ident: $place:ident, $($module:ident::$attack:ident,)*) => {
        mod $name {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $attack() {
                    crate::$module::$attack(crate::support::Place::$place).await;
                }
            )*
        }
    };
}

rows! {
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
    "SESS-12" => sess_ids::sess_12_an_id_that_is_taken,
    "SESS-13" => sess_races::sess_13_sign_out_against_renewal,
    "SESS-13" => sess_races::sess_13_a_role_against_renewal,
}

/// The rows that wait, and for what.
const WAITING: &[(&str, &str)] = &[
    ("OAUTH-20", "tokens of providers are kept but not refreshed yet"),
    ("OAUTH-21", "tokens of providers are kept but not refreshed yet"),
    ("OAUTH-22", "a sign-in that a third party begins is not offered yet"),
    ("SESS-10", "there is no cache of sessions that could be stale"),
    ("SESS-11", "a person's sessions cannot be listed yet"),
];

/// Rows of which a part waits.
const WAITING_IN_PART: &[(&str, &str)] = &[("REDIR-07", "nothing sends mail yet")];

/// How many rows each group has.
const GROUPS: [(&str, usize); 3] = [("OAUTH", 22), ("REDIR", 8), ("SESS", 13)];

#[test]
fn every_row_is_tested_or_waits_for_a_reason() {
    let rows = GROUPS
        .iter()
        .flat_map(|(group, rows)| (1..=*rows).map(move |number| format!("{group}-{number:02}")));
    for row in rows {
        let is_tested = TESTED.iter().any(|(tested, _)| *tested == row);
        let waits = WAITING.iter().filter(|(waiting, _)| *waiting == row).count();
        assert_eq!(usize::from(is_tested) + waits, 1, "{row}");
    }
    for (row, attack) in TESTED {
        let prefix = row.to_lowercase().replace('-', "_");
        assert!(attack.starts_with(&prefix), "{attack} is listed as {row}");
    }
    assert!(WAITING_IN_PART.iter().all(|(row, _)| TESTED.iter().any(|(tested, _)| tested == row)));
}
