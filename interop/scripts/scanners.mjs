// What scanners find at the site: Schemathesis asks the API whatever its description allows, and what it does not;
// Wapiti tries known attacks on every page, of a visitor and of an administrator; the MDN HTTP Observatory grades the
// headers of the site behind an nginx with TLS, where it may listen at the ports 80 and 443 of loopback.
// node scripts/scanners.mjs <site's binary> <Chromium> <folder of the scanners>

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, request as ask } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { signIn, withSite } from './house.mjs'

const [binary, executablePath, scanners] = process.argv.slice(2)
const known = JSON.parse(await readFile(new URL('./scanners.json', import.meta.url), 'utf8'))
const run = promisify(execFile)
const findings = []

/** A finding counts unless the list says why it is none. */
const find = (scanner, finding) => {
  const why = known[scanner].find(({ pattern }) => new RegExp(pattern).test(finding))
  if (why) console.log(`  known: ${finding}`)
  else findings.push(`${scanner}: ${finding}`)
}

/** What a program said, whatever it thinks of it. */
const said = (program, args, options) =>
  run(program, args, { maxBuffer: 1 << 28, ...options }).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr, code }) => {
      if (stdout === undefined || code === 'ENOENT') throw new Error(`${program} does not run: ${stderr}`)
      return stdout
    },
  )

const cookieOf = async (house) => {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  const page = await browser.newPage()
  await signIn(page, house)
  const kept = (await page.context().cookies()).find(({ name }) => name === 'authjs.session-token')
  await browser.close()
  return `${kept.name}=${kept.value}`
}

const schemathesis = async (house, cookie, folder) => {
  const report = join(folder, 'schemathesis.json')
  const settings = join(folder, 'schemathesis.toml')
  await writeFile(settings, `[auth.openapi.session]\napi_key = "${cookie.split('=')[1]}"\n`)
  const args = ['--config-file', settings, 'run', `${house.origin}/api/openapi.json`, '--url', house.origin]
  const lasting = ['--max-examples', '50', '--report', 'ndjson', '--report-ndjson-path', report, '--seed', '1']
  const text = await said(join(scanners, 'python/bin/schemathesis'), [...args, ...lasting, '--no-color'])
  console.log(text.split('\n').slice(-12).join('\n'))
  for (const [, failure] of text.matchAll(/^- (.+)$/gm)) find('schemathesis', failure.trim())
}

/** Wapiti presses every button; whoever it is stays signed in all the same, and what it is about stays there. */
const waysOut = /\/(signout|sign-out|end|end-others|delete|unlink|suspend)$/

/** The site, as somebody who never leaves sees it. */
const withVisitor = async (house, cookie, chore) => {
  const pages = new Set()
  const server = createServer((request, response) => {
    pages.add(request.url.split('?')[0])
    if (request.method !== 'GET' && waysOut.test(request.url)) return void response.writeHead(404).end()
    const headers = { ...request.headers, host: new URL(house.origin).host, cookie }
    const asked = ask(`http://127.0.0.1:${house.port}${request.url}`, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers)
      answer.pipe(response)
    })
    asked.on('error', () => response.destroy())
    request.pipe(asked)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await chore(`http://127.0.0.1:${server.address().port}/`)
    return pages.size
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const MODULES = 'cookieflags,crlf,csp,exec,file,http_headers,permanentxss,redirect,sql,xss'

const wapiti = async (house, cookie, folder) => {
  for (const [who, presented] of Object.entries({ visitor: '', administrator: cookie })) {
    const report = join(folder, `wapiti-${who}.json`)
    const how = ['-m', MODULES, '--flush-session', '--no-bugreport', '-f', 'json', '-o', report, '--max-scan-time', '240']
    const its = ['--store-session', join(folder, 'session'), '--store-config', join(folder, 'config')]
    const env = { ...process.env, HOME: folder }
    const asked = await withVisitor(house, presented, (url) => said('wapiti', ['-u', url, '--scope', 'folder', ...how, ...its], { env }))
    const { vulnerabilities, anomalies } = JSON.parse(await readFile(report, 'utf8'))
    console.log(`wapiti as ${who}: ${asked} addresses`)
    for (const [kind, found] of Object.entries({ ...vulnerabilities, ...anomalies })) {
      for (const { path, info, level } of found) find('wapiti', `${who} ${kind} (${level}) ${path}: ${info}`)
    }
  }
}

const nginx = (port, folder) => `
daemon off; pid nginx.pid; error_log error.log; events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((of) => `${of}_temp_path ${of};`).join(' ')}
  server { listen 127.0.0.1:80; server_name localhost; return 308 https://localhost$request_uri; }
  server {
    listen 127.0.0.1:443 ssl; server_name localhost;
    ssl_certificate ${folder}/site.pem; ssl_certificate_key ${folder}/site.key;
    location / {
      proxy_pass http://127.0.0.1:${port};
      proxy_set_header Host localhost;
      proxy_set_header X-Forwarded-For $remote_addr;
    }
  }
}`

const certificate = async (folder) => {
  const openssl = (...args) => run('openssl', args, { cwd: folder })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  await openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Scanners')
  await writeFile(join(folder, 'names'), 'subjectAltName=DNS:localhost\n')
  await openssl('req', ...key.slice(0, 5), '-keyout', 'site.key', '-out', 'site.csr', '-subj', '/CN=localhost')
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names']
  await openssl('x509', '-req', '-in', 'site.csr', ...signed, '-out', 'site.pem')
}

const observatory = async (folder) => {
  await certificate(folder)
  // With a provider and a mail server of its own, as in production: the look-alikes do not speak TLS.
  const env = {
    AUTH_URL: 'https://localhost', AUTH_TRUSTED_PROXIES: '127.0.0.1', AUTH_GOOGLE_ID: 'id', AUTH_GOOGLE_SECRET: 'secret',
    AUTH_SMTP_URL: 'smtp://127.0.0.1:1', AUTH_EMAIL_FROM: 'site@example.com',
  }
  await withSite(binary, async ({ port }) => {
    await writeFile(join(folder, 'nginx.conf'), nginx(port, folder))
    const server = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], { stdio: 'inherit' })
    try {
      await wait(1_000)
      if (server.exitCode !== null) return console.log('  observatory: left out, the ports 80 and 443 cannot be had')
      const scan = join(scanners, 'node_modules/@mdn/mdn-http-observatory/src/scan.js')
      const text = await said('node', [scan, 'localhost'], { env: { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') } })
      const { scan: { grade, score }, tests } = JSON.parse(text)
      console.log(`observatory: ${grade}, ${score}`)
      if (grade !== 'A+') find('observatory', `grade ${grade}`)
      for (const [name, { pass, result }] of Object.entries(tests)) if (!pass) find('observatory', `${name}: ${result}`)
    } finally {
      server.kill('SIGTERM')
      if (server.exitCode === null) await once(server, 'exit')
    }
  }, env)
}

const folder = await mkdtemp(join(tmpdir(), 'betancourt-scanners-'))
try {
  await mkdir(join(folder, 'config'))
  await withSite(binary, async (house) => {
    const cookie = await cookieOf(house)
    await schemathesis(house, cookie, folder)
    await wapiti(house, cookie, folder)
  })
  await observatory(folder)
} finally {
  await rm(folder, { recursive: true })
}
for (const finding of findings) console.log(finding)
console.log(findings.length === 0 ? 'nothing was found that the list does not know' : `${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
