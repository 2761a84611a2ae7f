/** The rows that an import writes of one person into the profile store; `importers/github/sheet-json.ts` makes them. */
export interface CharacterSheetRow {
  /** `github.com`, or a GHES. */
  host: string
  /** The person's numeric id; the login may be renamed. */
  id: number
  login: string
  displayName: string
  /** `boot_blocks.sheet_json`. `fetched_at` is ISO 8601. */
  json: object & { source: { fetched_at: string } }
  /** Between 0 and 1. */
  confidence: number
  /** Each skill once. */
  stamps: readonly ImportedSkill[]
  /** sha256 of all fields above except `fetched_at`. */
  hash: string
}

export interface ImportedSkill {
  /** In lower case, as a skill tag is written. */
  skill: string
  /** Integers from 1 to 5. */
  valence: { quality: number; reliability: number; creativity: number }
  confidence: number
  /** One line. */
  message: string
}

/** Author of the stamps of an imported sheet, one a skill: an agent that exists in the profile store only. */
export const IMPORTER = 'system-github-importer'
