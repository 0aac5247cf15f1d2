// The browser client of Auth.js, unmodified, does with our server all that its documentation promises.

import assert from 'node:assert/strict'
import { pick, play } from './browser.mjs'
import { input } from './outside.mjs'
import { follow, mail } from './post.mjs'

const here = new URL('/', input.origin).href
const [{ id: provider, person, name }] = input.providers

/** What `useSession` says. */
const says = (page, status) => page.locator(`main[data-status=${status}]`).waitFor()

/**
 * The client of v4 expects `{}` where v5 and we say `null` for nobody, says so in the console, and goes on. It also
 * wants refused credentials to be an HTTP error, which browsers write to the console.
 */
const isV4 = input.name.startsWith('next-auth-4')
const expected = (complaint) =>
  isV4 && /Cannot convert undefined or null to object|status of 401 .*callback.credentials/.test(complaint)

/** Calls a function of the client in the page. */
const call = (page, named, ...values) =>
  page.evaluate(([name, values]) => window.client[name](...values), [named, values])

/** The same where the function leads away from the page: nobody is there to wait for it. */
const leave = (page, named, ...values) =>
  page.evaluate(([name, values]) => void window.client[name](...values), [named, values])

/** What `useSession` holds. */
const held = (page) => page.evaluate(() => window.client.session)

/** Signs in as `signIn` does it, and comes back to the page it was called on. */
const signIn = async (page) => {
  await leave(page, 'signIn', provider)
  await page.waitForURL((url) => url.origin !== input.origin)
  await pick(page, person)
  await page.waitForURL(here)
  await says(page, 'authenticated')
}

await play(`browser-client-${input.name}`, async (page) => {
  const stranger = async () => {
    await page.goto('/')
    await says(page, 'unauthenticated')
    assert.equal(await call(page, 'getSession'), null)
  }

  const providers = async () => {
    const listed = await call(page, 'getProviders')
    assert.deepEqual(Object.keys(listed), input.providers.map(({ id }) => id))
    for (const { id, type } of input.providers) {
      const { name, ...rest } = listed[id]
      assert.ok(name)
      assert.deepEqual(rest, {
        id,
        type,
        signinUrl: `${here}api/auth/signin/${id}`,
        callbackUrl: `${here}api/auth/callback/${id}`,
      })
    }
  }

  const csrf = async () => {
    const token = await call(page, 'getCsrfToken')
    assert.match(token, /^[0-9a-f]{64}$/)
    assert.equal(await call(page, 'getCsrfToken'), token)
  }

  const oauth = async () => {
    await signIn(page)
    assert.equal(await page.locator('main').innerText(), name)
    const session = await call(page, 'getSession')
    assert.deepEqual(Object.keys(session), ['user', 'expires'])
    assert.deepEqual(Object.keys(session.user), ['name', 'email', 'image'])
    assert.equal(session.user.email, person)
    assert.equal(new Date(session.expires).toISOString(), session.expires)
    assert.deepEqual((await held(page)).user, session.user)
  }

  const update = async () => {
    const before = (await held(page)).user
    assert.deepEqual((await call(page, 'update')).user, before)
    const updated = await call(page, 'update', { nickname: 'Anita' })
    assert.deepEqual(updated.user, { ...before, nickname: 'Anita' })
    assert.deepEqual((await held(page)).user, updated.user)
  }

  const twoTabs = async () => {
    const other = await page.context().newPage()
    await other.goto('/')
    await says(other, 'authenticated')
    const answer = await call(page, 'signOut', { redirect: false })
    assert.equal(new URL(answer.url).href, here)
    await Promise.all([says(page, 'unauthenticated'), says(other, 'unauthenticated')])
    await signIn(page)
    await says(other, 'authenticated')
    await other.close()
  }

  const signOut = async () => {
    await page.evaluate(() => { window.isTheSamePage = true })
    await leave(page, 'signOut')
    await page.waitForFunction(() => !window.isTheSamePage)
    await says(page, 'unauthenticated')
    const left = await page.context().cookies(here)
    assert.ok(!left.some(({ name }) => name.includes('session-token')))
  }

  const credentials = async () => {
    const submit = (password) =>
      call(page, 'signIn', 'credentials', { redirect: false, username: 'lucia', password })
    const { code, ...refused } = await submit('wrong')
    const status = isV4 ? { status: 401, ok: false } : { status: 200, ok: true }
    assert.deepEqual(refused, { error: 'CredentialsSignin', url: null, ...status })
    assert.equal(code, isV4 ? undefined : 'credentials')
    assert.equal(await call(page, 'getSession'), null)

    const admitted = await submit('correct horse battery staple')
    assert.deepEqual([admitted.ok, admitted.status, admitted.error ?? null], [true, 200, null])
    assert.equal(new URL(admitted.url).href, here)
    await says(page, 'authenticated')
    assert.equal(await page.locator('main').innerText(), 'Lucía Moreno')
    await signOut()
  }

  const email = async () => {
    const person = 'lucia@moreno.example'
    const asked = await call(page, 'signIn', 'email', { redirect: false, email: person })
    assert.deepEqual([asked.ok, asked.status, asked.error ?? null], [true, 200, null])
    assert.equal(asked.url, `${here}api/auth/verify-request?provider=email&type=email`)
    await follow(page, (await mail(person)).link)
    assert.equal(page.url(), here)
    await says(page, 'authenticated')
    assert.equal((await held(page)).user.email, person)
    await signOut()
  }

  const membersOnly = async () => {
    await page.goto('/members')
    await page.waitForURL('**/api/auth/signin?**')
    const { searchParams } = new URL(page.url())
    assert.equal(searchParams.get('error'), 'SessionRequired')
    assert.equal(searchParams.get('callbackUrl'), `${here}members`)
    await page.click(`form[action$="/signin/${provider}"] button`)
    await pick(page, person)
    await page.waitForURL(`${here}members`)
    await says(page, 'member')
    assert.equal(await page.locator('main').innerText(), name)
  }

  for (const step of [stranger, providers, csrf, oauth, update, twoTabs, signOut, credentials, email, membersOnly]) {
    await step().catch((cause) => {
      throw new Error(step.name, { cause })
    })
  }
}, { expected })
