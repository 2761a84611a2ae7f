import { Hono } from 'hono'
import { html } from 'hono/html'
import { accountByLogin, fullName, repositoryByName } from './access.ts'
import { diffFiles } from './diff.ts'
import type { Commit } from './git.ts'
import { layout } from './layout.ts'
import { newForms } from './pages-acts.ts'
import { repositoriesOf } from './people/pages.ts'
import { issuePage } from './present/issue.ts'
import { repositoryPage } from './present/urls.ts'
import type { Issue, Repository, World } from './world.ts'

/** The lists: people, repositories, their issues and commits. */
export function createLists(world: World): Hono {
  const pages = new Hono()
  pages.get('/', (c) => c.html(home(world)))
  pages.get('/:owner/:repo/commit/:sha{[0-9a-f]{40}}', (c) => {
    const repo = found(world, c.req.param('owner'), c.req.param('repo'))
    const commit = repo && world.git.find(c.req.param('sha'))
    if (!repo || !commit) return c.html(missing(), 404)
    return c.html(commitPage(world, repo, commit))
  })
  for (const tail of ['', '/issues', '/pulls']) {
    pages.get(`/:owner/:repo${tail}`, (c) => {
      const repo = found(world, c.req.param('owner'), c.req.param('repo'))
      return repo ? c.html(repositoryList(world, repo, tail, c.req.query('as'))) : c.html(missing(), 404)
    })
  }
  pages.get('/:owner', (c) => {
    const account = accountByLogin(world, c.req.param('owner'))
    if (!account) return c.html(missing(), 404)
    const own = shown(world).filter((repo) => repo.ownerId === account.id)
    const person = world.people.byLogin(account.login)
    return c.html(
      layout(
        account.login,
        html`<h1>${account.login}</h1>
          <p class="quiet">${account.kind}</p>
          ${repositories(world, own)} ${person === undefined ? '' : repositoriesOf(person)}`,
      ),
    )
  })
  pages.notFound((c) => c.html(missing(), 404))
  return pages
}

export function missing() {
  return layout(
    'Not found',
    html`<h1>Not found</h1>
      <p>There is no such page here. <a href="/">What there is</a></p>`,
  )
}

/** The public repositories: nobody is signed in at these pages. */
function shown(world: World): Repository[] {
  return [...world.repositories.values()].filter((repo) => !repo.deleted && repo.visibility === 'public')
}

function found(world: World, owner: string, name: string): Repository | undefined {
  const repo = repositoryByName(world, `${owner}/${name}`)
  return repo?.visibility === 'public' ? repo : undefined
}

function home(world: World) {
  const people = [...world.accounts.values()].filter(({ deleted, kind }) => !deleted && kind !== 'Bot')
  return layout(
    'Local GitHub',
    html`<h1>Local GitHub</h1>
      <p class="quiet">A GitHub of one process, on this machine. Whoever opens it may act as anybody.</p>
      ${shown(world).map(
        (repo) =>
          html`<h2><a href="${repositoryPage(world, repo)}">${fullName(world, repo)}</a></h2>
            ${conversations(world, repo, [...repo.issues.values()])}`,
      )}
      <h2>People</h2>
      <ul>
        ${people.map(({ login }) => html`<li><a href="/${login}">${login}</a></li>`)}
      </ul>`,
  )
}

function repositories(world: World, repos: readonly Repository[]) {
  if (repos.length === 0) return html`<p>No public repository.</p>`
  return html`<ul>
    ${repos.map((repo) => html`<li><a href="${repositoryPage(world, repo)}">${fullName(world, repo)}</a></li>`)}
  </ul>`
}

function repositoryList(world: World, repo: Repository, tail: string, as: string | undefined) {
  const all = [...repo.issues.values()].toReversed()
  const only = tail === '' ? all : all.filter((issue) => (issue.pull === null) === (tail === '/issues'))
  const page = repositoryPage(world, repo)
  return layout(
    fullName(world, repo),
    html`<p class="quiet"><a href="/">Local GitHub</a></p>
      <h1>${fullName(world, repo)}</h1>
      <p><a href="${page}">All</a> · <a href="${page}/issues">Issues</a> · <a href="${page}/pulls">Pull requests</a></p>
      ${conversations(world, repo, only)} ${newForms(world, page, as)}`,
  )
}

function commitPage(world: World, repo: Repository, { sha, message, author, parents, files }: Commit) {
  const before = parents[0] === undefined ? new Map() : world.git.get(parents[0]).files
  return layout(
    sha.slice(0, 7),
    html`<p class="quiet"><a href="${repositoryPage(world, repo)}">${fullName(world, repo)}</a></p>
      <h1>${message.split('\n', 1)[0]}</h1>
      <p class="quiet">${author.name}, ${author.date}, <code>${sha}</code></p>
      <ul>
        ${diffFiles(before, files).map(({ path, status }) => html`<li><code>${path}</code> ${status}</li>`)}
      </ul>`,
  )
}

function conversations(world: World, repo: Repository, issues: readonly Issue[]) {
  if (issues.length === 0) return html`<p>Nothing yet.</p>`
  return html`<ul>
    ${issues.map(
      (issue) =>
        html`<li>
          <a href="${issuePage(world, repo, issue)}">#${issue.number} ${issue.title}</a>
          <span class="quiet"
            >${issue.pull ? 'pull request' : 'issue'}, ${issue.pull?.merged ? 'merged' : issue.state}</span
          >
        </li>`,
    )}
  </ul>`
}
