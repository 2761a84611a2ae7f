import { blockHash, sha256 } from './hash.ts'

export const DIMENSIONS = ['quality', 'reliability', 'creativity'] as const
export type Dimension = (typeof DIMENSIONS)[number]
export const SEVERITIES = ['leaf', 'branch', 'root'] as const
export type Severity = (typeof SEVERITIES)[number]
export const DEFAULT_CONFIDENCE = 0.7
export const DEFAULT_SEVERITY: Severity = 'leaf'
/**
 * The fields of a stamp that its author may give by number or word; the commit's `Given:` trailer names those that they
 * gave.
 */
export const MEASURES = [...DIMENSIONS, 'confidence', 'severity'] as const
export const SKILL_LIMIT = 5
/** A skill as a stamp's `skill_tags` hold it. */
export const SKILL = /^[a-z0-9][a-z0-9+#._-]{0,31}$/

/** Integers 1–5 and nothing else: a fraction or a string breaks the whole board in the peers' readers. */
export interface Valence {
  quality: number
  reliability: number
  creativity?: number
}

export interface Stamp {
  id: string
  author: string
  subject: string
  valence: Valence
  confidence: number
  severity: Severity
  contextId: string
  skillTags: readonly string[]
  message: string | null
  hopUri: string
  /** Whole seconds UTC. */
  createdAt: string
}

/** The position of a stamp in its subject's passbook. */
export interface PassbookPlace {
  stampIndex: number
  prevStampHash: string | null
}

/**
 * The position after `last`. gt checks that prev_stamp_hash is the sha256 of the previous stamp's id, counted from 0.
 */
export function nextPlace(last: { id: string; stampIndex: number } | undefined): PassbookPlace {
  return last === undefined
    ? { stampIndex: 0, prevStampHash: null }
    : { stampIndex: last.stampIndex + 1, prevStampHash: sha256(last.id) }
}

/**
 * The valence with defaults, as the peers' readers need it: they read both quality and reliability, so a missing one
 * repeats the other. The commit's `Given:` trailer says which were given, and we count only those.
 */
export function fullValence(given: Partial<Record<Dimension, number | undefined>>): Valence | undefined {
  const quality = given.quality ?? given.reliability
  const reliability = given.reliability ?? given.quality
  if (quality === undefined || reliability === undefined) return undefined
  return given.creativity === undefined
    ? { quality, reliability }
    : { quality, reliability, creativity: given.creativity }
}

export function stampHash(stamp: Stamp, place: PassbookPlace): string {
  return blockHash({
    id: stamp.id,
    author: stamp.author,
    subject: stamp.subject,
    valence: stamp.valence,
    confidence: stamp.confidence,
    severity: stamp.severity,
    context_id: stamp.contextId,
    skill_tags: stamp.skillTags,
    message: stamp.message,
    created_at: stamp.createdAt,
    prev_stamp_hash: place.prevStampHash,
  })
}

/** Rule of a flag: author and subject have one owner. Its commit's `Reason:` begins with it. */
export const SAME_OWNER = 'same-owner'
