// Pictures of the four pages that people look at, in both themes, on a telephone and on a desk. Nothing may stick out.

import assert from 'node:assert/strict'
import { arrive, play, signIn } from './browser.mjs'
import { ask, input } from './outside.mjs'

const widths = { 390: 844, 1280: 800 }
const themes = ['dark', 'light']

/** Waits for all that a full picture shows, also for what browsers load only when it comes near. */
const complete = async () => {
  const images = [...document.images]
  for (const image of images) image.loading = 'eager'
  await Promise.all([document.fonts.ready, ...images.map((image) => image.decode())])
}

const picture = async (page, name) => {
  await page.evaluate(complete)
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.equal(tooWide, 0, `${name} sticks out`)
  await page.screenshot({ path: `report/${name}.png`, fullPage: !name.startsWith('modal'), animations: 'disabled' })
}

for (const theme of themes) {
  for (const [width, height] of Object.entries(widths)) {
    const options = { viewport: { width: Number(width), height }, reducedMotion: 'reduce' }
    await play(`pictures-${theme}-${width}`, async (page) => {
      const here = `${theme}-${width}`
      await page.context().addCookies([{ name: 'theme', value: theme, url: input.origin }])
      await page.addInitScript((chosen) => localStorage.setItem('theme', chosen), theme)
      await page.goto('/')
      assert.equal(await page.locator('html').getAttribute('class'), theme)
      await picture(page, `landing-${here}`)
      await page.click('#open-sign-in')
      await page.locator('#sign-in').waitFor()
      await picture(page, `modal-${here}`)

      await signIn(page, input)
      await ask('make-administrator', input.person)
      await page.reload()
      await arrive(page, input.name)
      await picture(page, `dashboard-${here}`)
      await page.goto('/admin')
      await picture(page, `admin-${here}`)
    }, options)
  }
}
