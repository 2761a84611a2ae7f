import { expect, test } from 'vitest'
import { openPull, start } from './start.ts'

const repo = '/repos/acme/tool'

test('a push moves head.sha and tells the sha before and after', async () => {
  const { gh, asApp } = await start()
  const { number, head } = openPull(gh)
  const after = gh.as('bob').push('acme/tool', number, { files: { c: 'c\n' } }, { files: { d: 'd\n' } })
  expect(gh.deliveries.at(-1)?.payload).toMatchObject({
    action: 'synchronize',
    before: head.sha,
    after,
    pull_request: { head: { sha: after }, commits: 3 },
  })
  const commits = await asApp('GET', `${repo}/pulls/${number}/commits`)
  expect(commits.body.map(({ sha }: { sha: string }) => sha).at(-1)).toBe(after)
})

test('files show what changed since the merge base, not what the base did since', async () => {
  const { gh, asApp } = await start()
  const { number } = openPull(gh)
  gh.as('alice').writeFile('acme/tool', 'other.md', 'other\n')
  const { body } = await asApp('GET', `${repo}/pulls/${number}/files`)
  expect(body).toMatchObject([
    {
      filename: 'src/a.ts',
      status: 'modified',
      additions: 1,
      deletions: 1,
      patch: '@@ -1,3 +1,3 @@\n one\n-two\n+2\n three',
    },
    { filename: 'src/b.ts', status: 'added', additions: 1, deletions: 0, patch: '@@ -0,0 +1 @@\n+b' },
  ])
  expect(gh.pull('acme/tool', number)).toMatchObject({ mergeable: true, additions: 2, deletions: 1, changed_files: 2 })
})

test('the media type `diff` gives what git writes: modes, links, submodules, renames and binary files', async () => {
  const { gh, asApp } = await start()
  const { number } = openPull(gh)
  gh.as('bob').forcePush('acme/tool', number, {
    files: {
      'README.md': null,
      'READ ME.md': '# tool\n',
      'a.bin': '\0',
      'bin/run': { mode: '100755', content: 'run\n' },
      lib: { mode: '160000', content: '1'.repeat(40) },
      'src/a.ts': { mode: '120000', content: 'naïve' },
    },
  })
  const { body } = await asApp('GET', `${repo}/pulls/${number}`, undefined, 'application/vnd.github.v3.diff')
  expect(body.split('\n')).toEqual([
    'diff --git a/README.md b/READ ME.md',
    'similarity index 100%',
    'rename from README.md',
    'rename to READ ME.md',
    'diff --git a/a.bin b/a.bin',
    'new file mode 100644',
    'index 0000000..f76dd23',
    'Binary files /dev/null and b/a.bin differ',
    'diff --git a/bin/run b/bin/run',
    'new file mode 100755',
    'index 0000000..f5bdd21',
    '--- /dev/null',
    '+++ b/bin/run',
    '@@ -0,0 +1 @@',
    '+run',
    'diff --git a/lib b/lib',
    'new file mode 160000',
    'index 0000000..1111111',
    '--- /dev/null',
    '+++ b/lib',
    '@@ -0,0 +1 @@',
    '+Subproject commit 1111111111111111111111111111111111111111',
    'diff --git a/src/a.ts b/src/a.ts',
    'deleted file mode 100644',
    'index 4cb29ea..0000000',
    '--- a/src/a.ts',
    '+++ /dev/null',
    '@@ -1,3 +0,0 @@',
    '-one',
    '-two',
    '-three',
    'diff --git a/src/a.ts b/src/a.ts',
    'new file mode 120000',
    'index 0000000..5442b2e',
    '--- /dev/null',
    '+++ b/src/a.ts',
    '@@ -0,0 +1 @@',
    '+naïve',
    '\\ No newline at end of file',
    '',
  ])
})

test('the media type `diff` is refused beyond 300 files', async () => {
  const { gh, asApp } = await start()
  const { number } = openPull(gh)
  gh.as('bob').push('acme/tool', number, {
    files: Object.fromEntries(Array.from({ length: 301 }, (_, n) => [`many/${n}`, `${n}`])),
  })
  const answer = await asApp('GET', `${repo}/pulls/${number}`, undefined, 'application/vnd.github.v3.diff')
  expect(answer).toMatchObject({
    status: 406,
    body: { errors: [{ resource: 'PullRequest', field: 'diff', code: 'too_large' }] },
  })
})

