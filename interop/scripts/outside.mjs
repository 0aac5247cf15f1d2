// The world outside the script: what it is given, and what it asks to have done.

import { createInterface } from 'node:readline'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

/** Waits for a line. Only while somebody waits does the open input keep the script alive. */
const next = async () => {
  process.stdin.ref()
  const { value } = await lines.next()
  process.stdin.unref()
  return JSON.parse(value)
}

/** What the test handed over. */
export const input = await next()

/** Asks the test to do something, and waits until it is done. */
export const ask = (question, about) => {
  process.stdout.write(`${JSON.stringify({ question, about })}\n`)
  return next()
}
