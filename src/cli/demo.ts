import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { UserError } from '../domain/errors.ts'
import { importThroughForm } from './demo-import.ts'
import { embeddedDoltUrl } from '../ledger/dolt/embedded-dolt.ts'
import { openLedger, type Ledger } from '../ledger/ledger.ts'
import { type ShownCommit, showLog, showRows } from '../ledger/dolt/show.ts'
import type { LocalGitHub } from '../../local-github/local-github.ts'
import { removeEmbeddedPostgres } from '../operations/embedded-postgres.ts'
import { createCleanup } from '../ops/cleanup.ts'
import { hmacKey } from '../ops/data-dir.ts'
import { readArguments } from './arguments.ts'
import type { Subcommand } from './subcommand.ts'

const REPO = 'ada/engine'
const TIMEOUT_MS = 30_000

/**
 * Plays the whole main job on this machine: a local GitHub, real Dolt, real Postgres, and the bridge as `npm start`
 * runs it.
 */
export const demo: Subcommand = {
  name: 'demo',
  usage: 'wasteland-bridge demo [--once]',
  summary: 'plays the main job on this machine, without an account',
  async run(args, { readConfig, createLog, startBridge }) {
    const { values } = readArguments(args, demo.usage, { once: { type: 'boolean', default: false } })
    const log = createLog('warn')
    const cleanup = createCleanup(log)
    const interrupted = new Promise<void>((resolve) => {
      process.once('SIGINT', () => resolve())
      process.once('SIGTERM', () => resolve())
    })
    try {
      const dataDir = await mkdtemp(join(tmpdir(), 'wasteland-demo-'))
      cleanup.add('demo data', () => removeData(dataDir))
      say('Starting a local GitHub, Dolt and Postgres …')
      // Imported late: a bridge that serves does not need it.
      const { startLocalGitHub } = await import('../../local-github/local-github.ts').catch(notHere)
      const github = await startLocalGitHub({ app: { owner: 'ada' } })
      cleanup.add('local GitHub', () => github.close())
      const config: Config = {
        ...readConfig(),
        dataDir,
        PORT: 0,
        HOST: '127.0.0.1',
        APP_ID: String(github.app.id),
        privateKey: github.app.privateKey,
        WEBHOOK_SECRET: github.app.webhookSecret,
        GHE_HOST: new URL(github.url).host,
        GHE_PROTOCOL: 'http',
        ADMIT: [],
        LEDGER_URL: undefined,
        DATABASE_URL: undefined,
        WEBHOOK_PROXY_URL: undefined,
        GITHUB_CLIENT_ID: github.app.clientId,
        GITHUB_CLIENT_SECRET: github.app.clientSecret,
      }
      const bridge = await startBridge(config, log)
      cleanup.add('bridge', bridge.stop)
      const ledger = await openLedger(await embeddedDoltUrl(join(dataDir, 'dolt'), 'commons'), {
        key: hmacKey(dataDir),
      })
      cleanup.add('reader', () => ledger.close())
      github.setHookUrl(`${bridge.url}/api/github/webhooks`)
      github.app.callbackUrls = [`${bridge.url}/import/signed-in`]
      await play(github, ledger)
      const sheet = await playImport(github, bridge.url)
      printMore(github, { bridge: bridge.url, sheet, dataDir })
      if (values.once) return 0
      say('\nRunning until Ctrl-C.')
      await interrupted
      return 0
    } finally {
      await cleanup.run()
    }
  },
}

