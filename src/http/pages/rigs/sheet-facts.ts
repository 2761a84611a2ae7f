import { z } from 'zod'
import { DIMENSIONS } from '../../../domain/stamp.ts'
import { oneLine } from '../../../domain/text.ts'

/**
 * The facts of `boot_blocks.sheet_json` that a page shows (`importers/github/sheet-json.ts`). What is missing or of
 * another type is left out instead of failing the page: other programs write boot_blocks too. All text is one line, and
 * short.
 */
export type SheetFacts = z.output<typeof SheetFacts>

const line = (limit: number) =>
  z
    .string()
    .catch('')
    .transform((text) => oneLine(text, limit))
const share = z.number().min(0).max(1).catch(0)
const whole = z.int().nonnegative().catch(0)

/** The entries of the right shape, at most `most`. */
function list<T extends z.ZodType>(entry: T, most: number) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((entries) =>
      entries.flatMap((given) => {
        const read = entry.safeParse(given)
        return read.success ? [read.data] : []
      }),
    )
    .transform((entries): z.output<T>[] => entries.slice(0, most))
}

const name = z.string().transform((text) => oneLine(text, 140))
const skill = { evidence_score: share, evidence_summary: line(800) }

export const SheetFacts = z.object({
  identity: z
    .object({
      display_name: line(200),
      bio: line(300),
      location: line(100),
      account_age_years: z.number().nonnegative().catch(0),
      social_proof: z.object({ followers: whole }).catch({ followers: 0 }),
    })
    .catch({ display_name: '', bio: '', location: '', account_age_years: 0, social_proof: { followers: 0 } }),
  value_dimensions: z
    .object({ quality: share, reliability: share, creativity: share })
    .catch({ quality: 0, reliability: 0, creativity: 0 }),
  activity_profile: z.object({ total_commits: whole, total_prs: whole }).catch({ total_commits: 0, total_prs: 0 }),
  notable_projects: list(
    z.object({ name, stars: whole, languages: list(name, 5), role: line(140), impact_tier: line(60) }),
    12,
  ),
  skills: z
    .object({
      primary_languages: list(z.object({ language: name, proficiency_tier: line(60), ...skill }), 20),
      domains: list(z.object({ domain: name, ...skill }), 20),
      capabilities: list(z.object({ capability: name, ...skill }), 20),
    })
    .catch({ primary_languages: [], domains: [], capabilities: [] }),
  source: z
    .object({ url: z.string().catch(''), tier: line(20), missing: list(name, 20) })
    .catch({ url: '', tier: '', missing: [] }),
  evidence: list(z.object({ dimension: z.enum(DIMENSIONS), score: share, summary: line(800) }), 60),
  // A program that does not write this field writes no dimensions to show either.
  not_enough_evidence: z.boolean().catch(true),
  flags: list(
    z.string().transform((text) => oneLine(text, 800)),
    20,
  ),
})

export function sheetFacts(json: unknown): SheetFacts {
  return SheetFacts.safeParse(json).data ?? SheetFacts.parse({})
}
