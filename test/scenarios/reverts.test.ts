import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NewCommit } from '../../local-github/actor.ts'
import { runBeside } from './cli.ts'
import { message, openPull, OWNER, postItem, recorded, startWorld, vouchForRows, type World } from './world.ts'

const FILE = 'src/count.ts'
/** What takes back the work of `merged`, in a commit. */
const WITHOUT = { [FILE]: null }
const WITH = { [FILE]: 'export const n = 1\nexport const m = 2\n' }

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
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}`, file: FILE })
    await world.idle()
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    const sha = ada.merge(repo, number)
    await world.idle()
    return { repo, id, number, sha }
  }

  /** A pull request of ada's that takes back a merged one, merged. */
  async function mergedRevert(
    repo: string,
    target: number,
    about: { title?: string; body?: string; files?: NewCommit['files'] } = {},
  ) {
    const { number } = ada.revertPullRequest(repo, target, about)
    ada.merge(repo, number)
    await world.idle()
    return number
  }

  /** A pull request of somebody's that has nothing to do with any other, merged. */
  async function mergedOther(repo: string, login = OWNER, body = '') {
    const number = openPull(world, repo, login, { title: 'Other', body })
    ada.merge(repo, number)
    await world.idle()
    return number
  }

  const ask = (repo: string, number: number) => world.said(repo, number).filter((text) => text.includes('was reverted'))

  it('by GitHub’s own link is flagged and asked about once; its stamp stays', async () => {
    const { repo, id, number } = await merged('linked')
    const before = await recorded(world, id)
    const revert = await mergedRevert(repo, number)
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
    const first = await mergedRevert(repo, number)
    expect(world.said(repo, number)[0]).toContain('Reverted by')
    const second = await mergedRevert(repo, first, { title: 'Reapply "Count"' })
    expect(world.said(repo, number)[0]).not.toContain('Reverted by')
    expect(ask(repo, number)).toEqual([expect.stringContaining('and is back')])
    await mergedRevert(repo, second)
    expect(world.said(repo, number)[0]).toContain('Reverted by')
  })

  it('by a pushed commit is found by git’s trailer', async () => {
    const { repo, number, sha } = await merged('pushed')
    const revert = ada.commit(repo, {
      message: `Revert "Count"\n\nThis reverts commit ${sha}.`,
      files: WITHOUT,
    })
    await world.idle()
    expect(world.said(repo, number)[0]).toMatch(/Reverted by http\S+\/commit\/[0-9a-f]{40}/)
    ada.commit(repo, { message: `Reapply "Count"\n\nThis reverts commit ${revert}.`, files: WITH })
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
      commits: [{ message: trailer, files: WITHOUT }],
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
      const number = openPull(world, repo, 'bob', { file: FILE })
      const sha = ada.merge(repo, number)
      await world.idle()
      await reverts(repo, number, sha)
      ada.label(repo, number, `wl:${id}`)
      await world.idle()
      return { status: world.said(repo, number)[0], asked: ask(repo, number), id }
    }
    const linked = await later('later', async (repo, number) => {
      await mergedRevert(repo, number)
    })
    expect(linked.status).toContain('Reverted by')
    expect(linked.asked).toHaveLength(1)
    const notes = await world.sql('SELECT 1 FROM dolt_log WHERE message LIKE ?', [`%${linked.id}%Reverted-By:%`])
    expect(notes).toHaveLength(1)
    const back = await later('later-back', async (repo, number) => {
      const first = await mergedRevert(repo, number)
      await mergedRevert(repo, first, { title: 'Reapply "Count"' })
    })
    expect(back.status).toContain('**In review**')
    expect(back.status).not.toContain('Reverted by')
    const pushed = await later('later-pushed', async (repo, _number, sha) => {
      ada.commit(repo, { message: `Revert "Count"\n\nThis reverts commit ${sha}.`, files: WITHOUT })
      await world.idle()
    })
    expect(pushed.status).toMatch(/Reverted by http\S+\/commit\/[0-9a-f]{40}/)
  })

  it('in words only, in another repository or not merged is not', async () => {
    const { repo, number } = await merged('words')
    await mergedRevert(repo, number, { title: 'Revert it?', body: `I would not revert #${number}` })
    ada.writeFile(repo, FILE, WITH[FILE])
    await mergedRevert(repo, number, { body: `Reverts ada/other#${number}` })
    ada.writeFile(repo, FILE, WITH[FILE])
    ada.revertPullRequest(repo, number)
    await world.idle()
    expect(world.said(repo, number)[0]).not.toContain('Reverted by')
  })

  it('is not by a description or title that was written after the merge, or that no diff bears out', async () => {
    const { repo, id, number } = await merged('attacked')
    const before = await mergedOther(repo, 'eve')
    const other = await mergedOther(repo, 'eve', `Reverts #${number}\n\nIt does not.`)
    const later = await mergedOther(repo, 'eve')
    for (const one of [before, later]) {
      world.gh.as('eve').editBody(repo, one, `Reverts ${repo}#${number}`)
      world.gh.as('eve').editTitle(repo, one, `Revert "Count (#${number})"`)
    }
    world.gh.as('eve').editBody(repo, other, `Reverts ${repo}#${number}`)
    await world.idle()
    expect(world.said(repo, number)[0]).not.toContain('Reverted by')
    expect(await world.sql('SELECT 1 FROM dolt_log WHERE message LIKE ?', [`%Reverted-By:%/attacked/%`])).toEqual([])
    // Nor clears anybody their own revert so.
    const revert = await mergedRevert(repo, number)
    const cleared = await mergedOther(repo, 'bob', `Reverts #${revert}`)
    world.gh.as('bob').editBody(repo, number, `Wanted: ${id}\nReverts ${repo}#${revert}`)
    world.gh.as('bob').editBody(repo, cleared, `Reverts ${repo}#${revert}`)
    // Who reverts cannot take it back by the text either.
    ada.editBody(repo, revert, 'Nothing is reverted')
    await world.idle()
    expect(world.said(repo, number)[0]).toContain('Reverted by')
    await mergedRevert(repo, revert)
    expect(world.said(repo, number)[0]).not.toContain('Reverted by')
  })

  it('is not by what was once believed: that is withdrawn, once, and a true revert counts after it', async () => {
    const { repo, id, number } = await merged('believed')
    const [completion] = (await recorded(world, id)).completions
    const old = async (revert: string, by: string, page: number, said: 'Reverted-By' | 'Restored-By') => {
      const trailers = [`Completion: ${completion!['id']}`, `Revert: ${revert}`, `By: ${by}`]
      const url = `${said}: ${world.gh.pull(repo, page)['html_url']}`
      const text = [`wl note: ${id}`, '', `Command: old/${by}/${revert}`, ...trailers, url].join('\n')
      await world.sql(`CALL DOLT_COMMIT('--allow-empty', '-m', ?)`, [text])
    }
    const keyOf = (one: number) => `pull_request/${world.gh.pull(repo, one)['id']}`
    const wrong = await mergedOther(repo, 'eve')
    const revert = await mergedRevert(repo, number)
    const cleared = await mergedOther(repo, 'bob')
    await old(keyOf(wrong), keyOf(wrong), wrong, 'Reverted-By')
    await old(keyOf(revert), keyOf(cleared), cleared, 'Restored-By')
    await vouchForRows(world)
    await world.ops('UPDATE reconciled SET reverts_checked = false')
    const standing = () => world.ops('SELECT url FROM reverts WHERE completion = $1 AND stands', [completion!['id']])
    const examine = async () => {
      await runBeside(world, 'reconcile', '--repo', repo)
      await world.idle()
    }
    await examine()
    expect(await standing()).toEqual([{ url: world.gh.pull(repo, revert)['html_url'] }])
    const before = await world.sql('SELECT commit_hash FROM dolt_log')
    await world.ops('UPDATE reconciled SET reverts_checked = false')
    await examine()
    expect(await world.sql('SELECT commit_hash FROM dolt_log')).toEqual(before)
    // What GitHub does not show now is withdrawn no more than it is noted.
    for (const path of [new RegExp(`/pulls/${number}/files`), new RegExp(`/pulls/${revert}/files`)]) {
      const mended = world.gh.fault({ path, status: 422, times: 1_000 })
      await world.ops('UPDATE reconciled SET reverts_checked = false')
      await examine()
      mended()
      expect(await world.sql('SELECT commit_hash FROM dolt_log')).toEqual(before)
    }
    await mergedRevert(repo, revert)
    expect(await standing()).toEqual([])
    expect(world.said(repo, number)[0]).not.toContain('Reverted by')
  })

  it('stays flagged when the operations store is lost', async () => {
    const { repo, number } = await merged('lost')
    await mergedRevert(repo, number)
    await world.ops('DELETE FROM reverts')
    await world.ops('DELETE FROM indexed_heads')
    ada.editTitle(repo, number, 'Count again')
    await world.idle()
    expect(world.said(repo, number)[0]).toContain('Reverted by')
  })
})
