import { parse } from 'smol-toml'
import { z } from 'zod'
import { oneLine } from '../../src/domain/text.ts'
import { Login, those } from './normalise.ts'
import type { RepositoryEvidence } from './profile.ts'

const Tree = z
  .object({ entries: z.array(z.object({ name: z.string() })).nullish() })
  .nullish()
  .transform((tree) => (tree?.entries ?? []).map(({ name }) => name))

/** In bytes. No honest project has a longer manifest; the TOML parser takes 100 ms for 350 kB of them (2026-11-28). */
const MANIFEST_LIMIT = 131_072

/**
 * The manifest's text; empty where there is none, or where it is too long for GitHub to give all of it, or for us to
 * parse.
 */
const Manifest = z
  .object({ isTruncated: z.boolean().optional(), text: z.string().nullish() })
  .nullish()
  .transform((blob) => (blob?.isTruncated === true ? '' : (blob?.text ?? '')))
  .transform((text) => (text.length > MANIFEST_LIMIT ? '' : text))

const Evidence = z.object({
  nameWithOwner: z.string(),
  root: Tree,
  workflows: Tree,
  npm: Manifest,
  cargo: Manifest,
  go: Manifest,
  pyproject: Manifest,
  requirements: Manifest,
  releases: z.object({ nodes: z.array(z.unknown()).nullish() }).nullish(),
})

const MANY = 200
const NAME_LIMIT = 100

/** The evidence for `login` in the tree of a repository; undefined where GitHub does not show the repository. */
export function evidenceOf(node: unknown, login: string): (RepositoryEvidence & { nameWithOwner: string }) | undefined {
  const found = Evidence.safeParse(node).data
  if (found === undefined) return undefined
  const names = [
    ...npmNames(found.npm),
    ...cargoNames(found.cargo),
    ...goNames(found.go),
    ...pyprojectNames(found.pyproject),
    ...requirementNames(found.requirements.split('\n')),
  ]
  const publishers = those(z.object({ author: Login }), found.releases?.nodes ?? [])
  return {
    nameWithOwner: found.nameWithOwner,
    hasWorkflows: found.workflows.some((name) => /\.ya?ml$/i.test(name)),
    files: tidy(found.root),
    dependencies: tidy(names),
    releasesByThem: publishers.filter(({ author }) => author?.toLowerCase() === login.toLowerCase()).length,
  }
}

export const EvidenceShape = z.object({
  nameWithOwner: z.string(),
  hasWorkflows: z.boolean(),
  files: z.array(z.string()),
  dependencies: z.array(z.string()),
  releasesByThem: z.number(),
})

function tidy(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => oneLine(name, NAME_LIMIT)).filter((name) => name !== ''))].slice(0, MANY)
}

const Table = z.record(z.string(), z.unknown()).catch({})
const keysOf = (value: unknown) => Object.keys(Table.parse(value))

/** Parses a manifest; one that is malformed names no packages, and is no error. */
function read(parser: (text: string) => unknown, text: string): Record<string, unknown> {
  try {
    return Table.parse(parser(text))
  } catch {
    return {}
  }
}

function npmNames(text: string): string[] {
  const manifest = read(JSON.parse, text)
  return [...keysOf(manifest['dependencies']), ...keysOf(manifest['devDependencies'])]
}

function cargoNames(text: string): string[] {
  const manifest = read(parse, text)
  return [
    ...keysOf(manifest['dependencies']),
    ...keysOf(Table.parse(manifest['workspace'])['dependencies']),
    ...keysOf(manifest['dev-dependencies']),
  ]
}

/** The modules of `require` lines, alone or in a block, without indirect ones. */
function goNames(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    if (line.includes('// indirect')) return []
    const words = line
      .trim()
      .split(/\s/)
      .filter((word) => word !== '')
    const [name, version] = words[0] === 'require' ? words.slice(1) : startsBlank(line) ? words : []
    return name !== undefined && isModule(name) && version !== undefined && /^v\d/.test(version) ? [name] : []
  })
}

function startsBlank(line: string): boolean {
  return line !== line.trimStart()
}

/** A path whose first part is a host. */
function isModule(name: string): boolean {
  const slash = name.indexOf('/')
  const host = name.slice(0, slash)
  const dot = host.indexOf('.', 1)
  return slash < name.length - 1 && dot > 0 && dot < host.length - 1 && /^[\w.-]+$/.test(host)
}

function pyprojectNames(text: string): string[] {
  const manifest = read(parse, text)
  const stated = z.array(z.string()).catch([]).parse(Table.parse(manifest['project'])['dependencies'])
  const poetry = Table.parse(Table.parse(manifest['tool'])['poetry'])
  return [...requirementNames(stated), ...keysOf(poetry['dependencies']).filter((name) => name !== 'python')]
}

/** Requirement names by PEP 508: a name, then extras, versions and conditions. */
function requirementNames(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(line)?.[1] ?? [])
}
