import { accountById } from '../access.ts'
import { nodeId } from '../ids.ts'
import type { Installation, World } from '../world.ts'
import { presentAccount, presentAuthorOrNull } from './account.ts'
import { apiUrl } from './urls.ts'

export function presentInstallation(world: World, installation: Installation) {
  const account = accountById(world, installation.accountId)
  const { app } = world
  return {
    id: installation.id,
    account: presentAccount(world, account),
    repository_selection: installation.selection,
    access_tokens_url: `${apiUrl(world)}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${apiUrl(world)}/installation/repositories`,
    html_url: `${world.url}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.kind,
    permissions: app.permissions,
    events: app.events,
    created_at: installation.createdAt,
    updated_at: installation.updatedAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: presentAuthorOrNull(world, installation.suspendedById),
    suspended_at: installation.suspendedAt,
  }
}

/** The installation in every repository webhook. */
export function presentInstallationLite(installation: Installation) {
  return { id: installation.id, node_id: nodeId('MDIzOk', installation.id) }
}
