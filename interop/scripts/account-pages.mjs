// The pages on which people look after what is theirs, in both languages and both themes, on a telephone, a tablet and a
// desk: axe-core finds nothing to object to, nothing sticks out, a finger hits every control of theirs, and the keyboard
// reaches all of it. Then everything is done without JavaScript: a second account comes and goes, a session ends, the data
// is taken along, somebody leaves and changes their mind.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pick, play, signIn } from './browser.mjs'
import { input } from './outside.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const widths = { 390: 844, 768: 1024, 1280: 800 }
/** What a finger needs, in CSS pixels. */
const FINGER = 44
const pages = ['', '/profile', '/connections', '/sessions', '/history', '/not-me', '/privacy', '/preferences']

/** What axe-core objects to, as lines that say where. */
const objections = async (page) => {
  // By the debugging protocol: the page's own policy, which refuses every script but ours, stays as it is.
  await page.evaluate(axe)
  const { violations } = await page.evaluate((values) => window.axe.run({ runOnly: values }), RULES)
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`))
}

const fitsFingers = async (page, name) => {
  for (const control of await page.locator('.account button:visible, .account .button:visible, .rooms a').all()) {
    const { width, height } = await control.boundingBox()
    assert.ok(Math.min(width, height) >= FINGER, `${name}: ${width} × ${height}: ${await control.innerText()}`)
  }
}

/** Goes through what can be used by the tabulator, and sees a ring around each. */
const tabs = async (page, name) => {
  const controls = await page.locator('.account a:visible, .account button:visible, .account input:visible').count()
  let reached = 0
  for (let stop = 0; stop < controls + 30 && reached < controls; stop += 1) {
    await page.keyboard.press('Tab')
    const here = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
      const ring = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
      return { ring, isOurs: document.activeElement.closest('.account') !== null }
    })
    if (!here.isOurs) continue
    reached += 1
    assert.ok(here.ring, `${name}: stop ${reached} has no ring`)
  }
  assert.equal(reached, controls, `${name}: the keyboard reaches ${reached} of ${controls}`)
}

for (const lang of ['en', 'es']) {
  for (const theme of ['dark', 'light']) {
    await play(`account-pages-${lang}-${theme}`, async (page) => {
      const cookies = Object.entries({ lang, theme }).map(([name, value]) => ({ name, value, url: input.origin }))
      await page.context().addCookies(cookies)
      await page.addInitScript((chosen) => localStorage.setItem('theme', chosen), theme)
      await signIn(page, input)
      for (const path of pages) {
        await page.goto(`/dashboard${path}`)
        assert.equal(await page.locator('html').getAttribute('lang'), lang)
        assert.equal(await page.locator('html').getAttribute('class'), theme)
        assert.equal(await page.locator('h1').count(), 1)
        const name = `account${path.replace('/', '-')}-${lang}-${theme}`
        for (const [width, height] of Object.entries(widths)) {
          await page.setViewportSize({ width: Number(width), height })
          assert.deepEqual(await objections(page), [], name)
          const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
          assert.equal(tooWide, 0, `${name} sticks out at ${width}`)
          await fitsFingers(page, name)
          await page.screenshot({ path: `report/${name}-${width}.png`, fullPage: true })
        }
        await tabs(page, name)
      }
    }, { reducedMotion: 'reduce' })
  }
}

const said = (page) => page.locator('.notice').innerText()

await play('account-pages-without-javascript', async (page) => {
  await signIn(page, input)
  await page.goto('/dashboard/connections')
  await page.click('button[data-provider=microsoft-entra-id]')
  await page.waitForURL((url) => url.hostname === '127.0.0.1')
  await pick(page, input.second)
  await page.waitForURL('**/dashboard/connections')
  assert.equal(await page.locator('.rows h3', { hasText: 'Microsoft' }).count(), 1)
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
