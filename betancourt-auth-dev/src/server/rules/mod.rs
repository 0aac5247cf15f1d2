//! What is peculiar to each face: data and pure functions.

pub(crate) mod apple;
pub(crate) mod facebook;
pub(crate) mod google;
pub(crate) mod microsoft;
pub(crate) mod openid;
