import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import {
  DEFAULT_SETTINGS,
  isNearSettings,
  lists,
  listsLoginOfAnother,
  loginsOf,
  mergeSettings,
  readSettings,
  withAccounts,
} from '../../src/authorization/settings.ts'

const IDS = new Map(['ada', 'one', 'two', 'three', 'eve'].map((login, n) => [login, n + 1]))
const account = (login: string) => ({ login, id: IDS.get(login) })
const given = async (text: string) => {
  const read = await readSettings(text)
  if ('fault' in read) throw new Error(`${read.fault.line}: ${read.fault.reason}`)
  return withAccounts(read.given, IDS)
}
const fault = async (text: string) => {
  const read = await readSettings(text)
  return 'fault' in read ? `${read.fault.line}: ${read.fault.reason}` : undefined
}

describe('the settings of a repository', () => {
  test('are the defaults when there is none', async () => {
    expect(DEFAULT_SETTINGS).toEqual({
      labels: { wanted: 'wanted' },
      post: 'wanted-label',
      stampers: { permission: 'maintain', teams: [], users: [], paths: {} },
      claims: { trivial: 3, small: 7, medium: 14, large: 30, epic: 60 },
      ignore: ['dependabot[bot]', 'renovate[bot]'].map((login) => ({ login, id: 'whoever' })),
      agents: [],
      trailers: expect.objectContaining({ claude: 'noreply@anthropic.com', cursor: 'cursoragent@cursor.com' }),
      gates: { checks: false, approvals: 0, changes: false, acceptance: undefined },
      'stamp-on': 'command',
      private: 'keep',
      quiet: false,
    })
    expect(mergeSettings({}, await given(''))).toEqual(DEFAULT_SETTINGS)
    expect(mergeSettings({}, await given('# nothing yet\n'))).toEqual(DEFAULT_SETTINGS)
  })

  test('are what the file says', async () => {
    expect(mergeSettings({}, await given('private: publish\nquiet: true\nclaims: {small: 180}\n'))).toEqual({
      ...DEFAULT_SETTINGS,
      private: 'publish',
      quiet: true,
      claims: { ...DEFAULT_SETTINGS.claims, small: 180 },
    })
  })

  test('are read under the older name of a key too, and not under both', async () => {
    expect(mergeSettings(await given('press: merge\n'), await given(''))).toMatchObject({ 'stamp-on': 'merge' })
    // The repository's own word counts, whichever name each file uses.
    expect(mergeSettings(await given('press: merge\n'), await given('stamp-on: command\n'))).toMatchObject({
      'stamp-on': 'command',
    })
    expect(await readSettings('quiet: true\npress: merge\nstamp-on: merge\n')).toEqual({
      fault: { line: 2, reason: 'press is the older name of stamp-on: write stamp-on alone' },
    })
    expect(await readSettings('quiet: true\npress: later\n')).toEqual({
      fault: { line: 2, reason: expect.stringMatching(/^press: /) },
    })
  })

  test('go before the organization’s, key by key; lists are replaced whole', async () => {
    const organization = await given('stampers: {permission: admin, users: [ada]}\nquiet: true\nignore: [one, two]\n')
    const own = await given('stampers: {teams: [core]}\nignore: [three]\n')
    expect(mergeSettings(organization, own)).toMatchObject({
      stampers: { permission: 'admin', teams: ['core'], users: [account('ada')] },
      quiet: true,
      ignore: [account('three')],
    })
  })

  test('name the agents of trailers besides the known ones, their addresses in lower case', async () => {
    const organization = await given('trailers: {house-bot: House@Example.org}\n')
    expect(mergeSettings(organization, await given('trailers: {claude: Own@Example.org}\n')).trailers).toEqual({
      ...DEFAULT_SETTINGS.trailers,
      'house-bot': 'house@example.org',
      claude: 'own@example.org',
    })
  })

  test('publish a private repository only by its own file', () => {
    expect(mergeSettings({ private: 'publish' }, {}).private).toBe('keep')
    expect(mergeSettings({ private: 'keep' }, { private: 'publish' }).private).toBe('publish')
  })

  test('mean accounts by id: who has a login that was listed gets nothing by it', async () => {
    const text =
      'ignore: [Ada, "x[bot]"]\nagents: [one]\nstampers: {users: [TWO], paths: {src: {users: [three, ada]}}}\n'
    const read = await readSettings(text)
    expect('given' in read && loginsOf(read.given)).toEqual(['two', 'three', 'ada', 'x[bot]', 'one'])
    const { ignore, agents, stampers } = mergeSettings({}, await given(text))
    const id = IDS.get('ada')!
    expect([ignore, stampers.paths['src']!.users].map((list) => lists(list, { id, login: 'renamed' }))).toEqual([
      true,
      true,
    ])
    expect(lists(ignore, { id: 99, login: 'ada' })).toBe(false)
    expect(listsLoginOfAnother(ignore, { id: 99, login: 'ADA' })).toBe(true)
    expect(listsLoginOfAnother(ignore, { id, login: 'ada' })).toBe(false)
    expect(listsLoginOfAnother(ignore, { id: 99, login: 'bob' })).toBe(false)
    // Nobody had it when it was listed.
    expect(lists(ignore, { id: 99, login: 'x[bot]' })).toBe(false)
    expect(lists(agents, { id: IDS.get('one')!, login: 'one' })).toBe(true)
    expect(lists(stampers.users, { id: IDS.get('two')!, login: 'two' })).toBe(true)
  })

  test('leave two bots alone by their login, in any case', () => {
    expect(lists(DEFAULT_SETTINGS.ignore, { id: 7, login: 'dependabot[BOT]' })).toBe(true)
    expect(lists(DEFAULT_SETTINGS.ignore, { id: 7, login: 'dependabot' })).toBe(false)
  })

  test('count for nothing while their logins were not looked up', () => {
    expect(() => mergeSettings({}, { stampers: { users: ['ada'] } })).toThrow()
  })
})

