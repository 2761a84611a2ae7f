import type { Context } from 'hono'
import { picturesAt } from '../../../domain/github-host.ts'
import { entityHost } from '../../../domain/rig.ts'
import type { PageDeps } from '../../page-deps.ts'
import { page } from '../../page.ts'
import { isHandle } from '../../site.ts'
import { unknownRigPage } from './faults.ts'
import { rigPage } from './views.ts'

/** A person's page: what their rig earned, and what was imported of them. */
export const rig = page({
  path: '/rigs/:handle',
  needs: 'stores',
  noRobots: true,
  security({ host, github }) {
    const pictures = picturesAt(host, github)
    return { images: pictures === undefined ? [] : [pictures], referrer: 'same-origin' }
  },
  get: (deps, context) => showRig(deps, context, (context.req.param('handle') ?? '').toLowerCase()),
})

async function showRig({ imports, earned, frame, sessions }: PageDeps, context: Context, handle: string) {
  const isName = isHandle(handle)
  const named = isName ? await imports.sheet(handle) : undefined
  // Ledger and profile store choose handles independently: one person may have two handles, and two people the same.
  const isOurs = named === undefined || entityHost(named.person.host) === entityHost(frame.host)
  const rig = isName && isOurs ? await earned.find(named?.person ?? handle) : undefined
  const sheet = named ?? (rig?.account && (await imports.sheetOf(rig.account)))
  if (sheet === undefined && rig === undefined)
    return context.render(unknownRigPage(frame.base, handle.slice(0, 64)), 404)
  const person = sessions.of(context)?.person
  const whose = sheet?.person ?? { host: frame.host, id: rig?.account?.id }
  const isTheirs = person !== undefined && person.id === whose.id && whose.host === frame.host
  // Somebody else imported the sheet while its owner was signed in already.
  if (isTheirs && sheet?.isClaimed === false) await imports.claim(person)
  return context.render(rigPage({ ...frame, sheet, rig, isTheirs }))
}
