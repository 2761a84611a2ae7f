import { blockHash } from '../../src/domain/hash.ts'
import { DIMENSIONS, SKILL } from '../../src/domain/stamp.ts'
import { oneLine } from '../../src/domain/text.ts'
import { clamp, round2 } from './curves.ts'
import { STAGES, type Profile } from './profile.ts'
import { notableProjects } from './projects.ts'
import { score, type Refused, type Scored } from './score.ts'
import type { CharacterSheet, SheetJson, SkillStamp } from './sheet-json.ts'

/**
 * The largest integer in a sheet. A Go `int` has 32 bits on some machines, and one number that does not fit blanks the
 * whole sheet; no count of GitHub's comes near.
 */
const MOST_INT = 2 ** 31 - 1
/** In characters. A rig's display_name has 255. */
const LIMIT = { name: 200, bio: 300, place: 100, word: 140, sentence: 800 }
/** The largest number of flags: they are for a person to read. */
const FLAGS = 20
/** An import is no person's word: it never weighs as much as a stamp. */
const MOST_STAMP_CONFIDENCE = 0.35

/** The sheet of a profile as of the month of `now`; refused for a bot. */
export function sheetOf(profile: Profile, now: Date): CharacterSheet | Refused {
  const scored = score(profile, now)
  if ('refused' in scored) return scored
  const displayName = oneLine(profile.name ?? '', LIMIT.name) || oneLine(profile.login, LIMIT.name)
  const sheet = {
    host: profile.host,
    id: profile.id,
    login: profile.login,
    displayName,
    json: jsonOf(profile, displayName, scored),
    confidence: scored.confidence,
    stamps: scored.isEnough ? stampsOf(scored) : [],
  }
  return { ...sheet, hash: hashOf(sheet) }
}

/** The hash leaves out fields that time alone changes, or no sheet would ever be the same again. */
function hashOf(sheet: Omit<CharacterSheet, 'hash'>): string {
  const { account_age_years: _age, ...identity } = sheet.json.identity
  const { fetched_at: _at, ...source } = sheet.json.source
  return blockHash({ ...sheet, json: { ...sheet.json, identity, source } })
}

function jsonOf(profile: Profile, displayName: string, scored: Scored): SheetJson {
  const { measures, dimensions, skills, isEnough } = scored
  const { totals } = profile
  return {
    identity: {
      display_name: displayName,
      bio: lineOrNull(profile.bio, LIMIT.bio),
      location: lineOrNull(profile.location, LIMIT.place),
      github_login: oneLine(profile.login, LIMIT.name),
      account_age_years: Math.round(measures.ageYears * 10) / 10,
      social_proof: { followers: int(profile.followers) },
    },
    value_dimensions: {
      quality: isEnough ? round2(dimensions.quality) : 0,
      reliability: isEnough ? round2(dimensions.reliability) : 0,
      creativity: isEnough ? round2(dimensions.creativity) : 0,
    },
    activity_profile: {
      total_commits: int(profile.years.reduce((sum, { commits }) => sum + commits, 0)),
      total_prs: int(totals.merged + totals.closed + totals.open),
    },
    notable_projects: notableProjects(measures).map((project) => ({
      ...project,
      name: oneLine(project.name, LIMIT.word),
      stars: int(project.stars),
      languages: project.languages.map((name) => oneLine(name, LIMIT.word)),
    })),
    skills: {
      primary_languages: skills.languages.map(({ name, tier, ...skill }) => ({
        language: name,
        ...evidenced(skill),
        proficiency_tier: tier,
      })),
      domains: skills.domains.map(({ name, ...skill }) => ({ domain: name, ...evidenced(skill) })),
      capabilities: skills.capabilities.map(({ name, ...skill }) => ({ capability: name, ...evidenced(skill) })),
    },
    source: {
      url: `${profile.pages}/${profile.login}`,
      github_id: profile.id,
      tier: profile.tier,
      fetched_at: profile.fetchedAt,
      missing: STAGES.filter((stage) => profile.missing.includes(stage)),
    },
    evidence: DIMENSIONS.flatMap((dimension) =>
      scored.strands[dimension].map(({ strand, share, summary }) => ({
        dimension,
        strand,
        score: round2(share),
        summary: oneLine(summary, LIMIT.sentence),
      })),
    ),
    not_enough_evidence: !isEnough,
    flags: scored.flags.slice(0, FLAGS).map((flag) => oneLine(flag, LIMIT.sentence)),
  }
}

function evidenced({ score, summary }: { score: number; summary: string }) {
  return { evidence_score: score, evidence_summary: oneLine(summary, LIMIT.sentence) }
}

/** One stamp a skill: the person's dimensions as a valence, and the confidence in this skill. */
function stampsOf({ skills, dimensions, confidence }: Scored): SkillStamp[] {
  const fifths = (dimension: number) => clamp(Math.round(5 * dimension), 1, 5)
  return [...skills.languages, ...skills.domains, ...skills.capabilities]
    .filter(({ name }) => SKILL.test(name))
    .map(({ name, score, summary }) => ({
      skill: name,
      valence: {
        quality: fifths(dimensions.quality),
        reliability: fifths(dimensions.reliability),
        creativity: fifths(dimensions.creativity),
      },
      confidence: round2(MOST_STAMP_CONFIDENCE * confidence * score),
      message: oneLine(summary, LIMIT.sentence),
    }))
}

function lineOrNull(text: string | null, limit: number): string | null {
  return oneLine(text ?? '', limit) || null
}

function int(n: number): number {
  return Number.isNaN(n) ? 0 : clamp(Math.trunc(n), 0, MOST_INT)
}
