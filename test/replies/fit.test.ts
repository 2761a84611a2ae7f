import { describe, expect, it } from 'vitest'
import { fit, fitBytes, MOST_OF_COMMENT } from '../../src/replies/fit.ts'
import { statusComment } from '../../src/replies/status.ts'
import { criterion } from '../../src/replies/criteria.ts'
import { randomOf } from '../seed.ts'
import type { ShownItem } from '../../src/replies/shown-item.ts'

const seal = `<!-- wasteland-bridge held/github/issue_comment/7 ${'ab'.repeat(16)} -->`

describe('a text that is longer than GitHub takes', () => {
  it('stays as it is up to that length', () => {
    expect(fit('a'.repeat(100), 100)).toBe('a'.repeat(100))
  })

  it('loses whole lines from its end, says so, and keeps our seals', () => {
    const text = `### Title\n\n${Array.from({ length: 50 }, (_, n) => `- line ${n}`).join('\n')}\n\n${seal}`
    const short = fit(text, 400)
    expect(short.length).toBeLessThanOrEqual(400)
    expect(short).toMatch(/^### Title\n\n- line 0\n/)
    expect(short).toContain('_Shortened: there is more than GitHub takes in one comment._')
    expect(short.endsWith(seal)).toBe(true)
    for (const line of short.split('\n').filter((one) => one.startsWith('- '))) expect(text.split('\n')).toContain(line)
  })

  it('leaves no block of code open', () => {
    const text = ['Try:', '```', ...Array.from({ length: 50 }, () => '/wl stamp quality=4'), '```'].join('\n')
    expect(fit(text, 300)).toBe('Try:\n\n_Shortened: there is more than GitHub takes in one comment._')
  })

  it('counts bytes where GitHub does', () => {
    const text = Array.from({ length: 50 }, () => '日本語').join('\n')
    expect(fit(text, 300)).toBe(text)
    expect(Buffer.byteLength(fitBytes(text, 300))).toBeLessThanOrEqual(300)
  })

  it('is within its bounds and keeps every seal, whatever it is', () => {
    const random = randomOf('fit')
    const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)]!
    for (let n = 0; n < 300; n++) {
      const parts = Array.from({ length: Math.ceil(random() * 60) }, () =>
        pick(['a', '\n', '\n\n', '```\n', `\n${seal}\n`, '語', ' x'.repeat(40)]),
      )
      const text = parts.join('')
      const seals = (of: string) => of.split(seal).length - 1
      if (seals(text) > 3) continue
      const most = 500 + Math.floor(random() * 1000)
      for (const short of [fit(text, most), fitBytes(text, most)]) {
        expect(short.length).toBeLessThanOrEqual(most)
        expect(seals(short)).toBe(seals(text))
      }
    }
  })
})

describe('a status with more criteria than GitHub takes', () => {
  const evidence = {
    url: 'https://github.com/acme/app/pull/5',
    head: 'a'.repeat(40),
    commits: 1,
    by: ['bob'],
    agents: [],
    suggested: [],
    reviews: { approved: 0, changes: 0 },
    rounds: 0,
  }
  const task = (n: number, done: boolean) =>
    criterion.task({ text: `${'a'.repeat(190)}${n}`, done, by: { login: 'mia' } }, true)
  const item = (n: number): ShownItem => ({
    wanted: `w-000000000${n}`,
    title: 'Count',
    issue: `https://github.com/acme/app/issues/${n}`,
    state: { is: 'in-review' },
    criteria: Array.from({ length: 51 }, (_, at) => task(at, at < 45)),
  })
  const status = (items: ShownItem[]) => statusComment({ author: 'bob', rig: 'bob', items, malformed: [], evidence })

  it('shows ten of each item, what is open first, and where the rest is', () => {
    const text = status(Array.from({ length: 10 }, (_, n) => item(n)))
    expect(text.length).toBeLessThanOrEqual(MOST_OF_COMMENT)
    const [, first] = text.split('\n\n')
    const lines = first!.split('\n').slice(1)
    expect(lines.map((line) => line.slice(2, 3))).toEqual(['☐', '☐', '☐', '☐', '☐', '☐', '☑', '☑', '☑', '☑', 'a'])
    expect(lines.at(-1)).toBe(
      '- and 41 more on [the issue of the item](https://redirect.github.com/acme/app/issues/0).',
    )
    expect(text).toContain('Recorded for the rig `bob`')
  })

  it('shows all where they have room', () => {
    expect(
      status([item(1)])
        .split('\n')
        .filter((line) => /^- [☐☑]/.test(line)),
    ).toHaveLength(51)
  })
})
