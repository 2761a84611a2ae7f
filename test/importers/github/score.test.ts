import { describe, expect, it } from 'vitest'
import type { Profile } from '../../../importers/github/profile.ts'
import { score, type Scored } from '../../../importers/github/score.ts'
import { DIMENSIONS } from '../../../src/domain/stamp.ts'
import { blank, CHARACTERS, monthsAgo, NOW, repository, type Character } from './profiles.ts'

/** What the importer's README gives: quality, reliability, creativity, confidence. */
const README: [Character, number, number, number, number][] = [
  ['prolific_maintainer', 0.92, 0.87, 0.77, 0.85],
  ['dormant_veteran', 0.87, 0.43, 0.62, 0.83],
  ['torvalds_like', 0.84, 0.69, 0.75, 0.86],
  ['polyglot', 0.79, 0.79, 0.68, 0.79],
  ['one_hit_star_repo', 0.66, 0.33, 0.56, 0.77],
  ['reviewer', 0.58, 0.65, 0.1, 0.83],
  ['newcomer', 0.05, 0.07, 0.02, 0.42],
  ['star_farm', 0, 0, 0, 0.41],
  ['spam_committer', 0, 0, 0, 0.34],
]
const COLUMNS = [...DIMENSIONS, 'confidence'] as const

/** Where ours differs by more than .03, and why. */
const DIFFERENT: Record<string, number> = {
  // Languages count as breadth where others use or merged them: an own shell script of 12 stars is none.
  'reviewer creativity': 0.05,
  'dormant_veteran creativity': 0.57,
  // Repositories beside the best add less than in an average over them, which another repository could lower.
  'polyglot reliability': 0.75,
  // Its three counterparties wrote issues, and a profile knows who merged and who was reviewed.
  'star_farm confidence': 0.31,
}

function scored(profile: Profile): Scored {
  const result = score(profile, NOW)
  if ('refused' in result) throw new Error(`${profile.login} was refused`)
  return result
}

const numbers = (profile: Profile) => {
  const { dimensions, confidence } = scored(profile)
  return { ...dimensions, confidence }
}

describe('the made-up contributors', () => {
  it.each(README)('%s scores as the README has it', (name, ...expected) => {
    const ours = numbers(CHARACTERS[name])
    const differences = COLUMNS.map((column, i) => ({
      key: `${name} ${column}`,
      ours: ours[column],
      theirs: expected[i]!,
    }))
    const wrong = differences.filter(({ key, ours: one, theirs }) =>
      key in DIFFERENT ? Math.abs(one - DIFFERENT[key]!) > 0.005 : Math.abs(one - theirs) > 0.03,
    )
    expect(wrong).toEqual([])
  })

  it('stand in the order of the README in all that tells them apart by more than a tenth', () => {
    const pairs = README.flatMap((a) => README.map((b) => [a, b] as const)).flatMap(([[a, ...x], [b, ...y]]) =>
      COLUMNS.filter((_, i) => x[i]! > y[i]! + 0.1).map((column) => ({ a, b, column })),
    )
    expect(pairs.length).toBeGreaterThan(90)
    const wrong = pairs.filter(({ a, b, column }) => numbers(CHARACTERS[a])[column] <= numbers(CHARACTERS[b])[column])
    expect(wrong).toEqual([])
  })

  it('put the Torvalds-like one above polyglot in quality and creativity, and above spam in all', () => {
    const [torvalds, polyglot, spam] = (['torvalds_like', 'polyglot', 'spam_committer'] as const).map((name) =>
      numbers(CHARACTERS[name]),
    )
    expect(torvalds!.quality).toBeGreaterThan(polyglot!.quality)
    expect(torvalds!.creativity).toBeGreaterThan(polyglot!.creativity)
    for (const column of COLUMNS) expect(torvalds![column]).toBeGreaterThan(spam![column])
  })

  it('are too little known below a confidence of .45', () => {
    const few = README.filter(([name]) => !scored(CHARACTERS[name]).isEnough).map(([name]) => name)
    expect(few).toEqual(['newcomer', 'star_farm', 'spam_committer'])
  })

  it('are refused when they are bots', () => {
    expect(score(CHARACTERS.bot, NOW)).toEqual({ refused: 'bot' })
    expect(score(blank('Dependabot[BOT]'), NOW)).toEqual({ refused: 'bot' })
  })

  it('are flagged where a person should look, and no number changes by it', () => {
    const flags = (name: Character) => scored(CHARACTERS[name]).flags
    expect(flags('star_farm')[0]).toBe(
      'star-farm/crypto-sniper has 6,000 stars, but 4 forks and 2 watchers: https://github.com/star-farm/crypto-sniper/stargazers',
    )
    expect(flags('spam_committer')).toHaveLength(3)
    expect(README.filter(([name]) => flags(name).length > 0).map(([name]) => name)).toEqual([
      'star_farm',
      'spam_committer',
    ])
    const { polyglot } = CHARACTERS
    const bought = repository('polyglot/gift', { stars: 20_000, pushedAt: monthsAgo(0) })
    const sunk = { ...polyglot, repositories: [...polyglot.repositories, bought] }
    expect(scored(sunk).flags).toHaveLength(1)
    expect(numbers(sunk)).toEqual(numbers(polyglot))
  })
})

