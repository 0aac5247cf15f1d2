// Somebody whose browser speaks Spanish, and who then reads the rest in English.

import assert from 'node:assert/strict'
import { arrive, begin, pick, play, problem, signOut } from './browser.mjs'
import { input } from './outside.mjs'

const language = (page) => page.locator('html').getAttribute('lang')

await play('in-spanish', async (page) => {
  await begin(page, input.provider)
  await page.click('button[data-failure=cancelled]')
  assert.match(await problem(page), /^No se pudo completar el ingreso\..*Referencia [A-Z2-9]{8}$/s)
  assert.equal(await language(page), 'es')

  await begin(page, input.provider)
  await pick(page, input.person)
  await arrive(page, input.name)
  await page.getByRole('heading', { name: 'Tu perfil' }).or(page.getByText('Correo')).first().waitFor()

  await page.click('#language')
  await page.waitForFunction(() => document.documentElement.lang === 'en')
  await arrive(page, input.name)
  await signOut(page)
  assert.equal(await language(page), 'en', 'the choice is kept')
}, { locale: 'es-CO' })
