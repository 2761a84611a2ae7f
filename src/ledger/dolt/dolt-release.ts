import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { outputOf, PINNED } from './dolt-version.ts'

export const RELEASES = 'https://github.com/dolthub/dolt/releases/download'

const ANSWER_WITHIN_MS = 8_000
const BODY_WITHIN_MS = 10 * 60_000

const SYSTEMS: Record<string, string> = { linux: 'linux', darwin: 'darwin' }
const MACHINES: Record<string, string> = { x64: 'amd64', arm64: 'arm64' }

type Download = {
  into: string
  platform: string
  arch: string
  releaseBase: string
  onBytes: (sum: number) => void
}

/**
 * Downloads the official release into the folder `into` and gives the path of its binary, not yet tried.
 * Throws with the reason; where the host cannot be reached, within 8 seconds.
 */
export async function downloadRelease({ into, platform, arch, releaseBase, onBytes }: Download): Promise<string> {
  const [system, machine] = [SYSTEMS[platform], MACHINES[arch]]
  if (!system || !machine) throw new Error(`there is no release for ${platform} on ${arch}`)
  const name = `dolt-${system}-${machine}`
  const archive = join(into, `${name}.tar.gz`)
  await download(`${releaseBase}/v${PINNED.version}/${name}.tar.gz`, archive, onBytes)
  await outputOf('tar', ['-xzf', archive, '-C', into], { PATH: '/usr/local/bin:/usr/bin:/bin' })
  return join(into, name, 'bin', 'dolt')
}

async function download(url: string, file: string, onBytes: (sum: number) => void): Promise<void> {
  const giveUp = new AbortController()
  let timer = setTimeout(() => giveUp.abort(new Error('no answer within 8 seconds')), ANSWER_WITHIN_MS)
  try {
    const response = await fetch(url, { signal: giveUp.signal })
    clearTimeout(timer)
    if (!response.ok || !response.body) throw new Error(`it answered ${response.status}`)
    timer = setTimeout(() => giveUp.abort(new Error('it took more than 10 minutes')), BODY_WITHIN_MS)
    let sum = 0
    const body = Readable.fromWeb(response.body).on('data', (chunk: Buffer) => onBytes((sum += chunk.length)))
    await pipeline(body, createWriteStream(file))
  } catch (error) {
    throw new Error(`${url}: ${reasonOf(error)}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** The reason of a failed fetch: its message is only "fetch failed", the reason is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message
}
