import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EarnedSheet, EarnedStamp } from '../../src/domain/earned.ts'
import { SHEET } from './fake-imports.ts'
import { type ImportSite, importSite } from './import-site.ts'

let site: ImportSite
beforeEach(async () => {
  site = await importSite()
})
afterEach(async () => site.close())

const show = async (handle = 'alice') => site.visit().get(`/rigs/${handle}`)
/** What a person reads, without the markup, a line for each block. */
const lines = (page: { text: string }) =>
  page.text
    .replace(/<(style|script|title)[\s\S]*?<\/\1>/g, '')
    .replace(/\s+/g, ' ')
    .replace(/<\/(p|h\d|li|dd|header)>/g, '\n')
    .replace(/<[^>]*>/g, ' ')
    .split('\n')
    .map((line) =>
      line
        .replace(/ +/g, ' ')
        .replace(/ ([.,])/g, '$1')
        .trim(),
    )
    .join('\n')
const words = (page: { text: string }) => lines(page).replaceAll('\n', ' ')

describe('a character sheet', () => {
  test('shows who, how good and why, where from and when', async () => {
    site.imports.putSheet()
    expect(lines(await show())).toMatchInlineSnapshot(`
      "wasteland-bridge Import
      Alice Example
      Imported from GitHub
      alice on github.com for 11 years, Lisbon
      Writes libraries
      Unclaimed: its owner has not signed in yet. Is this you? Sign in to claim it, or to have it forgotten. Nothing imported counts as earned: it raises no level and no trust.
      Quality Is the work good in the eyes of others? 92 of 100
      61 Others use alice/http-lib (14,000 stars)
      28 Keeps alice/http-lib: 1,300 forks check: alice/http-lib
      Reliability Can others count on it? 86 of 100
      30 There since 2015
      Creativity Does something new come of it? 75 of 100
      50 Began alice/http-lib
      Confidence 85 of 100: how much public evidence there is, and from how many others. The number before each sentence is the score that this fact alone would give.
      Skills
      Languages
      typescript expert alice/http-lib (14,000 stars)
      Domains
      frontend alice/router (6,000 stars)
      Capabilities
      code-review 60 reviews
      Notable projects
      alice/ http-lib owner · 14,000 stars · TypeScript · landmark
      Where this is from
      github.com/alice, read on 21 November 2026, 10:00 UTC.
      GitHub counts 14,000 commits, 1,900 pull requests and 3,200 followers. They add nothing to the scores above.
      What this is · Import a sheet
      "
    `)
  })

  test('links to where a sentence can be checked, strongest first', async () => {
    site.imports.putSheet()
    const page = await show()
    expect(page.text).toContain('href="https://github.com/alice/http-lib" rel="nofollow noreferrer">check: <bdi>')
    const read = words(page)
    expect(read.indexOf('Others use alice/http-lib')).toBeLessThan(read.indexOf('Keeps alice/http-lib'))
  })

  test('names each link to check a sentence by what it leads to', async () => {
    const addresses = {
      '': 'check: alice',
      '?tab=repositories&type=source': 'check: alice',
      '/http-lib': 'check: alice/http-lib',
      '/http-lib/forks': 'check: alice/http-lib forks',
      '/http-lib/pull/7': 'check: alice/http-lib#7',
    }
    const evidence = Object.keys(addresses).map((tail, n) => ({
      dimension: 'quality',
      score: 0.5 - n / 100,
      summary: `Reason ${n}: https://github.com/alice${tail}`,
    }))
    const search = 'Searched: https://github.com/search?type=pullrequests&q=is%3Apr%20author%3Aalice'
    const json = { ...SHEET, evidence: [...evidence, { dimension: 'quality', score: 0.1, summary: search }] }
    site.imports.putSheet({ json })
    expect(lines(await show()).match(/check: .*/g)).toEqual([
      ...Object.values(addresses),
      'check: search is:pr author:alice',
    ])
  })

  test('puts skills of the same repositories into one row, in whatever order they are named', async () => {
    const skill = (capability: string, repositories: string) => ({
      capability,
      evidence_score: 0.5,
      evidence_summary: `${capability}: ${repositories}`,
    })
    const capabilities = [
      skill('continuous-integration', 'alice/http-lib (14,000 stars), alice/router (6,000 stars)'),
      skill('testing', 'alice/router (6,000 stars), alice/http-lib (14,000 stars)'),
      skill('containers', 'alice/router (6,000 stars)'),
    ]
    site.imports.putSheet({ json: { ...SHEET, skills: { primary_languages: [], domains: [], capabilities } } })
    expect(lines(await show())).toContain(
      'Capabilities\n' +
        'continuous-integration, testing alice/http-lib (14,000 stars), alice/router (6,000 stars)\n' +
        'containers alice/router (6,000 stars)\n',
    )
  })

  test('leads on: to the first page and the import', async () => {
    site.imports.putSheet()
    const { text } = await show()
    expect(text).toMatch(
      /<header><a href="\/">wasteland-bridge<\/a><nav[^>]*>\s*<a href="\/import" >Import<\/a>\s*<\/nav><\/header>/,
    )
    expect(text).toContain('<a href="/">What this is</a> · <a href="/import">Import a sheet</a>')
  })

  test('says that there is not enough evidence instead of showing zeros', async () => {
    const json = {
      ...SHEET,
      not_enough_evidence: true,
      value_dimensions: { quality: 0, reliability: 0, creativity: 0 },
    }
    site.imports.putSheet({ json, confidence: 0.4 })
    const page = await show()
    expect(words(page)).toContain('Not enough public evidence')
    expect(words(page)).toContain('Confidence is 40 of 100')
    expect(page.text).not.toContain('<rect')
  })

  test.each([
    { title: 'short', source: { tier: 'bulk' }, expected: 'A short look: one page of facts' },
    { title: 'with gaps', source: { missing: ['reviews', 'years'] }, expected: 'did not answer for: reviews, years' },
  ])('that is $title says so', async ({ source, expected }) => {
    site.imports.putSheet({ json: { ...SHEET, source: { ...SHEET.source, ...source } } })
    expect(words(await show())).toContain(expected)
  })

  test('that is unclaimed asks whether it is theirs; one that is claimed does not', async () => {
    site.imports.putSheet()
    const page = await show()
    expect(words(page)).toContain('Unclaimed: its owner has not signed in yet. Is this you? Sign in')
    expect(page.text).toContain('href="/sign-in?to=/rigs/alice"')
    const owner = site.visit()
    expect(words(await owner.follow('/sign-in?to=/rigs/alice'))).toContain('This sheet is yours')
    expect(words(await show())).toContain('Claimed by its owner')
    site.github.person = { id: 2, login: 'bob', type: 'User' }
    expect(words(await site.visit().follow('/sign-in?to=/rigs/alice'))).not.toContain('This sheet is yours')
  })

  test('is for no search engine', async () => {
    site.imports.putSheet()
    expect((await show()).text).toContain('<meta name="robots" content="noindex, noarchive" />')
  })

  test.each(['nobody', '-', 'a%20b', '..%2f..', '%3Cscript%3E', 'x'.repeat(300)])(
    'of %s is not there, in words',
    async (handle) => {
      const page = await show(handle)
      expect(page.status).toBe(404)
      expect(words(page)).toContain('There is no such sheet')
      expect(page.text).not.toContain('<script>')
    },
  )

  test('is found however the handle is written', async () => {
    site.imports.putSheet()
    expect((await show('Alice')).status).toBe(200)
  })
})

