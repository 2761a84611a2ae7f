import { describe, expect, it } from 'vitest'
import { readArguments, usage, WrongArguments } from '../../bench/arguments.ts'

const BENCHES = {
  commit: { takesLatency: true, about: 'stamps' },
  rush: { takesLatency: true, about: 'many stamps' },
  growth: { takesLatency: false, about: 'a large ledger' },
}
const read = (...argv: string[]) => readArguments(argv, BENCHES)

describe('arguments of npm run bench', () => {
  it('are all benches without a name, and with a latency those that take it', () => {
    const plain = { quick: false, profile: false, latency: undefined }
    expect(read()).toEqual({ ...plain, names: ['commit', 'rush', 'growth'] })
    expect(read('--latency=0')).toEqual({ ...plain, names: ['commit', 'rush'], latency: 0 })
  })

  it('are in the order given, each bench once, flags anywhere', () => {
    expect(read('rush', '--quick', 'commit', 'rush', '--latency', '80', '--profile')).toEqual({
      names: ['rush', 'commit'],
      quick: true,
      profile: true,
      latency: 80,
    })
  })

  it('are explained', () => {
    expect(read('--help', 'nothing')).toBe('help')
    for (const word of ['commit', 'a large ledger', '--latency=<ms>', '--profile'])
      expect(usage(BENCHES)).toContain(word)
  })

  it.each([
    [['comit'], 'There is no bench "comit". Expected some of commit, rush, growth, or none for all.'],
    [['toString'], 'There is no bench "toString". Expected some of commit, rush, growth, or none for all.'],
    ...['fast', '-1', '1e3', '80ms', '', '10001'].map(
      (given) =>
        [
          [`--latency=${given}`],
          `--latency takes whole milliseconds from 0 to 10000, such as --latency=80, and was "${given}".`,
        ] as const,
    ),
    [
      ['growth', '--latency=80'],
      'The bench "growth" takes no --latency, for GitHub\'s answers are no part of what it measures. It is for commit, rush.',
    ],
    [
      ['--profiles'],
      "Unknown option '--profiles'. Expected --latency=<ms>, --quick, --profile and names of benches; --help lists them.",
    ],
    [
      ['--quick=5'],
      "Option '--quick' does not take an argument. Expected --latency=<ms>, --quick, --profile and names of benches; --help lists them.",
    ],
    [
      ['--latency'],
      "Option '--latency <value>' argument missing. Expected --latency=<ms>, --quick, --profile and names of benches; --help lists them.",
    ],
  ] as const)('%j: a sentence says what is wrong', (argv, message) => {
    expect(() => read(...argv)).toThrow(new WrongArguments(message))
  })
})
