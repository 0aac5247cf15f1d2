// From our site to a provider on another one, and back by a form that its page posts: browsers send no Lax cookies then.

import assert from 'node:assert/strict'
import { play } from './browser.mjs'
import { input } from './outside.mjs'

const home = `${input.origin}/`
const auth = `${input.origin}/api/auth`

/** The cookies of attempts to sign in. */
const attempts = async (page) => {
  const cookies = await page.context().cookies(home)
  return cookies.filter(({ name }) => name.includes('handshake'))
}

/** As far as the provider's page. */
const begin = async (page) => {
  await page.goto(`${auth}/signin`)
  await page.click(`form[action$="/signin/${input.provider}"] button`)
  await page.waitForURL((url) => url.hostname === '127.0.0.1')
}

const agree = async (page) => {
  await page.fill('[name=person]', input.person)
  await page.click('[value=agree]')
  await page.waitForURL((url) => url.hostname === 'localhost')
}

const session = async (page) => (await page.context().request.get(`${auth}/session`)).json()

await play('answer-by-form', async (page) => {
  // Without the cookie of the attempt, the answer is somebody else's.
  await begin(page)
  await page.context().clearCookies({ name: /handshake/ })
  await agree(page)
  assert.notEqual(page.url(), home)
  assert.equal(await session(page), null)
  await page.context().clearCookies()

  await begin(page)
  const [attempt] = await attempts(page)
  assert.deepEqual([attempt.sameSite, attempt.secure, attempt.httpOnly], ['None', true, true])
  await agree(page)
  assert.equal(page.url(), home)
  assert.equal((await session(page)).user.email, `${input.person}@provider.example`)
  assert.deepEqual(await attempts(page), [])
})
