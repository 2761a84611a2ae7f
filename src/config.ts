import { readFileSync, statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { wrongName } from './domain/admitted-name.ts'
import { UserError } from './domain/errors.ts'
import { canonicalHost, isTenant } from './domain/github-host.ts'
import { readTrustedProxies } from './ops/client-address.ts'
import { mendPem, whyNoKey } from './ops/private-key.ts'

const url = (protocols: readonly string[], example: string) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `expected an address such as ${example}`,
    )
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
)

/**
 * The environment, a line each; README's table is made from this. Below it stand the file .env where we are started, and
 * DATA_DIR/app.env, which set-up writes.
 */
export const Environment = z.object({
  APP_ID: z
    .string()
    .regex(/^[0-9]+$/, 'expected the number of the GitHub App')
    .optional()
    .describe('The number of the GitHub App. Unset: the program shows the set-up pages only.'),
  PRIVATE_KEY: z.string().optional().describe('The private key of the App, as PEM; line breaks may be written `\\n`.'),
  PRIVATE_KEY_PATH: z.string().optional().describe('A file with the private key, instead of PRIVATE_KEY.'),
  WEBHOOK_SECRET: z
    .string()
    .min(1, 'expected the secret of the App’s webhook')
    .optional()
    .describe('The secret of the App’s webhook; the App does not start without one.'),
  WEBHOOK_PROXY_URL: url(['http:', 'https:'], 'https://smee.io/abc')
    .optional()
    .describe('A smee.io channel, for development only: it can read every payload.'),
  GHE_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.-]+(:[0-9]+)?$/, 'expected a host such as github.example.com')
    .optional()
    .describe('A GitHub Enterprise Server, or `<tenant>.ghe.com`, instead of github.com.'),
  GHE_PROTOCOL: z
    .enum(['https', 'http'], 'expected https or http')
    .default('https')
    .describe('How GHE_HOST is reached.'),
  PORT: z
    .string()
    .regex(/^[0-9]{1,5}$/, 'expected a port such as 3000')
    .refine((text) => Number(text) <= 65_535, 'expected a port up to 65535')
    .default('3000')
    .transform(Number)
    .describe('The port that the server listens on.'),
  HOST: z
    .string()
    .optional()
    .describe(
      'The address that the server listens on. Unset: every address, but only 127.0.0.1 while neither APP_ID nor PUBLIC_URL is set.',
    ),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], 'expected trace, debug, info, warn, error or fatal')
    .default('info')
    .describe('The lowest level that is logged: trace, debug, info, warn, error or fatal.'),
  LEDGER_URL: url(['mysql:'], 'mysql://user:password@host:3306/commons')
    .optional()
    .describe('The Dolt database of the commons. Unset: an embedded Dolt.'),
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/name')
    .optional()
    .describe('The Postgres database of the operations store. Unset: an embedded Postgres.'),
  DATA_DIR: z.string().default('./data').describe('The folder of the embedded stores, keys and credentials.'),
  POLICY: z
    .string()
    .optional()
    .describe('A YAML file with the operator’s limits, such as the caps by trust level. Unset: the defaults.'),
  PUBLIC_URL: url(['http:', 'https:'], 'https://bridge.example.com')
    .optional()
    .describe('The address under which GitHub and people reach the bridge.'),
  TRUST_PROXY: z
    .string()
    .transform((text, context) => {
      try {
        return readTrustedProxies(text)
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message })
        return z.NEVER
      }
    })
    .optional()
    .describe(
      'The reverse proxies in front of the bridge, whose `X-Forwarded-For` and `X-Forwarded-Proto` it trusts: their number, or their addresses and ranges, such as `10.0.0.0/8,::1`. Unset: none is trusted.',
    ),
  GITHUB_CLIENT_ID: z
    .string()
    .regex(/^[A-Za-z0-9._-]+$/, 'expected the client id of the App, such as Iv23abc')
    .optional()
    .describe('The App’s client id: lets people sign in to import, refresh or forget their sheet.'),
  GITHUB_CLIENT_SECRET: z.string().min(1).optional().describe('The App’s client secret, for signing in.'),
  IMPORT_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'expected a token of GitHub’s, such as github_pat_…')
    .optional()
    .describe(
      'A GitHub token without any scope. Needed for imports by visitors who did not sign in, and for the subcommands `import` and `seed`.',
    ),
  IMPORT_OPEN: z
    .enum(['on', 'off'], 'expected on or off')
    .default('off')
    .transform((text) => text === 'on')
    .describe('`on`: any visitor may import any login, 5 an hour and 20 a day from one address.'),
  ADMIT: list
    .superRefine((names, context) => {
      const wrong = names.map(wrongName).find((sentence) => sentence !== undefined)
      if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong.replace(/\.$/, '') })
    })
    .default([])
    .describe('Further repositories to serve: `owner` or `owner/repo`, comma-separated.'),
})