describe('a file that is broken', () => {
  test.each([
    { name: 'no YAML', text: 'quiet: true\nprivate: [publish', words: /^2: / },
    { name: 'a list', text: '- private: publish', words: /^1: .*expected object/ },
    { name: 'a text', text: 'publish', words: /^1: / },
    { name: 'another word', text: '\n\nprivate: yes', words: /^3: private: / },
    { name: 'in capitals', text: 'private: PUBLISH', words: /^1: private: / },
    { name: 'with an unknown key', text: 'private: publish\nstamp: on', words: /^2: .*"stamp"/ },
    { name: 'with an unknown key below', text: 'labels:\n  wanted: a\n  other: b', words: /^3: labels: .*"other"/ },
    { name: 'with a key twice', text: 'private: keep\nprivate: publish', words: /^2: .*unique/ },
    { name: 'two documents', text: 'private: publish\n---\nprivate: publish', words: /document/ },
    { name: 'an alias', text: 'agents: &a [x]\nignore: *a', words: /aliases/ },
    { name: 'an alias bomb', text: 'a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]', words: /aliases/ },
    { name: 'a merge key', text: '<<: {private: publish}', words: /^1: / },
    { name: 'a tag', text: 'private: !secret publish', words: /^1: .*tag/ },
    { name: 'a NUL', text: '\0', words: /^1: / },
    { name: 'too long', text: `# ${'x'.repeat(17_000)}`, words: /longer than 16384/ },
    { name: 'too deep', text: '['.repeat(16_000), words: /./ },
    { name: '__proto__', text: '__proto__: {quiet: true}', words: /__proto__/ },
    { name: 'a claim of no day', text: 'claims:\n  small: 0', words: /^2: claims.small: / },
    { name: 'a claim of 181 days', text: 'claims: {small: 181}', words: /^1: claims.small: / },
    { name: 'a label of items', text: 'labels: {wanted: "wl:w-1"}', words: /labels.wanted: .*name items/ },
    { name: 'a login with @', text: 'agents: ["@bot"]', words: /agents.0: expected a login without @/ },
    {
      name: 'an agent in capitals',
      text: 'trailers: {Bot: b@x.org}',
      words: /^1: trailers.Bot: expected a name of a-z/,
    },
    { name: 'an agent with a comma', text: 'trailers: {"a,b": b@x.org}', words: /expected a name of a-z/ },
    {
      name: 'an agent of 40 characters',
      text: `trailers: {${'a'.repeat(40)}: b@x.org}`,
      words: /expected a name of a-z/,
    },
    { name: 'no address', text: 'trailers:\n  bot: nobody', words: /^2: trailers.bot: expected an e-mail address$/ },
    {
      name: 'too many agents',
      text: `trailers:\n${Array.from({ length: 101 }, (_, n) => `  bot-${n}: b@x.org`).join('\n')}`,
      words: /^1: trailers: expected at most 100 agents/,
    },
    { name: 'a team with its organization', text: 'stampers: {teams: [acme/core]}', words: /slug/ },
    { name: 'a role that is too low', text: 'stampers: {permission: write}', words: /stampers.permission/ },
  ])('says where: $name', async ({ text, words }) => {
    expect(await fault(text)).toMatch(words)
  })

  test('never throws, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), async (text) => {
        await readSettings(text)
      }),
    )
  })

  test('says nothing of its text to the process’s own log', async () => {
    const emit = vi.spyOn(process, 'emitWarning')
    await readSettings('private: !secret publish')
    await readSettings('[secret]: publish')
    expect(emit).not.toHaveBeenCalled()
    emit.mockRestore()
  })
})

describe('a repository undoes no narrowing of its organization', () => {
  const narrow = { stampers: { users: [account('ada')] }, gates: { checks: true, approvals: 2, changes: true } }
  test('by an empty list, nor by a list of its own', () => {
    for (const users of [[], [account('eve')]])
      expect(mergeSettings(narrow, { stampers: { users } }).organizationStampers?.users).toEqual([account('ada')])
    expect(
      mergeSettings({ stampers: { permission: 'admin' } }, { stampers: { permission: 'maintain' } }),
    ).toMatchObject({
      organizationStampers: { permission: 'admin' },
    })
  })
  test('by gates that are off, and may add its own', () => {
    const { gates } = mergeSettings(narrow, { gates: { checks: false, approvals: 0, changes: false } })
    expect(gates).toMatchObject({ checks: true, approvals: 2, changes: true })
    expect(mergeSettings({ gates: { approvals: 1 } }, { gates: { approvals: 3 } }).gates.approvals).toBe(3)
  })
})

test.each([
  ['.github/wasteland.yml', false],
  ['.github/wasteland.yaml', true],
  ['.github/Wasteland.yml', true],
  ['.GitHub/wasteland.yml', true],
  ['wasteland.yml', true],
  ['.wasteland.yml', true],
  ['docs/wasteland.yaml', true],
  ['.github/.wasteland.yml', true],
  ['src/wasteland.yml', false],
  ['.github/wasteland.yml.bak', false],
  ['.github/workflows/wasteland.yml', false],
])('%s may be taken for the settings and is not read: %s', (path, isNear) => expect(isNearSettings(path)).toBe(isNear))
