import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormatsModule from 'ajv-formats'

// Its types say the function is the module, which under nodenext it is not.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default

export type Checked = { method: string; template: string; status: number; answer: unknown; body: unknown }
export type OpenApi = {
  /** What is wrong with an exchange, as one text a fault; empty when GitHub's OpenAPI allows it. */
  problems(exchange: Checked): string[]
  /** Whether GitHub has this operation. */
  has(method: string, template: string): boolean
}

// oxlint-disable-next-line typescript/no-explicit-any -- a JSON document
type Json = any

let loaded: OpenApi | undefined

/** GitHub's own description of its REST API. That one file by path: the package's index costs 12 s and 570 MB. */
export function openApi(): OpenApi {
  loaded ??= load()
  return loaded
}

function load(): OpenApi {
  const file = fileURLToPath(
    new URL('../../node_modules/@octokit/openapi/generated/api.github.com.json', import.meta.url),
  )
  const document: Json = JSON.parse(readFileSync(file, 'utf8'))
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, inlineRefs: false, logger: false })
  addFormats(ajv)
  ajv.addFormat('repo.nwo', true)
  ajv.addSchema(jsonSchema({ components: document.components, paths: document.paths }), 'github')
  const compiled = new Map<string, ValidateFunction | undefined>()

  /** The operations that name a parameter otherwise than we do are the same: `{ref}` and `{commit_sha}`. */
  const shape = (template: string) => template.replace(/\{[^}]+\}/g, '{}')
  const paths = new Map(Object.keys(document.paths).map((path) => [shape(path), path]))

  function operation(method: string, template: string): { pointer: string; value: Json } | undefined {
    const path = template in document.paths ? template : paths.get(shape(template))
    const value = path && document.paths[path][method.toLowerCase()]
    return value ? { value, pointer: `#/paths/${escapeUri(path)}/${method.toLowerCase()}` } : undefined
  }

  function validator(pointer: string, part: Json, at: string): ValidateFunction | undefined {
    if (part === undefined) return undefined
    const [base, target] = part.$ref ? [part.$ref, resolve(document, part.$ref)] : [pointer + at, part]
    const type = target.content && Object.keys(target.content).find((name) => name.includes('json'))
    if (!type || !target.content[type].schema) return undefined
    const ref = `github${base}/content/${escapeUri(type)}/schema`
    if (!compiled.has(ref)) compiled.set(ref, ajv.compile({ $ref: ref }))
    return compiled.get(ref)
  }

  return {
    has: (method, template) => operation(method, template) !== undefined,
    problems({ method, template, status, answer, body }) {
      const found = operation(method, template)
      if (!found) return [`GitHub has no ${method} ${template}`]
      const { value, pointer } = found
      const problems: string[] = []
      const request = validator(pointer, value.requestBody, '/requestBody')
      const sent = body ?? (value.requestBody?.required ? null : {})
      if (status < 400 && request && !request(sent)) problems.push(...list('request', request))
      const response = value.responses[String(status)]
      // A renamed repository redirects everywhere, said once for all endpoints and not in each.
      if (status < 300 && !response) problems.push(`${method} ${template} never answers ${status}`)
      const check = validator(pointer, response, `/responses/${status}`)
      const isDiff = DIFFED.includes(template) && typeof answer === 'string'
      if (check && !isDiff && !check(answer))
        problems.push(...list('answer', check).filter((problem) => !truer.test(problem)))
      return problems.map((problem) => `${method} ${template} ${status}: ${problem}`)
    },
  }
}

/** Have answers of other media types than JSON too, which their own descriptions leave to words. */
const DIFFED = ['/repos/{owner}/{repo}/pulls/{pull_number}', '/repos/{owner}/{repo}/compare/{basehead}']

/**
 * GitHub answers null for a deleted fork and a deleted contributor, which its own description leaves out
 * (github/rest-api-description#1811 and #5562), and for a label without a description in lists of pull requests too.
 */
const truer =
  /^answer(\/\d+)?\/(head\/(user|repo|label) must be (object|string)|labels\/\d+\/description must be string)/

const list = (what: string, { errors }: ValidateFunction) =>
  (errors ?? [])
    .slice(0, 12)
    .map(({ instancePath, message, params }) => `${what}${instancePath} ${message} ${JSON.stringify(params)}`)

const escapeUri = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))

function resolve(document: Json, ref: string): Json {
  return ref
    .slice(2)
    .split('/')
    .reduce((at, key) => at[decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')], document)
}

/** OpenAPI 3.0's `nullable` in words of JSON Schema. */
function jsonSchema(value: Json): Json {
  if (Array.isArray(value)) return value.map(jsonSchema)
  if (value === null || typeof value !== 'object') return value
  const { nullable, example: _example, examples: _examples, discriminator: _discriminator, ...rest } = value
  const made = Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, jsonSchema(inner)]))
  // A slip of GitHub's at `GET /app/installations`: an account that is a user and an enterprise at once.
  if (Array.isArray(rest.allOf) && rest.allOf.some((part: Json) => part.title === 'Enterprise')) {
    made['anyOf'] = made['allOf']
    delete made['allOf']
  }
  return nullable === true ? { anyOf: [made, { type: 'null' }] } : made
}
