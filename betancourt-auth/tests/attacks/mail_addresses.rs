//! An address is one mailbox, written in one way.

use crate::support::{ANA, Place, Stage, World};

async fn assert_no_mail(world: &World, addresses: &[&str]) {
    for address in addresses {
        let answer = world.browser().ask_for_mail(address).await;
        answer.assert_refused("EmailSignin");
        assert_eq!(world.mails().await, [], "{address:?}");
    }
}

/// Addresses that one reader takes for one mailbox and the next for another.
pub(crate) async fn mail_05_addresses_that_name_two_mailboxes(place: Place) {
    let world = Stage::new(place).mail().start().await;
    let hostile = [
        "\"a@evil.example\"@corp.example",
        "a@evil.example,b@corp.example",
        "a@evil.example;b@corp.example",
        "a@evil.example b@corp.example",
        "Name <a@evil.example>",
        "<a@evil.example>",
        "a@corp.example\r\nBcc: b@evil.example",
        "a@corp.example\nTo: b@evil.example",
        "a@corp.example%0d%0aBcc: b@evil.example",
        "@relay.example:a@corp.example",
        "a%evil.example@corp.example",
        "evil.example!a@corp.example",
        "a(b@evil.example)@corp.example",
        "a@[10.0.0.1]",
        "a@corp.example@evil.example",
        "a@corp.example\0@evil.example",
    ];
    assert_no_mail(&world, &hostile).await;
    // Two of them are not one, either.
    let twice = [("email", ANA), ("email", "b@evil.example")];
    world.browser().submit(crate::support::ASK, &twice).await.assert_refused("EmailSignin");
    assert_eq!(world.mails().await, []);

    let letter = world.letter_for(&mut world.browser(), ANA).await;
    assert_eq!((letter.mail.to.as_str(), letter.address.as_str()), (ANA, ANA));
    world.browser().press(&letter).await.assert_welcome();
    assert_eq!(world.mails().await.len(), 1);
}

/// Characters that only become syntax when they are normalized.
pub(crate) async fn mail_06_characters_that_become_syntax(place: Place) {
    let world = Stage::new(place).mail().start().await;
    let hostile = [
        "a@corp.example\u{ff20}evil.example",
        "a\u{ff20}corp.example\u{fe6b}evil.example",
        "a\u{ff0c}b@corp.example",
        "a\u{ff02}b@corp.example",
        "a\u{ff1c}b@corp.example",
        "a@corp\u{2024}\u{2024}example",
        "a\u{200b}@corp.example",
        "a\u{202e}b@corp.example",
    ];
    assert_no_mail(&world, &hostile).await;

    // One sign for `@` is one, in whichever width: looked up, stored and written to is one and the same address.
    let wide = ANA.replace('@', "\u{ff20}").to_uppercase();
    world.browser().ask_for_mail(&wide).await.assert_sent();
    let letter = world.letter(ANA).await;
    assert_eq!((letter.mail.to.as_str(), letter.address.as_str()), (ANA, ANA));
    let mut browser = world.browser();
    browser.press(&letter).await.assert_welcome();
    assert_eq!(browser.address().await.as_deref(), Some(ANA));
}

/// Addresses that look like somebody's, or become somebody's in another letter case or spelling.
pub(crate) async fn mail_07_twins_of_an_address(place: Place) {
    let world = Stage::new(place).mail().start().await;
    let victim = "mike@b\u{fc}cher.example";
    let canonical = "mike@xn--bcher-kva.example";
    drop(world.signed_in_by_mail(canonical).await);
    let users = world.snapshot().await.users;

    for (number, twin) in
        ["m\u{131}ke@b\u{fc}cher.example", "mike@b\u{fc}cher.ex\u{430}mple"].into_iter().enumerate()
    {
        world.browser().ask_for_mail(twin).await.assert_sent();
        let to = world.mails().await.pop().unwrap().to;
        assert_ne!(to, canonical, "{twin}");
        let letter = world.letter(&to).await;
        let mut twin = world.browser();
        twin.press(&letter).await.assert_welcome();
        assert_eq!(twin.address().await, Some(to));
        assert_eq!(world.snapshot().await.users.len(), users.len() + number + 1);
    }
    for invalid in ["mike@xn--example-.com", "mike@xn--.com", "mike@xn--zzzz-.com", "mike@-a.com"] {
        world.browser().ask_for_mail(invalid).await.assert_refused("EmailSignin");
    }

    // The same domain in its other spelling is the same.
    world.browser().ask_for_mail(victim).await.assert_sent();
    let letter = world.letter(canonical).await;
    let mut same = world.browser();
    same.press(&letter).await.assert_welcome();
    assert_eq!(same.address().await.as_deref(), Some(canonical));
    assert_eq!(world.snapshot().await.users.len(), users.len() + 2);
}
