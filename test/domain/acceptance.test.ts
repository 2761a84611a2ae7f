import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTitle, mayHaveTasks, readAcceptance, tickedBy, type TextVersion } from '../../src/domain/acceptance.ts'
import { cpuTimeOf } from '../cpu-time.ts'

const tasksOf = (markdown: string) => readAcceptance(markdown).tasks

describe('the tasks of an issue', () => {
  test('are those under its acceptance heading, until the next one of that rank', () => {
    const body = [
      '- [x] before',
      '## Acceptance',
      'Some words.',
      '- [ ] one',
      '* [X] two',
      '  1. [x] `three` is nested',
      '### Small print',
      '+ [ ] four',
      '```',
      '- [x] in code',
      '```',
      '<!--',
      '- [x] hidden',
      '-->',
      '-[x] no task',
      '# Next',
      '- [x] after',
    ].join('\r\n')
    expect(tasksOf(body)).toEqual([
      { text: 'one', done: false },
      { text: 'two', done: true },
      { text: '`three` is nested', done: true },
      { text: 'four', done: false },
    ])
  })

  test.each([
    '## acceptance criteria',
    '# ACCEPTANCE:',
    '###### Acceptance ##',
    '## **Acceptance**',
    '## __Acceptance criteria__',
    '## ***Acceptance***:',
    '## ~~Acceptance~~',
    '## Accep**tance**',
    '## ✅ Acceptance criteria',
    '## Acceptance criteria ✔️',
    '## :white_check_mark: Acceptance',
    '## 1. Acceptance',
    '## 2.3) Acceptance criteria',
    '## Acceptance (must)',
    '## ✅ Acceptance criteria (all of them): ✅',
    '## [Acceptance](https://example.com/how)',
    '## [Acceptance][how]\n\n[how]: https://example.com',
    '## [Acceptance]',
    '## <b>Acceptance</b>',
    '## Acceptance <!-- at least one -->',
    '## <a name="a"></a>Acceptance',
    '## &#65;cceptance',
    '## Acceptance&nbsp;criteria',
    '## Acceptance  criteria.',
    '## \u200bAcceptance\u200b',
    '## Ａｃｃｅｐｔａｎｃｅ',
    '## "Acceptance criteria"',
    '**Acceptance**\n---',
    'Acceptance criteria\n===',
  ])('stand under %s', (heading) => {
    const body = `${heading}\n- [ ] one`
    expect(mayHaveTasks(body)).toBe(true)
    expect(readAcceptance(body)).toEqual({ tasks: [{ text: 'one', done: false }], elsewhere: 0 })
  })

  test.each([
    '## Acceptances',
    '##Acceptance',
    '    ## Acceptance',
    'Acceptance',
    '## Acceptance tests',
    '## No acceptance',
    '## Acceptance (a) of b (c)',
    '## Acceptance of the (first) part',
    '## Criteria',
    '## (must)',
    '## ✅',
    '## ![Acceptance](a.png)',
    '> ## Acceptance',
    '<!--\n## Acceptance\n-->',
    '```\n## Acceptance\n```',
  ])('stand not under %s, which is said', (heading) => {
    expect(readAcceptance(`${heading}\n\n- [ ] one`)).toEqual({ tasks: [], elsewhere: 1 })
  })

  test('of another part are counted and not asked for', () => {
    expect(readAcceptance('- [ ] a\n\n## ✅ Acceptance\n- [x] b\n\n## Later\n- [ ] c\n  - [x] d')).toEqual({
      tasks: [{ text: 'b', done: true }],
      elsewhere: 3,
    })
  })

  test('are asked of no heading that is as long as a text', () => {
    expect(isTitle(`${'('.repeat(60_000)}acceptance`)).toBe(false)
  })
})

