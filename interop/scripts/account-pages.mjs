// The pages on which people look after what is theirs. Then everything is done without JavaScript: a second account comes and
// goes, lends its name, a project begins, a session ends, the data is taken along, somebody leaves and changes their mind.

import assert from 'node:assert/strict'
import { pick, play, signIn } from './browser.mjs'
import { input } from './outside.mjs'
import { lookAt } from './own-pages.mjs'

const pages = ['profile', 'projects', 'connections', 'sessions', 'history', 'not-me', 'privacy', 'preferences']
const paths = Object.fromEntries(pages.map((page) => [`account-${page}`, `/dashboard/${page}`]))

await lookAt({ account: '/dashboard', ...paths }, (page) => signIn(page, input))

const said = (page) => page.locator('.notice').innerText()

await play('account-pages-without-javascript', async (page) => {
  await signIn(page, input)
  await page.goto('/dashboard/connections')
  await page.click('button[data-provider=microsoft-entra-id]')
  await page.waitForURL((url) => url.hostname === '127.0.0.1')
  await pick(page, input.second)
  await page.waitForURL('**/dashboard/connections')
  assert.equal(await page.locator('.rows h3', { hasText: 'Microsoft' }).count(), 1)

  await page.goto('/dashboard/profile')
  await page.getByRole('button', { name: 'Use this name: Microsoft' }).click()
  assert.match(await said(page), /look like here/)
  await page.getByRole('button', { name: 'Use this name: Google' }).click()
  assert.equal(await page.locator('.owner strong').innerText(), input.name)

  await page.goto('/dashboard/projects')
  await page.fill('#project-title', 'Neblina')
  await page.selectOption('#project-kind', 'MASTERING')
  await page.getByRole('button', { name: 'Begin a project' }).click()
  assert.match(await said(page), /is begun/)
  await page.getByRole('button', { name: 'End project: Neblina' }).click()
  assert.match(await said(page), /is ended/)

  await page.goto('/dashboard/connections')
  await page.getByRole('button', { name: 'Remove: Microsoft' }).click()
  assert.match(await said(page), /no longer connected/)

  await page.goto('/dashboard/sessions')
  assert.ok((await page.locator('.rows > li').count()) > 1, 'those of the other browsers')
  await page.getByRole('button', { name: /^Sign out there/ }).first().click()
  assert.match(await said(page), /has ended/)
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  assert.equal(await page.locator('.rows > li').count(), 1)

  await page.goto('/dashboard/history')
  assert.match(await page.locator('.events').innerText(), /An account was removed/)

  await page.goto('/dashboard/privacy')
  for (const [button, name] of [[/JSON/, 'betancourt-audio.json'], [/ZIP/, 'betancourt-audio.zip']]) {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: button }).click()
    assert.equal((await download).suggestedFilename(), name)
  }
  await page.fill('#phrase', 'delete my account')
  await page.getByRole('button', { name: 'Delete my account' }).click()
  assert.match(await said(page), /will be deleted/)
  await page.getByRole('link', { name: 'Receipt' }).click()
  assert.match(await page.locator('main').innerText(), /To be deleted on/)
  await page.goto('/dashboard')
  await page.getByRole('button', { name: 'Keep my account' }).click()
  assert.match(await said(page), /You stay/)
}, { javaScriptEnabled: false })
