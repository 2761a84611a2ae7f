import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Signatures of our own Dolt commits.
 *
 * Anybody with write access to the commons can make a commit with any author and message, so a trailer is believed only
 * where the last line of its message is `Signed: v1 <sequence> <HMAC-SHA256>`, by the key of DATA_DIR/hmac.key, over
 * the author, the sequence and the rest of the message. A subject that peers' programs read stays the first line.
 *
 * A signature covers statements, never rows. Each has a sequence: milliseconds since 1970, one more than the last where
 * the clock stands still or goes back. Statements about the same thing count in the order of their sequence and not of
 * the log, so a replayed commit, wherever a peer puts it, states nothing new. The signature does not cover the parent:
 * a `wl` that commits meanwhile takes no lock of ours, and would make our own commit invalid.
 */
export interface CommitSigner {
  /** Signs the message; resolves to it and its sequence. */
  sign(message: string, author: string): { message: string; sequence: number }
  /**
   * Verifies a signature; returns the sequence of a message that this key signed for this author, undefined for any
   * other.
   */
  verify(message: string, author: string): number | undefined
}

const VERSION = 'v1'
const TRAILER = /^[A-Z][A-Za-z-]*: /
const SIGNED = /\nSigned: v1 ([0-9]{1,15}) ([\w-]{43})$/

export function createCommitSigner(key: Buffer, now: () => number = Date.now): CommitSigner {
  let last = 0
  const mac = (author: string, sequence: string, message: string) =>
    createHmac('sha256', key)
      .update(['wasteland-bridge/commit', VERSION, author, sequence, message].join('\0'))
      .digest()
  return {
    sign(message, author) {
      last = Math.max(now(), last + 1)
      // The signature becomes a line of the last paragraph where that has trailers, so that those of a batch stay where
      // they were.
      const text = `${message}${endsInTrailers(message) ? '\n' : '\n\n'}`
      const signature = mac(author, String(last), text).toString('base64url')
      return { message: `${text}Signed: ${VERSION} ${last} ${signature}`, sequence: last }
    },
    verify(message, author) {
      const match = SIGNED.exec(message)
      if (match === null) return undefined
      const [, sequence, given] = match as unknown as [string, string, string]
      const text = message.slice(0, match.index + 1)
      if (!timingSafeEqual(mac(author, sequence, text), Buffer.from(given, 'base64url'))) return undefined
      last = Math.max(last, Number(sequence))
      return Number(sequence)
    },
  }
}

function endsInTrailers(message: string): boolean {
  const at = message.lastIndexOf('\n\n')
  return (
    at >= 0 &&
    message
      .slice(at + 2)
      .split('\n')
      .every((line) => TRAILER.test(line))
  )
}

/** True for a message that says it is signed, by whatever key. */
export function isSigned(message: string): boolean {
  return SIGNED.test(message)
}