const rig = (given: Partial<EarnedSheet> = {}): EarnedSheet => ({
  handle: 'alice',
  account: { id: 1, login: 'alice' },
  trustLevel: 1,
  isForgotten: false,
  total: given.stamps?.length ?? 1,
  stamps: [stamp()],
  ...given,
})
const stamp = (given: Partial<EarnedStamp> = {}): EarnedStamp => ({
  id: 's-1',
  item: 'w-0123456789',
  title: 'Count the words',
  scores: { quality: 4, creativity: 5 },
  by: 'mia',
  day: '2026-11-20',
  evidence: 'https://github.com/alice/engine/pull/7',
  ...given,
})

describe('what somebody earned', () => {
  test('stands above what was imported of them: item, scores, by whom, when, and the work', async () => {
    site.imports.putSheet()
    site.earned.set('alice', rig())
    const page = await show()
    expect(lines(page).split('\n').slice(1, 8)).toEqual([
      'Alice Example',
      'Earned here',
      'The rig alice, alice on github.com. Trust level 1.',
      '1 stamp on work for wanted items, each given by somebody who judged it.',
      'Count the words quality 4 of 5, creativity 5 of 5, by mia on 2026-11-20 · w-0123456789 · the work: alice/engine/pull/7',
      'Imported from GitHub',
      'alice on github.com for 11 years, Lisbon',
    ])
    expect(page.text).toContain('href="https://github.com/alice/engine/pull/7" rel="nofollow noreferrer"')
  })

  test('is a page of its own where nothing was imported', async () => {
    site.earned.set('bob', rig({ handle: 'bob', account: { id: 2, login: 'Bob' } }))
    const page = await show('bob')
    expect([page.status, page.text.includes('There is no such sheet')]).toEqual([200, false])
    expect(words(page)).toContain('No public profile of theirs has been imported: what Bob did elsewhere is not shown.')
    expect(page.text).toContain('<meta name="robots" content="noindex, noarchive" />')
    expect(page.text).toContain('href="/import"')
  })

  test('of a rig without a stamp, or of many, says so', async () => {
    site.earned.set('bob', rig({ handle: 'bob', account: undefined, stamps: [], total: 0 }))
    expect(words(await show('bob'))).toContain('The rig bob. Trust level 1. No stamp yet.')
    site.earned.set('bob', rig({ handle: 'bob', total: 140 }))
    expect(words(await show('bob'))).toContain('And 139 older ones, in the ledger.')
  })

  test('is found by the person: a sheet of the same name is another’s', async () => {
    site.imports.putSheet({ handle: 'alice', person: { host: 'github.com', login: 'alice', id: 9 } })
    site.imports.putSheet({ handle: 'alice-1', person: { host: 'github.com', login: 'alice', id: 1 } })
    site.earned.set('alice', rig())
    expect(words(await show('alice'))).not.toContain('Earned here')
    expect(words(await show('alice-1'))).toContain('Earned here')
    site.imports.putSheet({ handle: 'alice', person: { host: 'ghe.example', login: 'alice', id: 1 } })
    expect(words(await show('alice'))).not.toContain('Earned here')
  })

  test('of hostile words is text, and leads nowhere else', async () => {
    const evil = '"><script>alert(1)</script>\u202e'
    const hostile = stamp({ title: evil, by: evil, item: 'w-x', evidence: 'https://evil.example/a/b/pull/1' })
    site.earned.set('bob', rig({ handle: 'bob', account: { id: 2, login: 'bob' }, stamps: [hostile] }))
    const { text } = await show('bob')
    expect(text).not.toMatch(/<script|\u202e|evil\.example/)
  })
})

