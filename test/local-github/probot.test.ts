import { Probot, ProbotOctokit } from 'probot'
import { expect, test } from 'vitest'
import type { Delivery } from '../../local-github/local-github.ts'
import { openPull, start } from './start.ts'

test('Probot works with it as with a GHES: token, pages, writes, webhooks', { timeout: 20_000 }, async () => {
  const { gh, installation, unlawful } = await start()
  const probot = new Probot({
    appId: gh.app.id,
    privateKey: gh.app.privateKey,
    secret: gh.app.webhookSecret,
    baseUrl: `${gh.url}/api/v3`,
    logLevel: 'fatal',
    Octokit: ProbotOctokit.defaults((options: object) => ({ ...options, throttle: { enabled: false } })),
  })
  await probot.ready()
  const octokit = await probot.auth(installation)
  const { number } = openPull(gh)
  const here = { owner: 'acme', repo: 'tool' }
  for (let n = 0; n < 3; n++) await octokit.rest.issues.createComment({ ...here, issue_number: number, body: `${n}` })
  const comments = await octokit.paginate(octokit.rest.issues.listComments, {
    ...here,
    issue_number: number,
    per_page: 2,
  })
  expect(comments.map(({ body }) => body)).toEqual(['0', '1', '2'])
  gh.as('alice').renameRepository('acme/tool', 'tools')
  expect((await octokit.rest.pulls.get({ ...here, pull_number: number })).data.base.repo.full_name).toBe('acme/tools')
  const edited = await octokit.rest.issues.updateComment({ ...here, comment_id: comments[0]?.id ?? 0, body: 'edited' })
  expect(edited.data.body).toBe('edited')

  const heard: string[] = []
  probot.on('pull_request.labeled', ({ payload }) => void heard.push(payload.label?.name ?? ''))
  gh.as('alice').label('acme/tools', number, 'wl:w-1')
  const [{ guid, payload }] = gh.deliveries.slice(-1) as [Delivery]
  const body = JSON.stringify(payload)
  expect(await probot.webhooks.verify(body, await probot.webhooks.sign(body))).toBe(true)
  await probot.webhooks.receive({ id: guid, name: 'pull_request', payload })
  expect(heard).toEqual(['wl:w-1'])
  expect(unlawful).toEqual([])
})
