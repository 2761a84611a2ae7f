/** Numbers as words; the index of each is its value. */
export const NUMBER_WORDS: readonly string[] = ['zero', 'one', 'two', 'three', 'four', 'five']

export function isNumberWord(word: string): boolean {
  return NUMBER_WORDS.includes(word.toLowerCase())
}
