import type { Owned } from './character.ts'
import { generated } from './generated.ts'
import type { People, Person } from './people.ts'
import { unit } from './random.ts'

const MONTH = 30.44 * 86_400_000

/** A made-up repository: of one of the people, of others to whom they contribute, or one of the starred projects. */
export interface Repo {
  id: number
  owner: { login: string; kind: Person['kind'] }
  facts: Owned
  isFork: boolean
  createdAt: number
  pushedAt: number
}

const NOTHING: Omit<Owned, 'name'> = {
  stars: 0,
  forks: 0,
  watchers: 1,
  license: false,
  ci: false,
  releases: 0,
  closedIssues: 0,
  openIssues: 0,
  mergedPRsByOthers: 0,
  monthsSincePush: 12,
  langs: { JavaScript: 1 },
  topics: [],
}

/** The repository at this index by stars; after those of the character the empty ones, then the forks. */
export function ownRepository(person: Person, index: number): Repo {
  const { repos, repoCount } = person.character
  const told = repos.toSorted((a, b) => b.stars - a.stars)[index]
  const isFork = index >= Math.max(repoCount, repos.length)
  const facts = told ?? { ...NOTHING, name: `${isFork ? 'fork' : 'small'}-${index}` }
  return repo(person, index, { login: person.login, kind: person.kind }, facts, isFork)
}

export function ownedOf({ character: { repos, repoCount, forkCount } }: Person) {
  const sources = Math.max(repoCount, repos.length)
  return { sources, forks: forkCount, all: sources + forkCount }
}

/** The repository that the pull requests of `character.ext[which]` went to. */
export function externalRepository(person: Person, which: number): Repo {
  const { repo: name, stars, lang } = person.character.ext[which]!
  return upstream(person, which, name ?? lang.toLowerCase().replaceAll('+', 'p'), stars, lang)
}

/** The repository whose pull requests they reviewed by `character.rev[which]`. */
export function reviewedRepository(person: Person, which: number): Repo {
  return upstream(person, 1000 + which, 'reviewed', person.character.rev[which]!.stars, 'Go')
}

function upstream(person: Person, which: number, name: string, stars: number, lang: string): Repo {
  const facts = {
    ...NOTHING,
    name,
    stars,
    forks: Math.floor(stars / 8),
    watchers: Math.floor(stars / 50) + 1,
    license: true,
    ci: true,
    releases: 12,
    closedIssues: Math.floor(stars / 4),
    openIssues: Math.floor(stars / 30),
    mergedPRsByOthers: Math.floor(stars / 3),
    monthsSincePush: 0,
    langs: { [lang]: 1 },
  }
  return repo(person, which, { login: `upstream-${person.id}-${which}`, kind: 'Organization' }, facts, false)
}

function repo(of: Person, index: number, owner: Repo['owner'], facts: Owned, isFork: boolean): Repo {
  const pushedAt = of.today - facts.monthsSincePush * MONTH
  const id = Math.floor(unit(of.id, index, owner.login.length) * 2 ** 30) + 2 ** 20
  return { id, owner, facts, isFork, pushedAt, createdAt: Math.min(of.createdAt + index * MONTH, pushedAt) }
}

/** The number of well-known projects with many contributors, where the importer looks for people. */
export const PROJECTS = 5000
export const starsOf = (rank: number) => Math.floor(200_000 / (rank + 1) ** 0.7)

export function project(people: People, rank: number): Repo {
  const stars = starsOf(rank)
  const langs = generated(rank).repos[0]?.langs ?? NOTHING.langs
  const facts = { ...NOTHING, name: 'project', stars, forks: Math.floor(stars / 9), license: true, langs }
  return {
    id: 2 ** 20 - 1 - rank,
    owner: { kind: 'Organization', login: `starred-${String(rank).padStart(4, '0')}` },
    facts: { ...facts, watchers: Math.floor(stars / 50), mergedPRsByOthers: 40 + Math.floor(stars / 5) },
    isFork: false,
    createdAt: people.today - 3000 * 86_400_000,
    pushedAt: people.today,
  }
}

export function repositoryNamed(people: People, owner: string, name: string): Repo | undefined {
  const [, rank] = /^starred-(\d{4})$/.exec(owner) ?? []
  if (rank !== undefined)
    return name === 'project' && Number(rank) < PROJECTS ? project(people, Number(rank)) : undefined
  const [, id, which] = /^upstream-(\d+)-(\d+)$/.exec(owner) ?? []
  const found = id === undefined ? people.byLogin(owner) : people.byId(Number(id))
  if (!found) return undefined
  return (which === undefined ? ownNamed(found, name) : externalNamed(found, Number(which), name)) ?? undefined
}

function ownNamed(person: Person, name: string): Repo | undefined {
  const [, index] = /^(?:small|fork)-(\d+)$/.exec(name) ?? []
  const told = person.character.repos.toSorted((a, b) => b.stars - a.stars).findIndex((each) => each.name === name)
  const at = told === -1 ? Number(index ?? -1) : told
  const found = at >= 0 && at < ownedOf(person).all ? ownRepository(person, at) : undefined
  return found?.facts.name === name ? found : undefined
}

function externalNamed(person: Person, which: number, name: string): Repo | undefined {
  const { ext, rev } = person.character
  const found =
    which < ext.length
      ? externalRepository(person, which)
      : which >= 1000 && which - 1000 < rev.length
        ? reviewedRepository(person, which - 1000)
        : undefined
  return found?.facts.name === name ? found : undefined
}
