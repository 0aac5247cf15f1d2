// Builds what the tests run, into `built/`: Prisma's client, the servers, and a page with each version of the browser
// client. Asked for `next`, it builds the Next.js application instead, in its own folder.

import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'

// `generate` asks for an engine that only migrations use, and is content with any program.
const engine = 'built/no-engine'
mkdirSync('built', { recursive: true })
writeFileSync(engine, '#!/bin/sh\n')
chmodSync(engine, 0o755)
const run = (program, ...words) =>
  execFileSync(process.execPath, [`node_modules/${program}`, ...words], {
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: engine, NEXT_TELEMETRY_DISABLED: '1' },
    stdio: 'pipe',
  })

if (process.argv[2] === 'next') {
  run('next/dist/bin/next', 'build', 'next')
  process.exit()
}
run('prisma/build/index.js', 'generate', '--no-hints')

const servers = ['adapter-alone', 'auth-core', 'next-auth-4', 'next-auth-4-sharing', 'next-auth-5']
const common = { bundle: true, logLevel: 'warning' }
await build({
  ...common,
  entryPoints: servers.map((server) => `servers/${server}.mjs`),
  outdir: 'built',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  // Half of what is bundled counts on being CommonJS.
  banner: {
    js: `import { createRequire } from 'node:module'
const [require, __dirname] = [createRequire(import.meta.url), import.meta.dirname]`,
  },
  external: ['next', 'pg-native'],
})

for (const version of ['next-auth-4', 'next-auth-5']) {
  await build({
    ...common,
    entryPoints: ['client/page.jsx'],
    outfile: `built/page-${version}.js`,
    alias: { 'auth-client': `${version}/react` },
    jsx: 'automatic',
    minify: true,
    // What bundlers for browsers put in the place of variables that only a server has.
    define: { 'process.env.NODE_ENV': '"production"', process: '{"env":{}}' },
  })
}
