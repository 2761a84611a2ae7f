import { z } from 'zod'
import type { Account } from '../domain/rig.ts'
import { lineOf } from '../domain/yaml.ts'
import type { Refusal } from '../github/answer.ts'
import { readYaml } from '../ops/text-reader.ts'
import { CLAIM_DAYS } from '../reputation/policy.ts'

export const SETTINGS_FILE = '.github/wasteland.yml'
/** What somebody may take for its name: `.yaml`, another case, the root, a hidden file. GitHub tells paths apart by every letter. */
const NEAR = /^(?:\.github\/|docs\/)?\.?wasteland\.ya?ml$/i

export function isNearSettings(path: string): boolean {
  return path !== SETTINGS_FILE && NEAR.test(path)
}

const MAX_CHARACTERS = 16_384

/** The addresses by which agents name themselves in `Co-authored-by:` trailers, as public commits and their makers have them. */
const KNOWN_TRAILERS: Readonly<Record<string, string>> = {
  aider: 'noreply@aider.chat',
  amp: 'amp@ampcode.com',
  claude: 'noreply@anthropic.com',
  codex: 'noreply@openai.com',
  copilot: '223556219+copilot@users.noreply.github.com',
  'copilot-autofix': '175728472+copilot@users.noreply.github.com',
  'copilot-swe-agent': '198982749+copilot@users.noreply.github.com',
  cursor: 'cursoragent@cursor.com',
  devin: '158243242+devin-ai-integration[bot]@users.noreply.github.com',
  'gemini-code-assist': '176961590+gemini-code-assist[bot]@users.noreply.github.com',
  jules: '161369871+google-labs-jules[bot]@users.noreply.github.com',
  opencode: 'noreply@opencode.ai',
  openhands: 'openhands@all-hands.dev',
}

const days = (standard: number) => z.number().int().min(1).max(180).default(standard)
const names = (pattern: RegExp, expected: string) => z.array(z.string().max(100).regex(pattern, expected)).max(100)
const addresses = () =>
  z
    .record(
      z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}$/),
      z
        .string()
        .max(254)
        .regex(/^[^\s<>@]+@[^\s<>@]+$/, 'expected an e-mail address')
        .toLowerCase(),
      { error: ({ code }) => (code === 'invalid_key' ? 'expected a name of a-z, 0-9 and -' : undefined) },
    )
    .refine((table) => Object.keys(table).length <= 100, 'expected at most 100 agents')
const logins = () => names(/^[A-Za-z0-9_-]+(\[bot\])?$/, 'expected a login without @')
const teams = () => names(/^[A-Za-z0-9_-]+$/, 'expected the slug of a team')
const paths = <Login extends z.ZodType>(users: z.ZodArray<Login>) =>
  z
    .record(
      z
        .string()
        .max(200)
        .regex(/^[^/\s]([^\n]*[^/])?$/),
      z.strictObject({ teams: teams().default([]), users: users.default([]) }),
      {
        error: ({ code }) =>
          code === 'invalid_key' ? 'expected a folder from the root of the repository, without / around it' : undefined,
      },
    )
    .refine((table) => Object.keys(table).length <= 100, 'expected at most 100 folders')

/** Left alone where no file says otherwise. GitHub gives nobody a login in brackets but its Apps. */
const STANDARD_BOTS = ['dependabot[bot]', 'renovate[bot]']

/**
 * `.github/wasteland.yml` of a repository's default branch. README's table is made from this. Settings narrow what
 * the rules allow, never widen it.
 */
