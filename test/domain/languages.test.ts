import * as linguist from 'linguist-languages'
import { expect, it } from 'vitest'
import { type Language, languages } from '../../src/domain/languages.ts'

it('the languages that are read are those of the package, in its order', () => {
  const packaged: Partial<Language>[] = Object.values(linguist)
  expect(packaged.length).toBeGreaterThan(700)
  expect(languages()).toEqual(
    packaged.map(({ name, type, group, filenames = [], extensions = [] }) => ({
      name,
      type,
      ...(group !== undefined && { group }),
      filenames,
      extensions,
    })),
  )
})
