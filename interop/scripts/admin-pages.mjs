// The pages of administrators. Then what they do to others, without JavaScript and once by the keyboard alone: somebody is
// found, shut out for a reason, told so at the door, let in again, given a role, signed out, and deleted.

import assert from 'node:assert/strict'
import { pick, play, signIn } from './browser.mjs'
import { ask, input } from './outside.mjs'
import { lookAt } from './own-pages.mjs'

const { other } = input
const said = (page) => page.locator('.notice').innerText()

/** Somebody else, in a browser of their own. */
const elsewhere = async (page, act) => {
  const context = await page.context().browser().newContext({ baseURL: input.origin, locale: 'en-US' })
  try {
    return await act(await context.newPage())
  } finally {
    await context.close()
  }
}

const enter = async (page) => {
  await signIn(page, input)
  await ask('make-administrator', input.person)
}

/** To the page of the other person, as an administrator comes there. */
const find = async (page) => {
  await page.goto('/admin/people')
  await page.fill('#q', other.person)
  await page.getByRole('button', { name: 'Find' }).click()
  assert.equal(await page.locator('[data-number=found]').innerText(), '1')
  await page.getByRole('link', { name: other.name }).click()
}

/** Presses the tabulator until something has the focus. */
const tabTo = async (page, id) => {
  for (let stop = 0; stop < 80; stop += 1) {
    if ((await page.evaluate(() => document.activeElement.id)) === id) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`the keyboard does not reach ${id}`)
}

let person
await play('admin-pages-by-keyboard', async (page) => {
  await elsewhere(page, (theirs) => signIn(theirs, other))
  await enter(page)
  await find(page)
  person = new URL(page.url()).pathname
  await tabTo(page, 'reason')
  await page.keyboard.type('Wrote to strangers.')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/*said=suspended')
  assert.match(await said(page), /They are shut out/)
  assert.match(await page.locator('blockquote').innerText(), /Wrote to strangers/)
})

const pages = ['people', 'messages', 'refusals', 'providers']
const paths = Object.fromEntries(pages.map((page) => [`admin-${page}`, `/admin/${page}`]))
const suspended = { 'admin-suspended': '/admin/people?state=suspended', 'admin-person': person }
await lookAt({ admin: '/admin', ...paths, ...suspended }, enter)

await play('admin-pages-without-javascript', async (page) => {
  await enter(page)
  await elsewhere(page, async (theirs) => {
    await theirs.goto(`/?callbackUrl=%2Fdashboard`)
    await theirs.click(`[data-provider=${other.provider}]`)
    await pick(theirs, other.person)
    await theirs.locator('#sign-in [role=alert]').waitFor()
    assert.match(await theirs.locator('#sign-in [role=alert]').innerText(), /This account is suspended/)
    await theirs.goto('/dashboard')
    assert.equal(new URL(theirs.url()).pathname, '/', 'they are not in')
  })
  await find(page)
  await page.getByRole('button', { name: 'Lift suspension' }).click()
  assert.match(await said(page), /may sign in again/)
  await elsewhere(page, (theirs) => signIn(theirs, other))

  await page.selectOption('select[name=role]', 'ADMIN')
  await page.getByRole('button', { name: 'Change role' }).click()
  assert.equal(await page.locator('[data-field=role]').innerText(), 'Administrator')
  await page.selectOption('select[name=role]', 'CLIENT')
  await page.getByRole('button', { name: 'Change role' }).click()
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  assert.match(await said(page), /signed out everywhere/)
  await page.goto('/admin')
  const log = await page.locator('.activity').innerText()
  for (const told of ['Account suspended', 'Suspension lifted', 'Role changed', 'All sessions ended']) {
    assert.ok(log.includes(told), told)
  }
  await page.goto(person)
  await page.fill('#named', other.person)
  await page.getByRole('button', { name: 'Delete account' }).click()
  assert.match(await said(page), /is deleted/)
  assert.equal(await page.locator('[data-number=found]').innerText(), '1')
}, { javaScriptEnabled: false })
