// Signs in at one face with openid-client, and is refused where it must be. Each refusal is followed by its twin.

import assert from 'node:assert/strict'
import * as client from 'openid-client'
import { input } from './outside.mjs'

const configure = (secret) =>
  client.discovery(new URL(input.issuer), input.id, secret, client[input.authentication](secret), {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  })

const config = await configure(input.secret)

/** One value of an attribute in a piece of HTML, with its entities resolved. */
const attribute = (html, name) =>
  html.match(new RegExp(`${name}="([^"]*)"`))?.[1].replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))

const fields = (html) =>
  [...html.matchAll(/<input type="hidden"[^>]*>/g)].map(([field]) => [attribute(field, 'name'), attribute(field, 'value')])

const post = (action, form) =>
  fetch(action, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })

/** A person opens the page, presses their button, and their browser carries the answer to the app. */
const approve = async (authorize) => {
  const opened = await fetch(authorize)
  const page = await opened.text()
  assert.equal(opened.status, 200, page)
  const buttons = page.match(/<button[^>]*>/g)
  const button = buttons.find((html) => attribute(html, 'data-person') === input.person)
  const form = [...fields(page), [attribute(button, 'name'), attribute(button, 'value')]]
  const answer = await post(new URL(attribute(page, 'action'), authorize), form)
  if (answer.headers.has('location')) return new URL(answer.headers.get('location'))
  const back = await answer.text()
  const body = new URLSearchParams(fields(back))
  return new Request(attribute(back, 'action'), { method: 'POST', body })
}

/** Begins a sign-in: what the client remembers, and the answer that the browser brings. */
const begin = async () => {
  const memory = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
    idTokenExpected: true,
  }
  const authorize = client.buildAuthorizationUrl(config, {
    redirect_uri: input.redirect,
    scope: input.scope,
    state: memory.expectedState,
    nonce: memory.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(memory.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...(input.responseMode && { response_mode: input.responseMode }),
  })
  return { memory, answer: await approve(authorize) }
}

/** A request can be read once only, so each use gets its own. */
const redeem = ({ memory, answer }, as = config) =>
  client.authorizationCodeGrant(as, answer instanceof Request ? answer.clone() : answer, memory)

const signsIn = async () => {
  const tokens = await redeem(await begin())
  const claims = tokens.claims()
  assert.equal(claims.iss, config.serverMetadata().issuer)
  assert.equal(claims.aud, input.id)
  assert.equal(claims.email, input.person)
  assert.match(tokens.token_type, /^bearer$/i)
}

/** What the face said: the status, and the error of the body or the scheme of the challenge. */
const refuses = (said, promise) =>
  assert.rejects(promise, (refusal) => {
    assert.equal(`${refusal.status} ${refusal.error ?? refusal.cause[0].scheme}`, said)
    return true
  })

await signsIn()

const forgetful = await begin()
forgetful.memory.pkceCodeVerifier = client.randomPKCECodeVerifier()
await refuses('400 invalid_grant', redeem(forgetful))
await signsIn()

const impostor = await configure(`${input.secret}x`)
await refuses(input.toAWrongSecret, redeem(await begin(), impostor))
await signsIn()

const once = await begin()
await redeem(once)
await refuses('400 invalid_grant', redeem(once))
await signsIn()
