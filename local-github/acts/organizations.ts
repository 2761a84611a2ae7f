import { needAccount } from '../access.ts'
import { presentAccount, presentOrganization, presentOrgMembership, presentTeam } from '../present/account.ts'
import { presentInstallationLite } from '../present/installation.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Account, Doer, World } from '../world.ts'

function demandOwner(doer: Doer, org: Account): void {
  if (org.members.get(doer.account.id) !== 'admin') throw new Refusal(403, 'You must be an admin of the organization')
}

function say(world: World, doer: Doer, org: Account, event: string, action: string, fields: Record<string, unknown>) {
  const installation = world.installations.values().find((each) => each.accountId === org.id)
  if (!installation) return
  world.emit({
    event,
    action,
    sender: doer.account,
    installation,
    fields: {
      ...fields,
      organization: presentOrganization(world, org),
      installation: presentInstallationLite(installation),
    },
  })
}

export function removeFromTeam(world: World, doer: Doer, login: string, slug: string, member: string): void {
  const org = needAccount(world, login)
  demandOwner(doer, org)
  const team = org.teams.find((other) => other.slug === slug)
  const account = needAccount(world, member)
  if (!team?.members.delete(account.id)) throw notFound()
  const fields = { scope: 'team', member: presentAccount(world, account), team: presentTeam(world, org, team) }
  say(world, doer, org, 'membership', 'removed', fields)
}

/** Removes a member, and their memberships in teams without further webhooks. */
export function removeFromOrganization(world: World, doer: Doer, login: string, member: string): void {
  const org = needAccount(world, login)
  demandOwner(doer, org)
  const account = needAccount(world, member)
  const { organization: _, ...membership } = presentOrgMembership(world, org, account)
  if (!org.members.delete(account.id)) throw notFound()
  for (const team of org.teams) team.members.delete(account.id)
  say(world, doer, org, 'organization', 'member_removed', { membership })
}
