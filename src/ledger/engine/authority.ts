import { type Kysely, sql } from 'kysely'
import { handlesFor, readEntityUri, type Rig } from '../../domain/rig.ts'
import { createCoalescer } from '../../ops/batcher.ts'
import { type Fact, type LinkFact, pairKey, readFacts, type RigFact } from './facts.ts'
import type { History } from './log.ts'
import { numberOf, textOf } from './rows.ts'
import type { Commons, Authority } from './types.ts'

export interface LedgerAuthority extends Omit<Authority, 'note'> {
  /** Adds the facts of a commit with this sequence. */
  apply(facts: readonly Fact[], sequence: number): void
  /** A view for one transaction, which sees the transaction's own facts. */
  forTransaction(): Authority & { noted: Fact[] }
  forReading(): Authority
}

interface LedgerHistory {
  head(): Promise<string>
  since(hash: string | undefined): Promise<History>
  /** The facts of the rows as a vouched commit has them. */
  baseAt(hash: string): Promise<Fact[]>
}

interface Known<T> {
  fact: T
  sequence: number
}

/** The latest fact about each rig and each link in the signed commits. */
interface Facts {
  rigs: Map<string, Known<RigFact>>
  links: Map<string, Known<LinkFact>>
  /** Handles by account. */
  accounts: Map<string, string>
  /** Removed rigs by account, because another account may have the handle by now. */
  gone: Map<string, Known<RigFact>>
  children: Map<string, Set<string>>
  /** Pairs by each of their ends. */
  ends: Map<string, Set<string>>
}

export function createAuthority(history: LedgerHistory): LedgerAuthority {
  const facts: Facts = {
    rigs: new Map(),
    links: new Map(),
    accounts: new Map(),
    gone: new Map(),
    children: new Map(),
    ends: new Map(),
  }
  const base = { ...readersOf(facts), refresh: createCoalescer(refresherOf(facts, history)) }
  return {
    ...base,
    apply: (noted, sequence) => applyFacts(facts, noted, sequence),
    forReading: () => ({ ...base, note: refuse }),
    forTransaction: () => withNoted(base),
  }
}

function applyFacts(facts: Facts, noted: readonly Fact[], sequence: number) {
  for (const fact of noted) {
    if ('rig' in fact) {
      keep(facts.rigs, fact.rig.handle, fact.rig, sequence)
      keepAccount(facts, fact.rig)
      const key = accountKey(fact.rig.uri)
      if (key !== undefined) keep(facts.gone, key, fact.rig, sequence)
      if (fact.rig.parent !== null) addTo(facts.children, fact.rig.parent, fact.rig.handle)
    } else {
      const pair = pairKey(fact.link.a, fact.link.b)
      keep(facts.links, pair, fact.link, sequence)
      for (const end of [fact.link.a, fact.link.b]) addTo(facts.ends, end, pair)
    }
  }
}

function keepAccount({ rigs, accounts }: Facts, { handle, uri, gone }: RigFact) {
  const key = accountKey(uri)
  if (key === undefined || rigs.get(handle)?.fact.uri !== uri) return
  if (gone !== true) accounts.set(key, handle)
  else if (accounts.get(key) === handle) accounts.delete(key)
}

/** Reads the commits that came since it was called last. */
function refresherOf(facts: Facts, { head, since, baseAt }: LedgerHistory): () => Promise<void> {
  const clear = () => Object.values(facts).forEach((map: Map<string, unknown>) => map.clear())
  let readTo: string | undefined
  return async () => {
    const now = await head()
    if (now === readTo) return
    const history = await since(readTo)
    const bases = await Promise.all(
      history.vouches.map(async ({ hash, sequence }) => ({ facts: await baseAt(hash), sequence })),
    )
    if (history.whole) clear()
    const vouched = new Map(bases.map((base) => [base.sequence, base.facts]))
    for (const { message, sequence, signed } of history.commits) {
      const base = vouched.get(sequence)
      if (base !== undefined) clear()
      applyFacts(facts, base ?? (signed ? readFacts(message) : []), sequence)
    }
    readTo = history.head ?? now
  }
}

function readersOf({ rigs, links, accounts, gone, children, ends }: Facts): Omit<Authority, 'note' | 'refresh'> {
  return {
    rig: (handle) => alive(rigs.get(handle)?.fact),
    rigOf(host, id) {
      const handle = accounts.get(`${host}/${id}`)
      return handle === undefined ? undefined : alive(rigs.get(handle)?.fact)
    },
    goneOf(host, id) {
      const last = gone.get(`${host}/${id}`)?.fact
      return last?.gone === true ? last : undefined
    },
    link: (one, other) => links.get(pairKey(one, other))?.fact,
    links: () => links.values().map(({ fact }) => fact),
    linksOf: (handle) => [...(ends.get(handle) ?? [])].flatMap((key) => links.get(key)?.fact ?? []),
    childrenOf: (handle) =>
      [...(children.get(handle) ?? [])].flatMap((child) => {
        const fact = alive(rigs.get(child)?.fact)
        return fact?.parent === handle ? [fact] : []
      }),
    rigs: () =>
      rigs
        .values()
        .map(({ fact }) => fact)
        .filter((fact) => fact.gone !== true),
  }
}