describe('the picture of a person', () => {
  const picture = async (at: ImportSite, handle = 'alice') => {
    const { text, headers } = await at.visit().get(`/rigs/${handle}`)
    const [image] = /<img[^>]*>/.exec(text) ?? []
    const policy = headers.get('content-security-policy')!
    return { image: image?.replace(/\s+/g, ' '), allowed: /img-src ([^;]*)/.exec(policy)![1] }
  }
  const shown = (src: string) =>
    `<img class="picture" src="${src}" alt="" width="80" height="80" loading="lazy" referrerpolicy="no-referrer" />`
  const ALLOWED = "'self' data: https://avatars.githubusercontent.com/u/"

  test('is GitHub’s, by the number of the account, and the page may load no other', async () => {
    site.imports.putSheet({ person: { host: 'github.com', login: 'alice', id: 4711 } })
    site.earned.set('bob', rig({ handle: 'bob', account: { id: 12, login: 'bob' } }))
    const at = 'https://avatars.githubusercontent.com/u/'
    expect(await picture(site)).toEqual({ image: shown(`${at}4711?s=160`), allowed: ALLOWED })
    expect(await picture(site, 'bob')).toEqual({ image: shown(`${at}12?s=160`), allowed: ALLOWED })
    const other = await site.visit().get('/import')
    expect(other.headers.get('content-security-policy')).toContain("img-src 'self' data:;")
  })

  test.each([
    ['http', 'ghe.example:8080', 'http://ghe.example:8080/avatars/u/'],
    ['https', 'ghe.example', 'https://ghe.example/avatars/u/'],
  ])('of a GitHub that is reached by %s is that GitHub’s', async (protocol, host, at) => {
    const there = await importSite({ host, protocol })
    try {
      there.imports.putSheet({ person: { host, login: 'alice', id: 1 } })
      expect(await picture(there)).toEqual({ image: shown(`${at}1?s=160`), allowed: `'self' data: ${at}` })
    } finally {
      await there.close()
    }
  })

  test.each([
    ['who was forgotten', rig({ isForgotten: true })],
    ['whose account is not known', rig({ account: undefined })],
  ])('is not shown of a rig %s', async (_, who) => {
    site.earned.set('alice', who)
    expect((await picture(site)).image).toBeUndefined()
  })

  test('is not shown of a sheet whose owner takes no part, nor of one of another GitHub', async () => {
    site.imports.putSheet({ isForgotten: true })
    expect((await picture(site)).image).toBeUndefined()
    site.imports.putSheet({ person: { host: 'evil.example', login: 'alice', id: 1 } })
    expect((await picture(site)).image).toBeUndefined()
  })

  test('is not shown where nobody knows its address: <tenant>.ghe.com', async () => {
    const there = await importSite({ host: 'acme.ghe.com' })
    try {
      there.imports.putSheet({ person: { host: 'acme.ghe.com', login: 'alice', id: 1 } })
      expect(await picture(there)).toEqual({ image: undefined, allowed: "'self' data:" })
    } finally {
      await there.close()
    }
  })
})

