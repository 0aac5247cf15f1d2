// Every built-in page and the mail, in both languages and both themes, on a telephone and on a desk: axe-core finds
// nothing to object to, nothing sticks out, a finger hits every button, and the keyboard reaches all of it and shows
// where it is.

import assert from 'node:assert/strict'
import { WCAG, objections } from './axe.mjs'
import { play } from './browser.mjs'
import { ask, input } from './outside.mjs'

const widths = { 390: 844, 1280: 800 }
/** What a finger needs, in CSS pixels. */
const FINGER = 44

/** The error page of a link that no longer works is a 403, as in Auth.js, and a browser notes that. */
const expected = (complaint) => complaint.includes('403 (Forbidden)') && complaint.includes('/error?')

/** What can be used, as the page shows it. */
const usable = (page) => page.locator('a:visible, button:visible, input:visible')

const fitsFingers = async (page) => {
  for (const control of await usable(page).all()) {
    const { width, height } = await control.boundingBox()
    assert.ok(Math.min(width, height) >= FINGER, `${width} × ${height}: ${await control.innerText()}`)
  }
}

/** Goes through the page by the tabulator: everything once, from above to below, always with a ring around it. */
const tabs = async (page) => {
  const count = await usable(page).count()
  let above = -1
  for (let at = 0; at < count; at += 1) {
    await page.keyboard.press('Tab')
    const { top, ring } = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
      const { top } = document.activeElement.getBoundingClientRect()
      return { top: top + window.scrollY, ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 }
    })
    assert.ok(top > above && ring, `stop ${at + 1} of ${count}`)
    above = top
  }
}

/** Looks at what is there, at every width. */
const look = async (page, name, rules) => {
  for (const [width, height] of Object.entries(widths)) {
    await page.setViewportSize({ width: Number(width), height })
    assert.deepEqual(await objections(page, rules), [], name)
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.equal(tooWide, 0, `${name} sticks out`)
    await fitsFingers(page)
    await page.screenshot({ path: `report/${name}-${width}.png`, fullPage: true })
  }
}

for (const [language, locale] of Object.entries({ en: 'en-GB', es: 'es-CO' })) {
  for (const colorScheme of ['light', 'dark']) {
    const person = `${language}.${colorScheme}@example.com`

    await play(`built-in-pages-${language}-${colorScheme}`, async (page) => {
      const lookAtPage = async (name) => {
        assert.equal(await page.locator('html').getAttribute('lang'), language)
        assert.equal(await page.locator('h1').count(), 1)
        await look(page, `${name}-${language}-${colorScheme}`, [...WCAG, 'best-practice'])
        await tabs(page)
      }

      for (const { name, path } of input.pages) {
        await page.goto(path)
        await lookAtPage(name)
      }

      await page.goto(`${input.basePath}/signin`)
      await page.fill('input[name=email]', person)
      await page.press('input[name=email]', 'Enter')
      await page.waitForURL('**/verify-request?**')
      assert.match(await page.locator('main').innerText(), new RegExp(person))
      await lookAtPage('code')

      await page.fill('input[name=code]', '0000 0000')
      await page.press('input[name=code]', 'Enter')
      await page.locator('[aria-invalid=true]').waitFor()
      await lookAtPage('code-refused')

      const { html, link } = await ask('mail')
      await page.goto(link)
      assert.equal(await page.locator('.address').innerText(), person)
      await lookAtPage('confirm')

      await page.goto('about:blank')
      await page.setContent(html)
      await look(page, `mail-${language}-${colorScheme}`, WCAG)
    }, { locale, colorScheme, reducedMotion: 'reduce', expected })
  }
}
