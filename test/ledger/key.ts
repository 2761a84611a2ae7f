/** What a ledger of a test is signed with where no bridge has its own. */
export const KEY = Buffer.alloc(32, 7)

/** A message of the bridge's without its signature and what only signed commits say. */
export function unsigned(message: unknown): string {
  return String(message)
    .split('\n')
    .filter((line) => !/^(?:Signed|Rig|Link): /.test(line))
    .join('\n')
    .trimEnd()
}
