import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { PINNED } from '../src/ledger/dolt/dolt-version.ts'

const root = new URL('../', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, root), 'utf8')

/** Instructions of the last stage, with continued lines joined. */
const instructions = read('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '')
const lastStage = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')))
const argumentsOf = (name: string) =>
  lastStage.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))

const Command = z.tuple([z.literal('node')], z.string())
const execForm = (text: string | undefined) => Command.parse(JSON.parse(text ?? ''))

test('the bridge runs as a plain user that owns its volume', () => {
  expect(argumentsOf('USER')).toEqual(['node'])
  expect(argumentsOf('VOLUME')).toEqual(['/data'])
  expect(argumentsOf('RUN').join('\n')).toContain('install -d -o node -g node -m 700 /data')
})

test('Node is PID 1 and runs the same file as npm start', () => {
  const command = execForm(argumentsOf('CMD')[0])
  const { scripts } = z.object({ scripts: z.object({ start: z.string() }) }).parse(JSON.parse(read('package.json')))
  expect(command.join(' ')).toBe(scripts.start)
  expect(argumentsOf('ENTRYPOINT')).toEqual([])
})

test('its images are of one whole version, the one that a clone runs', () => {
  const { dependencies } = z
    .object({ dependencies: z.object({ node: z.string() }) })
    .parse(JSON.parse(read('package.json')))
  const images = instructions.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1])
  expect(images).toEqual([
    `dolthub/dolt:${PINNED.version}`,
    `node:${dependencies.node}-slim`,
    `node:${dependencies.node}-slim`,
  ])
})

test('it says what it is, and how it is run', () => {
  const { name, license } = z.object({ name: z.string(), license: z.string() }).parse(JSON.parse(read('package.json')))
  const labels = [
    ...argumentsOf('LABEL')
      .join(' ')
      .matchAll(/org\.opencontainers\.image\.(\w+)="([^"]+)"/g),
  ]
  expect(Object.fromEntries(labels.map(([, key, value]) => [key, value]))).toEqual({
    title: name,
    description: expect.stringMatching(/\w/),
    source: '$SOURCE',
    revision: '$REVISION',
    licenses: license,
  })
  // Whoever builds it says where its source is.
  expect(argumentsOf('ARG').map((line) => line.split('=')[0])).toEqual(expect.arrayContaining(['SOURCE', 'REVISION']))
  expect(read('docs/releasing.md')).toMatch(/--build-arg SOURCE=\S+ --build-arg REVISION=/)
  expect(read('Dockerfile')).toMatch(/^# +docker run -p 3000:3000 -v \w+:\/data -e PUBLIC_URL=\S+ wasteland-bridge$/m)
})

test('the variables it sets are in the contract', () => {
  const names = argumentsOf('ENV').flatMap((line) => line.split(' ').map((pair) => pair.split('=')[0]))
  expect(new Set(names)).toEqual(new Set(['DATA_DIR', 'HOST', 'PORT']))
  expect(argumentsOf('ENV')[0]).toContain('DATA_DIR=/data')
})

test('what it copies exists and is let through by .dockerignore', () => {
  const allowed = read('.dockerignore').split('\n')
  const copied = instructions
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
    .flatMap((line) => line.split(' ').slice(1, -1))
  expect(allowed).toContain('*')
  for (const name of copied) {
    expect(allowed).toContain(`!${name}`)
    expect(existsSync(new URL(name, root))).toBe(true)
  }
})

test('the demo’s own GitHub stays out of the image, and nothing that runs there needs it', () => {
  expect(read('.dockerignore')).not.toContain('local-github')
  const files = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' })
  const users = files.filter(
    (name) => name.endsWith('.ts') && /^import (?!type ).*local-github\//m.test(read(`src/${name}`)),
  )
  expect(users).toEqual([])
})

test('what npm makes executable is committed so: npm ci leaves a clean clone clean', () => {
  const { bin } = z.object({ bin: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')))
  for (const path of Object.values(bin)) {
    const listed = execFileSync('git', ['ls-files', '--stage', path], { cwd: root, encoding: 'utf8' })
    expect(listed).toMatch(/^100755 /)
    expect(read(path)).toMatch(/^#!\/usr\/bin\/env /)
  }
})

test.each([
  { title: 'succeeds when /healthz says 200', status: 200, ok: true },
  { title: 'fails when /healthz says 503', status: 503, ok: false },
])('the health check $title', async ({ status, ok }) => {
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.url)
    response.writeHead(status).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = z.object({ port: z.number() }).parse(server.address()).port
  const [, ...parameters] = execForm(/CMD (.*)$/.exec(argumentsOf('HEALTHCHECK')[0] ?? '')?.[1])
  const checked = promisify(execFile)(process.execPath, parameters, { env: { PORT: String(port) } })
  expect(
    await checked.then(
      () => true,
      () => false,
    ),
  ).toBe(ok)
  expect(asked).toEqual(['/healthz'])
  server.close()
})
