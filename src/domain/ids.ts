import { sha256 } from './hash.ts'

/**
 * Makes idempotent ids: they derive from GitHub's numeric ids of the cause, so that a replay finds its own row. The
 * length is fixed, because `wl` calls an id that is a prefix of another ambiguous. `host` is `github` or the host of a
 * GitHub Enterprise Server.
 */
function derive(prefix: string, length: number, parts: readonly (string | number)[]): string {
  return `${prefix}-${sha256(JSON.stringify(parts)).slice(0, length)}`
}

export function wantedId(host: string, issueId: number): string {
  return derive('w', 10, [host, 'issue', issueId])
}

/** An item that the operator posted for somebody: the same title twice is the same item. */
export function operatorWantedId(host: string, personId: number, title: string): string {
  return derive('w', 10, [host, 'operator', personId, title])
}

/** `cause` is the pull request, or the comment with `/wl done`. */
export function completionId(
  host: string,
  cause: { kind: 'pull_request'; id: number } | CommentRef,
  wanted: string,
  rig: string,
): string {
  return derive('c', 16, [host, cause.kind, cause.id, wanted, rig])
}

/**
 * The id of a co-author's completion. Sorts after its parent's: of several on one item some readers show the lowest.
 */
export function childCompletionId(parent: string, rig: string): string {
  for (let n = 0; ; n++) {
    const id = derive('c', 16, [parent, 'co-author', rig, n])
    if (id > parent) return id
  }
}

export function stampId(host: string, comment: CommentRef, completion: string, subject: string): string {
  return derive('s', 16, [host, comment.kind, comment.id, completion, subject])
}

/** The id of the stamp for one skill of an imported sheet. */
export function skillStampId(host: string, personId: number, skill: string): string {
  return derive('s', 16, [host, 'skill', personId, skill])
}

/** The id of the link of two rigs, the same whichever comes first. */
export function rigLinkId(one: string, other: string): string {
  return derive('l', 16, ['rig_link', ...[one, other].toSorted()])
}

/** A comment by GitHub's number: each kind of comment counts by itself. */
export interface CommentRef {
  kind: 'issue_comment' | 'review_comment' | 'review'
  id: number
}

/**
 * The idempotency key of a command: the comment, the command's name, its line, and the index among equal lines. The
 * line and not its place, which an edit of the comment moves.
 */
export function commandId(host: string, comment: CommentRef, name: string, line: string, nth: number): string {
  return `${host}/${comment.kind}/${comment.id}/${name}/${sha256(line).slice(0, 12)}/${nth}`
}

const WANTED_ID = /^w-[0-9a-f]{10}$/
/** `wl` and `gt` choose the length of their ids; ours is ten. */
const FOREIGN_WANTED_ID = /^w-[0-9a-z][0-9a-z-]{0,61}$/

/** Parses the item's id in a label, a `Wanted:` line or a command; undefined for anything but a whole id. */
export function readWantedId(text: string): string | undefined {
  const id = text.trim().toLowerCase()
  return WANTED_ID.test(id) || FOREIGN_WANTED_ID.test(id) ? id : undefined
}

/** Parses a completion or stamp id in a command; undefined for a part of one. */
export function readCompletionId(text: string): string | undefined {
  return readFixed(/^c-[0-9a-f]{16}$/, text)
}

export function readStampId(text: string): string | undefined {
  return readFixed(/^s-[0-9a-f]{16}$/, text)
}

function readFixed(shape: RegExp, text: string): string | undefined {
  const id = text.trim().toLowerCase()
  return shape.test(id) ? id : undefined
}

/** True for an id of the form that we and `wl` make. */
export function isWellFormedWantedId(id: string): boolean {
  return WANTED_ID.test(id)
}
