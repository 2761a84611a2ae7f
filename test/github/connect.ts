import type { LocalGitHub } from '../../local-github/local-github.ts'
import { connectGitHub, type GitHub } from '../../src/github/github.ts'
import { createLog } from '../../src/ops/log.ts'

/** Connects our program to a local GitHub, as its App. */
export async function connect(gh: LocalGitHub): Promise<GitHub> {
  const github = connectGitHub({
    appId: String(gh.app.id),
    privateKey: gh.app.privateKey,
    webhookSecret: gh.app.webhookSecret,
    gheHost: new URL(gh.url).host,
    gheProtocol: 'http',
    log: createLog('fatal'),
  })
  await github.probot.ready()
  return github
}
