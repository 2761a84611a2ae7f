import { describe, expect, test } from 'vitest'
import { coAuthorAddresses } from '../../src/domain/co-authors.ts'
import { cpuTimeOf } from '../cpu-time.ts'

describe('the co-authors of a commit', () => {
  test.each([
    { name: 'one', message: 'Fix\n\nCo-authored-by: Bob <bob@example.org>', found: ['bob@example.org'] },
    {
      name: 'several, among other trailers and in any case',
      message:
        'Fix\n\nBecause.\n\nSigned-off-by: Amy <amy@example.org>\nCO-AUTHORED-BY: Bob <Bob@Example.org>  \nCo-Authored-By: <eve@example.org>\n\n',
      found: ['bob@example.org', 'eve@example.org'],
    },
    {
      name: 'with lines that end as on Windows',
      message: 'Fix\r\n\r\nCo-authored-by: Bob <b@x.org>\r\n',
      found: ['b@x.org'],
    },
    { name: 'after a line of blanks', message: 'Fix\n \t\nCo-authored-by: Bob <b@x.org>', found: ['b@x.org'] },
  ])('are those that its trailers name: $name', ({ message, found }) => {
    expect(coAuthorAddresses(message)).toEqual(found)
  })

  test.each([
    { name: 'in an earlier paragraph', message: 'Fix\n\nCo-authored-by: Bob <b@x.org>\n\nAnd more.' },
    { name: 'as the title', message: 'Co-authored-by: Bob <b@x.org>' },
    { name: 'as the title after empty lines', message: '\n\nCo-authored-by: Bob <b@x.org>' },
    { name: 'right below the title', message: 'Fix\nCo-authored-by: Bob <b@x.org>' },
    { name: 'within a line', message: 'Fix\n\nsee Co-authored-by: Bob <b@x.org>' },
    { name: 'without an address', message: 'Fix\n\nCo-authored-by: Bob' },
    { name: 'with two addresses', message: 'Fix\n\nCo-authored-by: Bob <b@x.org> <c@x.org>' },
    { name: 'indented', message: 'Fix\n\n  Co-authored-by: Bob <b@x.org>' },
    { name: 'nowhere', message: '' },
  ])('are not those named $name', ({ message }) => {
    expect(coAuthorAddresses(message)).toEqual([])
  })

  test('are found in no time, whatever the message', () => {
    const long = 'co-authored-by: ' + ' '.repeat(200_000)
    const message = `Fix\n\n${long}\n${'<'.repeat(200_000)}\n${'co-authored-by:<'.repeat(20_000)}`
    expect(cpuTimeOf(() => expect(coAuthorAddresses(message)).toEqual([]))).toBeLessThan(2_000)
  })
})
