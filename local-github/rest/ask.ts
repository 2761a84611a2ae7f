import type { z } from 'zod'
import { installationOf, repositoryByName, standing } from '../access.ts'
import { bot, person } from '../acts/say.ts'
import type { Courier } from '../courier.ts'
import type { Limits } from '../limits.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Account, Doer, Installation, Level, Permissions, Repository, World } from '../world.ts'
import type { Tokens } from './auth.ts'

export type Caller =
  | { kind: 'app' }
  | { kind: 'installation'; installation: Installation; repositoryIds: Set<number> | null; permissions: Permissions }
  | { kind: 'user'; account: Account }
  | { kind: 'none' }

/** One REST request, with what its handler needs to answer it. */
export type Ask = {
  world: World
  courier: Courier
  tokens: Tokens
  limits: Limits
  caller: Caller
  /** The token as it was sent; empty without one. */
  token: string
  url: URL
  /** The header `accept`; empty without one. */
  accept: string
  params: Record<string, string>
  json: unknown
  /** A fault: fields of this name are an error in the answer to a GraphQL query. */
  refused?: { field: string; type: string; message: string } | undefined
}
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> }
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
/** `template` as in GitHub's OpenAPI. */
export type Route = { method: Method; template: string; answer: (ask: Ask) => Answer | Promise<Answer> }

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const made = (body: unknown): Answer => ({ status: 201, body })
export const empty = (): Answer => ({ status: 204 })
export const inaccessible = () => new Refusal(403, 'Resource not accessible by integration')

export function text(ask: Ask, name: string): string {
  return ask.params[name] ?? ''
}

export function number(ask: Ask, name: string): number {
  const value = Number(text(ask, name))
  if (!Number.isSafeInteger(value)) throw notFound()
  return value
}

export function query(ask: Ask, name: string): string | undefined {
  return ask.url.searchParams.get(name) ?? undefined
}

/** Parses the body. Throws 422 when it does not match the schema. */
export function body<T>(ask: Ask, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(ask.json ?? {})
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('/')}: ${issue.message}`)
  throw new Refusal(422, `Invalid request.\n\n${issues.join('\n')}`)
}

export function doer(ask: Ask): Doer {
  if (ask.caller.kind === 'installation') return bot(ask.world)
  if (ask.caller.kind === 'user') return person(ask.caller.account)
  throw new Refusal(401, 'Requires authentication')
}

/**
 * The repository of the path, if the caller may see it (else 404) and, for the App, holds one of the permissions at
 * that level (else 403). The act itself checks a person's role.
 */
export function repository(ask: Ask, level: Level, ...permissions: string[]): Repository {
  const { world, caller } = ask
  const repo = repositoryByName(world, `${text(ask, 'owner')}/${text(ask, 'repo')}`)
  if (!repo || !visible(ask, repo)) throw notFound()
  if (caller.kind === 'none' && level !== 'read') throw new Refusal(401, 'Requires authentication')
  if (caller.kind === 'app') throw new Refusal(401, 'Bad credentials')
  if (caller.kind === 'installation') {
    const free = level === 'read' && repo.visibility === 'public' && !covered(ask, repo)
    if (!free && !(covered(ask, repo) && holds(caller.permissions, level, permissions))) throw inaccessible()
  }
  return repo
}

function holds(held: Permissions, level: Level, permissions: string[]): boolean {
  return permissions.length === 0 || permissions.some((name) => held[name] === 'write' || held[name] === level)
}

/** Whether the installation token reaches this repository. */
export function covered({ world, caller }: Ask, repo: Repository): boolean {
  if (caller.kind !== 'installation') return false
  if (installationOf(world, repo)?.id !== caller.installation.id) return false
  return caller.repositoryIds === null || caller.repositoryIds.has(repo.id)
}

function visible(ask: Ask, repo: Repository): boolean {
  const { world, caller } = ask
  if (repo.visibility === 'public') return true
  if (caller.kind === 'user') return standing(world, repo, caller.account).role !== 'none'
  return covered(ask, repo)
}

/** The caller's page of a list, with a `Link` header as GitHub's. */
export function page<T>(ask: Ask, items: T[], present: (item: T) => unknown = (item) => item): Answer {
  const { shown, headers } = slice(ask, items)
  return { status: 200, body: shown.map(present), headers }
}

/** A page inside of an object with `total_count`. */
export function pageIn<T>(ask: Ask, key: string, items: T[], present: (item: T) => unknown): Answer {
  const { shown, headers } = slice(ask, items)
  return { status: 200, body: { total_count: items.length, [key]: shown.map(present) }, headers }
}

/** Sorts comments of a repository by `sort` and `direction`; GitHub applies the direction only with a sort. */
export function inOrder<T>(ask: Ask, found: T[], of: (one: T) => { createdAt: string; updatedAt: string }): T[] {
  const sort = query(ask, 'sort')
  if (sort === undefined) return found
  const key = sort === 'updated' ? 'updatedAt' : 'createdAt'
  const ordered = found.toSorted((a, b) => of(a)[key].localeCompare(of(b)[key]))
  return query(ask, 'direction') === 'asc' ? ordered : ordered.toReversed()
}

export function perPage(ask: Ask): number {
  return Math.min(100, Math.max(1, Number(query(ask, 'per_page')) || 30))
}

/** Pagination: the items of the caller's page, and the `Link` header to its neighbours. */
export function slice<T>(ask: Ask, items: T[]): { shown: T[]; headers: Record<string, string> } {
  const size = perPage(ask)
  const at = Math.max(1, Number(query(ask, 'page')) || 1)
  const last = Math.max(1, Math.ceil(items.length / size))
  const link = (page: number, rel: string) => {
    const url = new URL(ask.url)
    url.searchParams.set('page', String(page))
    return `<${url.href}>; rel="${rel}"`
  }
  const links = [
    ...(at > 1 ? [link(at - 1, 'prev')] : []),
    ...(at < last ? [link(at + 1, 'next'), link(last, 'last')] : []),
    ...(at > 1 ? [link(1, 'first')] : []),
  ]
  return { shown: items.slice((at - 1) * size, at * size), headers: links.length > 0 ? { link: links.join(', ') } : {} }
}

/** The present path of a renamed or transferred repository, for callers that may see it. */
export function moved(ask: Ask): Repository | undefined {
  const name = `${text(ask, 'owner')}/${text(ask, 'repo')}`.toLowerCase()
  if (repositoryByName(ask.world, name)) return undefined
  return ask.world.repositories
    .values()
    .find((repo) => !repo.deleted && repo.formerNames.has(name) && visible(ask, repo))
}
