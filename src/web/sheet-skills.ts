import { html } from 'hono/html'
import { count } from '../domain/text.ts'
import type { Html } from './layout.ts'
import type { SheetFacts } from './sheet-facts.ts'

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
          <dl class="card">${skills.map(skillRow)}</dl>`,
    )}`
}

function skillRow(skill: { name: string; tier: string; evidence_summary: string }): Html {
  // The importer's sentences begin with the name that already stands beside them.
  const prefix = `${skill.name}: `
  const summary = skill.evidence_summary.startsWith(prefix)
    ? skill.evidence_summary.slice(prefix.length)
    : skill.evidence_summary
  return html`<div>
    <dt><bdi>${skill.name}</bdi> ${skill.tier === '' ? '' : html`<span class="tag">${skill.tier}</span>`}</dt>
    <dd><bdi>${summary}</bdi></dd>
  </div>`
}

const COUNTED = new Intl.NumberFormat('en')

export function projectList(projects: SheetFacts['notable_projects'], host: string): Html | '' {
  if (projects.length === 0) return ''
  return html`<h2>Notable projects</h2>
    <dl class="card">
      ${projects.map(
        ({ name, stars, languages, role, impact_tier }) =>
          html`<div>
            <dt>${projectName(name, host)}</dt>
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

function projectName(name: string, host: string): Html {
  if (!/^[\w.-]+\/[\w.-]+$/.test(name)) return html`<bdi>${name}</bdi>`
  return html`<a href="https://${host}/${name}" rel="nofollow noreferrer">${name}</a>`
}
