import { readFileSync } from 'node:fs'
import { admit, type AdmissionRules, type AdmittedRepository } from '../authorization/admission.ts'
import { readAdmittedHere } from '../authorization/admitted-names.ts'
import { DEFAULT_SETTINGS } from '../authorization/settings.ts'
import type { Config } from '../config.ts'
import { Unavailable } from '../domain/errors.ts'
import { count } from '../domain/text.ts'
import {
  getApp,
  getHook,
  type Installed,
  listInstallations,
  listInstalledRepositories,
  type RegisteredApp,
} from '../github/app-health.ts'
import { GitHubRefused } from '../github/errors.ts'
import { readAppFile } from '../github/app-file.ts'
import { connectAnonymously, type GitHub } from '../github/github.ts'
import { type DeliveryAttempt, listDeliveries } from '../github/hook-deliveries.ts'
import { hookUrl } from '../github/manifest.ts'
import { checkListedLogins, checkNearSettings } from './doctor-settings.ts'
import { type DoctorFinding, runCheck, ok, warning, wrong } from './finding.ts'

const APP_FILE = new URL('../../app.yml', import.meta.url)
/** GitHub refuses a token that is dated a minute ahead. */
const CLOCK_WRONG_MS = 50_000
const CLOCK_OFF_MS = 10_000

/** Checks the App's registration on GitHub against what this program needs. */
export async function checkGitHub(config: Config, github: GitHub): Promise<DoctorFinding[]> {
  const clock = await runCheck('clock', () => checkClock(config))
  let app: RegisteredApp | undefined
  const credentials = await runCheck('credentials', async () => {
    try {
      app = await getApp(github)
      const { ownerLogin } = await github.identity()
      return ok('credentials', `GitHub knows us as the App ${app.slug} of ${ownerLogin}.`)
    } catch (error) {
      return wrong('credentials', whyNot(error))
    }
  })
  // Without credentials nothing else can be checked.
  if (app === undefined) return [...clock, ...credentials]
  const known = app
  return [
    ...clock,
    ...credentials,
    ...checkRights(known),
    ...(await runCheck('hook', async () => checkHook(config, await getHook(github), known))),
    ...(await runCheck('deliveries', async () => checkDeliveries((await listDeliveries(github)).attempts))),
    ...(await runCheck('installations', () => checkInstallations(config, github, known))),
  ]
}

function whyNot(error: unknown): string {
  const { cause } = error as { cause?: { status?: unknown } }
  if (error instanceof GitHubRefused || cause?.status === 401 || cause?.status === 404)
    return 'GitHub does not accept them. APP_ID and the private key must be of one App, and the clock right.'
  if (error instanceof Unavailable) return `${error.message}. Check the network, GHE_HOST and GHE_PROTOCOL.`
  return 'the private key cannot be used. Take the file that GitHub gave for this App.'
}

async function checkClock(config: Config): Promise<DoctorFinding> {
  const theirs = await connectAnonymously({ gheHost: config.GHE_HOST, gheProtocol: config.GHE_PROTOCOL }).getTime()
  if (theirs === undefined || Number.isNaN(theirs.getTime()))
    return wrong('clock', 'GitHub cannot be reached, so the clock cannot be compared. Check the network and GHE_HOST.')
  const off = Math.abs(Date.now() - theirs.getTime())
  const seconds = `${Math.round(off / 1000)} s from GitHub’s`
  if (off >= CLOCK_WRONG_MS) return wrong('clock', `${seconds}: GitHub refuses our tokens. Set it (NTP).`)
  return off >= CLOCK_OFF_MS ? warning('clock', `${seconds}. Set it (NTP).`) : ok('clock', `${seconds}.`)
}

function checkRights({ permissions, events, url }: RegisteredApp): DoctorFinding[] {
  const needed = readAppFile(readFileSync(APP_FILE, 'utf8'))
  const lacking = needed.permissions
    .filter(({ name, access }) => !grants(permissions[name], access))
    .map(({ name, access }) => `${name}: ${access}`)
  const deaf = needed.events.map(({ name }) => name).filter((name) => !events.includes(name))
  const where = `Set them on the App’s settings page (${url}), “Permissions & events”`
  return [
    lacking.length === 0
      ? ok('permissions', `all ${needed.permissions.length} of app.yml.`)
      : wrong('permissions', `the App lacks ${lacking.join(', ')}. ${where}, and approve them where it is installed.`),
    deaf.length === 0
      ? ok('events', `all ${needed.events.length} of app.yml.`)
      : wrong('events', `the App does not hear of ${deaf.join(', ')}. ${where}.`),
  ]
}

function grants(given: string | undefined, needed: string): boolean {
  return given === needed || given === 'admin' || (given === 'write' && needed === 'read')
}

/** Checks that the webhook's address leads here, and that GitHub can reach it. */
export function checkHook(
  config: Pick<Config, 'PUBLIC_URL' | 'WEBHOOK_PROXY_URL' | 'GHE_HOST'>,
  { url, isJson, isUnchecked }: Awaited<ReturnType<typeof getHook>>,
  app: Pick<RegisteredApp, 'url'>,
): DoctorFinding {
  const where = `on the App’s settings page (${app.url}), “Webhook”`
  const expected = expectedHook(config)
  const [shown, shownExpected] = [withoutSecrets(url), expected && withoutSecrets(expected)]
  if (url === '')
    return wrong('hook', `none is set. Set ${shownExpected ?? 'PUBLIC_URL here and its address'} ${where}.`)
  if (!isJson) return wrong('hook', `its content type is form. Set application/json ${where}.`)
  if (config.GHE_HOST === undefined && !isPublic(url))
    return wrong(
      'hook',
      `${shown} cannot be reached from GitHub. Set a public address ${where}, or use WEBHOOK_PROXY_URL.`,
    )
  if (expected !== undefined && url !== expected)
    return wrong('hook', `GitHub sends to ${shown}, we expect ${shownExpected}. Correct it ${where}, or here.`)
  if (expected === undefined)
    return warning('hook', `GitHub sends to ${shown}. Set PUBLIC_URL, so that it can be compared.`)
  return isUnchecked
    ? warning('hook', `${shown}, but its TLS certificate is not checked. Enable SSL verification ${where}.`)
    : ok('hook', `${shown}.`)
}

