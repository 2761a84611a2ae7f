import { demand, demandWritable } from '../access.ts'
import { presentLabel } from '../present/issue.ts'
import { invalid, notFound, Refusal } from '../refusal.ts'
import type { Doer, Issue, Label, Repository, TimelineEvent, World } from '../world.ts'
import { record, sayIssue } from './say.ts'

/** Labels are the same in any case; the first spelling stays. */
function findLabel(repo: Repository, name: string): Label | undefined {
  return repo.labels.find((label) => label.name.toLowerCase() === name.toLowerCase())
}

export function needLabel(repo: Repository, name: string): Label {
  const label = findLabel(repo, name)
  if (!label) throw notFound()
  return label
}

type Look = { color?: string | undefined; description?: string | null | undefined }

export function createLabel(world: World, doer: Doer, repo: Repository, name: string, look: Look = {}): Label {
  demandWritable(repo)
  demand(world, repo, doer, 'write')
  if (name.trim() === '') throw invalid('Label', 'name', 'missing_field')
  if (name.length > 50) throw invalid('Label', 'name', 'invalid', 'name is too long (maximum is 50 characters)')
  if (findLabel(repo, name)) throw invalid('Label', 'name', 'already_exists')
  const label = makeLabel(world, name, look)
  repo.labels.push(label)
  sayLabel(world, doer, repo, label, 'created')
  return label
}

export function makeLabel(world: World, name: string, { color = 'ededed', description = null }: Look = {}): Label {
  const now = world.clock.iso()
  return { id: world.id('label'), name, color, description, createdAt: now, updatedAt: now }
}

function sayLabel(world: World, doer: Doer, repo: Repository, label: Label, action: string, more: object = {}): void {
  const fields = { label: presentLabel(world, repo, label), ...more }
  world.emit({ event: 'label', action, sender: doer.account, repository: repo, fields })
}

export function editLabel(
  world: World,
  doer: Doer,
  repo: Repository,
  label: Label,
  edit: Look & { name?: string | undefined },
): void {
  demandWritable(repo)
  demand(world, repo, doer, 'write')
  const changes: Record<string, { from: string }> = {}
  for (const key of ['name', 'color', 'description'] as const) {
    const value = edit[key]
    if (value === undefined || value === label[key]) continue
    const namesake = key === 'name' && value !== null ? findLabel(repo, value) : undefined
    if (namesake && namesake !== label) throw invalid('Label', 'name', 'already_exists')
    changes[key] = { from: label[key] ?? '' }
    Object.assign(label, { [key]: value })
  }
  if (Object.keys(changes).length > 0) label.updatedAt = world.clock.iso()
  sayLabel(world, doer, repo, label, 'edited', { changes })
}

/** Deletes a label. No `unlabeled` is sent for the issues that lose it. */
export function deleteLabel(world: World, doer: Doer, repo: Repository, label: Label): void {
  demandWritable(repo)
  demand(world, repo, doer, 'write')
  repo.labels = repo.labels.filter((other) => other !== label)
  for (const issue of repo.issues.values()) issue.labels = issue.labels.filter((other) => other !== label)
  sayLabel(world, doer, repo, label, 'deleted')
}

/** A label in an event: its name and colour of then. */
function asSet({ id, name, color }: Label): Pick<TimelineEvent, 'label' | 'labelId'> {
  return { label: { name, color }, labelId: id }
}

/**
 * Unknown names become labels of the repository, as on the REST API. `beforeSaying` runs when all are added and no
 * webhook is sent yet.
 */
export function addLabels(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: Issue,
  names: string[],
  beforeSaying: () => void = () => {},
): void {
  if (names.length > 0) {
    demandWritable(repo)
    demand(world, repo, doer, 'triage')
  }
  const added: Label[] = []
  for (const name of names) {
    const label = findLabel(repo, name) ?? createLabel(world, doer, repo, name)
    if (issue.labels.includes(label)) continue
    issue.labels.push(label)
    added.push(label)
    record(world, doer, issue, 'labeled', asSet(label))
  }
  beforeSaying()
  for (const label of added) sayIssue(world, doer, repo, issue, 'labeled', { label: presentLabel(world, repo, label) })
}

export function removeLabel(world: World, doer: Doer, repo: Repository, issue: Issue, name: string): void {
  demandWritable(repo)
  demand(world, repo, doer, 'triage')
  const label = issue.labels.find((other) => other.name.toLowerCase() === name.toLowerCase())
  if (!label) throw new Refusal(404, 'Label does not exist')
  issue.labels = issue.labels.filter((other) => other !== label)
  record(world, doer, issue, 'unlabeled', asSet(label))
  sayIssue(world, doer, repo, issue, 'unlabeled', { label: presentLabel(world, repo, label) })
}

export function setLabels(world: World, doer: Doer, repo: Repository, issue: Issue, names: string[]): void {
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  for (const label of issue.labels) {
    if (!wanted.has(label.name.toLowerCase())) removeLabel(world, doer, repo, issue, label.name)
  }
  addLabels(world, doer, repo, issue, names)
}
