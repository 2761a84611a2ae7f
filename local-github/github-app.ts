import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { nodeId } from './ids.ts'
import type { Account, App, Permissions, World } from './world.ts'

export type AppOptions = {
  name?: string
  slug?: string
  owner?: string
  permissions?: Permissions
  events?: string[]
  webhookSecret?: string
  callbackUrls?: string[]
}

const permissions: Permissions = {
  checks: 'write',
  contents: 'write',
  issues: 'write',
  members: 'read',
  metadata: 'read',
  pull_requests: 'write',
  statuses: 'read',
}

const events = [
  'check_run',
  'check_suite',
  'status',
  'issue_comment',
  'issues',
  'label',
  'member',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'push',
  'repository',
]

let keys: { privateKey: string; publicKey: string } | undefined
/** One key pair a process: generating one takes a tenth of a second. */
function keyPair() {
  keys ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  return keys
}

/** The App and its bot account; its owner is created as a person when there is none of that login. */
export function createApp(world: Pick<World, 'id' | 'clock' | 'accounts'>, options: AppOptions = {}): App {
  const name = options.name ?? 'Wasteland Bridge'
  const slug = options.slug ?? name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  const id = world.id('app')
  const bot = createAccount(world, `${slug}[bot]`, 'Bot', {})
  return {
    id,
    nodeId: nodeId('A', id),
    slug,
    name,
    ownerLogin: options.owner ?? 'wasteland',
    clientId: `Iv23li${randomBytes(7).toString('hex')}`,
    clientSecret: randomBytes(20).toString('hex'),
    callbackUrls: options.callbackUrls ?? [],
    webhookSecret: options.webhookSecret ?? randomBytes(20).toString('hex'),
    ...keyPair(),
    permissions: options.permissions ?? permissions,
    events: options.events ?? events,
    botId: bot.id,
    createdAt: world.clock.iso(),
  }
}

export function createAccount(
  world: Pick<World, 'id' | 'clock' | 'accounts'>,
  login: string,
  kind: Account['kind'],
  {
    id = world.id('account'),
    name = null,
    emails = [],
  }: { id?: number | undefined; name?: string | null; emails?: string[] },
): Account {
  if (world.accounts.has(id)) throw new Error(`account id ${id} is taken`)
  const account: Account = {
    id,
    kind,
    login,
    name,
    emails: emails.map((email) => email.toLowerCase()),
    token: `ghp_${randomBytes(18).toString('hex')}`,
    createdAt: world.clock.iso(),
    deleted: false,
    members: new Map(),
    basePermission: 'read',
    teams: [],
  }
  world.accounts.set(id, account)
  return account
}
