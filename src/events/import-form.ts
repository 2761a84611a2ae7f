import { z } from 'zod'
import { closeIssue } from '../github/issues.ts'
import { getRepository } from '../github/repositories.ts'
import { imports } from '../replies/imports.ts'
import { Envelope, type EventHandler, threadKey } from './event.ts'
import type { IssueOpenedEvent } from './forge-event.ts'

/** Matches the description of an issue that was opened with `.github/ISSUE_TEMPLATE/import-character-sheet.yml`. */
const FORM = /^### Import my character sheet\s+- \[x\] /im

const body = z.string().refine((text) => FORM.test(text.replaceAll('\r\n', '\n')))

/** The payload of an issue that was opened with the form that imports its author's profile. */
export const ImportForm = Envelope.extend({
  action: z.literal('opened'),
  issue: z.object({ id: z.number(), number: z.number(), body, user: z.object({ id: z.number() }) }),
}).refine(({ issue, sender }) => issue.user.id === sender.id && sender.type !== 'Bot')

/**
 * Imports the profile of the author of an issue with the form. The import itself answers on the issue and closes it; a
 * refusal is answered here.
 */
export const onIssueOpened: EventHandler<IssueOpenedEvent> = {
  key: ({ repository, issue }) => threadKey(repository, issue.number),
  async handle(deps, { repository: at, issue, by: person, importForm }) {
    if (!importForm) return
    const repository = await getRepository(deps, at)
    if (repository === undefined || 'refused' in (await deps.checkAdmission(at, repository))) return
    const { installation: installation_id, owner, repo } = at
    const thread = { installation_id, owner, repo, number: issue.number, closes: true }
    const cause = `${deps.host}/issue/${issue.id}/import`
    const requested = await deps.imports.request({ login: person.login, by: { way: 'command', person, thread, cause } })
    const refused = 'refused' in requested ? requested.refused : undefined
    const text = refused ?? ('already' in requested && requested.already ? imports.underWay : undefined)
    if (text === undefined) return
    await deps.reply({ ...at, number: issue.number }, `import-form/${issue.id}`, text)
    await closeIssue(deps, at, issue.number)
  },
}
