// What visitors do on the front page: with a keyboard alone, with a mouse, with and without JavaScript, from another site.

import assert from 'node:assert/strict'
import { arrive, pick, playAll, signIn } from './browser.mjs'
import { input } from './outside.mjs'

const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.tagName)
const focusIs = (page, id) => page.waitForFunction((wanted) => document.activeElement.id === wanted, id)
const inDialog = (page) => page.evaluate(() => document.querySelector('#sign-in').contains(document.activeElement))
const isOpen = (page) => page.locator('#sign-in').evaluate((dialog) => dialog.open)
const root = (page, name) => page.locator('html').getAttribute(name)
const refused = (status) => (complaint) => complaint.includes(status)

/** The dialog by keyboard: in, round and round, out, and back where it was opened. */
const keyboard = async (page) => {
  await page.goto('/')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip')
  await page.focus('#open-sign-in')
  await page.keyboard.press('Enter')
  await page.locator('#sign-in[open]').waitFor()
  assert.equal(await page.locator('#sign-in').getAttribute('aria-modal'), 'true')
  const stops = new Set()
  for (let stop = 0; stop < 24; stop += 1) {
    await page.keyboard.press('Tab')
    const at = await focused(page)
    // Between the last and the first a browser visits itself, and shows that as the body.
    assert.ok((await inDialog(page)) || at === 'BODY', `${at} is outside`)
    stops.add(await page.evaluate(() => document.activeElement.dataset.provider ?? document.activeElement.id))
  }
  for (const provider of ['google', 'facebook', 'apple', 'microsoft-entra-id', 'email']) assert.ok(stops.has(provider))
  await page.keyboard.press('Escape')
  assert.equal(await isOpen(page), false)
  await focusIs(page, 'open-sign-in')

  await page.goto('/?error=AccessDenied&callbackUrl=%2Fdashboard')
  await page.locator('#sign-in[open] [role=alert]').waitFor()
  await page.keyboard.press('Escape')
  await focusIs(page, 'open-sign-in')
  assert.equal(new URL(page.url()).search, '', 'the error is over')
  await page.click('#open-sign-in')
  assert.equal(await page.locator('#sign-in [role=alert]').count(), 0, 'begins anew')
  await page.mouse.click(5, 5)
  assert.equal(await isOpen(page), false, 'the veil closes it')
}

/** While one provider is asked, all of them wait. */
const loading = async (page) => {
  let letGo
  const held = new Promise((resolve) => (letGo = resolve))
  await page.route('**/api/auth/signin/facebook', async (route) => {
    await held
    await route.continue()
  })
  await page.goto('/')
  await page.click('#open-sign-in')
  await page.click('[data-provider=facebook]')
  assert.equal(await page.locator('.providers button:disabled').count(), 4)
  assert.equal(await page.locator('[aria-busy=true]').getAttribute('data-provider'), 'facebook')
  assert.equal(await page.locator('#waiting').innerText(), 'One moment…')
  assert.equal(await page.locator('.providers button:disabled').first().evaluate((button) => getComputedStyle(button).opacity), '0.5')
  letGo()
  await page.waitForURL((url) => url.hostname === '127.0.0.1')
}

/** Where somebody wanted to go is where they come; unless it is elsewhere. */
const callbackUrl = async (page) => {
  await page.goto('/dashboard?tab=2&x=a%20b')
  assert.equal(new URL(page.url()).searchParams.get('callbackUrl'), '/dashboard?tab=2&x=a%20b')
  await page.click(`[data-provider=${input.provider}]`)
  await pick(page, input.person)
  await page.waitForURL('**/dashboard?tab=2&x=a%20b')
  await page.context().clearCookies()
  await page.goto('/?callbackUrl=https%3A%2F%2Fevil.test%2F')
  await page.click(`[data-provider=${input.provider}]`)
  await pick(page, input.person)
  await arrive(page, input.name)
}

/** The menu of whoever is signed in, and what the cookie of their session is like. */
const menu = async (page) => {
  await signIn(page, input)
  const opener = page.locator('#user-menu')
  const expanded = (wanted) => page.locator(`#user-menu[aria-haspopup=menu][aria-expanded=${wanted}]`).waitFor()
  await expanded(false)
  await opener.focus()
  await page.keyboard.press('Enter')
  await expanded(true)
  await page.keyboard.press('ArrowDown')
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), '/dashboard')
  await page.keyboard.press('End')
  assert.equal(await focused(page), 'sign-out')
  await page.keyboard.press('ArrowDown')
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), '/dashboard', 'round and round')
  await page.keyboard.press('Escape')
  await expanded(false)
  assert.equal(await focused(page), 'user-menu')
  await opener.click()
  await expanded(true)
  await page.mouse.click(20, 500)
  await expanded(false)
  const session = (await page.context().cookies()).find(({ name }) => name === 'authjs.session-token')
  assert.ok(session.httpOnly && session.sameSite === 'Lax' && session.path === '/')
}

/** Both toggles: at once, remembered, and without a flash of the other theme. */
const toggles = async (page) => {
  await page.addInitScript(() => addEventListener('DOMContentLoaded', () => (window.first = document.documentElement.className)))
  await page.goto('/')
  assert.equal(await root(page, 'class'), 'dark')
  await page.click('#theme')
  assert.equal(await root(page, 'class'), 'light')
  assert.equal(await page.evaluate(() => localStorage.getItem('theme')), 'light')
  await page.reload()
  assert.equal(await page.evaluate(() => window.first), 'light')
  await page.click('#language')
  await page.waitForFunction(() => document.documentElement.lang === 'es')
  assert.match(await page.locator('.popular strong').innerText(), /^COP/)
  await page.goto('/terms')
  assert.equal(await root(page, 'lang'), 'es')
}

