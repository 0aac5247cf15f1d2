// An adapter without an application: calls what it is told to call, and says what came of it, line by line.

import { createInterface } from 'node:readline'
import { adapter } from './adapters.mjs'

const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** JSON with moments in it: adapters take and give `Date`s. */
const parse = (line) => JSON.parse(line, (_, value) => (ISO_8601.test(value) ? new Date(value) : value))

const called = adapter(process.env)
console.log('listening')
for await (const line of createInterface({ input: process.stdin })) {
  const { method, values } = parse(line)
  console.log(JSON.stringify((await called[method](...values)) ?? null))
}
process.exit()
