import { z } from 'zod'
import { UserError } from '../domain/errors.ts'
import { parseYaml } from '../domain/yaml.ts'
import { EFFORTS } from '../domain/wanted.ts'

/** One number for each trust level: 1 registered, 2 contributor, 3 maintainer. */
const perLevel = (one: number, two: number, three: number) =>
  z
    .strictObject({
      1: z.number().int().min(0).max(1000).default(one),
      2: z.number().int().min(0).max(1000).default(two),
      3: z.number().int().min(0).max(1000).default(three),
    })
    .prefault({})

/** The budget of requests to GitHub an hour, of the 5,000 that an installation has. */
const requests = z
  .strictObject({
    person: z.number().int().min(1).default(300),
    repository: z.number().int().min(1).default(1200),
    installation: z.number().int().min(1).default(2000),
    validator: z.number().int().min(1).default(4000),
  })
  .prefault({})

/** The operator's rules, a YAML file named by POLICY. A repository's settings cannot change them. */
export const Policy = z.strictObject({
  claims: perLevel(3, 10, 30).describe('Open claims a rig may hold, by trust level.'),
  posts: perLevel(5, 20, 100).describe('Open items a rig may have posted, by trust level.'),
  requests: requests.describe(
    'Requests to GitHub an hour that one person causes in a repository, that all who do not validate cause in a repository and in an installation, and that one who validates causes.',
  ),
})
export type Policy = z.output<typeof Policy>

const MAX_CHARACTERS = 8192

/** Parses the file's text; the defaults without one. Throws UserError that names the key or the line at fault. */
export function readPolicy(text = ''): Policy {
  const read = text.length > MAX_CHARACTERS ? undefined : parseYaml(text)
  if (read === undefined) throw new UserError(`The file that POLICY names is longer than ${MAX_CHARACTERS} characters.`)
  if ('fault' in read) throw unusable(`line ${read.fault.line}: ${read.fault.reason}`)
  const policy = Policy.safeParse(read.value ?? {})
  if (policy.success) return policy.data
  const { path, message } = policy.error.issues[0]!
  throw unusable(`${path.join('.')}: ${message}`)
}

function unusable(why: string): UserError {
  return new UserError(`The file that POLICY names is not usable: ${why.slice(0, 200)}.`)
}

/** The cap for a trust level: none at all below 1; levels above 3 count as 3. */
export function capFor(caps: Policy['claims'], trustLevel: number): number {
  if (trustLevel < 1) return 0
  return trustLevel >= 3 ? caps[3] : trustLevel === 2 ? caps[2] : caps[1]
}

/** How long a claim made by `/wl claim` lasts, in days, by the item's effort. */
export const CLAIM_DAYS: Readonly<Record<(typeof EFFORTS)[number], number>> = {
  trivial: 3,
  small: 7,
  medium: 14,
  large: 30,
  epic: 60,
}
