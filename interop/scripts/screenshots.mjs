// A picture of every page, in both languages and both themes, on a telephone and on a desk:
// node scripts/screenshots.mjs <site's binary> <Chromium> <folder>

import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { shutOutSomebody, signIn, withSite } from './house.mjs'

const [binary, executablePath, folder] = process.argv.slice(2)
const widths = { 390: 844, 1280: 800 }
const languages = { en: 'en-US', es: 'es-CO' }
const forEverybody = {
  landing: '/',
  'sign-in': '/?callbackUrl=%2Fdashboard',
  'sign-in-failed': '/?error=ProviderUnavailable&ref=K7QW2MXA',
  'message-received': '/?message=mailed',
  help: '/help/sign-in',
  terms: '/terms',
  privacy: '/privacy',
  'not-found': '/nothing',
}
/** Where the pages begin that are somebody's own; whatever they lead to below is pictured, too. */
const ownPages = ['/dashboard', '/admin']

const complete = async () => {
  const images = [...document.images]
  for (const image of images) image.loading = 'eager'
  await Promise.all([document.fonts.ready, ...images.map((image) => image.decode().catch(() => {}))])
}

let taken = 0
const picture = async (page, name) => {
  await page.evaluate(complete)
  const fullPage = !name.includes('sign-in') // a dialog covers what is in the window
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage, animations: 'disabled' })
  taken += 1
}

/** The pages below one, as it links to them. */
const below = (page, beginning) =>
  page.$$eval('a[href^="/"]', (links) => links.map((link) => link.getAttribute('href').split('#')[0])).then((found) =>
    found.filter((href) => href.startsWith(`${beginning}/`) && !href.includes('?')))

const ownPictures = async (page, here) => {
  const seen = new Set()
  for (const beginning of ownPages) {
    const left = [beginning]
    while (left.length > 0) {
      const path = left.shift()
      if (seen.has(path)) continue
      seen.add(path)
      const answer = await page.goto(path)
      if (!answer?.headers()['content-type']?.startsWith('text/html')) continue
      await picture(page, `${path.slice(1).replaceAll('/', '-')}-${here}`)
      left.push(...(await below(page, beginning)))
    }
  }
}

await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
await withSite(binary, async (house) => {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  for (const [language, locale] of Object.entries(languages)) {
    for (const theme of ['dark', 'light']) {
      const options = { baseURL: house.origin, locale, reducedMotion: 'reduce' }
      const context = await browser.newContext(options)
      await context.addCookies([{ name: 'theme', value: theme, url: house.origin }])
      await context.addInitScript((chosen) => localStorage.setItem('theme', chosen), theme)
      const page = await context.newPage()
      for (const [width, height] of Object.entries(widths)) {
        await page.setViewportSize({ width: Number(width), height })
        for (const [name, path] of Object.entries(forEverybody)) {
          await page.goto(path)
          await picture(page, `${name}-${language}-${theme}-${width}`)
        }
      }
      await signIn(page, house)
      await shutOutSomebody(page, house)
      for (const [width, height] of Object.entries(widths)) {
        await page.setViewportSize({ width: Number(width), height })
        await ownPictures(page, `${language}-${theme}-${width}`)
      }
      await context.close()
    }
  }
  await browser.close()
})
console.log(`${taken} pictures are in ${folder}`)
