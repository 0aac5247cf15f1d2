//! What administrators do to others.

use betancourt_auth::{AuditKind, ErrorKind, Role, Strategy, UserId};
use betancourt_auth_dev::Face;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use time::Duration;

use crate::support::{Browser, STRATEGIES, World, assert_refused, location, page_of};

#[derive(Debug)]
struct Admin;

impl Role for Admin {
    const NAME: &'static str = "ADMIN";
}

async fn who(world: &World) -> UserId {
    let visit = world.auth.visit(&world.headers()).await.unwrap();
    visit.session().unwrap().user.id.clone()
}

/// Who is signed in, and another user.
async fn ana_and_ben(world: &mut World) -> (UserId, UserId) {
    world.enter("ana", "correct horse").await;
    let member = who(world).await;
    world.browser = Browser::default();
    world.sign_in(Face::Google).await;
    let administrator = who(world).await;
    assert_ne!(administrator, member);
    (administrator, member)
}

#[tokio::test]
async fn an_administrator_gives_roles_and_ends_sessions_and_the_log_tells_who() {
    for strategy in STRATEGIES {
        let mut world = World::start(strategy).await;
        let (ana, ben) = ana_and_ben(&mut world).await;
        world.auth.set_role(&ana, "ADMIN").await.unwrap();
        let visit = world.auth.visit(&world.headers()).await.unwrap();

        let administration = world.auth.administration::<Admin>(&visit).await.unwrap();
        assert_eq!(administration.administrator().id, ana);
        administration.set_role(&ben, "EDITOR").await.unwrap();
        assert_eq!(world.auth.store().user(&ben).await.unwrap().unwrap().role, "EDITOR");
        let ended = administration.sign_out(&ben).await.unwrap();
        assert_eq!(ended, u64::from(strategy == Strategy::Database));
        administration.delete(&ben).await.unwrap();
        assert!(world.auth.store().user(&ben).await.unwrap().is_none());

        let log = world.auth.store().audit_log(3).await.unwrap();
        let told: Vec<_> = log.iter().map(|event| (event.kind, event.reason.as_deref())).collect();
        assert_eq!(
            told,
            [
                (AuditKind::UserDeleted, None),
                (AuditKind::SessionsEnded, None),
                (AuditKind::RoleChanged, Some("EDITOR")),
            ],
        );
        assert!(log.iter().all(|event| event.actor.as_ref() == Some(&ana)));
        assert!(log.iter().all(|event| event.user_id.as_ref() == Some(&ben)));
    }
}

#[tokio::test]
async fn nobody_else_does_anything_to_others() {
    for strategy in STRATEGIES {
        let mut world = World::start(strategy).await;
        world.enter("ana", "correct horse").await;
        let ana = who(&world).await;
        let kind = async |world: &World, headers: &HeaderMap| {
            let visit = world.auth.visit(headers).await.unwrap();
            let asked = world.auth.administration::<Admin>(&visit).await;
            asked.map(drop).map_err(|error| error.kind())
        };
        assert_eq!(kind(&world, &HeaderMap::new()).await, Err(ErrorKind::SignedOut));
        assert_eq!(kind(&world, &world.headers()).await, Err(ErrorKind::AccessDenied));
        world.auth.set_role(&ana, "ADMIN").await.unwrap();
        assert_eq!(kind(&world, &world.headers()).await, Ok(()));
        world.clock.advance(Duration::minutes(11));
        assert_eq!(kind(&world, &world.headers()).await, Err(ErrorKind::ReauthRequired));
        world.enter("ana", "correct horse").await;
        assert_eq!(kind(&world, &world.headers()).await, Ok(()));
        world.auth.set_role(&ana, "CLIENT").await.unwrap();
        assert_eq!(kind(&world, &world.headers()).await, Err(ErrorKind::AccessDenied));
    }
}

#[tokio::test]
async fn the_last_administrator_stays() {
    for strategy in STRATEGIES {
        let mut world = World::start(strategy).await;
        let (ana, ben) = ana_and_ben(&mut world).await;
        world.auth.set_role(&ana, "ADMIN").await.unwrap();
        let visit = world.auth.visit(&world.headers()).await.unwrap();
        let administration = world.auth.administration::<Admin>(&visit).await.unwrap();
        let kind =
            |answer: Result<(), betancourt_auth::Error>| answer.map_err(|error| error.kind());

        let last = Err(ErrorKind::LastAdministrator);
        assert_eq!(kind(administration.set_role(&ana, "CLIENT").await), last);
        assert_eq!(kind(administration.delete(&ana).await), last);
        let nobody = UserId::new("nobody");
        let unknown = Err(ErrorKind::UnknownUser);
        assert_eq!(kind(administration.set_role(&nobody, "ADMIN").await), unknown);
        assert_eq!(kind(administration.delete(&nobody).await), unknown);
        assert_eq!(administration.sign_out(&nobody).await.unwrap(), 0);

        administration.set_role(&ben, "ADMIN").await.unwrap();
        administration.set_role(&ana, "CLIENT").await.unwrap();
        assert_eq!(kind(administration.set_role(&ben, "CLIENT").await), last);
    }
}

