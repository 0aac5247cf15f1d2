//! A module on its stage: how it is answered, who plays it, and as whom the app knows them.

use std::sync::Arc;

use betancourt_auth::provider::{Protocol, Quirk, Registration, oidc};

use crate::callback::ResponseMode;
use crate::conformance::module::Module;
use crate::conformance::modules::MODULES;
use crate::conformance::plan::Plan;
use crate::conformance::provider::Issuer;
use crate::conformance::report::{Row, Verdict};

/// A module, and the issuer that plays it.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) module: &'static Module,
    pub(crate) response_mode: ResponseMode,
    pub(crate) issuer: Arc<Issuer>,
}

impl Stage {
    /// A stage for every module in each of its ways. `issuer` answers with who plays the one with that id.
    pub(crate) fn all(mut issuer: impl FnMut(&str) -> Arc<Issuer>) -> Vec<Self> {
        let parts = MODULES.iter().copied().flatten().flat_map(|module| {
            module.response_modes.iter().map(move |response_mode| (module, *response_mode))
        });
        let stage = |(module, response_mode)| {
            let issuer = issuer(&id_of(module, response_mode));
            Self { module, response_mode, issuer }
        };
        parts.map(stage).collect()
    }

    /// Whether there is anything to play.
    pub(crate) const fn is_played(&self) -> bool {
        !self.module.scenes.is_empty()
    }

    /// The registration of an app that has a provider for each stage.
    pub(crate) fn registration(&self) -> Registration {
        let Issuer { base, provider, client_id, client_secret, .. } = &*self.issuer;
        let mut provider = oidc(provider.clone(), self.module.name, base.clone());
        provider.quirks.push(Quirk::UserInfo);
        if self.response_mode == ResponseMode::FormPost {
            provider.quirks.push(Quirk::FormPost);
        }
        if let Protocol::OpenIdConnect { algorithms, .. } = &mut provider.protocol {
            *algorithms = self.module.algorithms();
        }
        let mut registration =
            Registration::new(provider, client_id.clone(), client_secret.clone());
        registration.sign_out_at_provider = self.module.signs_out();
        registration
    }

    pub(crate) fn row(&self, verdict: Verdict) -> Row {
        let is_twin = self.module.response_modes.first() != Some(&self.response_mode);
        let plans = if is_twin { vec![Plan::FormPostBasic] } else { self.module.plans.to_vec() };
        let (module, about) = (self.module.name, self.module.about);
        Row { module, plans, response_mode: self.response_mode, about, verdict }
    }
}

fn id_of(module: &Module, response_mode: ResponseMode) -> String {
    match response_mode {
        ResponseMode::Query => module.name.to_owned(),
        ResponseMode::FormPost => format!("{}-by-form-post", module.name),
    }
}
