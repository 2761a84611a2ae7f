import { z } from 'zod'

/**
 * `sheet_json` as protocol.md says that the profile reader parses it. Go's decoder skips further keys, takes null for
 * any value, and gives up the whole sheet at one wrong type; we write every key, and null only where it says so.
 */
const ReaderSheet = z.object({
  identity: z.object({
    display_name: z.string(),
    bio: z.string().nullable(),
    location: z.string().nullable(),
    github_login: z.string(),
    account_age_years: z.number(),
    social_proof: z.object({ followers: z.int32() }),
  }),
  value_dimensions: z.object({
    quality: z.number().min(0).max(1),
    reliability: z.number().min(0).max(1),
    creativity: z.number().min(0).max(1),
  }),
  activity_profile: z.object({ total_commits: z.int32(), total_prs: z.int32() }),
  notable_projects: z.array(
    z.object({
      name: z.string(),
      stars: z.int32(),
      languages: z.array(z.string()),
      role: z.string(),
      impact_tier: z.string(),
    }),
  ),
  skills: z.object({
    primary_languages: z.array(
      z.object({
        language: z.string(),
        evidence_score: z.number(),
        evidence_summary: z.string(),
        proficiency_tier: z.string(),
      }),
    ),
    domains: z.array(z.object({ domain: z.string(), evidence_score: z.number(), evidence_summary: z.string() })),
    capabilities: z.array(
      z.object({ capability: z.string(), evidence_score: z.number(), evidence_summary: z.string() }),
    ),
  }),
})

const INTS = new Set(['followers', 'total_commits', 'total_prs', 'stars'])

/** What is wrong with the text for the reader; nothing when it reads it. An INT is written in digits alone: `1.0` and `1e3` are wrong. */
export function readerFaults(text: string): string[] {
  const faults: string[] = []
  const value: unknown = JSON.parse(text, (key, inner: unknown, context?: { source?: string }) => {
    if (INTS.has(key) && typeof inner === 'number' && !/^-?\d+$/.test(context?.source ?? ''))
      faults.push(`${key}: written as ${context?.source}`)
    return inner
  })
  const read = ReaderSheet.safeParse(value)
  return [...faults, ...(read.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [])]
}

// gastownhall/wasteland, internal/pile/profile.go, parseStamps.
const LANGUAGES = new Set(
  (
    'c c++ go rust python javascript typescript java ruby shell assembly makefile openscad kotlin swift scala haskell ' +
    'perl php lua r dart elixir erlang clojure zig nim ocaml f# c# html css sql matlab julia'
  ).split(' '),
)
const DOMAIN_PREFIXES = (
  'operating-systems systems-programming audio-processing text-processing hardware-design web-development ' +
  'machine-learning data-engineering mobile-development devops security database networking cloud frontend backend ' +
  'fullstack game-development embedded blockchain ai ml infrastructure'
).split(' ')

/** What the profile reader takes a stamp's first tag for. */
export function readerKind(tag: string): 'language' | 'domain' | 'capability' {
  if (LANGUAGES.has(tag)) return 'language'
  return DOMAIN_PREFIXES.some((prefix) => tag.startsWith(prefix)) ? 'domain' : 'capability'
}