export const SettingsFile = z.strictObject({
  labels: z
    .strictObject({
      wanted: z
        .string()
        .min(1)
        .max(50)
        .refine((name) => !/^(wl:|w-)/i.test(name), 'labels that begin with wl: or w- name items')
        .default('wanted')
        .describe('The label that puts an issue on the board. The labels of items stay `wl:w-…`.'),
    })
    .prefault({}),
  post: z
    .enum(['wanted-label', 'command'])
    .default('wanted-label')
    .describe('What posts an issue: `wanted-label` that label or `/wl post`, `command` only `/wl post`.'),
  stampers: z
    .strictObject({
      permission: z
        .enum(['maintain', 'admin'])
        .default('maintain')
        .describe('The GitHub role that stamping takes. With `admin`, trust level 3 does not do instead.'),
      teams: teams()
        .default([])
        .describe('Only members of these teams of the organization (slugs), or of `stampers.users`, may stamp.'),
      users: logins()
        .default([])
        .describe(
          'Only these people (logins), or those of `stampers.teams`, may stamp. A login means the account that has it when it is listed, here as ' +
            'elsewhere in the file; a file names at most 100 accounts.',
        ),
      paths: paths(logins())
        .default({})
        .describe(
          'For a repository of several projects: a folder such as `packages/engine`, and under it `teams` and `users`. Work that changes files ' +
            'there is stamped only by these, who need the role as well. Where one named folder lies in another, the rule of the inner one counts for it.',
        ),
    })
    .prefault({}),
  claims: z
    .strictObject({
      trivial: days(CLAIM_DAYS.trivial).describe('Days that a claim of a trivial item lasts, 1 to 180.'),
      small: days(CLAIM_DAYS.small).describe('The same for a small one.'),
      medium: days(CLAIM_DAYS.medium).describe('The same for a medium one.'),
      large: days(CLAIM_DAYS.large).describe('The same for a large one.'),
      epic: days(CLAIM_DAYS.epic).describe('The same for an epic one.'),
    })
    .prefault({}),
  ignore: logins().default(STANDARD_BOTS).describe('Bots whose pull requests are left alone without a word.'),
  agents: logins()
    .default([])
    .describe(
      'Accounts proposed as agents although GitHub calls them users. One becomes an agent when it comments `/wl agent`, or trust level 3 says so.',
    ),
  trailers: addresses()
    .default({})
    .transform((own): Readonly<Record<string, string>> => ({ ...KNOWN_TRAILERS, ...own }))
    .describe(
      'Agents that commits name as co-authors, each a name and the e-mail address of its `Co-authored-by:` trailer. The evidence lists the ' +
        `names; the credit stays with the human. Known already: ${Object.keys(KNOWN_TRAILERS).join(', ')}.`,
    ),
  gates: z
    .strictObject({
      checks: z
        .boolean()
        .default(false)
        .describe(
          '`true`: a stamp needs checks at the head of the pull request, all of them passed; `override="reason"` stamps all the same, as over each of these.',
        ),
      approvals: z
        .number()
        .int()
        .min(0)
        .max(10)
        .default(0)
        .describe(
          'A stamp needs that so many people with the GitHub role write or above have approved that head, 0 to 10.',
        ),
      changes: z
        .boolean()
        .default(false)
        .describe('`true`: a stamp needs that no request for changes of such a person stands.'),
      // No default: an issue that lists no tasks is worth a word only where somebody asked for them.
      acceptance: z
        .boolean()
        .optional()
        .describe(
          'A stamp needs that people who may stamp have ticked every task under the heading `Acceptance` (or `Acceptance criteria`) of the ' +
            'posted issue. `true`: the status also says where an issue lists none. `false`: no task is asked for.',
        ),
    })
    .prefault({}),
  press: z
    .enum(['command', 'merge'])
    .default('command')
    .describe(
      'When a stamp enters the ledger: `command` at once, `merge` held until the pull request is merged with the work that was judged.',
    ),
  private: z
    .enum(['keep', 'publish'])
    .default('keep')
    .describe(
      'What a private or internal repository lets out: `keep` nothing, `publish` what a public one would. Counts only in the repository’s own file.',
    ),
  quiet: z
    .boolean()
    .default(false)
    .describe('`true`: no status comment. Commands are answered, and what is wrong is said, as ever.'),
})

/**
 * An account that settings name: the numeric id that its login meant when it was listed; undefined means nobody.
 * `whoever` has the login is meant by our own defaults alone.
 */
const NamedAccount = z.object({ login: z.string(), id: z.union([z.number(), z.literal('whoever')]).optional() })
export type NamedAccount = z.output<typeof NamedAccount>

const accounts = () => z.array(NamedAccount)
/** The same keys with accounts in the place of logins. */
const SettingsInForce = SettingsFile.extend({
  stampers: SettingsFile.shape.stampers
    .unwrap()
    .extend({ users: accounts().default([]), paths: paths(accounts()).default({}) })
    .prefault({}),
  ignore: accounts().default(STANDARD_BOTS.map((login) => ({ login, id: 'whoever' }))),
  agents: accounts().default([]),
})

/** The settings in force in a repository. */
export type Settings = z.output<typeof SettingsInForce> & {
  /** What the organization's default says of who stamps, where a repository's own file says something else: both hold. */
  organizationStampers?: z.output<typeof SettingsInForce>['stampers']
  refused?: RefusedFile
}

/** GitHub refuses a settings file. `nothing`: no good version is known, so neither is who may stamp and what a stamp needs. */
export interface RefusedFile {
  refusal: Refusal
  inForce: 'last good' | 'nothing'
}

/** True where GitHub refuses settings of which nothing is known: that is no word for the defaults. */
export function isUnread({ refused }: Pick<Settings, 'refused'>): boolean {
  return refused?.inForce === 'nothing'
}

