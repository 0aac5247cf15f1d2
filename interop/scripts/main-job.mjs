// The main job, with one provider: sign in, stay, become an administrator, sign out, and leave nothing behind.

import assert from 'node:assert/strict'
import { arrive, play, signIn, signOut } from './browser.mjs'
import { ask, input } from './outside.mjs'

const administratorsEntry = 'nav a[href="/admin"]'

const sessionCookie = async (page) => {
  const cookies = await page.context().cookies()
  return cookies.find(({ name }) => name === 'authjs.session-token')
}

await play(`main-job-${input.provider}`, async (page) => {
  await signIn(page, input)
  const { httpOnly, sameSite, value } = await sessionCookie(page)
  assert.ok(httpOnly && sameSite === 'Lax' && value.length >= 43)

  await page.reload()
  await arrive(page, input.name)
  await ask('restart')
  await page.reload()
  await arrive(page, input.name)

  await page.click('#user-menu')
  assert.equal(await page.locator(administratorsEntry).count(), 0)
  await ask('make-administrator', input.person)
  await page.reload()
  await page.click('#user-menu')
  await page.click(administratorsEntry)
  await page.waitForURL('**/admin')
  assert.equal(await page.locator('[data-number=users]').innerText(), '1')
  assert.equal(await page.locator('[data-number=active-sessions]').innerText(), input.activeSessions)

  const otherTab = await page.context().newPage()
  await otherTab.goto('/dashboard')
  await arrive(otherTab, input.name)
  await page.goto('/dashboard')
  await signOut(page)
  await otherTab.waitForURL('**/?callbackUrl=%2Fdashboard')
  assert.equal(await sessionCookie(page), undefined)
  await page.goBack()
  await page.locator('#open-sign-in').waitFor()
  assert.ok(!(await page.content()).includes(input.name), 'the back button shows nothing')
  await page.goto('/dashboard')
  assert.equal(new URL(page.url()).search, '?callbackUrl=%2Fdashboard')
})
