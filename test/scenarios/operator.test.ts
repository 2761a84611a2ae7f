import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runBeside, runForJson } from './cli.ts'
import { history, message, OWNER, postItem, startWorld, type World } from './world.ts'

describe('the operator at the command line', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
    await postItem(world, world.repository('home'))
  }, 120_000)
  afterAll(() => world.close())

  const run = (...args: string[]) => runBeside(world, ...args)
  const trust = async () =>
    (await world.sql('SELECT trust_level FROM rigs WHERE handle = ?', [OWNER]))[0]?.['trust_level']

  const name = async () => (await world.sql(`SELECT value FROM _meta WHERE \`key\` = 'wasteland_name'`))[0]?.['value']

  it('promotes, suspends and lifts that, each in a Dolt commit of the operator’s authority', async () => {
    expect(await run('promote', `@${OWNER}`, '--level', '3', '--reason', 'Runs this')).toEqual({
      code: 0,
      said: 'ada is the rig ada, trust level 3.\n',
    })
    expect(await trust()).toBe(3)
    expect(await history(world, 'Promote rig: ada')).toEqual(['Promote rig: ada to trust 3 — wasteland-bridge'])
    expect(await message(world, 'Promote rig: ada')).toContain('Authority: operator\nReason: Runs this')
    expect(await run('suspend', OWNER, '--reason', 'Away')).toMatchObject({ code: 0 })
    expect(await trust()).toBe(-1)
    expect(await history(world, 'Suspend rig: ada')).toEqual(['Suspend rig: ada — wasteland-bridge'])
    await run('suspend', OWNER, '--reason', 'Away')
    expect(await history(world, 'Suspend rig: ada')).toHaveLength(1)
    await run('promote', OWNER, '--level', '1', '--reason', 'Back')
    expect(await trust()).toBe(1)
  })

  it('promotes and suspends for programs too, with --json', async () => {
    const because = ['--reason', 'For a program']
    expect(await runForJson(world, 'suspend', OWNER.toUpperCase(), ...because)).toEqual({
      code: 0,
      document: { login: OWNER, rig: 'ada', trustLevel: -1 },
      err: '',
    })
    expect(await runForJson(world, 'promote', `@${OWNER.toUpperCase()}`, '--level', '1', ...because)).toEqual({
      code: 0,
      document: { login: OWNER, rig: 'ada', trustLevel: 1 },
      err: '',
    })
    expect(await trust()).toBe(1)
  })

  it('names the wasteland, once, in a Dolt commit', async () => {
    expect(await run('init', '--name', '  My\nwasteland ')).toEqual({
      code: 0,
      said: 'The wasteland is named My wasteland.\n',
    })
    expect(await name()).toBe('My wasteland')
    expect(await (await fetch(`${world.bridge.url}/`)).text()).toContain('<h1><bdi>My wasteland</bdi></h1>')
    expect((await run('init', '--name', 'My wasteland')).said).toBe('The wasteland is named My wasteland already.\n')
    expect(await history(world, 'Name the wasteland')).toEqual(['Name the wasteland: My wasteland — wasteland-bridge'])
    expect((await run('init', '--name', ' ')).said).toMatch(/^Not understood \(an empty name\)\. Expected:/)
    expect(await name()).toBe('My wasteland')
  })

  it('grants the first trust level 3, by init, once', async () => {
    world.gh.user('mira')
    const said = 'mira is the rig mira, trust level 3, and may stamp in every admitted repository.\n'
    for (let times = 0; times < 2; times++)
      expect(await run('init', '--maintainer', '@mira')).toEqual({ code: 0, said })
    expect(await runForJson(world, 'init', '--maintainer', 'Mira', '--name', 'For programs')).toEqual({
      code: 0,
      document: {
        name: 'For programs',
        nameBefore: 'My wasteland',
        maintainer: { login: 'mira', rig: 'mira', trustLevel: 3 },
      },
      err: '',
    })
    expect(await world.sql(`SELECT trust_level FROM rigs WHERE handle = 'mira'`)).toEqual([{ trust_level: 3 }])
    expect(await history(world, 'Promote rig: mira')).toHaveLength(1)
    expect(await message(world, 'Promote rig: mira')).toContain('Authority: operator')
  })

  it.each([
    [['init', '--maintainer', 'nosuch'], 'GitHub knows no person with the login nosuch. Check its spelling.'],
    [['init', '--maintainer', 'acme'], 'GitHub knows no person with the login acme. Check its spelling.'],
    [
      ['init', '--name', 'Named all the same', '--maintainer', 'nosuch'],
      'GitHub knows no person with the login nosuch',
    ],
    [['init'], 'nothing to do'],
    [
      ['promote', 'nobody-at-all', '--level', '2', '--reason', 'x'],
      'GitHub knows no account with the login nobody-at-all',
    ],
    [['promote', 'mia', '--level', '2', '--reason', 'x'], 'mia has no rig in this wasteland yet'],
    [['suspend', 'mia', '--reason', 'x'], 'mia has no rig'],
    [['suspend', 'acme', '--reason', 'x'], 'acme is an organization'],
    [['promote', OWNER, '--level', '4', '--reason', 'x'], '--level is 1, 2 or 3'],
    [['promote', OWNER, '--reason', 'x'], '--level is 1, 2 or 3'],
    [['promote', OWNER, '--level', '2'], 'a reason is missing'],
    [['suspend', '--reason', 'x'], 'name one login'],
    [['suspend', OWNER, '--level', '2', '--reason', 'x'], 'Expected: wasteland-bridge suspend'],
  ])('is told what is wrong with %s', async (args, words) => {
    world.gh.organization('acme')
    const before = [await trust(), await name()]
    const { code, said } = await run(...args)
    const expected = said.startsWith('Not understood') ? 2 : 1
    expect({ code, said }).toEqual({ code: expected, said: expect.stringContaining(words) })
    expect([await trust(), await name()]).toEqual(before)
  })
})
