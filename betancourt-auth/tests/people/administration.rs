//! What administrators do to others.

use betancourt_auth::{AuditKind, ErrorKind, Role, Strategy, UserId};
use betancourt_auth_dev::Face;
use http::HeaderMap;
use time::Duration;

use crate::support::{Browser, STRATEGIES, World};

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
