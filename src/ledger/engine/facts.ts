import { z } from 'zod'

/**
 * Facts about rigs that only the bridge can state, as trailers of its signed commits: `Rig: {…}` and `Link: {…}`.
 * Anybody with write access to the commons can change the rows that say the same; a row without a fact of ours is a
 * peer's.
 */
const RigFact = z.object({
  handle: z.string(),
  trust: z.int(),
  type: z.enum(['human', 'agent', 'hybrid']),
  parent: z.string().nullable(),
  /** `hop_uri`, which identifies the account. */
  uri: z.string().nullable(),
  /** True where the rig was removed. */
  gone: z.boolean().optional(),
})
export type RigFact = z.output<typeof RigFact>

const LinkFact = z.object({
  a: z.string(),
  b: z.string(),
  type: z.string(),
  status: z.enum(['pending', 'completed', 'revoked']),
  /** Those of the two rigs that agreed to the link through the bridge. */
  said: z.array(z.string()),
})
export type LinkFact = z.output<typeof LinkFact>

export type Fact = { rig: RigFact } | { link: LinkFact }

/** The trailer lines of facts, in ASCII, so that no character is taken for a line break or cut. */
export function factLines(facts: readonly Fact[]): string[] {
  return facts.map((fact) => ('rig' in fact ? `Rig: ${ascii(fact.rig)}` : `Link: ${ascii(fact.link)}`))
}

function ascii(value: unknown): string {
  return JSON.stringify(value).replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Parses the facts of a signed message. */
export function readFacts(message: string): Fact[] {
  return message.split('\n').flatMap((line): Fact[] => {
    if (line.startsWith('Rig: ')) return [{ rig: RigFact.parse(JSON.parse(line.slice(5))) }]
    if (line.startsWith('Link: ')) return [{ link: LinkFact.parse(JSON.parse(line.slice(6))) }]
    return []
  })
}

/** The key of the link of two rigs, the same in either order. */
export function pairKey(one: string, other: string): string {
  return JSON.stringify([one, other].toSorted())
}
