import { describe, expect, test } from 'vitest'
import { touched } from '../../src/authorization/paths.ts'
import { mergeSettings } from '../../src/authorization/settings.ts'
import { SettingsFile } from '../../src/authorization/settings-schema.ts'

const { paths } = mergeSettings(
  {},
  { stampers: { paths: { packages: {}, 'packages/engine': {}, docs: { teams: ['words'] } } } },
).stampers

describe('the folders of a repository of several projects', () => {
  test.each([
    { files: ['README.md', 'packages.json'], folders: [] },
    { files: ['packages/engine/a.ts', 'packages/engine/b.ts'], folders: ['packages/engine'] },
    { files: ['packages/engines/a.ts'], folders: ['packages'] },
    { files: ['docs/a.md', 'packages/engine/a.ts', 'src/a.ts'], folders: ['docs', 'packages/engine'] },
  ])('are the innermost that $files lie in', ({ files, folders }) => {
    expect(touched(paths, files, false)).toEqual(folders)
  })

  test('are all of them where the list of files is cut: what it leaves out may lie anywhere', () => {
    expect(touched(paths, ['src/a.ts'], true)).toEqual(['docs', 'packages', 'packages/engine'])
  })

  test.each(['/packages', 'packages/', '', ' '])('are not named %j', (folder) => {
    expect(SettingsFile.safeParse({ stampers: { paths: { [folder]: {} } } }).success).toBe(false)
  })
})
