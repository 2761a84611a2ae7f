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

describe('what a stranger looks for is said', () => {
  it.each<[what: string, page: string, said: RegExp]>([
    ['what a Wasteland is', 'README.md', /A \*\*Wasteland\*\* is a public record of who did which work/],
    ['where the Wasteland is', 'README.md', /\]\(https:\/\/github\.com\/gastownhall\/wasteland\)/],
    ['what a rig is', 'README.md', /Somebody who takes part is a \*\*rig\*\*/],
    ['what a stamp is', 'README.md', /a maintainer gives a \*\*stamp\*\*: scores, skills and a link to the evidence/],
    ['what a passbook is', 'README.md', /All stamps of a rig are its \*\*passbook\*\*/],
    ['what wl and gt are', 'README.md', /command lines `wl` \(of \S+\) and `gt wl` \(of \S+\) read everything/],
    ['what a wanted item is', 'README.md', /^\| wanted item \| a piece of work on the board/m],
    ['what a claim is', 'README.md', /^\| claim \| an item is reserved for somebody/m],
    ['what a completion is', 'README.md', /^\| completion \| work that was submitted for an item/m],
    ['what a validator is', 'README.md', /^\| validator \| who may judge work, see \[Who may stamp\]/m],
    ['what the commons is', 'README.md', /^\| commons, ledger \| the Dolt database/m],
    ['what the pile is', 'README.md', /^\| pile \| a second Dolt database, with imported profiles/m],
    ['a screenshot', 'README.md', /^!\[[^\]]{20,}\]\(docs\/status\.png\)$/m],
    [
      'where the picture of the architecture is',
      'README.md',
      /\(docs\/architecture\.md\): a picture of how a webhook becomes/,
    ],
    ['the architecture as a picture', 'docs/architecture.md', /^```mermaid\nsequenceDiagram\n/m],
    [
      'what quality 1 to 5 means',
      'README.md',
      /^\|  \| 1 \| 2 \| 3 \| 4 \| 5 \|\n.*\n\| `quality`: .*(\| [^|]{8,}){5}\|$/m,
    ],
    ['what severity means', 'README.md', /^\| `severity`.*`leaf` \| .{8,}\n.*`branch` \| .{8,}\n.*`root` \| .{8,}\|$/m],
    ['what confidence means', 'README.md', /^\| `confidence`: .* a number from 0 to 1\. \| `0\.3` \| you skimmed it/m],
    [
      'how one may come to stamp',
      'README.md',
      /### Who may stamp\s+People with the GitHub role admin or maintain .* and rigs of trust level 3/,
    ],
    [
      'how trust level 3 is come by',
      'README.md',
      /^\| 3 maintainer \| raised by `\/wl promote`, or by the operator \(`init`\)/m,
    ],
    [
      'how the first maintainer is named',
      'README.md',
      /init .*--maintainer <your login>` names it and gives you trust level 3/,
    ],
    ['what cannot be undone', 'README.md', /^\| `\/wl withdraw`, `\/wl close` \| no: these end an item\./m],
    ['how long a stamp can be undone', 'README.md', /^\| `\/wl stamp` \| within a day/m],
    [
      'that an import that is removed is gone',
      'README.md',
      /^\| `\/wl forget` \| an imported profile that is removed is gone/m,
    ],
    ['what mysql is needed for', 'README.md', /The line that it prints to look into Dolt needs the program `mysql`/],
    ['the same, to look into the ledger', 'docs/operating.md', /look into the ledger .*\(needs the program `mysql`/],
    [
      'that the demo stays up, and where',
      'README.md',
      /Then it prints the addresses where you can look further, and keeps running until you press Ctrl\+C/,
    ],
    ['an example of POLICY', 'docs/operating.md', /^```yaml\n# policy\.yml$/m],
    ['an example of the settings', 'README.md', /^```yaml\n# \.github\/wasteland\.yml$/m],
    ['how to upgrade', 'docs/operating.md', /^## Upgrade$/m],
    ['how to remove it', 'docs/operating.md', /^## Remove it$/m],
    ['what a message means', 'docs/troubleshooting.md', /^## When it starts$/m],
    ['how a version is made', 'docs/releasing.md', /git tag -a "v\$version"/],
    [
      'that two minutes take a name and a certificate',
      'README.md',
      /has a name and a certificate\. The installation takes two minutes if that name exists already/,
    ],
    [
      'that npm brings the Node that is needed',
      'README.md',
      /npm with Node 20 or newer \(npm brings Node 24 for the program itself\)/,
    ],
    ['that a stamp writes reliability too', 'README.md', /^\| `\/wl stamp .*quality=1\.\.5 \[reliability=1\.\.5\] /m],
    [
      'what a stamp fills in',
      'README.md',
      /Left out, reliability is the same number as quality .* confidence is 0\.7 and severity is leaf/,
    ],
    ['that accept is stamp', 'README.md', /`\/wl accept` is another word for `\/wl stamp`/],
    [
      'how the command is started, in README',
      'README.md',
      /Where this page and the docs say `wasteland-bridge …`, write `npm run wasteland-bridge -- …`/,
    ],
    [
      'the same, before the first command of operating',
      'docs/operating.md',
      /^# Running the bridge\s+Commands of the program .* In a clone that is `npm run wasteland-bridge -- /,
    ],
  ])('%s (%s)', (_, page, said) => {
    expect(said.test(read(page)), `${page} says ${said}`).toBe(true)
  })
})

describe('what strangers stumbled over is not said', () => {
  const texts = [...PAGES, 'docs/security.md', '.claude/skills/wasteland/SKILL.md'].map((page) => ({
    page,
    text: read(page).replaceAll(/\s+/g, ' '),
  }))

  it.each([
    ['hard to read', 'Whichever is free takes the work'],
    ['hard to read', 'is relieved of it'],
    ['hard to read', 'is kept by each for itself'],
    ['hard to read', 'It is nobody’s word'],
    ['hard to read', 'stars that nothing bears out'],
    ['hard to read', 'and it says so itself'],
    ['hard to read', 'that of a rig of the same owner'],
    ['hard to read', 'a new major of the embedded Postgres is reached by'],
    ['hard to read', 'of a folder in another the inner one counts'],
    ['hard to read', 'Settings narrow what the rules allow'],
    ['hard to read', 'stays up, and prints where'],
    ['hard to read', 'where the name is there already'],
    ['half true: it can be undone within a day', 'a stamp for ever'],
    ['half true: without DNS, TLS and proxy', 'Two minutes'],
    ['half true: only by npm', 'Node 20+'],
    ['half true: it hides reliability', '`/wl stamp quality=4` |'],
  ])('%s: "%s"', (_, words) => {
    const plain = (text: string) => text.replaceAll(/[’']/g, "'")
    expect(texts.filter(({ text }) => plain(text).includes(plain(words))).map(({ page }) => page)).toEqual([])
  })
})
