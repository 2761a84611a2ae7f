import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A deterministic UUID: the same parts always give the same one. */
export function uuidOf(parts: readonly (string | number | boolean)[]): string {
  return sha256(JSON.stringify(parts)).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
}

/**
 * sha256 of the RFC 8785 JSON of a block's fields. Hashes canonical values and never the stored text, because Dolt
 * reorders the keys of JSON columns.
 */
export function blockHash(fields: Record<string, unknown>): string {
  const json = canonicalize(fields)
  if (json === undefined) throw new TypeError('a block must be JSON')
  return sha256(json)
}
