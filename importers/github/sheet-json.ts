/** `boot_blocks.sheet_json` as the profile reader parses it (`protocol.md`); what is not in its list is ours, and it skips it. */
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
  /** Ours from here on. */
  source: { url: string; github_id: number; tier: 'deep' | 'bulk'; fetched_at: string; missing: string[] }
  /** How each dimension came about: a sentence a person can check against GitHub, with its share. */
  evidence: { dimension: 'quality' | 'reliability' | 'creativity'; strand: string; score: number; summary: string }[]
  not_enough_evidence: boolean
  /** Oddities for a person to look at; they change no number. */
  flags: string[]
}

/** A skill as a stamp for the profile reader: in the pile only, never earned. */
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

/** What an import writes of one person. */
export interface CharacterSheet {
  host: string
  id: number
  login: string
  displayName: string
  json: SheetJson
  /** Between 0 and 1. */
  confidence: number
  stamps: SkillStamp[]
  /** sha256 of all that is above but `fetched_at`: the same sheet again is not written. */
  hash: string
}
