// Auth.js on Express. `node server.mjs jwt` or `node server.mjs database` listens on a free port of loopback, and says
// where; `node server.mjs cookies NUMBER` prints so many sealed sessions.
import { encode } from "@auth/core/jwt"
import { ExpressAuth, getSession } from "@auth/express"
import GitHub from "@auth/express/providers/github"
import PostgresAdapter from "@auth/pg-adapter"
import express from "express"
import pg from "pg"

process.env.NODE_ENV = "production"
const [what, number] = process.argv.slice(2)
const secret = process.env.AUTH_SECRET
const cookie = "authjs.session-token"

if (what === "cookies") {
  for (let person = 1; person <= Number(number); person++) {
    const id = String(10_000_000 + person)
    const token = { name: `Person ${id}`, email: `${id}@example.com`, sub: id, id, role: "CLIENT" }
    console.log(`${cookie}=${await encode({ token, secret, salt: cookie })}`)
  }
} else {
  const seen = (person) => ({ id: person.id, role: person.role })
  const config = {
    secret,
    trustHost: true,
    providers: [GitHub({ clientId: "id", clientSecret: "secret" })],
    session: { strategy: what },
    callbacks: {
      jwt: ({ token, user }) => (user ? { ...token, ...seen(user) } : token),
      session({ session, token, user }) {
        Object.assign(session.user, seen(token ?? user))
        return session
      },
    },
  }
  if (what === "database") {
    config.adapter = PostgresAdapter(new pg.Pool({ connectionString: process.env.DATABASE_URL }))
  }
  const app = express()
  app.set("trust proxy", true)
  app.use(/^\/auth\/(.*)$/, ExpressAuth(config))
  app.get("/me", async (request, response) => {
    const session = await getSession(request, config)
    if (!session) return response.status(401).end()
    const { id, email, name, role } = session.user
    response.json({ id, email, name, role })
  })
  const server = app.listen(0, "127.0.0.1", () => console.log(`127.0.0.1:${server.address().port}`))
}
