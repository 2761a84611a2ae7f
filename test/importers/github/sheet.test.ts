import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CAPABILITIES, DOMAINS } from '../../../importers/github/fields.ts'
import { STAGES, type Profile } from '../../../importers/github/profile.ts'
import { sheetOf } from '../../../importers/github/sheet.ts'
import type { CharacterSheet } from '../../../importers/github/sheet-json.ts'
import { profile as anyone } from './arbitrary.ts'
import { blank, CHARACTERS, monthsAgo, NOW, pull, repository, type Character } from './profiles.ts'
import { readerFaults, readerKind } from './reader-types.ts'

function sheet(profile: Profile, now = NOW): CharacterSheet {
  const result = sheetOf(profile, now)
  if ('refused' in result) throw new Error(`${profile.login} was refused`)
  return result
}

const PEOPLE = (Object.keys(CHARACTERS) as Character[]).filter((name) => name !== 'bot')
const HUGE = 2 ** 53
const HOSTILE = '‮<b onclick="x">\r\nforged | row\u2028\u0000 😀\ud800 {"quality": 0.85}'

const WORST = ['a', '"', '\\', '<', '\n', '\r', '\u0000', '\u2028', '\u202e', 'א', '😀', '\ud800']
const HOSTILE_TEXT = fc.string({ unit: fc.constantFrom(...WORST), maxLength: 300 })

/** Counts as large as a number can be. */
const huge: Profile = {
  ...CHARACTERS.polyglot,
  followers: HUGE,
  totals: { merged: HUGE, closed: HUGE, open: HUGE, issues: HUGE },
  years: CHARACTERS.polyglot.years.map((year) => ({ ...year, commits: Number.MAX_VALUE })),
  repositories: [
    repository('polyglot/huge', {
      stars: 1e21,
      forks: HUGE,
      watchers: HUGE,
      closedIssues: HUGE,
      mergedPulls: HUGE,
      languages: [{ name: 'Go', bytes: Number.MAX_VALUE }],
    }),
  ],
}

const ODD: [string, Profile][] = [
  ['one of whom there is nothing', blank('nobody')],
  ['huge counts', huge],
  [
    'counts that are no whole numbers',
    { ...blank('odd'), followers: 1.5, totals: { merged: Number.NaN, closed: -1, open: 0.1, issues: 0 } },
  ],
  [
    '5,000 repositories',
    {
      ...blank('many'),
      repositories: Array.from({ length: 5_000 }, (_, i) =>
        repository(`many/r${i}`, {
          stars: i,
          forks: i,
          watchers: i,
          languages: [{ name: 'C', bytes: i }],
          topics: ['cli'],
        }),
      ),
    },
  ],
  [
    'a name of 200 characters, right to left',
    { ...CHARACTERS.reviewer, name: 'שלום '.repeat(40), bio: 'مرحبا'.repeat(60), location: '\u202e'.repeat(200) },
  ],
  [
    'text that would break a line',
    { ...CHARACTERS.reviewer, name: HOSTILE, bio: HOSTILE.repeat(9), location: HOSTILE },
  ],
  [
    'a ghost, whose pull requests nobody merged',
    {
      ...blank('ghost'),
      pulls: [pull('a/a', { mergedBy: null })],
      reviews: [{ nameWithOwner: 'a/a', stars: 9, primaryLanguage: null, at: monthsAgo(1), comments: 0, author: null }],
    },
  ],
  ['all stages missing', { ...blank('unseen'), missing: [...STAGES] }],
  ['a clock behind GitHub', { ...blank('future'), createdAt: monthsAgo(-3), fetchedAt: monthsAgo(-3) }],
]

