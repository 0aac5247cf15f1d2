// Better Auth on Express. `node server.mjs tables` makes its tables in DATABASE_URL; `node server.mjs cookies` signs the
// tokens that come on standard input; `node server.mjs serve` listens on a free port of loopback, and says where.
import { createHmac } from "node:crypto"
import { createInterface } from "node:readline"
import { betterAuth } from "better-auth"
import { getMigrations } from "better-auth/db/migration"
import { fromNodeHeaders, toNodeHandler } from "better-auth/node"
import express from "express"
import pg from "pg"

process.env.NODE_ENV = "production"
const secret = process.env.AUTH_SECRET
const what = process.argv[2]

const made = (port) =>
  betterAuth({
    secret,
    baseURL: `http://127.0.0.1:${port}`,
    database: new pg.Pool({ connectionString: process.env.DATABASE_URL }),
    socialProviders: { github: { clientId: "id", clientSecret: "secret" } },
    user: { additionalFields: { role: { type: "string", defaultValue: "CLIENT", input: false } } },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
  })

if (what === "tables") {
  const { runMigrations } = await getMigrations(made(0).options)
  await runMigrations()
  process.exit(0)
} else if (what === "cookies") {
  for await (const token of createInterface({ input: process.stdin })) {
    const signature = createHmac("sha256", secret).update(token).digest("base64")
    console.log(`better-auth.session_token=${encodeURIComponent(`${token}.${signature}`)}`)
  }
} else {
  const app = express()
  const server = app.listen(0, "127.0.0.1", () => {
    const { port } = server.address()
    const auth = made(port)
    app.all("/api/auth/*splat", toNodeHandler(auth))
    app.get("/me", async (request, response) => {
      const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) })
      if (!session) return response.status(401).end()
      const { id, email, name, role } = session.user
      response.json({ id, email, name, role })
    })
    console.log(`127.0.0.1:${port}`)
  })
}
