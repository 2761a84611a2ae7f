import { accountById, accountByLogin } from '../access.ts'
import { presentOrgMembership, presentProfile, presentTeamMembership } from '../present/account.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Account, Team } from '../world.ts'
import { empty, inaccessible, number, ok, text, type Ask, type Route } from './ask.ts'

function account(ask: Ask, param: string): Account {
  const found = accountByLogin(ask.world, text(ask, param))
  if (!found) throw notFound()
  return found
}

/** Members are private: only members of the organization and an App installed there with `members` see them. */
function organization(ask: Ask): Account {
  const org = account(ask, 'org')
  if (org.kind !== 'Organization') throw notFound()
  const { caller } = ask
  if (caller.kind === 'user' && !org.members.has(caller.account.id)) throw notFound()
  if (caller.kind === 'installation' && (caller.installation.accountId !== org.id || !caller.permissions['members'])) {
    throw inaccessible()
  }
  if (caller.kind === 'none' || caller.kind === 'app') throw new Refusal(401, 'Requires authentication')
  return org
}

function member(ask: Ask, org: Account, of: { members: ReadonlyMap<number, string> } = org): Account {
  const found = account(ask, 'username')
  if (!of.members.has(found.id)) throw notFound()
  return found
}

function team(ask: Ask, org: Account): Team {
  const found = org.teams.find((other) => other.slug === text(ask, 'team_slug'))
  if (!found) throw notFound()
  return found
}

export const accountRoutes: Route[] = [
  {
    method: 'GET',
    template: '/user',
    answer(ask) {
      if (ask.caller.kind === 'installation') throw inaccessible()
      if (ask.caller.kind !== 'user') throw new Refusal(401, 'Requires authentication')
      return ok(presentProfile(ask.world, ask.caller.account))
    },
  },
  {
    method: 'GET',
    template: '/users/{username}',
    answer: (ask) => ok(presentProfile(ask.world, account(ask, 'username'))),
  },
  {
    method: 'GET',
    template: '/user/{account_id}',
    answer(ask) {
      if (!ask.world.accounts.has(number(ask, 'account_id'))) throw notFound()
      const found = accountById(ask.world, number(ask, 'account_id'))
      if (found.deleted) throw notFound()
      return ok(presentProfile(ask.world, found))
    },
  },
  {
    method: 'GET',
    template: '/orgs/{org}/members/{username}',
    answer(ask) {
      member(ask, organization(ask))
      return empty()
    },
  },
  {
    method: 'GET',
    template: '/orgs/{org}/memberships/{username}',
    answer(ask) {
      const org = organization(ask)
      return ok(presentOrgMembership(ask.world, org, member(ask, org)))
    },
  },
  {
    method: 'GET',
    template: '/orgs/{org}/teams/{team_slug}/memberships/{username}',
    answer(ask) {
      const org = organization(ask)
      const of = team(ask, org)
      return ok(presentTeamMembership(ask.world, org, of, member(ask, org, of)))
    },
  },
]
