import { accountByLogin, repositoryByName } from '../access.ts'
import { isoSeconds } from '../clock.ts'
import { Failure } from '../graphql/failure.ts'
import { Refusal } from '../refusal.ts'
import { ok, page, pageIn, query, type Answer, type Ask } from '../rest/ask.ts'
import { actor, pullNode } from './nodes/pull.ts'
import { languagesOf, release, repositoryNode } from './nodes/repository.ts'
import { readSearch, searched } from './nodes/search.ts'
import { objectAt } from './nodes/tree.ts'
import type { Person } from './people.ts'
import { detailsOf, externalPulls, pullsOf, repositoryOf, type Pull } from './pulls.ts'
import { ownedOf, ownRepository, repositoryNamed, type Repo } from './repositories.ts'

/**
 * Made-up people on the REST API: enough to count the cost of an import the plain way. The answers have the fields that
 * an importer reads, not all of GitHub's. Undefined for accounts of this world, and for unknown paths.
 */
export function answerOfPeople(ask: Ask, path: string): Answer | undefined {
  const [, login, list] = /^\/users\/([^/]+)(?:\/(repos|orgs))?$/.exec(path) ?? []
  if (login !== undefined) return ofPerson(ask, decodeURIComponent(login), list)
  const [, owner, name, what = ''] = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(path) ?? []
  if (owner !== undefined && name !== undefined) {
    if (repositoryByName(ask.world, `${owner}/${name}`)) return undefined
    const repo = repositoryNamed(ask.world.people, owner, name)
    return repo && ofRepository(ask, repo, what)
  }
  return path === '/search/issues' ? search(ask) : undefined
}

function ofPerson(ask: Ask, login: string, list: string | undefined): Answer | undefined {
  const person = ask.world.people.byLogin(login)
  if (!person) return undefined
  if (list === 'orgs') return ok([])
  if (list === 'repos') {
    const all = Array.from({ length: ownedOf(person).all }, (_, index) => index)
    return page(ask, all, (index) => presentRepo(ask, ownRepository(person, index)))
  }
  return accountByLogin(ask.world, login) ? undefined : ok(presentPerson(ask, person))
}

function presentPerson({ world }: Ask, person: Person) {
  return {
    login: person.login,
    id: person.id,
    type: person.kind,
    html_url: `${world.url}/${person.login}`,
    avatar_url: `${world.url}/avatars/u/${person.id}?v=4`,
    name: person.name,
    bio: person.bio,
    location: person.location,
    company: null,
    email: null,
    public_repos: ownedOf(person).all,
    followers: person.character.followers,
    following: Math.min(person.character.followers, 50),
    created_at: isoSeconds(person.createdAt),
    updated_at: isoSeconds(person.today),
  }
}

function presentRepo({ world }: Ask, repo: Repo) {
  const { facts, owner } = repo
  const node = repositoryNode(world.url, repo)
  return {
    id: repo.id,
    name: facts.name,
    full_name: node.nameWithOwner,
    owner: { login: owner.login, type: owner.kind },
    html_url: node.url,
    description: node.description,
    fork: repo.isFork,
    archived: false,
    stargazers_count: facts.stars,
    forks_count: facts.forks,
    subscribers_count: facts.watchers,
    open_issues_count: facts.openIssues,
    has_issues: node.hasIssuesEnabled,
    language: node.primaryLanguage?.name ?? null,
    license: facts.license ? { key: 'mit', spdx_id: 'MIT' } : null,
    topics: facts.topics,
    created_at: node.createdAt,
    pushed_at: node.pushedAt,
  }
}

function ofRepository(ask: Ask, repo: Repo, what: string): Answer | undefined {
  const { facts } = repo
  if (what === '') return ok(presentRepo(ask, repo))
  if (what === '/languages') return ok(Object.fromEntries(languagesOf(repo).map(({ name, bytes }) => [name, bytes])))
  if (what === '/topics') return ok({ names: facts.topics })
  if (what === '/releases') return page(ask, numbers(facts.releases), (index) => present(release(repo, index)))
  if (what === '/pulls')
    return page(ask, numbers(facts.mergedPRsByOthers), (index) => ({
      number: index + 1,
      state: 'closed',
      merged_at: isoSeconds(repo.pushedAt),
      user: { login: `colleague-${repo.id}-${index}`, type: 'User' },
    }))
  const [, file] = /^\/contents\/(.*)$/.exec(what) ?? []
  if (file !== undefined) return contents(repo, file)
  const [, number, part] = /^\/pulls\/(\d+)(?:\/(reviews|commits))?$/.exec(what) ?? []
  return number === undefined ? undefined : pull(ask, repo, Number(number), part)
}

const numbers = (count: number) => Array.from({ length: Math.min(count, 10_000) }, (_, index) => index)

const present = ({ tagName, publishedAt, author }: ReturnType<typeof release>) => ({
  tag_name: tagName,
  published_at: publishedAt,
  prerelease: false,
  author,
})

function contents(repo: Repo, path: string): Answer | undefined {
  const found = objectAt(repo, `HEAD:${path}`)
  if (found === null) return undefined
  if ('entries' in found) return ok(found.entries)
  return 'text' in found
    ? ok({ type: 'file', encoding: 'base64', content: Buffer.from(String(found.text)).toString('base64') })
    : undefined
}

function pull(ask: Ask, repo: Repo, number: number, part: string | undefined): Answer | undefined {
  const [, upstream] = /^upstream-(\d+)-\d+$/.exec(repo.owner.login) ?? []
  const person = upstream === undefined ? undefined : ask.world.people.byId(Number(upstream))
  const found =
    person &&
    externalPulls(person).find((each) => repositoryOf(each).id === repo.id && detailsOf(each).number === number)
  if (!found) return undefined
  const details = detailsOf(found)
  if (part === 'reviews')
    return page(ask, details.reviewer === null ? [] : [{ user: account(details.reviewer), state: 'APPROVED' }])
  if (part === 'commits')
    return page(ask, numbers(1 + details.revisions), () => ({ author: account(found.person.login) }))
  const { additions, deletions, changedFiles: changed_files } = details
  const mergedBy = found.state === 'MERGED' ? account(details.mergedBy) : null
  return ok({ ...item(ask, found), additions, deletions, changed_files, merged_by: mergedBy })
}

function account(login: string) {
  return { login, type: actor(login)?.login === login ? 'User' : 'Bot' }
}

function item({ world }: Ask, found: Pull) {
  const node = pullNode(world.url, found)
  return {
    number: node.number,
    title: node.title,
    html_url: node.url,
    repository_url: `${world.url}/api/v3/repos/${node.repository.nameWithOwner}`,
    state: found.state === 'OPEN' ? 'open' : 'closed',
    user: account(found.person.login),
    created_at: node.createdAt,
    closed_at: node.closedAt,
    pull_request: { merged_at: node.mergedAt },
  }
}

function search(ask: Ask): Answer {
  const { author, states, isExternal } = readSearch(query(ask, 'q') ?? '')
  const person = author === undefined ? undefined : whoWrote(ask, author)
  const all = person ? (isExternal ? externalPulls(person) : pullsOf(person, states)) : []
  const found = all.filter(({ state }) => states.includes(state))
  return pageIn(ask, 'items', found, (each) => item(ask, each))
}

function whoWrote({ world }: Ask, login: string): Person | undefined {
  try {
    return searched(world, login)
  } catch (error) {
    if (error instanceof Failure) throw new Refusal(422, error.message)
    throw error
  }
}
