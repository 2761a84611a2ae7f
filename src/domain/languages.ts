import * as linguist from 'linguist-languages'

/** A language as GitHub's Linguist has it. */
export interface Language {
  name: string
  type: string
  /** The language that a dialect belongs to. */
  group?: string
  filenames?: readonly string[]
  extensions?: readonly string[]
}

export const LANGUAGES: readonly Language[] = Object.values(linguist)
const BY_NAME = new Map(LANGUAGES.map((language) => [language.name, language]))

/** As a skill tag is written, `jupyter-notebook`, `c++`; null for data and prose, though Linguist calls SQL data. */
export function skillTag({ name, type, group }: Language): string | null {
  if (type !== 'programming' && type !== 'markup' && name !== 'SQL') return null
  return (group ?? name).toLowerCase().replaceAll(' ', '-')
}

/** The tag of a language by the name that GitHub shows; null where it is none of Linguist's, or no skill. */
export function skillTagOf(name: string): string | null {
  const language = BY_NAME.get(name)
  return language === undefined ? null : skillTag(language)
}
