// The doors of any server that has the pages of Auth.js, and what a browser keeps of them.

import assert from 'node:assert/strict'
import { pick } from './browser.mjs'

/** The cookies that hold a session, of whichever server of the host. */
export const sessionCookies = async (page, origin) => {
  const cookies = await page.context().cookies(origin)
  return cookies.filter(({ name }) => name.includes('session-token'))
}

/** Who is signed in at a server, as it tells its browser client. */
export const session = async (page, origin) => {
  const answer = await page.request.get(`${origin}/api/auth/session`)
  assert.equal(answer.status(), 200)
  return (await answer.json())?.user ?? null
}

/** Signs in on the server's own page. */
export const signIn = async (page, origin, { provider, person }) => {
  await page.goto(`${origin}/api/auth/signin`)
  await page.click(`form[action$="/signin/${provider}"] button`)
  await pick(page, person)
  await page.waitForURL(`${origin}/`)
}

/** Signs out on the server's own page. */
export const signOut = async (page, origin) => {
  await page.goto(`${origin}/api/auth/signout`)
  await page.click('form button')
  await page.waitForURL((url) => url.pathname === '/')
}
