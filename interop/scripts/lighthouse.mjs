// What Lighthouse says of three pages, on a telephone and on a desk, as a table; the median of three runs:
// node scripts/lighthouse.mjs <site's binary> <Chromium> <Lighthouse>

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { signIn, withSite } from './house.mjs'

const [binary, executablePath, lighthouse] = process.argv.slice(2)
const pages = ['/', '/dashboard', '/admin']
const presets = { mobile: [], desktop: ['--preset=desktop'] }
const RUNS = 3
/** Now and then Chromium says nothing of how a page began, and Lighthouse ends badly. */
const TRIES = 3
const categories = ['performance', 'accessibility', 'best-practices', 'seo']
const timings = {
  TTFB: 'server-response-time',
  FCP: 'first-contentful-paint',
  LCP: 'largest-contentful-paint',
  TTI: 'interactive',
  CLS: 'cumulative-layout-shift',
}

const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]

const look = async (url, flags, cookie) => {
  const headers = cookie ? [`--extra-headers=${JSON.stringify({ Cookie: cookie })}`] : []
  const chrome = '--chrome-flags=--headless=new --no-sandbox --disable-gpu'
  const options = [url, '--quiet', '--output=json', chrome, ...flags, ...headers]
  const env = { ...process.env, CHROME_PATH: executablePath }
  for (let left = TRIES; ; left -= 1) {
    try {
      const { stdout } = await promisify(execFile)(lighthouse, options, { env, maxBuffer: 1 << 28 })
      return JSON.parse(stdout)
    } catch (error) {
      if (left === 1) throw new Error(`${url}: ${error.stderr || error}`)
    }
  }
}

/** What cost a category some of its points. */
const faults = ({ categories: scored, audits }) =>
  Object.values(scored).flatMap(({ id, auditRefs }) =>
    auditRefs.filter(({ id: audit, weight }) => weight > 0 && audits[audit].score !== null && audits[audit].score < 0.9)
      .map(({ id: audit }) => `${id}: ${audit} ${audits[audit].displayValue ?? ''}`.trim()))

await withSite(binary, async (house) => {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  const page = await browser.newPage()
  await signIn(page, house)
  const kept = (await page.context().cookies()).find(({ name }) => name === 'authjs.session-token')
  await browser.close()
  const cookie = `${kept.name}=${kept.value}`

  console.log(`| page | on | ${categories.join(' | ')} | ${Object.keys(timings).join(' | ')} |`)
  console.log(`| --- | --- |${' --- |'.repeat(categories.length + Object.keys(timings).length)}`)
  const found = new Set()
  for (const path of pages) {
    for (const [preset, flags] of Object.entries(presets)) {
      const reports = []
      for (let run = 0; run < RUNS; run += 1) {
        reports.push(await look(`${house.origin}${path}`, flags, path === '/' ? '' : cookie))
      }
      const scores = categories.map((id) => Math.round(100 * median(reports.map((report) => report.categories[id].score))))
      const times = Object.entries(timings).map(([name, id]) => {
        const value = median(reports.map((report) => report.audits[id].numericValue))
        return name === 'CLS' ? value.toFixed(3) : `${Math.round(value)} ms`
      })
      console.log(`| \`${path}\` | ${preset} | ${scores.join(' | ')} | ${times.join(' | ')} |`)
      for (const fault of reports.flatMap(faults)) found.add(`${path} ${preset} ${fault}`)
    }
  }
  for (const fault of found) console.log(`  ${fault}`)
})
