import { sha256 } from '../domain/hash.ts'
import type { ChangedFile } from '../github/changes.ts'

/**
 * What a pull request changes against its merge base, as one hash: of each file in order of its path the lines
 * added and removed, without what is around them. A rebase, a squash or a merge of the base keeps it; a line that
 * is pushed changes it. A file without a patch counts by its blob.
 */
export function diffHash(files: readonly ChangedFile[]): string {
  const parts = files
    .map((file) => [file.path, file.from ?? '', file.status, ...changesOf(file)])
    .toSorted(([a], [b]) => (a! < b! ? -1 : 1))
  return sha256(JSON.stringify(parts))
}

function changesOf({ patch, sha }: ChangedFile): string[] {
  if (patch === undefined) return [sha ?? '']
  return patch.split('\n').filter((line) => /^[+-]/.test(line))
}
