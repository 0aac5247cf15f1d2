//! A module: scenes, and what they show together.

use betancourt_auth::provider::Algorithm;

use crate::callback::ResponseMode;
use crate::conformance::plan::Plan;
use crate::conformance::scene::{Play, Scene};

/// A module of the OpenID Foundation's suite, as data.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) name: &'static str,
    /// The plans it stands in, beside [`Plan::FormPostBasic`].
    pub(crate) plans: &'static [Plan],
    /// How the authorization request is answered. A module that is played in two ways is two rows of the report.
    pub(crate) response_modes: &'static [ResponseMode],
    /// What the provider does, in a few words.
    pub(crate) about: &'static str,
    /// The scenes, in their order. None where there is nothing to play.
    pub(crate) scenes: &'static [Scene],
    /// What it means that every scene went as it must.
    pub(crate) outcome: Outcome,
    /// What it asks of the relying party beforehand.
    pub(crate) needs: Needs,
}

/// What it means that every scene went as it must.
#[derive(Debug)]
pub(crate) enum Outcome {
    Passed,
    /// This library does not do what the module is about. The scenes show that it is safe all the same.
    NotSupported(&'static str),
}

/// What a module asks of the relying party beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    Nothing,
    /// Neither metadata nor keys of the provider are in a cache.
    ColdCache,
    /// A page that answers with an access token, fresh if need be.
    AccessPage,
}

/// What most modules have in common.
pub(crate) const MODULE: Module = Module {
    name: "",
    plans: &[Plan::Full],
    response_modes: &[ResponseMode::Query],
    about: "",
    scenes: &[],
    outcome: Outcome::Passed,
    needs: Needs::Nothing,
};

/// For modules that the plan *Form Post Basic* has, too.
pub(crate) const BOTH_MODES: &[ResponseMode] = &[ResponseMode::Query, ResponseMode::FormPost];

impl Module {
    /// Whether somebody signs out at the app, and is to be sent to the provider.
    pub(crate) fn signs_out(&self) -> bool {
        self.scenes.iter().any(|scene| scene.play == Play::SignOut)
    }

    /// The scenes that show nothing new where one provider plays every module.
    pub(crate) fn scenes_known_by_others(&self) -> impl Iterator<Item = &Scene> {
        let is_warm = self.needs != Needs::ColdCache;
        let has_other_plays = self.scenes.iter().any(|scene| scene.play != Play::SignOut);
        let has_more = self.scenes.len() > 1;
        self.scenes.iter().filter(move |scene| {
            let leaves_by_the_way = scene.play == Play::SignOut && has_other_plays;
            leaves_by_the_way || (scene.is_twin && is_warm && has_more)
        })
    }

    /// What the relying party must take ID tokens to be signed with.
    pub(crate) fn algorithms(&self) -> Vec<Algorithm> {
        let mut algorithms = Vec::new();
        for scene in self.scenes {
            if !algorithms.contains(&scene.act.algorithm) {
                algorithms.push(scene.act.algorithm);
            }
        }
        algorithms
    }
}
