//! `kill -9` of a server, before each statement of what it does and after each commit.

use betancourt_auth::clock::{Clock as _, SystemClock};
use betancourt_auth::store::{Perishable, TokenStore as _};
use betancourt_auth::testing::CrashPoint;
use betancourt_auth_dev::Face;
use time::Duration;

use crate::support::{Browser, Fate, Ground, Request, Town, singer};

/// No request takes more statements.
const MOST: u32 = 30;

/// What somebody does while the server dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    SignUp,
    SignIn,
    Link,
    SignOut,
}

const ACTS: [Act; 4] = [Act::SignUp, Act::SignIn, Act::Link, Act::SignOut];

impl Act {
    /// Everything up to the one request, and its bytes.
    async fn prepared(self, town: &Town, number: usize) -> (Browser, Vec<u8>) {
        let google = singer(Face::Google, number);
        let mut browser = town.browser();
        if self != Self::SignUp {
            browser.sign_in(Face::Google, &google).await;
        }
        if self == Self::SignIn {
            browser = town.browser();
        }
        let callback = match self {
            Self::SignUp | Self::SignIn => browser.begin_as(Face::Google, &google).await,
            Self::Link => browser.begin_as(Face::Facebook, &singer(Face::Facebook, number)).await,
            Self::SignOut => {
                let form = browser.form(&[]).await;
                let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
                let bytes = browser.dressed(Request::post("/auth/signout", &form));
                return (browser, bytes);
            }
        };
        let bytes = Town::callback(&browser, &callback);
        (browser, bytes)
    }

    /// After the commit of what it is about. The handshake is spent by a statement of its own before, unless Redis has it.
    fn commit(self, ground: Ground) -> CrashPoint {
        match self {
            _ if ground == Ground::Redis => CrashPoint::AfterCommit(1),
            Self::SignUp | Self::SignIn | Self::Link => CrashPoint::AfterCommit(2),
            Self::SignOut => CrashPoint::AfterCommit(1),
        }
    }

    /// How many users, accounts and sessions there are more when it is done.
    fn adds(self) -> [i64; 3] {
        match self {
            Self::SignUp => [1, 1, 1],
            Self::SignIn => [0, 0, 1],
            Self::Link => [0, 1, 0], // the session is renewed
            Self::SignOut => [0, 0, -1],
        }
    }

    /// Somebody whose server died does it again, and it is done, once.
    async fn again(self, town: &Town, number: usize, browser: &mut Browser) {
        match self {
            Self::SignUp | Self::SignIn => {
                town.signed_in(Face::Google, &singer(Face::Google, number)).await;
            }
            Self::Link => {
                assert!(browser.who().await.is_some(), "nobody told them that it has ended");
                browser.sign_in(Face::Facebook, &singer(Face::Facebook, number)).await;
            }
            Self::SignOut => {
                browser.submit("/auth/signout", &[]).await;
                assert_eq!(browser.who().await, None);
            }
        }
    }
}

/// The rows that there are, and so many more.
async fn assert_added(town: &Town, before: [i64; 3], [users, accounts, sessions]: [i64; 3]) {
    let added = [users, accounts, town.ground.rows(sessions)];
    let expected: Vec<_> = before.iter().zip(added).map(|(before, added)| before + added).collect();
    assert_eq!(counted(town).await.as_slice(), expected);
    town.books.assert_sound().await;
}

async fn counted(town: &Town) -> [i64; 3] {
    let rows = town.books.rows().await;
    [rows.users, rows.accounts, rows.sessions]
}

/// Dead before any of its statements, the last one of which is the commit: nothing is there, and the same person can do
/// the same again. With Redis the people are looked at once more after the commit: then all is there, and nobody has the
/// session.
pub(crate) async fn fault_02_a_server_that_is_killed_before_a_statement(ground: Ground) {
    let people = ACTS.len() * MOST as usize;
    let Some(mut town) = Town::start(ground, 1, people).await else { return };
    for (act, first) in ACTS.into_iter().zip((0..).step_by(MOST as usize)) {
        let mut killed = 0;
        for (nth, number) in (1..=MOST).zip(first..) {
            let (mut browser, bytes) = act.prepared(&town, number).await;
            let before = counted(&town).await;
            let fate = town.kill_at(CrashPoint::BeforeStatement(nth), bytes).await;
            if let Fate::Answered(answer) = fate {
                assert!(matches!(answer.status, 302 | 303), "{answer:?}");
                assert_added(&town, before, act.adds()).await;
                break;
            }
            killed += 1;
            let is_committed = ground == Ground::Redis && counted(&town).await != before;
            assert_added(&town, before, if is_committed { act.adds() } else { [0; 3] }).await;
            if is_committed && act == Act::Link {
                // Their session was replaced, and nobody has the new one.
                assert_eq!(browser.who().await, None);
                town.signed_in(Face::Facebook, &singer(Face::Facebook, number)).await;
            } else {
                act.again(&town, number, &mut browser).await;
            }
            assert_added(&town, before, act.adds()).await;
        }
        assert!((3..MOST).contains(&killed), "{act:?} was killed {killed} times");
    }
}

/// Dead when all is written and nobody knows: a retry finds the same person, and the session that nobody has ends by
/// itself.
pub(crate) async fn fault_03_a_server_that_is_killed_before_it_answers(ground: Ground) {
    let Some(mut town) = Town::start(ground, 1, ACTS.len()).await else { return };
    for (number, act) in ACTS.into_iter().enumerate() {
        let (mut browser, bytes) = act.prepared(&town, number).await;
        let before = counted(&town).await;
        let fate = town.kill_at(act.commit(ground), bytes).await;
        assert!(matches!(fate, Fate::Killed), "{act:?}: {fate:?}");
        assert_added(&town, before, act.adds()).await;

        let [users, accounts, _] = counted(&town).await;
        match act {
            Act::SignUp | Act::SignIn => act.again(&town, number, &mut browser).await,
            // Their session was renewed, and nobody has the new one; or it has ended.
            Act::Link | Act::SignOut => {
                assert_eq!(browser.who().await, None);
                town.signed_in(Face::Google, &singer(Face::Google, number)).await;
            }
        }
        let after = counted(&town).await;
        assert_eq!([after[0], after[1]], [users, accounts], "{act:?}: nobody is there twice");
        town.books.assert_sound().await;
    }
    let later = SystemClock.now() + Duration::days(31);
    town.books.store().sweep(Perishable::Sessions, later, 1000).await.unwrap();
    assert_eq!(town.books.rows().await.sessions, 0);
}