for (const [method, parents, author] of [
  ['merge', 2, 'alice'],
  ['squash', 1, 'bob'],
  ['rebase', 1, 'bob'],
] as const) {
  test(`${method} makes a commit with ${parents} parent(s) by ${author} and keeps the base's own changes`, async () => {
    const { gh, asApp } = await start()
    const { number } = openPull(gh)
    gh.as('bob').push('acme/tool', number, { message: 'More', files: { c: 'c\n' } })
    gh.as('alice').writeFile('acme/tool', 'other.md', 'other\n')
    const sha = gh.as('alice').merge('acme/tool', number, method)
    const merged = gh.pull('acme/tool', number)
    expect(merged).toMatchObject({
      merged: true,
      state: 'closed',
      merge_commit_sha: sha,
      commits: 2,
      merged_by: { login: 'alice' },
    })
    const { body } = await asApp('GET', `${repo}/commits/${sha}`)
    expect([body.parents.length, body.author.login]).toEqual([parents, author])
    for (const path of ['other.md', 'c', 'src/b.ts']) {
      expect((await asApp('GET', `${repo}/contents/${path}`)).status).toBe(200)
    }
    expect((await asApp('GET', `${repo}/git/ref/heads/main`)).body.object.sha).toBe(sha)
  })
}

test('two sides that change one file cannot be merged', async () => {
  const { gh } = await start()
  const { number } = openPull(gh)
  gh.as('alice').writeFile('acme/tool', 'src/a.ts', 'other\n')
  expect(gh.pull('acme/tool', number)).toMatchObject({
    mergeable: false,
    mergeable_state: 'dirty',
    merge_commit_sha: null,
  })
  expect(() => gh.as('alice').merge('acme/tool', number)).toThrow('not mergeable')
})

test('a merge closes the issues that the body names', async () => {
  const { gh } = await start()
  const issue = gh.as('bob').openIssue('acme/tool', { title: 'Wanted' })
  const { number } = openPull(gh, { body: `Closes #${issue.number}` })
  gh.as('alice').merge('acme/tool', number)
  expect(gh.issue('acme/tool', issue.number)).toMatchObject({ state: 'closed', closed_by: { login: 'alice' } })
})

test('a deleted fork leaves the head without repository, sha and files intact', async () => {
  const { gh, asApp } = await start()
  const { number, head } = openPull(gh)
  gh.as('bob').deleteFork('acme/tool')
  const { body } = await asApp('GET', `${repo}/pulls/${number}`)
  expect(body.head).toMatchObject({ repo: null, sha: head.sha, user: { login: 'bob' }, label: 'bob:feature' })
  expect((await asApp('GET', `${repo}/pulls/${number}/files`)).body).toHaveLength(2)
})

test('commits name the account of their address, or none', async () => {
  const { gh, asApp } = await start()
  const { number } = openPull(gh)
  const carol = gh.user('carol')
  gh.as('bob').push(
    'acme/tool',
    number,
    { files: { c: 'c' }, author: { name: 'C', email: `${carol.id}+carol@users.noreply.github.com` } },
    { files: { d: 'd' }, author: { name: 'Bob', email: 'bob@unknown.example' } },
  )
  const { body } = await asApp('GET', `${repo}/pulls/${number}/commits`)
  expect(body.map(({ author }: { author: { login: string } | null }) => author?.login ?? null)).toEqual([
    'bob',
    'carol',
    null,
  ])
})

test('a contributor from a fork cannot label, a deleted label leaves without unlabeled', async () => {
  const { gh } = await start()
  const { number } = openPull(gh, { labels: ['bug'] })
  expect(() => gh.as('bob').label('acme/tool', number, 'bug')).toThrow('Must have push access')
  expect(gh.pull('acme/tool', number).labels).toEqual([])
  gh.as('alice').label('acme/tool', number, 'bug')
  const before = gh.deliveries.length
  gh.as('alice').deleteLabel('acme/tool', 'bug')
  expect(gh.pull('acme/tool', number).labels).toEqual([])
  expect(gh.deliveries.slice(before).map(({ event, action }) => `${event}.${action}`)).toEqual(['label.deleted'])
})

test('a renamed person keeps the id, a deleted one is the ghost', async () => {
  const { gh, asApp } = await start()
  const { number } = openPull(gh)
  const { id } = gh.as('bob')
  gh.renameUser('bob', 'robert')
  expect(gh.pull('acme/tool', number).user).toMatchObject({ login: 'robert', id })
  gh.user('bob')
  expect((await asApp('GET', '/users/bob')).body.id).not.toBe(id)
  gh.deleteUser('robert')
  expect(gh.pull('acme/tool', number)).toMatchObject({
    user: { login: 'ghost', id: 10137 },
    head: { user: null, label: null, repo: null },
  })
})