export type Config = Omit<z.output<typeof Environment>, 'DATA_DIR' | 'PRIVATE_KEY'> & {
  dataDir: string
  /** The text of the file that POLICY names. */
  policy: string | undefined
  /** PEM. */
  privateKey: string | undefined
  cacheDir: string
  path: string
  /** The names that .env in the folder of the start gave; empty where there is none. */
  fromDotenv: string[]
  /** The names in DATA_DIR/app.env whose values are overridden from above. */
  overridden: string[]
}

/**
 * Reads the environment, below it .env in the folder of the start, and below that DATA_DIR/app.env. Nothing else in the
 * program does. `dotenv` is that file, by default only of the real environment's.
 * Throws UserError that names the variable, what it is and what was expected; never its value.
 */
export function readConfig(
  env: NodeJS.ProcessEnv = process.env,
  dotenv = env === process.env ? '.env' : undefined,
): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const beside = dotenv === undefined ? {} : readDotenv(dotenv)
  const fromDotenv = Object.keys(beside).filter((name) => !(name in set))
  const given = below(set, beside)
  const dataDir = resolve(given['DATA_DIR'] ?? './data')
  const written = readAppEnv(dataDir)
  const overridden = Object.keys(written).filter((name) => given[name] !== undefined && given[name] !== written[name])
  const parsed = Environment.safeParse(below(given, written))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new UserError(`${String(issue!.path[0])} in the environment is not usable: ${issue!.message}.`)
  }
  const { PRIVATE_KEY, DATA_DIR: _, ...rest } = parsed.data
  return {
    ...rest,
    GHE_HOST: hostOf(rest),
    dataDir,
    policy: rest.POLICY === undefined ? undefined : readNamed('POLICY', rest.POLICY, 'a YAML file'),
    privateKey: readPrivateKey(PRIVATE_KEY, rest.PRIVATE_KEY_PATH),
    cacheDir: set['XDG_CACHE_HOME'] ?? join(home(), '.cache'),
    path: set['PATH'] ?? '',
    fromDotenv,
    overridden,
  }
}

type EnvironmentVariables = Record<string, string | undefined>

/**
 * `upper` with the variables that only `lower` has. A key file that `upper` names takes precedence over a key in
 * `lower`.
 */
function below(upper: EnvironmentVariables, { ...lower }: EnvironmentVariables): EnvironmentVariables {
  if ('PRIVATE_KEY_PATH' in upper) delete lower['PRIVATE_KEY']
  return { ...lower, ...upper }
}

/** The home folder; for a user without a passwd entry the temporary folder. */
function home(): string {
  try {
    return homedir()
  } catch {
    return tmpdir()
  }
}

