/**
 * The first id of each kind. They are far apart, so that a pull request's id is never mistaken for its issue's or its
 * comment's; steps are uneven as on GitHub, where others create things in between.
 */
const first = {
  account: 90_000_001,
  team: 8_100_001,
  repository: 712_000_003,
  installation: 51_000_007,
  app: 940_011,
  label: 6_840_000_013,
  issue: 2_410_000_017,
  pull: 1_910_000_019,
  comment: 3_510_000_023,
  review: 2_810_000_029,
  reviewComment: 2_110_000_031,
  reaction: 260_000_037,
  event: 15_200_000_041,
  checkRun: 31_400_000_043,
  checkSuite: 29_600_000_047,
  status: 33_200_000_059,
  attempt: 183_000_000_053,
} as const

type IdKind = keyof typeof first
export type Ids = (kind: IdKind) => number

/** `last`: the last id of each kind; ids go on from there, and it is updated. */
export function createIds(last: Record<string, number>): Ids {
  return (kind) => (last[kind] = last[kind] === undefined ? first[kind] : last[kind] + 3 + (last[kind] % 5))
}

/** A global node id in GitHub's new format: a prefix for the type, then the numbers in base64. */
export function nodeId(prefix: string, ...numbers: number[]): string {
  const bytes = Buffer.alloc(numbers.length * 6)
  numbers.forEach((number, at) => bytes.writeUIntBE(number, at * 6, 6))
  return `${prefix}_kw${bytes.toString('base64url')}`
}
