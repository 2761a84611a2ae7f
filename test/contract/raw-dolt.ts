import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startChildServer, type ChildServer } from '../../src/ops/child-server.ts'
import { answers, keptPort } from '../../src/ops/port.ts'
import { silent } from '../ops/fake-server.ts'

export type RawDolt = { url: string; server: ChildServer }

/**
 * A Dolt server without our settings: several statements in one packet are allowed, and `root`
 * (DOLT_ROOT_PATH) may be that of another server. User root without a password. `listener` is more of its settings.
 */
export async function startRawDolt(bin: string, dir: string, root: string, listener = ''): Promise<RawDolt> {
  for (const folder of [join(dir, 'data'), root]) mkdirSync(folder, { recursive: true })
  const port = await keptPort(join(dir, 'port'))
  const config = join(dir, 'config.yaml')
  writeFileSync(
    config,
    `listener: {host: 127.0.0.1, port: ${port}${listener}}\ndata_dir: ${dir}/data\ncfg_dir: ${dir}/cfg\n`,
  )
  const server = await startChildServer({
    name: 'Dolt',
    command: bin,
    args: ['sql-server', '--config', config],
    env: { DOLT_ROOT_PATH: root, HOME: root, DOLT_DISABLE_EVENT_FLUSH: '1' },
    cwd: dir,
    logFile: join(dir, 'server.log'),
    recordFile: join(dir, 'server.json'),
    isReady: () => answers(port),
    log: silent,
  })
  return { url: `mysql://root@127.0.0.1:${port}`, server }
}