function hostOf({ GHE_HOST, GHE_PROTOCOL }: { GHE_HOST?: string | undefined; GHE_PROTOCOL: string }) {
  const host = GHE_HOST && canonicalHost(GHE_HOST, GHE_PROTOCOL)
  if (host && isTenant(host) && GHE_PROTOCOL !== 'https')
    throw new UserError(
      'GHE_PROTOCOL is http, and GHE_HOST is on ghe.com, which is reached by https alone. Unset GHE_PROTOCOL.',
    )
  return host || undefined
}

export interface AppCredentials {
  appId: string
  privateKey: string
  webhookSecret: string
}

/** The App's credentials; undefined when there is no APP_ID at all. Throws UserError when one of them is missing. */
export function credentialsOf(config: Config): AppCredentials | undefined {
  const { APP_ID: appId, WEBHOOK_SECRET: webhookSecret, privateKey } = config
  if (appId === undefined) return undefined
  if (privateKey === undefined) {
    throw new UserError(
      'APP_ID is set, but neither PRIVATE_KEY nor PRIVATE_KEY_PATH. Set one: GitHub gives the key on the App’s settings page.',
    )
  }
  if (webhookSecret === undefined) {
    throw new UserError(
      'APP_ID is set, but not WEBHOOK_SECRET. Without it anybody could send us deliveries. Set a random secret on the App’s settings page and here.',
    )
  }
  const why = whyNoKey(privateKey)
  if (why !== undefined)
    throw new UserError(
      `The private key of PRIVATE_KEY or PRIVATE_KEY_PATH ${why}. ` +
        'Expected the file that GitHub gave for this App, “-----BEGIN RSA PRIVATE KEY-----”.',
    )
  return { appId, privateKey, webhookSecret }
}

function readAppEnv(dataDir: string): EnvironmentVariables {
  const file = join(dataDir, 'app.env')
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return {}
    if (code === 'ENOTDIR') throw new UserError(`DATA_DIR is ${dataDir}, which is a file. Expected a folder.`)
    throw new UserError(
      `${file} cannot be read (${code}). Start the bridge as the user whose folder DATA_DIR is, or name another with DATA_DIR.`,
    )
  }
}

/**
 * Our variables of a .env. Whoever can write it could name our stores and our GitHub, so it must be this user's or
 * root's, and no one else's to write.
 */
function readDotenv(file: string): EnvironmentVariables {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR') return {}
    throw new UserError(`${resolve(file)} cannot be read (${code}). Let this user read it, or start elsewhere.`)
  }
  const ours = Object.entries(parseEnv(text)).filter(([name, value]) => name in Environment.shape && value !== '')
  if (ours.length > 0) refuseOthers(file)
  return Object.fromEntries(ours)
}

function refuseOthers(file: string) {
  const { uid, gid, mode } = statSync(file)
  const [me, mine] = [process.getuid?.(), process.getgid?.()]
  if (me === undefined) return
  if (uid !== me && uid !== 0)
    throw new UserError(
      `${resolve(file)} belongs to another user (${uid}), who could lead us to other stores. Make it yours (chown), or start elsewhere.`,
    )
  const isOthers = (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== mine)
  if (isOthers)
    throw new UserError(
      `Others can write ${resolve(file)}, and could lead us to other stores. chmod 600 ${resolve(file)}`,
    )
}

function readPrivateKey(inline: string | undefined, path: string | undefined): string | undefined {
  const text = inline ?? (path === undefined ? undefined : readNamed('PRIVATE_KEY_PATH', path, 'the App’s private key'))
  if (text === undefined) return undefined
  const pem = mendPem(text)
  if (pem === undefined)
    throw new UserError(
      'PRIVATE_KEY or the file of PRIVATE_KEY_PATH is no PEM. Expected the file that GitHub gave, “-----BEGIN … PRIVATE KEY-----”.',
    )
  return pem
}

/** Reads the file that a variable names. Its value is not repeated: it may be a key pasted in the wrong place. */
function readNamed(variable: string, path: string, expected: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new UserError(`${variable} names a file that cannot be read (${code}). Expected ${expected}.`)
  }
}