test.each([
  ['inline code above it opens a comment', 'Write `<!--` to begin a comment.\n\n## Acceptance\n- [ ] one'],
  ['its box is a link elsewhere', '## Acceptance\n- [x] one\n\n[x]: https://example.com'],
  ['its list is within a quote', '## Acceptance\n> - [ ] one'],
  ['a fence in a quote is not closed', '> ```\n\n## Acceptance\n- [ ] one'],
  ['the heading is underlined', 'Acceptance\n----------\n- [ ] one'],
  ['the heading is written with an entity', '## &#65;cceptance\n- [ ] one'],
  ['the heading is in code', '## `Acceptance`\n- [ ] one'],
])('a task is seen as GitHub shows it where %s', (_name, body) => {
  expect(mayHaveTasks(body)).toBe(true)
  expect(tasksOf(body).map(({ text }) => text)).toEqual(['one'])
})

test('a text that is said to have no tasks has none', () => {
  const part = fc.constantFrom(
    '# ',
    'Acceptance',
    'acceptance:',
    '\n',
    '- [ ] one',
    '&#65;',
    '\\',
    '1. [x] two',
    '\n\n',
    '> ',
    '`',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const body = parts.join('')
      fc.pre(!mayHaveTasks(body))
      expect(tasksOf(body)).toEqual([])
    }),
  )
})

test('equal tasks are told apart in linear time', () => {
  const tasks = Array.from({ length: 4000 }, () => ({ text: 'a', done: true }))
  const versions = [
    { body: '', by: 'ada' },
    { body: '', by: 'mia' },
  ]
  let ticked: ReturnType<typeof tickedBy> = []
  const took = cpuTimeOf(() => void (ticked = tickedBy(versions, [tasks.slice(1), tasks])))
  expect(took).toBeLessThan(2000)
  expect([ticked.length, ticked[3998]!.by, ticked[3999]!.by]).toEqual([4000, 'ada', 'mia'])
})

test('a heading of many blanks is read in linear time', () => {
  const took = cpuTimeOf(() => expect(tasksOf(`# a${' '.repeat(60_000)}x`)).toEqual([]))
  expect(took).toBeLessThan(2000)
})

describe('a tick', () => {
  const list = (...boxes: string[]) =>
    `## Acceptance\n${boxes.map((box) => `- [${box[0]}] ${box.slice(1)}`).join('\n')}`
  const by = (who: string, ...boxes: string[]): TextVersion<string> => ({ body: list(...boxes), by: who })
  const last = (versions: TextVersion<string>[]) =>
    tickedBy(
      versions,
      versions.map(({ body }) => tasksOf(body)),
    )
  const said = (...versions: TextVersion<string>[]) => last(versions).map((task) => (task.done ? task.by : null))

  test('is theirs who left it ticked first, whoever edits after', () => {
    expect(said(by('ada', ' one', ' two'), by('mia', 'xone', ' two'), by('bob', 'xone', 'xtwo'))).toEqual([
      'mia',
      'bob',
    ])
  })

  test('is gone once it was taken back', () => {
    expect(said(by('ada', ' one'), by('mia', 'xone'), by('bob', ' one'), by('bob', 'xone'))).toEqual(['bob'])
  })

  test('does not pass to another text', () => {
    expect(said(by('ada', ' one'), by('mia', 'xone'), by('bob', 'xtwo'))).toEqual(['bob'])
  })

  test('of equal lines is told apart by their order', () => {
    expect(said(by('ada', ' one', ' one'), by('mia', ' one', 'xone'))).toEqual([null, 'mia'])
  })

  test('is never of somebody who did not leave that task ticked', () => {
    const box = fc.constantFrom(' one', 'xone', ' two', 'xtwo')
    const version = fc.record({ who: fc.constantFrom('ada', 'mia', 'bob'), boxes: fc.array(box, { maxLength: 4 }) })
    fc.assert(
      fc.property(fc.array(version, { maxLength: 6 }), (history) => {
        const versions = history.map(({ who, boxes }) => by(who, ...boxes))
        for (const task of last(versions).filter(({ done }) => done)) {
          const left = versions.filter((one) => one.by === task.by).flatMap((one) => tasksOf(one.body))
          expect(left).toContainEqual({ text: task.text, done: true })
        }
      }),
    )
  })
})
