import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admit, readAdmitted } from '../../src/authorization/admission.ts'
import type { Settings as All } from '../../src/authorization/settings.ts'

type Settings = Pick<All, 'private'>

const OWNER = 1
const yes = { admission: {} }
const keep: Settings = { private: 'keep' }
const publish: Settings = { private: 'publish' }

describe('a repository', () => {
  test.each<[string, { named?: string[]; ownerId?: number; hidden?: boolean; settings?: Settings }, object]>([
    ['of the App’s owner, public', { ownerId: OWNER }, yes],
    ['of a stranger, public', {}, { refused: 'not-admitted' }],
    ['of a stranger, public, named', { named: ['acme/app'] }, yes],
    ['of a stranger, public, its owner named', { named: ['acme'] }, yes],
    ['whose name only begins like one', { named: ['acme/ap', 'acm', 'app'] }, { refused: 'not-admitted' }],
    [
      'of the App’s owner, hidden',
      { ownerId: OWNER, hidden: true, settings: publish },
      { refused: 'private-not-named' },
    ],
    ['hidden, its owner named', { named: ['acme'], hidden: true, settings: publish }, { refused: 'private-not-named' }],
    ['hidden, named, settings silent', { named: ['acme/app'], hidden: true }, { refused: 'private-keep' }],
    ['hidden, named, publishing', { named: ['acme/app'], hidden: true, settings: publish }, yes],
    ['of a stranger, public, publishing', { settings: publish }, { refused: 'not-admitted' }],
  ])('%s', (_name, { named = [], ownerId = 2, hidden = false, settings = keep }, answer) => {
    const rules = { appOwnerId: OWNER, named: new Set(named) }
    expect(admit(rules, { fullName: 'Acme/App', ownerId, hidden }, settings)).toEqual(answer)
  })
})

describe('what the operator names', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'admitted-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('is the environment’s alone while there is no file', async () => {
    expect(await readAdmitted(['Acme'], join(folder, 'none'))).toEqual(new Set(['acme']))
  })

  test('is read from the file too, in any case and with any line ends', async () => {
    await writeFile(join(folder, 'admitted'), 'Acme/App\r\n\n  other \n')
    expect(await readAdmitted(['one'], join(folder, 'admitted'))).toEqual(new Set(['one', 'acme/app', 'other']))
  })

  test('is not guessed when the file cannot be read', async () => {
    await expect(readAdmitted([], folder)).rejects.toThrow('EISDIR')
  })
})
