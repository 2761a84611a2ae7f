import leven from 'leven'
import type { Command } from '../command.ts'
import { TEXTS } from './options.ts'

/** Other names of options. */
const ALIASES: Readonly<Record<string, string>> = {
  q: 'quality',
  r: 'reliability',
  rel: 'reliability',
  conf: 'confidence',
  sev: 'severity',
  msg: 'message',
  comment: 'message',
  note: 'message',
  size: 'effort',
  prio: 'priority',
  lvl: 'level',
  tag: 'tags',
  skill: 'skills',
  because: 'reason',
}

/** Options that are a number or one of a few words, so that a blank may take the place of the sign. */
const COUNTED = new Set(['quality', 'reliability', 'creativity', 'confidence', 'level', 'priority'])
const CHOSEN = new Set(['severity', 'effort', 'type'])

/** The option of a name or of another name of it, in upper or lower case; undefined where the command has none. */
export function keyOf({ options }: Pick<Command, 'options'>, name: string): string | undefined {
  const key = name.toLowerCase()
  if (Object.hasOwn(options.shape, key)) return key
  const meant = Object.hasOwn(ALIASES, key) ? ALIASES[key]! : undefined
  return meant !== undefined && Object.hasOwn(options.shape, meant) ? meant : undefined
}

export function optionNames({ options }: Pick<Command, 'options'>): {
  counted: string[]
  chosen: string[]
  texts: string[]
} {
  const keys = Object.keys(options.shape)
  return {
    counted: keys.filter((key) => COUNTED.has(key)),
    chosen: keys.filter((key) => CHOSEN.has(key)),
    texts: keys.filter((key) => TEXTS.has(options.shape[key]!)),
  }
}

/** The longest text that is compared with names: nothing longer is near one, and comparing takes time by the length. */
export const LONGEST_NAME = 40

/** The option that is surely meant by a name that no option has; in other languages, too. */
export function meantKey(command: Command, name: string): string | undefined {
  const key = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const others = Object.hasOwn(MEANT, key) ? MEANT[key]! : []
  return others.find((one) => Object.hasOwn(command.options.shape, one)) ?? nearestKey(command, key)
}

/** Names that no option of the command has, with the options that they may mean. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  // It may mean confidence, too, so the author is asked.
  c: ['creativity'],
  p: ['priority'],
  reason: ['message'],
  message: ['reason'],
  comment: ['reason'],
  text: ['message', 'reason', 'title', 'evidence'],
  score: ['quality'],
  rating: ['quality'],
  rate: ['quality'],
  stars: ['quality'],
  labels: ['tags'],
  label: ['tags', 'tag'],
  tag: ['tags'],
  tags: ['tag', 'skills'],
  skills: ['tags'],
  link: ['evidence'],
  url: ['evidence'],
  proof: ['evidence'],
  trust: ['level'],
  user: ['person', 'agent'],
  login: ['person', 'agent'],
  id: ['item', 'stamp'],
  wanted: ['item'],
  name: ['title'],
  kind: ['type'],
  // French, German, Spanish, Italian.
  qualitat: ['quality'],
  calidad: ['quality'],
  fiabilite: ['reliability'],
  zuverlassigkeit: ['reliability'],
  fiabilidad: ['reliability'],
  affidabilita: ['reliability'],
  creativite: ['creativity'],
  kreativitat: ['creativity'],
  creatividad: ['creativity'],
  creativita: ['creativity'],
  nachricht: ['message'],
  mensaje: ['message'],
  messaggio: ['message'],
  grund: ['reason'],
  raison: ['reason'],
  motivo: ['reason'],
}

function nearestKey(command: Command, key: string): string | undefined {
  if (key.length > LONGEST_NAME || key.length < 3) return undefined
  const keys = Object.keys(command.options.shape)
  const begun = keys.filter((one) => one.startsWith(key))
  if (begun.length === 1) return begun[0]
  const nearest = keys.toSorted((a, b) => leven(a, key) - leven(b, key))[0]
  return nearest !== undefined && leven(nearest, key) <= 2 && leven(nearest, key) < nearest.length / 2
    ? nearest
    : undefined
}
