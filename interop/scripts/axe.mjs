// What axe-core objects to.

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What axe-core objects to, as lines that say where. */
export const objections = async (page, rules) => {
  // By the debugging protocol: the page's own policy, which refuses every script, stays as it is.
  await page.evaluate(axe)
  const { violations } = await page.evaluate((values) => window.axe.run({ runOnly: values }), rules)
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`))
}
