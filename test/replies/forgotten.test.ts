import { describe, expect, it } from 'vitest'
import { forgottenText, proofOf } from '../../src/replies/forgotten.ts'

const CHECKED = { commits: 3, files: 12, remotes: [], commentStays: false }

describe('what forgetting says', () => {
  it('tells the operator of somebody else', () => {
    const checked = { ...CHECKED, remotes: ['origin'], commentStays: true }
    expect(proofOf(checked, 'them')).toMatchInlineSnapshot(`
      [
        "Proof: no row, no former version, and nothing of them in the 12 files that were read.",
        "The pile was copied to 1 place that we cannot reach. Forget them there, too.",
        "A comment of ours on GitHub that tells of an import could not be changed. It can be deleted there.",
      ]
    `)
    expect(proofOf(checked, 'you').at(-1)).toBe(proofOf(checked, 'them').at(-1))
  })

  it('names the proof, and what stays and why', () => {
    const proof = proofOf(CHECKED, 'you')
    expect(forgottenText({ removed: true, takesPart: true, proof })).toMatchInlineSnapshot(`
      "Your imported profile is removed, with its history: it is imported no more, until you say \`/wl join\`.
      - Proof: no row, no former version, and nothing of you in the 12 files that were read.
      - What stays: your rig, claims, submitted work and stamps. Others earned or gave them with you, and that ledger is append-only, so its history cannot be changed. You go on taking part; to take no further part is another choice: \`/wl decline\`."
    `)
  })

  it('says nothing of taking part to who takes none', () => {
    for (const removed of [true, false]) {
      const text = forgottenText({ removed, takesPart: false, proof: [] })
      expect(text).toContain('You declined to take part, and that stays so')
      expect(text).not.toContain('go on taking part')
    }
  })

  it('does not claim to have read files of a server that is not ours, and names copies', () => {
    expect(proofOf({ ...CHECKED, files: undefined, remotes: ['origin'] }, 'you')).toMatchInlineSnapshot(`
      [
        "Proof: no row, no former version. The files of the ledger server are not ours to read; its backups neither.",
        "The pile was copied to 1 place that we cannot reach. Ask the operator.",
      ]
    `)
  })
})
