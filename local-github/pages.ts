import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import { micromark } from 'micromark'
import { accountById, fullName, isPull, repositoryByName } from './access.ts'
import { layout } from './layout.ts'
import { conversationForms, createPageActs } from './pages-acts.ts'
import { createLists, missing } from './pages-lists.ts'
import { createPeoplePages } from './people/pages.ts'
import { issuePage } from './present/issue.ts'
import { presentAuthor } from './present/account.ts'
import { repositoryPage } from './present/urls.ts'
import { commitsOf } from './pulls.ts'
import { Refusal } from './refusal.ts'
import type { Tokens } from './rest/auth.ts'
import { confirmManifest } from './rest/manifest.ts'
import { createSignIn } from './sign-in.ts'
import type { Issue, Repository, World } from './world.ts'

/** The pages for people: conversations, sign-in, and the page that makes an App of a manifest. */
export function createPages(world: World, tokens: Tokens): Hono {
  const pages = new Hono()
  pages.route('/login/oauth', createSignIn(world, tokens))
  for (const kind of ['pull', 'issues']) {
    pages.get(`/:owner/:repo/${kind}/:number{[0-9]+}`, (c) => {
      const repo = repositoryByName(world, `${c.req.param('owner')}/${c.req.param('repo')}`)
      const issue = repo?.issues.get(Number(c.req.param('number')))
      if (!repo || !issue) return c.html(missing(), 404)
      return c.html(conversation(world, repo, issue, c.req.query()))
    })
  }
  for (const path of ['/settings/apps/new', '/organizations/:org/settings/apps/new']) {
    pages.get(path, (c) =>
      c.html(layout('Register new GitHub App', html`<p>Post a <code>manifest</code> to this page.</p>`)),
    )
    pages.post(path, async (c) => {
      const form = await c.req.parseBody()
      try {
        const posted = typeof form['manifest'] === 'string' ? form['manifest'] : ''
        const owner = c.req.param('org') ?? world.app.ownerLogin
        const back = confirmManifest(world, posted, owner, c.req.query('state') ?? null)
        return c.redirect(back.href)
      } catch (error) {
        if (error instanceof Refusal) return c.text(error.message, 422)
        throw error
      }
    })
  }
  pages.get('/avatars/u/:id{[0-9]+}', (c) => {
    const id = Number(c.req.param('id'))
    const account = world.accounts.get(id) ?? world.people.byId(id)
    if (account === undefined) return c.html(missing(), 404)
    return c.body(picture(account.login), 200, { 'content-type': 'image/svg+xml' })
  })
  pages.route('/', createPageActs(world))
  pages.route('/', createPeoplePages(world))
  pages.route('/', createLists(world))
  return pages.notFound((c) => c.html(missing(), 404))
}

/** The first letter of a login on a colour of its own. */
function picture(login: string): string {
  const [letter = 'x'] = login.toUpperCase().match(/[A-Z\d]/) ?? []
  const hue = Buffer.from(login).reduce((sum, byte) => (sum * 31 + byte) % 360, 0)
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80">' +
    `<rect width="80" height="80" fill="hsl(${hue} 45% 40%)"/>` +
    `<text x="40" y="56" text-anchor="middle" font-family="sans-serif" font-size="44" fill="#fff">${letter}</text></svg>`
  )
}

/** After an act the page reloads itself a few times: the bridge's answer follows the webhook. */
function reload(page: string, { as = '', wait }: Record<string, string | undefined>) {
  if (wait === undefined) return undefined
  const next = { as, ...(/^[12]$/.test(wait) && { wait: String(Number(wait) + 1) }) }
  return html`<meta http-equiv="refresh" content="2; url=${page}?${new URLSearchParams(next).toString()}" />`
}

/** `order` is the id that sorts it: a comment in code comes with its review. */
type Entry = {
  order: number
  at: string
  anchor: string
  who: string
  did: string
  body: string | null
  reactions: string
}

