import { createHash } from 'node:crypto'

export type Identity = { name: string; email: string; date: string }
/** A file of another mode than 100644: an executable, a symbolic link (to its content), a submodule (at a sha). */
export type Special = { mode: '100755' | '120000' | '160000'; content: string }
/** A file; an ordinary one is its content. Equal files are one value: `special` gives one object for equal ones. */
export type File = string | Special
export type Files = ReadonlyMap<string, File>
export type Commit = {
  sha: string
  tree: string
  parents: string[]
  author: Identity
  committer: Identity
  message: string
  files: Files
  /** Signed by GitHub's own key, as commits made on its pages are. */
  signed?: boolean
}
export type Git = {
  /** The commits of all repositories, by sha. */
  readonly commits: ReadonlyMap<string, Commit>
  commit(commit: Omit<Commit, 'sha' | 'tree'>): Commit
  /** Throws on an unknown sha. */
  get(sha: string): Commit
  find(sha: string): Commit | undefined
  mergeBase(a: string, b: string): string | null
  /** Commits reachable from head and not from base, parents first. */
  between(base: string, head: string): Commit[]
  /** Merged files, or null on a conflict. Compares whole files: two sides that change one file differently conflict. */
  merge(ours: string, theirs: string): Files | null
}

/** A store of commits, shared by all repositories as in a fork network; shas are computed as git does. */
export function createGit(known: Iterable<Commit> = []): Git {
  const commits = new Map<string, Commit>()
  for (const commit of known) commits.set(commit.sha, { ...commit, files: interned(commit.files) })

  function get(sha: string): Commit {
    const commit = commits.get(sha)
    if (!commit) throw new Error(`no commit ${sha}`)
    return commit
  }

  function history(head: string): Map<string, Commit> {
    const seen = new Map<string, Commit>()
    const open: [string, boolean][] = [[head, false]]
    const entered = new Set<string>()
    for (let next = open.pop(); next; next = open.pop()) {
      const [sha, done] = next
      if (done) seen.set(sha, get(sha))
      else if (!entered.has(sha)) {
        entered.add(sha)
        open.push(
          [sha, true],
          ...get(sha)
            .parents.toReversed()
            .map((parent): [string, boolean] => [parent, false]),
        )
      }
    }
    return seen
  }

  function mergeBase(a: string, b: string): string | null {
    const theirs = history(b)
    return [...history(a).keys()].findLast((sha) => theirs.has(sha)) ?? null
  }

  function abbreviated(sha: string): Commit | undefined {
    if (!/^[0-9a-f]{7,39}$/.test(sha)) return undefined
    const found = [...commits.values()].filter((commit) => commit.sha.startsWith(sha))
    return found.length === 1 ? found[0] : undefined
  }

  return {
    commits,
    commit(parts) {
      const tree = treeSha(parts.files)
      const sha = commitSha({ ...parts, tree })
      const commit = { ...parts, tree, sha }
      commits.set(sha, commit)
      return commit
    },
    get,
    find: (sha) => commits.get(sha) ?? abbreviated(sha),
    mergeBase,
    between(base, head) {
      const known = history(base)
      return [...history(head).values()].filter((commit) => !known.has(commit.sha))
    },
    merge(ours, theirs) {
      const base = mergeBase(ours, theirs)
      const from = base === null ? new Map<string, File>() : get(base).files
      return mergeFiles(from, get(ours).files, get(theirs).files)
    },
  }
}

function mergeFiles(base: Files, ours: Files, theirs: Files): Files | null {
  const merged = new Map<string, File>()
  for (const path of new Set([...ours.keys(), ...theirs.keys()])) {
    const [was, our, their] = [base.get(path), ours.get(path), theirs.get(path)]
    if (our !== their && our !== was && their !== was) return null
    const content = our === was ? their : our
    if (content !== undefined) merged.set(path, content)
  }
  return merged
}

function objectSha(type: string, content: Buffer): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex')
}

const specials = new Map<string, Special>()

export function special({ mode, content }: Special): Special {
  const key = `${mode} ${content}`
  const known = specials.get(key) ?? { mode, content }
  specials.set(key, known)
  return known
}

/** Replaces files that were read from a disk by their shared values. */
function interned(files: Files): Files {
  return new Map([...files].map(([path, file]) => [path, typeof file === 'string' ? file : special(file)]))
}

export const modeOf = (file: File) => (typeof file === 'string' ? '100644' : file.mode)
export const contentOf = (file: File) => (typeof file === 'string' ? file : file.content)

/** The blob's hash; for a submodule the commit that it is at. */
export function blobSha(file: File): string {
  return modeOf(file) === '160000' ? contentOf(file) : objectSha('blob', Buffer.from(contentOf(file)))
}

function treeSha(files: Files): string {
  const folders = new Map<string, Map<string, File>>()
  const entries: { name: string; mode: string; sha: string; key: string }[] = []
  for (const [path, file] of files) {
    const slash = path.indexOf('/')
    if (slash < 0) entries.push({ name: path, mode: modeOf(file), sha: blobSha(file), key: path })
    else {
      const folder = path.slice(0, slash)
      const inside = folders.get(folder) ?? new Map<string, File>()
      folders.set(folder, inside.set(path.slice(slash + 1), file))
    }
  }
  for (const [name, inside] of folders) entries.push({ name, mode: '40000', sha: treeSha(inside), key: `${name}/` })
  // Git sorts a folder as if its name ended in a slash, by bytes.
  entries.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))
  return objectSha(
    'tree',
    Buffer.concat(
      entries.flatMap(({ mode, name, sha }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(sha, 'hex')]),
    ),
  )
}

/** A stand-in for GitHub's signature: nothing here checks it, and no other commit has it. */
export const SIGNATURE = '-----BEGIN PGP SIGNATURE-----\n\nbG9jYWw=\n-----END PGP SIGNATURE-----\n'

function commitSha(commit: Omit<Commit, 'sha'>): string {
  const signature = commit.signed === true ? `gpgsig ${SIGNATURE.trimEnd().replaceAll('\n', '\n ')}\n` : ''
  return objectSha('commit', Buffer.from(`${headerOf(commit)}${signature}\n${commit.message}`))
}

/** The signed payload of a commit. */
export function payloadOf(commit: Omit<Commit, 'sha'>): string {
  return `${headerOf(commit)}\n${commit.message}`
}

function headerOf({ tree, parents, author, committer }: Omit<Commit, 'sha'>): string {
  const line = (role: string, { name, email, date }: Identity) =>
    `${role} ${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} +0000\n`
  const all = parents.map((parent) => `parent ${parent}\n`).join('')
  return `tree ${tree}\n${all}${line('author', author)}${line('committer', committer)}`
}
