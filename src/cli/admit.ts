import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ADMITTED_NAME, readAdmitted } from '../authorization/admitted-names.ts'
import { UserError } from '../domain/errors.ts'
import type { Subcommand } from './run.ts'

export const admit: Subcommand = {
  name: 'admit',
  usage: 'wasteland-bridge admit <owner/repo or owner>[#id]…',
  summary: 'serves further repositories, at once',
  async run(names, { readConfig }) {
    if (names.length === 0) throw new UserError('Name at least one repository: wasteland-bridge admit owner/repo')
    const wrong = names.find((name) => !ADMITTED_NAME.test(name))
    if (wrong !== undefined)
      throw new UserError(
        `${wrong.slice(0, 100)} is not a repository. Expected owner/repo, or owner for all its public ones; #123 after it names the id that GitHub gives it.`,
      )
    const { dataDir, ADMIT } = readConfig()
    const file = join(dataDir, 'admitted')
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    const known = await readAdmitted(ADMIT, dataDir)
    for (const name of names) {
      const [plain = '', id] = name.toLowerCase().split('#')
      const { ownerId, repositoryId } = known.get(plain) ?? {}
      const isKnown = id === undefined ? known.has(plain) : [ownerId, repositoryId].includes(Number(id))
      // The line break comes first: a hand may have left the last line open.
      if (!isKnown) await appendFile(file, `\n${name.toLowerCase()}\n`, { mode: 0o600 })
      process.stdout.write(`${name} is admitted${isKnown ? ' already' : ''}.\n`)
    }
    process.stdout.write('A private repository also needs "private: publish" in its .github/wasteland.yml.\n')
    return 0
  },
}
