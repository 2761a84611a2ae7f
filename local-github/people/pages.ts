import { Hono } from 'hono'
import { html } from 'hono/html'
import { count } from '../../src/domain/text.ts'
import { repositoryByName } from '../access.ts'
import { Failure } from '../graphql/failure.ts'
import { layout } from '../layout.ts'
import type { World } from '../world.ts'
import { searchNode } from './nodes/search.ts'
import type { Person } from './people.ts'
import { ownedOf, ownRepository, type Repo, repositoryNamed } from './repositories.ts'

/** The number of entries on a page of GitHub's. */
const PAGE = 30
const LISTS = { forks: 'fork', stargazers: 'star', watchers: 'watcher' } as const

/**
 * The pages of made-up people's work, at the addresses that a sheet links to. Repositories of this world have pages of
 * their own.
 */
export function createPeoplePages(world: World): Hono {
  const pages = new Hono()
  pages.get('/search', (c) => {
    try {
      return c.html(searchPage(world, c.req.query('q') ?? ''))
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return c.html(layout('Search', html`<p>${error.message}</p>`), 422)
    }
  })
  pages.get('/:owner/:repo', async (c, next) => {
    const repo = madeUp(world, c.req.param('owner'), c.req.param('repo'))
    return repo ? c.html(repositoryPage(repo)) : next()
  })
  pages.get('/:owner/:repo/:list{forks|stargazers|watchers}', async (c, next) => {
    const repo = madeUp(world, c.req.param('owner'), c.req.param('repo'))
    return repo ? c.html(listPage(repo, c.req.param('list') as keyof typeof LISTS)) : next()
  })
  return pages
}

function madeUp(world: World, owner: string, name: string): Repo | undefined {
  return repositoryByName(world, `${owner}/${name}`) ? undefined : repositoryNamed(world.people, owner, name)
}

/** The page of a person's repositories, the most stars first. */
export function repositoriesOf(person: Person) {
  const { sources } = ownedOf(person)
  const shown = Array.from({ length: Math.min(sources, PAGE) }, (_, index) => ownRepository(person, index))
  if (shown.length === 0) return ''
  return html`<h2>${count(sources, 'repository', 'repositories')}</h2>
    <ul>
      ${shown.map((repo) => html`<li><a href="${pathOf(repo)}">${nameOf(repo)}</a> ${count(repo.facts.stars, 'star')}</li>`)}
    </ul>`
}

const nameOf = ({ owner, facts }: Repo) => `${owner.login}/${facts.name}`
const pathOf = (repo: Repo) => `/${nameOf(repo)}`

function repositoryPage(repo: Repo) {
  const { stars, forks, watchers, closedIssues, openIssues, releases, license, topics } = repo.facts
  return layout(
    nameOf(repo),
    html`<h1>${nameOf(repo)}</h1>
      <ul>
        <li><a href="${pathOf(repo)}/stargazers">${count(stars, 'star')}</a></li>
        <li><a href="${pathOf(repo)}/forks">${count(forks, 'fork')}</a></li>
        <li><a href="${pathOf(repo)}/watchers">${count(watchers, 'watcher')}</a></li>
        <li>${count(closedIssues, 'closed issue')}, ${openIssues} open</li>
        <li>${count(releases, 'release')}</li>
        <li>${license ? 'MIT licence' : 'No licence'}</li>
        ${topics.length === 0 ? '' : html`<li>${topics.join(', ')}</li>`}
      </ul>`,
  )
}

function listPage(repo: Repo, list: keyof typeof LISTS) {
  const counted = { forks: repo.facts.forks, stargazers: repo.facts.stars, watchers: repo.facts.watchers }[list]
  return layout(
    `${list} · ${nameOf(repo)}`,
    html`<p class="quiet"><a href="${pathOf(repo)}">${nameOf(repo)}</a></p>
      <h1>${count(counted, LISTS[list])}</h1>
      <p>Who they are is made up no further here.</p>`,
  )
}

/** The results of GraphQL's search. For reviews it counts the pull requests, and lists none. */
function searchPage(world: World, query: string) {
  const found = searchNode(world, { type: 'ISSUE', query, first: PAGE })
  const shown = found.nodes() as unknown as { title: string; number: number; repository: { nameWithOwner: string } }[]
  return layout(
    'Search',
    html`<p class="quiet">${query}</p>
      <h1>${count('issueCount' in found ? found.issueCount : 0, 'pull request')}</h1>
      <ul>
        ${shown.map(
          ({ title, number, repository: { nameWithOwner: name } }) =>
            html`<li><a href="/${name}">${name}</a> #${number} ${title}</li>`,
        )}
      </ul>`,
  )
}