/** A letter to the studio: what is missing, what it becomes, and that the form is there again. */
const letter = async (page) => {
  await page.clock.install()
  await page.goto('/')
  await page.fill('#contact-email', 'marta@ruiz')
  await page.click('#contact-form button')
  await page.locator('#contact-name[aria-invalid=true]').waitFor()
  assert.equal(await focused(page), 'contact-name')
  assert.equal(await page.locator('#contact-form [aria-invalid=true]').count(), 3)
  await page.fill('#contact-name', 'Marta Ruiz')
  assert.equal(await page.locator('#contact-name-wrong').innerText(), '', 'typing clears it')
  await page.fill('#contact-email', 'marta@ruiz.example')
  await page.locator('.service.production .button').click()
  assert.match(await page.inputValue('#contact-message'), /Full Production/)
  await page.click('#contact-form button')
  await page.locator('#contact-received:focus').waitFor()
  assert.match(await page.locator('#contact-received').innerText(), /Thank you[^]*stored[^]*mailbox/)
  assert.equal(await page.locator('#contact-form').isVisible(), false)
  await page.clock.fastForward(5100)
  await page.locator('#contact-form').waitFor()
  assert.equal(await page.inputValue('#contact-message'), '')
  const mail = await page.context().newPage()
  await mail.goto(await page.locator('#mailbox').getAttribute('href'))
  assert.match(await mail.locator('body').innerText(), /Marta Ruiz/)
}

const letterWithoutJavaScript = async (page) => {
  await page.goto('/')
  await page.click('.service.mastering .button')
  assert.match(await page.inputValue('#contact-message'), /Stereo Mastering/)
  await page.fill('#contact-name', 'Marta Ruiz')
  await page.fill('#contact-email', 'marta@ruiz')
  await page.click('#contact-form button')
  assert.equal(await page.locator('#contact-email-wrong').innerText(), 'Please give an address that we can answer to, such as ana@example.org.')
  assert.equal(await page.inputValue('#contact-name'), 'Marta Ruiz', 'nothing is lost')
  await page.fill('#contact-email', 'marta@ruiz.example')
  await page.click('#contact-form button')
  await page.locator('#contact-received').waitFor()
  assert.equal(new URL(page.url()).hash, '#contact')
  await page.click('#contact-received a')
  assert.ok(await page.locator('#contact-form').isVisible())
}

/** The fader follows, shows the speed, and can be taken by the hand; nobody hears of it. */
const fader = async (page) => {
  const strip = page.locator('.fader-strip')
  const value = (name) => strip.evaluate((element, property) => Number(element.style.getPropertyValue(property)), name)
  await page.goto('/')
  assert.equal(await strip.getAttribute('aria-hidden'), 'true')
  await strip.evaluate((element) => {
    window.loudest = 0
    const look = () => (window.loudest = Math.max(window.loudest, element.style.getPropertyValue('--level')))
    new MutationObserver(look).observe(element, { attributes: true })
  })
  await page.mouse.move(400, 400)
  await page.mouse.wheel(0, 2000)
  await page.waitForFunction(() => window.loudest > 0.1)
  await page.waitForFunction(() => Number(document.querySelector('.fader-strip').style.getPropertyValue('--at')) > 0.2)
  await page.waitForFunction(() => document.querySelector('.fader-strip').style.getPropertyValue('--level') === '0.000')
  const before = await page.evaluate(() => scrollY)
  const { x, y } = await page.locator('.cap').boundingBox()
  await page.mouse.move(x + 8, y + 8)
  await page.mouse.down()
  await page.mouse.move(x + 8, y + 120, { steps: 4 })
  await page.mouse.up()
  assert.ok((await page.evaluate(() => scrollY)) > before + 300, 'it moves the page')
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }))
  await page.waitForFunction(() => document.querySelector('.fader-strip').style.getPropertyValue('--at') === '0.0000')
  assert.equal(await value('--level'), 0, 'still for who wants it still')
  await page.reload()
  const moving = await page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length)
  assert.equal(moving, 0)
}

/** Another site posts forms in the name of whoever is signed in. */
const fromElsewhere = async (page) => {
  await signIn(page, input)
  const form = (action, fields) => {
    const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`)
    return `<form method="post" action="${input.origin}${action}">${inputs.join('')}<button>Win</button></form>`
  }
  const attempts = [
    ['/api/auth/signout', { csrfToken: 'x'.repeat(64) }],
    ['/preferences', { lang: 'es' }],
    ['/contact', { name: 'Eve', email: 'eve@evil.example', message: 'Buy' }],
  ]
  for (const [action, fields] of attempts) {
    await page.route('http://evil.localhost/', (route) => route.fulfill({ contentType: 'text/html', body: form(action, fields) }))
    await page.goto('http://evil.localhost/')
    await page.click('button')
    await page.waitForURL(`${input.origin}/**`)
    await page.unroute('http://evil.localhost/')
  }
  await page.goto('/dashboard')
  await arrive(page, input.name)
  assert.equal(await root(page, 'lang'), 'en')
}

const onADesk = { viewport: { width: 1280, height: 800 } }
await playAll([
  ['keyboard', keyboard, onADesk],
  ['loading', loading, onADesk],
  ['callback-url', callbackUrl, onADesk],
  ['menu', menu, onADesk],
  ['toggles', toggles, onADesk],
  ['letter', letter, { ...onADesk, expected: refused('422') }],
  ['letter-without-javascript', letterWithoutJavaScript, { ...onADesk, javaScriptEnabled: false, expected: refused('422') }],
  ['fader', fader, onADesk],
  ['from-elsewhere', fromElsewhere, { ...onADesk, expected: refused('403') }],
])
