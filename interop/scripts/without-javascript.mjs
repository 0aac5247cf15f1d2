// The whole way without JavaScript, with the provider that answers by a form.

import assert from 'node:assert/strict'
import { arrive, begin, pick, play, problem, signOut } from './browser.mjs'
import { input } from './outside.mjs'

const press = async (page) => {
  await page.getByRole('button', { name: 'Continue' }).click()
}

const withoutJavaScript = { javaScriptEnabled: false }

await play('without-javascript', async (page) => {
  await begin(page, input.provider)
  await pick(page, input.person)
  await press(page)
  await arrive(page, input.name)
  await signOut(page)
  await page.goBack()
  assert.ok(!(await page.content()).includes(input.name), 'the back button shows nothing')

  await begin(page, input.provider)
  await page.click('button[data-failure=outage]')
  await press(page)
  assert.match(await problem(page), /^The provider does not answer/)

  const theme = () => page.locator('html').getAttribute('class')
  const before = await theme()
  await page.goto('/terms')
  await page.click('#theme')
  assert.equal(new URL(page.url()).pathname, '/terms')
  assert.notEqual(await theme(), before)
}, withoutJavaScript)
