// A new pair of keys, on a line of JSON: the private half for a client, in PEM, and the public half for the provider.

import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { KINDS } from './keys.mjs'

const [algorithm] = process.argv.slice(2)
const { privateKey } = generateKeyPairSync(...KINDS[algorithm])
const pem = privateKey.export({ format: 'pem', type: 'pkcs8' })
const jwk = createPublicKey(privateKey).export({ format: 'jwk' })
console.log(JSON.stringify({ pem, jwk: { ...jwk, alg: algorithm, use: 'sig' } }))
