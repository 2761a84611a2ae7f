import { globSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../src/commands/registry.ts'
import { SUBCOMMANDS } from '../src/cli/registry.ts'
import { EVENTS } from '../src/events/registry.ts'
import type { Page } from '../src/http/page.ts'
import { PAGES } from '../src/http/pages/registry.ts'
import { sha256 } from '../src/domain/hash.ts'
import { readAppFile } from '../src/github/app-file.ts'
import { sentencesIn } from './sentences.ts'

const SRC = new URL('../src', import.meta.url).pathname

/** From the first down, a folder imports only itself and folders before it. */
const FOLDERS = [
  'domain',
  'ops',
  'reputation',
  'ledger',
  'operations',
  'github',
  'replies',
  'authorization',
  'pull-requests',
  'queries',
  'services',
  'commands',
  'events',
  'deliveries',
  'imports',
  'http',
  'cli',
]

interface Import {
  from: string
  to: string
  file: string
}

const imports: Import[] = globSync('**/*.ts', { cwd: SRC }).flatMap((file) => {
  const text = readFileSync(join(SRC, file), 'utf8')
  return [...text.matchAll(/\bfrom '(\.[^']+)'|\bimport\('(\.[^']+)'\)/g)].map((match) => ({
    file,
    from: folderOf(file),
    to: folderOf(relative(SRC, join(SRC, dirname(file), (match[1] ?? match[2])!))),
  }))
})

function folderOf(path: string): string {
  return path.includes('/') ? path.split('/')[0]! : basename(path)
}

describe('folders', () => {
  it('are those of the design, and no other', () => {
    const folders = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(folders.map((folder) => folder.name).filter((name) => !FOLDERS.includes(name))).toEqual([])
  })

  it('are those of docs/architecture.md, in this order', () => {
    const page = readFileSync(join(SRC, '../docs/architecture.md'), 'utf8')
    const [, table = ''] = /## Folders of `src`([\s\S]*?)\n## /.exec(page) ?? []
    expect([...table.matchAll(/^\| `([\w-]+)` \|/gm)].map((row) => row[1])).toEqual(FOLDERS)
  })

  it('import only folders above them', () => {
    expect(imports.length).toBeGreaterThan(100)
    const wrong = imports.filter(
      ({ from, to }) => FOLDERS.includes(from) && FOLDERS.includes(to) && FOLDERS.indexOf(to) > FOLDERS.indexOf(from),
    )
    expect(wrong).toEqual([])
  })

  it('are all seen by the program alone, and config.ts by nobody above the command line', () => {
    const PROGRAM = ['main.ts', 'bridge.ts', 'run-bridge.ts', 'compose.ts', 'schedule.ts']
    const STORES = ['stores.ts', 'servers.ts']
    const outside = imports.filter(({ from }) => !PROGRAM.includes(from))
    expect(outside.filter(({ to }) => PROGRAM.includes(to))).toEqual([])
    expect(outside.filter(({ from, to }) => to === 'config.ts' && from !== 'cli' && !STORES.includes(from))).toEqual([])
    expect(outside.filter(({ from, to }) => STORES.includes(to) && from !== 'cli' && from !== 'stores.ts')).toEqual([])
  })

  it('leave importers/ to imports/, and importers/ knows the pure words of src only', () => {
    const outOf = (folder: string, names: RegExp) =>
      globSync('**/*.ts', { cwd: folder }).flatMap((file) =>
        [...readFileSync(join(folder, file), 'utf8').matchAll(/\bfrom '(\.[^']+)'/g)]
          .map((match) => match[1]!)
          .filter((path) => names.test(path))
          .map((path) => ({ file, path })),
      )
    const importing = outOf(SRC, /\/importers\//)
    expect(importing.length).toBeGreaterThan(0)
    expect(importing.filter(({ file }) => folderOf(file) !== 'imports')).toEqual([])
    const words = outOf(join(SRC, '../importers'), /\/src\//)
    expect(words.length).toBeGreaterThan(0)
    expect(words.filter(({ path }) => !path.includes('/src/domain/'))).toEqual([])
  })

  it('leave octokit to github/, and SQL on Dolt to ledger/', () => {
    const importing = (names: RegExp) =>
      globSync('**/*.ts', { cwd: SRC }).filter((file) =>
        [...readFileSync(join(SRC, file), 'utf8').matchAll(/^import (?!type).* from '([^'.][^']*)'/gm)].some((match) =>
          names.test(match[1]!),
        ),
      )
    expect(new Set(importing(/^@octokit|^probot$/).map(folderOf))).toEqual(new Set(['github']))
    expect(new Set(importing(/^mysql2/).map(folderOf))).toEqual(new Set(['ledger']))
  })

  it('leave GitHub’s clients to github/: the others name a repository, and it is reached there', () => {
    const named = globSync('**/*.ts', { cwd: SRC }).filter((file) =>
      /import [^;]*?\bClient\b[^;]*? from '[./]*\/github\/client\.ts'/.test(readFileSync(join(SRC, file), 'utf8')),
    )
    const uses = globSync('**/*.ts', { cwd: SRC }).filter((file) =>
      /\.(?:installation|app)\([^)]*\)\)?\.(?:request|paginate|graphql)\b/.test(readFileSync(join(SRC, file), 'utf8')),
    )
    expect([...named, ...uses].filter((file) => folderOf(file) !== 'github')).toEqual([])
  })
})

