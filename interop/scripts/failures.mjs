// Every failure that the look-alike of a provider offers, and what the person is told.

import assert from 'node:assert/strict'
import { begin, play, problem, signOut } from './browser.mjs'
import { input } from './outside.mjs'

const notCompleted = 'The sign-in could not be completed.'
const noAnswer = 'The provider does not answer at the moment.'
/** A person like others, or a rotation that nobody may notice. */
const nothing = undefined

const told = {
  cancelled: notCompleted,
  'late-clock': notCompleted,
  'no-email': nothing,
  outage: noAnswer,
  'private-relay': nothing,
  'reused-code': notCompleted,
  'rotated-key': nothing,
  'unverified-email': nothing,
}

await play(`failures-${input.provider}`, async (page) => {
  await begin(page, input.provider)
  const buttons = await page.locator('button[data-failure]').all()
  const offered = await Promise.all(buttons.map((button) => button.getAttribute('data-failure')))
  assert.deepEqual(offered.toSorted(), input.failures.toSorted())

  for (const failure of offered) {
    assert.ok(failure in told, failure)
    await begin(page, input.provider)
    await page.click(`button[data-failure="${failure}"]`)
    if (told[failure]) {
      const sentence = await problem(page)
      assert.ok(sentence.startsWith(told[failure]), `${failure}: ${sentence}`)
      assert.match(sentence, /Reference [A-Z2-9]{8}$/)
    } else {
      await page.waitForURL('**/dashboard')
      await signOut(page)
    }
  }
})
