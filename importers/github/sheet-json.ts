/**
 * `boot_blocks.sheet_json` as the profile reader parses it (`protocol.md`); the reader skips keys that are not in its
 * list, and those are ours.
 */
export interface SheetJson {
  identity: {
    display_name: string
    bio: string | null
    location: string | null
    github_login: string
    account_age_years: number
    social_proof: { followers: number }
  }
  /** Each between 0 and 1, two decimals. All 0 when `not_enough_evidence`. */
  value_dimensions: { quality: number; reliability: number; creativity: number }
  activity_profile: { total_commits: number; total_prs: number }
  notable_projects: { name: string; stars: number; languages: string[]; role: string; impact_tier: string }[]
  skills: {
    primary_languages: {
      language: string
      evidence_score: number
      evidence_summary: string
      proficiency_tier: string
    }[]
    domains: { domain: string; evidence_score: number; evidence_summary: string }[]
    capabilities: { capability: string; evidence_score: number; evidence_summary: string }[]
  }
  /** The keys from here on are ours. */
  source: { url: string; github_id: number; tier: 'deep' | 'bulk'; fetched_at: string; missing: string[] }
  /** The derivation of each dimension: a sentence that a person can check against GitHub, with its share. */
  evidence: { dimension: 'quality' | 'reliability' | 'creativity'; strand: string; score: number; summary: string }[]
  not_enough_evidence: boolean
  /** Oddities for a person to check; they change no number. */
  flags: string[]
}

/** A skill as a stamp for the profile reader: in the profile store only, never earned. */
export interface SkillStamp {
  /** In lower case, as a skill tag is written, with the reader's prefix where it is a domain. */
  skill: string
  /** Integers from 1 to 5. */
  valence: { quality: number; reliability: number; creativity: number }
  /** At most .35. */
  confidence: number
  /** One line. */
  message: string
}

/** The rows that an import writes of one person. */
export interface CharacterSheet {
  host: string
  id: number
  login: string
  displayName: string
  json: SheetJson
  /** Between 0 and 1. */
  confidence: number
  stamps: SkillStamp[]
  /** sha256 of all fields above except `fetched_at`: an equal sheet is not written again. */
  hash: string
}
