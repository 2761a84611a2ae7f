import { createRequire } from 'node:module'

/** A language as GitHub's Linguist has it. */
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

/** Linguist's. Read when first needed: they are a file each, 700 of them, and 16 MB. */
export function languages(): readonly Language[] {
  return (all ??= Object.values(require('linguist-languages') as Record<string, Language>))
}

/** As a skill tag is written, `jupyter-notebook`, `c++`; null for data and prose, though Linguist calls SQL data. */
export function skillTag({ name, type, group }: Language): string | null {
  if (type !== 'programming' && type !== 'markup' && name !== 'SQL') return null
  return (group ?? name).toLowerCase().replaceAll(' ', '-')
}

/** The tag of a language by the name that GitHub shows; null where it is none of Linguist's, or no skill. */
export function skillTagOf(name: string): string | null {
  byName ??= new Map(languages().map((language) => [language.name, language]))
  const language = byName.get(name)
  return language === undefined ? null : skillTag(language)
}
