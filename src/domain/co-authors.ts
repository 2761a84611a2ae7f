const CO_AUTHOR = /^co-authored-by:[^<>]*<([^<>\s]+)>\s*$/i

/**
 * The e-mail addresses that a commit's `Co-authored-by:` trailers name, in lower case. Trailers are lines of the last
 * paragraph, which is never the title.
 */
export function coAuthorAddresses(message: string): string[] {
  const lines = message.trim().split(/\r?\n/)
  const last = lines.findLastIndex((line) => line.trim() === '')
  const trailers = last === -1 ? [] : lines.slice(last + 1)
  return trailers.flatMap((line) => CO_AUTHOR.exec(line)?.[1]?.toLowerCase() ?? [])
}
