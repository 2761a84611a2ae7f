import { isMap, isScalar, isSeq, parseDocument, type Document } from 'yaml'
import { z } from 'zod'

interface AppPermission {
  name: string
  access: string
  /** The reason in the comment on its line of app.yml. */
  reason: string
}

export interface AppDescription {
  name: string
  description: string
  url: string
  permissions: AppPermission[]
  events: { name: string; reason: string }[]
}

const AppFile = z.strictObject({
  name: z.string().min(1).max(34),
  description: z.string().min(1),
  url: z.url({ protocol: /^https?$/ }),
  public: z.literal(false),
  default_permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])),
  default_events: z.array(z.string()),
})

/** Parses app.yml, with the reasons in its comments. Throws on a file of another form. */
export function readAppFile(appYml: string): AppDescription {
  const document = parseDocument(appYml)
  if (document.errors[0] !== undefined) throw new Error('app.yml is not YAML', { cause: document.errors[0] })
  const { name, description, url, default_permissions, default_events } = AppFile.parse(document.toJS())
  const permissionReasons = reasonsOfPermissions(document)
  const eventReasons = reasonsOfEvents(document)
  return {
    name,
    description,
    url,
    permissions: Object.entries(default_permissions).map(([permission, access]) => ({
      name: permission,
      access,
      reason: permissionReasons.get(permission) ?? '',
    })),
    events: default_events.map((event) => ({ name: event, reason: eventReasons.get(event) ?? '' })),
  }
}

/** The comment at the end of each permission's line, by name. */
function reasonsOfPermissions(document: Document): Map<string, string> {
  const permissions = document.get('default_permissions')
  if (!isMap(permissions)) return new Map()
  return new Map(permissions.items.map(({ key, value }) => [String(key), commentOn(value)]))
}

function reasonsOfEvents(document: Document): Map<string, string> {
  const events = document.get('default_events')
  if (!isSeq(events)) return new Map()
  return new Map(events.items.map((event) => [String(event), commentOn(event)]))
}

function commentOn(node: unknown): string {
  return isScalar(node) ? (node.comment?.trim() ?? '') : ''
}