async function play(github: LocalGitHub, ledger: Ledger) {
  const follow = follower(ledger)
  github.user('ada')
  github.user('bob')
  github.repository(REPO, { files: { 'src/engine.ts': 'export const engine = 1\n' } })
  const [ada, bob] = [github.as('ada'), github.as('bob')]
  ada.installApp({ account: 'ada' })

  step(1, 'ada opens an issue and puts it on the board: /wl post')
  const issue = ada.openIssue(REPO, { title: 'Count the loops', body: 'The engine should know how often it ran.' })
  ada.comment(REPO, issue.number, '/wl post type=feature effort=small')
  await follow.until('wl post')
  const wanted = (await ledger.read((db) => showRows(db, 'wanted')))[0]!
  const id = String(wanted['id'])

  step(2, `bob opens a draft pull request from a fork, with the line "Wanted: ${id}"`)
  const pull = bob.openPullRequest({
    repo: REPO,
    title: 'Count the loops',
    body: `Counts them.\n\nWanted: ${id}`,
    draft: true,
    commits: [{ message: 'Count the loops', files: { 'src/count.ts': 'export const count = 1\n' } }],
  })
  await follow.until('wl claim')

  step(3, `ada labels it wl:${id}; bob marks it ready for review`)
  ada.label(REPO, pull.number, `wl:${id}`)
  bob.readyForReview(REPO, pull.number)
  await follow.until('wl done')

  step(4, 'bob pushes another commit: the evidence follows')
  bob.push(REPO, pull.number, { message: 'Test the counter', files: { 'test/count.ts': 'export {}\n' } })
  await follow.until('wl done')

  step(5, 'ada reviews: /wl stamp quality=4 creativity=5 skills=typescript')
  ada.review(REPO, pull.number, {
    state: 'APPROVE',
    body: 'Clean work, thank you!\n\n/wl stamp quality=4 creativity=5 skills=typescript',
  })
  await follow.until('wl accept')

  step(6, 'ada merges: noted, and nothing else moves')
  ada.merge(REPO, pull.number)
  await follow.until('wl note')

  heading('What is in Dolt now')
  for (const table of ['wanted', 'completions', 'stamps'] as const) {
    for (const row of await ledger.read((db) => showRows(db, table))) say(`${table}\n${indent(fields(row))}`)
  }
  heading('dolt log')
  for (const commit of (await ledger.read((db) => showLog(db, 20))).toReversed()) say(line(commit))
  heading(`What the bridge says on ${REPO}#${pull.number}`)
  for (const comment of github.comments(REPO, pull.number))
    say(indent(String(comment.body).replace(/\n*<!--.*?-->/gs, '')))
}

async function playImport(github: LocalGitHub, bridge: string): Promise<string> {
  step(7, 'carol brings what she has done before: she signs in at /import and sends the form')
  github.person('carol', 'prolific_maintainer')
  const sheet = await importThroughForm(github, bridge, 'carol')
  say(`   Her sheet  ${sheet}`)
  return sheet
}

/** Waits for the next commit of a kind and prints all that came until then. */
function follower(ledger: Ledger) {
  const seen = new Set<string>()
  return {
    async until(subject: string) {
      const deadline = Date.now() + TIMEOUT_MS
      while (Date.now() < deadline) {
        const fresh = (await ledger.read((db) => showLog(db, 20)))
          .filter((commit) => !seen.has(commit.hash))
          .toReversed()
        if (fresh.some((commit) => commit.message.startsWith(subject))) {
          for (const commit of fresh) {
            seen.add(commit.hash)
            say(`   Dolt ${line(commit)}`)
          }
          return
        }
        await sleep(25)
      }
      throw new Error(`the demo waited ${TIMEOUT_MS / 1000} s for a Dolt commit "${subject}" and saw none`)
    },
  }
}

function printMore(
  github: LocalGitHub,
  { bridge, sheet, dataDir }: { bridge: string; sheet: string; dataDir: string },
) {
  const dolt = join(dataDir, 'dolt')
  heading('Look further')
  say(`GitHub   ${github.url}/${REPO}/pull/2`)
  say('         Below each conversation there is a box: comment as anybody, such as /wl help or /wl board as bob.')
  say(`Sheet    ${sheet}`)
  say(`Import   ${bridge}/import (sign in as anybody of the local GitHub, such as bob)`)
  say(`Bridge   ${bridge}/readyz`)
  say(`Dolt     mysql -h 127.0.0.1 -P $(cat ${dolt}/port) -u root -p$(cat ${dolt}/password) commons`)
  say('On your own repository: README, "Install it".')
}

async function removeData(dataDir: string) {
  removeEmbeddedPostgres(join(dataDir, 'postgres'))
  await rm(dataDir, { recursive: true, force: true })
}

function line({ hash, author, mail, message }: ShownCommit): string {
  return `${hash.slice(0, 8)}  ${message.split('\n', 1)[0]}  — ${author} <${mail}>`
}

function fields(row: Record<string, unknown>): string {
  return Object.entries(row)
    .map(([name, value]) => `${name.padEnd(15)} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n')
}

function indent(text: string): string {
  return text.replace(/^/gm, '   ')
}

function heading(text: string) {
  say(`\n${text}\n${'─'.repeat(text.length)}`)
}

function step(n: number, text: string) {
  say(`\n${n}. ${text}`)
}

function say(text: string) {
  process.stdout.write(`${text}\n`)
}

/** Throws the error for an image, which leaves the local GitHub out. */
function notHere(error: unknown): never {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
  throw new UserError(
    'The demo needs its own GitHub, which the image leaves out. In a clone of the repository: npm ci && npm run demo',
  )
}