describe("the reader's types", () => {
  const text = JSON.stringify(sheet(CHARACTERS.prolific_maintainer).json)

  it.each([...ODD, ...PEOPLE.map((name) => [name, CHARACTERS[name]] as const)])('hold for %s', (_, profile) => {
    expect(readerFaults(JSON.stringify(sheet(profile).json))).toEqual([])
  })

  it('hold for any profile', () => {
    fc.assert(
      fc.property(anyone, fc.option(HOSTILE_TEXT), (profile, name) => {
        expect(readerFaults(JSON.stringify(sheet({ ...profile, name, bio: name }).json))).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('are broken by a float or an exponent for an integer, and by one that no Go int holds', () => {
    expect(text).toContain('"followers":3200')
    const wrong = ['3200.5', '3200.0', '3.2e3', '1e21', '9007199254740993', '"3200"', 'true', '[]']
    const unseen = wrong.filter((n) => readerFaults(text.replace('"followers":3200', `"followers":${n}`)).length === 0)
    expect(unseen).toEqual([])
  })

  it('are broken by a wrong type anywhere', () => {
    const leaves = paths(sheet(CHARACTERS.prolific_maintainer).json).filter(([first]) =>
      OF_THE_READER.has(String(first)),
    )
    expect(leaves.length).toBeGreaterThan(60)
    const unseen = leaves.filter((path) => readerFaults(withWrongType(text, path)).length === 0)
    expect(unseen).toEqual([])
  })
})

const OF_THE_READER = new Set(['identity', 'value_dimensions', 'activity_profile', 'notable_projects', 'skills'])
type Path = (string | number)[]

/** Of all values that are no objects or lists. */
function paths(value: unknown): Path[] {
  if (typeof value !== 'object' || value === null) return [[]]
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return entries.flatMap(([key, inner]: [string | number, unknown]) => paths(inner).map((path) => [key, ...path]))
}

/** A number becomes a string, anything else a number. */
function withWrongType(text: string, path: Path): string {
  const whole = JSON.parse(text) as Record<string | number, unknown>
  const holder = path.slice(0, -1).reduce((inner, key) => inner[key] as typeof whole, whole)
  const key = path.at(-1)!
  holder[key] = typeof holder[key] === 'number' ? '7' : 7
  return JSON.stringify(whole)
}

describe('a sheet', () => {
  it('writes no number when there is not enough evidence, and no stamp', () => {
    const { json, stamps, confidence } = sheet(CHARACTERS.newcomer)
    expect(json.value_dimensions).toEqual({ quality: 0, reliability: 0, creativity: 0 })
    expect(json).toMatchObject({ not_enough_evidence: true, activity_profile: { total_commits: 120, total_prs: 7 } })
    expect(json.evidence.map(({ strand }) => strand)).toContain('accepted')
    expect([confidence, stamps]).toEqual([0.4, []])
  })

  it('keeps all text on one line and within limits', () => {
    for (const [, profile] of ODD) {
      const { json, displayName, stamps } = sheet(profile)
      const strings = paths(json)
        .map((path) => path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], json))
        .filter((one) => typeof one === 'string')
      for (const line of [...strings, displayName, ...stamps.map(({ message }) => message)]) {
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e]/u)
        expect(line.length).toBeLessThanOrEqual(800)
      }
      expect(displayName).not.toBe('')
      expect(Array.from(displayName).length).toBeLessThanOrEqual(200)
    }
  })

  it('names what they began and where others merged them several times', () => {
    expect(sheet(CHARACTERS.torvalds_like).json.notable_projects).toEqual([
      {
        name: 'torvalds-like/linux',
        stars: 195_000,
        languages: ['C', 'Assembly', 'Shell'],
        role: 'owner',
        impact_tier: 'landmark',
      },
      {
        name: 'torvalds-like/AudioNoise',
        stars: 4_000,
        languages: ['C', 'Python'],
        role: 'owner',
        impact_tier: 'major',
      },
      { name: 'torvalds-like/uemacs', stars: 1_600, languages: ['C'], role: 'owner', impact_tier: 'major' },
      { name: 'others/x0', stars: 2_500, languages: ['C++'], role: 'contributor', impact_tier: 'major' },
    ])
  })

  it('is refused for a bot', () => {
    expect(sheetOf(CHARACTERS.bot, NOW)).toEqual({ refused: 'bot' })
  })
})

describe('its stamps', () => {
  it('hold integers from 1 to 5 and no more confidence than .35', () => {
    fc.assert(
      fc.property(anyone, (profile) => {
        for (const { valence, confidence, skill } of sheet(profile).stamps) {
          expect(Object.keys(valence)).toEqual(['quality', 'reliability', 'creativity'])
          expect(Object.values(valence).every((n) => [1, 2, 3, 4, 5].includes(n))).toBe(true)
          expect(confidence).toBeLessThanOrEqual(0.35)
          expect(skill).toBe(skill.toLowerCase())
        }
      }),
      { numRuns: 300 },
    )
    expect(sheet(CHARACTERS.reviewer).stamps).toMatchObject([
      { skill: 'go', valence: { quality: 3, reliability: 3, creativity: 1 }, confidence: 0.25 },
      { skill: 'code-review' },
    ])
  })

  it('are one a skill, which the reader shows where the sheet has it', () => {
    for (const name of PEOPLE) {
      const { stamps, json } = sheet(CHARACTERS[name])
      expect(new Set(stamps.map(({ skill }) => skill)).size).toBe(stamps.length)
      if (json.not_enough_evidence) continue
      const kinds = Object.groupBy(stamps, ({ skill }) => readerKind(skill))
      expect(kinds.language?.length ?? 0).toBe(json.skills.primary_languages.length)
      expect(kinds.domain?.length ?? 0).toBe(json.skills.domains.length)
      expect(kinds.capability?.length ?? 0).toBe(json.skills.capabilities.length)
    }
  })

  it('can name no field that the reader would show as something else', () => {
    expect(DOMAINS.filter(({ name }) => readerKind(name) !== 'domain')).toEqual([])
    const acts = ['code-review', 'continuous-integration', 'release-engineering']
    const names = [...acts, ...CAPABILITIES.map(({ name }) => name)]
    expect(names.filter((name) => readerKind(name) !== 'capability')).toEqual([])
  })

  it('make an expert only where others bear it out', () => {
    const tier = (profile: Profile) =>
      sheet(profile).json.skills.primary_languages.find(({ language }) => language === 'ruby')?.proficiency_tier
    expect(tier(CHARACTERS.dormant_veteran)).toBe('expert')
    const small = { stars: 95, forks: 50, watchers: 50, languages: [{ name: 'Ruby', bytes: 9 }] }
    const many = Array.from({ length: 9 }, (_, i) => repository(`small/r${i}`, small))
    expect(tier({ ...blank('small'), repositories: many })).toBe('proficient')
    expect(
      tier({ ...blank('small'), repositories: [...many, repository('small/big', { ...small, stars: 100 })] }),
    ).toBe('expert')
  })
})

describe('its hash', () => {
  const { polyglot } = CHARACTERS
  const hash = (changes: Partial<Profile>, now = NOW) => sheet({ ...polyglot, ...changes }, now).hash
  const later = new Date(NOW.getTime() + 25 * 86_400_000)

  it('stays the same when it is fetched again within the month', () => {
    expect(hash({ fetchedAt: later.toISOString() }, later)).toBe(hash({}))
    expect(sheet({ ...polyglot, fetchedAt: later.toISOString() }, later).json.source.fetched_at).toBe(
      later.toISOString(),
    )
  })

  it('stays the same when they push again within the month', () => {
    const pushed = (pushedAt: string) =>
      hash({ repositories: polyglot.repositories.map((one) => ({ ...one, pushedAt })) }, later)
    expect(pushed('2026-11-24T10:00:00Z')).toBe(pushed('2026-11-02T10:00:00Z'))
  })

  it('stays the same whatever the order of what GitHub answers', () => {
    const { repositories, pulls, reviews } = polyglot
    const reversed = {
      repositories: repositories.toReversed(),
      pulls: pulls.toReversed(),
      reviews: reviews.toReversed(),
    }
    expect(hash(reversed)).toBe(hash({}))
  })

  it('stays the same by the age of the account alone', () => {
    const spam = { ...CHARACTERS.spam_committer, createdAt: monthsAgo(240) }
    const next = new Date('2026-12-15T00:00:00Z')
    const [now, then] = [sheet(spam), sheet({ ...spam, fetchedAt: next.toISOString() }, next)]
    expect(then.json.identity.account_age_years).toBeGreaterThan(now.json.identity.account_age_years)
    expect(then.hash).toBe(now.hash)
  })

  it.each<[string, Partial<Profile>]>([
    ['a name', { name: 'Polly' }],
    ['a login', { login: 'polly' }],
    ['a follower more', { followers: 421 }],
    ['a merge', { pulls: [...polyglot.pulls, pull('new/one')] }],
    ['a stage that did not answer', { missing: ['counts'] }],
    ['the tier', { tier: 'bulk' }],
  ])('changes with %s', (_, changes) => {
    expect(hash(changes)).not.toBe(hash({}))
  })
})
