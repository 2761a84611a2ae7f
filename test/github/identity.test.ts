import { afterEach, expect, it, vi } from 'vitest'
import { start } from '../local-github/start.ts'
import { connect } from './connect.ts'

afterEach(() => void vi.restoreAllMocks())

it('an App that is renamed is known by its new name an hour later, or once GitHub answers again', async () => {
  const { gh } = await start()
  const github = await connect(gh)
  const name = async () => (await github.identity()).slug
  const before = await name()
  gh.app.slug = 'renamed'
  expect(await name()).toBe(before)
  const now = performance.now.bind(performance)
  let later = 3_600_001
  vi.spyOn(performance, 'now').mockImplementation(() => now() + later)
  const end = gh.fault({ path: /^\/app$/, status: 500 })
  const asked = gh.requests.length
  expect([await name(), await name()]).toEqual([before, before])
  expect(gh.requests.length).toBeGreaterThan(asked)
  end()
  expect(await name()).toBe(before)
  later += 60_001
  expect(await name()).toBe('renamed')
})
