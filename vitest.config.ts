import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { SEED } from './test/seed.ts'

/** The first take minutes each: begun last, one would run on alone. */
const BEGUN_FIRST = [/\/test\/operations\/(older|pooled)-postgres\./, /\/test\/(crash|histories)\//]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- vitest's own, which is no array's
    const sorted = await super.sort(files)
    const begins = BEGUN_FIRST.map((pattern) => sorted.filter(({ moduleId }) => pattern.test(moduleId)))
    return [...new Set([...begins.flat(), ...sorted])]
  }
}

/** They start whole programs. Reading these, and GitHub's schemas, once for each file took half of the time. */
const PROGRAMS = ['scenarios', 'crash', 'histories', 'contract', 'faults', 'golden'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
)

/** They start processes, or count those of their own: each has a worker of its own. */
const PROCESSES = ['cli', 'expressions', 'fuzz', 'ledger', 'operations', 'ops'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
)

// Of all that is drawn in tests: a failure is played again with it.
console.log(`TEST_SEED=${SEED}`)

export default defineConfig({
  test: {
    // Real servers on two shared cores.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
    env: { TEST_SEED: String(SEED) },
    setupFiles: ['test/seed.setup.ts'],
    globalSetup: ['test/global.setup.ts'],
    sequence: { sequencer: LongestFirst },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    projects: [
      { extends: true, test: { name: 'programs', include: PROGRAMS, isolate: false } },
      { extends: true, test: { name: 'processes', include: PROCESSES } },
      {
        extends: true,
        test: { name: 'units', include: ['test/**/*.test.ts'], exclude: [...PROGRAMS, ...PROCESSES], isolate: false },
      },
    ],
  },
})
