import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseEnv } from 'node:util'
import { describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'
import { mergeSettings, readSettings, withAccounts } from '../src/authorization/settings.ts'
import { Environment, readConfig } from '../src/config.ts'
import { readPolicy } from '../src/reputation/policy.ts'

/* What README and docs show must be so: samples are read by what reads them, messages stand in the code, links lead somewhere. */

const ROOT = new URL('../', import.meta.url).pathname
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8')
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/operating.md',
  'docs/troubleshooting.md',
  'docs/status.md',
  'docs/architecture.md',
  'docs/releasing.md',
]

/** The text of the fence that begins with a line. */
function fence(page: string, first: string): string {
  const found = [...read(page).matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map((match) => match[1]!)
  const [text, ...more] = found.filter((text) => text.startsWith(first))
  expect(more).toEqual([])
  return text!
}

describe('samples', () => {
  it('of settings are read, and say what they seem to', async () => {
    const answer = await readSettings(fence('README.md', '# .github/wasteland.yml'))
    if ('fault' in answer) throw new Error(JSON.stringify(answer.fault))
    const settings = mergeSettings({}, withAccounts(answer.given, new Map([['my-bot[bot]', 7]])))
    expect(settings).toMatchObject({
      labels: { wanted: 'help wanted' },
      stampers: { permission: 'maintain', paths: { 'packages/engine': { teams: ['engine-team'] } } },
      gates: { checks: true, approvals: 1 },
      claims: { small: 7, medium: 21 },
    })
  })

  it('of POLICY are the defaults, and so is the table of trust levels', () => {
    const policy = readPolicy(fence('docs/operating.md', '# policy.yml'))
    expect(policy).toEqual(readPolicy(undefined))
    for (const level of [1, 2, 3] as const) {
      const row = read('README.md')
        .split('\n')
        .find((line) => line.startsWith(`| ${level} `))
      expect(row?.split(' | ').slice(2).join()).toBe(`${policy.claims[level]},${policy.posts[level]} |`)
    }
  })

  it('of a .env name our variables, and are usable as they stand and with every line in use', () => {
    const text = read('.env.example')
    const whole = text.replace(/^# ([A-Z_]+=)/gm, '$1')
    expect(Object.keys(parseEnv(whole)).length).toBeGreaterThan(10)
    for (const one of [text, whole]) {
      const given = parseEnv(one)
      for (const name of Object.keys(given)) expect(Object.keys(Environment.shape)).toContain(name)
      const { PRIVATE_KEY_PATH: _, ...rest } = given
      expect(readConfig({ ...rest, DATA_DIR: '/nonexistent' }).PORT).toBe(3000)
    }
  })
})

describe('links', () => {
  const anchorOf = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\d\s-]/gu, '')
      .trim()
      .replaceAll(' ', '-')
  const links = PAGES.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => [page, match[1]!] as const),
  )

  test.each(links.filter(([, link]) => !/^https?:/.test(link)))('%s leads to %s', (page, link) => {
    const [path = '', anchor] = link.split('#')
    const file = path === '' ? page : join(dirname(page), path)
    expect(existsSync(join(ROOT, file))).toBe(true)
    if (anchor === undefined) return
    const headings = [...read(file).matchAll(/^#+ (.*)$/gm)].map((match) => anchorOf(match[1]!))
    expect(headings).toContain(anchor)
  })

  it('every page of docs is reached from README', () => {
    const known = new Set(links.filter(([page]) => page === 'README.md').map(([, link]) => link.split('#')[0]))
    for (const name of readdirSync(join(ROOT, 'docs'))) expect(known).toContain(`docs/${name}`)
  })
})

it('docs/architecture.md names files that are there', () => {
  const paths = [
    ...read('docs/architecture.md').matchAll(/`((?:src|schema|test|importers|local-github|bench)\/[\w./-]*)`/g),
  ]
  expect(paths.length).toBeGreaterThan(20)
  expect(paths.flatMap(([, path]) => (existsSync(join(ROOT, path!)) ? [] : [path]))).toEqual([])
})

