import { expect, test } from 'vitest'
import { startLocalGitHub, type LocalGitHub } from '../../local-github/local-github.ts'
import { openPull, start } from './start.ts'

test('what was saved goes on as if it had not ended: time, ids, commits, people, rights and deliveries', async () => {
  const { gh } = await start()
  gh.clock.set('2026-02-03T04:05:06Z')
  gh.person('pam', { as: 'newcomer', bio: 'New here' })
  const run = { mode: '100755', content: 'run\n' } as const
  gh.as('alice').commit('acme/tool', { files: { run } })
  const { number } = openPull(gh)
  gh.as('bob').comment('acme/tool', number, 'Done')
  await gh.settled()
  const again = await startLocalGitHub({ state: gh.save() })
  try {
    expect(again.clock.iso()).toMatch(/^2026-02-03T04:05:/)
    expect(again.app).toEqual(gh.app)
    expect(again.deliveries).toEqual(gh.deliveries)
    expect(again.people.byLogin('pam')).toEqual(gh.people.byLogin('pam'))
    const goOn = (one: LocalGitHub) => {
      const sha = one.as('alice').merge('acme/tool', number)
      const { id } = one.as('bob').comment('acme/tool', number, 'Thanks')
      const next = one.as('bob').openIssue('acme/tool', { title: 'Next' })
      expect(() => one.as('bob').merge('acme/tool', number)).toThrow()
      return [sha, id, next.id, next.number, one.comments('acme/tool', number).length]
    }
    for (const one of [gh, again]) one.clock.set('2026-02-03T05:00:00Z')
    expect(goOn(again)).toEqual(goOn(gh))
    expect(again.deliveries.map(({ event }) => event)).toEqual(gh.deliveries.map(({ event }) => event))
  } finally {
    await again.close()
  }
})
