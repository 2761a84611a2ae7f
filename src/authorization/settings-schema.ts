import { z } from 'zod'
import { CLAIM_DAYS } from '../reputation/policy.ts'

export const SETTINGS_FILE = '.github/wasteland.yml'

/** The addresses of agents in `Co-authored-by:` trailers, as public commits and the agents' makers have them. */
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

export const paths = <Login extends z.ZodType>(users: z.ZodArray<Login>) =>
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

/** Bots that are ignored where no file says otherwise. GitHub gives a login in brackets to Apps only. */
export const STANDARD_BOTS = ['dependabot[bot]', 'renovate[bot]']

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
    .describe(
      'How an issue gets on the board: `wanted-label` by the label in `labels.wanted` or by `/wl post`, `command` by `/wl post` only.',
    ),
  stampers: z
    .strictObject({
      permission: z
        .enum(['maintain', 'admin'])
        .default('maintain')
        .describe(
          'The GitHub role that a person needs to stamp. With `admin`, trust level 3 does not replace the role.',
        ),
      teams: teams()
        .default([])
        .describe('Only members of these teams of the organization (slugs), or of `stampers.users`, may stamp.'),
      users: logins()
        .default([])
        .describe(
          'Only these people (logins), or those of `stampers.teams`, may stamp. Everywhere in the file, a login means the account that has it when ' +
            'it is listed. A file names at most 100 accounts.',
        ),
      paths: paths(logins())
        .default({})
        .describe(
          'For a repository of several projects: a folder such as `packages/engine`, and under it `teams` and `users`. Only these people ' +
            'may stamp work that changes files there, and they need the role as well. Where one named folder lies in another, the inner rule counts for the inner folder.',
        ),
    })
    .prefault({}),
  claims: z
    .strictObject({
      trivial: days(CLAIM_DAYS.trivial).describe('Days that a claim of a trivial item lasts, 1 to 180.'),
      small: days(CLAIM_DAYS.small).describe('Days for a small item.'),
      medium: days(CLAIM_DAYS.medium).describe('Days for a medium item.'),
      large: days(CLAIM_DAYS.large).describe('Days for a large item.'),
      epic: days(CLAIM_DAYS.epic).describe('Days for an epic item.'),
    })
    .prefault({}),
  ignore: logins().default(STANDARD_BOTS).describe('Bots whose pull requests the bridge ignores, without a comment.'),
  agents: logins()
    .default([])
    .describe(
      'Accounts that GitHub calls users, proposed as agents. Such an account becomes an agent when it comments `/wl agent`, or when a rig of trust level 3 comments `/wl agent @login`.',
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
          '`true`: a stamp needs checks at the head of the pull request, and all of them passed. For this gate and the others, `override="reason"` stamps all the same.',
        ),
      approvals: z
        .number()
        .int()
        .min(0)
        .max(10)
        .default(0)
        .describe(
          'The number of people with the GitHub role write or above who must have approved the head before a stamp, 0 to 10.',
        ),
      changes: z
        .boolean()
        .default(false)
        .describe('`true`: no stamp while a person with the GitHub role write or above requests changes.'),
      // No default: an issue without tasks is worth a comment only where somebody asked for tasks.
      acceptance: z
        .boolean()
        .optional()
        .describe(
          'Before a stamp, people who may stamp must have ticked every task under the heading `Acceptance` (or `Acceptance criteria`) of the ' +
            'posted issue. `true`: the status comment also says when an issue lists no task. `false`: no task is needed.',
        ),
    })
    .prefault({}),
  'stamp-on': z
    .enum(['command', 'merge'])
    .default('command')
    .describe(
      'When a stamp enters the ledger: `command` at once, `merge` when the pull request is merged with the work that was judged. `press` is its older name.',
    ),
  private: z
    .enum(['keep', 'publish'])
    .default('keep')
    .describe(
      'What the bridge may publish of a private or internal repository: `keep` nothing, `publish` the same as of a public one. The key counts only in the repository’s own file.',
    ),
  quiet: z
    .boolean()
    .default(false)
    .describe(
      '`true`: no status comment while nothing is wrong. The bridge still answers commands and points out what is wrong.',
    ),
})
