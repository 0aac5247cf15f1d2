// Texts that would run if anybody wrote them into a page: in a name and a picture that came from a provider, and in
// addresses. Nothing runs, and no page even tries: a policy that stopped a script would have complained.

import assert from 'node:assert/strict'
import { play, signIn, signOut } from './browser.mjs'
import { ask, input } from './outside.mjs'

const hostile = [
  '<script>window.ran = true</script>',
  '"><img src=x onerror="window.ran = true">',
  "' autofocus onfocus='window.ran = true",
  '</style></title></script><svg/onload="window.ran=true">',
]
const pages = ['/', '/dashboard', '/admin', '/terms', '/api/auth/session', '/api/auth/signin', '/api/auth/signout']
const addresses = ['/', '/api/auth/signin', '/api/auth/signout', '/api/auth/error', '/api/auth/verify-request']
const parameters = ['error', 'error_description', 'callbackUrl', 'email', 'provider', 'ref']

/** For JSON, which names no icon, a browser looks where icons used to be. */
const expected = (complaint) => complaint.includes('/favicon.ico')

const look = async (page, address) => {
  await page.goto(address)
  assert.equal(await page.evaluate(() => window.ran), undefined, address)
  for (const field of await page.locator('input:visible').all()) await field.focus()
  assert.equal(await page.evaluate(() => window.ran), undefined, address)
}

await play('hostile-texts', async (page) => {
  await signIn(page, input)
  await ask('make-administrator', input.person)
  for (const text of hostile) {
    await ask('rename', text)
    for (const address of pages) await look(page, address)
    await page.goto('/dashboard')
    await page.getByRole('heading', { name: text, level: 1, exact: true }).waitFor()
    const session = await page.evaluate(async () => (await fetch('/api/auth/session')).json())
    assert.equal(session.user.name, text, 'told as it is')
  }
  await ask('rename', input.name)
  await page.goto('/dashboard')
  await signOut(page)
  for (const text of hostile) {
    const query = new URLSearchParams(parameters.map((name) => [name, text]))
    for (const address of addresses) await look(page, `${address}?${query}`)
  }
}, { expected })
