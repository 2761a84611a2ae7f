import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 bits, as an address or a cookie can carry them. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Compares in constant time; false when either is missing. */
export function sameSecret(given: string | undefined, expected: string | undefined): boolean {
  if (given === undefined || expected === undefined || expected === '') return false
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
