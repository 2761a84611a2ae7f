import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { accountByLogin, isPull, needIssue, needRepository } from './access.ts'
import type { Actor } from './actor.ts'
import { createActor } from './create-actor.ts'
import { layout } from './layout.ts'
import { issuePage } from './present/issue.ts'
import { Refusal } from './refusal.ts'
import type { Issue, World } from './world.ts'

/**
 * The forms of these pages, for any account, because there is no sign-in. So they are limited to a browser on this
 * machine (no DNS rebinding), and to pages of this GitHub (no CSRF).
 */
export function createPageActs(world: World): Hono {
  const pages = new Hono()
  pages.post('/:owner/:repo/new', async (c) => act(world, c, openOne))
  for (const kind of ['pull', 'issues'])
    pages.post(`/:owner/:repo/${kind}/:number{[0-9]+}`, async (c) => act(world, c, onConversation))
  return pages
}

type Form = Readonly<Record<string, string>>
/** Performs an act, and resolves to the page to show. */
type Act = (world: World, actor: Actor, repo: string, form: Form, number: number) => string

async function act(world: World, c: Context, does: Act): Promise<Response> {
  if (!isFromHere(world, c)) return no(c, 403, 'Only a page of this GitHub, opened on this machine, may write here.')
  const sent = Object.entries(await c.req.parseBody())
  const form: Form = Object.fromEntries(
    sent.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
  const account = accountByLogin(world, form['who'] ?? '')
  if (account?.kind !== 'User') return no(c, 422, 'There is no such person here.')
  try {
    const { owner, repo, number } = c.req.param() as Record<string, string>
    const page = does(world, createActor(world, account), `${owner}/${repo}`, form, Number(number))
    // The bridge answers within a second or two.
    return c.redirect(
      `${new URL(page).pathname}?${new URLSearchParams({ as: account.login, wait: '1' }).toString()}`,
      303,
    )
  } catch (error) {
    if (error instanceof Refusal) return no(c, error.status === 404 ? 404 : 422, error.message)
    throw error
  }
}

const LOCAL_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]'])

function isFromHere(world: World, c: Context): boolean {
  const here = new URL(world.url)
  const host = URL.parse(`http://${c.req.header('host') ?? ''}`)
  if (host === null || !LOCAL_NAMES.has(here.hostname) || !LOCAL_NAMES.has(host.hostname)) return false
  return host.port === here.port && c.req.header('origin') === host.origin
}

function no(c: Context, status: 403 | 404 | 422, message: string): Response | Promise<Response> {
  return c.html(
    layout(
      'Not done',
      html`<h1>Not done</h1>
        <p>${message}</p>
        <p>Go back, or to <a href="/">the first page</a>.</p>`,
    ),
    status,
  )
}

const openOne: Act = (world, actor, repo, { kind, title = '', body = '' }) => {
  if (kind !== 'pull') return issuePage(world, ...issueAt(world, repo, actor.openIssue(repo, { title, body }).number))
  const file = `src/work-${Date.now()}.ts`
  const commits = [{ message: title, files: { [file]: `export const work = ${Date.now()}\n` } }]
  return issuePage(world, ...issueAt(world, repo, actor.openPullRequest({ repo, title, body, commits }).number))
}

const ACTS: Readonly<Record<string, (actor: Actor, repo: string, number: number, form: Form) => unknown>> = {
  comment: (actor, repo, number, { body = '' }) => actor.comment(repo, number, body),
  label: (actor, repo, number, { label = '' }) => actor.label(repo, number, label),
  unlabel: (actor, repo, number, { label = '' }) => actor.unlabel(repo, number, label),
  ready: (actor, repo, number) => actor.readyForReview(repo, number),
  draft: (actor, repo, number) => actor.convertToDraft(repo, number),
  merge: (actor, repo, number) => actor.merge(repo, number),
  close: (actor, repo, number) => actor.close(repo, number),
  reopen: (actor, repo, number) => actor.reopen(repo, number),
}

const onConversation: Act = (world, actor, repo, form, number) => {
  const [at, issue] = issueAt(world, repo, number)
  const name = form['act'] ?? ''
  const does = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined
  if (does === undefined) throw new Refusal(422, 'There is no such button.')
  if ((name === 'comment' ? form['body'] : (form['label'] ?? 'x'))?.trim() === '')
    throw new Refusal(422, 'Write something first.')
  does(actor, repo, number, form)
  return issuePage(world, at, issue)
}

function issueAt(
  world: World,
  repo: string,
  number: number,
): Parameters<typeof issuePage> extends [World, ...infer R] ? R : never {
  const at = needRepository(world, repo)
  return [at, needIssue(at, number)]
}

/** The forms below a conversation. `as`: the account that acted last. */
export function conversationForms(world: World, issue: Issue, page: string, as: string | undefined) {
  const action = new URL(page).pathname
  const whoSelect = people(world, as)
  const button = (does: string, text: string) => html`<button name="act" value="${does}">${text}</button>`
  const open = issue.state === 'open'
  const draft = isPull(issue) && issue.pull.draft
  return html`<section class="acts" aria-label="Do something">
    <form method="post" action="${action}">
      <p><label>Comment as ${whoSelect}</label></p>
      <textarea name="body" rows="4" required aria-label="Your comment" placeholder="/wl help"></textarea>
      <p>${button('comment', 'Comment')}</p>
    </form>
    <form method="post" action="${action}">
      <label>As ${whoSelect}</label>
      <label>label <input name="label" required maxlength="50" placeholder="wl:w-…" /></label>
      ${button('label', 'Add it')} ${button('unlabel', 'Take it off')}
    </form>
    <form method="post" action="${action}">
      <label>As ${whoSelect}</label>
      ${open && isPull(issue) ? button(draft ? 'ready' : 'draft', draft ? 'Ready for review' : 'Back to draft') : ''}
      ${open && isPull(issue) && !draft ? button('merge', 'Merge') : ''}
      ${open ? button('close', 'Close') : issue.pull?.merged ? '' : button('reopen', 'Reopen')}
    </form>
  </section>`
}

/** The forms that open an issue or a pull request in a repository. */
export function newForms(world: World, page: string, as: string | undefined) {
  const whoSelect = people(world, as)
  return html`<section class="acts" aria-label="Open something">
    <form method="post" action="${new URL(page).pathname}/new">
      <h2>New</h2>
      <p>
        <label>As ${whoSelect}</label>
        <label
          >a
          <select name="kind">
            <option value="issue">issue</option>
            <option value="pull">pull request of a new commit</option>
          </select></label
        >
      </p>
      <p>
        <label>Title <input name="title" required maxlength="200" /></label>
      </p>
      <textarea name="body" rows="4" aria-label="Description" placeholder="Wanted: w-…"></textarea>
      <p><button>Open it</button></p>
    </form>
  </section>`
}

function people(world: World, as: string | undefined) {
  const logins = [...world.accounts.values()]
    .filter(({ kind, deleted }) => kind === 'User' && !deleted)
    .map(({ login }) => login)
    .toSorted((a, b) => a.localeCompare(b))
  return html`<select name="who">
    ${logins.map((login) => (login === as ? html`<option selected>${login}</option>` : html`<option>${login}</option>`))}
  </select>`
}
