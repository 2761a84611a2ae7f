/** Numbers that people write as words, by their value. */
export const NUMBER_WORDS: readonly string[] = ['zero', 'one', 'two', 'three', 'four', 'five']

export function isNumberWord(word: string): boolean {
  return NUMBER_WORDS.includes(word.toLowerCase())
}
