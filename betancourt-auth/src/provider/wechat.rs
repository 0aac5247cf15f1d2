//! WeChat. <https://developers.weixin.qq.com/doc/service/en/guide/h5/auth.html>

use serde_json::Value;

use super::{Profile, Provider, Quirk, identifier, oauth2, text};

/// WeChat accounts, for official accounts. Keyed by `unionid`, which takes an application bound to the open
/// platform. There is no address.
#[must_use]
pub fn wechat() -> Provider {
    let addresses = [
        "https://open.weixin.qq.com/connect/oauth2/authorize#wechat_redirect",
        "https://api.weixin.qq.com/sns/oauth2/access_token?appid={client_id}&secret={client_secret}",
        "https://api.weixin.qq.com/sns/userinfo?access_token={access_token}&openid={openid}&lang=zh_CN",
    ];
    oauth2("wechat", "WeChat", addresses, profile)
        .with_scopes(&["snsapi_userinfo"])
        .with_quirk(Quirk::ClientIdAs("appid"))
        .with_quirk(Quirk::CommaScopes)
        .with_quirk(Quirk::UntypedToken)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "unionid")?,
        name: text(person, "nickname"),
        email: None,
        image: text(person, "headimgurl"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_wechat_says() {
        let person = json!({
            "openid": "o", "unionid": "u", "nickname": "Ada", "headimgurl": "https://img.example.com/a.png",
        });
        let expected = Profile {
            subject: "u".into(),
            name: Some("Ada".into()),
            email: None,
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