#[tokio::test]
async fn whoever_is_suspended_is_out_at_once_and_comes_in_no_more() {
    for strategy in STRATEGIES {
        let mut world = World::start(strategy).await;
        let auth = world.auth.clone();
        world.sign_in(Face::Google).await;
        let (ben, theirs) = (who(&world).await, world.browser.clone());
        world.browser = Browser::default();
        world.enter("ana", "correct horse").await;
        let ana = who(&world).await;
        auth.set_role(&ana, "ADMIN").await.unwrap();
        let visit = auth.visit(&world.headers()).await.unwrap();
        let administration = auth.administration::<Admin>(&visit).await.unwrap();

        let ended = administration.suspend(&ben, "wrote to strangers").await.unwrap();
        assert_eq!(ended, u64::from(strategy == Strategy::Database));
        let suspension = auth.suspension(&ben).await.unwrap().unwrap();
        assert_eq!(
            (suspension.by.as_ref(), &*suspension.reason),
            (Some(&ana), "wrote to strangers")
        );
        let log = auth.store().audit_log(1).await.unwrap();
        assert_eq!((log[0].kind, log[0].actor.as_ref()), (AuditKind::UserSuspended, Some(&ana)));
        assert_eq!(log[0].user_id.as_ref(), Some(&ben));
        assert_eq!(log[0].reason.as_deref(), Some("wrote to strangers"));

        world.browser = theirs.clone();
        let bearer = format!("Bearer {}", theirs.jar["authjs.session-token"]).parse().unwrap();
        for headers in [world.headers(), HeaderMap::from_iter([(AUTHORIZATION, bearer)])] {
            assert!(auth.visit(&headers).await.unwrap().session().is_none(), "{headers:?}");
        }
        let (page, said) = page_of(&world.sign_in(Face::Google).await);
        assert_eq!(page, "/auth/error");
        let said: Vec<_> = said.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(said, [("error", "AccessDenied"), ("code", "suspended")]);
        assert!(world.session().await.is_null());
        let shown = world.get("/auth/error?error=AccessDenied&code=suspended").await;
        assert_eq!(shown.status(), 403);
        assert!(String::from_utf8_lossy(shown.body()).contains("Your account is suspended."));
        let refused = auth.store().audit_log(1).await.unwrap();
        assert_eq!(refused[0].reason.as_deref(), Some("sign_in.suspended"));
        assert_eq!(refused[0].user_id.as_ref(), Some(&ben));

        world.clock.advance(Duration::seconds(1));
        assert!(administration.lift_suspension(&ben).await.unwrap());
        assert!(!administration.lift_suspension(&ben).await.unwrap());
        assert_eq!(auth.suspension(&ben).await.unwrap(), None);
        let log = auth.store().audit_log(1).await.unwrap();
        assert_eq!((log[0].kind, log[0].actor.as_ref()), (AuditKind::SuspensionLifted, Some(&ana)));
        world.browser = theirs;
        assert!(world.session().await.is_null(), "what ended stays over");
        world.sign_in(Face::Google).await;
        assert_eq!(who(&world).await, ben);
    }
}

#[tokio::test]
async fn the_right_password_of_somebody_suspended_opens_nothing() {
    for strategy in STRATEGIES {
        let mut world = World::start(strategy).await;
        let auth = world.auth.clone();
        let (administrator, member) = ana_and_ben(&mut world).await;
        auth.set_role(&administrator, "ADMIN").await.unwrap();
        let visit = auth.visit(&world.headers()).await.unwrap();
        let administration = auth.administration::<Admin>(&visit).await.unwrap();
        administration.suspend(&member, "a reason").await.unwrap();

        world.browser = Browser::default();
        let right = world.enter("ana", "correct horse").await;
        assert_refused(&right, "/auth/error", &[("error", "AccessDenied"), ("code", "suspended")]);
        let wrong = world.enter("ana", "another horse").await;
        let (page, said) = page_of(&location(&wrong));
        assert_eq!((page.as_str(), said[0].1.as_str()), ("/auth/signin", "CredentialsSignin"));
        world.clock.advance(Duration::seconds(1));
        administration.lift_suspension(&member).await.unwrap();
        world.enter("ana", "correct horse").await;
        assert_eq!(who(&world).await, member);
    }
}

#[tokio::test]
async fn nobody_suspends_themselves_or_the_last_administrator() {
    for strategy in STRATEGIES {
        let mut world = World::start(strategy).await;
        let auth = world.auth.clone();
        let (ana, ben) = ana_and_ben(&mut world).await;
        auth.set_role(&ana, "ADMIN").await.unwrap();
        let visit = auth.visit(&world.headers()).await.unwrap();
        let administration = auth.administration::<Admin>(&visit).await.unwrap();
        let kind =
            |answer: Result<u64, betancourt_auth::Error>| answer.map_err(|error| error.kind());
        assert_eq!(kind(administration.suspend(&ana, "x").await), Err(ErrorKind::Myself));
        let nobody = UserId::new("nobody");
        assert_eq!(kind(administration.suspend(&nobody, "x").await), Err(ErrorKind::UnknownUser));

        // Two who would shut out each other: whoever is second is the last one.
        auth.set_role(&ben, "ADMIN").await.unwrap();
        world.browser = Browser::default();
        world.enter("ana", "correct horse").await;
        let visit = auth.visit(&world.headers()).await.unwrap();
        let of_ben = auth.administration::<Admin>(&visit).await.unwrap();
        assert!(administration.suspend(&ben, "x").await.is_ok());
        assert_eq!(kind(of_ben.suspend(&ana, "x").await), Err(ErrorKind::LastAdministrator));
        let kept = administration.set_role(&ana, "CLIENT").await.map_err(|error| error.kind());
        assert_eq!(kept, Err(ErrorKind::LastAdministrator), "who is shut out does not count");
    }
}
