import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, copyFile, link, mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../../domain/errors.ts'
import type { NewAppCredentials } from '../../../github/manifest.ts'

/** The variables of DATA_DIR/app.env. The real environment takes precedence over them. */
export interface AppEnvironment {
  credentials: NewAppCredentials
  webhookProxyUrl?: string
  publicUrl?: string
}

export function credentialsFile(dataDir: string): string {
  return join(dataDir, 'app.env')
}

export async function isRegistered(dataDir: string): Promise<boolean> {
  return access(credentialsFile(dataDir)).then(
    () => true,
    () => false,
  )
}

/** The text of app.env, which `util.parseEnv` reads back exactly. Throws on a value that no quoting can carry. */
function appEnv({ credentials, webhookProxyUrl, publicUrl }: AppEnvironment): string {
  const variables = {
    APP_ID: String(credentials.appId),
    PRIVATE_KEY: credentials.privateKey,
    WEBHOOK_SECRET: credentials.webhookSecret,
    GITHUB_CLIENT_ID: credentials.clientId,
    GITHUB_CLIENT_SECRET: credentials.clientSecret,
    ...(webhookProxyUrl === undefined ? {} : { WEBHOOK_PROXY_URL: webhookProxyUrl }),
    ...(publicUrl === undefined ? {} : { PUBLIC_URL: publicUrl }),
  }
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quoted(name, value)}\n`)
  return `# ${credentials.slug}, registered by set-up. Secret: whoever reads this file can act as the App.\n${lines.join('')}`
}

/** parseEnv turns `\n` into a line break inside double quotes only, and knows no other escape. */
function quoted(name: string, value: string): string {
  const written = value.replaceAll('\n', '\\n')
  const quote = written === value ? [`"`, `'`, '`'].find((mark) => !value.includes(mark)) : `"`
  if (quote === undefined || written.includes(quote) || value.includes('\\') || value.includes('\r')) {
    throw new Error(`${name} has a character that app.env cannot carry`)
  }
  return quote + written + quote
}

/**
 * Runs `make` and writes its result to DATA_DIR/app.env: whole or not at all, readable by its owner only, never over an
 * existing file. The file is opened before `make` runs, because GitHub gives the credentials once, and a folder that
 * cannot be written must be found first. Throws UnwritableError, or what `make` throws.
 */
export async function saveCredentials<T extends AppEnvironment>(dataDir: string, make: () => Promise<T>): Promise<T> {
  const draft = `${credentialsFile(dataDir)}.${randomUUID()}`
  const handle = await openDraft(dataDir, draft)
  try {
    const made = await make()
    await writeAndPlace(handle, { text: appEnv(made), draft, file: credentialsFile(dataDir) })
    return made
  } finally {
    await handle.close()
    await rm(draft, { force: true })
  }
}

/**
 * The error when app.env could not be written. It is not `retryable` once GitHub made the App, because the code is used
 * up.
 */
export class UnwritableError extends UserError {
  override name = 'UnwritableError'
  readonly retryable: boolean

  constructor(message: string, options: { cause: unknown; retryable: boolean }) {
    super(message, { cause: options.cause })
    this.retryable = options.retryable
  }
}

async function openDraft(dataDir: string, draft: string): Promise<FileHandle> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    return await open(draft, 'wx', 0o600)
  } catch (cause) {
    const message = `The bridge cannot write to its folder ${dataDir}. Make it writable for the user that runs it, then try again.`
    throw new UnwritableError(message, { cause, retryable: true })
  }
}

async function writeAndPlace(handle: FileHandle, { text, draft, file }: { text: string; draft: string; file: string }) {
  try {
    await handle.writeFile(text)
    await handle.sync()
    await placeWithoutOverwriting(draft, file)
  } catch (cause) {
    const message =
      `GitHub registered the App, but ${file} could not be written or was there already. Delete the new App in ` +
      'GitHub’s developer settings, then start again.'
    throw new UnwritableError(message, { cause, retryable: false })
  }
}

async function placeWithoutOverwriting(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error
    // A file system without hard links.
    await copyFile(draft, file, constants.COPYFILE_EXCL)
  }
}
