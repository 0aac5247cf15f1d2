//! What the provider does in a scene: as it should be, but for what the module is about.

use betancourt_auth::provider::Algorithm;
use serde_json::{Map, Value};

use crate::signing::id_token::IdToken;

/// How the provider acts. [`HONEST`] is how it should; each module says in what it differs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Act {
    /// Changes the metadata.
    pub(crate) metadata: fn(&mut Value),
    /// What the key set has.
    pub(crate) keys: Keys,
    /// When a new key takes the place of the old one.
    pub(crate) rotation: Rotation,
    /// How the authorization request is answered.
    pub(crate) reply: Reply,
    /// What ID tokens are signed with.
    pub(crate) algorithm: Algorithm,
    /// Where the person's claims stand.
    pub(crate) claims: Claims,
    /// Changes the ID token of a sign-in before it is signed.
    pub(crate) id_token: fn(&mut IdToken),
    /// Whether there is a refresh token, and what it changes in the ID token that comes of it. The access token before
    /// is about to end.
    pub(crate) refresh: Option<fn(&mut IdToken)>,
    /// Changes the claims of the UserInfo endpoint. Also gets the issuer.
    pub(crate) user_info: fn(&mut Map<String, Value>, &str),
    /// Whether the answer of the UserInfo endpoint is signed, and what that changes in it.
    pub(crate) signed_user_info: Option<fn(&mut IdToken)>,
    /// Whether the app's server is told when somebody signs out here, and what that changes in the logout token.
    pub(crate) logout_token: Option<fn(&mut IdToken)>,
    /// Whether the app is told in a frame when somebody signs out here, and by which issuer.
    pub(crate) frame: Option<Frame>,
    /// Which `state` somebody brings back who has signed out here.
    pub(crate) state_afterwards: StateAfterwards,
}

/// What the key set has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Two keys of different kinds, each with its name.
    Named,
    /// One key, without a name.
    Nameless,
    /// Two keys of one kind, without names. The second one signs.
    SeveralNameless,
}

/// When a new key takes the place of the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rotation {
    Never,
    BeforeAuthorization,
    BeforeSigning,
}

/// How the authorization request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// With a code.
    Code,
    /// With this error.
    Error(&'static str),
    /// With a good ID token and an access token, and without a code.
    Tokens,
}

/// Whom the frame of a sign-out names as the issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    Ours,
    OfAnother,
}

/// Which `state` somebody brings back who has signed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StateAfterwards {
    TheSame,
    Another,
    None,
}

/// Where the person's claims stand, beside `sub`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claims {
    /// In the ID token and at the UserInfo endpoint.
    Everywhere,
    /// At the UserInfo endpoint alone.
    InUserInfo,
}

/// How a provider should act.
pub(crate) const HONEST: Act = Act {
    metadata: |_| {},
    keys: Keys::Named,
    rotation: Rotation::Never,
    reply: Reply::Code,
    algorithm: Algorithm::Rs256,
    claims: Claims::Everywhere,
    id_token: |_| {},
    refresh: None,
    user_info: |_, _| {},
    signed_user_info: None,
    logout_token: None,
    frame: None,
    state_afterwards: StateAfterwards::TheSame,
};
