/** Reference to a repository, as plain data: its present name, and the installation of the App that reaches it. */
export interface RepositoryRef extends InstallationRef {
  owner: string
  repo: string
}

/** One installation of the App, by its number. */
export interface InstallationRef {
  installation: number
}

/** A repository with its number, which it keeps when it is renamed. */
export interface KnownRepository extends RepositoryRef {
  id: number
}

/** A pull request, or an issue: GitHub numbers both in one line. */
export interface PullRequestRef extends RepositoryRef {
  number: number
}

/** `owner` and `repo` alone, as GitHub's paths take them. */
export function nameOf({ owner, repo }: Pick<RepositoryRef, 'owner' | 'repo'>): { owner: string; repo: string } {
  return { owner, repo }
}
