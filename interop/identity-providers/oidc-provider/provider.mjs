// How it is configured: PKCE for everybody, everything else that its clients may ask for, and people who are called as
// they say.

import { randomBytes } from 'node:crypto'
import Provider from 'oidc-provider'
import { Adapter } from './adapter.mjs'
import { ALGORITHMS } from './keys.mjs'

/** A person of any name. */
const account = (id) => ({
  accountId: id,
  claims: () => ({ sub: id, name: `${id} of the provider`, email: `${id}@provider.example`, email_verified: true }),
})

const SECONDS = { AccessToken: 60, AuthorizationCode: 30, IdToken: 60, Grant: 3600, Interaction: 600, RefreshToken: 3600, Session: 3600 }

export const configured = ({ issuer, clients }, jwks) =>
  new Provider(issuer, {
    adapter: Adapter,
    clients,
    jwks,
    cookies: { keys: ['a secret for cookies, which is no secret'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    enabledJWA: {
      clientAuthSigningAlgValues: ALGORITHMS,
      dPoPSigningAlgValues: ['ES256', 'EdDSA'],
      idTokenSigningAlgValues: ALGORITHMS,
    },
    features: {
      backchannelLogout: { enabled: true },
      devInteractions: { enabled: false },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
      pushedAuthorizationRequests: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    // Its own would not speak to loopback, where our server is.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    findAccount: (_, id) => account(id),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: SECONDS,
  })
