// Signing in by mail at the site: the dialog, the mailbox that is shown while developing, the button, the dashboard.

import assert from 'node:assert/strict'
import { arrive, play, signOut } from './browser.mjs'
import { input } from './outside.mjs'

const { person } = input

const askForMail = async (page) => {
  await page.fill('#sign-in-email', person.toUpperCase())
  await page.click('#sign-in button[data-provider=email]')
  await page.waitForURL('**/api/auth/verify-request?*')
  await page.getByText(person, { exact: true }).waitFor()
}

/** The newest mail, in a tab of its own. */
const newestMail = async (page, mailbox) => {
  const reader = await page.context().newPage()
  await reader.goto(mailbox)
  await reader.locator('a.row').first().click()
  return reader
}

let mailbox

await play('site-by-mail', async (page) => {
  await page.goto('/')
  mailbox = await page.locator('#mailbox').getAttribute('href')
  await page.click('#open-sign-in')
  await askForMail(page)

  const reader = await newestMail(page, mailbox)
  await reader.frameLocator('iframe').getByRole('link').click()
  await reader.waitForURL('**/api/auth/callback/email?*')
  await reader.getByText(person, { exact: true }).waitFor()
  await reader.click('#confirm-sign-in')
  await arrive(reader, person)
  await signOut(reader)
})

// The same without a script, in Spanish, and by the code.
await play(
  'site-by-mail-without-javascript',
  async (page) => {
    await page.goto('/?callbackUrl=%2Fdashboard')
    await askForMail(page)
    assert.equal(await page.locator('html').getAttribute('lang'), 'es')
    const reader = await newestMail(page, mailbox)
    const text = await reader.locator('#text').innerText()
    await reader.close()
    await page.fill('#code', '0000 0000')
    await page.click('#code-form button')
    await page.locator('#code-refused').waitFor()
    await page.fill('#code', text.match(/\b\d{4} \d{4}\b/)[0])
    await page.click('#code-form button')
    await arrive(page, person)
  },
  { javaScriptEnabled: false, locale: 'es-CO' },
)
