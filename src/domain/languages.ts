import { createRequire } from 'node:module'

/** A language of GitHub's Linguist. */
export interface Language {
  name: string
  type: string
  /** The language that a dialect belongs to. */
  group?: string
  filenames?: readonly string[]
  extensions?: readonly string[]
}

const require = createRequire(import.meta.url)
let all: readonly Language[] | undefined
let byName: Map<string, Language> | undefined

/** All languages of Linguist. Loaded lazily: they are a file each, 700 of them, and 16 MB. */
export function languages(): readonly Language[] {
  return (all ??= Object.values(require('linguist-languages') as Record<string, Language>))
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
