import { randomUUID } from 'node:crypto'
import type { ImportAsk, Imports, ImportView, ShownSheet } from '../../src/domain/imports.ts'

export const NOW = new Date('2026-11-21T10:00:00Z')

/** Imports in memory, which stand still unless a test moves them on. */
export interface FakeImports extends Imports {
  asks: ImportAsk[]
  claims: number[]
  forgotten: number[]
  /** Who chose to take no further part, too. */
  declined: number[]
  finds: number
  /** Makes an import that stands so. */
  put(view?: Partial<ImportView>): ImportView
  change(job: string, change: Partial<ImportView>): void
  putSheet(sheet?: Partial<ShownSheet>): ShownSheet
  /** What the next request answers, instead of a job. */
  refusal: string | undefined
}

export function fakeImports(): FakeImports {
  const jobs = new Map<string, ImportView>()
  const sheets = new Map<string, ShownSheet>()
  const sheetOf = (id: number) => [...sheets.values()].find(({ person }) => person.id === id)
  const fake: FakeImports = {
    asks: [],
    claims: [],
    forgotten: [],
    declined: [],
    finds: 0,
    refusal: undefined,
    put(view = {}) {
      const made: ImportView = {
        id: randomUUID(),
        login: 'alice',
        state: 'queued',
        progress: { done: 0, of: 0 },
        createdAt: NOW,
        ...view,
      }
      jobs.set(made.id, made)
      return made
    },
    change: (job, change) => void jobs.set(job, { ...jobs.get(job)!, ...change }),
    putSheet(sheet = {}) {
      const made: ShownSheet = {
        handle: 'alice',
        person: { host: 'github.com', login: 'alice', id: 1 },
        json: SHEET,
        confidence: 0.85,
        fetchedAt: NOW,
        isClaimed: false,
        isForgotten: false,
        ...sheet,
      }
      sheets.set(made.handle, made)
      return made
    },
    async request(ask) {
      fake.asks.push(ask)
      if (fake.refusal !== undefined) return { refused: fake.refusal }
      const askedBy = 'person' in ask.by ? { askedBy: ask.by.person.id } : {}
      return { job: fake.put({ login: ask.login, ...askedBy }).id, already: false }
    },
    async find(job) {
      fake.finds += 1
      return jobs.get(job)
    },
    async cancel(job, person) {
      const isTheirs = person === 'operator' || jobs.get(job)?.askedBy === person.id
      if (isTheirs) fake.change(job, { state: 'cancelled' })
      return isTheirs
    },
    sheet: async (handle) => sheets.get(handle),
    sheetOf: async ({ id }) => sheetOf(id),
    async claim({ id }) {
      fake.claims.push(id)
      const sheet = sheetOf(id)
      if (sheet !== undefined) sheets.set(sheet.handle, { ...sheet, isClaimed: true })
    },
    erasureOf: async () => undefined,
    async erase({ id }, choice) {
      fake.forgotten.push(id)
      if (choice?.declines === true) fake.declined.push(id)
      const sheet = sheetOf(id)
      if (sheet !== undefined) sheets.delete(sheet.handle)
      const proof = ['No file of the pile holds the name.', 'AS OF finds no row.']
      return { removed: sheet !== undefined, takesPart: !fake.declined.includes(id), proof }
    },
  }
  return fake
}

/** As the importer writes it. */
export const SHEET = {
  identity: {
    display_name: 'Alice Example',
    bio: 'Writes libraries',
    location: 'Lisbon',
    github_login: 'alice',
    account_age_years: 11.4,
    social_proof: { followers: 3200 },
  },
  value_dimensions: { quality: 0.92, reliability: 0.86, creativity: 0.75 },
  activity_profile: { total_commits: 14000, total_prs: 1900 },
  notable_projects: [
    { name: 'alice/http-lib', stars: 14000, languages: ['TypeScript'], role: 'owner', impact_tier: 'landmark' },
  ],
  skills: {
    primary_languages: [
      {
        language: 'typescript',
        evidence_score: 0.96,
        evidence_summary: 'typescript: alice/http-lib (14,000 stars)',
        proficiency_tier: 'expert',
      },
    ],
    domains: [{ domain: 'frontend', evidence_score: 0.5, evidence_summary: 'frontend: alice/router (6,000 stars)' }],
    capabilities: [{ capability: 'code-review', evidence_score: 0.9, evidence_summary: 'code-review: 60 reviews' }],
  },
  source: {
    url: 'https://github.com/alice',
    github_id: 1,
    tier: 'deep',
    fetched_at: '2026-11-21T10:00:00Z',
    missing: [] as string[],
  },
  evidence: [
    {
      dimension: 'quality',
      strand: 'stewardship',
      score: 0.28,
      summary: 'Keeps alice/http-lib: 1,300 forks: https://github.com/alice/http-lib',
    },
    { dimension: 'quality', strand: 'adoption', score: 0.61, summary: 'Others use alice/http-lib (14,000 stars)' },
    { dimension: 'reliability', strand: 'tenure', score: 0.3, summary: 'There since 2015' },
    { dimension: 'creativity', strand: 'origination', score: 0.5, summary: 'Began alice/http-lib' },
  ],
  not_enough_evidence: false,
  flags: [] as string[],
}
