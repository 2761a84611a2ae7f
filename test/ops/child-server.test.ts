import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ServerFailed, startChildServer, type ChildServer } from '../../src/ops/child-server.ts'
import { endOrphan, recordProcess } from '../../src/ops/orphan.ts'
import { answers, keptPort } from '../../src/ops/port.ts'
import { identify } from '../../src/ops/process-identity.ts'
import { fakeServer, isAlive, silent, until } from './fake-server.ts'
import { runFixture } from './run-fixture.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // real servers, on machines that may be busy

const SUPERVISE = fileURLToPath(new URL('supervise.fixture.ts', import.meta.url))

let dir: string
let port: number
let server: ChildServer | undefined

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'child-server-'))
  port = await keptPort(join(dir, 'port'))
})

afterEach(async () => {
  await server?.stop()
  server = undefined
  rmSync(dir, { recursive: true, force: true })
})

describe('a supervised server', () => {
  it('answers once started, and stopping leaves neither process nor record', async () => {
    server = await startChildServer(fakeServer(dir, port))
    const pid = server.pid()
    expect(await answers(port)).toBe(true)
    expect(server.healthy()).toBe(true)
    expect(readFileSync(join(dir, 'server.json'), 'utf8')).toContain(`"pid":${pid}`)
    await server.stop()
    expect(isAlive(pid)).toBe(false)
    expect(server.state()).toBe('stopped')
    expect(existsSync(join(dir, 'server.json'))).toBe(false)
  })

  it('is back on the same port by itself when it was killed', async () => {
    server = await startChildServer(fakeServer(dir, port))
    const first = server.pid()!
    process.kill(first, 'SIGKILL')
    await until(() => server!.pid() !== first && server!.healthy())
    expect(await answers(port)).toBe(true)
  })

  it('is killed when it does not listen to the stop signal', async () => {
    writeFileSync(join(dir, 'deaf'), '')
    server = await startChildServer({ ...fakeServer(dir, port), stopWithinMs: 100 })
    const pid = server.pid()
    await server.stop()
    expect(isAlive(pid)).toBe(false)
  })

  it('that dies again and again is said to fail, is tried further and comes back when it can', async () => {
    server = await startChildServer(fakeServer(dir, port))
    writeFileSync(join(dir, 'broken'), '')
    process.kill(server.pid()!, 'SIGKILL')
    await until(() => server!.state() === 'failing')
    expect(server.healthy()).toBe(false)
    rmSync(join(dir, 'broken'))
    await until(() => server!.healthy())
  })

  it('can be stopped while it is down', async () => {
    server = await startChildServer(fakeServer(dir, port))
    writeFileSync(join(dir, 'broken'), '')
    process.kill(server.pid()!, 'SIGKILL')
    await until(() => server!.state() === 'restarting')
    await server.stop()
    expect(server.pid()).toBeUndefined()
    expect(await answers(port)).toBe(false)
  })

  it('that does not start is an error with its last words', async () => {
    writeFileSync(join(dir, 'broken'), '')
    const failure = await startChildServer(fakeServer(dir, port)).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ServerFailed)
    expect((failure as ServerFailed).message).toBe(
      `Fake ended with exit code 3; its log is ${join(dir, 'server.log')}.`,
    )
    expect((failure as ServerFailed).output).toBe('I am broken')
  })

  it('that cannot be run at all is an error', async () => {
    const spec = { ...fakeServer(dir, port), command: join(dir, 'no-such-program') }
    await expect(startChildServer(spec)).rejects.toThrow('Fake ended with exit code 127')
  })

  it('never runs when it could not be noted down', async () => {
    const spec = { ...fakeServer(dir, port), recordFile: join(dir, 'missing', 'server.json') }
    await expect(startChildServer(spec)).rejects.toThrow('ENOENT')
    expect(await answers(port)).toBe(false)
  })

  it('starts a new log when the old one is large', async () => {
    writeFileSync(join(dir, 'server.log'), 'x'.repeat(11 * 1024 * 1024))
    server = await startChildServer(fakeServer(dir, port))
    expect(readFileSync(join(dir, 'server.log'), 'utf8')).toBe('')
    expect(existsSync(join(dir, 'server.log.1'))).toBe(true)
  })
})

describe('at our own end', () => {
  it.each(['exit', 'throw'])('by %s the server ends too', async (how) => {
    const us = runFixture(SUPERVISE, [dir, String(port), how])
    const { pid } = (await us.nextLine()) as { pid: number }
    await us.ended
    await until(() => !isAlive(pid))
  })

  it('by SIGKILL the server lives on, and the next start ends it', async () => {
    const us = runFixture(SUPERVISE, [dir, String(port)])
    const { pid } = (await us.nextLine()) as { pid: number }
    us.child.kill('SIGKILL')
    await us.ended
    expect(isAlive(pid)).toBe(true)
    await endOrphan(fakeServer(dir, port))
    server = await startChildServer(fakeServer(dir, port))
    expect(isAlive(pid)).toBe(false)
    expect(await answers(port)).toBe(true)
  })
})

describe('the orphan of a crashed run', () => {
  const ending = () => ({
    recordFile: join(dir, 'record.json'),
    name: 'Fake',
    stopSignal: 'SIGTERM' as const,
    stopWithinMs: 1_000,
    log: silent,
  })

  it.each([
    { change: 'start time', with: { startTime: 'another boot 1' }, survives: true },
    { change: 'command line', with: { command: 'sleep 61' }, survives: true },
    { change: 'nothing', with: {}, survives: false },
  ])('is ended only when all matches: changed $change', async ({ with: changed, survives }) => {
    const stranger = spawn('sleep', ['60'])
    const pid = stranger.pid!
    recordProcess(ending().recordFile, { pid, ...identify(pid)!, ...changed })
    await endOrphan(ending())
    expect(isAlive(pid)).toBe(survives)
    expect(existsSync(ending().recordFile)).toBe(false)
    stranger.kill('SIGKILL')
  })

  it('is killed when it does not listen', async () => {
    const deaf = spawn('sh', ['-c', 'trap "" TERM; echo on; while :; do sleep 0.1; done'])
    await new Promise((resolve) => deaf.stdout.once('data', resolve))
    recordProcess(ending().recordFile, { pid: deaf.pid!, ...identify(deaf.pid!)! })
    await endOrphan({ ...ending(), stopWithinMs: 100 })
    expect(isAlive(deaf.pid)).toBe(false)
  })

  it('is there while it shows no command: of a process that is ending, Linux takes that before its port', async () => {
    const nameless = spawn(process.execPath, ['-e', `process.title = ''; setTimeout(() => {}, 60_000); console.log()`])
    await new Promise((resolve) => nameless.stdout.once('data', resolve))
    recordProcess(ending().recordFile, { pid: nameless.pid!, ...identify(nameless.pid!)!, command: 'dolt sql-server' })
    await endOrphan(ending())
    expect(isAlive(nameless.pid)).toBe(false)
    nameless.kill('SIGKILL')
  })

  it('with a record that nobody can read is left alone', async () => {
    writeFileSync(ending().recordFile, '{"pid":1')
    await endOrphan(ending())
    expect(existsSync(ending().recordFile)).toBe(false)
  })
})

describe('the port', () => {
  it('is kept while it is free and changed when somebody else has it', async () => {
    expect(await keptPort(join(dir, 'port'))).toBe(port)
    server = await startChildServer(fakeServer(dir, port))
    const other = await keptPort(join(dir, 'port'))
    expect(other).not.toBe(port)
    expect(readFileSync(join(dir, 'port'), 'utf8')).toBe(`${other}\n`)
  })
})
