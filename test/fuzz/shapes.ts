/** Draws a number from 0 to below 1. */
export type Random = () => number

/** Made of so many characters, roughly; nothing else of it is drawn, so that sizes can be compared. */
export interface Shape {
  name: string
  make(size: number): string
}

/** What is repeated: marks that open and are not closed, blanks, what must be read twice, what nobody sees. */
const UNITS = [
  [
    '> - ',
    '> ',
    '1. ',
    '- ',
    '* ',
    'a\n=\n',
    '    a\n',
    '\t',
    ' ',
    '\n',
    '\r\n',
    '\r',
    '```\n',
    '~~~\n',
    '---\n',
    '|-',
  ],
  [
    '`',
    '``` ` ',
    '[',
    ']',
    '[]',
    '[a](',
    '![',
    '[a]: b\n',
    '[^a]',
    '](',
    '*',
    '**a',
    '_',
    '~',
    '\\',
    '&',
    '&#',
    '&amp;',
  ],
  ['<', '<a', '<!--', '-->', '<a href="', '</a>', '<![CDATA[', '<?', '<pre>\n', 'http://a.', 'a@b.', '@a ', '#1 ', '!'],
  ['# a ', '# Acceptance\n', '- [ ] a\n', '- [x] a\n\n', '* [ ] ', '  - [ ] b\n', '\n\n- [ ] ', '# a\n\n'],
  [
    '/wl ',
    '/wl stamp\n',
    '/wl stamp a="\\"',
    'a=',
    'a="b" ',
    '\u201c',
    'a=\u201c',
    '"',
    "'",
    '\\"',
    'quality=5 ',
    'w-0123456789 ',
  ],
  [
    'Wanted: w-0123456789\n',
    'Reverts #1\n',
    'Reverts a/b#',
    'Revert "',
    'This reverts commit ',
    'fixes #1 ',
    'Closes: ',
  ],
  [
    'Co-authored-by: a <a@b>\n',
    'Co-authored-by: <',
    '<a@b',
    'wl stamp: a\n\nHead: b\n\n',
    'Head: a\n',
    'Stamp:',
    ' head=',
    ' agents=a,',
  ],
  [
    'a:\n',
    'a: ',
    '? ',
    '- - ',
    '{',
    '}',
    '{a: ',
    '[a, ',
    ',',
    '"a": {',
    '"a":[',
    '{"a":',
    '&a ',
    '*a ',
    '!!a ',
    '|\n',
    '>\n ',
    'a: &a\n',
    '%',
  ],
  [
    'require (\n',
    'require a.b/c v1\n',
    '\ta.b/c v1 // indirect\n',
    '[a]\n',
    '[[a]]\n',
    'a.',
    'a = 1\n',
    "a = '''",
    '"""',
    'a==1\n',
    '"\\u0000",',
  ],
  [
    '\0',
    '\ud800',
    '\udc00',
    '\u200b',
    '\u200d',
    '\ufe0f',
    '\u00ad',
    '\u3164',
    '\u202e',
    '\u{e0041}',
    '\u{1f600}',
    '\u{1f468}\u200d',
    'e\u0301',
    '\ufffc',
  ],
  ['a', 'a/', '/', '.', '-', '-a', '_pb2', '0', '1e', 'https://github.com/a/b/issues/1 ', 'entity://github/a/'],
].flat()

/** Before and after: what makes a reader take the rest in earnest, or fail at the end. */
const HEADS = [
  '',
  '',
  '',
  '# Acceptance\n\n',
  '/wl stamp ',
  '/wl ',
  '# a',
  'a: ',
  '<!--',
  '`',
  'labels:\n  wanted: ',
  '{"a":',
  'x\n\n',
  '> ',
]
const TAILS = ['', '', 'x', '\n', '\nx', '!', '"', '`', '-->', ' #x', '\n\n/wl stamp\n', '\0']

/** Each unit alone, so that no run leaves one out. */
export function plainShapes(): Shape[] {
  return UNITS.map((unit) => shapeOf('', [unit], ''))
}

/** One to three units between a head and a tail; sometimes nested, with the closing half in the opposite order. */
export function drawShape(random: Random): Shape {
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!
  const units = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(UNITS))
  const kind = random()
  if (kind < 0.08) return numbered(pick(HEADS), pick(UNITS), '', pick(TAILS))
  if (kind < 0.15) return numbered(pick(HEADS), '', pick(UNITS), pick(TAILS))
  if (kind < 0.3) return nested(pick(HEADS), pick(UNITS), pick(UNITS))
  return shapeOf(pick(HEADS), units, pick(TAILS))
}

function shapeOf(head: string, units: readonly string[], tail: string): Shape {
  const unit = units.join('')
  return {
    name: `${head} (${unit})* ${tail}`,
    make: (size) => head + unit.repeat(times(size - head.length - tail.length, unit)) + tail,
  }
}

/** No two alike. */
function numbered(head: string, before: string, after: string, tail: string): Shape {
  return {
    name: `${head} (${before}<n>${after})* ${tail}`,
    make(size) {
      const parts = [head]
      for (let n = 0, length = head.length; length < size; n++) {
        const part = `${before}${n}${after}\n`
        parts.push(part)
        length += part.length
      }
      return parts.join('') + tail
    },
  }
}

function nested(head: string, open: string, close: string): Shape {
  return {
    name: `${head} (${open})* (${close})*`,
    make: (size) => head + open.repeat(times(size / 2, open)) + close.repeat(times(size / 2, close)),
  }
}

function times(size: number, unit: string): number {
  return Math.max(1, Math.floor(size / unit.length))
}