describe('docs/troubleshooting.md', () => {
  const source = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js)$/.test(name))
    .map((name) => read(`src/${name}`))
    // A long sentence is broken over lines of code.
    .join('\n')
    .replace(/['`] \+\n\s*['`]/g, '')
  const rows = read('docs/troubleshooting.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  const messages = rows.map((row) => /^\| `([^`]+)`/.exec(row)![1]!).filter((message) => !message.startsWith('/readyz'))

  it('has many', () => expect(messages.length).toBeGreaterThan(25))

  test.each(messages)('"%s" is said by the program', (message) => {
    const unsaid = message.split('…').filter((part) => !source.includes(part.trim()))
    expect(unsaid).toEqual([])
  })
})

describe('what an open project has', () => {
  it('is here, and package.json says the same', () => {
    const { license, files, bin } = JSON.parse(read('package.json'))
    expect(read('LICENSE')).toMatch(/^MIT License/)
    expect(license).toBe('MIT')
    for (const name of files) expect(existsSync(join(ROOT, name))).toBe(true)
    for (const name of Object.values(bin)) expect(files).toContain(String(name).split('/')[0])
    for (const name of ['SECURITY.md', 'CODE_OF_CONDUCT.md', 'CONTRIBUTING.md', 'CHANGELOG.md'])
      expect(statSync(join(ROOT, name)).size).toBeGreaterThan(300)
  })

  it('names its repository in one place, package.json, and elsewhere the same', () => {
    const { repository, homepage, bugs } = JSON.parse(read('package.json'))
    const [, address] = /^git\+(https:\/\/github\.com\/[\w-]+\/[\w-]+)\.git$/.exec(repository.url) ?? []
    expect({ homepage, bugs }).toEqual({ homepage: `${address}#readme`, bugs: `${address}/issues` })
    expect(read('Dockerfile')).toContain(`org.opencontainers.image.source="${address}"`)
    expect(parse(read('app.yml')).url).toBe(address)
    const forms = readdirSync(join(ROOT, '.github/ISSUE_TEMPLATE')).map((name) => `.github/ISSUE_TEMPLATE/${name}`)
    const named = [...PAGES, ...forms].flatMap(
      (page) => read(page).match(/github\.com\/[\w-]+\/wasteland-bridge\b/g) ?? [],
    )
    for (const one of named) expect(`https://${one}`).toBe(address)
  })

  it('CHANGELOG.md has a dated section for the version of package.json, and none is newer', () => {
    const { version, private: isPrivate } = JSON.parse(read('package.json'))
    const [, newest, date] = /^## (\d\S*) \((\d{4}-\d\d-\d\d)\)$/m.exec(read('CHANGELOG.md')) ?? []
    expect(newest).toBe(version)
    expect(new Date(date!).toISOString()).toContain(date)
    // docs/releasing.md says that nothing is published to npm.
    expect(isPrivate).toBe(true)
  })

  it('compose.yaml runs the image with a volume where its data lies, and variables of ours', () => {
    const { services, volumes } = parse(read('compose.yaml'))
    expect(services.bridge.volumes).toEqual([`${Object.keys(volumes)[0]}:/data`])
    for (const name of Object.keys(services.bridge.environment)) expect(Object.keys(Environment.shape)).toContain(name)
    expect(readConfig({ ...services.bridge.environment, DATA_DIR: '/nonexistent' }).PUBLIC_URL).toMatch(/^https:/)
  })

  test.each(['bug.yml', 'idea.yml', 'import-character-sheet.yml'])('the issue form %s is one', (name) => {
    const form = parse(read(`.github/ISSUE_TEMPLATE/${name}`))
    expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String), body: expect.any(Array) })
    const ids = form.body.flatMap(({ id }: { id?: string }) => id ?? [])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('CI runs .ci/run, with actions that are pinned and no right but to read', () => {
    const text = read('.github/workflows/ci.yml')
    const workflow = parse(text)
    expect(workflow.permissions).toEqual({ contents: 'read' })
    const steps = Object.values<{ steps: { uses?: string; run?: string }[] }>(workflow.jobs).flatMap(
      ({ steps }) => steps,
    )
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual(['.ci/run'])
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
    expect(statSync(join(ROOT, '.ci/run')).mode & 0o111).not.toBe(0)
  })
})
