import { evidenceOf } from '../../importers/github/evidence.ts'
import { readSettings } from '../../src/authorization/settings.ts'
import { toRun } from '../../src/commands/edited.ts'
import { MAX_COMMANDS, parseCommands } from '../../src/commands/parser/parse.ts'
import { readCommand } from '../../src/commands/parser/read.ts'
import { COMMANDS } from '../../src/commands/registry.ts'
import { readJson } from '../../src/deliveries/webhook-endpoint.ts'
import { mayHaveTasks, tickedBy } from '../../src/domain/acceptance.ts'
import { coAuthorAddresses } from '../../src/domain/co-authors.ts'
import { isOthers, othersLines } from '../../src/domain/comment-history.ts'
import { readTrailers } from '../../src/domain/commit-message.ts'
import { countByFile, linesIn, readDiff } from '../../src/domain/git-diff.ts'
import { readEvidence } from '../../src/domain/evidence.ts'
import { readWantedId } from '../../src/domain/ids.ts'
import { readIssueLink, readPullLink } from '../../src/domain/issue-link.ts'
import { readReverted } from '../../src/domain/reverts.ts'
import { readEntityUri } from '../../src/domain/rig.ts'
import { suggestedLines, suggestersOf } from '../../src/domain/suggestions.ts'
import { oneLine } from '../../src/domain/text.ts'
import { ImportForm } from '../../src/events/import-form.ts'
import { readAcceptances } from '../../src/ops/text-reader.ts'
import { mayClose, mayName, readReferences } from '../../src/pull-requests/references.ts'
import { mayRevert } from '../../src/pull-requests/reverts.ts'
import { quote } from '../../src/replies/markdown.ts'
import { readPolicy } from '../../src/reputation/policy.ts'
import { skillsOf } from '../../src/reputation/skills.ts'

/** Something that reads what strangers write. */
export interface Reader {
  name: string
  /** The most characters that reach it. */
  limit: number
  read(text: string): unknown
}

/** GitHub's for a comment, a description, a message of a commit as we ask for it. */
const TEXT = 65_536
const FILE = 524_288
const PAYLOAD = 1_048_576

const onOneLine = (text: string) => text.replaceAll(/[\r\n]/g, ' ')
const manifest = (kind: string) => (text: string) =>
  evidenceOf({ nameWithOwner: 'a/b', [kind]: { text, isTruncated: false } }, 'a')

async function readCommands(comment: string) {
  const written = await parseCommands(comment)
  // As they are read when they are run.
  return written?.slice(0, MAX_COMMANDS).map((each) => readCommand(COMMANDS, each))
}

async function readTicks(text: string) {
  const asked = await readAcceptances([text, text])
  return (
    asked &&
    tickedBy(
      [
        { body: text, by: 1 },
        { body: text, by: 2 },
      ],
      asked.map(({ tasks }) => tasks),
    )
  )
}

