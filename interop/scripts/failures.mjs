// Every failure that the look-alike of a provider offers, and what the person is told.

import assert from 'node:assert/strict'
import { begin, play, problem, signOut } from './browser.mjs'
import { input } from './outside.mjs'

const notCompleted = ['OAuthCallbackError', 'could not be completed']
const unavailable = ['ProviderUnavailable', 'does not answer']
/** A person like others, and a rotation that nobody may notice. */
const signedIn = ['signed in']

const expected = {
  cancelled: notCompleted,
  'late-clock': notCompleted,
  'no-email': signedIn,
  outage: unavailable,
  'private-relay': signedIn,
  'reused-code': notCompleted,
  'rotated-key': signedIn,
  'unverified-email': signedIn,
}

await play(`failures-${input.provider}`, async (page) => {
  await begin(page, input.provider)
  const buttons = await page.locator('button[data-failure]').all()
  const offered = await Promise.all(buttons.map((button) => button.getAttribute('data-failure')))
  assert.deepEqual(offered.toSorted(), input.failures.toSorted())

  for (const failure of offered) {
    const [code, words] = expected[failure]
    await begin(page, input.provider)
    await page.click(`button[data-failure="${failure}"]`)
    if (code === 'signed in') {
      await page.waitForURL('**/dashboard')
      await signOut(page)
    } else {
      const told = await problem(page)
      assert.equal(told.code, code, failure)
      assert.ok(told.sentence.includes(words), `${failure}: ${told.sentence}`)
      assert.match(told.sentence, /Reference [A-Z2-9]{8}/)
    }
  }
})
