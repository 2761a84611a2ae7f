import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admit, type Meaning } from '../../src/authorization/admission.ts'
import { readAdmitted, readAdmittedHere } from '../../src/authorization/admitted-names.ts'
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
    const rules = { appOwnerId: OWNER, named: new Map(named.map((name) => [name, undefined])) }
    expect(admit(rules, { id: 7, fullName: 'Acme/App', ownerId, hidden }, settings)).toEqual(answer)
  })
})

describe('a name that was admitted', () => {
  const acme = { ownerId: 2 }
  const app = { ownerId: 2, repositoryId: 7 }
  type Found = { id?: number; fullName?: string; ownerId?: number; hidden?: boolean }
  test.each<[string, [string, Meaning][], Found, object]>([
    ['serves the account that it meant', [['acme', acme]], {}, yes],
    ['serves no account that took it', [['acme', acme]], { ownerId: 3 }, { refused: 'name-moved' }],
    ['serves its account under another name', [['acme', acme]], { fullName: 'new/app' }, yes],
    ['serves the repository that it meant', [['acme/app', app]], {}, yes],
    ['serves no repository that took it', [['acme/app', app]], { id: 8 }, { refused: 'name-moved' }],
    ['serves no other owner’s of the same id', [['acme/app', app]], { ownerId: 3 }, { refused: 'name-moved' }],
    ['serves its repository under another name', [['acme/app', app]], { fullName: 'acme/new' }, yes],
    [
      'does not follow its repository to another owner',
      [['acme/app', app]],
      { fullName: 'eve/app', ownerId: 3 },
      { refused: 'not-admitted' },
    ],
    ['shows nothing hidden that took it', [['acme/app', app]], { id: 8, hidden: true }, { refused: 'name-moved' }],
    ['that the operator gave an id serves that one', [['acme', { ownerId: 3 }]], { ownerId: 3 }, yes],
    ['that the operator gave a repository’s id serves it', [['acme/app', { repositoryId: 7 }]], {}, yes],
    [
      'that the operator gave a repository’s id follows no other name',
      [['acme/app', { repositoryId: 7 }]],
      { fullName: 'eve/app', ownerId: 3 },
      { refused: 'not-admitted' },
    ],
    ['does not bar the App’s owner', [['acme', { ownerId: 3 }]], { ownerId: OWNER }, yes],
    [
      'of the owner does not take what its repository means',
      [
        ['acme', { ownerId: 3 }],
        ['acme/app', app],
      ],
      {},
      yes,
    ],
  ])('%s', (_name, named, { id = 7, fullName = 'Acme/App', ownerId = 2, hidden = false }, answer) => {
    const rules = { appOwnerId: OWNER, named: new Map(named) }
    expect(admit(rules, { id, fullName, ownerId, hidden }, publish)).toEqual(answer)
  })
})

describe('what the operator names', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'admitted-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const names = (...all: string[]) => new Map(all.map((name) => [name, undefined]))
  /** A DATA_DIR with this file. */
  const withFile = async (file: string, text: string) => {
    const dataDir = await mkdtemp(join(folder, 'data-'))
    await writeFile(join(dataDir, file), text)
    return dataDir
  }

  test('is the environment’s alone while there is no file', async () => {
    expect(await readAdmitted(['Acme'], join(folder, 'none'))).toEqual(names('acme'))
  })

  test('is read from the file too, in any case and with any line ends', async () => {
    const dataDir = await withFile('admitted', 'Acme/App\r\n\n  other \n')
    expect(await readAdmitted(['one'], dataDir)).toEqual(names('one', 'acme/app', 'other'))
  })

  test('may have the id that GitHub gives it, which goes before what was seen', async () => {
    const dataDir = await withFile('admitted', 'carl#9\ncarl\nacme/app#8\n')
    expect(await readAdmitted(['acme/app', 'Carl'], dataDir)).toEqual(
      new Map([
        ['acme/app', { repositoryId: 8 }],
        ['carl', { ownerId: 9 }],
      ]),
    )
  })

  test('means whom it meant first, on this host', async () => {
    const lines = ['github carl 5 -', 'github carl 6 -', 'ghe.example acme 1 -', 'github acme/app 2 7', 'rubbish', '']
    const dataDir = await withFile('admitted-ids', lines.join('\n'))
    expect(await readAdmittedHere(['carl', 'acme', 'acme/app'], dataDir, 'github')).toEqual(
      new Map([
        ['carl', { ownerId: 5, repositoryId: undefined }],
        ['acme', undefined],
        ['acme/app', { ownerId: 2, repositoryId: 7 }],
      ]),
    )
  })

  test('is not guessed when the file cannot be read', async () => {
    const dataDir = await mkdtemp(join(folder, 'data-'))
    await mkdir(join(dataDir, 'admitted'))
    await expect(readAdmitted([], dataDir)).rejects.toThrow('EISDIR')
  })
})
