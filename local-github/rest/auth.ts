import { createVerify, randomBytes } from 'node:crypto'
import { isoSeconds } from '../clock.ts'
import { Refusal } from '../refusal.ts'
import type { Installation, Permissions, World } from '../world.ts'
import type { Caller } from './ask.ts'

const hour = 3_600_000
const signedInFor = 8 * hour

type Grant = {
  installationId: number
  repositoryIds: Set<number> | null
  permissions: Permissions
  expiresAt: number
}

export type Tokens = {
  /** Issues an installation token, valid for an hour. */
  issue(
    installation: Installation,
    limits: { repositoryIds: Set<number> | null; permissions: Permissions },
  ): {
    token: string
    expiresAt: string
  }
  find(token: string): Grant | undefined
  /** Issues a token of a person who signed in to the App, valid for eight hours. */
  issueUser(accountId: number): { token: string; expiresIn: number }
  findUser(token: string): number | undefined
}

export function createTokens(world: World): Tokens {
  const grants = new Map<string, Grant>()
  const users = new Map<string, { accountId: number; expiresAt: number }>()
  return {
    issue(installation, limits) {
      const token = `ghs_${randomBytes(18).toString('hex')}`
      const expiresAt = world.clock.now() + hour
      grants.set(token, { ...limits, installationId: installation.id, expiresAt })
      return { token, expiresAt: isoSeconds(expiresAt) }
    },
    find: (token) => grants.get(token),
    issueUser(accountId) {
      const token = `ghu_${randomBytes(18).toString('hex')}`
      users.set(token, { accountId, expiresAt: world.clock.now() + signedInFor })
      return { token, expiresIn: signedInFor / 1000 }
    },
    findUser(token) {
      const user = users.get(token)
      return user && user.expiresAt > world.clock.now() ? user.accountId : undefined
    },
  }
}

/** Throws 401 for an unknown token, 403 for a suspended installation. */
export function authenticate(world: World, tokens: Tokens, header: string | null): Caller {
  if (header === null) return { kind: 'none' }
  const token = /^(?:bearer|token) +(\S+)$/i.exec(header)?.[1] ?? ''
  if (token.split('.').length === 3) {
    verifyJwt(world, token)
    return { kind: 'app' }
  }
  const grant = tokens.find(token)
  const installation = grant && world.installations.get(grant.installationId)
  if (grant && installation && grant.expiresAt > world.clock.now()) {
    if (installation.suspendedAt !== null) throw new Refusal(403, 'This installation has been suspended')
    return { kind: 'installation', installation, repositoryIds: grant.repositoryIds, permissions: grant.permissions }
  }
  const signedIn = tokens.findUser(token)
  const account = world.accounts
    .values()
    .find((other) => (other.token === token || other.id === signedIn) && !other.deleted)
  if (account) return { kind: 'user', account }
  throw new Refusal(401, 'Bad credentials')
}

/** Checked by the machine's clock, not the world's: the App signs by it. */
function verifyJwt(world: World, token: string): void {
  const [head = '', claims = '', signature = ''] = token.split('.')
  const now = Math.floor(Date.now() / 1000)
  const signed = createVerify('RSA-SHA256').update(`${head}.${claims}`)
  if (!signed.verify(world.app.publicKey, signature, 'base64url')) {
    throw new Refusal(401, 'A JSON web token could not be decoded')
  }
  const { iss, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
  if (String(iss) !== String(world.app.id) && iss !== world.app.clientId)
    throw new Refusal(404, 'Integration not found')
  if (typeof iat !== 'number' || iat > now + 60) {
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    )
  }
  if (typeof exp !== 'number' || exp <= now) {
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    )
  }
  if (exp > now + 660) throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
}
