// The site with its look-alikes, in an empty folder and on a free port, for the chores of `cargo xtask`.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

/** Ten seconds, in steps of a tenth. */
const STEPS = 100
/** What a slow machine needs for a page. */
const PATIENCE = 90_000

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** Lets a chore work with a running site, and ends it whatever becomes of that. */
export const withSite = async (binary, chore, variables = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'betancourt-'))
  const port = await freePort()
  const options = { cwd: folder, env: { PORT: String(port), ...variables } }
  const site = spawn(binary, [], { ...options, stdio: 'ignore' })
  const origin = `http://localhost:${port}`
  const isReady = () => fetch(`http://127.0.0.1:${port}/readyz`).then(({ ok }) => ok, () => false)
  try {
    for (let step = 0; !(await isReady()); step += 1) {
      if (step === STEPS || site.exitCode !== null) throw new Error('the site does not start')
      await wait(100)
    }
    const grant = (email) => promisify(execFile)(binary, ['admin', 'grant', email], options)
    await chore({ origin, port, grant })
  } finally {
    site.kill('SIGINT')
    await once(site, 'exit')
    await rm(folder, { recursive: true })
  }
}

/** Signs the first person of Google's look-alike in, and makes them an administrator. */
export const signIn = async (page, { origin, grant }) => {
  page.setDefaultTimeout(PATIENCE)
  await page.goto(`${origin}/?callbackUrl=%2Fdashboard`)
  await page.click('[data-provider=google]')
  await page.click('button[data-person="ana-restrepo@gmail.com"]:not([data-failure])')
  await page.waitForURL('**/dashboard')
  await grant('ana-restrepo@gmail.com')
  await page.reload()
}

/** Lets somebody else sign in, whom the administrator then shuts out, unless that is done. */
export const shutOutSomebody = async (page, { origin }) => {
  await page.goto(`${origin}/admin/people?state=suspended`)
  if ((await page.locator('[data-number=found]').innerText()) !== '0') return
  const context = await page.context().browser().newContext()
  const theirs = await context.newPage()
  await theirs.goto(`${origin}/?callbackUrl=%2Fdashboard`)
  await theirs.click('[data-provider=facebook]')
  await theirs.click('button[data-person="camila@rojas.example"]:not([data-failure])')
  await theirs.waitForURL('**/dashboard')
  await context.close()
  await page.goto(`${origin}/admin/people?q=camila`)
  await page.click('.people h3 a')
  await page.fill('#reason', 'Wrote to strangers, twice.')
  await page.press('#reason', 'Enter')
  await page.waitForURL('**/*said=suspended')
}
