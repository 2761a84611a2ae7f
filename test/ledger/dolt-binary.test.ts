import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import { findDolt, findInstalledDolt } from '../../src/ledger/dolt/dolt-binary.ts'
import { PINNED } from '../../src/ledger/dolt/dolt-version.ts'

const NOWHERE = 'http://127.0.0.1:64999'

let home: string
let servers: Server[] = []

beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'find-dolt-'))))
afterEach(() => {
  for (const server of servers) server.close().closeAllConnections()
  servers = []
  rmSync(home, { recursive: true, force: true })
})

const cached = () => join(home, 'cache', 'wasteland-bridge', `dolt-${PINNED.version}`, 'dolt')

const where = () => ({
  path: join(home, 'bin'),
  cacheDir: join(home, 'cache'),
  platform: 'linux',
  arch: 'x64',
  releaseBase: NOWHERE,
  goBinary: join(home, 'no-go'),
})

function program(file: string, script: string): string {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}

const fakeDolt = (file: string, version: string) => program(file, `echo "dolt version ${version}"`)

/** A `go` that counts its runs, takes a moment and installs a fake Dolt. */
const fakeGo = (version: string = PINNED.version) =>
  program(
    join(home, 'go'),
    `echo "$@" >> ${home}/go-runs; sleep 0.3
     printf '#!/bin/sh\\necho dolt version ${version}\\n' > "$GOBIN/dolt"; chmod +x "$GOBIN/dolt"`,
  )