/** Looks up the transaction's own facts before the committed ones. */
function withNoted(base: Omit<Authority, 'note'>): Authority & { noted: Fact[] } {
  const noted: Fact[] = []
  const own = <T>(pick: (fact: Fact) => T | undefined) => noted.map(pick).findLast((found) => found !== undefined)
  return {
    ...base,
    noted,
    note: (fact) => void noted.push(fact),
    rig(handle) {
      const mine = own((fact) => ('rig' in fact && fact.rig.handle === handle ? fact.rig : undefined))
      return mine === undefined ? base.rig(handle) : alive(mine)
    },
    rigOf(host, id) {
      const key = `${host}/${id}`
      const mine = own((fact) => ('rig' in fact && accountKey(fact.rig.uri) === key ? fact.rig : undefined))
      return mine === undefined ? base.rigOf(host, id) : alive(mine)
    },
    link(one, other) {
      const key = pairKey(one, other)
      const mine = own((fact) => ('link' in fact && pairKey(fact.link.a, fact.link.b) === key ? fact.link : undefined))
      return mine ?? base.link(one, other)
    },
  }
}

function alive(fact: RigFact | undefined): RigFact | undefined {
  return fact?.gone === true ? undefined : fact
}

/** Entries are never removed: the reader checks whether each still holds. */
function addTo(sets: Map<string, Set<string>>, key: string, value: string) {
  sets.set(key, (sets.get(key) ?? new Set()).add(value))
}

function refuse(): never {
  throw new Error('only a transaction may write')
}

function keep<T>(known: Map<string, Known<T>>, key: string, fact: T, sequence: number) {
  const before = known.get(key)
  if (before === undefined || before.sequence <= sequence) known.set(key, { fact, sequence })
}

function accountKey(uri: string | null): string | undefined {
  const entity = readEntityUri(uri)
  return entity && `${entity.host}/${entity.id}`
}

/** The facts in the rows of a vouched commit: they were believed when it was vouched for. */
export async function readBase(commons: Kysely<Commons>, hash: string): Promise<Fact[]> {
  const rigs = await rowsAt(commons, 'rigs', hash)
  const links = await rowsAt(commons, 'rig_links', hash)
  const facts: Fact[] = rigs.map((row) => ({
    rig: {
      handle: String(row['handle']),
      trust: numberOf(row['trust_level'], 0),
      type: rigTypeOf(row['rig_type']),
      parent: textOf(row['parent_rig']),
      uri: textOf(row['hop_uri']),
    },
  }))
  // The row that was found as an account's is added last, so that it wins among several with the same hop_uri.
  const order = (fact: Fact) => ('rig' in fact && isPreferred(fact.rig) ? 1 : 0)
  return [
    ...facts.toReversed().toSorted((one, other) => order(one) - order(other)),
    ...links.map((row): Fact => {
      const [a, b] = [String(row['rig_a']), String(row['rig_b'])]
      const said = [textOf(row['assertion_a']) && a, textOf(row['assertion_b']) && b].filter((rig) => rig !== null)
      return { link: { a, b, type: textOf(row['link_type']) ?? '', status: statusOf(row['status']), said } }
    }),
  ]
}

function isPreferred({ handle, uri }: RigFact): boolean {
  const entity = readEntityUri(uri)
  return entity !== undefined && handlesFor(entity).includes(handle)
}

async function rowsAt(commons: Kysely<Commons>, table: string, hash: string): Promise<Record<string, unknown>[]> {
  const { rows: tables } = await sql<Record<string, string>>`SHOW TABLES AS OF ${sql.lit(hash)}`.execute(commons)
  if (!tables.some((row) => Object.values(row).includes(table))) return []
  const { rows } = await sql<Record<string, unknown>>`
    SELECT * FROM ${sql.id(table)} AS OF ${sql.lit(hash)}`.execute(commons)
  return rows
}

export function rigTypeOf(value: unknown): Rig['rigType'] {
  return value === 'agent' || value === 'hybrid' ? value : 'human'
}

function statusOf(value: unknown): LinkFact['status'] {
  return value === 'completed' || value === 'revoked' ? value : 'pending'
}
