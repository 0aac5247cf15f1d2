//! Hugging Face. <https://huggingface.co/docs/hub/oauth>

use super::{Provider, oidc};

/// Hugging Face accounts. Keyed by `sub`; an address is as proven as `email_verified` says.
#[must_use]
pub fn huggingface() -> Provider {
    oidc("huggingface", "Hugging Face", "https://huggingface.co")
}