function conversation(world: World, repo: Repository, issue: Issue, asked: Record<string, string>) {
  const page = issuePage(world, repo, issue)
  const state = issue.pull?.merged
    ? 'merged'
    : issue.state === 'closed'
      ? 'closed'
      : issue.pull?.draft
        ? 'draft'
        : 'open'
  const labels = issue.labels.map((label) => html` <span class="label">${label.name}</span>`)
  return layout(
    `${issue.title} · ${issue.pull ? 'Pull request' : 'Issue'} #${issue.number} · ${fullName(world, repo)}`,
    html`<p class="quiet"><a href="${repositoryPage(world, repo)}">${fullName(world, repo)}</a></p>
      <h1>${issue.title} <span class="quiet">#${issue.number}</span></h1>
      <p><span class="state ${state}">${state}</span>${labels}</p>
      ${
        isPull(issue)
          ? html`<p class="quiet">
              ${accountById(world, issue.pull.head.ownerId).login}:${issue.pull.head.branch} into
              ${issue.pull.base.branch}, ${commitsOf(world, repo, issue).length} commit(s), head
              <code>${issue.pull.head.sha.slice(0, 7)}</code>
            </p>`
          : ''
      }
      ${entries(world, issue).map(
        (entry) =>
          html`<article id="${entry.anchor}">
            <header><b>${entry.who}</b> ${entry.did} <time>${entry.at}</time></header>
            ${entry.body === null ? '' : html`<div class="body">${raw(shownText(entry.body))}</div>`}
            ${entry.reactions === '' ? '' : html`<footer>${entry.reactions}</footer>`}
          </article>`,
      )}
      ${issue.pull ? checks(repo, issue.pull.head.sha) : ''}
      ${asked['wait'] === undefined ? '' : html`<p class="quiet" role="status">Done. The bridge answers in a moment: this page loads itself again.</p>`}
      ${conversationForms(world, issue, page, asked['as'])}`,
    reload(page, asked),
  )
}

const faces = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  confused: '😕',
  heart: '❤️',
  hooray: '🎉',
  rocket: '🚀',
  eyes: '👀',
}
const reactionsOf = (of: { reactions: Issue['reactions'] }) =>
  of.reactions.map(({ content }) => `${faces[content]} ${content}`).join(', ')

/**
 * Markdown as safe HTML. HTML comments have the bot's markers, and are invisible on GitHub, too; other tags are shown
 * as text.
 */
const shownText = (body: string) => micromark(body.replaceAll(/<!--[\s\S]*?-->|<\/?sub>/g, ''))

/** The newest check run of each name at a pull request's head. */
function checks(repo: Repository, sha: string) {
  const runs = new Map(repo.checkRuns.filter((run) => run.sha === sha).map((run) => [run.name, run]))
  if (runs.size === 0) return ''
  return html`<h2>Checks</h2>
    <ul class="checks">
      ${[...runs.values()].map(
        (run) =>
          html`<li>
            <b>${run.name}</b>
            <span class="state ${run.conclusion}">${(run.conclusion ?? run.status).replace('_', ' ')}</span>
            ${run.output.title ?? ''}
          </li>`,
      )}
    </ul>`
}

function entries(world: World, issue: Issue): Entry[] {
  const who = (id: number) => presentAuthor(world, id).login
  const opened = {
    order: 0,
    at: issue.createdAt,
    anchor: `issue-${issue.id}`,
    who: who(issue.userId),
    did: 'opened this',
  }
  const said: Entry[] = issue.comments.map((comment) => ({
    order: comment.id,
    at: comment.createdAt,
    anchor: `issuecomment-${comment.id}`,
    who: who(comment.userId),
    did: 'commented',
    body: comment.body,
    reactions: reactionsOf(comment),
  }))
  const reviewed: Entry[] = (issue.pull?.reviews ?? [])
    .filter((review) => review.submittedAt !== null && (review.body !== '' || review.state !== 'COMMENTED'))
    .map((review) => ({
      order: review.id,
      at: review.submittedAt ?? '',
      anchor: `pullrequestreview-${review.id}`,
      who: who(review.userId),
      did: `reviewed (${review.state.toLowerCase().replace('_', ' ')})`,
      body: review.body || null,
      reactions: reactionsOf(review),
    }))
  const inCode: Entry[] = (issue.pull?.reviewComments ?? []).map((comment) => ({
    order: comment.reviewId,
    at: comment.createdAt,
    anchor: `discussion_r${comment.id}`,
    who: who(comment.userId),
    did: `commented on ${comment.path}:${comment.line}`,
    body: comment.body,
    reactions: reactionsOf(comment),
  }))
  const happened: Entry[] = issue.events.map((event) => ({
    order: event.id,
    at: event.createdAt,
    anchor: `event-${event.id}`,
    who: who(event.actorId),
    did: `${event.event.replaceAll('_', ' ')}${event.label ? ` ${event.label.name}` : ''}`,
    body: null,
    reactions: '',
  }))
  const place = new Map(issue.order.map((id, at) => [id, at]))
  const rest = [...said, ...reviewed, ...inCode, ...happened].toSorted(
    (a, b) => (place.get(a.order) ?? 0) - (place.get(b.order) ?? 0),
  )
  return [{ ...opened, body: issue.body, reactions: reactionsOf(issue) }, ...rest]
}