describe('what people read', () => {
  /** From where it is decided what happens to where that comes from. */
  const DECIDING = FOLDERS.slice(FOLDERS.indexOf('authorization'), FOLDERS.indexOf('imports') + 1)

  it('is written in replies/, and no sentence beside it', () => {
    const files = DECIDING.flatMap((folder) =>
      globSync('**/*.ts', { cwd: join(SRC, folder) }).map((file) => join(folder, file)),
    )
    expect(files.length).toBeGreaterThan(100)
    const found = files.flatMap((file) => sentencesIn(file, readFileSync(join(SRC, file), 'utf8')))
    expect(found.map(({ file, line, text }) => `src/${file}:${line}: ${text}`)).toEqual([])
  })

  it.each([
    [`const closed = 'This issue is closed. Reopen it.'`],
    ['const gone = `${quote(id)} is gone from this board.`'],
    [`const isMeant = 'is this what you mean?'`],
    ['const which = `Name one: \\`/wl claim ${id}\\`, or leave it`'],
    [`const answer = { ok: false, usage: '/wl claim w-0123456789' }`],
    [`const reason = { message: 'It is closed, and stays so.' }`],
    ['fault(reading, `${show(said)} is a number that no option takes here`)'],
  ])('is seen in %s', (code) => {
    expect(sentencesIn('one.ts', code)).toHaveLength(1)
  })

  it.each([
    [`deps.log.warn({ delivery }, 'The delivery is lost. Ask GitHub for it.')`],
    ['throw new UserError(`The payload is not as GitHub documents it: ${where}.`)'],
    [`const claim = command({ usage: '/wl claim', note: 'That is final.', examples: ['/wl claim'], run })`],
    [`z.boolean().describe('No status comment. Commands are answered.')`],
    [`z.string('expected a link, a commit SHA or a text in quotes')`],
    [`await withTimeout(STORE_MS, storing, 'the store does not answer').then(() => 202)`],
    ['const subject = `wl claim: ${id}`'],
    [`import { a } from './a.ts'; const words = 'please thanks for so very much'.split(' ')`],
  ])('is not meant by %s', (code) => {
    expect(sentencesIn('one.ts', code)).toEqual([])
  })
})

/** The first 16 digits of their SHA-256. */
const HANDED_OVER = {
  '01-linked-issue-forbidden.test.ts': '0e66c35ff081b07f',
  '02-gates-open-when-refused.test.ts': 'a024e074061ff239',
  '04-option-taken-for-prose.test.ts': '01e1876670b824e8',
  '05-nul-in-profile.test.ts': '7dceda2910c1d97c',
  '06-latin1-store.test.ts': 'a459356da3945d0a',
  '08-ledger-tls.test.ts': '8d37a64a4b274228',
  '09-status-too-long.test.ts': 'c61f25a9ca12655c',
  '10-unusable-key.test.ts': 'e5f0b09dc5077964',
  '11-operations-store-of-others.mjs': '5eb7d6a1747be155',
  '12-arbitrary-uid.sh': 'ccf56e1445df042d',
  '13-check-rerequested.test.ts': '95f86c286dc607f3',
  '15-unread-without-a-word.test.ts': '848a81d17c22db2c',
  '16-host-and-admit.test.ts': '55efd80ffd9f9eb8',
}

