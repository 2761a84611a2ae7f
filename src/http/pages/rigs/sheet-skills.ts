import { html } from 'hono/html'
import { count } from '../../../domain/text.ts'
import type { Html } from '../../layout/frame.ts'
import type { SheetFacts } from './sheet-facts.ts'
import { wholeNames } from '../../layout/whole-names.ts'

export function skillLists({ primary_languages, domains, capabilities }: SheetFacts['skills']): Html | '' {
  const groups = [
    {
      title: 'Languages',
      skills: primary_languages.map(({ language, proficiency_tier, ...skill }) => ({
        name: language,
        tier: proficiency_tier,
        ...skill,
      })),
    },
    { title: 'Domains', skills: domains.map(({ domain, ...skill }) => ({ name: domain, tier: '', ...skill })) },
    {
      title: 'Capabilities',
      skills: capabilities.map(({ capability, ...skill }) => ({ name: capability, tier: '', ...skill })),
    },
  ].filter(({ skills }) => skills.length > 0)
  if (groups.length === 0) return ''
  return html`<h2>Skills</h2>
    ${groups.map(
      ({ title, skills }) =>
        html`<h3 class="soft">${title}</h3>
          <dl class="card">${skillRows(skills)}</dl>`,
    )}`
}

interface ShownSkill {
  name: string
  tier: string
  evidence_summary: string
}

/** The rows of skills. Skills with the same work as evidence share a row, in whatever order each names that work. */
function skillRows(skills: readonly ShownSkill[]): Html[] {
  const rows = Map.groupBy(skills, (skill) => summaryOf(skill).split(', ').toSorted().join(', ') || skill.name)
  return [...rows.values()].map(
    (alike) =>
      html`<div>
        <dt>
          ${alike.map(
            ({ name, tier }, n) =>
              html`${n === 0 ? '' : ', '}<bdi>${wholeNames(name)}</bdi>${tier === '' ? '' : html` <span class="tag">${tier}</span>`}`,
          )}
        </dt>
        <dd><bdi>${wholeNames(summaryOf(alike[0]!))}</bdi></dd>
      </div>`,
  )
}

/**
 * The evidence of a skill without the skill's name: the importer's sentences begin with it, and it is shown beside
 * them.
 */
function summaryOf({ name, evidence_summary: summary }: ShownSkill): string {
  const prefix = `${name}: `
  return summary.startsWith(prefix) ? summary.slice(prefix.length) : summary
}

const COUNTED = new Intl.NumberFormat('en')

export function projectList(projects: SheetFacts['notable_projects'], pages: string): Html | '' {
  if (projects.length === 0) return ''
  return html`<h2>Notable projects</h2>
    <dl class="card stacked">
      ${projects.map(
        ({ name, stars, languages, role, impact_tier }) =>
          html`<div>
            <dt>${projectName(name, pages)}</dt>
            <dd>
              ${[role, stars === 0 ? '' : starred(stars), languages.join(', '), impact_tier]
                .filter((part) => part !== '')
                .map((part, index) => html`${index === 0 ? '' : ' · '}<bdi>${part}</bdi>`)}
            </dd>
          </div>`,
      )}
    </dl>`
}

function starred(stars: number): string {
  return `${COUNTED.format(stars)} ${count(stars, 'star').replace(/^\d+ /, '')}`
}

function projectName(name: string, pages: string): Html {
  if (!/^[\w.-]+\/[\w.-]+$/.test(name)) return html`<bdi>${name}</bdi>`
  return html`<a href="${pages}/${name}" rel="nofollow noreferrer">${breakable(name)}</a>`
}

/** A name that may break after its slash and nowhere else. */
function breakable(name: string): Html {
  const [owner, repo] = name.split('/')
  return html`<span class="whole">${owner}/</span><wbr /><span class="whole">${repo}</span>`
}