async function releaseHost(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function releaseArchive(version: string): Buffer {
  fakeDolt(join(home, 'release', 'dolt-linux-amd64', 'bin', 'dolt'), version)
  const archive = join(home, 'release.tar.gz')
  execFileSync('tar', ['-czf', archive, '-C', join(home, 'release'), 'dolt-linux-amd64'])
  return readFileSync(archive)
}

describe('Dolt is found', () => {
  it('on PATH, where it is new enough', async () => {
    const bin = fakeDolt(join(home, 'bin', 'dolt'), '1.83.0')
    expect(await findDolt(where())).toEqual({ bin, version: '1.83.0', from: 'path' })
  })

  it('further on in PATH, when the first one is too old', async () => {
    fakeDolt(join(home, 'old', 'dolt'), '1.82.9')
    const bin = fakeDolt(join(home, 'bin', 'dolt'), '2.10.1')
    const path = `${join(home, 'old')}:${join(home, 'bin')}`
    expect(await findDolt({ ...where(), path })).toEqual({ bin, version: '2.10.1', from: 'path' })
  })

  it('on PATH, the newest there, before the pinned one that was fetched', async () => {
    fakeDolt(cached(), PINNED.version)
    fakeDolt(join(home, 'old', 'dolt'), '1.90.0')
    const bin = fakeDolt(join(home, 'bin', 'dolt'), '2.3.0')
    fakeDolt(join(home, 'other', 'dolt'), '2.3.0')
    const path = ['old', 'bin', 'other'].map((folder) => join(home, folder)).join(':')
    expect(await findDolt({ ...where(), path })).toEqual({ bin, version: '2.3.0', from: 'path' })
    expect(await findInstalledDolt({ ...where(), path })).toEqual({ bin, version: '2.3.0', from: 'path' })
  })

  it('in the cache, when the one on PATH is too old', async () => {
    fakeDolt(join(home, 'bin', 'dolt'), '0.99.0')
    fakeDolt(cached(), '2.2.0')
    expect(await findDolt(where())).toEqual({ bin: cached(), version: '2.2.0', from: 'cache' })
  })

  it('in the official release, which then lies in the cache', async () => {
    const archive = releaseArchive('2.2.0')
    const asked: (string | undefined)[] = []
    const releaseBase = await releaseHost((request, response) => {
      asked.push(request.url)
      response.end(archive)
    })
    const lines: string[] = []
    const found = await findDolt({ ...where(), releaseBase, report: (line) => lines.push(line) })
    expect(found).toEqual({ bin: cached(), version: '2.2.0', from: 'release' })
    expect(asked).toEqual(['/v2.2.0/dolt-linux-amd64.tar.gz'])
    expect(lines).toEqual(['downloading the release of Dolt 2.2.0, 0 MB …', `Dolt 2.2.0 is ready in ${cached()}`])
    expect((await findDolt(where())).from).toBe('cache')
  })

  it('built with go install of the pinned version, when there is no release to be had', async () => {
    const releaseBase = await releaseHost((_, response) => response.writeHead(404).end())
    const found = await findDolt({ ...where(), releaseBase, goBinary: fakeGo() })
    expect(found).toEqual({ bin: cached(), version: '2.2.0', from: 'go' })
    expect(readFileSync(join(home, 'go-runs'), 'utf8')).toBe(`install ${PINNED.module}\n`)
  })

  it('built anew, when the cached one is broken', async () => {
    program(cached(), 'echo "Illegal instruction" >&2; exit 132')
    expect((await findDolt({ ...where(), goBinary: fakeGo() })).from).toBe('go')
    expect((await findDolt(where())).from).toBe('cache')
  })

  it('built with Go, when the release is of another version or no archive at all', async () => {
    const archive = releaseArchive('9.9.9')
    const releaseBase = await releaseHost((_, response) => response.end(archive))
    expect((await findDolt({ ...where(), releaseBase, goBinary: fakeGo() })).from).toBe('go')
    rmSync(cached())
    const garbage = await releaseHost((_, response) => response.end('<html>'))
    expect((await findDolt({ ...where(), releaseBase: garbage, goBinary: fakeGo() })).from).toBe('go')
  })

  it('built once, when several look for it at the same time', async () => {
    const go = { ...where(), goBinary: fakeGo() }
    const found = await Promise.all([findDolt(go), findDolt(go), findDolt(go)])
    expect(found.map(({ from }) => from).toSorted()).toEqual(['cache', 'cache', 'go'])
    expect(readFileSync(join(home, 'go-runs'), 'utf8').trim().split('\n')).toHaveLength(1)
  })

  it('and leaves nothing half done in the cache', async () => {
    await findDolt({ ...where(), goBinary: fakeGo() })
    await findDolt({ ...where(), cacheDir: join(home, 'other') }).catch(() => {})
    expect(readdirSync(join(home, 'cache', 'wasteland-bridge')).toSorted()).toEqual(['dolt-2.2.0', 'dolt.lock'])
    expect(readdirSync(join(home, 'other', 'wasteland-bridge'))).toEqual(['dolt.lock'])
  })
})

describe('when Dolt cannot be had', () => {
  it('the error names the four ways and why each failed', async () => {
    fakeDolt(join(home, 'bin', 'dolt'), '1.50.0')
    const failure = await findDolt(where()).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(UserError)
    expect((failure as Error).message.replaceAll(home, '~')).toMatchInlineSnapshot(`
      "Dolt 1.83 or newer is needed and none of the ways to get it worked:
        1. PATH: ~/bin/dolt is 1.50.0, and 1.83 or newer is needed
        2. cache: there is no ~/cache/wasteland-bridge/dolt-2.2.0/dolt yet
        3. official release: http://127.0.0.1:64999/v2.2.0/dolt-linux-amd64.tar.gz: connect ECONNREFUSED 127.0.0.1:64999
        4. go install: there is no Go here (go.dev/dl)
      Install Dolt so that it is on PATH (https://docs.dolthub.com/introduction/installation), or Go 1.26.2 and a C compiler so that it can be built, or let LEDGER_URL name a Dolt server that runs elsewhere."
    `)
  })

  it('a failing build is told with its last words', async () => {
    const goBinary = program(join(home, 'go'), 'echo "cgo: C compiler \\"gcc\\" not found" >&2; exit 1')
    await expect(findDolt({ ...where(), goBinary })).rejects.toThrow('4. go install: cgo: C compiler "gcc" not found')
  })

  it('a platform without a release is told so', async () => {
    await expect(findDolt({ ...where(), platform: 'sunos' })).rejects.toThrow('there is no release for sunos on x64')
  })

  it('a cache folder that cannot be made is told', async () => {
    writeFileSync(join(home, 'cache'), 'a file')
    await expect(findDolt(where())).rejects.toThrow(/3\. cache folder .*: (ENOTDIR|EEXIST)/)
  })
})
