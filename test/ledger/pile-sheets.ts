import type { CharacterSheet } from '../../importers/github/sheet-json.ts'
import { blockHash } from '../../src/domain/hash.ts'

interface Of {
  login?: string
  name?: string
  bio?: string
  location?: string
  evidence?: string
  skills?: string[]
}

/** A sheet as the importer makes it, of a size that Dolt stores outside its row. */
export function sheetOf(id: number, of: Of = {}): CharacterSheet {
  const { login = `person${id}`, name = `Person of number ${id}`, location = null } = of
  const {
    bio = `Writes about matter ${id}`,
    evidence = `${id} of 10`,
    skills = ['typescript', 'domain:web', 'rust'],
  } = of
  const long = Array.from({ length: 30 }, (_, n) => ({
    dimension: 'quality' as const,
    strand: 'accepted',
    score: 0.25,
    summary: `${evidence}; strand ${n} of person ${id}, who merged ${n * 7} pull requests elsewhere`,
  }))
  const sheet: Omit<CharacterSheet, 'hash'> = {
    host: 'github.com',
    id,
    login,
    displayName: name,
    json: {
      identity: {
        display_name: name,
        bio,
        location,
        github_login: login,
        account_age_years: 4.5,
        social_proof: { followers: 1_234_567 },
      },
      value_dimensions: { quality: 0.85, reliability: 0.5, creativity: 0 },
      activity_profile: { total_commits: 40_000, total_prs: 12 },
      notable_projects: [
        { name: `${login}/tool`, stars: 1000, languages: ['Rust'], role: 'owner', impact_tier: 'notable' },
      ],
      skills: {
        primary_languages: [
          { language: 'Rust', evidence_score: 0.7, evidence_summary: evidence, proficiency_tier: 'expert' },
        ],
        domains: [{ domain: 'web', evidence_score: 1, evidence_summary: evidence }],
        capabilities: [],
      },
      source: {
        url: `https://github.com/${login}`,
        github_id: id,
        tier: 'bulk',
        fetched_at: '2026-11-21T10:02:03Z',
        missing: [],
      },
      evidence: long,
      not_enough_evidence: false,
      flags: [],
    },
    confidence: 0.6,
    stamps: skills.map((skill) => ({
      skill,
      valence: { quality: 4, reliability: 3, creativity: 1 },
      confidence: 0.25,
      message: `${skill}: ${evidence}`,
    })),
  }
  const { host: _, ...hashed } = sheet
  return { ...sheet, hash: blockHash(hashed) }
}
