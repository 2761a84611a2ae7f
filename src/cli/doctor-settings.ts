import { join } from 'node:path'
import { findNearSettings } from '../authorization/near-settings.ts'
import { resolveLogins } from '../authorization/settings-accounts.ts'
import type { Config } from '../config.ts'
import { oneLine } from '../domain/text.ts'
import { getAccount } from '../github/repositories.ts'
import { embeddedPostgresUrl } from '../operations/embedded-postgres.ts'
import { listedAccountsOf } from '../operations/tables/settings-accounts.ts'
import { openOperations } from '../operations/postgres/store.ts'
import { whatIsWrong } from '../replies/settings-check.ts'
import { type DoctorFinding, warning } from './finding.ts'
import type { Installations } from '../github/client.ts'
import { SETTINGS_FILE } from '../authorization/settings-schema.ts'

/** The most logins, and repositories, that are looked up in one installation. */
const MOST = 100

interface SettingsCheckContext {
  part: string
  github: Installations
  installation: number
  host: string
  repositories: readonly { id: number; fullName: string }[]
}

/**
 * Finds logins in settings files that mean nobody, or somebody who has another login now. An unavailable store has a
 * finding of its own.
 */
export async function checkListedLogins(config: Config, context: SettingsCheckContext): Promise<DoctorFinding[]> {
  const { part, github, host, repositories } = context
  const names = new Map(repositories.map(({ id, fullName }) => [id, fullName]))
  const findings: DoctorFinding[] = []
  const known = Map.groupBy(await listed(config, host, [...names.keys()]), ({ repositoryId }) => repositoryId)
  for (const [repositoryId, rows] of known) {
    const accounts = new Map(rows.map(({ login, accountId }) => [login, accountId]))
    const ask = (login: string) => getAccount(github, context, login)
    const { wrong } = await resolveLogins([...accounts.keys()], accounts, ask, { again: true })
    const where = `${names.get(repositoryId)}, .github/wasteland.yml`
    for (const one of wrong)
      findings.push(warning(part, oneLine(`${where} lists ${one.login}: ${whatIsWrong(one)}`, 600)))
  }
  return findings
}

/** Finds files that somebody may take for the settings, and that narrow nothing. */
export async function checkNearSettings({
  part,
  github,
  installation,
  repositories,
}: Omit<SettingsCheckContext, 'host'>): Promise<DoctorFinding[]> {
  const some = repositories.slice(0, MOST)
  const names = some.map(({ fullName }) => {
    const [owner = '', repo = ''] = fullName.split('/')
    return { owner, repo }
  })
  const answer = await findNearSettings(github, { installation }, names)
  if ('refused' in answer)
    return [warning(part, 'GitHub does not show whether settings lie under another name than .github/wasteland.yml.')]
  return answer.known.flatMap((paths, nth) =>
    paths.map((path) =>
      warning(
        part,
        `${some[nth]!.fullName}, ${path} is not read, so it narrows nothing. Rename it to ${SETTINGS_FILE}.`,
      ),
    ),
  )
}

async function listed({ DATABASE_URL, dataDir }: Config, host: string, ids: readonly number[]) {
  const url = DATABASE_URL ?? (await embeddedPostgresUrl(join(dataDir, 'postgres')).catch(() => undefined))
  if (url === undefined) return []
  const db = openOperations(url)
  try {
    return await listedAccountsOf(db, host, ids, MOST)
  } catch {
    return []
  } finally {
    await db.destroy()
  }
}
