//! Microsoft Entra ID. <https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>

use serde_json::{Value, json};

use super::{
    Algorithm, ClientAuthentication, Email, Profile, Protocol, Provider, Quirk, Tenants, text,
};

/// Microsoft accounts of work, school and home. Keyed by `sub`, which Microsoft mints for this application alone;
/// `tid` and `oid` are kept beside it. An administrator of any tenant can write any address into a token, so an
/// address counts as proven only with the optional claim `xms_edov` (e-mail domain owner verified).
///
/// The default issuer admits everybody. Set the issuer of your own tenant, or list tenants:
///
/// ```
/// use betancourt_auth::provider::{Quirk, Tenants, microsoft_entra_id};
/// let mut partners = microsoft_entra_id();
/// let tenants = vec!["72f988bf-86f1-41af-91ab-2d7cd011db47".into()];
/// partners.quirks.retain(|quirk| !matches!(quirk, Quirk::TenantIssuer(_)));
/// partners.quirks.push(Quirk::TenantIssuer(Tenants::Only(tenants)));
/// ```
#[must_use]
pub fn microsoft_entra_id() -> Provider {
    Provider {
        id: "microsoft-entra-id".into(),
        name: "Microsoft Entra ID".into(),
        protocol: Protocol::OpenIdConnect {
            issuer: "https://login.microsoftonline.com/common/v2.0".into(),
            algorithms: vec![Algorithm::Rs256],
        },
        scopes: vec!["openid".into(), "profile".into(), "email".into()],
        client_authentication: ClientAuthentication::Basic,
        quirks: vec![Quirk::TenantIssuer(Tenants::Any), Quirk::KeepClaims(&["tid", "oid"])],
        profile,
    }
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let claims = documents.first()?;
    let domain_owner_verified = claims
        .get("xms_edov")
        .is_some_and(|said| [json!(true), json!(1), json!("1")].contains(said));
    let email = text(claims, "email");
    Some(Profile {
        subject: text(claims, "sub")?,
        name: text(claims, "name"),
        email: email.map(if domain_owner_verified { Email::Verified } else { Email::Unverified }),
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Value {
        json!({
            "iss": "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
            "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "oid": "690222be-ff1a-4d56-abd1-7e4f7d38e474",
            "tid": "72f988bf-86f1-41af-91ab-2d7cd011db47", "name": "Abe Lincoln", "email": "abe@example.com",
            "preferred_username": "abe@example.com", "ver": "2.0",
        })
    }

    #[test]
    fn takes_what_microsoft_says() {
        let profile = profile(&[claims()]).unwrap();
        assert_eq!(profile.subject, "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ");
        assert_eq!(profile.name.as_deref(), Some("Abe Lincoln"));
        assert_eq!(profile.email, Some(Email::Unverified("abe@example.com".into())));
    }

    #[test]
    fn a_tenant_can_write_any_address_so_only_the_domain_owner_proves_one() {
        let mut claims = claims();
        claims["email_verified"] = json!(true);
        assert_eq!(
            profile(&[claims.clone()]).unwrap().email,
            Some(Email::Unverified("abe@example.com".into()))
        );
        claims["xms_edov"] = json!(true);
        assert_eq!(
            profile(&[claims]).unwrap().email,
            Some(Email::Verified("abe@example.com".into()))
        );
    }
}
