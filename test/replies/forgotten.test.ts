import { describe, expect, it } from 'vitest'
import { forgottenText, proofOf } from '../../src/replies/forgotten.ts'

describe('what forgetting says', () => {
  it('names the proof, and what stays and why', () => {
    const proof = proofOf({ commits: 3, files: 12, remotes: [] })
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
    expect(proofOf({ commits: 3, files: undefined, remotes: ['origin'] })).toMatchInlineSnapshot(`
      [
        "Proof: no row, no former version. The files of the ledger server are not ours to read; its backups neither.",
        "The pile was copied to 1 place that we cannot reach. Ask the operator.",
      ]
    `)
  })
})
