// What the provider saw happen, for those who want to be sure how a client really spoke to it.

/** Notes every success and every failure of a provider. */
export const witness = (provider, seen) => {
  const note = (event, oidc, more) =>
    seen.push({ event, client: oidc?.client?.clientId, ...more })

  provider.on('pushed_authorization_request.success', ({ oidc }) => note('pushed', oidc))
  provider.on('authorization.success', ({ oidc }) =>
    note('authorized', oidc, { mode: oidc.responseMode }))
  provider.on('grant.success', ({ oidc }) =>
    note('granted', oidc, {
      by: oidc.params.grant_type,
      authentication: oidc.client.clientAuthMethod,
      bound: Boolean(oidc.entities.AccessToken?.jkt),
      grant: oidc.entities.Grant?.jti,
      person: oidc.account?.accountId,
    }))
  provider.on('end_session.success', ({ oidc }) => note('ended', oidc))
  provider.on('backchannel.success', (_, client, person) => seen.push({ event: 'told', client: client.clientId, person }))
  provider.on('backchannel.error', (_, error, client) => seen.push({ event: 'not told', client: client.clientId, why: String(error) }))
  provider.on('server_error', (_, error) => console.error(error))
  for (const failing of ['authorization', 'grant', 'pushed_authorization_request', 'userinfo', 'end_session']) {
    provider.on(`${failing}.error`, ({ oidc }, error) => note(`${failing} failed`, oidc, { why: error.error_description ?? error.message }))
  }
}
