import { readFileSync } from 'node:fs'

/** A language of GitHub's Linguist. */
export interface Language {
  name: string
  type: string
  /** The language that a dialect belongs to. */
  group?: string
  filenames: readonly string[]
  extensions: readonly string[]
}

/**
 * A line for each language of Linguist: name, type, group, file names and extensions. `npm run fix` writes it from the
 * package linguist-languages, which has a module for each of 800 languages: loading those took half a second and 16 MB.
 */
const FILE = new URL('languages.tsv', import.meta.url)

let byName: Map<string, Language> | undefined

/** All languages of Linguist, in the order of their names. */
export function languages(): readonly Language[] {
  return readFileSync(FILE, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', type = '', group = '', filenames = '', extensions = ''] = line.split('\t')
      const all = (list: string) => (list === '' ? [] : list.split(','))
      return { name, type, ...(group !== '' && { group }), filenames: all(filenames), extensions: all(extensions) }
    })
}

/** The skill tag of a language: `jupyter-notebook`, `c++`; null for data and prose, though Linguist calls SQL data. */
export function skillTag({ name, type, group }: Language): string | null {
  if (type !== 'programming' && type !== 'markup' && name !== 'SQL') return null
  return (group ?? name).toLowerCase().replaceAll(' ', '-')
}

/** The skill tag of a language by the name that GitHub shows; null where it is none of Linguist's, or no skill. */
export function skillTagOf(name: string): string | null {
  byName ??= new Map(languages().map((language) => [language.name, language]))
  const language = byName.get(name)
  return language === undefined ? null : skillTag(language)
}
