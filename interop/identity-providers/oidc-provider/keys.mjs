// The keys that it signs with: one for each algorithm, under names that were never used before.

import { generateKeyPairSync, randomUUID } from 'node:crypto'

export const KINDS = {
  RS256: ['rsa', { modulusLength: 2048 }],
  PS256: ['rsa', { modulusLength: 2048 }],
  ES256: ['ec', { namedCurve: 'P-256' }],
  ES384: ['ec', { namedCurve: 'P-384' }],
  EdDSA: ['ed25519'],
}

export const ALGORITHMS = Object.keys(KINDS)

const newKey = ([alg, kind]) => {
  const { privateKey } = generateKeyPairSync(...kind)
  return { ...privateKey.export({ format: 'jwk' }), alg, kid: randomUUID(), use: 'sig' }
}

export const newKeys = () => ({ keys: Object.entries(KINDS).map(newKey) })
