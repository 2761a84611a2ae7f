import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { skillText } from '../../src/cli/skill-text.ts'
import { parseCommands } from '../../src/commands/parser/parse.ts'
import { readCommand } from '../../src/commands/parser/read.ts'
import { COMMANDS } from '../../src/commands/registry.ts'
import { FETCHING_MS, installedDolt } from '../ledger/installed-dolt.ts'
import { valuesOf } from '../replies/render.ts'
import { inReview, openPull, OWNER, postItem, readKept, startWorld, type World } from './world.ts'

const run = promisify(execFile)
const text = readFileSync(new URL('../../.claude/skills/wasteland/SKILL.md', import.meta.url), 'utf8')
const fenced = (language: string) =>
  [...text.matchAll(new RegExp(`^ *\`\`\`${language}\\n([^]*?)^ *\`\`\`$`, 'gm'))].map((match) => match[1]!.trim())
const spans = valuesOf(text, 'inlineCode')

describe('the agents’ skill', () => {
  it('is as the tables in code make it', () => {
    expect(text === skillText(), 'run src/cli/docs.ts').toBe(true)
  })

  it('begins with a name and a description that fit', () => {
    const front = parse(/^---\n([^]*?)\n---\n/.exec(text)![1]!) as { name: string; description: string }
    expect(front.name).toMatch(/^[a-z0-9-]{1,64}$/)
    expect(front.description.length).toBeLessThanOrEqual(1024)
    expect(Object.keys(front)).toEqual(['name', 'description'])
  })

  const lines = [
    ...new Set([
      ...fenced('text').flatMap((block) => block.split('\n').map((line) => line.trim())),
      ...spans.filter((span) => /^\/wl \S/.test(span) && !span.includes('…')),
    ]),
  ]

  it('names commands to join, browse, claim, submit and read one’s stamps', () => {
    const names = lines.map((line) => line.split(' ')[1])
    for (const name of ['own', 'board', 'status', 'claim', 'unclaim', 'done', 'sheet', 'decline', 'help'])
      expect(names).toContain(name)
  })

  it.each(lines)('names a command that is read as it stands: %s', async (line) => {
    const [written, ...more] = (await parseCommands(line))!
    expect(more).toEqual([])
    const read = readCommand(COMMANDS, written!)
    expect('error' in read ? read.error : '').toBe('')
  })

  it.each([
    ['the yearbook rule', /Yearbook: nobody stamps their own work/],
    ['the owner rule', /Owner: agents and rigs of one human are one/],
    ['evidence', /Evidence: commits of the pull request/],
    ['caps', /3, 10, 30 open claims; 5, 20, 100 open posts/],
    ['claim lifetimes', /trivial 3, small 7, medium 14, large 30, epic 60 days/],
    ['decline', /`\/wl decline confirm` takes you out/],
    ['two words', /do nothing by themselves: they say what would happen/],
    ['reading only', /Read with SQL; never write with it/],
  ])('says %s', (_rule, words) => {
    expect(text).toMatch(words)
  })
})

describe('on a commons', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  }, 120_000)
  afterAll(() => world.close())

  it('its queries and shell commands run, and find what was done through GitHub', async () => {
    const repo = world.repository('skilled')
    const open = await postItem(world, repo, 'Open', '/wl post tags=typescript')
    const done = await inReview(world, repo, 'octocat', 'Done')
    world.gh.as('mia').comment(repo, done.number, '/wl stamp quality=4')
    await world.idle()
    const held = await postItem(world, repo, 'Held')
    openPull(world, repo, 'octocat', { body: `Wanted: ${held}`, draft: true })
    await world.idle()
    const [rig] = await world.sql(`SELECT hop_uri FROM rigs WHERE handle = 'octocat'`)
    const [, host, id] = /^entity:\/\/([^/]+)\/.*\/(\d+)$/.exec(String(rig!['hop_uri']))!
    const found: Record<string, unknown>[][] = []
    for (const query of fenced('sql')) {
      const mine = query
        .replaceAll('w-0123456789', done.id)
        .replace('entity://github/%/583231', `entity://${host}/%/${id}`)
      found.push(await world.sql(mine))
    }
    const [board, tagged, item, me, holding, stamps, history] = found
    expect(board).toMatchObject([{ id: open, title: 'Open' }])
    expect(tagged).toMatchObject([{ id: open }])
    expect(item).toMatchObject([{ status: 'completed', claimed_by: 'octocat', validated_by: 'mia' }])
    expect(me).toMatchObject([{ handle: 'octocat', trust_level: 1 }])
    expect(holding).toMatchObject([{ id: held, status: 'claimed' }])
    expect(stamps).toMatchObject([{ author: 'mia', wanted_id: done.id }])
    expect(history!.length).toBeGreaterThanOrEqual(3)
    expect(found).toHaveLength(7)
  })

  it(
    'its shell commands run with the Dolt that we use',
    async () => {
      const { bin } = await installedDolt()
      const password = (await readKept(world, 'dolt/password')).trim()
      const env = {
        ...process.env,
        PATH: [dirname(bin), process.env['PATH']].join(delimiter),
        HOME: world.config.dataDir,
        DOLT_ROOT_PATH: world.config.dataDir,
        DOLT_CLI_PASSWORD: password,
        LEDGER_HOST: '127.0.0.1',
        LEDGER_PORT: (await readKept(world, 'dolt/port')).trim(),
        LEDGER_USER: 'root',
      }
      const blocks = fenced('sh')
      expect(blocks).toHaveLength(1)
      for (const block of blocks) {
        const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', block], { env, cwd: world.config.dataDir })
        expect(JSON.parse(stdout)).toMatchObject({
          rows: expect.arrayContaining([{ handle: OWNER, trust_level: '1' }]),
        })
      }
      // Words beside: of `dolt` what it knows itself, of `wl` what its own README shows.
      for (const span of spans.filter((code) => code.startsWith('dolt ')))
        await run(bin, [span.split(' ')[1]!, '--help'], { env: { ...env, DOLT_CLI_PASSWORD: undefined } })
      const theirs = spans.filter((code) => code.startsWith('wl ')).map((code) => code.split(' ')[1])
      expect(theirs).toEqual(['join', 'browse', 'claim', 'done'])
    },
    FETCHING_MS,
  )
})
