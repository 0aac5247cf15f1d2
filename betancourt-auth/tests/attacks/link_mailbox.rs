//! Whoever proves a mailbox first finds nothing of those who used its address in vain.

use betancourt_auth_dev::Face;

use crate::support::{Browser, CAMILA, JULIAN, Place, Stage, World};

/// An attacker's browser, signed in with a provider that verifies no address, under the address of the victim.
async fn squatter(world: &World) -> Browser {
    let browser = world.signed_in(Face::Facebook, CAMILA).await;
    let [user] = world.snapshot().await.users.try_into().unwrap();
    assert!(user.contains(CAMILA), "{user}");
    assert_eq!(world.snapshot().await.accounts.len(), 1);
    browser
}

/// The victim arrives by mail at an account that somebody else made under the same address.
pub(crate) async fn link_02_the_owner_of_the_mailbox_arrives_by_mail(place: Place) {
    let world = Stage::new(place).mail().start().await;
    let mut attacker = squatter(&world).await;
    let mut copy = attacker.clone();
    assert_eq!(attacker.knock().await, 200);

    let mut victim = world.signed_in_by_mail(CAMILA).await;
    assert_eq!(victim.address().await.as_deref(), Some(CAMILA));
    assert_eq!((attacker.knock().await, copy.knock().await), (401, 401));
    assert_eq!(world.snapshot().await.accounts, Vec::<String>::new());
    world.log.once("link.unproven_removed");

    let mut again = world.browser();
    let callback = again.begin_as(Face::Facebook, CAMILA).await;
    again.follow(&callback).await.assert_refused("EmailNotVerified");

    // The code proves the mailbox as the link does, and who proved it before loses nothing by doing so again.
    let letter = world.letter_for(&mut again, CAMILA).await;
    again.type_code(&letter.code).await.assert_welcome();
    assert_eq!((victim.knock().await, again.knock().await), (200, 200));
    assert_eq!(world.log.events("link.unproven_removed").len(), 1);
}

/// What the attacker still holds when the victim has arrived: a session, a mail that was asked for, a code.
pub(crate) async fn link_03_leftovers_after_the_mailbox_was_proven(place: Place) {
    let world = Stage::new(place).mail().start().await;
    let mut attacker = squatter(&world).await;
    let pending = world.letter_for(&mut attacker, CAMILA).await;
    let mut victim = world.browser();
    victim.press(&pending).await.assert_welcome();
    let after = world.snapshot().await;

    assert_eq!(attacker.knock().await, 401);
    attacker.type_code(&pending.code).await.assert_wrong_code();
    attacker.confirm(CAMILA, &pending.token).await.assert_refused("Verification");
    assert_eq!(world.snapshot().await.users, after.users, "the row of the address is what it was");
    assert_eq!(victim.knock().await, 200);
}

/// An attacker ties an identity of their own to the account under the victim's address, as a way back in.
pub(crate) async fn link_04_an_identity_that_waits_in_the_account(place: Place) {
    let world = Stage::new(place).mail().start().await;
    let mut attacker = squatter(&world).await;
    let callback = attacker.begin_as(Face::Google, JULIAN).await;
    attacker.follow(&callback).await;

    let mut victim = world.signed_in_by_mail(CAMILA).await;
    let mut back = world.browser();
    let callback = back.begin_as(Face::Google, JULIAN).await;
    back.follow(&callback).await;
    assert_ne!(back.address().await.as_deref(), Some(CAMILA));
    assert_eq!(victim.address().await.as_deref(), Some(CAMILA));
    world.log.once("link.unproven_removed");
    let accounts = world.snapshot().await.accounts;
    assert!(accounts.iter().all(|account| account.starts_with("google ")), "{accounts:?}");
}