describe('evidence', () => {
  const summaries = (profile: Profile) => Object.values(scored(profile).strands).flat()

  it('is a sentence with numbers, names and an address for each strand', () => {
    expect(summaries(CHARACTERS.reviewer).map(({ strand, summary }) => `${strand} | ${summary}`))
      .toMatchInlineSnapshot(`
      [
        "accepted | Others merged their work in others/x0 (6), others/x1 (6), others/x2 (6) and 3 more; 36 merged, 6 closed unmerged in all: https://github.com/search?type=pullrequests&q=is%3Apr%20is%3Amerged%20is%3Apublic%20author%3Areviewer%20-user%3Areviewer",
        "reviews | Reviewed others' pull requests in others/r0 (400), others/r1 (400), others/r2 (400) and 5 more: https://github.com/search?type=pullrequests&q=is%3Apr%20is%3Apublic%20reviewed-by%3Areviewer%20-author%3Areviewer%20-user%3Areviewer",
        "follow-through | Of 42 pull requests to others that ended, 36 merged, in others/x0 (6), others/x1 (6), others/x2 (6) and 3 more: https://github.com/search?type=pullrequests&q=is%3Apr%20is%3Aclosed%20is%3Apublic%20author%3Areviewer%20-user%3Areviewer",
        "reviewing | Gave 3,200 reviews in 8 repositories of others: https://github.com/search?type=pullrequests&q=is%3Apr%20is%3Apublic%20reviewed-by%3Areviewer%20-author%3Areviewer%20-user%3Areviewer",
        "tenure | On github.com since 2017-10-31: https://github.com/reviewer",
        "reach | Merged by others in 6 repositories: others/x0, others/x1, others/x2 and 3 more: https://github.com/search?type=pullrequests&q=is%3Apr%20is%3Amerged%20is%3Apublic%20author%3Areviewer%20-user%3Areviewer",
      ]
    `)
    const all = README.flatMap(([name]) => summaries(CHARACTERS[name]))
    const [breadth, others] = [true, false].map((is) => all.filter(({ strand }) => (strand === 'breadth') === is))
    expect(others!.filter(({ summary }) => !/: https:\/\/github\.com\/\S+$/.test(summary))).toEqual([])
    expect(breadth!.filter(({ summary }) => !/ in \d+ languages and fields: [a-z]/.test(summary))).toEqual([])
  })

  it('drops a strand that nothing is known of, which takes nothing away', () => {
    const { prolific_maintainer: whole } = CHARACTERS
    const unseen: Profile = {
      ...whole,
      reviews: [],
      repositories: whole.repositories.map(({ evidence: _evidence, ...rest }) => rest),
    }
    expect(summaries(unseen).map(({ strand }) => strand)).not.toContain('reviews')
    const care = (profile: Profile) => summaries(profile).find(({ strand }) => strand === 'care')!.share
    expect(care(unseen)).toBe(care(whole))
  })

  it('says only what a search of GitHub can count of merged pull requests of others', () => {
    const { pullCounts: _, ...uncounted } = CHARACTERS.prolific_maintainer
    const stewardship = (profile: Profile) => summaries(profile).find(({ strand }) => strand === 'stewardship')!.summary
    expect(stewardship(CHARACTERS.prolific_maintainer)).toContain('at least 900 pull requests of others merged')
    expect(stewardship(uncounted)).not.toContain('merged')
  })
})

describe('coverage', () => {
  const confidence = (changes: Partial<Profile>) => scored({ ...CHARACTERS.polyglot, ...changes }).confidence

  it('falls with each stage that the tier asks for and GitHub did not answer', () => {
    expect(confidence({ missing: ['revisions'] })).toBeLessThan(confidence({}))
    expect(confidence({ tier: 'bulk', missing: ['revisions', 'reviews'] })).toBe(confidence({ tier: 'bulk' }))
    expect(confidence({ tier: 'bulk', missing: ['pulls'] })).toBeLessThan(confidence({ missing: ['pulls'] }))
  })

  it('falls when what was fetched is old', () => {
    expect(confidence({ fetchedAt: monthsAgo(24) })).toBeCloseTo(confidence({}) - 0.045, 1)
  })
})
