// The page where people say who they are and whether they agree.

import { text } from 'node:stream/consumers'

const PAGE = `<!doctype html><html lang=en><title>Provider</title><link rel=icon href=data:,>
<form method="post">
  <label>Who are you? <input name="person"></label>
  <button name="answer" value="agree">Sign in</button>
  <button name="answer" value="deny">Cancel</button>
</form>`

const SCOPES = 'openid profile email offline_access'

const agreed = async (provider, { params }, person) => {
  const grant = new provider.Grant({ accountId: person, clientId: params.client_id })
  grant.addOIDCScope(SCOPES)
  return { login: { accountId: person }, consent: { grantId: await grant.save() } }
}

/** Somebody pressed a button. */
const submitted = async (provider, request, response) => {
  const details = await provider.interactionDetails(request, response)
  const form = new URLSearchParams(await text(request))
  const result =
    form.get('answer') === 'agree'
      ? await agreed(provider, details, form.get('person'))
      : { error: 'access_denied', error_description: 'They pressed Cancel.' }
  await provider.interactionFinished(request, response, result)
}

/** Answers requests: those to the page here, all others as the provider does. */
export const interactions = (provider) => {
  const others = provider.callback()
  return (request, response) => {
    if (!request.url.startsWith('/interaction/')) return others(request, response)
    if (request.method === 'POST') return submitted(provider, request, response)
    return response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE)
  }
}
