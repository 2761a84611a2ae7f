import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTasks, tickedBy, type Version } from '../../src/domain/acceptance.ts'

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

describe('a tick', () => {
  const list = (...boxes: string[]) =>
    `## Acceptance\n${boxes.map((box) => `- [${box[0]}] ${box.slice(1)}`).join('\n')}`
  const by = (who: string, ...boxes: string[]): Version<string> => ({ body: list(...boxes), by: who })
  const said = (...versions: Version<string>[]) => tickedBy(versions).map((task) => (task.done ? task.by : null))

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
        for (const task of tickedBy(versions).filter(({ done }) => done)) {
          const left = versions.filter((one) => one.by === task.by).flatMap((one) => readTasks(one.body))
          expect(left).toContainEqual({ text: task.text, done: true })
        }
      }),
    )
  })
})
