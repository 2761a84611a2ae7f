import { importDepsFor } from '../../src/cli/import-deps.ts'
import { openStoresForCommand } from '../../src/stores.ts'
import type { Imports, ImportView } from '../../src/domain/imports.ts'
import { createImports } from '../../src/imports/service.ts'
import { createLog } from '../../src/ops/log.ts'
import { until } from '../ops/fake-server.ts'
import { OWNER, type World } from './world.ts'

/** Imports as a second process beside a world's bridge has them: the bridge does the work. */
export async function importsBeside(world: World): Promise<Imports & { close(): Promise<void> }> {
  const opened = await openStoresForCommand(world.config, createLog('silent'))
  return { ...createImports(await importDepsFor(world.config, opened)), close: () => opened.close() }
}

/** Says `/wl import`, or another line, on an issue of its own, and gives its number when all is done. */
export async function sayAlone(world: World, repo: string, login: string, line = '/wl import'): Promise<number> {
  const { number } = world.gh.as(OWNER).openIssue(repo, { title: 'Talk' })
  world.gh.as(login).comment(repo, number, line)
  await world.idle()
  return number
}

/** Waits until an import of the operator's has ended. */
export async function ended(imports: Imports, job: string): Promise<ImportView> {
  let view: ImportView | undefined
  await until(async () => (view = await imports.find(job))?.endedAt !== undefined)
  return view!
}

/** Bodies of the GraphQL requests that were sent, from the n-th on. */
export function asked(world: World, from = 0): string[] {
  return world.gh.requests
    .slice(from)
    .filter(({ path }) => path === '/graphql')
    .map(({ body }) => JSON.stringify(body))
}
