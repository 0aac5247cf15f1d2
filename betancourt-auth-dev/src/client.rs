//! What an app is registered as at a face, and must be configured with.

use std::fmt;

use url::Url;

use crate::face::Face;
use crate::person::Person;
use crate::random;
use crate::signing::apple_key::AppleKey;

/// An app as one face knows it (RFC 6749 §2).
///
/// ```
/// # async fn example() -> Result<(), betancourt_auth_dev::StartError> {
/// use betancourt_auth_dev::{Face, LookAlikes};
///
/// let lookalikes = LookAlikes::start("http://localhost:3000/api/auth").await?;
/// let google = lookalikes.client(Face::Google);
/// assert_eq!(google.redirect_uri().as_str(), "http://localhost:3000/api/auth/callback/google");
/// assert!(google.issuer().starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
pub struct Client {
    face: Face,
    id: String,
    secret: String,
    apple_key: Option<AppleKey>,
    redirect_uri: Url,
    others: Vec<Url>,
    base: String,
}

/// Where a face's endpoints are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Endpoints {
    /// The authorization endpoint.
    pub authorization: String,
    /// The token endpoint.
    pub token: String,
    /// The UserInfo endpoint, Graph's `me`; Apple has none.
    pub user_info: Option<String>,
    /// The key set; Facebook has none.
    pub keys: Option<String>,
}

impl Client {
    /// Registers the app at a face whose first address is `base`.
    pub(crate) fn register(
        face: Face,
        base: String,
        app: &Url,
        credentials: Option<(String, String)>,
        now: i64,
    ) -> Result<Self, ring::error::Unspecified> {
        let apple_key = if face == Face::Apple { Some(AppleKey::make()?) } else { None };
        let (id, chosen) =
            credentials.unwrap_or_else(|| (usual_id(face).to_owned(), random_secret()));
        let secret = match &apple_key {
            Some(key) => key.client_secret(&id, &base, now)?,
            None => chosen,
        };
        let redirect_uri = callback(app, face);
        Ok(Self { face, id, secret, apple_key, redirect_uri, others: Vec::new(), base })
    }

    /// The same client, with redirect addresses of more apps.
    pub(crate) fn also(mut self, apps: &[Url]) -> Self {
        self.others.extend(apps.iter().map(|app| callback(app, self.face)));
        self
    }

    /// The face this registration is at.
    #[must_use]
    pub fn face(&self) -> Face {
        self.face
    }

    /// The client id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The client secret; at Apple a JWT that is good for six months.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// Apple: the key with which the app signs client secrets of its own.
    #[must_use]
    pub fn apple_key(&self) -> Option<&AppleKey> {
        self.apple_key.as_ref()
    }

    /// The redirect address of the app.
    #[must_use]
    pub fn redirect_uri(&self) -> &Url {
        &self.redirect_uri
    }

    /// The only redirect addresses the face sends anybody to: that of the app, and those of the apps that are served
    /// [also](crate::Setup::also).
    pub fn redirect_uris(&self) -> impl Iterator<Item = &Url> {
        std::iter::once(&self.redirect_uri).chain(&self.others)
    }

    /// Where the face sends people back to who have signed out: `/signed-out` of each app.
    pub(crate) fn signed_out_uris(&self) -> impl Iterator<Item = Url> {
        self.redirect_uris().map(|callback| {
            let mut signed_out = callback.clone();
            let end = format!("callback/{}", self.face.id());
            let path = callback.path().trim_end_matches(&end);
            signed_out.set_path(&format!("{path}signed-out"));
            signed_out
        })
    }

    /// Where the face begins: `http://127.0.0.1:PORT/google`, without a slash at the end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The issuer to configure; discovery is below it. At Microsoft that of every tenant
    /// (`common`), at Facebook, which has no discovery, the base.
    #[must_use]
    pub fn issuer(&self) -> String {
        match self.face {
            Face::Google | Face::Facebook | Face::Apple => self.base.clone(),
            Face::Microsoft => format!("{}/common/v2.0", self.base),
        }
    }

    /// The endpoints, for a client without discovery.
    #[must_use]
    pub fn endpoints(&self) -> Endpoints {
        let at = |path: &str| format!("{}/{path}", self.base);
        match self.face {
            Face::Google => Endpoints {
                authorization: at("authorize"),
                token: at("token"),
                user_info: Some(at("userinfo")),
                keys: Some(at("jwks")),
            },
            Face::Facebook => Endpoints {
                authorization: at("v23.0/dialog/oauth"),
                token: at("v23.0/oauth/access_token"),
                user_info: Some(at("v23.0/me")),
                keys: None,
            },
            Face::Apple => Endpoints {
                authorization: at("auth/authorize"),
                token: at("auth/token"),
                user_info: None,
                keys: Some(at("auth/keys")),
            },
            Face::Microsoft => self.endpoints_of_tenant("common"),
        }
    }

    /// The environment variables an app needs, names and values, as Auth.js has them.
    #[must_use]
    pub fn variables(&self) -> Vec<(String, String)> {
        let named = |end: &str, value: &str| {
            (format!("{}_{end}", self.face.variable_prefix()), value.to_owned())
        };
        let mut variables = vec![
            named("ID", &self.id),
            named("SECRET", &self.secret),
            named("ISSUER", &self.issuer()),
        ];
        if let Some(key) = &self.apple_key {
            variables.push(named("TEAM_ID", key.team_id()));
            variables.push(named("KEY_ID", key.key_id()));
            variables.push(named("PRIVATE_KEY", key.private_key()));
        }
        variables
    }

    /// An address below that of the app's auth routes, where the redirect address is, too.
    pub(crate) fn below_the_app(&self, path: &str) -> Url {
        let mut url = self.redirect_uri.clone();
        let callback = format!("/callback/{}", self.face.id());
        let app = url.path().strip_suffix(&callback).unwrap_or_default().to_owned();
        url.set_path(&format!("{app}{path}"));
        url
    }

    /// Where a person's picture is.
    pub(crate) fn picture(&self, person: &Person) -> String {
        format!("{}/picture/{}", self.base, person.segment())
    }

    /// Microsoft: the endpoints as one tenant's metadata names them.
    pub(crate) fn endpoints_of_tenant(&self, tenant: &str) -> Endpoints {
        let base = &self.base;
        Endpoints {
            authorization: format!("{base}/{tenant}/oauth2/v2.0/authorize"),
            token: format!("{base}/{tenant}/oauth2/v2.0/token"),
            user_info: Some(format!("{base}/oidc/userinfo")),
            keys: Some(format!("{base}/{tenant}/discovery/v2.0/keys")),
        }
    }
}

/// A client id in the manner of the face. It never changes: Microsoft's subjects depend on it.
const fn usual_id(face: Face) -> &'static str {
    match face {
        Face::Google => "672018345901-look-alike.apps.googleusercontent.example",
        Face::Facebook => "1048576209871345",
        Face::Apple => "com.example.look-alike.sign-in",
        Face::Microsoft => "7c0be1d4-58a2-4f9d-b3e6-20d91f4a86c5",
    }
}

fn random_secret() -> String {
    random::token("look-alike-secret-")
}

/// `<app>/callback/<provider id>`, whether or not the app's URL ends with a slash.
fn callback(app: &Url, face: Face) -> Url {
    let mut callback = app.clone();
    callback.set_path(&format!("{}/callback/{}", app.path().trim_end_matches('/'), face.id()));
    callback
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("face", &self.face)
            .field("id", &self.id)
            .field("redirect_uri", &self.redirect_uri.as_str())
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}
