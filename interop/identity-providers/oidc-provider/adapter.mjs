// Where the provider keeps what it knows: in memory, for longer than a provider with one set of keys lives.

const kept = new Map()

/** What is found by something else than its id. */
const find = (kind, suits) => {
  for (const [key, record] of kept) if (key.startsWith(`${kind}:`) && suits(record)) return record
}

/** As `oidc-provider` wants it. Nothing here lives long enough to end; the provider looks at `exp` itself. */
export class Adapter {
  constructor(kind) {
    this.kind = kind
  }

  key(id) {
    return `${this.kind}:${id}`
  }

  async upsert(id, record) {
    kept.set(this.key(id), record)
  }

  async find(id) {
    return kept.get(this.key(id))
  }

  async findByUid(uid) {
    return find(this.kind, (record) => record.uid === uid)
  }

  async consume(id) {
    kept.get(this.key(id)).consumed = Math.floor(Date.now() / 1000)
  }

  async destroy(id) {
    kept.delete(this.key(id))
  }

  async revokeByGrantId(grant) {
    for (const [key, { grantId }] of kept) if (grantId === grant) kept.delete(key)
  }
}