/** What one file says, without the defaults: its logins as they stand there, or as `NamedAccount`. */
export type SettingsInput = Readonly<Record<string, unknown>>

/** What is wrong with a file. The reason may repeat the file's words. */
export interface SettingsFault {
  /** From 1. */
  line: number
  reason: string
}

export const DEFAULT_SETTINGS: Settings = SettingsInForce.parse({})

/** Reads the file's text. Any fault makes the whole of it count for nothing. */
export async function readSettings(text: string): Promise<{ given: SettingsInput } | { fault: SettingsFault }> {
  if (text.length > MAX_CHARACTERS) return broken(1, `the file is longer than ${MAX_CHARACTERS} characters`)
  const yaml = await readYaml(text)
  if (yaml === undefined) return broken(1, 'it takes too long to read: write it with less nesting and fewer keys')
  if ('fault' in yaml) return yaml
  const value = yaml.value ?? {}
  const read = SettingsFile.safeParse(value)
  if (read.success) return { given: value as SettingsInput }
  const issue = read.error.issues[0]!
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const path = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
  return broken(lineOf(yaml.lines, [...issue.path, ...unknown]), path + issue.message)
}

function broken(line: number, reason: string): { fault: SettingsFault } {
  return { fault: { line, reason } }
}

/**
 * A repository's own keys go before the organization's, also below `labels`, `stampers`, `claims`, `gates` and
 * `trailers`. What narrows holds whoever said it: an empty list, or a gate that is off, takes back no narrowing.
 */
export function mergeSettings(organization: SettingsInput, own: SettingsInput): Settings {
  // Whether a private repository is published, nobody decides for all of them at once.
  const { private: _, ...standard } = organization
  const merged: Record<string, unknown> = { ...standard, ...own }
  for (const [key, value] of Object.entries(own)) {
    if (isPlain(value) && isPlain(standard[key])) merged[key] = { ...standard[key], ...value }
  }
  const settings = SettingsInForce.parse(merged)
  const [theirs, ours] = [SettingsInForce.parse(standard), SettingsInForce.parse(own)]
  return {
    ...settings,
    gates: {
      ...settings.gates,
      checks: theirs.gates.checks || ours.gates.checks,
      approvals: Math.max(theirs.gates.approvals, ours.gates.approvals),
      changes: theirs.gates.changes || ours.gates.changes,
    },
    ...(isPlain(standard['stampers']) && isPlain(own['stampers']) && { organizationStampers: theirs.stampers }),
  }
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The logins of a file, in lower case, each once, those of who may stamp first. */
export function loginsOf(given: SettingsInput): string[] {
  const found: string[] = []
  mapLogins(given, (login) => found.push(login.toLowerCase()))
  return [...new Set(found)]
}

/** The same file with accounts in the place of logins; `ids` is by login in lower case. */
export function withAccounts(given: SettingsInput, ids: ReadonlyMap<string, number>): SettingsInput {
  return mapLogins(given, (login): NamedAccount => ({ login, id: ids.get(login.toLowerCase()) }))
}

/** Puts something else in the place of each login. The file was read, so its keys have their shapes. */
function mapLogins(given: SettingsInput, map: (login: string) => unknown): SettingsInput {
  const { ignore, agents, stampers } = given as Partial<z.input<typeof SettingsFile>>
  const each = (logins: readonly string[] | undefined) => logins?.map(map)
  const users = each(stampers?.users)
  const folders = Object.entries(stampers?.paths ?? {}).map(([folder, { users: theirs, ...rest }]) => [
    folder,
    { ...rest, ...(theirs !== undefined && { users: each(theirs) }) },
  ])
  const narrowing = {
    ...stampers,
    ...(users !== undefined && { users }),
    ...(stampers?.paths !== undefined && { paths: Object.fromEntries(folders) }),
  }
  return {
    ...given,
    ...(stampers !== undefined && { stampers: narrowing }),
    ...(ignore !== undefined && { ignore: each(ignore) }),
    ...(agents !== undefined && { agents: each(agents) }),
  }
}

/** Whether a list of settings means this account. A login alone means nobody: somebody else may have taken it. */
export function lists(accounts: readonly NamedAccount[], { id, login }: Pick<Account, 'id' | 'login'>): boolean {
  return accounts.some((one) => (one.id === 'whoever' ? isLogin(one, login) : one.id === id))
}

/** Whether a list has this account's login and means another by it, or nobody. */
export function listsLoginOfAnother(
  accounts: readonly NamedAccount[],
  account: Pick<Account, 'id' | 'login'>,
): boolean {
  return !lists(accounts, account) && accounts.some((one) => isLogin(one, account.login))
}

function isLogin(one: NamedAccount, login: string): boolean {
  return one.login.toLowerCase() === login.toLowerCase()
}
