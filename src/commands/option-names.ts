import type { Command } from './command.ts'
import { TEXTS } from './options.ts'

/** What people call an option beside its name. */
const ALIASES: Readonly<Record<string, string>> = {
  q: 'quality',
  r: 'reliability',
  rel: 'reliability',
  conf: 'confidence',
  sev: 'severity',
  m: 'message',
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

/** Options that are a number or one of a few words, so that a blank may stand for the sign. */
const COUNTED = new Set(['quality', 'reliability', 'creativity', 'confidence', 'level', 'priority'])
const CHOSEN = new Set(['severity', 'effort', 'type'])

/** The option that a name means, which is written in any case; undefined where the command has none. */
export function keyOf({ options }: Pick<Command, 'options'>, name: string): string | undefined {
  const key = name.toLowerCase()
  const has = (one: string) => Object.hasOwn(options.shape, one)
  if (has(key)) return key
  const meant = Object.hasOwn(ALIASES, key) ? ALIASES[key]! : undefined
  return meant !== undefined && has(meant) ? meant : undefined
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