test('every link to a GitHub that is reached by http is http, of sheets that were read before too', async () => {
  const host = '127.0.0.1:8080'
  const there = await importSite({ host, protocol: 'http' })
  try {
    const json = JSON.parse(JSON.stringify(SHEET).replaceAll('https://github.com', `https://${host}`)) as unknown
    there.imports.putSheet({ person: { host, login: 'alice', id: 1 }, json })
    there.earned.set('alice', rig({ stamps: [stamp({ evidence: `https://${host}/alice/engine/pull/7` })] }))
    const { text } = await there.visit().get('/rigs/alice')
    const links = [...text.matchAll(/(?:href|src)="(\w+:\/\/[^"]*)"/g)].map(([, link]) => link)
    expect(links.length).toBeGreaterThanOrEqual(6)
    expect(links.filter((link) => !link!.startsWith(`http://${host}/`))).toEqual([])
  } finally {
    await there.close()
  }
})

const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202Egnp.exe\nnew line'

describe('hostile text', () => {
  const everywhere = (text: string): unknown =>
    JSON.parse(JSON.stringify(SHEET), (key, value: unknown) =>
      typeof value === 'string' && key !== 'dimension' ? text : value,
    )

  test('is shown as it is, isolated, in one line and unable to turn the line around', async () => {
    site.imports.putSheet({ json: everywhere(HOSTILE) })
    const { text } = await show()
    expect(text).not.toMatch(/<script|<img(?!\s+class="picture")|\u202E|exe\nnew/)
    expect(text).toContain('<h1><bdi>&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(text.match(/<bdi>&quot;&gt;&lt;script/g)!.length).toBeGreaterThan(8)
  })

  test('of right-to-left letters and 200 characters is cut short nowhere', async () => {
    const name = 'محمد '.repeat(40).trim()
    const json = { ...SHEET, identity: { ...SHEET.identity, display_name: name } }
    site.imports.putSheet({ json })
    expect((await show()).text).toContain(`<h1><bdi>${name}</bdi></h1>`)
  })

  test.each([
    'javascript:alert(1)',
    'https://evil.example/alice',
    'https://github.com@evil.example/',
    'https://github.com.evil.example/alice',
    '//evil.example',
    'data:text/html,x',
  ])('no link leads to %s', async (url) => {
    const json = JSON.parse(
      JSON.stringify({ ...SHEET, flags: [`Odd: ${url}`] }).replaceAll(/https:\/\/github\.com\/[\w/-]+/g, url),
    ) as unknown
    site.imports.putSheet({ json })
    const links = [...(await show()).text.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => match[1]!)
    expect(
      links.filter(
        (link) =>
          !/^(\/(?:[a-z]|$)|data:image\/svg|https:\/\/github\.com\/alice|https:\/\/avatars\.githubusercontent\.com\/u\/1\?)/.test(
            link,
          ),
      ),
    ).toEqual([])
  })
})

describe('a sheet of another shape', () => {
  test.each([
    ['nothing', null],
    ['text', 'x'],
    ['a list', []],
    ['an empty one', {}],
    ['parts of other types', Object.fromEntries(Object.keys(SHEET).map((key) => [key, 7]))],
    ['parts that are null', Object.fromEntries(Object.keys(SHEET).map((key) => [key, null]))],
    [
      'entries of other types',
      { ...SHEET, evidence: [7, null, {}], notable_projects: [{}], flags: [{}], skills: { domains: [1] } },
    ],
    ['numbers out of range', { ...SHEET, value_dimensions: { quality: 99, reliability: -1, creativity: 'x' } }],
  ])('%s still gives a page', async (_, json) => {
    site.imports.putSheet({ json })
    const page = await show()
    expect(page.status).toBe(200)
    expect(words(page)).toContain('Nothing imported counts as earned')
    expect(words(page)).not.toMatch(/NaN|undefined|null|\[object/)
  })
})
