/** Words that deny what is written beside them. */
const DENIES = new Set(
  (
    'not no never nope nah without none neither nor cannot cant wont dont doesnt didnt isnt wasnt shouldnt havent hasnt arent ' +
    'aint nicht nein kein keine pas jamais nunca wait stop kidding joking ironically'
  ).split(' '),
)
const SIGNS = /[\u{1f44e}\u{1f645}\u{1f6ab}\u{1f6d1}\u274c\u274e\u26d4\u2716\u2718]/u

/** Whether a text has a sign that denies: 👎, ❌ and the like. */
export function hasSign(text: string): boolean {
  return SIGNS.test(text)
}

export function denies(word: string): boolean {
  const parts = word.toLowerCase().replaceAll('\u2019', "'").match(LETTERS) ?? []
  return SIGNS.test(word) || parts.some((part) => DENIES.has(part) || part.endsWith("n't"))
}

const LETTERS = /[\p{L}']+/gu
