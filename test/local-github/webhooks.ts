import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormatsModule from 'ajv-formats'

const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default

export type Webhooks = {
  /** What is wrong with a payload, as one text a fault; empty when GitHub's schema of it allows it. */
  problems(delivery: { event: string; action: string | null; payload: unknown }): string[]
}

/** What GitHub does send although these schemas leave it out. */
const truer = [
  // A deleted fork and a deleted contributor, in reviews as in pull requests.
  /\/pull_request\/head\/(repo|user|label) must be (object|string|null)/,
  // Transferred away from an organization.
  /^repository\$transferred\/changes\/owner\/from must NOT have additional properties {"additionalProperty":"organization"}/,
]

let loaded: Webhooks | undefined

/** `@octokit/webhooks-schemas`, one definition for each event and action. */
export function webhooks(): Webhooks {
  loaded ??= load()
  return loaded
}

function load(): Webhooks {
  const file = fileURLToPath(new URL('../../node_modules/@octokit/webhooks-schemas/schema.json', import.meta.url))
  const document = JSON.parse(readFileSync(file, 'utf8'))
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, inlineRefs: false })
  addFormats(ajv)
  ajv.addFormat('uri-template', true)
  ajv.addSchema(document, 'webhooks')
  const compiled = new Map<string, ValidateFunction>()
  return {
    problems({ event, action, payload }) {
      const name = `${event}$${action ?? 'event'}`
      if (!(name in document.definitions)) return [`GitHub's schemas have no ${name}`]
      const check = compiled.get(name) ?? ajv.compile({ $ref: `webhooks#/definitions/${name}` })
      compiled.set(name, check)
      if (check(payload)) return []
      return (check.errors ?? [])
        .map(({ instancePath, message, params }) => `${name}${instancePath} ${message} ${JSON.stringify(params)}`)
        .filter((problem) => !truer.some((known) => known.test(problem)))
    },
  }
}
