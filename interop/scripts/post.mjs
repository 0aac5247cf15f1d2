// The mail of the people in a scenario.

import assert from 'node:assert/strict'
import { ask } from './outside.mjs'

const LINK = /http\S+\/callback\/email\?\S+/g

/** The text of a piece of HTML, as far as links need it. */
const unescaped = (html) => html.replace(/&amp;|&#38;/g, '&').replaceAll('"', ' ')

/** The one link of a text, however often it is written. */
const link = (text) => {
  const links = new Set(text.match(LINK))
  assert.equal(links.size, 1, text)
  return [...links][0]
}

/** Waits for the next mail, which must be for `person`, and takes its link from the text that a reader of it sees. */
export const mail = async (person) => {
  const { envelope, to, subject, parts } = await ask('mail')
  assert.deepEqual(envelope.to, [person])
  assert.equal(to, person)
  const text = parts['text/plain']
  assert.equal(link(unescaped(parts['text/html'])), link(text), 'both parts have the same link')
  return { subject, text, link: link(text) }
}

/** Asks for a mail on the page of a server. */
export const askForMail = async (page, origin, person) => {
  await page.goto(`${origin}/api/auth/signin`)
  const form = page.locator('form[action$="/signin/email"]')
  await form.locator('input[name=email]').fill(person)
  await form.locator('button').click()
  await page.waitForURL(`${origin}/api/auth/verify-request?**`)
}

/** Opens a link, and presses the button where there is one. */
export const follow = async (page, link) => {
  await page.goto(link)
  const button = page.locator('#confirm-sign-in')
  if (await button.count()) await button.click()
  await page.waitForURL((url) => !url.pathname.includes('/callback/'))
}
