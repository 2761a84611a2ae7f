import { accountById } from '../access.ts'
import { ghostId } from '../present/account.ts'
import type { World } from '../world.ts'

/** GraphQL's `Actor`: a bot without `[bot]`. A deleted account is null. */
export function presentActor(world: World, id: number) {
  const account = accountById(world, id)
  if (account.deleted || account.id === ghostId) return null
  const login = account.kind === 'Bot' ? account.login.replace(/\[bot\]$/, '') : account.login
  return { __typename: account.kind, databaseId: account.id, login }
}