it('the tests of faults are as they were handed over: what they import stays where it is', () => {
  const folder = join(import.meta.dirname, 'faults')
  const found = readdirSync(folder).map((file) => [file, sha256(readFileSync(join(folder, file), 'utf8')).slice(0, 16)])
  expect(Object.fromEntries(found)).toEqual(HANDED_OVER)
})

describe('the command that stamps', () => {
  it('pulls in its arguments and no more: what it does is a service', () => {
    const pulled = new Set<string>()
    const pull = (file: string) => {
      if (pulled.has(file)) return
      pulled.add(file)
      const text = readFileSync(join(SRC, file), 'utf8')
      for (const [line, path] of text.matchAll(/^(?:import|export) [^;]*?from '(\.[^']+)'/gm))
        if (!/^(?:import|export) type /.test(line)) pull(join(dirname(file), path!))
    }
    pull('commands/stamp.ts')
    expect(pulled.size).toBeGreaterThan(4)
    expect(pulled.size).toBeLessThanOrEqual(20)
    expect([...pulled].filter((file) => file.startsWith('services/'))).toEqual([])
  })
})

describe('tables', () => {
  it.each([
    [
      'commands',
      COMMANDS.map((command) => command.name),
      ['registry', 'command', 'help-text', 'respond', 'deferred-stamps', 'edited', 'hint', 'written-before'],
    ],
    [
      'events',
      EVENTS.map((event) => event.name.replaceAll('_', '-')),
      [
        'registry',
        'event',
        'comments',
        'permission-events',
        'moved',
        'out-of-reach',
        'checks',
        'forge-event',
        'issue-transfer',
        'import-form',
      ],
    ],
    [
      'cli',
      SUBCOMMANDS.map((subcommand) => subcommand.name),
      [
        'registry',
        'run',
        'subcommand',
        'trust',
        'docs',
        'poster',
        'from-label',
        'agreed',
        'upgrade-schema',
        'finding',
        'doctor-github',
        'doctor-stores',
        'doctor-machine',
        'doctor-proxy',
        'doctor-settings',
        'skill-text',
        'states-text',
        'backup-folder',
        'import-deps',
        'demo-import',
        'arguments',
        'help',
        'output',
        'admit-lookup',
        'doctor-data',
      ],
    ],
  ])('list every file of %s', (folder, names, others) => {
    const files = globSync('*.ts', { cwd: join(SRC, folder) }).map((file) => basename(file, '.ts'))
    expect(files.filter((file) => !others.includes(file)).toSorted()).toEqual(names.toSorted())
  })

  it('list every page of http/pages, and have nothing beside the folders that is none', async () => {
    const folder = join(SRC, 'http/pages')
    const files = globSync('**/*.ts', { cwd: folder }).filter((file) => file !== 'registry.ts')
    const found = await Promise.all(
      files.map(async (file) => {
        const isPage = /^export const \w+ = page\(/m.test(readFileSync(join(folder, file), 'utf8'))
        const exported = Object.values((await import(join(folder, file))) as object)
        return { file, isPage, listed: exported.filter((one: Page) => PAGES.includes(one)).length }
      }),
    )
    expect(found.filter(({ isPage, listed }) => listed !== (isPage ? 1 : 0))).toEqual([])
    expect(found.filter(({ file, isPage }) => !file.includes('/') && !isPage)).toEqual([])
    expect(found.filter(({ isPage }) => isPage)).toHaveLength(PAGES.length)
  })

  it('act on no event that app.yml does not ask for, but for those that come to every App, or every one that writes checks', () => {
    const asked = readAppFile(readFileSync(new URL('../app.yml', import.meta.url), 'utf8')).events.map(
      (event) => event.name,
    )
    const unasked = EVENTS.map((event) => event.name).filter((name) => !asked.includes(name))
    expect(unasked).toEqual(['check_suite', 'check_run', 'installation', 'installation_repositories'])
  })
})
