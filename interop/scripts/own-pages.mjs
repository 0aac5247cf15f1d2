// How pages of somebody's own are looked at: in both languages and both themes, on a telephone, a tablet and a desk. axe-core
// finds nothing to object to, nothing sticks out, a finger hits every control, and the keyboard reaches all of it.

import assert from 'node:assert/strict'
import { WCAG, objections } from './axe.mjs'
import { playAll } from './browser.mjs'
import { input } from './outside.mjs'

const widths = { 390: 844, 768: 1024, 1280: 800 }
/** What a finger needs, in CSS pixels. */
const FINGER = 44
const CONTROLS = ['a', 'button', 'input', 'select'].map((control) => `.account ${control}:visible`).join(', ')

const fitsFingers = async (page, name) => {
  for (const control of await page.locator('.account button:visible, .account .button:visible, .rooms a').all()) {
    const { width, height } = await control.boundingBox()
    assert.ok(Math.min(width, height) >= FINGER, `${name}: ${width} × ${height}: ${await control.innerText()}`)
  }
}

/** Goes through what can be used by the tabulator, and sees a ring around each. */
const tabs = async (page, name) => {
  const controls = await page.locator(CONTROLS).count()
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

const inspect = async (page, name, { lang, theme }) => {
  assert.equal(await page.locator('html').getAttribute('lang'), lang)
  assert.equal(await page.locator('html').getAttribute('class'), theme)
  assert.equal(await page.locator('h1').count(), 1, name)
  for (const [width, height] of Object.entries(widths)) {
    await page.setViewportSize({ width: Number(width), height })
    assert.deepEqual(await objections(page, [...WCAG, 'best-practice']), [], name)
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.equal(tooWide, 0, `${name} sticks out at ${width}`)
    await fitsFingers(page, name)
    await page.screenshot({ path: `report/${name}-${width}.png`, fullPage: true })
  }
  await tabs(page, name)
}

/** Looks at pages, by their names and paths, in every language and theme, after `enter` has signed somebody in. */
export const lookAt = async (pages, enter) => {
  const looks = ['en', 'es'].flatMap((lang) => ['dark', 'light'].map((theme) => ({ lang, theme })))
  await playAll(looks.map((look) => {
    const here = Object.values(look).join('-')
    const scenario = async (page) => {
      const cookies = Object.entries(look).map(([name, value]) => ({ name, value, url: input.origin }))
      await page.context().addCookies(cookies)
      await page.addInitScript((chosen) => localStorage.setItem('theme', chosen), look.theme)
      await enter(page)
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(path)
        await inspect(page, `${name}-${here}`, look)
      }
    }
    return [`${Object.keys(pages)[0]}-${here}`, scenario, { reducedMotion: 'reduce' }]
  }))
}
