// Opens a session token over and over, and prints the microseconds of CPU time that one opening took, median of rounds.
// Arguments: the token, its content encryption, the secret, and the name of the cookie.
import { hkdfSync } from 'node:crypto'
import { jwtDecrypt } from 'jose'

const ROUNDS = 7
const OPENINGS = 4000

const [token, encryption, secret, cookie] = process.argv.slice(2)
const length = encryption === 'A256GCM' ? 32 : 64
const words = `Auth.js Generated Encryption Key (${cookie})`
const key = new Uint8Array(hkdfSync('sha256', secret, cookie, words, length))

async function round() {
  const before = process.cpuUsage()
  for (let opening = 0; opening < OPENINGS; opening++) await jwtDecrypt(token, key, { clockTolerance: 15 })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / OPENINGS
}

await round() // for the compiler to warm up
const rounds = []
for (let number = 0; number < ROUNDS; number++) rounds.push(await round())
rounds.sort((one, other) => one - other)
console.log(rounds[(ROUNDS - 1) / 2])
