//! Azure Active Directory. <https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>

use super::{Provider, microsoft_entra_id};

/// Microsoft accounts by the former name of Microsoft Entra ID, for applications whose accounts are kept under it. All
/// else is as with [`microsoft_entra_id`].
#[must_use]
pub fn azure_ad() -> Provider {
    Provider {
        id: "azure-ad".into(),
        name: "Azure Active Directory".into(),
        ..microsoft_entra_id()
    }
}
