// The pages that everybody sees, in both languages and both themes, on a telephone, a tablet and a desk: complete, in one
// language, without anything from elsewhere, and without anything that axe-core objects to.

import assert from 'node:assert/strict'
import { WCAG, objections } from './axe.mjs'
import { playAll } from './browser.mjs'
import { input } from './outside.mjs'

const widths = { 390: 844, 768: 1024, 1280: 800 }
const languages = { en: 'en-US', es: 'es-CO' }
const sections = ['.hero', '#services', '#portfolio', '#contact', '.footer']
const pages = ['/privacy', '/terms', '/help/sign-in']
const modal = '/?error=ProviderUnavailable&ref=K7QW2MXA'

const tooWide = () => document.documentElement.scrollWidth - document.documentElement.clientWidth

/** What people read, without names, numbers and addresses, which are the same in every language. */
const words = () => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found = []
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode
    if (!parentElement.closest('.brand, .works, .toggle, .fader-strip, code') && /\p{L}{4}/u.test(data)) found.push(data.trim())
  }
  return found
}

const fits = async (page, name) => {
  for (const [width, height] of Object.entries(widths)) {
    await page.setViewportSize({ width: Number(width), height })
    assert.equal(await page.evaluate(tooWide), 0, `${name} sticks out at ${width}`)
  }
}

const noObjections = async (page, name) => {
  assert.deepEqual(await objections(page, [...WCAG, 'best-practice']), [], name)
}

const texts = {}
const scenarios = []
for (const [language, locale] of Object.entries(languages)) {
  for (const theme of ['dark', 'light']) {
    const here = `${language}-${theme}`
    const look = async (page) => {
      const strangers = []
      page.on('request', (request) => {
        if (new URL(request.url()).origin !== input.origin) strangers.push(request.url())
      })
      await page.addInitScript((chosen) => localStorage.setItem('theme', chosen), theme)
      await page.goto('/')
      assert.equal(await page.locator('html').getAttribute('lang'), language)
      assert.equal(await page.locator('html').getAttribute('class'), theme)
      texts[here] = await page.evaluate(words)
      await noObjections(page, `landing-${here}`)
      await fits(page, `landing-${here}`)
      for (const section of sections) assert.ok(await page.locator(section).isVisible(), section)
      await page.goto(modal)
      await page.locator('#sign-in [role=alert]').waitFor()
      await noObjections(page, `modal-${here}`)
      await fits(page, `modal-${here}`)
      for (const address of pages) {
        await page.goto(address)
        await noObjections(page, `${address}-${here}`)
        await fits(page, `${address}-${here}`)
      }
      assert.deepEqual(strangers, [])
    }
    scenarios.push([`front-${here}`, look, { locale, reducedMotion: 'reduce', viewport: { width: 1280, height: 800 } }])
  }
}
await playAll(scenarios)

const spanish = new Set(texts['es-dark'])
const same = texts['en-dark'].filter((text) => spanish.has(text) && !/@|Colombia|Betancourt|Google|Facebook|Apple|Mastering|Microsoft/.test(text))
assert.ok(texts['en-dark'].length > 60, 'a page of words')
assert.deepEqual(same, [], 'said in one language only')
