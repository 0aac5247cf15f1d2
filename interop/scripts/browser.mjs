// A browser at the site, and what a person does there.

import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import { input } from './outside.mjs'

/** A browser that speaks to nobody but us, and runs as root, as in CI. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
]
const PATIENCE = 20_000

/**
 * Plays a scenario in a new browser, and takes care that no page of ours complained: no script failed, nothing that a
 * page wants is missing or refused by its own policy; `expected` says which complaints are no surprise. Where it fails,
 * a picture of the page is left in `report/`.
 */
export const play = (name, scenario, options) => playAll([[name, scenario, options]])

/** Plays several of them in one browser, each as a visitor of its own. */
export const playAll = async (scenarios) => {
  const browser = await chromium.launch({ executablePath: input.chromium, args: ARGUMENTS })
  try {
    for (const [name, scenario, options] of scenarios) await playIn(browser, name, scenario, options)
  } finally {
    await browser.close()
  }
}

const playIn = async (browser, name, scenario, { expected = () => false, ...options } = {}) => {
  const picture = `report/failed-${name}.png`
  await rm(picture, { force: true })
  const context = await browser.newContext({ baseURL: input.origin, locale: 'en-US', ...options })
  context.setDefaultTimeout(PATIENCE)
  const page = await context.newPage()
  const complaints = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    const ours = message.location().url.startsWith(input.origin)
    if (message.type() === 'error' && ours) complaints.push(`${message.text()} ${message.location().url}`)
  })
  try {
    await scenario(page)
    assert.deepEqual(complaints.filter((complaint) => !expected(complaint)), [])
  } catch (error) {
    await page.screenshot({ path: picture }).catch(() => {})
    throw error
  } finally {
    await context.close()
  }
}

/** Whether an address is one of the look-alikes'; they are on 127.0.0.1, the site on localhost. */
const isLookAlike = (url) => url.hostname === '127.0.0.1'

/** From the front page, through the dialog, to the page of the provider. */
export const begin = async (page, provider) => {
  await page.goto('/')
  await page.click('#open-sign-in')
  await page.click(`#sign-in button[data-provider="${provider}"]`)
  await page.waitForURL(isLookAlike)
}

/** Picks an ordinary person on the page of the provider. */
export const pick = (page, person) => page.click(`button[data-person="${person}"]:not([data-failure])`)

/** Waits for the dashboard, and makes sure whose it is. */
export const arrive = async (page, name) => {
  await page.waitForURL('**/dashboard')
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}

export const signIn = async (page, { provider, person, name }) => {
  await begin(page, provider)
  await pick(page, person)
  await arrive(page, name)
}

export const signOut = async (page) => {
  await page.click('#user-menu')
  await page.click('#sign-out')
  await page.waitForURL((url) => url.pathname === '/')
  await page.locator('#open-sign-in').waitFor()
}

/** What the dialog says went wrong. */
export const problem = async (page) => {
  const alert = page.locator('#sign-in [role=alert]')
  await alert.waitFor()
  assert.equal(new URL(page.url()).origin, input.origin)
  return alert.innerText()
}
