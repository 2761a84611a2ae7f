import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'

/** Where there is no commit, as in a tarball, the seed is always the same. */
const WITHOUT_COMMIT = 20261128

/**
 * Of everything in the tests that is drawn: kill points, properties, lifetimes. vitest.config.ts prints it and hands it
 * to every worker. By default it comes from the commit, so that each push plays others and a failure can be played
 * again; TEST_SEED=<number> plays those of another.
 */
export const SEED = Number(process.env['TEST_SEED'] ?? seedOfCommit())

export function seedOfCommit(): number {
  try {
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: 'pipe',
    })
    return Number.parseInt(commit.slice(0, 7), 16)
  } catch {
    return WITHOUT_COMMIT
  }
}

/** Numbers from 0 to below 1: for one seed and name always the same ones. */
export function randomOf(name: string, seed: number = SEED): () => number {
  let drawn = 0
  return () => {
    const digest = createHash('sha256').update(`${seed}:${name}:${drawn++}`).digest()
    return digest.readUInt32BE() / 2 ** 32
  }
}