function expectedHook({
  PUBLIC_URL,
  WEBHOOK_PROXY_URL,
}: Pick<Config, 'PUBLIC_URL' | 'WEBHOOK_PROXY_URL'>): string | undefined {
  if (WEBHOOK_PROXY_URL !== undefined) return WEBHOOK_PROXY_URL
  return PUBLIC_URL === undefined ? undefined : hookUrl({ publicUrl: PUBLIC_URL })
}

/** The address without the name of a proxy's channel, with which anybody could read the channel. */
function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return 'an address that is none'
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${/(^|\.)smee\.io$/.test(host) ? '/…' : pathname}`
}

function isPublic(url: string): boolean {
  if (!URL.canParse(url)) return false
  const host = new URL(url).hostname
  if (!/[.:]/.test(host) || /(^|\.)(localhost|local|internal|home\.arpa)$/.test(host)) return false
  return !/^(\[(::1?\]|f[cde])|0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/i.test(host)
}

/** Checks the last deliveries. `attempts` come newest first; a failed one that was redelivered does not count. */
export function checkDeliveries(attempts: readonly DeliveryAttempt[]): DoctorFinding {
  const newest = new Map<string, DeliveryAttempt>()
  for (const attempt of attempts) if (!newest.has(attempt.guid)) newest.set(attempt.guid, attempt)
  const bad = [...newest.values()].filter((attempt) => !attempt.ok)
  if (attempts[0] === undefined) return ok('deliveries', 'none yet.')
  if (bad[0] === undefined) return ok('deliveries', `the last ${newest.size} arrived.`)
  const { event, at, status } = bad[0]
  const says =
    `${bad.length} of the last ${newest.size} did not arrive, at last ${event} at ${at.toISOString()} (${status.slice(0, 100)}). ` +
    'A running bridge brings in what it needs of them; wasteland-bridge redeliver does so now.'
  return attempts[0].ok ? warning('deliveries', says) : wrong('deliveries', says)
}

async function checkInstallations(config: Config, github: GitHub, app: RegisteredApp): Promise<DoctorFinding[]> {
  const installations = await listInstallations(github)
  if (installations.length === 0)
    return [warning('installations', `none. Install the App: ${app.url}/installations/new`)]
  const findings: DoctorFinding[] = []
  for (const one of installations)
    findings.push(...(await runCheck(`installed: ${one.account}`, () => checkInstallation(config, github, app, one))))
  return findings
}

async function checkInstallation(
  config: Config,
  github: GitHub,
  app: RegisteredApp,
  { id, account, suspended, permissions }: Installed,
): Promise<DoctorFinding[]> {
  const part = `installed: ${account}`
  if (suspended) return [warning(part, 'suspended there, so nothing is heard of it. Its owner can unsuspend it.')]
  const waiting = Object.entries(app.permissions).filter(([name, access]) => !grants(permissions[name], access))
  const notes =
    waiting.length === 0
      ? []
      : [warning(part, `its owner has not approved ${waiting.map(([name]) => name).join(', ')} yet.`)]
  const { ownerId } = await github.identity()
  const rules = { appOwnerId: ownerId, named: await readAdmittedHere(config.ADMIT, config.dataDir, github.host) }
  const repositories = await listInstalledRepositories(github, { installation: id })
  const refusals = repositories.map((repository) => {
    const answer = admit(rules, repository, DEFAULT_SETTINGS)
    return 'refused' in answer ? answer.refused : undefined
  })
  const outside = repositories.filter((_, n) => refusals[n] !== undefined && refusals[n] !== 'private-keep')
  const moved = repositories.filter((_, n) => refusals[n] === 'name-moved')
  if (moved[0] !== undefined) notes.push(warning(part, nameMoved(rules, moved[0])))
  notes.push(...(await checkListedLogins(config, { part, github, installation: id, host: github.host, repositories })))
  const inside = repositories.filter((repository) => !outside.includes(repository))
  notes.push(...(await checkNearSettings({ part, github, installation: id, repositories: inside })))
  const served = `serves ${repositories.length - outside.length} of ${count(repositories.length, 'repository').replace(/ys$/, 'ies')}`
  if (outside.length === 0) return [...notes, ok(part, `${served}.`)]
  const names = outside.slice(0, 3).map((repository) => repository.fullName)
  const more = outside.length > names.length ? ' and others' : ''
  return [...notes, ok(part, `${served}; not ${names.join(', ')}${more} (wasteland-bridge admit owner/repo).`)]
}

function nameMoved({ named }: AdmissionRules, { id, fullName, ownerId }: AdmittedRepository): string {
  const name = fullName.toLowerCase()
  const key = named.has(name) ? name : name.split('/')[0]!
  const { ownerId: owner, repositoryId: repository } = named.get(key) ?? {}
  const [was, now] = key.includes('/') ? [repository ?? owner, id] : [owner, ownerId]
  return (
    `${fullName} is not served: ${key} was admitted as ${was === now ? `another account's (${owner})` : `${was}`} and is ${now} now. ` +
    `Take the name out of ADMIT or DATA_DIR/admitted, or, if this one is meant, wasteland-bridge admit ${key}#${now}.`
  )
}
