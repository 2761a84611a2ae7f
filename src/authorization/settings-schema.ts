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
      // No default: an issue without tasks is worth a comment only where somebody asked for tasks.
      acceptance: z
        .boolean()
        .optional()
        .describe(
          'A stamp needs that people who may stamp have ticked every task under the heading `Acceptance` (or `Acceptance criteria`) of the ' +
            'posted issue. `true`: the status also says where an issue lists none. `false`: no task is asked for.',
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
      'What a private or internal repository lets out: `keep` nothing, `publish` what a public one would. Counts only in the repository’s own file.',
    ),
  quiet: z
    .boolean()
    .default(false)
    .describe('`true`: no status comment. Commands are answered, and what is wrong is said, as ever.'),
})
