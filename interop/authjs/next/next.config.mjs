// A Next.js application in a folder whose packages are one folder up.

import { dirname } from 'node:path'

export default { turbopack: { root: dirname(import.meta.dirname) } }