export const READERS: readonly Reader[] = [
  { name: 'commands of a comment', limit: TEXT, read: readCommands },
  { name: 'one command', limit: TEXT, read: (text) => readCommands(`/wl stamp ${onOneLine(text)}`) },
  { name: 'name of a command', limit: TEXT, read: (text) => readCommands(`/wl ${onOneLine(text).trim()}`) },
  { name: 'lines of a description', limit: TEXT, read: (body) => readReferences({ labels: [], body }) },
  { name: 'lines, prefilter', limit: TEXT, read: (body) => mayName({ labels: [body], body }) },
  { name: 'labels', limit: TEXT, read: (text) => readReferences({ labels: text.split('\n'), body: '' }) },
  { name: 'closing words', limit: TEXT, read: mayClose },
  { name: 'acceptance tasks', limit: TEXT, read: readTicks },
  { name: 'tasks, prefilter', limit: TEXT, read: mayHaveTasks },
  { name: 'reverts', limit: TEXT, read: (text) => readReverted({ title: onOneLine(text), text }, 'a/b') },
  { name: 'reverts, prefilter', limit: TEXT, read: mayRevert },
  { name: 'co-authors', limit: TEXT, read: (text) => coAuthorAddresses(`a\n\n${text}`) },
  { name: 'suggestions', limit: TEXT, read: suggestedLines },
  { name: 'accepted suggestions', limit: FILE, read: readAccepted },
  { name: 'a diff', limit: FILE, read: readChanges },
  { name: 'names in a diff', limit: TEXT, read: (text) => readChanges(`diff --git a/a b/a\n--- a/a\n+++ b/${text}`) },
  { name: 'lines of a diff', limit: FILE, read: (text) => readChanges(`${DIFF}${hunkOf(text)}`) },
  { name: 'edits of a comment', limit: TEXT, read: readEdits },
  { name: 'an edited comment', limit: TEXT, read: readEdited },
  { name: 'trailers', limit: TEXT, read: (text) => [readTrailers(text), readTrailers(`wl stamp: a\n\n${text}`)] },
  { name: 'evidence of a peer', limit: TEXT, read: (text) => readEvidence(`${EVIDENCE}${text}`) },
  { name: 'links of a peer', limit: TEXT, read: (text) => [readIssueLink(text), readPullLink(`https://a/${text}`)] },
  { name: 'identity of a peer', limit: TEXT, read: (text) => readEntityUri(`entity://${text}`) },
  { name: 'item ids', limit: TEXT, read: readWantedId },
  { name: 'one line', limit: TEXT, read: (text) => oneLine(text) },
  { name: 'quoted', limit: TEXT, read: (text) => quote(text, 4000) },
  {
    name: 'paths of a change',
    limit: TEXT,
    read: (text) => skillsOf([{ path: text, additions: 1, deletions: 1 }], []),
  },
  { name: 'import form', limit: TEXT, read: (text) => ImportForm.safeParse({ issue: { body: `${FORM}${text}` } }) },
  { name: 'settings', limit: 16_384, read: readSettings },
  { name: 'POLICY', limit: 8192, read: (text) => orRefused(() => readPolicy(text)) },
  { name: 'package.json', limit: FILE, read: manifest('npm') },
  { name: 'Cargo.toml', limit: FILE, read: manifest('cargo') },
  { name: 'go.mod', limit: FILE, read: manifest('go') },
  { name: 'pyproject.toml', limit: FILE, read: manifest('pyproject') },
  { name: 'requirements.txt', limit: FILE, read: manifest('requirements') },
  // Nested as only GitHub could: the body is signed.
  { name: 'a delivery', limit: 262_144, read: readJson },
  { name: 'a text in a delivery', limit: PAYLOAD, read: (text) => readJson(JSON.stringify({ body: [text] })) },
]

const EVIDENCE = `https://github.com/a/b/pull/1 head=${'0'.repeat(40)} `
const FORM = '### Import my character sheet'

function readEdits(text: string) {
  const versions = [
    { text, byAuthor: true },
    { text: text.slice(1), byAuthor: false },
    { text: `${text}\n/wl help`, byAuthor: true },
  ]
  const others = othersLines(versions)
  return others && isOthers(others, '/wl help')
}

/** Every line of it that has a number is new. */
async function readEdited(text: string) {
  const versions = [
    { text, byAuthor: true },
    { text: `${text}\n/wl help`, byAuthor: false },
  ]
  return toRun(await parseCommands(text), {
    before: text.replaceAll(/[0-9]/g, '1$&'),
    others: async () => othersLines(versions),
  })
}

const DIFF = 'diff --git a/a b/a\n--- a/a\n+++ b/a\n'

/** A hunk that adds these lines. */
function hunkOf(text: string): string {
  return `@@ -0,0 +1,${text.split('\n').length} @@\n+${text.replaceAll('\n', '\n+')}`
}

function readChanges(diff: string) {
  const files = readDiff(diff)
  return files && [linesIn(files), countByFile(files)]
}

function readAccepted(text: string) {
  const hunk = hunkOf(text)
  const comment = { by: 1, path: 'a', texts: [`\`\`\`suggestion\n${text}`], hunk, lines: text.length }
  return suggestersOf([{ path: 'a', status: 'modified', patch: hunk }], [comment])
}

/** What it refuses it refuses in its own words; the operator writes it. */
function orRefused(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return (error as Error).message
  }
}
