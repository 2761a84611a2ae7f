import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inReview, message, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

describe('work that is reverted', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  /** Merged and stamped work of bob's. */
  async function merged(name: string) {
    const repo = world.repository(name)
    const { id, number } = await inReview(world, repo)
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    const sha = ada.merge(repo, number)
    await world.idle()
    return { repo, id, number, sha }
  }

  /** A pull request of ada's, merged. */
  async function mergedRevert(repo: string, title: string, body: string) {
    const number = openPull(world, repo, OWNER, { title, body, file: `revert-${title.length}-${body.length}.ts` })
    ada.merge(repo, number)
    await world.idle()
    return number
  }

  const ask = (repo: string, number: number) => world.said(repo, number).filter((text) => text.includes('was reverted'))

  it('by GitHub’s own link is flagged and asked about once; its stamp stays', async () => {
    const { repo, id, number } = await merged('linked')
    const before = await recorded(world, id)
    const revert = await mergedRevert(repo, 'Revert "Count"', `Reverts ${repo}#${number}`)
    ada.editTitle(repo, revert, 'Revert "Count", for it broke the build')
    await world.idle()
    expect(world.said(repo, number)[0]).toMatch(/- Reverted by http\S+\/pull\/\d+\. Its stamps stay/)
    expect(ask(repo, number)).toHaveLength(1)
    const notes = await world.sql('SELECT message FROM dolt_log WHERE message LIKE ?', ['%Reverted-By:%/linked/pull/%'])
    expect(notes).toHaveLength(1)
    expect(notes[0]!['message']).toMatch(new RegExp(`^wl note: ${id}\n`))
    expect(await recorded(world, id)).toEqual(before)
  })

  it('is cleared by the revert of the revert, and flagged again by a third', async () => {
    const { repo, number } = await merged('thrice')
    const first = await mergedRevert(repo, 'Revert "Count"', `Reverts ${repo}#${number}`)
    expect(world.said(repo, number)[0]).toContain('Reverted by')
    const second = await mergedRevert(repo, 'Reapply "Count"', `Reverts ${repo}#${first}`)
    expect(world.said(repo, number)[0]).not.toContain('Reverted by')
    expect(ask(repo, number)).toEqual([expect.stringContaining('and is back')])
    await mergedRevert(repo, 'Revert "Reapply "Count""', `Reverts ${repo}#${second}`)
    expect(world.said(repo, number)[0]).toContain('Reverted by')
  })

  it('by a pushed commit is found by git’s trailer', async () => {
    const { repo, number, sha } = await merged('pushed')
    const revert = ada.commit(repo, {
      message: `Revert "Count"\n\nThis reverts commit ${sha}.`,
      files: { 'x.ts': '1\n' },
    })
    await world.idle()
    expect(world.said(repo, number)[0]).toMatch(/Reverted by http\S+\/commit\/[0-9a-f]{40}/)
    ada.commit(repo, { message: `Reapply "Count"\n\nThis reverts commit ${revert}.`, files: { 'x.ts': '2\n' } })
    await world.idle()
    expect(world.said(repo, number)[0]).not.toContain('Reverted by')
  })

  it('by a pull request whose commit has the trailer too is noted once', async () => {
    const { repo, id, number, sha } = await merged('both')
    const trailer = `Revert "Count"\n\nThis reverts commit ${sha}.`
    const pull = ada.openPullRequest({
      repo,
      title: 'Revert "Count"',
      body: `Reverts ${repo}#${number}`,
      commits: [{ message: trailer, files: { 'y.ts': '1\n' } }],
    })
    ada.merge(repo, pull.number, 'squash')
    await world.idle()
    expect(await message(world, `wl note: ${id}`)).toContain('Reverted-By')
    const notes = await world.sql('SELECT 1 FROM dolt_log WHERE message LIKE ?', [`%${id}%Reverted-By:%`])
    expect(notes).toHaveLength(1)
  })

  it('before it named an item is flagged once it does, as the last of its reverts has it', async () => {
    const later = async (name: string, reverts: (repo: string, number: number, sha: string) => Promise<void>) => {
      const repo = world.repository(name)
      const id = await postItem(world, repo, 'Count')
      const number = openPull(world, repo, 'bob')
      const sha = ada.merge(repo, number)
      await world.idle()
      await reverts(repo, number, sha)
      ada.label(repo, number, `wl:${id}`)
      await world.idle()
      return { status: world.said(repo, number)[0], asked: ask(repo, number), id }
    }
    const linked = await later('later', async (repo, number) => {
      await mergedRevert(repo, 'Revert "Count"', `Reverts ${repo}#${number}`)
    })
    expect(linked.status).toContain('Reverted by')
    expect(linked.asked).toHaveLength(1)
    const notes = await world.sql('SELECT 1 FROM dolt_log WHERE message LIKE ?', [`%${linked.id}%Reverted-By:%`])
    expect(notes).toHaveLength(1)
    const back = await later('later-back', async (repo, number) => {
      const first = await mergedRevert(repo, 'Revert "Count"', `Reverts ${repo}#${number}`)
      await mergedRevert(repo, 'Reapply "Count"', `Reverts ${repo}#${first}`)
    })
    expect(back.status).toContain('**In review**')
    expect(back.status).not.toContain('Reverted by')
    const pushed = await later('later-pushed', async (repo, _number, sha) => {
      ada.commit(repo, { message: `Revert "Count"\n\nThis reverts commit ${sha}.`, files: { 'x.ts': '1\n' } })
      await world.idle()
    })
    expect(pushed.status).toMatch(/Reverted by http\S+\/commit\/[0-9a-f]{40}/)
  })

  it('in words only, in another repository or not merged is not', async () => {
    const { repo, number } = await merged('words')
    await mergedRevert(repo, 'Revert it?', `I would not revert #${number}`)
    await mergedRevert(repo, 'Revert "Count"', `Reverts ada/other#${number}`)
    openPull(world, repo, 'kim', { title: 'Revert "Count"', body: `Reverts ${repo}#${number}` })
    await world.idle()
    expect(world.said(repo, number)[0]).not.toContain('Reverted by')
  })

  it('stays flagged when the operations store is lost', async () => {
    const { repo, number } = await merged('lost')
    await mergedRevert(repo, 'Revert "Count"', `Reverts ${repo}#${number}`)
    await world.ops('DELETE FROM reverts')
    await world.ops('DELETE FROM indexed_heads')
    ada.editTitle(repo, number, 'Count again')
    await world.idle()
    expect(world.said(repo, number)[0]).toContain('Reverted by')
  })
})
