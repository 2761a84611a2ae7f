/** The form of an id or a person, in quotes or brackets too. Such a word is never taken for prose. */
const TARGET = /^[^\p{L}\p{N}@]*(?:wl:)?(?:[wcs]-[0-9a-z]|@\S)/iu

export function isTarget(word: string): boolean {
  return TARGET.test(word)
}
