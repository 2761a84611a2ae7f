import { describe, expect, it } from 'vitest'
import { forget } from '../../src/commands/forget.ts'
import { createServices } from '../../src/services/services.ts'
import type { OptOutStatus } from '../../src/operations/tables/opt-outs.ts'
import type { ServiceDeps, CommandContext } from '../../src/services/context.ts'

const day = (n: number) => new Date(Date.UTC(2026, 0, n))

/** What `/wl forget` says on day 5, and whether anything was removed. */
async function said({ standing, confirm }: { standing: OptOutStatus; confirm?: 'confirm' }) {
  let done = false
  const takesPart = standing.part === undefined || (standing.joined ?? day(0)) > standing.part
  const deps = {
    host: 'github',
    optOuts: { standing: async () => standing },
    imports: {
      sheetOf: async () => ({ handle: 'bob' }),
      erase: async () => ((done = true), { removed: true, takesPart, proof: [] }),
    },
  } as unknown as ServiceDeps
  const context = { author: { id: 7, login: 'bob' }, at: day(5).toISOString() } as CommandContext
  const { ok, text = '' } = await forget.run(createServices(deps), context, { confirm }, 'id')
  return { ok, done, text }
}

describe('/wl forget', () => {
  it('promises nobody who takes no part that they go on taking part', async () => {
    const declined = { part: day(3) }
    const asked = await said({ standing: declined })
    expect(asked).toMatchObject({ ok: false, done: false })
    expect(asked.text).toContain('You declined to take part, and that stays so')
    const done = await said({ standing: declined, confirm: 'confirm' })
    expect(done).toMatchObject({ ok: true, done: true })
    for (const { text } of [asked, done]) expect(text).not.toMatch(/go on taking part|another choice/)
  })

  it.each<[string, OptOutStatus]>([
    ['takes part', {}],
    ['came back', { part: day(2), joined: day(3) }],
  ])('tells who %s that they go on', async (_, standing) => {
    for (const confirm of [undefined, 'confirm'] as const) {
      const { text } = await said({ standing, ...(confirm && { confirm }) })
      expect(text).toMatch(/you go on taking part/i)
    }
  })

  it.each<[string, OptOutStatus]>([
    ['did all of it in an earlier version', { part: day(6) }],
    ['was followed by the confirmation', { imports: day(6) }],
  ])('delivered again when it %s, neither asks nor removes anything', async (_, standing) => {
    const { ok, done, text } = await said({ standing })
    expect([ok, done]).toEqual([true, false])
    expect(text).toContain('it does nothing now')
  })
})
