import { ProbotOctokit } from 'probot'
import { nameOf, type InstallationRef, type RepositoryRef } from '../domain/refs.ts'

/** Octokit as Probot makes it, authenticated as the App or as one installation. */
export type Client = ProbotOctokit

/** GitHub as the installations of the App reach it. */
export interface Installations {
  installation(id: number): Promise<Client>
}

/** GitHub as the App itself reaches it. */
export interface AppAccess {
  app(): Promise<Client>
}

/** The client of an installation. */
export function clientOf(github: Installations, { installation }: InstallationRef): Promise<Client> {
  return github.installation(installation)
}

/** The client that reaches a repository, and its name as paths take it. */
export async function reach(
  github: Installations,
  at: RepositoryRef,
): Promise<{ client: Client; name: { owner: string; repo: string } }> {
  return { client: await clientOf(github, at), name: nameOf(at) }
}
