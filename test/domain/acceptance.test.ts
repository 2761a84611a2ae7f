import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayHaveTasks, readTasks, tickedBy, type Version } from '../../src/domain/acceptance.ts'
import { cpuTimeOf } from '../cpu-time.ts'

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
    expect(readTasks(body)).toEqual([
      { text: 'one', done: false },
      { text: 'two', done: true },
      { text: '`three` is nested', done: true },
      { text: 'four', done: false },
    ])
  })

  test.each(['## acceptance criteria', '# ACCEPTANCE:', '###### Acceptance ##'])('stand under %s', (heading) => {
    expect(readTasks(`${heading}\n- [ ] one`)).toHaveLength(1)
  })

  test.each(['## Acceptances', '##Acceptance', '    ## Acceptance', 'Acceptance'])('stand not under %s', (heading) => {
    expect(readTasks(`${heading}\n- [ ] one`)).toEqual([])
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
  expect(readTasks(body).map(({ text }) => text)).toEqual(['one'])
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
      expect(readTasks(body)).toEqual([])
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
  const took = cpuTimeOf(() => expect(readTasks(`# a${' '.repeat(60_000)}x`)).toEqual([]))
  expect(took).toBeLessThan(2000)
})

describe('a tick', () => {
  const list = (...boxes: string[]) =>
    `## Acceptance\n${boxes.map((box) => `- [${box[0]}] ${box.slice(1)}`).join('\n')}`
  const by = (who: string, ...boxes: string[]): Version<string> => ({ body: list(...boxes), by: who })
  const last = (versions: Version<string>[]) =>
    tickedBy(
      versions,
      versions.map(({ body }) => readTasks(body)),
    )
  const said = (...versions: Version<string>[]) => last(versions).map((task) => (task.done ? task.by : null))

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
          const left = versions.filter((one) => one.by === task.by).flatMap((one) => readTasks(one.body))
          expect(left).toContainEqual({ text: task.text, done: true })
        }
      }),
    )
  })
})
